"""Notices of what lasts: told when it begins, over restarts too, and not again until it ended."""

from collections.abc import Callable
from datetime import datetime

from watcher.service.delivery.ops import Ops
from watcher.service.log import get_logger
from watcher.service.writer import Writer

log = get_logger(__name__)


class Once:
    """Tells the operator of each thing once; the database remembers what was told.

    Args:
        writer: runs its transactions.
        ops: sends the notices.
        clock: the present time.
    """

    def __init__(self, writer: Writer, ops: Ops, clock: Callable[[], datetime]) -> None:
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
