"""What installing and uninstalling the service takes, as steps.

Configuration and data are the user's: they are made where missing and never changed or removed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from watcher.config import Settings
from watcher.config.secrets import Form
from watcher.errors import ConfigError
from watcher.resources import shipped
from watcher.service.installation.places import Places
from watcher.service.installation.program import installed_record
from watcher.service.installation.steps import (
    Run,
    Step,
    command,
    folder,
    link,
    remove,
    remove_link,
    write,
    write_once,
)
from watcher.service.installation.systemd import known_units, unit_state

UNITS = ("watcher.service", "watcher@.service", "watcher-once.service", "watcher-once.timer")
DROP_IN = "credentials.conf"
EXAMPLE, SCHEMA = "config.example.toml", "config.schema.json"
PRIVATE, OPEN = 0o700, 0o755
#: systemd.exec(5): a credential's name is a file's name; ours need no quotes in a unit either.
_CREDENTIAL = re.compile(r"[A-Za-z0-9._-]{1,200}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The service that a user asks for.

    Attributes:
        timer: a round every five minutes instead of a daemon.
        restart: the program was just renewed, so that the old one must not run on.
    """

    places: Places
    timer: bool = False
    restart: bool = False

    @property
    def unit(self) -> str:
        """The unit that starts with the machine."""
        return "watcher-once.timer" if self.timer else self.places.unit

    @property
    def workers(self) -> tuple[str, ...]:
        """The units that do the work under this configuration."""
        once = () if self.places.instance else ("watcher-once.service",)
        return (self.places.unit, *once)

    @property
    def others(self) -> tuple[str, ...]:
        """The units that would work on the same state."""
        if self.places.instance:
            return ()
        return ("watcher.service",) if self.timer else ("watcher-once.timer",)


def credentials_of(settings: Settings) -> list[str]:
    """Return the names of the credentials that a configuration asks systemd for.

    Raises:
        ConfigError: one cannot be a credential's name.
    """
    names = {s.source or "" for s in settings.secrets() if s.form is Form.CREDENTIAL}
    for name in names:
        if not _CREDENTIAL.fullmatch(name):
            raise ConfigError(f"{name!r} cannot name a credential: letters, digits, '.', '_', '-'")
    return sorted(names)


def missing_credentials(places: Places, names: list[str]) -> list[Path]:
    """Return the files of credentials that are not there yet."""
    return [places.credentials / n for n in names if not (places.credentials / n).is_file()]


def service_steps(wanted: Wanted, credentials: list[str], schema: str, run: Run) -> Iterator[Step]:
    """Yield what makes the installed program a service.

    Args:
        wanted: the service.
        credentials: the names that its configuration asks for.
        schema: the JSON schema of configurations, for editors.
        run: runs systemctl.
    """
    places = wanted.places
    yield folder(places.config_folder, OPEN, "the folder of the configuration")
    yield write_once(
        places.config,
        lambda: shipped(EXAMPLE).read_text(encoding="utf-8"),
        "two example topics, alerts on the screen and in the journal",
    )
    yield write(places.config_folder / SCHEMA, schema + "\n", "for editors that complete and check")
    yield folder(places.credentials, PRIVATE, "secrets, for root alone")
    files = [*_unit_files(places), *_drop_ins(wanted, credentials)]
    yield from files
    yield link(places.command, places.venv / "bin/watcher", "the command for everybody")
    is_new = any(not step.is_done for step in files)
    yield command(
        ["systemctl", "daemon-reload"], "systemd reads the units", run, is_done=not is_new
    )
    yield from _at_work(wanted, run, is_new=is_new)


def removal_steps(places: Places, run: Run) -> Iterator[Step]:
    """Yield what takes the service away; the program goes with the last one."""
    ours = [places.unit] if places.instance else ["watcher.service", "watcher-once.timer"]
    yield from (_at_rest(unit, "stops it, and starts it no more", run) for unit in ours)
    workers = Wanted(places).workers
    yield from (remove(places.units / f"{unit}.d" / DROP_IN, "its credentials") for unit in workers)
    is_last = not set(known_units(places)) - set(ours)
    if is_last:
        yield from (remove(places.units / unit, "the unit") for unit in UNITS)
        yield remove_link(places.command, places.venv / "bin/watcher", "the command for everybody")
    yield command(["systemctl", "daemon-reload"], "systemd forgets the units", run)
    if is_last:
        yield remove(places.venv, "the program")


def _unit_files(places: Places) -> Iterator[Step]:
    for name in UNITS:
        text = shipped(f"systemd/{name}").read_text(encoding="utf-8")
        yield write(places.units / name, text, "the unit")


def _drop_ins(wanted: Wanted, credentials: list[str]) -> Iterator[Step]:
    """Yield the files that hand the secrets to the units; a missing one would stop the start."""
    places = wanted.places
    there = [name for name in credentials if (places.credentials / name).is_file()]
    lines = [f"LoadCredential={name}:{places.credentials / name}\n" for name in there]
    head = "# Written by `watcher service install` from config.toml.\n[Service]\n"
    for unit in wanted.workers:
        path = places.units / f"{unit}.d" / DROP_IN
        if lines:
            yield write(path, head + "".join(lines), "hands over: " + ", ".join(there))
        else:
            yield remove(path, "no credential is asked for any more")


def _at_work(wanted: Wanted, run: Run, *, is_new: bool) -> Iterator[Step]:
    yield from (_at_rest(one, "a state directory has one owner", run) for one in wanted.others)
    state = unit_state(wanted.unit, run)
    line = ["systemctl", "enable", "--quiet", wanted.unit]
    yield command(line, "starts with the machine", run, is_done=state.enabled)
    if state.is_active and (is_new or wanted.restart or _is_outdated(wanted, run)):
        yield command(["systemctl", "restart", wanted.unit], "takes over what is new", run)
    else:
        line = ["systemctl", "start", wanted.unit]
        yield command(line, "and now", run, is_done=state.active == "active")


def _at_rest(unit: str, why: str, run: Run) -> Step:
    state = unit_state(unit, run)
    line = ["systemctl", "disable", "--now", "--quiet", unit]
    return command(line, why, run, is_done=not (state.enabled or state.is_active))


def _is_outdated(wanted: Wanted, run: Run) -> bool:
    """Tell whether the daemon runs a program that was replaced since it started."""
    started = unit_state(wanted.places.unit, run).started
    record = installed_record(wanted.places)
    return bool(started and record and record.stat().st_mtime > started.timestamp())
