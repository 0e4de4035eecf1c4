from datetime import UTC, datetime, timedelta

import pytest

from watcher.feeds.doubt import doubts_304, is_stale
from watcher.feeds.rhythm import Rhythm
from watcher.feeds.schedule import PollState

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("unchanged", "usual", "full", "doubted"),
    [
        pytest.param(None, HOUR, None, False, id="the last answer had a body"),
        pytest.param(3 * HOUR, HOUR, None, False, id="thrice the usual silence"),
        pytest.param(3 * HOUR + MINUTE, HOUR, None, True, id="more than that"),
        pytest.param(50 * MINUTE, MINUTE, None, False, id="within an hour never"),
        pytest.param(9 * DAY, HOUR, 23 * HOUR, False, id="asked for all of it within a day"),
        pytest.param(9 * DAY, HOUR, DAY, True, id="a day ago"),
        pytest.param(20 * DAY, None, None, False, id="no silence known yet"),
        pytest.param(22 * DAY, None, None, True, id="none known, and three weeks"),
    ],
)
def test_when_not_modified_is_doubted(
    unchanged: timedelta | None, usual: timedelta | None, full: timedelta | None, *, doubted: bool
) -> None:
    state = PollState(
        rhythm=Rhythm(longest_silence=usual),
        last_success=NOW,
        unchanged_since=NOW - unchanged if unchanged else None,
        last_full=NOW - full if full else None,
    )

    assert doubts_304(state, NOW) is doubted


def test_what_was_not_asked_for_long_is_not_doubted() -> None:
    asked = PollState(
        rhythm=Rhythm(longest_silence=HOUR),
        unchanged_since=NOW - 9 * HOUR,
        last_success=NOW - 8 * HOUR,
    )

    assert not doubts_304(asked, NOW)


@pytest.mark.parametrize(
    ("silence", "usual", "stale"),
    [
        pytest.param(None, HOUR, False, id="nothing known"),
        pytest.param(3 * DAY, HOUR, False, id="a weekend is no sign"),
        pytest.param(4 * DAY, HOUR, True, id="longer than a weekend"),
        pytest.param(20 * DAY, 6 * DAY, False, id="a weekly with a pause"),
        pytest.param(25 * DAY, 6 * DAY, True, id="four times the longest silence"),
        pytest.param(29 * DAY, None, True, id="its rhythm unknown: a month"),
    ],
)
def test_when_a_feed_is_stale(
    silence: timedelta | None, usual: timedelta | None, *, stale: bool
) -> None:
    rhythm = Rhythm(last_news=NOW - silence if silence else None, longest_silence=usual)

    assert is_stale(PollState(rhythm=rhythm), NOW) is stale
