"""What systemd says about a unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from watcher.errors import UsageError
from watcher.service.installation.places import Places
from watcher.service.installation.steps import Run

#: systemd.unit(5) and systemd.service(5), as `systemctl show` names them.
PROPERTIES = (
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "StatusText",
    "MainPID",
    "NRestarts",
    "Result",
    "ExecMainStatus",
    "ExecMainStartTimestamp",
    "MemoryCurrent",
)


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit as systemd sees it.

    Attributes:
        active: active, activating, reloading, inactive or failed.
        enabled: it starts with the machine.
        text: its own last word.
        started: when its process started; None when none runs.
        exit_code: of the last process that ended.
        memory: bytes; None when not counted.
    """

    unit: str
    is_known: bool
    active: str
    sub: str
    enabled: bool
    text: str
    pid: int
    restarts: int
    result: str
    exit_code: int
    started: datetime | None
    memory: int | None

    @property
    def is_active(self) -> bool:
        """Whether it is at work."""
        return self.active in ("active", "reloading", "activating")


def demand_systemd(root: Path = Path("/")) -> None:
    """Make sure that systemd runs this machine (sd_booted(3)).

    Raises:
        UsageError: it does not.
    """
    if not (root / "run/systemd/system").is_dir():
        raise UsageError(
            "systemd does not run this machine, so it can keep no service here; keep `watcher run`"
            " alive with what does"
        )


def unit_state(unit: str, run: Run) -> UnitState:
    """Return how a unit is; one that nobody knows is inactive."""
    line = ["systemctl", "show", unit, "--timestamp=unix", f"--property={','.join(PROPERTIES)}"]
    shown = run(line, check=False).stdout.splitlines()
    return _state(unit, dict(line.split("=", 1) for line in shown if "=" in line))


def known_units(places: Places) -> list[str]:
    """Return the units of ours that start with the machine."""
    wants = places.units.glob("*.target.wants/watcher*")
    names = {path.name for path in wants}
    return sorted(n for n in names if n.startswith(("watcher.", "watcher@", "watcher-once.")))


def _state(unit: str, values: Mapping[str, str]) -> UnitState:
    def number(name: str) -> int | None:
        text = values.get(name, "")
        return int(text) if text.isdecimal() else None

    started = values.get("ExecMainStartTimestamp", "").removeprefix("@")
    at = datetime.fromtimestamp(int(started), UTC) if started.isdecimal() else None
    return UnitState(
        unit=unit,
        is_known=values.get("LoadState") == "loaded",
        active=values.get("ActiveState", "inactive"),
        sub=values.get("SubState", "dead"),
        enabled=values.get("UnitFileState") == "enabled",
        text=values.get("StatusText", ""),
        pid=number("MainPID") or 0,
        restarts=number("NRestarts") or 0,
        result=values.get("Result", ""),
        exit_code=number("ExecMainStatus") or 0,
        started=at if number("MainPID") else None,
        memory=number("MemoryCurrent"),
    )
