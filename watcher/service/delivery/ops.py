"""Telling the operator: trouble with feeds, deliveries and configurations goes to `ops_channel`.

A notice is logged always, and sent as well as can be: it is not worth an outbox of its own, since
`watcher status` shows the same as long as it lasts. Of what lasts the beginning is told, over
restarts too, and not again until it ended.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from watcher.alerts.senders import Sender
from watcher.errors import DeliveryError
from watcher.service.delivery.rests import Rests
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.service.writer import Writer

log = get_logger(__name__)

#: A notice is tried this often, with these waits between; what it tells is in `status` too.
WAITS_S = (5.0, 60.0, 300.0)
#: Notices in one message; more than this nobody reads, and services limit a message's length.
MOST_AT_ONCE = 10
#: When the program ends, a notice on its way has this long to arrive.
LAST_S = 1.0
#: A run of one round waits for its notices as long as a daemon does at its end for what is on its
#: way: most mail servers answer within that, and a timer starts many rounds.
SETTLE_S = 10.0


class Notice(NamedTuple):
    """One notice; `about` is the channel in trouble, `anywhere` lets every other one tell it."""

    text: str
    about: str | None = None
    anywhere: bool = False


def _never(_channel: str) -> bool:
    """Stand in where no channel has quiet hours."""
    return False


class Ops:
    """Sends notices in the background, in order; those that pile up go out as one message.

    Args:
        waits_s: seconds to wait after each failed try of a notice.
        last_s: seconds that a notice on its way has when we close.
        rests: who must be left alone.
    """

    def __init__(
        self,
        waits_s: Sequence[float] = WAITS_S,
        last_s: float = LAST_S,
        rests: Rests | None = None,
    ) -> None:
        self._waits_s = waits_s
        self._last_s = last_s
        self._rests = rests
        self._name: str | None = None
        self._senders: Mapping[str, Sender] = {}
        self._is_quiet: Callable[[str], bool] = _never
        self._waiting: list[Notice] = []
        self._task: asyncio.Task[None] | None = None
        self._is_resting = False

    def use(
        self,
        name: str | None,
        senders: Mapping[str, Sender],
        is_quiet: Callable[[str], bool] = _never,
    ) -> None:
        """Send through this channel from now on; None logs only.

        Args:
            name: of `ops_channel`.
            senders: of all channels, for notices that it cannot tell.
            is_quiet: whether a channel has quiet hours now: a sick feed wakes nobody; that alerts
                do not arrive may.
        """
        self._name, self._senders, self._is_quiet = name, senders, is_quiet

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
        if not self._roads(notice):
            return
        self._waiting.append(notice)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._deliver(), name="notices")

    def _roads(self, notice: Notice) -> list[Sender]:
        """Return who may tell a notice, the first choice first."""
        names = dict.fromkeys((self._name, *(self._senders if notice.anywhere else ())))
        names.pop(notice.about, None)
        return [self._senders[name] for name in names if name in self._senders]

    async def _deliver(self) -> None:
        while self._waiting:
            kind = self._waiting[0][1:]
            texts = [one.text for one in self._waiting if one[1:] == kind]
            self._waiting = [one for one in self._waiting if one[1:] != kind]
            await self._send(Notice(_joined(texts), *kind))

    async def _send(self, notice: Notice) -> None:
        for road in self._roads(notice):
            if await self._send_by(road, notice):
                return

    async def _send_by(self, road: Sender, notice: Notice) -> bool:
        for wait_s in (*self._waits_s, None):
            await self._leave_alone(road)
            error = await self._try(road, notice)
            if error is None:
                return True
            if error.retry_after and self._rests:
                self._rests.rest(road.limit_key, error.retry_after)
            if error.permanent or wait_s is None:
                log.warning("notice not sent", error=str(error))
                return False
            asked_s = error.retry_after.total_seconds() if error.retry_after else 0.0
            await self._rest(max(wait_s, asked_s))
        return False

    async def _leave_alone(self, road: Sender) -> None:
        """Wait while the service has asked for it."""
        left = self._rests.left(road.limit_key).total_seconds() if self._rests else 0.0
        if left > 0:
            await self._rest(left)

    async def _try(self, road: Sender, notice: Notice) -> DeliveryError | None:
        name = self._name or ""
        is_own = road is self._senders.get(name)
        silent = is_own and not notice.anywhere and self._is_quiet(name)
        try:
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
        """Let the notice on its way arrive, if that is soon; give up the others."""
        if self._task is None:
            return
        if not self._is_resting:
            await asyncio.wait([self._task], timeout=self._last_s)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


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
        if await self._writer.run(lambda tx: tx.notices.tell(key, self._clock())):
            self._ops.tell(text, about=about, anywhere=anywhere)
        else:
            log.info("notice told before", text=text)

    async def take_back(self, key: str, text: str = "") -> None:
        """Forget that it was told; if it was, tell of its end, where there is anything to say."""
        if await self._writer.run(lambda tx: tx.notices.clear(key)) and text:
            self._ops.tell(text)


def _joined(texts: Sequence[str]) -> str:
    more = len(texts) - MOST_AT_ONCE
    tail = [f"and {more} more: see `watcher status`"] if more > 0 else []
    return "; ".join([*texts[:MOST_AT_ONCE], *tail])
