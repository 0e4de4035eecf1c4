"""Telling the operator: trouble with feeds, deliveries and configurations goes to `ops_channel`.

A notice is logged always, and kept in the database until it is sent: whoever knows of something by
a transaction keeps the notice of it in the same one. What could not be sent for minutes goes with
the next one that is told, or is tried again after a while; meanwhile `watcher status` shows the
same. Of what lasts the beginning is told, over restarts too, and not again until it ended.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from watcher.alerts.pace import spare
from watcher.alerts.senders import Sender
from watcher.errors import DeliveryError, StorageError
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.rests import Rests
from watcher.service.log import get_logger
from watcher.service.moments import Clock, utc_now
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.rows import Notice

log = get_logger(__name__)

#: A notice is tried this often, with these waits between, before it waits for the next one.
WAITS_S = (5.0, 60.0, 300.0)
#: Notices in one message; more than this nobody reads, and services limit a message's length.
MOST_AT_ONCE = 10
#: When the program ends, a notice on its way has this long to arrive.
LAST_S = 1.0
#: A run of one round waits for its notices as long as a daemon does at its end for what is on its
#: way: most mail servers answer within that, and a timer starts many rounds.
SETTLE_S = 10.0


def _never(_channel: str) -> bool:
    """Stand in where no channel has quiet hours."""
    return False


class Ops:
    """Sends notices in the background, in order; those that pile up go out as one message.

    Args:
        waits_s: seconds to wait after each failed try of a notice.
        last_s: seconds that a notice on its way has when we close.
        rests: who must be left alone.
        paces: who gets its next message when.
    """

    def __init__(
        self,
        waits_s: Sequence[float] = WAITS_S,
        last_s: float = LAST_S,
        rests: Rests | None = None,
        paces: Paces | None = None,
    ) -> None:
        self._paces = paces or Paces()
        self._waits_s = waits_s
        self._last_s = last_s
        self._rests = rests
        self._name: str | None = None
        self._senders: Mapping[str, Sender] = {}
        self._is_quiet: Callable[[str], bool] = _never
        self._waiting: list[Notice] = []
        self._unsent: list[Notice] = []
        self._writer: Writer | None = None
        self._clock: Clock = utc_now
        self._task: asyncio.Task[None] | None = None
        self._is_resting = False

    def use(
        self,
        name: str | None,
        senders: Mapping[str, Sender],
        is_quiet: Callable[[str], bool] = _never,
    ) -> None:
        """Send through this channel from now on, also what could not be sent; None logs only.

        Args:
            name: of `ops_channel`.
            senders: of all channels, for notices that it cannot tell.
            is_quiet: whether a channel has quiet hours now: a sick feed wakes nobody; that alerts
                do not arrive may.
        """
        self._name, self._senders, self._is_quiet = name, senders, is_quiet
        if self._unsent or self._waiting:
            self._begin()

    async def open(self, writer: Writer, clock: Clock) -> None:
        """Keep notices in the database from now on; those that wait there are told by `use`."""
        self._writer, self._clock = writer, clock
        self._unsent = list(await writer.run(lambda tx: tx.notices.due()))

    def tell(
        self, text: str, *, about: str | None = None, anywhere: bool = False, **values: object
    ) -> None:
        """Log a notice and send it.

        Args:
            text: one sentence.
            about: the channel that is in trouble: it is told by another one.
            anywhere: when `ops_channel` is not set, or refuses, every other channel will do.
            values: for the log.
        """
        log.warning("notice", text=text, **values)
        notice = Notice(text, about, anywhere)
        if self._writer is None and not self._roads(notice):
            return
        self._waiting.append(notice)
        self._begin()

    async def tell_again(self) -> None:
        """Try anew what could not be sent."""
        if self._unsent:
            self._begin()

    def _begin(self) -> None:
        """Tell what waits, after what could not be told before."""
        newest_first = dict.fromkeys(reversed([*self._unsent, *self._waiting]))
        self._waiting, self._unsent = list(reversed(newest_first)), []
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._deliver(), name="notices")

    def _roads(self, notice: Notice) -> list[Sender]:
        """Return who may tell a notice, the first choice first."""
        names = dict.fromkeys((self._name, *(self._senders if notice.anywhere else ())))
        names.pop(notice.about, None)
        return [self._senders[name] for name in names if name in self._senders]

    async def _deliver(self) -> None:
        while self._waiting:
            await self._keep_waiting()
            kind = self._waiting[0][1:]
            taken = [one for one in self._waiting if one[1:] == kind]
            self._waiting = [one for one in self._waiting if one[1:] != kind]
            await self._deliver_all(taken)

    async def _deliver_all(self, taken: Sequence[Notice]) -> None:
        """Send notices that go the same way as one message."""
        text = _joined([one.text for one in taken])
        if await self._send(taken[0]._replace(text=text)):
            await self._record(lambda tx: tx.notices.settle(taken))
        else:
            self._unsent += taken

    async def _keep_waiting(self) -> None:
        """Keep all that waits: an earlier notice alone may say the opposite of what is so now."""
        waiting: list[Notice] = []
        while waiting != self._waiting:  # more may come while these are kept
            waiting = list(self._waiting)
            await self._record(partial(self._keep, waiting))

    def _keep(self, notices: Sequence[Notice], tx: Transaction) -> None:
        tx.notices.keep(notices, self._clock())

    async def _record(self, work: Callable[[Transaction], None]) -> None:
        """Note what is to be told, or was; a database that is full keeps nobody from telling."""
        if self._writer is None:
            return
        try:
            await self._writer.run(work)
        except StorageError as error:
            log.warning("notice could not be recorded", error=str(error))

    async def _send(self, notice: Notice) -> bool:
        """Send by the first road that takes it; False if one that did not may take it later."""
        may_later = False
        for road in self._roads(notice):
            error = await self._send_by(road, notice)
            if error is None:
                return True
            may_later |= not error.permanent
        return not may_later

    async def _send_by(self, road: Sender, notice: Notice) -> DeliveryError | None:
        """Send by one road, in several tries; return why the last one failed."""
        waits = iter(self._waits_s)
        while True:
            await self._leave_alone(road)
            await self._keep_waiting()
            error = await self._try(road, notice)
            if error is None:
                return None
            if error.retry_after and self._rests:
                self._rests.rest(road.limit_key, error.retry_after)
            wait_s = next(waits, None)
            if error.permanent or wait_s is None:
                log.warning("notice not sent", error=str(error))
                return error
            asked_s = error.retry_after.total_seconds() if error.retry_after else 0.0
            await self._rest(max(wait_s, asked_s))

    async def _leave_alone(self, road: Sender) -> None:
        """Wait while the service has asked for it, or would."""
        left = self._rests.left(road.limit_key).total_seconds() if self._rests else 0.0
        left = max(left, self._paces.left_s(road, spare(None)))
        if left > 0:
            await self._rest(left)

    async def _try(self, road: Sender, notice: Notice) -> DeliveryError | None:
        name = self._name or ""
        is_own = road is self._senders.get(name)
        silent = is_own and not notice.anywhere and self._is_quiet(name)
        try:
            with self._paces.counted(road):
                await road.notice(notice.text, silent=silent)
        except DeliveryError as error:
            return error
        except Exception as error:
            # The border of one notice: a fault of ours costs this one and no other.
            log.exception("notice failed unexpectedly")
            return DeliveryError(repr(error), permanent=True)
        return None

    async def _rest(self, seconds: float) -> None:
        self._is_resting = True
        try:
            await asyncio.sleep(seconds)
        finally:
            self._is_resting = False

    async def settle(self) -> None:
        """Wait a little for what was told to arrive."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=SETTLE_S)

    async def close(self) -> None:
        """Let the notice on its way arrive, if that is soon; the others stay for the next run."""
        if self._task is not None:
            if not self._is_resting:
                await asyncio.wait([self._task], timeout=self._last_s)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._keep_waiting()
        self._writer = None


class Once:
    """Tells the operator of each thing that lasts once; the database remembers what was told.

    Args:
        writer: runs its transactions.
        ops: sends the notices.
        clock: the present time.
    """

    def __init__(self, writer: Writer, ops: Ops, clock: Clock) -> None:
        self._writer, self._ops, self._clock = writer, ops, clock

    async def tell(
        self, key: str, text: str, *, about: str | None = None, anywhere: bool = False
    ) -> None:
        """Tell that something is so, unless that was told and not taken back since.

        Args:
            key: what it is known by.
            text: one sentence.
            about: the channel that is in trouble; see `Ops.tell`.
            anywhere: whether every other channel will do; see there.
        """
        notice = Notice(text, about, anywhere)

        def note(tx: Transaction) -> bool:
            now = self._clock()
            if is_news := tx.notices.tell(key, now):
                tx.notices.keep([notice], now)
            return is_news

        if await self._writer.run(note):
            self._ops.tell(text, about=about, anywhere=anywhere)
        else:
            log.info("notice told before", text=text)

    async def take_back(self, key: str, text: str = "") -> None:
        """Forget that it was told; if it was, tell of its end, where there is anything to say."""

        def note(tx: Transaction) -> bool:
            was_told = tx.notices.clear(key)
            if was_told and text:
                tx.notices.keep([Notice(text)], self._clock())
            return was_told

        if await self._writer.run(note) and text:
            self._ops.tell(text)


def _joined(texts: Sequence[str]) -> str:
    more = len(texts) - MOST_AT_ONCE
    tail = [f"and {more} more: see `watcher status`"] if more > 0 else []
    return "; ".join([*texts[:MOST_AT_ONCE], *tail])
