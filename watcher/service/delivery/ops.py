"""Telling the operator: trouble with feeds, deliveries and configurations goes to `ops_channel`.

A notice is logged always, and kept in the database until it is sent: whoever knows of something by
a transaction keeps the notice of it in the same one. Those that go the same way are told one after
the other, and no way waits for another. What no road takes goes with the next one that is told, or
is tried again after a while (alerts.notices says what goes when, and what is given up); meanwhile
`watcher status` shows the same. Of what lasts the beginning is told, over restarts too, and not
again until it ended.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain

from watcher.alerts.notices import (
    Notice,
    Way,
    afterwards,
    joined,
    next_message,
)
from watcher.alerts.senders import Sender
from watcher.errors import StorageError
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.rests import Rests
from watcher.service.delivery.roads import Roads, never
from watcher.service.log import get_logger
from watcher.service.moments import Clock, utc_now
from watcher.service.writer import Writer
from watcher.storage.database import Transaction

log = get_logger(__name__)

#: A road is tried this often, with these waits between, before another one is, or a later round:
#: in all for as long as a notice has patience.
WAITS_S = (5.0, 55.0)
#: When the program ends, a notice on its way has as long to arrive as alerts have, and a run of one
#: round waits as long, once: most mail servers answer within that, and a timer starts many rounds.
SETTLE_S = 10.0


class Ops:
    """Sends notices in the background; those that go the same way in order.

    Args:
        waits_s: seconds to wait after each failed try of a notice.
        settle_s: seconds that notices on their way have before we close, in all.
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
        waits = [timedelta(seconds=wait_s) for wait_s in waits_s]
        self._roads = Roads(paces or Paces(), rests or Rests(utc_now), waits)
        self._settle_s = settle_s
        self._keeping = asyncio.Lock()
        self._writer: Writer | None = None
        self._clock: Clock = utc_now
        self._tasks: dict[Way, asyncio.Task[None]] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._waiting: list[Notice] = []
        self._on_their_way: dict[Way, Sequence[Notice]] = {}
        self._kept: list[Notice] = []
        self._untried: set[Way] = set()
        self._resumes = True
        self._settled_by_s: float | None = None

    def use(
        self,
        name: str | None,
        senders: Mapping[str, Sender],
        is_quiet: Callable[[str], bool] = never,
    ) -> None:
        """Send through this channel from now on, also what could not be sent; None logs only.

        Args:
            name: of `ops_channel`.
            senders: of all channels, for notices that it cannot tell.
            is_quiet: whether a channel has quiet hours now: a sick feed wakes nobody; that alerts
                do not arrive may.
        """
        self._roads.use(name, senders, is_quiet)
        due = {one.way for one in self._due()} if self._resumes else self._untried
        self._begin(due)

    async def open(self, writer: Writer, clock: Clock, *, resumes: bool = True) -> None:
        """Keep notices in the database from now on; those that wait there are told by `use`.

        Args:
            writer: runs its transactions.
            clock: the present time.
            resumes: False leaves those to a run that has the time to tell them, but for what has
                to be told before something new.
        """
        self._writer, self._clock, self._resumes = writer, clock, resumes
        self._waiting = list(await writer.run(lambda tx: tx.notices.due()))
        self._kept = list(self._waiting)

    def tell(
        self, text: str, *, about: str | None = None, anywhere: bool = False, **values: object
    ) -> None:
        """Log a notice and send it.

        Args:
            text: one sentence.
            about: the channel that is in trouble: it is told by another one, if there is any.
            anywhere: when `ops_channel` is not set, or refuses, every other channel will do.
            values: for the log.
        """
        log.warning("notice", text=text, **values)
        notice = Notice(text, about, anywhere)
        if self._writer is None and not self._roads.of(notice.way):
            return
        self._waiting.append(notice)
        self._begin({notice.way})
        if self._writer and (self._keeper is None or self._keeper.done()):
            self._keeper = asyncio.create_task(self._keep(), name="keep notices")

    async def tell_again(self) -> None:
        """Try anew what could not be sent."""
        self._begin({one.way for one in self._waiting})

    def _begin(self, ways: Collection[Way]) -> None:
        """Tell what goes these ways; first that alerts do not arrive."""
        self._untried.update(ways)
        for way in sorted(ways, key=lambda way: not way[1]):
            if self._roads.is_open and way not in self._tasks:
                self._tasks[way] = asyncio.create_task(self._serve(way), name="notices")

    async def _serve(self, way: Way) -> None:
        """Tell what goes one way, for as long as something new is to be told."""
        try:
            while self._roads.is_open and way in self._untried:
                self._untried.discard(way)
                if message := self._taken(way):
                    await self._deliver(message)
        finally:
            # Whatever went wrong, what was on its way is to be told still.
            self._waiting = [*self._on_their_way.pop(way, ()), *self._waiting]
            del self._tasks[way]

    def _taken(self, way: Way) -> Sequence[Notice]:
        """Take the next message out of what waits; what is so again comes last."""
        self._waiting = _each_once(self._waiting)
        going = [one for one in self._waiting if one.way == way]
        message = next_message(going, self._clock())
        if message:
            self._on_their_way[way] = message
            self._waiting = [one for one in self._waiting if one.way != way]
        return message

    async def _deliver(self, message: Sequence[Notice]) -> None:
        """Send a message; what of it is to be told still goes before what came meanwhile."""
        await self._keep()  # an earlier notice alone may say the opposite of what is so now
        fate = afterwards(message, await self._roads.send(message), self._clock())
        if fate.why_given_up:
            given_up = [one.text for one in message[: len(message) - len(fate.waits)]]
            log.warning("notice given up", text=joined(given_up), reason=fate.why_given_up)
        del self._on_their_way[message[0].way]
        self._waiting = [*fate.waits, *self._waiting]
        self._kept = [*self._kept, *message]  # also by who noted it beside what it tells of
        await self._keep()

    async def _keep(self) -> None:
        """Have the database hold what is to be told, in its order, and nothing else."""
        async with self._keeping:
            while (due := self._due()) != self._kept:
                gone = set(self._kept).difference(due)
                if not await self._record(partial(self._note, due, gone)):
                    return
                self._kept = due

    def _due(self) -> list[Notice]:
        return _each_once([*chain.from_iterable(self._on_their_way.values()), *self._waiting])

    def _note(self, due: Sequence[Notice], gone: Collection[Notice], tx: Transaction) -> None:
        tx.notices.settle(gone)
        tx.notices.keep(due, self._clock())

    async def _record(self, work: Callable[[Transaction], None]) -> bool:
        """Note what is to be told, or was; a database that is full keeps nobody from telling."""
        if self._writer is None:
            return False
        try:
            await self._writer.run(work)
        except StorageError as error:
            log.warning("notice could not be recorded", error=str(error))
            return False
        return True

    async def settle(self) -> None:
        """Wait a little for what was told to arrive, however often we are asked to."""
        now_s = asyncio.get_running_loop().time()
        self._settled_by_s = self._settled_by_s or now_s + self._settle_s
        if self._tasks:
            left_s = max(0.0, self._settled_by_s - now_s)
            await asyncio.wait(self._tasks.values(), timeout=left_s)

    async def stop(self) -> None:
        """Let what is on its way arrive, if that is soon, and wait for nothing else."""
        self._roads.stop()
        await self.settle()

    async def close(self) -> None:
        """Stop; what did not arrive stays for the next run."""
        await self.stop()
        self._roads.cut()
        tasks = [*self._tasks.values(), *([self._keeper] if self._keeper else [])]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._keep()
        self._writer = None
        self._begin_anew()


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
