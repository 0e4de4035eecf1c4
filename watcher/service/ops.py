"""Telling the operator: trouble with feeds, deliveries and configurations goes to `ops_channel`.

A notice is logged always, and sent as well as can be: it is not worth an outbox of its own, since
`watcher status` shows the same as long as it lasts.
"""

import asyncio

import structlog

from watcher.alerts.senders import Sender
from watcher.errors import DeliveryError

log = structlog.get_logger(__name__)

#: A notice is tried this often, with these waits between; what it tells is in `status` too.
WAITS_S = (5.0, 60.0, 300.0)


class Ops:
    """Sends notices in the background, one after the other."""

    def __init__(self) -> None:
        self._sender: Sender | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def use(self, sender: Sender | None) -> None:
        """Send through this channel from now on; None logs only."""
        self._sender = sender

    def tell(self, text: str, **values: object) -> None:
        """Log a notice and send it."""
        log.warning("notice", text=text, **values)
        if self._sender:
            task = asyncio.create_task(self._send(self._sender, text), name="notice")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, sender: Sender, text: str) -> None:
        for wait_s in (*WAITS_S, None):
            try:
                await sender.notice(text)
            except DeliveryError as error:
                if error.permanent or wait_s is None:
                    log.warning("notice not sent", error=str(error))
                    return
                asked = error.retry_after.total_seconds() if error.retry_after else 0.0
                await asyncio.sleep(max(wait_s, asked))
            else:
                return

    async def close(self) -> None:
        """Give up what could not be sent."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
