from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from poll_values import URL, outcome
from structlog.testing import capture_logs
from watchlists import NOON

from watcher.config.settings import FeedTable
from watcher.errors import FeedError
from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState
from watcher.service.delivery.ops import Ops
from watcher.service.intake.taken import Taken
from watcher.service.monitoring.poll_log import PollLog, proof_of_life
from watcher.service.polling.outage import Outage
from watcher.service.polling.visit import PolledFeed, PollOutcome


def say(outcomes: Sequence[PollOutcome], taken: Taken | None = None) -> list[dict[str, Any]]:
    poll_log = PollLog(Ops())
    with capture_logs() as logs:
        for one in outcomes:
            poll_log.polled(one, taken or Taken())
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
        "outcome": "news",
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
    assert levels == ["warning", "info", "warning", "warning", "warning"]


def polled(before: PollState, after: PollState, error: str | None = None) -> PollOutcome:
    feed = PolledFeed(1, FeedTable(url=URL), before)
    return outcome(error=error, feed=feed, state=after)


FAILING, SICK = PollState(failures=3), PollState(failures=4, sick=True)


def test_a_feed_is_called_sick_once_and_well_once_also_after_a_restart() -> None:
    sick = [polled(FAILING, SICK, "gone"), polled(SICK, SICK._replace(failures=5), "gone")]
    well = [polled(SICK, PollState()), polled(PollState(), PollState())]

    told = [notices(say([one])) for one in (*sick, *well)]  # each by another daemon

    assert told == [
        [f"feed {URL} is sick: 4 polls failed, the last one: gone"],
        [],
        [f"feed {URL} is well again"],
        [],
    ]


def test_one_failure_is_weather() -> None:
    failing = PollState(failures=1)

    assert notices(say([polled(PollState(), failing, "no"), polled(failing, PollState())])) == []


def test_what_is_told_after_one_failure_says_so() -> None:
    gone = polled(PollState(), PollState(failures=1, sick=True), "gone (410)")
    gone = gone._replace(error=FeedError("gone (410)", status=410))

    assert notices(say([gone])) == [f"feed {URL} is sick: a poll failed: gone (410)"]


def test_a_feed_that_is_sick_because_its_host_is_says_so() -> None:
    told = notices(say([polled(PollState(), PollState(failures=1, sick=True), "in trouble")]))

    assert told == [
        f"feed {URL} is sick: its host fails, whichever feed it is asked for: in trouble"
    ]


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.2, "1 hour"), (1, "1 hour"), (8, "8 hours"), (47, "47 hours"), (48, "2 days")],
)
def test_a_feed_that_falls_silent_is_called_stale_once(hours: float, words: str) -> None:
    rhythm = Rhythm(last_news=NOON - timedelta(days=9), longest_silence=timedelta(hours=hours))
    known = PollState(rhythm=rhythm, last_success=NOON)
    stale = known._replace(stale=True)

    assert notices(say([polled(known, stale), polled(stale, stale)])) == [
        f"feed {URL} is stale: it answers, but had nothing new for 9 days; {words} at most is usual"
    ]
    assert notices(say([polled(PollState(), stale)])) == []  # it was when we met it


def test_a_move_is_told_once() -> None:
    moved = PollState(address="https://new.example/feed")

    (told,) = notices(say([polled(PollState(), moved), polled(moved, moved)]))

    assert "has moved to https://new.example/feed for good" in told
    assert "[[feeds]]" in told


def test_gaps_and_lying_validators_are_logged() -> None:
    logs = say([outcome(gap=True), outcome(doubted=True), outcome(doubted=True, parsed=None)])

    warnings = [line["event"] for line in logs if line["log_level"] == "warning"]
    assert warnings == [
        "possible gap: nothing of the last poll is left in the feed",
        "the server said 'not modified' of a feed that was",
    ]


def test_a_visit_put_off_is_no_poll() -> None:
    poll_log = PollLog(Ops())
    with capture_logs() as logs:
        poll_log.polled(outcome(fetched=None, parsed=None), Taken())

    assert (logs, poll_log.polls) == ([], 0)


def test_what_polls_brought_is_added_up() -> None:
    poll_log = PollLog(Ops())
    with capture_logs():
        poll_log.polled(outcome(), Taken(entries=3, stories=2, alerts=1))
        poll_log.polled(outcome(), Taken(entries=1, stories=0, alerts=0, replies=1))

    assert poll_log.polls == 2
    assert poll_log.taken == Taken(entries=4, stories=2, alerts=1, replies=1)


@pytest.mark.parametrize(("minutes", "told"), [(9, 0), (42, 1)])
def test_the_network_is_told_of_and_a_long_outage_by_a_time_that_nobody_sets(
    minutes: int, told: int
) -> None:
    passed = iter((timedelta(hours=1), timedelta(hours=1, minutes=minutes)))
    poll_log = PollLog(Ops(), steady=lambda: next(passed))
    with capture_logs() as logs:
        poll_log.network(Outage())
        poll_log.network(None)

    gone, back, *more = logs
    assert (gone["log_level"], back["log_level"]) == ("warning", "info")
    assert "we seem to be offline" in gone["event"]
    assert "we are back online" in back["event"]
    assert len(more) == told
    assert all("for 42 minutes" in one["text"] for one in more)


def test_back_from_an_outage_that_an_earlier_life_saw_begin_we_are_back_without_a_notice() -> None:
    with capture_logs() as logs:
        PollLog(Ops()).network(None)

    assert [line["event"] for line in logs] == ["we are back online"]


def test_an_outage_that_lasts_is_told_once_with_its_commonest_error_and_the_remedy() -> None:
    refused = FeedError("the TLS certificate is not valid: no issuer; tls_verify = false ...")
    refused.certificate = True
    outage = Outage.by([refused, refused, FeedError("the network is unreachable")])
    passed = iter(timedelta(minutes=minutes) for minutes in (0, 9, 10, 60, 70, 75, 86))
    poll_log = PollLog(Ops(), steady=lambda: next(passed))
    with capture_logs() as logs:
        poll_log.network(outage)
        told = [poll_log.lasting(outage) for _ in range(2)]
        again = poll_log.lasting(outage)
        poll_log.network(None)
        poll_log.network(outage)
        anew = poll_log.lasting(outage)

    assert (told, again, anew) == ([False, True], False, True)
    assert logs[0]["error"] == "at 2 of 3 hosts: the TLS certificate is not valid: no issuer"
    first = notices([dict(line) for line in logs])[0]
    assert first.startswith(
        "no feed could be reached for 10 minutes: no outlet can be trusted from here: at 2 of 3"
        " hosts: the TLS certificate is not valid: no issuer; install the system's authorities"
    )


def test_the_proof_of_life_says_that_nothing_was_lost_and_what_is_sick() -> None:
    poll_log = PollLog(Ops())
    with capture_logs():
        poll_log.polled(outcome(), Taken(entries=3, stories=2, alerts=1, replies=1))

    assert proof_of_life(poll_log, sick=0, lost=0) == (
        "Watcher is alive; since the start 1 poll, 3 entries, 2 stories, 1 alert, 1 reply;"
        " sick feeds 0, messages lost 0"
    )
    assert proof_of_life(poll_log, sick=2, lost=4).endswith(
        "; sick feeds 2, messages lost 4: see `watcher status`"
    )


def test_what_grew_too_old_unpolled_is_told_at_once_and_once() -> None:
    poll_log = PollLog(Ops())
    with capture_logs() as logs:
        for missed in (2, 0, 1):
            poll_log.polled(outcome(), Taken(missed=missed))
        poll_log.tell_missed()
        poll_log.tell_missed()

    (text,) = notices([dict(line) for line in logs])
    assert text.startswith("3 reports on watched topics came up while the feeds were not polled")
