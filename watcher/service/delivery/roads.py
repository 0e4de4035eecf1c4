"""The roads on which a notice may go: one sender after the other, each with some patience."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from watcher.alerts.compose import POSSIBLE_REPEAT
from watcher.alerts.notices import PATIENCE, Notice, Way, is_in_doubt, joined, next_try, urgency
from watcher.alerts.senders import Repeating, Sender
from watcher.errors import DeliveryError
from watcher.service.delivery.paces import Paces
from watcher.service.delivery.rests import Rests
from watcher.service.log import get_logger

log = get_logger(__name__)


def never(_channel: str) -> bool:
    """Stand in where no channel has quiet hours."""
    return False


class Roads:
    """Who may tell a notice, and telling it by one of them.

    Attributes:
        is_open: a configuration says who they are, and we do not end.

    Args:
        paces: who gets its next message when.
        rests: who must be left alone.
        waits: after each failed try of a road.
    """

    def __init__(self, paces: Paces, rests: Rests, waits: Sequence[timedelta]) -> None:
        self._paces, self._rests, self._waits = paces, rests, waits
        self._on_their_way: set[asyncio.Timeout] = set()
        self._hurry = asyncio.Event()
        self._senders: Mapping[str, Sender]
        self._forget()

    def use(
        self, name: str | None, senders: Mapping[str, Sender], is_quiet: Callable[[str], bool]
    ) -> None:
        """Take these from now on; who waits for another one waits no more."""
        self._name, self._senders, self._is_quiet = name, senders, is_quiet
        self.is_open = True
        self._hurry.set()
        self._hurry = asyncio.Event()

    def of(self, way: Way) -> list[Sender]:
        """Return who may tell a notice, the first choice first.

        Of a channel in trouble another one tells, or itself once it can, where there is no other.
        """
        about, anywhere = way
        names = dict.fromkeys((self._name, *(self._senders if anywhere else ())))
        others = [name for name in names if name in self._senders and name != about]
        return [self._senders[name] for name in others or names if name in self._senders]

    async def send(self, message: Sequence[Notice]) -> Sequence[DeliveryError]:
        """Send notices as one message; return why each road that was tried did not take it."""
        roads, hurry = self.of(message[0].way), self._hurry
        trip = _Trip(message, hurry)
        errors: list[DeliveryError] = []
        for road in roads:
            error = await self._send_by(road, trip, is_last=road is roads[-1])
            if error is None:
                return ()
            errors.append(error)
            trip.is_repeat |= is_in_doubt(error)
            if hurry is not self._hurry or not self.is_open:
                return [*errors, DeliveryError("there are other roads now")]
        return errors

    def stop(self) -> None:
        """Wait for nothing any more; what is on its way goes on."""
        self._hurry.set()

    def cut(self) -> None:
        """Wait for no answer any more, and begin nothing."""
        self._forget()
        for limit in self._on_their_way:
            limit.reschedule(asyncio.get_running_loop().time())

    def _forget(self) -> None:
        self.is_open, self._name, self._is_quiet = False, None, never
        self._senders = {}

    async def _send_by(self, road: Sender, trip: "_Trip", *, is_last: bool) -> DeliveryError | None:
        """Send by one road, in several tries; return why the last one failed."""
        waits = iter(self._waits)
        while True:
            error = self._resting(road)
            if not (error or await self._has_turn(road, trip, is_last=is_last)):
                return DeliveryError("its chat had its share")
            error = error or await self._try(road, trip)
            if error is None:
                return None
            wait = next_try(error, next(waits, None))
            if wait is None:
                log.warning("notice not sent", error=str(error))
            if wait is None or not await trip.rest(wait.total_seconds()):
                return error

    async def _has_turn(self, road: Sender, trip: "_Trip", *, is_last: bool) -> bool:
        """Wait until a road's chat takes something; where there are others, not for ever."""
        while left_s := self._paces.turn_s(road, urgency(trip.way, trip.waited), trip.way):
            patience_s = (PATIENCE - trip.waited).total_seconds()
            is_over = patience_s <= 0 and not is_last
            pause_s = min(left_s, patience_s) if patience_s > 0 else left_s
            if is_over or not await trip.rest(pause_s):
                self._paces.leave(trip.way)
                return False
        return True

    def _resting(self, road: Sender) -> DeliveryError | None:
        left = self._rests.left(road.limit_key)
        why = "its service wants to be left alone"
        return DeliveryError(why, retry_after=left) if left else None

    async def _try(self, road: Sender, trip: "_Trip") -> DeliveryError | None:
        limit = asyncio.timeout(None)
        self._on_their_way.add(limit)
        try:
            with self._paces.counted(road, trip.way):
                async with limit:
                    await self._hand_over(road, trip)
        except DeliveryError as error:
            if error.retry_after:
                self._rests.rest(road.limit_key, error.retry_after)
            return error
        except Exception as error:
            if limit.expired():
                return DeliveryError("we ended before its answer came", maybe_sent=True)
            # The border of one notice: a fault of ours costs this one and no other.
            log.exception("notice failed unexpectedly")
            return DeliveryError(repr(error), permanent=True, text_refused=True)
        finally:
            self._on_their_way.discard(limit)
        return None

    async def _hand_over(self, road: Sender, trip: "_Trip") -> None:
        name = self._name or ""
        is_own, (_, anywhere) = road is self._senders.get(name), trip.way
        silent = is_own and not anywhere and self._is_quiet(name)
        if trip.is_repeat and isinstance(road, Repeating):
            await road.repeat(trip.text, silent=silent)
        else:
            mark = POSSIBLE_REPEAT if trip.is_repeat else ""
            await road.notice(trip.text + mark, silent=silent)


class _Trip:
    """A message on its way.

    Args:
        message: its notices.
        hurry: set when it is to wait no more.
    """

    def __init__(self, message: Sequence[Notice], hurry: asyncio.Event) -> None:
        self.way = message[0].way
        self.text = joined([one.text for one in message])
        self.is_repeat = any(one.lost for one in message)
        self._hurry = hurry
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()

    @property
    def waited(self) -> timedelta:
        """How long it has been on its way."""
        return timedelta(seconds=self._loop.time() - self._began_s)

    async def rest(self, seconds: float) -> bool:
        """Wait; False, at once, where it is to wait no more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        return not self._hurry.is_set()
