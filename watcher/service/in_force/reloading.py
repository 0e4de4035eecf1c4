"""Taking over the configuration as it is on disk: when, and telling why it is not in force."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from watcher.errors import StorageError, WatcherError
from watcher.service.in_force.config_file import ConfigFile
from watcher.service.in_force.watch import Watch
from watcher.service.log import get_logger
from watcher.service.moments import Clock

log = get_logger(__name__)

#: A configuration that the database could not take is read anew after this.
RELOAD_RETRY = timedelta(seconds=30)


class Reloads:
    """Reloads when a signal or a changed file asks for it, one at a time.

    What is asked for while nobody serves, or is cut short by the end of that, is done next time.
    What the database could not take (disk full, locked) is tried again until it can.

    Args:
        reload: takes over the configuration as it is on disk.
        pause: the time between two tries.
    """

    def __init__(
        self, reload: Callable[[], Awaitable[None]], pause: timedelta = RELOAD_RETRY
    ) -> None:
        self._reload = reload
        self._pause = pause
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Have the configuration read anew, also when that is being done: it may be too late."""
        self._asked.set()

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Reload when asked to, until the end; none is under way after it."""
        task = asyncio.create_task(self._serve(), name="reload")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _serve(self) -> None:
        while await self._asked.wait():
            self._asked.clear()
            try:
                await self._reload()
            except asyncio.CancelledError:
                self._asked.set()
                raise
            except StorageError as error:
                log.error("configuration could not be taken over; will try again", error=str(error))  # noqa: TRY400
                await self._ask_again()
            except WatcherError as error:
                # Its sentence says what to do.
                log.error("configuration could not be taken over", error=str(error))  # noqa: TRY400
            except Exception:  # a fault of ours: the next one has its own try
                log.exception("configuration could not be taken over")

    async def _ask_again(self) -> None:
        """Ask after the pause, unless somebody asks before."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause.total_seconds()):
                    await self._asked.wait()
        finally:  # also when the life ends meanwhile: the next one has it done
            self._asked.set()


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
    """

    def __init__(
        self,
        config: ConfigFile | None,
        take_over: Callable[[Watch], Awaitable[None]],
        tell: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._config, self._take_over = config, take_over
        self._tell, self._clock = tell, clock
        self._turn = asyncio.Lock()
        self.loaded = clock()
        self.refused = ""

    async def is_due(self) -> bool:
        """Whether a file of the configuration changed."""
        if self._config is None:
            return False
        async with self._turn:
            return await asyncio.to_thread(self._config.changed)

    async def why_behind(self) -> str:
        """Return why what the file says is not in force; empty where it is."""
        if self._config is None:
            return ""
        if self.refused:
            return f"its file says something else by now, which is not in force: {self.refused}"
        if self._turn.locked():
            return "its file is just being read anew: try again soon"
        is_other = await asyncio.to_thread(self._config.is_other)
        return "its file has changed and is not taken over yet: try again soon" if is_other else ""

    async def reload(self) -> None:
        """Take over a changed configuration; a bad one is refused and the running one stays."""
        if self._config is None:
            return
        async with self._turn:
            try:
                await self._read_anew(self._config)
            except Exception as error:
                self._refuse("configuration not taken over", _trouble_of(error))
                raise

    async def _read_anew(self, config: ConfigFile) -> None:
        watch, complaint = await config.read()
        if watch is None:
            self._refuse("configuration refused, the running one stays", complaint)
            return
        await self._take_over(watch)
        was_refused, self.refused = self.refused, ""
        self.loaded = self._clock()
        if was_refused:
            self._tell("the configuration is well again: what its file says is in force")
        if moved := config.moved(watch.settings):
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


def _trouble_of(error: Exception) -> str:
    """Return what to say of why a configuration that was read could not be taken over."""
    match error:
        case StorageError():
            return f"{error}; Watcher tries again by itself"
        case WatcherError():
            return str(error)
    return f"a fault of Watcher: {error!r}; see its log"
