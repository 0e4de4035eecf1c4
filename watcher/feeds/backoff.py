"""When a feed that failed is tried again, and its host with it; pure.

Nothing is given up. A feed is tried ever later, and when its whole host is in trouble, or says so,
all its feeds wait together and come back one by one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from watcher.errors import LONGEST_RETRY_AFTER, FeedError
from watcher.feeds.schedule import Pace, PollState, longest_wait

#: Back-off is drawn apart by up to this share, so that what failed together returns one by one.
SPREAD = 0.25

#: A failing feed is still tried this often; a feed is never given up.
LONGEST_BACKOFF = timedelta(hours=6)
#: One that is not there any more (404, 410) may yet come back.
LONGEST_BACKOFF_GONE = timedelta(hours=24)

#: While we are offline a host is tried again after 30 to 60 s, and then after twice as long each
#: time: a network that is gone for minutes is gone for hours.
OFFLINE_RETRY = timedelta(seconds=30)
LONGEST_OFFLINE_RETRY = timedelta(minutes=5)

#: Of the hosts asked lately, the share that must be out of reach before it is our network; and
#: their least number, since one host alone may well be down.
OFFLINE_SHARE = 0.8
OFFLINE_HOSTS = 2

#: So many feeds of a host that fail with no success between them make it the host's trouble.
HOST_FEEDS = 2

#: A feed is sick after so many failures and so many of its normal intervals: one failure is
#: weather, and three within a minute are one.
SICK_FAILURES, SICK_INTERVALS = 3, 3

#: These are told at once: waiting helps neither against a missing login nor a feed that is gone.
_TOLD_AT_ONCE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.GONE})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_NOTHING = timedelta()
#: 2^20 times the least interval of 1 s is over 24 h; a larger power could overflow.
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class HostTrouble:
    """What a host's latest answers say of it, since the last that was good.

    Attributes:
        failing: its feeds that failed.
        unreached: those of them that did not reach it, the last time.
        rests: how often all of its feeds were put off.
        failures: how often it failed as a host does, whichever feed it was asked for.
        since: when the first of these was.
    """

    failing: frozenset[int] = frozenset()
    unreached: frozenset[int] = frozenset()
    rests: int = 0
    failures: int = 0
    since: datetime | None = None


NO_TROUBLE: Final = HostTrouble()


def after_failure(
    state: PollState,
    pace: Pace,
    error: FeedError,
    *,
    now: datetime,
    chance: float,
    has_neighbours: bool = False,
    trouble: HostTrouble = NO_TROUBLE,
) -> PollState:
    """Return the state with the next poll after one that failed: later each time.

    The delay doubles from the feed's interval up to 6 h (24 h after 404, at once after 410), and is
    never sooner than Retry-After (RFC 9110 section 10.2.3), which counts up to 24 h. A document
    that only lacked its end is asked for again as soon as may be, and is no sickness. Where the
    host's other feeds wait for the same they come first (see `spared`): this one may be the only
    one that is sent away, and would silence them for ever.
    """
    asked = _asked(error)
    turn = asked + SPREAD * min(asked, longest_wait(pace)) if has_neighbours else asked
    wait = max(_backoff(state, pace, error, chance), turn)
    failed = _with_rest(state, error, now)._replace(
        next_due=now + wait,
        last_attempt=now,
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
    )
    return failed._replace(sick=state.sick or _is_sick(failed, pace, error, trouble, now))


def after_refused_page(
    state: PollState, pace: Pace, error: FeedError, *, now: datetime
) -> PollState:
    """Return the state of a feed that goes on as planned after a page of its past failed.

    Unless the host wants to be left alone: that holds for this feed as for its neighbours.
    """
    asked = _asked(error)
    is_sent_away = error.status == HTTPStatus.TOO_MANY_REQUESTS
    wait = max(asked, normal_interval(state, pace) if is_sent_away else _NOTHING)
    due = max(state.next_due or now, now + wait)
    return _with_rest(state, error, now)._replace(next_due=due)


def _with_rest(state: PollState, error: FeedError, now: datetime) -> PollState:
    """Return the state of a feed whose host wants to be left alone, if it said so."""
    asked = _asked(error)
    return state._replace(rests_until=now + asked, resting=error.host) if asked else state


def _backoff(state: PollState, pace: Pace, error: FeedError, chance: float) -> timedelta:
    base = normal_interval(state, pace)
    if error.unfinished:
        return min(pace.shortest, base)
    ceiling = max(LONGEST_BACKOFF_GONE if error.status in _GONE else LONGEST_BACKOFF, base)
    if error.status != HTTPStatus.GONE:
        times = 2.0 ** min(state.failures, _MOST_DOUBLINGS) * (1 + SPREAD * chance)
        if base * times < ceiling:
            return base * times
    return max(ceiling * (1 - SPREAD * chance), pace.shortest)


def _asked(error: FeedError) -> timedelta:
    return min(error.retry_after or _NOTHING, LONGEST_RETRY_AFTER)


def _is_sick(
    state: PollState, pace: Pace, error: FeedError, trouble: HostTrouble, now: datetime
) -> bool:
    """Tell whether a feed counts as sick: by its own failures, or by those of all of its host.

    A host in trouble is asked for one feed at a time, and each of twenty would be well for days.
    """
    if error.unfinished:
        return False
    if error.status in _TOLD_AT_ONCE:
        return True
    enough = SICK_INTERVALS * normal_interval(state, pace)
    told = [(state.failures, state.failing_since)]
    if _is_of_host(error):
        told.append((trouble.failures + 1, trouble.since))
    return any(count >= SICK_FAILURES and now - (since or now) >= enough for count, since in told)


def is_sick_as_its_host(state: PollState, error: FeedError) -> bool:
    """Tell whether it took the failures of its host's other feeds to call a feed sick."""
    return state.failures < SICK_FAILURES and error.status not in _TOLD_AT_ONCE


def normal_interval(state: PollState, pace: Pace) -> timedelta:
    """Return how often the feed is polled when it is well."""
    return pace.fixed or state.interval or pace.start


def host_trouble(
    before: HostTrouble, feed: int, error: FeedError, normal: timedelta, now: datetime
) -> tuple[HostTrouble, timedelta]:
    """Return what to remember of a host after a failure, and how long none of its feeds is asked.

    A Retry-After holds for all its feeds, and so does "too many requests" without one, or with one
    that is over at once. Anything else counts as the host's trouble when several feeds in a row met
    it: one broken feed among healthy ones must not silence them.

    Args:
        before: what was remembered.
        feed: the feed that failed.
        error: how.
        normal: its normal interval; the host's rest doubles from there.
        now: when it failed.
    """
    trouble = replace(
        before,
        failing=before.failing | {feed},
        unreached=before.unreached | {feed} if error.network else before.unreached - {feed},
    )
    if _is_of_host(error):
        since = before.since or now
        trouble = replace(trouble, failures=before.failures + 1, since=since)
    asked = _asked(error)
    is_sent_away = error.status == HTTPStatus.TOO_MANY_REQUESTS and not asked
    if not is_sent_away and not _is_general(trouble, error):
        return trouble, asked
    rest = min(normal * 2 ** min(trouble.rests, _MOST_DOUBLINGS), LONGEST_BACKOFF)
    return replace(trouble, rests=trouble.rests + 1), max(asked, rest)


def _is_general(trouble: HostTrouble, error: FeedError) -> bool:
    """Tell whether the host as a whole seems to be in trouble."""
    return _is_of_host(error) and len(trouble.failing) >= HOST_FEEDS


def _is_of_host(error: FeedError) -> bool:
    """Tell whether a failure may be all of a host's, not one feed's."""
    status = error.status or 0
    is_servers = (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    )
    return is_servers or error.network or error.server


def spared(
    state: PollState,
    host: str,
    until: datetime,
    *,
    rest: timedelta,
    normal: timedelta,
    chance: float,
) -> PollState:
    """Return the state of a feed whose host must rest until then: due some time after it."""
    due = until + min(rest, normal) * SPREAD * chance
    return state._replace(next_due=due, rests_until=until, resting=host)


def waits_until(
    state: PollState, normal: timedelta, *, since: datetime, now: datetime
) -> datetime | None:
    """Return until when a feed waits for its host, if that keeps it from us for long already.

    Args:
        state: what its polls left.
        normal: the time between two polls of it while it is well.
        since: its last good poll; when it was added, before the first.
        now: the present time.
    """
    if state.rests_until is None:  # nothing kept it from its last poll
        return None
    until = max(state.rests_until, state.next_due or state.rests_until)
    return until if until > now and now - since >= SICK_INTERVALS * normal else None


def while_offline(
    state: PollState,
    *,
    now: datetime,
    chance: float,
    tries: int = 0,
    least: timedelta = OFFLINE_RETRY,
) -> PollState:
    """Return the state after a poll that our own network failed: soon again, nobody to blame.

    Args:
        state: as before the poll.
        now: when it ended.
        chance: in [0, 1), for the jitter.
        tries: how often its host was tried in vain before, while we were offline.
        least: the least time until the next; see `offline_retry`.
    """
    grown = OFFLINE_RETRY * 2 ** min(tries, _MOST_DOUBLINGS) * (1 + chance)
    wait = max(min(grown, LONGEST_OFFLINE_RETRY * (1 - SPREAD * chance)), least * (1 + chance))
    return state._replace(next_due=now + wait, last_attempt=now)


def offline_retry(error: FeedError, pace: Pace) -> timedelta:
    """Return the least time until a host is tried again, by what failed while we are offline.

    Where somebody answers it may be the outlet, which is asked as seldom as ever.
    """
    nobody = error.network and not error.certificate and error.status is None
    return OFFLINE_RETRY if nobody else max(pace.shortest, _asked(error))


def excused(state: PollState, *, now: datetime, chance: float) -> PollState:
    """Return the state of a feed that was blamed for what our own network failed."""
    well = state._replace(failures=0, failing_since=None)
    return while_offline(well, now=now, chance=chance)


def plausible(state: PollState, pace: Pace, *, now: datetime) -> PollState:
    """Return the state with a poll drawn near that no rule plans: the clock was set back.

    What was planned by a clock that was ahead comes as long after now as after that time.
    """
    if state.next_due is None:
        return state
    limit = max(LONGEST_BACKOFF_GONE * (1 + SPREAD), longest_wait(pace))
    ahead = max((state.last_attempt or now) - now, timedelta())
    return state._replace(next_due=min(state.next_due - ahead, now + limit))


def network_down(*, unreached: int, asked: int) -> bool:
    """Return whether so many hosts out of reach, of those asked lately, mean that it is us.

    Args:
        unreached: hosts that worked before and could not be reached now.
        asked: these, those that were reached, and those whose answer is still awaited.
    """
    return unreached >= OFFLINE_HOSTS and unreached >= OFFLINE_SHARE * asked
