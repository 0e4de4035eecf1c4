"""What holds of watched stories in real news."""

import json
import subprocess
import sys
import tomllib
from datetime import timedelta
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from watcher.config import Settings
from watcher.service.evaluate.alerts import OURS, AlertsScore, compare_alerts, mean_alerts
from watcher.service.evaluate.hidden import hidden_terms
from watcher.service.trials.items import read_items

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data"
BLUR = timedelta(hours=36)

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"shared data missing: {DATA}")


def example() -> Settings:
    config = tomllib.loads((PROJECT / "config.example.toml").read_text(encoding="utf-8"))
    return Settings.model_validate(config)


@cache
def scores(*, hidden: bool) -> AlertsScore:
    items, settings = read_items(DATA / "topics" / "dev.jsonl"), example()
    runs = hidden_terms(items, settings) if hidden else [items]
    made = [compare_alerts(run, settings, blur=BLUR, seeds=1, given=True) for run in runs]
    return mean_alerts(made)[OURS]


def test_watched_stories_are_told_in_few_threads_and_none_is_kept_quiet() -> None:
    # Measured over five clocks: 1.13 alerts, 2.13 rings, nothing silenced, BCubed .747.
    score = scores(hidden=False)
    assert score.alerts <= 1.4
    # What no list reads is told across languages: "pingsan", he faints. It cost .05 rings, and .03
    # more since scripts without spaces are read, and what came first: "time and place are secret".
    assert score.rings <= 2.33
    assert score.silenced <= 0.02
    assert score.grouping.bcubed.f1 >= 0.72


def test_most_of_it_survives_terms_that_were_not_known() -> None:
    # Measured: BCubed .70 without the terms that no other story holds, those of acts among them.
    score = scores(hidden=True)
    assert score.silenced <= 0.02
    assert score.grouping.bcubed.f1 >= 0.67


def test_the_shipped_models_are_what_the_script_makes_of_the_labelled_files() -> None:
    script = [sys.executable, f"{PROJECT}/scripts/train_stories.py", f"{DATA}/stories"]
    made = subprocess.run(script, check=True, capture_output=True, encoding="utf-8").stdout
    shipped = resources.files("watcher.stories").joinpath("data/models.json")
    assert json.loads(made) == json.loads(shipped.read_text("utf-8"))
