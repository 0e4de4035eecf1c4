"""The daemon: one process, one loop; it wires the rooms together and keeps them running.

Fixed jobs by APScheduler: poll what is due, deliver what is due, look whether the configuration
changed, let go of what is old, and tell systemd that all of this still happens.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TextIO

from watcher.alerts.senders import Sender, make_sender
from watcher.config.settings import Settings
from watcher.config.values import EncoderName
from watcher.errors import StorageError, UsageError
from watcher.feeds.fetch import Fetcher
from watcher.feeds.schedule import PollState
from watcher.feeds.workers import ParsePool
from watcher.heap import give_back, making_to_last
from watcher.service import jobs
from watcher.service.by_hand.awaited_poll import AwaitedPolls, brought, longest_wait_s, named
from watcher.service.by_hand.control import VITALS, listening
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.mutes import muted_in
from watcher.service.by_hand.operations import HAND_OVER, POLL, Arguments, Result, operate
from watcher.service.care.backups import Backups
from watcher.service.care.clock import CheckedClock, follow, resume, set_back_before
from watcher.service.care.disk import DiskWatch, can_grow
from watcher.service.care.health import Part
from watcher.service.care.housekeeping import shorten_mutes, tidy
from watcher.service.chats.remote import Connect, Remote, connect_telegram
from watcher.service.delivery.courier import Courier
from watcher.service.delivery.ops import Once, Ops
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.rests import Rests
from watcher.service.encoder.encoder_in_use import EncoderInUse
from watcher.service.encoder.encoders import Encoder, open_encoder
from watcher.service.in_force.channels import down, open_channels
from watcher.service.in_force.config_file import ConfigFile
from watcher.service.in_force.reloading import Reloading, Reloads
from watcher.service.in_force.secrets import draw_pipes
from watcher.service.in_force.watch import Watch
from watcher.service.intake.names import load_names
from watcher.service.intake.pipeline import Pipeline, kept
from watcher.service.intake.taken import Taken
from watcher.service.intake.turns import Turns
from watcher.service.log import get_logger
from watcher.service.loop import do_until, end_on_signals, loop_name
from watcher.service.moments import Clock, utc_now
from watcher.service.monitoring.caretaker import Caretaker
from watcher.service.monitoring.heartbeat import Heartbeat
from watcher.service.monitoring.metrics import Metrics
from watcher.service.monitoring.own_state import OwnState
from watcher.service.monitoring.poll_log import PollLog, Summary, keep_notices, note_network
from watcher.service.monitoring.sd_notify import more_time, notify, notify_reloading
from watcher.service.polling.outage import Outage
from watcher.service.polling.poller import Poller
from watcher.service.polling.roster import due, enter, polled_feeds
from watcher.service.polling.visit import PolledFeed, PollOutcome, limits_of
from watcher.service.writer import Writer
from watcher.storage.database import Database
from watcher.storage.lock import database_lock, state_lock
from watcher.storage.migrate import upgrade
from watcher.topics.detector import load_detector
from watcher.topics.pack import forget_packs

log = get_logger(__name__)

#: What is in flight at SIGTERM has this long to finish; systemd kills after three times that.
GRACE = timedelta(seconds=10)


class Daemon:
    """Watcher at work on one state directory.

    Args:
        watch: what is watched, from checked settings.
        database: the database file; its folder is the state directory, locked while we run.
        screen: where console channels print.
        config: the file to reload from; None for a fixed configuration.
        clock: the machine's clock, aware UTC; it is checked against those of the hosts polled.
        make: makes a channel's sender; a dry run gives one that only tells.
        load_encoder: loads the encoder that the settings name.
        connect: makes the client of a bot that chats steer us by; None lets nobody steer.
    """

    def __init__(
        self,
        watch: Watch,
        *,
        database: Path,
        screen: TextIO,
        config: ConfigFile | None = None,
        clock: Clock = utc_now,
        make: Callable[..., Sender] = make_sender,
        load_encoder: Callable[[EncoderName], Encoder] = open_encoder,
        connect: Connect | None = connect_telegram,
    ) -> None:
        self._watch = watch
        self._path = database
        self._screen = screen
        self._reloads = Reloads(self.reload)
        self._machine, self._clock = clock, CheckedClock(clock)
        self._make = make
        self._load_encoder = load_encoder
        self._connect = connect
        self._delivers = False
        self._rests = Rests(self._clock)
        self._paces = Paces()
        self._ops = Ops(rests=self._rests, paces=self._paces)
        self._clock.tell = self._ops.tell
        self._awaited = AwaitedPolls()
        self._metrics = Metrics(watch.settings)
        self._reloading = Reloading(config, self._take_over, self._ops.tell, self._clock)
        self._metrics.reloaded(self._reloading.loaded)
        self._stopping = asyncio.Event()

    async def run_once(self) -> Summary:
        """Poll what is due, deliver what is due, and return what came of it."""
        async with self._started(once=True), self._noted(once=True):
            feeds = await self._feeds()
            outcomes = await self._poller.poll_due(due(feeds, self._clock()), feeds)
            await self._courier.drain()
            await self._look_after()
            self._poll_log.tell_missed()
            return self._poll_log.summary(outcomes)

    async def poll_one(self, feed: str) -> Result:
        """Poll one feed, named by its address or name, and return what came of it.

        Alerts wait in the outbox for the next run, and so does what could not be told before, where
        nothing new follows it.

        Raises:
            UsageError: there is no such feed.
        """
        async with self._started(resumes=False):
            feeds = await self._feeds()
            polled = named(feeds, feed)
            told = self._awaited.expect(polled)
            _, result = await asyncio.gather(self._poller.poll_due([polled], feeds), told)
            return result

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT; SIGHUP reloads the configuration, at the start after it."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._reloads.ask)
        end_on_signals(self.stop)
        while not self._stopping.is_set():
            await self._live()

    async def _live(self) -> None:
        """Run until the end, or until the clock is set back: a new life plans by the new time."""
        async with self._started(), self._noted(once=False):
            await self._remote.start()
            self._delivers = True
            await do_until(self._stopping, self.make_ready())
            scheduler = jobs.make_scheduler(self._jobs())
            scheduler.start()
            self._say_ready()
            try:
                async with self._reloads.served():
                    # The scheduler plans by the machine's clock, also while we do not believe it.
                    back = await set_back_before(self._stopping, self._clock, self._machine)
                if self._clock in back:
                    await self._writer.run(lambda tx: follow(tx, self._clock()))
                    self._rests.end()
            finally:
                if self._stopping.is_set():
                    notify(STOPPING="1", STATUS="stopping")
                scheduler.shutdown(wait=False)
                await self._finish()

    async def make_ready(self) -> None:
        """Make what lasts as long as the daemon runs, for the first poll not to wait for it."""
        with making_to_last():
            load_detector()
            await load_names()
            await self._poller.replace(await self._feeds())

    def stop(self) -> None:
        """End the run: what is in flight may finish within GRACE."""
        self._stopping.set()

    # -- jobs ------------------------------------------------------------------------------------

    def _jobs(self) -> Mapping[jobs.Job, timedelta]:
        return {
            self.poll: jobs.TICK,
            self.deliver: jobs.TICK,
            self.look_at_config: jobs.CONFIG_LOOK,
            self.look_at_mutes: jobs.MUTE_LOOK,
            self.tidy: jobs.TIDY,
            self.give_back: jobs.GIVE_BACK,
            self._disk.look: jobs.DISK_LOOK,
            self._ops.tell_again: jobs.TELL_AGAIN,
            self.back_up: jobs.BACKUP_LOOK,
            self._heartbeat.look: jobs.HEARTBEAT_LOOK,
            self.beat: jobs.beat_interval(),
            self._caretaker.ping: jobs.PING,
        }

    async def poll(self) -> None:
        """Start the polls that are due."""
        await self._poller.tick()
        self._caretaker.pulse.mark(Part.POLLING)

    async def deliver(self) -> None:
        """Start the deliveries that are due."""
        await self._courier.tick()
        self._caretaker.pulse.mark(Part.OUTBOX)

    async def look_at_config(self) -> None:
        """Have a configuration reloaded of which a file changed."""
        if await self._reloading.is_due():
            self._reloads.ask()

    async def look_at_mutes(self) -> None:
        """Let mutes end in time, and the messages of alerts show which did."""
        if await shorten_mutes(self._writer, self._clock):
            await self._courier.replan()
        await self._remote.look_at_mutes()

    async def _look_after(self) -> None:
        """Do what the daemon's jobs do now and then, where a timer starts us for each round."""
        await self.look_at_mutes()
        if await self._writer.run(lambda tx: tx.retention.is_due(self._clock(), jobs.TIDY)):
            await self.tidy()
        await self.back_up()
        await self._heartbeat.look()
        await self._ops.settle()

    async def tidy(self) -> None:
        """Let go of what is old: postings outside the window, entries past their retention."""
        self._poll_log.tell_missed()
        await tidy(self._writer, self.settings, self._clock(), self._stopping.is_set)

    async def give_back(self) -> None:
        """Return memory that polls, or compiling the watchlist, needed for a moment."""
        forget_packs()
        await asyncio.to_thread(give_back)

    async def back_up(self) -> None:
        """Make the day's copy of the database."""
        await self._backups.look(self.settings.watcher.backups)

    async def beat(self) -> None:
        """See whether the writer's turn comes, and tell systemd how we are."""
        await self._writer.run(lambda tx: tx.feeds.state(0))
        self._caretaker.pulse.mark(Part.DATABASE)
        self._caretaker.beat(self._own_state.summary(self.settings))

    async def reload(self) -> None:
        """Take over a changed configuration; systemd and the metrics hear what came of it."""
        notify_reloading()
        try:
            await self._reloading.reload()
        finally:
            self._metrics.reloaded(None if self._reloading.refused else self._reloading.loaded)
            self._say_ready()

    @property
    def settings(self) -> Settings:
        """The configuration in force."""
        return self._watch.settings

    @asynccontextmanager
    async def _started(self, *, once: bool = False, resumes: bool = True) -> AsyncIterator[None]:
        """Start the parts in order, and end them in reverse whatever happens."""
        self._is_single_round = once
        self._poll_log = PollLog(self._ops, self._metrics)
        async with contextlib.AsyncExitStack() as stack:
            self._open_database(stack)
            self._open_delivery(stack, self._connect if not once else None)
            await self._open_polling(stack)
            await self._open_care(stack)
            self._clock.worked = await self._writer.run(lambda tx: resume(tx, self._clock()))
            await self._courier.channels.restore()
            await self._ops.open(self._writer, self._clock, resumes=resumes)
            await self._take_over(self._watch, first=True)
            await stack.enter_async_context(listening(self._path, self._operate))
            log.info("started", database=str(self._path), loop=loop_name(), **self._watch.counts)
            yield

    def _open_database(self, stack: contextlib.AsyncExitStack) -> None:
        """Make sure that the database is ours, and of this version, and open it."""
        stack.enter_context(state_lock(self._path.parent, self._path.name, self.settings.file))
        stack.enter_context(database_lock(self._path))
        bring_up_to_date(self._path)
        self._database = stack.enter_context(contextlib.closing(Database.open(self._path)))
        self._writer = Writer(self._database)
        stack.callback(self._writer.close)
        once = Once(self._writer, self._ops, self._clock)
        self._encoder = EncoderInUse(self._database, self._writer, self._load_encoder, once.tell)
        stack.callback(self._encoder.close)

    def _open_delivery(self, stack: contextlib.AsyncExitStack, connect: Connect | None) -> None:
        """Make what brings alerts out, and what hears the answers to them."""
        self._courier = Courier(
            self._writer,
            self._ops,
            self._clock,
            count=self._metrics.delivered,
            rests=self._rests,
            paces=self._paces,
            has_buttons=connect is not None,
        )
        stack.push_async_callback(self._courier.close)
        channels = self._courier.channels
        self._remote = Remote(
            self._database, self._writer, channels, self._clock, connect, self._paces
        )
        stack.push_async_callback(self._remote.close)
        stack.push_async_callback(self._ops.close)

    async def _open_polling(self, stack: contextlib.AsyncExitStack) -> None:
        """Make what brings news in."""
        settings = self.settings.polling
        self._fetcher = await stack.enter_async_context(
            Fetcher(limits_of(settings), concurrency=settings.concurrency, clock=self._clock)
        )
        self._pool = ParsePool(max_body=settings.max_body)
        stack.push_async_callback(self._pool.close)
        self._turns = Turns(
            self._writer,
            self._encoder,
            lambda: self._pipeline,
            keep=lambda tx, outcome, taken: keep_notices(tx, outcome, taken, self._clock()),
            on_turn=self._took,
            is_over=self._stopping.is_set,
        )
        self._poller = Poller(
            self._fetcher.fetch,
            self._pool.parse,
            self._keep,
            settings=settings,
            clock=self._clock,
            hear=self._clock.hear,
            announce=self._network,
        )
        stack.push_async_callback(self._poller.stop)

    async def _open_care(self, stack: contextlib.AsyncExitStack) -> None:
        """Make what looks after all the others."""
        tell = self._ops.tell
        self._disk = DiskWatch(
            self._path.resolve().parent,  # of a link, where it leads to
            pause=self._poller.pause,
            tell=tell,
            can_grow=lambda: can_grow(self._writer),
        )
        self._heartbeat = Heartbeat(
            self._writer, self._ops, self._poll_log, lambda: self.settings, self._clock
        )
        self._backups = Backups(self._path, clock=self._clock, tell=tell)
        self._own_state = OwnState(
            self._clock, self._poll_log, self._poller, self._disk, self._backups, self._reloading
        )
        self._caretaker = await stack.enter_async_context(
            Caretaker(
                self._database, self._metrics, self._own_state.vitals, lambda: self.settings, tell
            )
        )

    @asynccontextmanager
    async def _noted(self, *, once: bool) -> AsyncIterator[None]:
        """Leave in the database that we work on it, and at last that we ended as we should."""
        await self._writer.run(lambda tx: tx.runs.begin(self._clock(), once=once))
        yield
        await self._writer.run(lambda tx: tx.runs.end(self._clock()))

    async def _operate(self, name: str, values: Mapping[str, object]) -> Result:
        """Do what a command asks for over the control socket.

        It may name what only the changed file has, which is not in force yet.
        """
        try:
            return await self._do(name, values)
        except UsageError as error:
            if why := await self._reloading.why_behind():
                raise UsageError(f"{error}; {why}") from error
            raise

    async def _do(self, name: str, values: Mapping[str, object]) -> Result:
        if name == POLL:
            return await self._poll_now(Arguments(values).text("feed"))
        if name == VITALS:
            return await self._caretaker.report()
        settings = self.settings
        done = await self._writer.run(
            lambda tx: operate(name, values, Desk(tx, settings, self._clock()))
        )
        if name == HAND_OVER:
            await self._courier.replan()
        await self._remote.show(muted_in(done))
        return done

    async def _poll_now(self, feed: str) -> Result:
        """Poll one feed at once, and return what came of it."""
        polled = named(await self._feeds(), feed)
        self._poller.poll_soon(polled.id)
        told = self._awaited.expect(polled)
        wait_s = longest_wait_s(self.settings.polling)
        return await brought(told, feed, wait_s, partial(self._poller.why_not_yet, polled.id))

    async def _take_over(self, watch: Watch, *, first: bool = False) -> None:
        """Make a configuration the one in force."""
        watch = replace(watch, at_once=self._is_single_round)
        settings = watch.settings
        await do_until(self._stopping, draw_pipes(settings.secrets()))
        await self._writer.run(lambda tx: enter(tx, watch, self._clock()))
        self._watch = watch
        self._pipeline = Pipeline(watch, self._clock)
        senders = open_channels(settings, partial(self._make, clock=self._clock), self._screen)
        self._own_state.down = down(senders)
        self._courier.use(watch, senders)
        ops_channel = settings.watcher.ops_channel
        self._ops.use(ops_channel, senders, lambda name: watch.is_quiet(name, self._clock()))
        await self._courier.channels.forget_former(settings)
        await self._courier.replan()
        await self._remote.use(watch)
        await self._encoder.use(settings.stories.encoder)
        await self._caretaker.use(settings)
        if not first:
            self._fetcher.use(limits_of(settings.polling))
            self._pool.max_body = settings.polling.max_body
            feeds = await self._feeds()
            await self._poller.replace(feeds, settings.polling)
            self._awaited.keep_only(feeds)

    async def _feeds(self) -> list[PolledFeed]:
        """Return the configured feeds with their states."""
        watch, now = self._watch, self._clock()
        return await self._writer.run(lambda tx: polled_feeds(tx, watch, now))

    async def _keep(self, outcome: PollOutcome) -> PollState:
        """Take in a poll, and return the state kept."""
        taken = Taken()
        if not outcome.offline:  # else nothing is learned: in the database it is due still
            taken = await self._take_in(outcome)
            if taken.rest:  # we end: the feed is due still
                return outcome.feed.state
            outcome = kept(outcome, taken)
        self._poll_log.polled(outcome, taken)
        self._awaited.kept(outcome, taken)
        if outcome.offline and self._poll_log.lasting(outage := self._poller.outage):
            await self._writer.run(lambda tx: note_network(tx, self._clock(), outage))
        return outcome.state

    async def _take_in(self, outcome: PollOutcome) -> Taken:
        try:
            return await self._turns.take(outcome)
        except StorageError as error:
            self._disk.failed(error, self._clock())
            self._awaited.failed(outcome.feed.id, error)
            raise

    def _took(self, taken: Taken, seconds: float) -> None:
        self._metrics.took_in(seconds)
        self._poll_log.turned(taken)
        if self._delivers and (taken.alerts or taken.replies):
            self._courier.wake()

    async def _network(self, outage: Outage | None) -> None:
        """Have it noted, and said, that we are offline or back."""
        await self._writer.run(lambda tx: note_network(tx, self._clock(), outage))
        self._poll_log.network(outage)

    async def _finish(self) -> None:
        """Stop starting things, and let what is in flight finish within GRACE."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE.total_seconds()):
                stops = (self._poller.stop(), self._courier.stop(), self._ops.stop())
                await asyncio.gather(*stops)
        log.info("stopped")

    def _say_ready(self) -> None:
        notify(READY="1", STATUS=self._own_state.summary(self.settings))


def bring_up_to_date(database: Path) -> None:
    """Make the database ready for this program, or a new one where none was, and say so.

    Raises:
        StorageError: it cannot be used; nothing was changed.
    """
    with more_time("bringing the database up to date"):  # a large one takes minutes
        upgraded = upgrade(database)
    if upgraded.before is None:
        log.info("new database made", path=str(database), schema=upgraded.after)
    elif upgraded.backup:
        log.info("database upgraded", schema=upgraded.after, backup=str(upgraded.backup))
