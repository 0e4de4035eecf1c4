"""Is it them or is it us: what the latest polls say about our own network."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address

from yarl import URL

from watcher.errors import FeedError
from watcher.feeds.backoff import OFFLINE_HOSTS, network_down
from watcher.feeds.guard import is_public
from watcher.feeds.hosts import host_of
from watcher.feeds.stand_in import mark_of
from watcher.service.polling.outage import Outage
from watcher.service.polling.visit import PollOutcome

#: Polls that end within this time bear witness together, and lost ones beyond it (see below).
WITNESS_SPAN = timedelta(minutes=2)

#: So many hosts are enough to judge by, the latest ones: with thousands of feeds a verdict must
#: not wait until most of them have failed.
WITNESSES = 20

#: Error pages alike in place of so many hosts are a gateway's also where they were asked so far
#: apart: few feeds are polled far apart. Two may have a hoster in common, and count only within the
#: span above. Pages that call themselves no error are a login's far more often: of two they count
#: within this one, of more at any distance, as does what is exactly the same, an address or every
#: byte of a page. Two outlets may show whom they block such pages, too, but hours apart.
GATEWAY_HOSTS = 3
GATEWAY_SPAN = timedelta(hours=1)

#: Told what keeps us from all outlets when something seems to, and None when we are back.
Announce = Callable[[Outage | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a feed's host could be reached at one poll, and whether the feed was well before.

    Attributes:
        stand_in: names what answered in the host's place, as the login page of a hotel does;
            empty where nobody seems to.
        exact: names it to the last byte; empty where no more is known than what it has in common
            with others.
        error: what failed, if anything did.
        cut_off: this machine itself knows of no way out.
    """

    feed: int
    host: str
    reached: bool
    was_well: bool
    stand_in: str = ""
    exact: str = ""
    error: FeedError | None = None
    cut_off: bool = False


def reach_of(outcome: PollOutcome, *, has_way_out: Callable[[], bool]) -> Reach:
    """Return what a poll says of the way to its feed's host; the machine is asked when in doubt."""
    feed, error, stand_in = outcome.feed, outcome.error, stand_in_of(outcome)
    reached = error is None or not (error.network or error.unanswered or stand_in)
    cut_off = error is not None and error.unrouted and not has_way_out()
    return Reach(
        feed.id,
        feed.host,
        reached,
        _was_well(outcome),
        stand_in=stand_in,
        exact=exact_stand_in_of(outcome),
        error=error,
        cut_off=cut_off,
    )


def _was_well(outcome: PollOutcome) -> bool:
    """Tell whether a feed was well before; one in the local network that never was may not be."""
    state, error = outcome.feed.state, outcome.error
    is_closed = error is not None and error.refused is not None
    return state.failures == 0 and not (is_closed and state.last_success is None)


def stand_in_of(outcome: PollOutcome) -> str:
    """Return what came in a feed's place, as far as it can be told from others; empty if it came.

    That is the closed address or the host that a request was led to, or else the mark of the page;
    the hash of the body where it says nothing.
    """
    error, fetched, led_to = outcome.error, outcome.fetched, _led_elsewhere(outcome)
    if error is None or led_to or outcome.feed.state.page is not None:
        return led_to
    if fetched is None:
        return error.stand_in
    mark = mark_of(fetched.status, fetched.body or b"", URL(fetched.url))
    return mark or exact_stand_in_of(outcome)


def exact_stand_in_of(outcome: PollOutcome) -> str:
    """Return the same to the last byte: where a request was led to, or a hash of the body."""
    is_page = outcome.error is not None and outcome.feed.state.page is None
    return _led_elsewhere(outcome) or ((outcome.body_hash or b"").hex() if is_page else "")


def _led_elsewhere(outcome: PollOutcome) -> str:
    """Return the closed address or the host that a failed request was led to; empty if to none."""
    feed, error, fetched = outcome.feed, outcome.error, outcome.fetched
    if error is None:
        return ""
    if error.refused is not None:
        return error.refused
    if feed.state.page is not None or fetched is None:
        return ""
    host = host_of(fetched.url)
    return "" if host == feed.host else host


@dataclass(frozen=True, slots=True)
class _Testimony:
    at: datetime
    unreached: frozenset[int]  # the host's feeds that could not be reached since it last was
    error: FeedError | None  # why the last of them could not


class NetworkWitness:
    """Decides from the outcome of polls whether our own network is down.

    Only hosts that worked before bear witness against it, and the last word of each counts. Hosts
    that were lost bear it until one is reached: few feeds are polled far apart. A connection on
    which nobody says a word counts as lost, too. One page in place of the feeds of several hosts
    is as good as silence; in place of one it says nothing, until every host that was lost has given
    one of its own: then they are there, and have troubles of their own. Where that is a single host
    it has to give one twice: that of a hotel is met at others meanwhile, if there are any.

    Attributes:
        is_offline: the verdict so far.
    """

    def __init__(self) -> None:
        self.is_offline = False
        self._latest: dict[str, _Testimony] = {}
        self._reached_at: datetime | None = None
        self._stand_ins: dict[str, tuple[datetime, Reach]] = {}  # the last one of each host

    def note(self, at: datetime, reach: Reach, *, in_flight: int) -> bool:
        """Take in one poll's outcome; return whether the verdict changed.

        Dead hosts answer before living ones, so the polls `in_flight` count as possible successes.
        One success is enough to be online again, and one failure to be offline where the machine
        itself knows of no way out, unless a host was reached just now all the same. Hosts on this
        machine or in the local network say nothing about the way to the outlets.
        """
        before, is_cut_off = self.is_offline, reach.cut_off and not self._just_reached(at)
        if is_near(reach.host) or not (reach.reached or reach.was_well or is_cut_off):
            return False
        witnesses = self._witnesses(at, reach)
        if not witnesses:
            return False
        is_reached = any(one.reached for one in witnesses)
        if is_reached:
            self._take_back(at)
        for one in witnesses:
            self._remember(at, one)
        is_lost = before or is_cut_off or self._judged(in_flight)
        self.is_offline = not is_reached and is_lost
        return self.is_offline != before

    def forget(self, feed: int) -> None:
        """Have a feed bear witness no more: it left the configuration."""
        self._stand_ins = {
            host: said for host, said in self._stand_ins.items() if said[1].feed != feed
        }
        for host, seen in list(self._latest.items()):
            if feed in seen.unreached:
                self._latest[host] = replace(seen, unreached=seen.unreached - {feed})
            if seen.unreached == {feed}:
                del self._latest[host]

    def _just_reached(self, at: datetime) -> bool:
        """Tell whether a host was reached lately, as by a proxy or a route to some networks."""
        return self._reached_at is not None and at - self._reached_at <= WITNESS_SPAN

    def _take_back(self, at: datetime) -> None:
        """Forget what spoke against our network: a host was reached."""
        self._reached_at = at
        self._stand_ins.clear()
        if self.is_offline:
            self._latest.clear()

    def _witnesses(self, at: datetime, reach: Reach) -> list[Reach]:
        """Return what counts of a poll: itself, or all that the same stand-in answered."""
        if not reach.stand_in:
            if not self.is_offline:  # then a host that is in trouble may be lost between two pages
                self._stand_ins.pop(reach.host, None)
            return [reach]
        is_again = self._stand_ins.pop(reach.host, None) is not None
        self._stand_ins[reach.host] = at, reach
        if self.is_offline and self._are_there(self._lost() | {reach.host}, is_again=is_again):
            return [replace(reach, reached=True)]
        is_error = reach.error is not None and bool(reach.error.stand_in)
        together = self._alike(at, reach, GATEWAY_SPAN if is_error else timedelta.max)
        if len(together) < GATEWAY_HOSTS:
            together = self._alike(at, reach, WITNESS_SPAN if is_error else GATEWAY_SPAN)
        return together if len(together) >= OFFLINE_HOSTS else []

    def _alike(self, at: datetime, reach: Reach, span: timedelta) -> list[Reach]:
        """Return what the same stand-in answered within a span, or exactly the same at any time."""
        return [
            one
            for seen, one in self._stand_ins.values()
            if one.stand_in == reach.stand_in
            and (at - seen <= span or (reach.exact and one.exact == reach.exact))
        ]

    def _are_there(self, hosts: set[str], *, is_again: bool) -> bool:
        """Tell whether hosts each gave a page of their own, a single one more than once."""
        is_enough = is_again or len(hosts) >= OFFLINE_HOSTS
        return is_enough and hosts <= self._alone()

    def _lost(self) -> set[str]:
        return {host for host, seen in self._latest.items() if seen.unreached}

    def _alone(self) -> set[str]:
        """Return the hosts that gave a page that no other gave; none is at a closed address."""
        given = self._given()
        pages = ((host, one.stand_in) for host, (_, one) in self._stand_ins.items())
        return {host for host, page in pages if given[page] == 1 and not is_near(page)}

    def _given(self) -> Counter[str]:
        """Return how many hosts gave each page, or closed address."""
        return Counter(one.stand_in for _, one in self._stand_ins.values())

    @property
    def outage(self) -> Outage | None:
        """What keeps us from all outlets; None while nothing seems to."""
        if not self.is_offline:
            return None
        errors = [seen.error for seen in self._latest.values() if seen.error is not None]
        return Outage.by(errors, self._closed())

    def _closed(self) -> str:
        several = (page for page, hosts in self._given().items() if hosts >= OFFLINE_HOSTS)
        return next(filter(is_near, several), "")

    def unreached(self) -> frozenset[int]:
        """Return the feeds that lately could not be reached though they were well before."""
        return frozenset[int]().union(*(seen.unreached for seen in self._latest.values()))

    def _remember(self, at: datetime, reach: Reach) -> None:
        old = self._latest.pop(reach.host, None)
        known = old.unreached if old and not reach.reached else frozenset[int]()
        is_ours = reach.was_well and not reach.reached  # one that failed before has its own trouble
        lost = frozenset({reach.feed} if is_ours else ())
        error = None if reach.reached else reach.error
        self._latest[reach.host] = _Testimony(at, known | lost, error)
        self._forget_old(at, reached=reach.reached)

    def _forget_old(self, at: datetime, *, reached: bool) -> None:
        for host, seen in list(self._latest.items()):
            is_old = seen.at < at - WITNESS_SPAN and (reached or not seen.unreached)
            if is_old or len(self._latest) > WITNESSES:
                del self._latest[host]

    def _judged(self, in_flight: int) -> bool:
        unreached = sum(bool(seen.unreached) for seen in self._latest.values())
        asked = min(len(self._latest) + in_flight, WITNESSES)
        return network_down(unreached=unreached, asked=asked)


def is_near(host: str) -> bool:
    """Tell whether a host, as it is spelt, is this machine or in the local network."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
