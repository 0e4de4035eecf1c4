import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from health_values import QUEUES, WELL
from poll_values import outcome
from prometheus_client.parser import text_string_to_metric_families
from watchlists import NOON, settings

from watcher.errors import FeedError
from watcher.model import Action, Reason
from watcher.service.care.health import Vitals
from watcher.service.intake.taken import Taken
from watcher.service.monitoring.metrics import Metrics, PollResult, poll_result
from watcher.storage.rows import Queues, State

MONITORING = Path(__file__).resolve().parents[2] / "monitoring"
RULES = MONITORING / "watcher.rules.yml"
WATCHLIST = settings(
    "",
    topics=[{"id": "summit", "match": '"x"'}],
    channels={"desk": {"console": True}},
)
TOLD: dict[str, object] = {"topic": "summit", "action": "alert", "reason": "first_report"}
Samples = dict[str, float]


def samples(metrics: Metrics, queues: Queues = QUEUES, vitals: Vitals = WELL) -> Samples:
    """Return the series, as `name{label="value"}`, with their values."""
    text = metrics.render(vitals, queues, NOON).decode()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if not line.startswith("#")
    }


def error(**kind: Any) -> FeedError:
    return FeedError("no", **kind)


@pytest.mark.parametrize(
    ("changes", "entries", "result"),
    [
        ({}, 2, PollResult.NEWS),
        ({}, 0, PollResult.NOTHING_NEW),
        ({"parsed": None}, 0, PollResult.UNCHANGED),
        ({"error": error(network=True)}, 0, PollResult.UNREACHABLE),
        ({"error": error(network=True), "offline": True}, 0, PollResult.OFFLINE),
        ({"error": error(status=404)}, 0, PollResult.REFUSED),
        ({"error": error()}, 0, PollResult.UNREADABLE),
    ],
)
def test_every_poll_has_one_outcome(
    changes: dict[str, Any], entries: int, result: PollResult
) -> None:
    assert poll_result(outcome()._replace(**changes), Taken(entries=entries)) is result


def test_a_poll_counts_once_with_all_that_it_brought() -> None:
    metrics = Metrics(WATCHLIST)
    taken = Taken(entries=3, stories=2, told=[TOLD], delays=[timedelta(minutes=4)])
    metrics.polled(outcome(), taken, PollResult.NEWS)
    metrics.took_in(0.2)
    metrics.delivered("desk", "sent", timedelta(seconds=46))
    metrics.delivered("desk", "retry", None)
    found = samples(metrics)

    assert found['watcher_polls_total{outcome="news"}'] == 1
    assert found["watcher_entries_total"] == 3
    assert found["watcher_stories_total"] == 2
    assert found['watcher_matches_total{topic="summit"}'] == 1
    assert found['watcher_decisions_total{action="alert",reason="first_report"}'] == 1
    assert found["watcher_poll_duration_seconds_sum"] == pytest.approx(0.12)
    assert found["watcher_entry_publication_delay_seconds_sum"] == 240
    assert found["watcher_intake_duration_seconds_count"] == 1
    assert found['watcher_delivery_delay_seconds_sum{channel="desk"}'] == 46
    assert found['watcher_deliveries_total{channel="desk",outcome="sent"}'] == 1
    assert found['watcher_deliveries_total{channel="desk",outcome="retry"}'] == 1


def test_what_may_happen_is_there_with_zero_before_it_does() -> None:
    """Without, the first failure of a channel would be no increase that a rule could see."""
    found = samples(Metrics(WATCHLIST))

    for series in (
        'watcher_polls_total{outcome="unreachable"}',
        'watcher_matches_total{topic="summit"}',
        'watcher_deliveries_total{channel="desk",outcome="dead"}',
    ):
        assert found[series] == 0


def test_queues_are_told_as_of_now() -> None:
    queues = replace(
        QUEUES,
        feeds=10,
        feeds_failing=4,
        feeds_sick=3,
        feeds_waiting=2,
        feeds_never_polled=1,
        oldest_waiting=NOON - timedelta(minutes=2),
        next_delivery=NOON - timedelta(minutes=1),
        next_poll=NOON + timedelta(minutes=1),
        deliveries={**QUEUES.deliveries, State.PENDING: 2, State.DEAD: 5},
        lost=1,
    )
    found = samples(Metrics(WATCHLIST), queues)

    states = ("well", "failing", "sick", "waiting", "never_polled")
    assert [found[f'watcher_feeds{{state="{state}"}}'] for state in states] == [3, 1, 3, 2, 1]
    assert found['watcher_outbox_messages{state="waiting"}'] == 2
    assert found['watcher_outbox_messages{state="dead"}'] == 1
    assert found["watcher_outbox_oldest_waiting_seconds"] == 120
    assert found["watcher_outbox_overdue_seconds"] == 60
    assert found["watcher_polls_overdue_seconds"] == 0
    assert found["watcher_last_backup_timestamp_seconds"] == NOON.timestamp()


@pytest.mark.parametrize("days", [0, 30, -365])
def test_a_clock_that_is_wrong_is_told(days: int) -> None:
    metrics = Metrics(WATCHLIST)
    found = samples(metrics, vitals=replace(WELL, clock_behind=timedelta(days=days)))

    assert found["watcher_clock_behind_seconds"] == days * 86400


def test_a_refused_configuration_leaves_the_time_of_the_last_good_one() -> None:
    metrics = Metrics(WATCHLIST)
    metrics.reloaded(NOON)
    metrics.reloaded(None)
    found = samples(metrics)

    assert found["watcher_config_last_reload_successful"] == 0
    assert found["watcher_config_last_reload_success_timestamp_seconds"] == NOON.timestamp()


def test_names_and_units_follow_prometheus() -> None:
    text = Metrics(WATCHLIST).render(WELL, QUEUES, NOON).decode()
    for family in text_string_to_metric_families(text):
        assert re.fullmatch(r"(watcher|process)_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        if family.type == "histogram":
            assert family.name.endswith("_seconds")
    assert not re.search(r"_(ms|milliseconds|minutes|kb|mb)\b", text)
    assert "_created" not in text


def test_the_number_of_series_is_bounded_by_the_configuration() -> None:
    metrics = Metrics(WATCHLIST)
    for _ in range(50):
        for action in Action:
            for reason in Reason:
                told: dict[str, object] = {"topic": "summit", "action": action, "reason": reason}
                metrics.polled(outcome(), Taken(told=[told]), PollResult.NEWS)

    series = [name for name in samples(metrics) if "bucket" not in name and "decisions" not in name]
    assert len(series) < 70
    decisions = [name for name in samples(metrics) if "decisions" in name]
    assert len(decisions) <= len(Action) * len(Reason)


def test_every_rule_speaks_of_metrics_that_there_are() -> None:
    text = Metrics(WATCHLIST).render(WELL, QUEUES, NOON).decode()
    series = {name.partition("{")[0] for name in samples(Metrics(WATCHLIST))}
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    assert len(group["rules"]) >= 10
    for rule in group["rules"]:
        named = set(re.findall(r"\bwatcher_[a-z_]+", rule["expr"]))
        assert named <= series, (rule["alert"], named - series, text[:0])
        assert {"summary", "description"} <= rule["annotations"].keys()
        assert rule["labels"]["severity"] in {"warning", "critical"}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Debian's prometheus is not installed")
def test_prometheus_itself_takes_the_rules_and_they_fire_when_they_should() -> None:
    for command in (("check", "rules", RULES.name), ("test", "rules", "watcher.rules.test.yml")):
        ended = subprocess.run(
            ["promtool", *command], cwd=MONITORING, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
