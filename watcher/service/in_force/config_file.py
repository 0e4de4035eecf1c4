"""The configuration file on disk: has it changed, and is what it says usable?"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from stat import S_ISREG

from watcher.config import Loaded, Problem, Settings, load, report
from watcher.config.reading import matching
from watcher.service.in_force.watch import Found, Watch, find_watch
from watcher.service.log import get_logger
from watcher.storage.lock import database_path

log = get_logger(__name__)

Stamp = tuple[int, int, int, int]

#: Files to include are not looked for again until this many times as long as it took has gone by:
#: `**` above a large tree takes seconds.
INCLUDE_REST = 100


class ConfigFile:
    """A configuration file with its includes, watched for changes.

    Watched are the files that were read, those that it keeps its secrets in, and those that its
    include patterns match by now.

    Args:
        path: the file.
        in_force: the settings that were read from it; one that says something else by now has
            changed. None for what it says now.
        find: finds what a file holds.
        clock: seconds that never jump.
    """

    def __init__(
        self,
        path: Path,
        in_force: Settings | None = None,
        *,
        find: Callable[[Path], Awaitable[Found]] = find_watch,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._find = find
        self._files: set[Path] = {path}
        self._beside: set[Path] = set()
        self._included = Included(clock)
        self._filled: set[str] = set()
        loaded = load(path)
        self._learn(loaded)
        self._fill(loaded)
        self._in_use = self._named = _database_of(in_force or loaded.settings or loaded.outline)
        self._last = self._look()
        self._known: Mapping[Path, Stamp | None] = self._last
        if in_force and in_force != loaded.settings:
            self._known = {}
        self._read = self._known

    def changed(self) -> bool:
        """Tell whether a file changed since the last change that was told or read.

        A change is told once two calls running find the same: a file still being written waits.
        For one that lies beside the configuration no other waits: there are programs that write
        theirs all the time.
        """
        now, before = self._look(), self._last
        self._last = now
        restless = {file for file in {*now, *before} if now.get(file) != before.get(file)}
        if restless - self._beside:
            return False
        files = {*now, *self._known} - restless
        fresh = {file: now.get(file) for file in files if now.get(file) != self._known.get(file)}
        self._known = {**self._known, **fresh}
        return bool(fresh)

    def is_other(self) -> bool:
        """Tell whether a file of the configuration itself changed since it was read."""
        now = self._look()
        files = {*now, *self._read} - self._beside
        return any(now.get(file) != self._read.get(file) for file in files)

    async def read(self) -> tuple[Watch | None, str]:
        """Return what to watch, or None and the first complaint; log what the file is warned of.

        Warnings of the watchlist are for `watcher check`; those of the file say who could read a
        secret or forge an entry.
        """
        before = await asyncio.to_thread(self._look)
        found = await self._find(self.path)
        return await asyncio.to_thread(self._take, found, before)

    def _take(self, found: Found, before: Mapping[Path, Stamp]) -> tuple[Watch | None, str]:
        loaded = found.loaded
        self._learn(loaded)
        # What changed while it was read must be seen as changed afterwards; so must a file that was
        # not watched before, for it may be another by now than the one that was read.
        self._known = self._last = self._read = before
        errors = [*found.errors, *self._emptied(loaded)]
        if errors or found.watch is None:
            return None, _sentence(errors, loaded)
        for warning in loaded.problems:
            log.warning("configuration", text=_sentence([warning], loaded))
        self._fill(loaded)
        return found.watch, ""

    def moved(self, settings: Settings) -> str:
        """Return what to tell of settings that just came to name another database; else ""."""
        before, self._named = self._named, _database_of(settings)
        if self._named in {before, self._in_use}:
            return ""
        return (
            f"another `database` counts after a restart: until then Watcher works on {self._in_use}"
        )

    def _learn(self, loaded: Loaded) -> None:
        """Remember which files count; those of a broken configuration count too."""
        self._files.update(loaded.document.files)
        self._beside.update(_beside(loaded.settings) if loaded.settings else ())
        self._included.use(loaded.document.patterns, more=loaded.settings is None)

    def _fill(self, loaded: Loaded) -> None:
        """Remember which patterns match something in the configuration that is to be in force."""
        document = loaded.document
        self._filled = {*document.patterns}.difference(document.unmatched)

    def _emptied(self, loaded: Loaded) -> Iterator[Problem]:
        """Yield an error for each pattern that matched something before and matches nothing now.

        A folder is moved, or not mounted yet: entries of that time would be read without it.
        """
        for pattern, warning in loaded.document.unmatched.items():
            if pattern in self._filled:
                message = (
                    f"{warning.message} any more: put the files back, or take it out of `include`"
                )
                yield replace(warning, message=message, warning=False)

    def _look(self) -> Mapping[Path, Stamp]:
        """Return what tells one state of the files from the next; a missing file has none."""
        return dict(_stamps({*self._files, *self._beside, *self._included.files()}))


class Included:
    """The files that patterns match by now.

    Args:
        clock: seconds that never jump.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._patterns: set[str] = set()
        self._found: set[Path] = set()
        self._next = -inf

    def use(self, patterns: Iterable[str], *, more: bool = False) -> None:
        """Look for what these patterns match from now on, or for that as well."""
        self._patterns = {*patterns, *(self._patterns if more else ())}
        self._next = -inf

    def files(self) -> set[Path]:
        """Return the files; in a large tree they may be those of a while ago."""
        began = self._clock()
        if began >= self._next:
            self._found = {file for pattern in self._patterns for file in matching(pattern)}
            self._next = began + (self._clock() - began) * INCLUDE_REST
        return self._found


def _sentence(problems: Sequence[Problem], loaded: Loaded) -> str:
    return report(problems, loaded.document).split("\n", 1)[0]


def _database_of(settings: Settings | None) -> Path | None:
    return database_path(settings, os.environ) if settings else None


def _beside(settings: Settings) -> Iterator[Path]:
    """Yield the files that a configuration names, and that are read when it is taken over."""
    for secret in settings.secrets():
        with suppress(KeyError):  # systemd gave us no credentials
            if path := secret.path():
                yield path
    for channel in settings.channels.values():
        if channel.email and channel.email.ca_file:
            yield channel.email.ca_file


def _stamps(files: Iterable[Path]) -> Iterator[tuple[Path, Stamp]]:
    """Yield what tells one state of a file from the next, of each that can be looked at.

    That somebody lets us read a file (chmod, chown) shows in the time of its inode alone.
    """
    for file in files:
        try:
            found = file.stat()
        except (OSError, ValueError):  # ValueError: no name that a file can have
            continue
        if S_ISREG(found.st_mode):  # a device or a pipe has a new time whenever it is used
            yield file, (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
