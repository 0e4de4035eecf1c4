"""The units agree with each other and with what the commands believe of them."""

from pathlib import Path

import pytest

from watcher.service.installation.install import UNITS
from watcher.service.installation.places import Places

FOLDER = Path(__file__).resolve().parents[2] / "systemd"
SERVICES = [name for name in UNITS if name.endswith(".service")]


def lines_of(name: str, section: str = "Service") -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    body = text.split(f"[{section}]\n", 1)[1].split("\n[", 1)[0]
    return [line for line in body.splitlines() if line and not line.startswith("#")]


def values(name: str, key: str) -> list[str]:
    return [line.split("=", 1)[1] for line in lines_of(name) if line.startswith(f"{key}=")]


def test_every_unit_of_the_folder_is_installed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(UNITS)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_held_as_tight_as_the_first(name: str) -> None:
    first = lines_of("watcher.service")
    tight = first[first.index("CapabilityBoundingSet=") :]

    assert lines_of(name)[-len(tight) :] == tight
    for line in ("DynamicUser=yes", "UMask=0077", "StateDirectoryMode=0700", "LimitCORE=1"):
        assert line in lines_of(name)


@pytest.mark.parametrize(
    ("name", "instance"),
    [("watcher.service", None), ("watcher-once.service", None), ("watcher@.service", "%i")],
)
def test_units_and_commands_mean_the_same_places(name: str, instance: str | None) -> None:
    places = Places("energy" if instance else None)

    def meant(path: Path) -> str:
        return str(path).replace("energy", "%i")

    (start,) = values(name, "ExecStart")
    assert start.startswith(f"{places.venv}/bin/watcher run ")
    assert start.endswith(f"--config {meant(places.config)}")
    assert values(name, "StateDirectory") == [meant(places.state).removeprefix("/var/lib/")]
    assert values(name, "ConfigurationDirectory") == [
        meant(places.config_folder).removeprefix("/etc/")
    ]


@pytest.mark.parametrize("name", ["watcher.service", "watcher@.service"])
def test_a_daemon_is_watched_and_a_bad_configuration_not_tried_again(name: str) -> None:
    for line in (
        "Type=notify",
        "WatchdogSec=120s",
        "WatchdogSignal=SIGABRT",
        "Restart=always",
        "RestartPreventExitStatus=78",
    ):
        assert line in lines_of(name)
    check, kick = values(name, "ExecReload")
    assert " check --config " in check  # first: a broken file ends the reload there
    assert "kill -HUP" in kick
