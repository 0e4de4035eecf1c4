"""Where a service of this machine keeps its things; the units in systemd/ say the same."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watcher.config.find import FILE_NAME, SYSTEM_FILE
from watcher.errors import StorageError, UsageError

#: What systemd takes between `@` and `.service` without escapes, and a folder's name can be.
_INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")
#: Has a folder of its own beside the instances' ones.
CREDENTIALS = "credentials"


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one service: the only one, or one of several with a name of its own.

    Attributes:
        instance: the name; None for the only one.
        root: where the machine's files are; "/" but in tests.
    """

    instance: str | None = None
    root: Path = Path("/")

    def __post_init__(self) -> None:
        """Refuse names that a unit or a folder cannot have.

        Raises:
            UsageError: the name is no name of a service.
        """
        name = self.instance
        if name is not None and (not _INSTANCE.fullmatch(name) or name == CREDENTIALS):
            raise UsageError(
                f"{name!r} cannot name a service: letters, digits, '-' and '_', up to 31"
            )

    @property
    def unit(self) -> str:
        """The unit that runs the daemon."""
        return f"watcher@{self.instance}.service" if self.instance else "watcher.service"

    @property
    def config_folder(self) -> Path:
        """The folder of the configuration."""
        return self.root / SYSTEM_FILE.parent.relative_to("/") / (self.instance or "")

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.config_folder / FILE_NAME

    @property
    def credentials(self) -> Path:
        """The folder of secrets, for root alone; systemd hands each service those it names."""
        return self.root / "etc/watcher" / CREDENTIALS

    @property
    def state(self) -> Path:
        """The state directory; systemd makes it a link into /var/lib/private."""
        return self.root / "var/lib" / (f"watcher-{self.instance}" if self.instance else "watcher")

    @property
    def units(self) -> Path:
        """The folder of the administrator's units."""
        return self.root / "etc/systemd/system"

    @property
    def venv(self) -> Path:
        """The virtual environment that the units start."""
        return self.root / "opt/watcher/venv"

    @property
    def command(self) -> Path:
        """The command for everybody."""
        return self.root / "usr/local/bin/watcher"


def service_of(config: Path, root: Path = Path("/")) -> Places | None:
    """Return the service that a configuration in its folder is about; None when it is nobody's.

    A watchlist being edited beside the one in force is about the same service.
    """
    whole = Places(root=root)
    if config.parent == whole.config_folder:
        return whole
    if config.parent.parent == whole.config_folder and _INSTANCE.fullmatch(config.parent.name):
        return Places(config.parent.name, root)
    return None


def service_environment(
    config: Path, environ: Mapping[str, str], root: Path = Path("/")
) -> dict[str, str]:
    """Return the variables with which a command finds what systemd gives to the service.

    Empty inside the service, and for a configuration that is no service's.

    Raises:
        StorageError: the state is there, and not for this user to look at.
    """
    places = service_of(config, root)
    if places is None or "STATE_DIRECTORY" in environ:
        return {}
    found = {}
    if os.path.lexists(places.state):
        if not os.access(places.state, os.R_OK | os.X_OK):
            raise StorageError(
                f"the state of {places.unit} in {places.state} is open to itself and root only:"
                " use sudo"
            )
        found["STATE_DIRECTORY"] = str(places.state)
    if "CREDENTIALS_DIRECTORY" not in environ and os.access(places.credentials, os.X_OK):
        found["CREDENTIALS_DIRECTORY"] = str(places.credentials)
    return found
