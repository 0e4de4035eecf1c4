"""When a feed is polled again; pure: the clock and the dice come in as values.

A feed that brings news is polled sooner, a quiet one later; a failing one later still, but never
given up. What the server asks for is a floor, capped so that a wrong word cannot silence a feed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from math import sqrt

from watcher.errors import FeedError

#: A poll that brings something new shortens the interval, one that brings nothing lengthens it.
#: The pair of the simulation in which 207 real feeds were polled (AIMD); 0.6 x 1.25^2 is about 1.
NEWS_FACTOR, QUIET_FACTOR = 0.6, 1.25

#: Intervals are stretched by up to this share, so that feeds polled together drift apart.
JITTER = 0.1

#: Back-off is cut by up to this share, for the same reason.
BACKOFF_SPREAD = 0.25

#: A failing feed is still tried this often (DESIGN section 7: a feed is never given up).
LONGEST_BACKOFF = timedelta(hours=6)
#: One that is not there any more (404, 410) may yet come back.
LONGEST_BACKOFF_GONE = timedelta(hours=24)
#: A server may send us away for a day; more looks like a mistake.
LONGEST_RETRY_AFTER = timedelta(hours=24)

#: While we are offline every feed is tried again after 30 to 60 s.
OFFLINE_RETRY = timedelta(seconds=30)

#: Of the hosts asked lately, the share that must be out of reach before it is our network; and
#: their least number, since one host alone may well be down.
OFFLINE_SHARE = 0.8
OFFLINE_HOSTS = 2

_GONE = frozenset({404, 410})
_COME_BACK_LATER = frozenset({429, 503})
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class PollState:
    """What is remembered of a feed between polls; storage keeps it.

    Attributes:
        next_due: when to poll; None before the first poll.
        failures: polls that failed since the last success.
        failing_since: when the first of them was.
        interval: the adapted interval; None before the first success.
        body_hash: of the last body that could be read; an equal one is not parsed again.
        entries_hash: of the ids of its entries; an equal one brought nothing new.
        ttl: the interval that the document asks for; a 304 does not repeat it.
        memory: of its entries as they were kept, so that the next parse can leave them out.
        moved_to: where permanent redirects lead, seen at `moved_count` polls running, first at
            `moved_since`.
    """

    next_due: datetime | None = None
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    interval: timedelta | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    entries_hash: bytes | None = None
    ttl: timedelta | None = None
    memory: bytes | None = None
    moved_to: str | None = None
    moved_count: int = 0
    moved_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """The user's wishes for one feed: bounds, a fixed interval if any, and its weight."""

    start: timedelta
    shortest: timedelta
    longest: timedelta
    fixed: timedelta | None = None
    weight: float = 1.0


def after_success(
    state: PollState,
    pace: Pace,
    *,
    now: datetime,
    has_news: bool,
    floors: Iterable[timedelta | None] = (),
    chance: float,
) -> PollState:
    """Return the state with the next poll after one that worked.

    Args:
        state: as before the poll, validators already renewed.
        pace: the user's wishes.
        now: when the poll ended.
        has_news: it brought an entry not seen in the poll before.
        floors: the least intervals that the publisher asks for (max-age, ttl).
        chance: in [0, 1), for the jitter.
    """
    interval = _adapted(state, pace, has_news=has_news)
    return replace(
        state,
        interval=interval,
        next_due=now + _stretched(_effective(interval, pace, floors), chance),
        last_attempt=now,
        last_success=now,
        failures=0,
        failing_since=None,
    )


def _adapted(state: PollState, pace: Pace, *, has_news: bool) -> timedelta:
    if state.interval is None:  # the first poll says nothing about the feed's rhythm
        return _between(pace.shortest, pace.start, pace.longest)
    factor = NEWS_FACTOR if has_news else QUIET_FACTOR
    return _between(pace.shortest, state.interval * factor, pace.longest)


def _effective(interval: timedelta, pace: Pace, floors: Iterable[timedelta | None]) -> timedelta:
    """Weigh the interval (by its root, as the best allocation does) and keep the floors."""
    if pace.fixed is not None:
        return pace.fixed
    weighed = _between(pace.shortest, interval / sqrt(pace.weight), pace.longest)
    floor = max((floor for floor in floors if floor is not None), default=_NOTHING)
    return max(weighed, min(floor, pace.longest))


def after_failure(
    state: PollState, pace: Pace, error: FeedError, *, now: datetime, chance: float
) -> PollState:
    """Return the state with the next poll after one that failed: later each time.

    The delay doubles from the feed's interval up to 6 h (24 h after 404 or 410), spread so that
    feeds that failed together do not return together, and is never sooner than Retry-After
    (RFC 9110 section 10.2.3), which counts up to 24 h.
    """
    backoff = _backoff(state, pace, error, chance)
    return replace(
        state,
        next_due=now + max(backoff, host_rest(error, backoff)),
        last_attempt=now,
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
    )


def _backoff(state: PollState, pace: Pace, error: FeedError, chance: float) -> timedelta:
    base = pace.fixed or state.interval or pace.start
    ceiling = max(LONGEST_BACKOFF_GONE if error.status in _GONE else LONGEST_BACKOFF, base)
    # 2^20 times the least interval of 1 s is over 24 h; a larger power could overflow.
    doubled = ceiling if error.status == HTTPStatus.GONE else base * 2 ** min(state.failures, 20)
    return max(min(doubled, ceiling) * (1 - BACKOFF_SPREAD * chance), pace.shortest)


def host_rest(error: FeedError, backoff: timedelta) -> timedelta:
    """Return how long none of the host's feeds may be asked, after one had this error.

    A server that says 429 or 503 without Retry-After speaks for all its feeds too: then the
    failed feed's own back-off holds.
    """
    if error.retry_after is not None:
        return min(error.retry_after, LONGEST_RETRY_AFTER)
    return backoff if error.status in _COME_BACK_LATER else _NOTHING


def while_offline(state: PollState, *, now: datetime, chance: float) -> PollState:
    """Return the state after a poll that our own network failed: soon again, nobody to blame."""
    return replace(state, next_due=now + OFFLINE_RETRY * (1 + chance), last_attempt=now)


def postponed(state: PollState, until: datetime) -> PollState:
    """Return the state of a feed whose host must not be asked before `until`."""
    return replace(state, next_due=until)


def reconsidered(state: PollState, pace: Pace, *, now: datetime) -> PollState:
    """Return the state under changed wishes: a healthy feed waits no longer than they say."""
    if state.next_due is None or state.failures:
        return state
    return replace(state, next_due=min(state.next_due, now + _stretched(_longest(pace), 1)))


def plausible(state: PollState, pace: Pace, *, now: datetime) -> PollState:
    """Return the state with a poll drawn near that no rule plans: the clock was set back."""
    if state.next_due is None:
        return state
    limit = _stretched(max(LONGEST_BACKOFF_GONE, _longest(pace)), 1)
    return replace(state, next_due=min(state.next_due, now + limit))


def _longest(pace: Pace) -> timedelta:
    return pace.fixed or pace.longest


def with_move(state: PollState, moved_to: str | None, *, now: datetime) -> PollState:
    """Return the state that remembers whether permanent redirects lead to the same place still."""
    if moved_to is None:
        return replace(state, moved_to=None, moved_count=0, moved_since=None)
    if moved_to == state.moved_to:
        return replace(state, moved_count=state.moved_count + 1)
    return replace(state, moved_to=moved_to, moved_count=1, moved_since=now)


def network_down(*, unreached: int, asked: int) -> bool:
    """Return whether so many hosts out of reach, of those asked lately, mean that it is us.

    Args:
        unreached: hosts that worked before and could not be reached now.
        asked: these, those that were reached, and those whose answer is still awaited.
    """
    return unreached >= OFFLINE_HOSTS and unreached >= OFFLINE_SHARE * asked


def _between(least: timedelta, value: timedelta, most: timedelta) -> timedelta:
    return max(least, min(value, most))


def _stretched(interval: timedelta, chance: float) -> timedelta:
    return interval * (1 + JITTER * chance)
