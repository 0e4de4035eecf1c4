"""Telling the operator: trouble with feeds, deliveries and configurations goes to `ops_channel`.

A notice is logged always, and kept in the database until it is sent: whoever knows of something by
a transaction keeps the notice of it in the same one. What no road takes for minutes goes with the
next one that is told, or is tried again after a while (alerts.notices says when it is given up);
meanwhile `watcher status` shows the same. Of what lasts the beginning is told, over restarts too,
and not again until it ended.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from watcher.alerts.notices import joined, next_try, said_again, why_given_up
from watcher.alerts.senders import Sender
from watcher.errors import DeliveryError, StorageError
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.rests import Rests
from watcher.service.log import get_logger
from watcher.service.moments import Clock, utc_now
from watcher.service.writer import Writer
from watcher.storage.database import Transaction
from watcher.storage.rows import Notice, Way

log = get_logger(__name__)

#: A road is tried this often, with these waits between, before a notice waits for the next one.
WAITS_S = (5.0, 60.0, 300.0)
#: When the program ends, a notice on its way has as long to arrive as alerts have, and a run of one
#: round waits as long: most mail servers answer within that, and a timer starts many rounds.
SETTLE_S = 10.0


def _never(_channel: str) -> bool:
    """Stand in where no channel has quiet hours."""
    return False


class Ops:
    """Sends notices in the background; those that go the same way in order, as one message.

    Args:
        waits_s: seconds to wait after each failed try of a notice.
        settle_s: seconds that a notice on its way has when we close.
        rests: who must be left alone.
        paces: who gets its next message when.
    """

    def __init__(
        self,
        waits_s: Sequence[float] = WAITS_S,
        settle_s: float = SETTLE_S,
        rests: Rests | None = None,
        paces: Paces | None = None,
    ) -> None:
        self._paces = paces or Paces()
        self._waits = [timedelta(seconds=wait_s) for wait_s in waits_s]
        self._settle_s = settle_s
        self._rests = rests or Rests(utc_now)
        self._name: str | None = None
        self._senders: Mapping[str, Sender] = {}
        self._is_quiet: Callable[[str], bool] = _never
        self._waiting: list[Notice] = []
        self._untried: list[Way] = []
        self._writer: Writer | None = None
        self._clock: Clock = utc_now
        self._task: asyncio.Task[None] | None = None
        self._woken = self._interrupted = asyncio.Event()

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
        self._woken.set()
        self._woken = asyncio.Event()
        self._begin()

    async def open(self, writer: Writer, clock: Clock, *, resumes: bool = True) -> None:
        """Keep notices in the database from now on; those that wait there are told by `use`.

        Args:
            writer: runs its transactions.
            clock: the present time.
            resumes: False leaves those to a run that has the time to tell them.
        """
        self._writer, self._clock = writer, clock
        if resumes:
            self._waiting = list(await writer.run(lambda tx: tx.notices.due()))

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
        if self._writer is None and not self._roads(notice.way):
            return
        self._waiting.append(notice)
        self._begin()

    async def tell_again(self) -> None:
        """Try anew what could not be sent."""
        self._begin()

    def _begin(self) -> None:
        """Tell what waits, also what could not be told before; first that alerts do not arrive."""
        self._waiting = _each_once(self._waiting)
        ways = dict.fromkeys(one.way for one in self._waiting)
        self._untried = sorted(ways, key=lambda way: not way[1])
        if self._untried and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._deliver(), name="notices")

    async def _deliver(self) -> None:
        while self._untried:
            await self._keep_waiting()
            way = self._untried.pop(0)
            taken = [one for one in self._waiting if one.way == way]
            self._waiting = [one for one in self._waiting if one.way != way]
            left = await self._deliver_all(way, taken)
            self._waiting = _each_once([*left, *self._waiting])
            await self._record(partial(self._keep, tuple(self._waiting), instead=taken))

    async def _deliver_all(self, way: Way, taken: Sequence[Notice]) -> Sequence[Notice]:
        """Send notices that go the same way as one message; return those that wait again."""
        text, errors = joined([one.text for one in taken]), []
        self._interrupted = self._woken
        for road in self._roads(way):
            error = await self._send_by(road, text, way)
            if error is None:
                return ()
            errors.append(error)
            if self._interrupted is not self._woken:  # there are other channels now
                self._untried.append(way)
                return taken
        return list(_left(taken, errors)) if errors else ()

    def _roads(self, way: Way) -> list[Sender]:
        """Return who may tell a notice, the first choice first."""
        about, anywhere = way
        names = dict.fromkeys((self._name, *(self._senders if anywhere else ())))
        names.pop(about, None)
        return [self._senders[name] for name in names if name in self._senders]

    async def _keep_waiting(self) -> None:
        """Keep all that waits: an earlier notice alone may say the opposite of what is so now."""
        waiting: list[Notice] = []
        while waiting != self._waiting:  # more may come while these are kept
            waiting = list(self._waiting)
            await self._record(partial(self._keep, waiting))

    def _keep(
        self, notices: Sequence[Notice], tx: Transaction, instead: Sequence[Notice] = ()
    ) -> None:
        tx.notices.settle(instead)
        tx.notices.keep(notices, self._clock())

    async def _record(self, work: Callable[[Transaction], None]) -> None:
        """Note what is to be told, or was; a database that is full keeps nobody from telling."""
        if self._writer is None:
            return
        try:
            await self._writer.run(work)
        except StorageError as error:
            log.warning("notice could not be recorded", error=str(error))

    async def _send_by(self, road: Sender, text: str, way: Way) -> DeliveryError | None:
        """Send by one road, in several tries; return why the last one failed."""
        waits, longest = iter(self._waits), max(self._waits, default=timedelta(0))
        while True:
            await self._keep_waiting()
            error = await self._wait_for(road) or await self._try(road, text, way)
            if error is None:
                return None
            wait = next_try(error, next(waits, None), longest)
            if wait is None:
                log.warning("notice not sent", error=str(error))
            if wait is None or not await self._rest(wait.total_seconds()):
                return error

    async def _wait_for(self, road: Sender) -> DeliveryError | None:
        """Wait until a road's chat takes something; return why it is not to be asked yet."""
        if left := self._rests.left(road.limit_key):
            return DeliveryError("its service wants to be left alone", retry_after=left)
        while left_s := self._paces.turn_s(road, None, self):
            if not await self._rest(left_s):
                self._paces.leave(self)
                return DeliveryError("its chat had its share")
        return None

    async def _try(self, road: Sender, text: str, way: Way) -> DeliveryError | None:
        name = self._name or ""
        is_own, (_, anywhere) = road is self._senders.get(name), way
        silent = is_own and not anywhere and self._is_quiet(name)
        try:
            with self._paces.counted(road, self):
                await road.notice(text, silent=silent)
        except DeliveryError as error:
            if error.retry_after:
                self._rests.rest(road.limit_key, error.retry_after)
            return error
        except Exception as error:
            # The border of one notice: a fault of ours costs this one and no other.
            log.exception("notice failed unexpectedly")
            return DeliveryError(repr(error), permanent=True, text_refused=True)
        return None

    async def _rest(self, seconds: float) -> bool:
        """Wait; False, at once, when there are other channels or we end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._interrupted.wait()
        return not self._interrupted.is_set()

    async def settle(self) -> None:
        """Wait a little for what was told to arrive."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self._settle_s)

    async def close(self) -> None:
        """Let the notice on its way arrive, if that is soon; the others stay for the next run."""
        self._woken.set()
        await self.settle()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._keep_waiting()
        self._paces.leave(self)
        self._writer, self._waiting, self._untried = None, [], []
        self._woken = asyncio.Event()


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

    async def take_back(
        self, key: str, text: str = "", *, about: str | None = None, anywhere: bool = False
    ) -> None:
        """Forget that it was told; if it was, tell of its end, where there is anything to say.

        Args:
            key: what it is known by.
            text: one sentence.
            about: as its beginning was told: both go the same way, so that none overtakes the
                other.
            anywhere: the same.
        """
        notice = Notice(text, about, anywhere)

        def note(tx: Transaction) -> bool:
            was_told = tx.notices.clear(key)
            if was_told and text:
                tx.notices.keep([notice], self._clock())
            return was_told

        if await self._writer.run(note) and text:
            self._ops.tell(text, about=about, anywhere=anywhere)


def _each_once(notices: Sequence[Notice]) -> list[Notice]:
    """Return notices in their order; what is so again comes last."""
    return list(reversed(dict.fromkeys(reversed(notices))))


def _left(taken: Sequence[Notice], errors: Sequence[DeliveryError]) -> Iterator[Notice]:
    """Yield those of some notices that wait again after no road took them, as they are now."""
    for place, one in enumerate(taken, 1):
        if reason := why_given_up(one.text, errors, newer=len(taken) - place):
            log.warning("notice given up", text=one.text, reason=reason)
        else:
            yield one._replace(text=said_again(one.text, errors))
