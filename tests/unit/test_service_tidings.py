from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs
from watchlists import NOON

from watcher.config.settings import FeedTable
from watcher.errors import FeedError
from watcher.feeds.fetch import Fetched
from watcher.feeds.parsed import ParsedFeed
from watcher.feeds.schedule import PollState
from watcher.service.ops import Ops
from watcher.service.pipeline import Taken
from watcher.service.poller import PolledFeed, PollOutcome
from watcher.service.tidings import SICK_AFTER, FeedTidings

URL = "https://news.example/feed"


def outcome(
    *, error: str | None = None, failures: tuple[int, int] = (0, 0), **changes: Any
) -> PollOutcome:
    """Return a poll's outcome; `failures` in a row before and after it."""
    before, after = failures
    feed = PolledFeed(1, FeedTable(url=URL), PollState(failures=before))
    document = ParsedFeed("", "", None, (), ("a date cannot be read",))
    fetched = Fetched(200, b"", None, None, None, URL, None, None)
    plain = PollOutcome(
        feed=feed,
        at=NOON,
        fetched=None if error else fetched,
        parsed=None if error else document,
        error=FeedError(error) if error else None,
        body_hash=None,
        duration=timedelta(milliseconds=120),
        state=replace(feed.state, failures=after),
    )
    return replace(plain, **changes)


def say(outcomes: Sequence[PollOutcome], taken: Taken | None = None) -> list[dict[str, Any]]:
    tidings = FeedTidings(Ops())
    with capture_logs() as logs:
        for one in outcomes:
            tidings.polled(one, taken or Taken())
    return [dict(line) for line in logs]


def notices(logs: Sequence[dict[str, Any]]) -> list[str]:
    return [line["text"] for line in logs if line["event"] == "notice"]


def test_a_poll_that_worked_is_one_line_with_what_it_brought() -> None:
    told: dict[str, object] = {"topic": "summit", "action": "alert"}
    polled, _, matched = say([outcome()], Taken(entries=3, told=[told]))

    assert polled == {
        "event": "feed polled",
        "log_level": "info",
        "url": URL,
        "status": 200,
        "new": 3,
        "ms": 120,
    }
    assert matched == {"event": "topic matched", "log_level": "info", **told}


def test_a_failure_is_warned_of_once_while_it_stays_the_same() -> None:
    refused = outcome(error="connection refused", failures=(0, 1))
    gone = outcome(error="gone", failures=(2, 1))

    logs = say([refused, refused, gone, refused, outcome(), refused])

    levels = [line["log_level"] for line in logs if line["event"] == "poll failed"]
    assert levels == ["warning", "debug", "warning", "warning", "warning"]


def test_a_feed_is_called_sick_once_and_well_once() -> None:
    sick = [outcome(error="gone", failures=(n, n + 1)) for n in range(6)]
    well = [outcome(failures=(6, 0)), outcome()]

    assert notices(say([*sick, *well])) == [
        f"feed {URL} is sick: {SICK_AFTER} polls failed, the last one: gone",
        f"feed {URL} is well again",
    ]


def test_one_failure_is_weather() -> None:
    assert notices(say([outcome(error="gone", failures=(0, 1)), outcome(failures=(1, 0))])) == []


def test_no_feed_is_blamed_while_we_are_offline() -> None:
    failing = outcome(error="no route", failures=(3, 3), offline=True)

    assert notices(say([failing, failing])) == []


def test_a_visit_put_off_is_no_poll() -> None:
    tidings = FeedTidings(Ops())
    with capture_logs() as logs:
        tidings.polled(outcome(fetched=None, parsed=None), Taken())

    assert (logs, tidings.polls) == ([], 0)


def test_what_polls_brought_is_added_up() -> None:
    tidings = FeedTidings(Ops())
    with capture_logs():
        tidings.polled(outcome(), Taken(entries=3, stories=2, alerts=1))
        tidings.polled(outcome(), Taken(entries=1, stories=0, alerts=0, replies=1))

    assert tidings.polls == 2
    assert tidings.taken == Taken(entries=4, stories=2, alerts=1, replies=1)


@pytest.mark.parametrize(
    ("is_offline", "level", "words"),
    [(True, "warning", "we seem to be offline"), (False, "info", "we are back online")],
)
async def test_the_network_is_told_of(level: str, words: str, *, is_offline: bool) -> None:
    with capture_logs() as logs:
        await FeedTidings(Ops()).network(is_offline)

    (line,) = logs
    assert line["log_level"] == level
    assert words in line["event"]
