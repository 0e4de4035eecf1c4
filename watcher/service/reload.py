"""The configuration file on disk: has it changed, and is what it says usable?"""

from collections.abc import Mapping
from pathlib import Path

from watcher.config import Settings, report
from watcher.service.watch import examine


class ConfigFile:
    """A configuration file with its includes, watched for changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: tuple[Path, ...] = (path,)
        self._seen = self._look()

    def changed(self) -> bool:
        """Tell whether a file changed since the last call."""
        now = self._look()
        changed = now != self._seen
        self._seen = now
        return changed

    def read(self) -> tuple[Settings | None, str]:
        """Return the settings, or None and the first complaint."""
        loaded, problems = examine(self.path)
        self._files = tuple(loaded.document.files) or (self.path,)
        self._seen = self._look()
        errors = [problem for problem in problems if not problem.warning]
        if errors or loaded.settings is None:
            return None, report(errors, loaded.document).split("\n", 1)[0]
        return loaded.settings, ""

    def _look(self) -> Mapping[Path, tuple[int, int, int]]:
        """Return what tells one state of the files from the next; a missing file has none."""
        return {file: stamp for file in self._candidates() if (stamp := _stamp(file))}

    def _candidates(self) -> set[Path]:
        """Return the files read, and their neighbours: an include may match a new one."""
        folders = {file.parent for file in self._files}
        return {*self._files, *(file for folder in folders for file in folder.glob("*.toml"))}


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
