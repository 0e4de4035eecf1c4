"""Broken configurations, each with everything that `watcher check` has to say about it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli import group

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
BROKEN = sorted(CONFIGS.glob("bad-*.toml"))


@pytest.mark.parametrize("config", [pytest.param(file, id=file.stem) for file in BROKEN])
def test_a_broken_configuration_is_explained(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS)

    result = CliRunner().invoke(group, ["check", "--config", config.name])

    assert result.stdout == config.with_suffix(".expected").read_text("utf-8")
    assert result.exit_code == 78


def test_there_are_enough_of_them_and_each_is_expected() -> None:
    assert len(BROKEN) > 12
    expected = {file.stem for file in CONFIGS.glob("bad-*.expected")}
    assert expected == {file.stem for file in BROKEN}
