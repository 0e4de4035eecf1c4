"""Polling: which feed is asked now, politely, and what follows for the next time.

One dispatcher for all feeds. A host has one request in flight, with a pause between starts; when
it asks for patience, all its feeds wait. When most hosts fail at once it is our own network, and
no feed is blamed. The decisions are feeds.schedule's; here they meet clock, dice and network.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from watcher.config.settings import PollingTable
from watcher.errors import StorageError
from watcher.feeds.budget import asks_anew
from watcher.feeds.due import DueQueue
from watcher.feeds.resolver import has_way_out
from watcher.feeds.schedule import PollState, postponed
from watcher.service.log import get_logger
from watcher.service.loop import with_pauses
from watcher.service.moments import Clock
from watcher.service.polling.changed_settings import (
    asked_with,
    rests_of,
    taken_over,
    unless_outdated,
)
from watcher.service.polling.hosts import Hosts
from watcher.service.polling.network import Announce
from watcher.service.polling.outage import Outage
from watcher.service.polling.under_way import Poll, UnderWay
from watcher.service.polling.unkept import Finish, Unkept
from watcher.service.polling.verdicts import Verdicts
from watcher.service.polling.visit import (
    Fetch,
    Hear,
    Parse,
    PolledFeed,
    PollOutcome,
    look_up_hosts,
    visit,
)
from watcher.service.polling.ways import Way, is_turned_away, led_nowhere, wait_after, way_after

log = get_logger(__name__)

#: While we are offline only so many feeds are tried at once: enough not to hang on a dead host.
PROBES = 5

#: Polls started in one turn of the loop: a TLS handshake takes half a millisecond and more, and a
#: hundred of them in one turn would stall it.
STARTS_AT_ONCE = 8

#: When the outcome of a poll could not be kept (disk full), the feed is polled again after this.
KEEP_RETRY = timedelta(minutes=1)

#: A turn that comes at any time.
_ANY_TIME = datetime.min.replace(tzinfo=UTC)


class Poller:
    """Polls feeds when they are due.

    Use `poll_due`, one visit to each feed; or `replace` at the start and each reload, and `tick`.

    Args:
        fetch: Fetcher.fetch.
        parse: ParsePool.parse.
        finish: keeps an outcome, and returns the state that it kept; called once for each, and
            never cut short by `stop`.
        settings: [polling].
        clock: the present time, aware UTC.
        hear: told of each host that answers what time it is there.
        announce: told what keeps us from all outlets, and when nothing does; see `network`.
        chance: a number in [0, 1), for jitter.
        has_way_out: tells whether this machine has a route to the Internet.
    """

    def __init__(
        self,
        fetch: Fetch,
        parse: Parse,
        finish: Finish,
        *,
        settings: PollingTable,
        clock: Clock,
        hear: Hear,
        announce: Announce,
        chance: Callable[[], float] = random.random,
        has_way_out: Callable[[], bool] = has_way_out,
    ) -> None:
        self._visit = partial(visit, fetch=fetch, parse=parse, clock=clock, hear=hear)
        self._finish = finish
        self._settings = settings
        self._clock = clock
        self._announce = announce
        self._chance = chance
        self._feeds: dict[int, PolledFeed] = {}
        self._hosts = Hosts()
        self._verdicts = Verdicts(settings, self._hosts, chance, has_way_out)
        self._queue = DueQueue(settings.per_host_delay)
        self._polls = UnderWay()
        self._has_ended = asyncio.Event()
        self._ended: list[Poll] = []
        self._unkept = Unkept(finish, self._verdicts.failed)
        self._hurried: set[int] = set()
        self._is_repeating = True
        self._is_stopping = False
        self._is_paused = False

    @property
    def is_offline(self) -> bool:
        """Whether most hosts failed at once, so that our own network must be down."""
        return self._verdicts.witness.is_offline

    @property
    def outage(self) -> Outage | None:
        """What keeps us from all outlets; None while nothing seems to."""
        return self._verdicts.witness.outage

    async def replace(
        self, feeds: Iterable[PolledFeed], settings: PollingTable | None = None
    ) -> None:
        """Poll these feeds from now on; those known go on from where they are.

        A poll of a feed that is gone is cut short, unless its outcome is being kept. With very many
        feeds others get their turn meanwhile.
        """
        self._settings = settings or self._settings
        self._queue.delay = self._settings.per_host_delay
        self._verdicts.use(self._settings)
        wanted = {feed.id: feed for feed in feeds}
        await asyncio.to_thread(look_up_hosts, wanted.values())
        rests = rests_of([*self._feeds.values(), *wanted.values()], self._clock())
        self._hosts.rest(rests)
        for gone in self._feeds.keys() - wanted.keys():
            self._queue.drop(gone)
            self._polls.cut_short(gone)
            self._forget(gone)
        async for feed in with_pauses(wanted.values()):
            self._take_over(feed, rests)

    def _take_over(self, feed: PolledFeed, rests: Mapping[str, datetime]) -> None:
        """Have a feed as configured now, in the state that it is in."""
        feed = taken_over(feed, self._feeds.get(feed.id), self._settings, rests, self._clock())
        self._know(feed)
        self._verdicts.count_in(feed, self._clock())
        self._plan(feed.id)

    def _know(self, feed: PolledFeed) -> None:
        """Have a feed as it is now."""
        if old := self._feeds.get(feed.id):
            self._hosts.forget(old)
        elif asked := feed.state.last_attempt:  # in a life before this
            for host in feed.hosts:
                self._queue.was_asked(host, min(asked, self._clock()))
        self._hosts.know(feed)
        self._feeds[feed.id] = feed

    def _forget(self, number: int) -> None:
        self._hurried.discard(number)
        feed = self._feeds.pop(number)
        self._verdicts.forget(feed)
        self._hosts.leave(feed)

    def pause(self, paused: bool) -> None:
        """Start no more polls, or go on; those under way may end."""
        self._is_paused = paused

    async def tick(self) -> None:
        """Start what is due and return at once. For a job that runs every second."""
        self._start_due()

    def poll_soon(self, number: int) -> None:
        """Poll a feed as soon as its host may be asked, whenever it is due, before its others.

        Raises:
            StorageError: it is not among the feeds yet.
        """
        if number not in self._feeds:
            raise StorageError(
                "the running Watcher is just taking over its configuration, and does not poll this"
                " feed yet: try again in a moment"
            )
        self._hurried.add(number)
        self._plan(number)
        self._start_due()

    def why_not_yet(self, number: int) -> str:
        """Return why a feed that is to be polled soon has not been."""
        if number in self._polls:
            return "its poll is still under way"
        if self._is_paused:
            return "polling is paused"
        return "others come first" if number in self._hurried else "its host asked for patience"

    async def poll_due(
        self, feeds: Sequence[PolledFeed], among: Sequence[PolledFeed] = ()
    ) -> list[PollOutcome]:
        """Poll each of these feeds once, politely, and return what came of it, without documents.

        A feed whose host asks for patience meanwhile is put off: it has no outcome in the list.

        Args:
            feeds: the feeds to be polled.
            among: all the feeds that share the polls with them.

        Raises:
            Exception: whatever `finish` raises; the polls still under way are cut short then.
        """
        self._is_repeating = False
        self._hosts.rest(rests_of((*among, *feeds), self._clock()))
        async for feed in with_pauses((*among, *feeds)):
            self._know(feed)
            self._verdicts.count_in(feed, self._clock())
        for feed in feeds:  # whatever the clock says, and will say when it is put right
            self._ask(feed.id, _ANY_TIME)
        outcomes: list[PollOutcome] = []
        now = self._clock()
        try:
            while self._polls or len(self._queue):
                before, now = now, self._clock()
                if now < before:
                    self._queue.shorten_pauses(now)
                self._start_due()
                await self._something_happens()
                ended = [task.result() for task in self._ended]
                outcomes += [one.without_documents() for one in ended if one.is_poll]
                self._ended.clear()
        finally:
            for feed in feeds:  # a start may be on its way, which must find nothing
                self._queue.drop(feed.id)
            await self._polls.cut_all_short()
        return outcomes

    async def _something_happens(self) -> None:
        """Wait until a poll ends or the next one may start."""
        turn = self._queue.next_turn() if self._has_room() else None
        wait_s = max((turn - self._clock()).total_seconds(), 0) if turn else None
        self._has_ended.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._has_ended.wait()

    async def stop(self) -> None:
        """Cut short what is being fetched, wait for what is being kept, and start nothing more.

        A poll cut short changes nothing: the feed is still due.
        """
        self._is_stopping = True
        await self._polls.cut_all_short()

    def _has_room(self) -> bool:
        is_probing = self.is_offline and self._is_repeating
        return len(self._polls) < (PROBES if is_probing else self._settings.concurrency)

    def _start_due(self) -> None:
        """Start what is due, a few at once: their handshakes come together, too."""
        now = self._clock()
        for _ in range(STARTS_AT_ONCE):
            if self._is_stopping or self._is_paused or not self._has_room():
                return
            number = self._queue.take(now)
            if number is None:
                return
            feed = self._feeds[number]
            self._polls.start(number, self._poll(feed), partial(self._end, feed))
        asyncio.get_running_loop().call_soon(self._start_due)

    def _end(self, feed: PolledFeed, task: Poll) -> None:
        """Clear up after a poll, however it ended, and let the next one start."""
        self._queue.done(feed.id)
        fault = None if task.cancelled() else task.exception()
        is_whole = not task.cancelled() and fault is None
        if is_whole and is_turned_away(task.result()):
            self._turned_away(task.result())
        else:
            self._hurried.discard(feed.id)
            if not self._is_repeating:
                self._ended.append(task)
            elif feed.id in self._feeds:
                self._plan(feed.id, least=timedelta(0) if is_whole else KEEP_RETRY)
        self._has_ended.set()
        if not self._is_repeating:
            return
        if fault is not None:
            log.error("poll failed unexpectedly", url=feed.settings.url, exc_info=fault)
        if not self.is_offline:  # else `tick` starts the probes, a few a second
            self._start_due()

    def _turned_away(self, outcome: PollOutcome) -> None:
        """Have a feed asked anew when the host that it was led to may be asked as well."""
        feed, now = self._feeds.get(outcome.feed.id), self._clock()
        if feed is None:  # it left the configuration meanwhile
            return
        times = feed.turned_away + 1
        self._know(replace(feed, way=way_after(outcome, feed), turned_away=times))
        is_hurried = feed.id in self._hurried or not self._is_repeating
        due = _ANY_TIME if is_hurried else min(feed.state.next_due or now, now)
        wait = wait_after(times, self._queue.delay, self._chance())
        self._ask(feed.id, now + wait if wait else due)

    def _plan(self, number: int, least: timedelta = timedelta(0)) -> None:
        """Have a feed polled when it is due, after `least` at the soonest.

        While a poll of it is under way nothing is planned: the poll's end does that. It may be due
        at once at another host, and two polls of one feed would leave the first's host busy.
        """
        if number in self._polls:
            return
        feed, now, is_hurried = self._feeds[number], self._clock(), number in self._hurried
        if self.is_offline and not is_hurried and not self._verdicts.probes.admits(feed):
            self._queue.drop(number)
            return
        due = max(feed.state.next_due or now, now + least)
        self._ask(number, _ANY_TIME if is_hurried else due)

    def _ask(self, number: int, due: datetime) -> None:
        first, *others = self._feeds[number].hosts
        self._queue.put(number, first, due, led_to=others[0] if others else None)

    async def _poll(self, feed: PolledFeed) -> PollOutcome:
        """Visit a feed, see what follows, and have it kept."""
        mark = asked_with(feed.settings, self._settings)
        way = Way(self._queue, feed.id, self._clock, self._hosts.rests_until)
        seen = await self._visit(feed, admit=way.admit)
        seen = seen._replace(asked_with=mark, led_to=tuple(way.hosts))
        if is_turned_away(seen) and way.rests_until is None:
            return seen
        self._polls.finish(feed.id)
        if way.rests_until is not None:
            return await self._put_off(seen, way.rests_until)
        outcome, verdict_changed = self._verdicts.judged(seen, in_flight=self._polls.in_flight)
        await self._keep(outcome)
        if verdict_changed:
            await self._network_changed()
        if self.is_offline:
            await self._unblame()
            self._hand_on(outcome)
        else:
            await self._spare_host(outcome)
        return outcome

    async def _put_off(self, seen: PollOutcome, until: datetime) -> PollOutcome:
        """Have a feed wait that was led to a host that rests."""
        state = self._verdicts.spared(seen.feed, seen.led_to[-1], until, until - seen.at)
        outcome = seen._replace(state=state, error=None)
        await self._keep(outcome)
        return outcome

    async def _keep(self, outcome: PollOutcome) -> None:
        """Have an outcome kept, then go on from its state."""
        feed = outcome.feed
        try:
            kept = await self._finish(outcome)
        except Exception as error:
            if not self._is_repeating:
                raise
            log.exception(
                "poll could not be kept; will poll again",
                url=feed.settings.url,
                error=str(error),
                exc_info=not isinstance(error, StorageError),  # that one says what to do
            )
            again = postponed(feed.state, outcome.at + KEEP_RETRY)
            self._advance(outcome, await self._unkept.blamed(outcome, error) or again)
        else:
            self._unkept.over(feed.id)
            self._advance(outcome, kept)

    def _advance(self, outcome: PollOutcome, state: PollState) -> None:
        if (feed := self._feeds.get(outcome.feed.id)) is None:  # it left the configuration
            return
        after = replace(feed, state=state, way=way_after(outcome, feed), turned_away=0)
        after = unless_outdated(outcome, after, self._settings, self._feeds.values(), self._clock())
        self._know(after)
        if asks_anew(feed.state, state):
            self._verdicts.count_in(after, self._clock())
        if self._is_repeating:
            self._plan(feed.id)

    async def _spare_host(self, outcome: PollOutcome) -> None:
        """Put off the host's other feeds when it asked for patience, or seems to be in trouble."""
        feed, error = outcome.feed, outcome.error
        if error is None:
            self._ask_again(self._hosts.answered(feed, outcome.led_to))
            return
        host, normal = error.host or feed.host, self._verdicts.normal(feed)
        rest = self._hosts.failed(host, feed.id, error, normal=normal, now=outcome.at)
        if rest:
            await self._rest(host, outcome.at, rest)

    def _ask_again(self, lost: Mapping[str, AbstractSet[int]]) -> None:
        """Have the feeds asked that wait for hosts which could not be reached, and now were."""
        for host, failed in lost.items() if self._is_repeating else ():
            for number in self._hosts.feeds(host) - self._polls.feeds - self._hurried:
                state = self._feeds[number].state
                if number in failed or (state.resting == host and not state.failures):
                    self._ask(number, self._clock())

    async def _rest(self, host: str, at: datetime, rest: timedelta) -> None:
        """Have no feed of a host asked for so long, and each at a time of its own then."""
        until = at + rest
        idle = [self._feeds[number] for number in self._hosts.feeds(host) - self._polls.feeds]
        early = [feed for feed in idle if (feed.state.next_due or at) < until]
        for feed in early:
            self._queue.drop(feed.id)
            self._hurried.discard(feed.id)
        spared = [self._verdicts.spared(feed, host, until, rest) for feed in early]
        await asyncio.gather(*map(self._keep_state, early, spared))

    async def _network_changed(self) -> None:
        """Tell that we are offline or back; when back, ask again what could not be asked."""
        self._hosts.forgive()
        await self._announce(self.outage)
        if not self._is_repeating:
            return
        if self.is_offline:
            await self._probe_only()
            return
        lost, left_out = self._verdicts.probes.end()
        lost |= {one.id for one in self._feeds.values() if one.turned_away}
        async for number in with_pauses(lost | left_out):
            if number not in self._feeds or number in self._polls:
                continue
            self._know(led_nowhere(self._feeds[number]))
            if number in lost:
                self._ask(number, self._clock())
            else:
                self._plan(number)

    async def _probe_only(self) -> None:
        """Have one feed of each host asked from now on, that which is due first."""
        await self._unblame()
        soonest = sorted(self._feeds.values(), key=lambda feed: feed.state.next_due or _ANY_TIME)
        async for feed in with_pauses(soonest):
            if feed.id in self._feeds and self.is_offline:  # it may have changed meanwhile
                self._plan(feed.id)

    def _hand_on(self, outcome: PollOutcome) -> None:
        """Have the next feed of a host try, at the time of the next try, after one that failed."""
        if probe := self._verdicts.probes.handed_on(outcome, self._feeds):
            self._know(probe)
            self._plan(probe.id)

    async def _unblame(self) -> None:
        """Take back the failures that were counted just before we knew that we are offline."""
        unreached = self._verdicts.witness.unreached() & self._feeds.keys()
        blamed = [feed for one in unreached if (feed := self._feeds[one]).state.failures]
        now = self._clock()
        states = [self._verdicts.excused(feed, now) for feed in blamed]
        for feed, state in zip(blamed, states, strict=True):
            self._verdicts.probes.lost(feed)
            self._know(replace(feed, state=state))  # before others that are under way come here
        for feed, state in zip(blamed, states, strict=True):
            await self._keep_state(feed, state)

    async def _keep_state(self, feed: PolledFeed, state: PollState) -> None:
        """Have a state kept that changed without a poll."""
        await self._keep(PollOutcome(feed, self._clock(), state))
