"""Telling the operator: trouble with feeds, deliveries and configurations goes to `ops_channel`.

A notice is logged always, and sent as well as can be: it is not worth an outbox of its own, since
`watcher status` shows the same as long as it lasts.
"""

import asyncio
from collections.abc import Sequence

import structlog

from watcher.alerts.senders import Sender
from watcher.errors import DeliveryError

log = structlog.get_logger(__name__)

#: A notice is tried this often, with these waits between; what it tells is in `status` too.
WAITS_S = (5.0, 60.0, 300.0)
#: Notices in one message; more than this nobody reads, and services limit a message's length.
MOST_AT_ONCE = 10
#: When the program ends, a notice on its way has this long to arrive.
LAST_S = 1.0


class Ops:
    """Sends notices in the background, in order; those that pile up go out as one message.

    Args:
        waits_s: seconds to wait after each failed try of a notice.
        last_s: seconds that a notice on its way has when we close.
    """

    def __init__(self, waits_s: Sequence[float] = WAITS_S, last_s: float = LAST_S) -> None:
        self._waits_s = waits_s
        self._last_s = last_s
        self._sender: Sender | None = None
        self._waiting: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._is_resting = False

    def use(self, sender: Sender | None) -> None:
        """Send through this channel from now on; None logs only."""
        self._sender = sender

    def tell(self, text: str, **values: object) -> None:
        """Log a notice and send it."""
        log.warning("notice", text=text, **values)
        if self._sender is None:
            return
        self._waiting.append(text)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._deliver(), name="notices")

    async def _deliver(self) -> None:
        while self._waiting:
            texts, self._waiting = self._waiting, []
            await self._send(_joined(texts))

    async def _send(self, text: str) -> None:
        for wait_s in (*self._waits_s, None):
            error = await self._try(text)
            if error is None:
                return
            if error.permanent or wait_s is None:
                log.warning("notice not sent", error=str(error))
                return
            asked_s = error.retry_after.total_seconds() if error.retry_after else 0.0
            await self._rest(max(wait_s, asked_s))

    async def _try(self, text: str) -> DeliveryError | None:
        try:
            if self._sender is not None:
                await self._sender.notice(text)
        except DeliveryError as error:
            return error
        except Exception as error:
            # The border of one notice: a fault of ours costs this one and no other.
            log.exception("notice failed unexpectedly")
            return DeliveryError(repr(error), permanent=True)
        return None

    async def _rest(self, seconds: float) -> None:
        self._is_resting = True
        await asyncio.sleep(seconds)
        self._is_resting = False

    async def close(self) -> None:
        """Let the notice on its way arrive, if that is soon; give up the others."""
        if self._task is None:
            return
        if not self._is_resting:
            await asyncio.wait([self._task], timeout=self._last_s)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def _joined(texts: Sequence[str]) -> str:
    more = len(texts) - MOST_AT_ONCE
    tail = [f"and {more} more: see `watcher status`"] if more > 0 else []
    return "; ".join([*texts[:MOST_AT_ONCE], *tail])
