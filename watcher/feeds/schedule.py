"""When a feed is polled again; pure: the clock and the dice come in as values.

A feed is polled when it has probably brought enough to be worth the price of a poll, by its own
rhythm and hour of the day (`feeds.rhythm`, `feeds.budget`). What the publisher asks for is a floor,
capped so that a wrong word cannot silence a feed. What fails is `feeds.backoff`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from watcher.feeds.parsed import KEY_BYTES
from watcher.feeds.rhythm import HOURS_A_DAY, Rhythm, pull_at, rate_at
from watcher.feeds.wishes import end_of_rest

#: Intervals are stretched by up to this share, so that feeds polled together drift apart.
JITTER = 0.1

#: The second poll comes after this share of the interval at the soonest: a thousand feeds added at
#: once are spread over half an interval from the start.
FIRST_SPREAD = 0.5

#: A document is polled again before more than this share of it can have been pushed out by new
#: entries, or else entries between two polls are never seen.
OVERFLOW_SHARE = 0.5

#: After a gap the next poll comes in this share of the time.
GAP_FACTOR = 0.5

#: A first report on a watched story is worth as much as so much weight; it is forgotten by half in
#: a month, and together they weigh no more than this.
FIRST_WORTH, MOST_WORTH = 1.0, 8.0
FIRST_HALF_LIFE = timedelta(days=30)

_NOTHING = timedelta()
_HOUR = timedelta(hours=1)


class Wish(NamedTuple):
    """An interval that the publisher asks for, and by what word ("ttl", "max-age")."""

    word: str
    interval: timedelta


class PollState(NamedTuple):
    """What is remembered of a feed between polls; storage keeps it.

    A tuple, because each poll makes several anew: of so many fields a dataclass takes 8 us for it.

    Attributes:
        next_due: when to poll; None before the first poll.
        failures: polls that failed since the last success.
        failing_since: when the first of them was.
        interval: the one that was planned last, without jitter; None before the first success.
        rhythm: how often it brings entries.
        firsts: how often it was first on a watched story, faded as of `firsts_at`.
        body_hash: of the last body that could be read; an equal one is not parsed again.
        keys: short hashes of its entries, see `ParsedFeed.keys`; those that come beside are new.
        emptied: the last document that was read had none; `keys` are of the one before.
        read_at: when the last document came that was read; equal bytes, and a 304, are none.
        ttl: the interval that the document asks for; a 304 does not repeat it.
        memory: of its entries as they were kept, so that the next parse can leave them out.
        skip_hours: hours of the day in which it asks not to be polled, GMT.
        skip_days: days of the week likewise, Monday 0.
        wish: the longest interval that the publisher asked for at the last poll.
        unchanged_since: when the server began to answer "not modified" and nothing else.
        last_full: when we last asked without validators though we had some.
        sick: it was told that the feed fails.
        stale: it has had nothing new for far longer than is usual.
        moved_to: where permanent redirects lead, seen at `moved_count` polls running, first at
            `moved_since`.
        address: where the feed is asked since these proved stable; None for its own URL.
        host: the host that answers in the end, where it is another than the address names.
        rests_until: before this a host wants none of its feeds to be asked; None after a success.
        resting: that host.
        asked_with: a mark of the settings that the last poll that failed went out with.
        page: the page (RFC 5005) to be read next, to close a gap; polls go on at `resume`.
        pages: how many pages were read for this gap.
        before_gap: `keys` of the document before the gap.
        read: the keys of the pages that were read for this gap.
    """

    next_due: datetime | None = None
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    interval: timedelta | None = None
    rhythm: Rhythm = Rhythm()
    firsts: float = 0.0
    firsts_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    keys: bytes = b""
    emptied: bool = False
    read_at: datetime | None = None
    ttl: timedelta | None = None
    memory: bytes | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    wish: Wish | None = None
    unchanged_since: datetime | None = None
    last_full: datetime | None = None
    sick: bool = False
    stale: bool = False
    moved_to: str | None = None
    moved_count: int = 0
    moved_since: datetime | None = None
    address: str | None = None
    host: str | None = None
    rests_until: datetime | None = None
    resting: str | None = None
    asked_with: bytes | None = None
    page: str | None = None
    pages: int = 0
    before_gap: bytes = b""
    read: bytes = b""
    resume: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """The user's wishes for one feed: bounds, a fixed interval if any, and its weight.

    `price` is what a poll costs now (`feeds.budget`); None polls at `start`, whatever the rhythm.
    """

    start: timedelta
    shortest: timedelta
    longest: timedelta
    fixed: timedelta | None = None
    weight: float = 1.0
    price: float | None = None


def after_success(
    state: PollState,
    pace: Pace,
    *,
    now: datetime,
    wishes: Sequence[Wish] = (),
    gap: bool = False,
    chance: float,
) -> PollState:
    """Return the state with the next poll after one that worked.

    Args:
        state: as after the poll, rhythm and validators already renewed.
        pace: the user's wishes.
        now: when the poll ended.
        wishes: the least intervals that the publisher asks for.
        gap: entries may have come and gone unseen since the last poll.
        chance: in [0, 1), for the jitter.
    """
    own = planned(state, pace, now, hurry=GAP_FACTOR if gap else 1.0)
    wish = _strongest(state, wishes, now, own)
    interval = own if pace.fixed else max(own, floor_of(wish, pace))
    wait = interval * (1 + JITTER * chance)
    if state.last_success is None and pace.fixed is None:
        least = max(pace.shortest, floor_of(wish, pace))
        wait = max(interval * (1 - FIRST_SPREAD * chance), least)
    if pace.fixed is None:  # jitter must not lead into hours of rest
        end = end_of_rest(now + wait, state.skip_hours, state.skip_days)
        wait = max(wait, min(end - now, pace.longest))
    return state._replace(
        interval=interval,
        wish=wish,
        next_due=now + wait,
        rests_until=None,
        resting=None,
        last_attempt=now,
        last_success=now,
        failures=0,
        failing_since=None,
        sick=False,
    )


def _strongest(
    state: PollState, wishes: Sequence[Wish], now: datetime, own: timedelta
) -> Wish | None:
    """Return the longest interval asked for; hours of rest count where the poll would be in one."""
    longest = max(wishes, key=lambda wish: wish.interval, default=None)
    due = now + max(own, longest.interval if longest else _NOTHING)
    end = end_of_rest(due, state.skip_hours, state.skip_days)
    return Wish("skipHours/skipDays", end - now) if end > due else longest


def planned(state: PollState, pace: Pace, now: datetime, *, hurry: float = 1.0) -> timedelta:
    """Return the time until a feed is worth a poll, by its rhythm alone and within its bounds.

    Args:
        state: the feed's.
        pace: the user's wishes; a fixed interval knows no hurry.
        now: the present time.
        hurry: the share of that time in which to come this once.
    """
    if pace.fixed is not None:
        return pace.fixed
    wait = pace.start
    if pace.price is not None:
        wait = _until_worth(state.rhythm, worth(state, pace, now), pace, now)
        wait = min(wait, _until_overflow(state, now))
    return _between(
        pace.shortest, _between(pace.shortest, wait, pace.longest) * hurry, pace.longest
    )


def _until_worth(rhythm: Rhythm, weight: float, pace: Pace, now: datetime) -> timedelta:
    """Return when what was pulled, hour by hour, comes to the price."""
    missing, at, limit = pace.price or 0.0, now, now + pace.longest
    while at < limit:
        end = at.replace(minute=0, second=0, microsecond=0) + _HOUR
        pull = pull_at(rhythm, weight, at.hour)
        here = pull * ((end - at) / _HOUR)
        if here >= missing:
            return at - now + _HOUR * (missing / pull)
        missing, at = missing - here, end
    return pace.longest


def _until_overflow(state: PollState, now: datetime) -> timedelta:
    """Return when half of the document may be new, at the rate of this hour or the next."""
    length = len(state.keys) // KEY_BYTES
    if not length:
        return timedelta.max
    soon = now.hour, (now.hour + 1) % HOURS_A_DAY
    fastest = max(rate_at(state.rhythm, hour) for hour in soon)
    return _HOUR * (length * OVERFLOW_SHARE / fastest)


def worth(state: PollState, pace: Pace, now: datetime) -> float:
    """Return the weight that counts: the user's, raised for a feed that was often first."""
    return pace.weight * min(1 + FIRST_WORTH * firsts(state, now), MOST_WORTH)


def firsts(state: PollState, now: datetime) -> float:
    """Return how often the feed was first on a watched story, long ago counting less."""
    if state.firsts_at is None:
        return 0.0
    return float(state.firsts * 0.5 ** (max(now - state.firsts_at, _NOTHING) / FIRST_HALF_LIFE))


def credited(state: PollState, count: int, now: datetime) -> PollState:
    """Return the state of a feed that was first on so many watched stories."""
    return state._replace(firsts=firsts(state, now) + count, firsts_at=now) if count else state


def floor_of(wish: Wish | None, pace: Pace) -> timedelta:
    """Return how much of the publisher's wish counts."""
    return min(wish.interval, pace.longest) if wish else _NOTHING


def postponed(state: PollState, until: datetime) -> PollState:
    """Return the state of a feed that must not be asked before `until`."""
    return state._replace(next_due=until)


def reconsidered(state: PollState, pace: Pace, *, now: datetime) -> PollState:
    """Return the state under changed wishes: a healthy feed waits no longer than they say.

    Unless its host wants to be left alone: no wish of ours changes that.
    """
    if state.next_due is None or state.failures:
        return state
    latest = now + longest_wait(pace)
    if state.rests_until is not None and state.rests_until > now:
        latest = max(latest, state.next_due)
    return state._replace(next_due=min(state.next_due, latest))


def longest_wait(pace: Pace) -> timedelta:
    """Return the longest time between two polls of a healthy feed."""
    return (pace.fixed or pace.longest) * (1 + JITTER)


def _between(least: timedelta, value: timedelta, most: timedelta) -> timedelta:
    return max(least, min(value, most))
