"""Taking over the configuration as it is on disk, and telling why it is not in force."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from watcher.service.in_force.reload import ConfigFile, trouble_of
from watcher.service.in_force.watch import Watch
from watcher.service.log import get_logger
from watcher.service.moments import Clock

log = get_logger(__name__)


class Reloading:
    """Reads the configuration anew, one time after the other: what was read last is in force.

    Attributes:
        loaded: when the configuration in force was read.
        refused: what is wrong with the one on disk; empty when it is the one in force.

    Args:
        config: the file; None for a fixed configuration.
        take_over: makes a configuration the one in force.
        tell: tells the operator what is refused, and why.
        clock: the present time.
        amid: entered for each try, and left when that is over.
    """

    def __init__(
        self,
        config: ConfigFile | None,
        take_over: Callable[[Watch], Awaitable[None]],
        tell: Callable[[str], None],
        clock: Clock,
        amid: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._config = config
        self._take_over = take_over
        self._tell, self._clock, self._amid = tell, clock, amid
        self._turn = asyncio.Lock()
        self.loaded = clock()
        self.refused = ""

    async def is_due(self) -> bool:
        """Whether a file of the configuration changed."""
        if self._config is None:
            return False
        async with self._turn:
            return await asyncio.to_thread(self._config.changed)

    async def reload(self) -> None:
        """Take over a changed configuration; a bad one is refused and the running one stays."""
        if self._config is None:
            return
        async with self._turn:
            with self._amid():
                try:
                    await self._read_anew(self._config)
                except Exception as error:
                    self._refuse("configuration not taken over", trouble_of(error))
                    raise

    async def _read_anew(self, config: ConfigFile) -> None:
        settings, complaint = await asyncio.to_thread(config.read)
        if settings is None:
            self._refuse("configuration refused, the running one stays", complaint)
            return
        watch = await asyncio.to_thread(Watch.of, settings)
        await self._take_over(watch)
        self.loaded, self.refused = self._clock(), ""
        if moved := config.moved(settings):
            self._tell(moved)
        log.info("configuration reloaded", **watch.counts)

    def _refuse(self, what: str, trouble: str) -> None:
        """Say why a configuration is not in force, once for all tries in a row."""
        text = f"{what}: {trouble}"
        if self.refused == trouble:
            log.warning("notice", text=text)
        else:
            self._tell(text)
        self.refused = trouble
