"""Delivers what is due: claim, commit, send, record. One channel never delays another.

Each channel is served by a task of its own while it has something due. Whether a message must
wait is decided in alerts.timing, what becomes of a failed one in alerts.outbox.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from watcher.alerts.decide import again_due
from watcher.alerts.outbox import LEASE, Dead, Part, Retry, after_failure, halves
from watcher.alerts.senders import Editor, Narrow, Sender
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError, StorageError
from watcher.service.delivery.channel_state import Channels, unreached
from watcher.service.delivery.composing import compose
from watcher.service.delivery.holding import hold_back, replan
from watcher.service.delivery.ops import Ops
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.parts import Parts
from watcher.service.delivery.rests import Rests
from watcher.service.failpoints import failpoint
from watcher.service.in_force.watch import Watch
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.rows import Claimed, Waiting
from watcher.wording import plural

log = get_logger(__name__)

#: While a chat takes nothing, how often we look whether something came that need not wait for it.
LOOK_S = 1.0

Count = Callable[[str, str, timedelta | None], None]


class Courier:
    """Serves the channels.

    Args:
        writer: runs its transactions.
        ops: hears of deliveries that died.
        clock: the present time.
        count: told of each try: channel, outcome, and of one that arrived at once its delay.
        rests: who must be left alone.
        paces: who gets its next message when.
        has_buttons: somebody listens to what buttons say.
    """

    def __init__(
        self,
        writer: Writer,
        ops: Ops,
        clock: Clock,
        *,
        count: Count,
        rests: Rests,
        paces: Paces | None = None,
        has_buttons: bool = True,
    ) -> None:
        self._writer = writer
        self._ops = ops
        self._clock = clock
        self._count = count
        self._has_buttons = has_buttons
        self.channels = Channels(writer, ops, rests, clock)
        self._retired: list[Sender] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._in_hand: dict[str, tuple[int, ...]] = {}
        self._parts: dict[str, Parts] = {}
        self._waking: asyncio.Task[None] | None = None
        self._paces = paces or Paces()
        self._stopping = asyncio.Event()
        self._told_lost: frozenset[str] = frozenset()

    def use(self, watch: Watch, senders: Mapping[str, Sender]) -> None:
        """Deliver by this configuration from now on."""
        self._retired += self.channels.all().values()
        self._watch = watch
        self.channels.use(senders)

    async def replan(self) -> None:
        """Let what is held wait by the configuration in force, which may be another than held it.

        What waits for a channel that is no more is told of while there is time to mend that.
        """
        lost = await self._writer.run(lambda tx: replan(tx, self._watch, self._clock()))
        for channel, waiting in lost.items():
            if channel not in self._told_lost:
                many = plural(waiting, "alert that waits", "alerts that wait")
                self._ops.tell(
                    f"channel {channel} is not in the configuration any more, and {many} for it"
                    " will be lost when the time to send comes: give a channel that name again, or"
                    f" `watcher alerts retry --channel {channel} --to NAME`",
                    anywhere=True,
                )
        self._told_lost = frozenset(lost)

    async def tick(self) -> None:
        """Start serving the channels that have something due, and return at once."""
        await self._close_retired()
        for channel in await self._writer.run(self._due_channels):
            if channel not in self._tasks and not self._stopping.is_set():
                task = asyncio.create_task(self._serve(channel), name=f"deliver to {channel}")
                self._tasks[channel] = task
                task.add_done_callback(partial(self._served, channel))

    def wake(self) -> None:
        """Look for what is due now: news need not wait for the next tick."""
        if self._waking is None or self._waking.done():
            self._waking = asyncio.create_task(self.tick(), name="deliver news")
            self._waking.add_done_callback(_woken)

    def _served(self, channel: str, task: asyncio.Task[None]) -> None:
        del self._tasks[channel]
        if not task.cancelled() and (error := task.exception()):
            fault = None if isinstance(error, StorageError) else error  # that one says what to do
            log.error(
                "channel stumbled; will go on", channel=channel, error=str(error), exc_info=fault
            )

    async def drain(self) -> None:
        """Deliver all that is due now and return."""
        await self.tick()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Start nothing more, and wait for the sends in flight."""
        self._stopping.set()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """Cut short what still hangs, and let go of the senders."""
        for task in self._tasks.values():
            task.cancel()
        await self.stop()
        self._retired += self.channels.all().values()
        await self._close_retired()

    async def _close_retired(self) -> None:
        """Close senders of an old configuration once no send of theirs can be in flight."""
        if self._retired and not self._tasks:
            retired, self._retired = self._retired, []
            await asyncio.gather(*(sender.close() for sender in retired), return_exceptions=True)

    def _due_channels(self, tx: Transaction) -> list[str]:
        now = self._clock()
        # What was sent but could not be recorded (disk full) is nobody's any more.
        in_hand = [number for numbers in tuple(self._in_hand.values()) for number in numbers]
        tx.outbox.reclaim_expired(now, in_hand)
        return [name for name in tx.outbox.due_channels(now) if self.channels.is_ready(name)]

    async def _serve(self, channel: str) -> None:
        """Send what the channel has due, one message after the other."""
        parts = self._parts[channel] = Parts()
        try:
            while await self._has_turn(channel):
                taken = await self._writer.run(lambda tx: self._take(tx, channel))
                if taken is None:
                    return
                failpoint("after_lease")
                await self._deliver(*taken)
        finally:
            self._paces.leave(channel)
            self._in_hand.pop(channel, None)
            if parts.dead:
                self._tell_dead(channel, parts.dead, parts.reason)

    async def _has_turn(self, channel: str) -> bool:
        """Wait until a channel's chat takes a message; whether it gets one then.

        Nothing is claimed before: what is urgent and comes meanwhile, here or by another channel,
        goes first.
        """
        while left_s := await self._left_s(channel):
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, LOOK_S)):
                    await self._stopping.wait()
            if self._stopping.is_set():
                return False
        is_next = left_s is not None
        return is_next and not self._stopping.is_set() and self.channels.is_ready(channel)

    async def _left_s(self, channel: str) -> float | None:
        """Return for how many seconds what is next waits for its chat; None if nothing is due."""
        sender = self.channels.get(channel)
        if self._paces.is_free(sender):
            return 0.0  # whatever is next

        def look(tx: Transaction) -> tuple[bool, Waiting | None]:
            now = self._clock()
            return channel in tx.outbox.due_channels(now), tx.claims.head(now, channel)

        is_due, head = await self._writer.run(look)
        priority = head.priority if head else None  # an edit is next
        return self._paces.turn_s(sender, priority, channel) if is_due else None

    def _take(self, tx: Transaction, channel: str) -> tuple[Claimed, Outgoing | None] | None:
        """Claim the next message and compose it; None instead of one that cannot be composed."""
        claimed = self._claim(tx, channel)
        if claimed is None:
            return None
        try:
            outgoing = compose(
                tx, claimed, self._watch, self._clock(), has_buttons=self._has_buttons
            )
        except StorageError:
            raise
        except Exception:  # a poison message, or a fault of ours
            log.exception("message could not be composed", channel=channel)
            return claimed, None
        return claimed, outgoing

    def _claim(self, tx: Transaction, channel: str) -> Claimed | None:
        """Hold back what must wait, and claim the next message that need not."""
        now = self._clock()
        hold_back(tx, self._watch, channel, now)
        claimed = tx.claims.claim_next(now, LEASE, channel)
        claimed = claimed and self._within(tx, claimed, now)
        self._in_hand[channel] = claimed.deliveries if claimed else ()
        return claimed

    def _within(self, tx: Transaction, claimed: Claimed, now: datetime) -> Claimed:
        """Take no more stories into a message than it can name; the others' turn comes next."""
        most = self._most_stories(claimed.channel)
        if most is None or len(claimed.alerts) <= most:
            return claimed
        threads = tx.alerts.threads(claimed.alerts)
        first = list(dict.fromkeys(threads[alert] for alert in claimed.alerts))[:most]
        pairs = list(zip(claimed.deliveries, claimed.alerts, strict=True))
        taken = [(number, alert) for number, alert in pairs if threads[alert] in first]
        tx.outbox.put_back([pair[0] for pair in pairs if pair not in taken], now)
        deliveries, alerts = zip(*taken, strict=True)
        return replace(claimed, deliveries=deliveries, alerts=alerts)

    def _most_stories(self, channel: str) -> int | None:
        """Return how many stories a message of a channel may tell of; None for any number."""
        table = self._watch.settings.channels.get(channel)
        sender = self.channels.get(channel)
        limits = [table.most_stories if table else None]
        limits += [sender.most_stories] if isinstance(sender, Narrow) else []
        return min((limit for limit in limits if limit is not None), default=None)

    async def _deliver(self, claimed: Claimed, outgoing: Outgoing | None) -> None:
        """Send a claimed message; what goes wrong with it never holds up the next one."""
        sender = self.channels.get(claimed.channel)
        rest = self.channels.rests.left(sender.limit_key)
        if rest or self._paces.left_s(sender):  # another channel of the bot, or chat, was quicker
            until = self._clock() + rest  # `_has_turn` waits for the chat
            await self._writer.run(lambda tx: tx.outbox.put_back(claimed.deliveries, until))
            return
        changes = self.channels.changes
        try:
            if outgoing is None:
                raise DeliveryError("a fault of Watcher: see its log")  # noqa: TRY301 - as any other
            with self._paces.counted(sender, claimed.channel):
                message_id = await _hand_over(sender, outgoing, claimed.edits)
        except DeliveryError as error:
            await self._failed(claimed, sender, error)
        except Exception as error:  # a poison message, or a fault of ours
            log.exception("message could not be handed over", channel=claimed.channel)
            fault = DeliveryError(f"a fault of Watcher: {error!r}", maybe_sent=True)
            await self._failed(claimed, sender, fault)
        else:
            await self._sent(claimed, message_id, unreached(sender))
            if message_id and changes != self.channels.changes:
                self.channels.outdated.add((claimed.channel, message_id))

    async def _sent(self, claimed: Claimed, message_id: str | None, but: str | None) -> None:
        failpoint("after_send")
        await self.channels.note_move(claimed.channel)  # before its number there is kept
        now = self._clock()
        self._parts[claimed.channel].taken(claimed)

        def record(tx: Transaction) -> None:
            tx.outbox.sent(claimed.deliveries, message_id, now, but)
            failpoint("before_record")

        await self._writer.run(record)
        failpoint("after_record")
        event = "alert edited" if claimed.edits else "alert sent"
        log.info(event, channel=claimed.channel, alerts=_numbers(claimed))
        if claimed.edits:
            await self.channels.edited(claimed.channel)
        else:
            at_once = not claimed.hold  # what waited for a digest says nothing about our speed
            self._count(claimed.channel, "sent", now - claimed.created if at_once else None)
            await self.channels.arrived(claimed.channel)

    async def _failed(self, claimed: Claimed, sender: Sender, error: DeliveryError) -> None:
        now = self._clock()
        if error.retry_after:
            await self._let_rest(sender.limit_key, error.retry_after)
        await self.channels.failed(claimed.channel)
        verdict = await self._verdict(claimed, error, now)
        if not claimed.edits:
            self._count(claimed.channel, "dead" if isinstance(verdict, Dead) else "retry", None)
        match verdict:
            case Dead():
                await self._give_up(claimed, verdict.reason, error, now)
            case Part():
                await self._send_in_parts(claimed, error, now)
            case Retry():
                await self._put_off(claimed, verdict, error, now)

    async def _verdict(
        self, claimed: Claimed, error: DeliveryError, now: datetime
    ) -> Retry | Part | Dead:
        numbers = claimed.deliveries
        tried, lost = await self._writer.run(
            lambda tx: (tx.outbox.tried(numbers), tx.outbox.lost_answers(numbers))
        )
        return after_failure(
            error,
            attempts=claimed.attempts,
            lost=lost,
            tried=tried,
            now=now,
            chance=random.random(),  # noqa: S311 - jitter
            maybe_sent=claimed.maybe_sent,
            rings=len(numbers),
            refused=self._parts[claimed.channel].refused(claimed) if error.text_refused else 0,
        )

    async def _give_up(
        self, claimed: Claimed, reason: str, error: DeliveryError, now: datetime
    ) -> None:
        intervals = self._watch.settings.alerts.reply_intervals
        await self._writer.run(
            lambda tx: _record_dead(tx, claimed, reason, error, now, intervals=intervals)
        )
        await self._bury(claimed, reason, is_gone=error.gone)

    async def _send_in_parts(self, claimed: Claimed, error: DeliveryError, now: datetime) -> None:
        await self._writer.run(lambda tx: _part(tx, claimed, error, now))
        self._parts[claimed.channel].begin(claimed.deliveries)
        alerts, reason = _numbers(claimed), str(error)
        log.warning("sent in parts", channel=claimed.channel, alerts=alerts, error=reason)

    async def _put_off(
        self, claimed: Claimed, verdict: Retry, error: DeliveryError, now: datetime
    ) -> None:
        await self._writer.run(
            lambda tx: tx.outbox.retry(
                claimed.deliveries,
                verdict.due,
                str(error),
                maybe_sent=verdict.maybe_sent,
                now=now,
                is_answer_lost=error.maybe_sent,
            )
        )
        log.warning(
            "alert not edited, will retry" if claimed.edits else "alert not sent, will retry",
            channel=claimed.channel,
            alerts=_numbers(claimed),
            error=str(error),
            due=verdict.due.isoformat(timespec="seconds"),
        )

    async def _let_rest(self, key: str, wait: timedelta) -> None:
        """Leave a service alone: it speaks to the whole bot, not to this message alone."""
        until = self.channels.rests.rest(key, wait)
        await self._writer.run(lambda tx: tx.bots.rest(key, until))

    async def _bury(self, claimed: Claimed, reason: str, *, is_gone: bool) -> None:
        """Tell of a dead message; that one which arrived cannot be changed any more is no news."""
        alerts = _numbers(claimed)
        if is_gone and claimed.edits:
            log.warning("alert not edited", channel=claimed.channel, alerts=alerts, error=reason)
            await self.channels.refuses_edits(claimed.channel, reason)
        elif is_gone:
            log.warning("alert not sent", channel=claimed.channel, alerts=alerts, error=reason)
            await self.channels.gone(claimed.channel, reason)
        elif claimed.edits:
            log.info("alert not edited", channel=claimed.channel, alerts=alerts, reason=reason)
        elif (parts := self._parts[claimed.channel]).has(claimed):
            log.warning("alert not sent", channel=claimed.channel, alerts=alerts, error=reason)
            parts.died(claimed, reason)  # told once for all of them
        else:
            self._tell_dead(claimed.channel, claimed.alerts, reason)

    def _tell_dead(self, channel: str, alerts: Sequence[int], reason: str) -> None:
        many = "alerts" if len(alerts) > 1 else "alert"
        self._ops.tell(
            f"{many} {_listed(alerts)} did not reach {channel} and will not be tried again:"
            f" {reason}; see `watcher alerts show {alerts[0]}`",
            about=channel,
            anywhere=True,
            channel=channel,
        )


def _woken(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.warning("deliveries wait for the next tick", error=str(error))


async def _hand_over(sender: Sender, outgoing: Outgoing, edits: str | None) -> str | None:
    """Send a message, or change the one that `edits` names; return its id at the service."""
    if edits is None:
        return await sender.send(outgoing)
    if not isinstance(sender, Editor):
        raise DeliveryError("this channel cannot change what it sent", permanent=True)
    try:
        await sender.edit(outgoing, edits)
    except DeliveryError as error:
        # Made twice it is the same: no need for the caution that a repeated message needs.
        error.maybe_sent = False
        raise
    return edits


def _part(tx: Transaction, claimed: Claimed, error: DeliveryError, now: datetime) -> None:
    """Record that a message goes out in two parts, no story in both."""
    threads = tx.alerts.threads(claimed.alerts)
    parts = halves([threads[alert] for alert in claimed.alerts])
    tx.outbox.part([[claimed.deliveries[n] for n in part] for part in parts], str(error), now)


def _record_dead(
    tx: Transaction,
    claimed: Claimed,
    reason: str,
    error: DeliveryError,
    now: datetime,
    *,
    intervals: Sequence[timedelta],
) -> None:
    """Record that a message died; what an edit was to name comes by a message of its own.

    The error says whether the message to change is there, and can be changed.
    """
    tx.outbox.dead(claimed.deliveries, reason, now)
    if claimed.edits and error.message_gone:
        topic, story = tx.alerts.threads(claimed.alerts)[claimed.alerts[0]]
        due = again_due(tx.alerts.rings(topic, story, claimed.channel), intervals, now)
        why = reason if error.message_stays else None
        tx.lost.lose_message(claimed.deliveries[0], claimed.edits, now, due, why)


def _numbers(claimed: Claimed) -> str:
    return _listed(claimed.alerts)


def _listed(alerts: Sequence[int]) -> str:
    """Return the numbers of alerts, those that follow each other as "3-17"."""
    numbers = sorted(set(alerts))
    firsts = [number for number in numbers if number - 1 not in numbers]
    lasts = [number for number in numbers if number + 1 not in numbers]
    pairs = zip(firsts, lasts, strict=True)
    return ", ".join(f"{one}" if one == last else f"{one}-{last}" for one, last in pairs)
