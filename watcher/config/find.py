"""Where the configuration lies."""

from collections.abc import Mapping
from pathlib import Path

from watcher.errors import ConfigError

FILE_NAME = "config.toml"
SYSTEM_FILE = Path("/etc/watcher/config.toml")


def find_config(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """Return the configuration file to read: the one that is named, else the first that exists.

    The order: `explicit` (--config), $WATCHER_CONFIG, ./config.toml,
    $XDG_CONFIG_HOME/watcher/config.toml, /etc/watcher/config.toml.

    Raises:
        ConfigError: none is named and none exists; the text names the places.
    """
    named = explicit or environ.get("WATCHER_CONFIG")
    if named:
        return cwd / named
    places = _places(environ, cwd)
    found = next((place for place in places if _is_there(place)), None)
    if found is None:
        looked = ", ".join(map(str, places))
        raise ConfigError(
            f"no configuration found: looked for {looked}; name one with --config or "
            "$WATCHER_CONFIG, or write one with `watcher init`"
        )
    return found


def _is_there(place: Path) -> bool:
    """Whether there is such a file for us; what lies in a closed folder is somebody else's."""
    try:
        return place.is_file()
    except PermissionError:
        return False


def _places(environ: Mapping[str, str], cwd: Path) -> list[Path]:
    home = environ.get("XDG_CONFIG_HOME") or (
        f"{environ['HOME']}/.config" if environ.get("HOME") else None
    )
    personal = [Path(home) / "watcher" / FILE_NAME] if home else []
    return [cwd / FILE_NAME, *personal, SYSTEM_FILE]
