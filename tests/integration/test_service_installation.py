"""Installing on a machine that is a folder: real files, and a systemctl that only remembers.

The real systemd has its say in tests/systemd.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli import group
from watcher.config import load
from watcher.errors import ConfigError, UsageError
from watcher.service.installation import program
from watcher.service.installation.install import (
    UNITS,
    Wanted,
    credentials_of,
    missing_credentials,
    removal_steps,
    service_steps,
)
from watcher.service.installation.places import Places
from watcher.service.installation.program import program_steps
from watcher.service.installation.steps import InstallationError, look, perform, run
from watcher.service.installation.systemd import demand_systemd, unit_state


class Systemctl:
    """Remembers which units run and are enabled, and every command."""

    def __init__(self, units: Path) -> None:
        self._units = units
        self.running: set[str] = set()
        self.enabled: set[str] = set()
        self.commands: list[str] = []
        self.fails = ""

    def __call__(
        self, command: Sequence[str], *, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        line = " ".join(command)
        if command[:2] == ["systemctl", "show"]:
            return subprocess.CompletedProcess(command, 0, self._shown(command[2]), "")
        self.commands.append(line)
        if self.fails and self.fails in line and check:
            raise InstallationError(f"`{line}` failed: no")
        self._do(command[1], command[-1], now="--now" in command)
        return subprocess.CompletedProcess(command, 0, "", "")

    def _do(self, verb: str, unit: str, *, now: bool) -> None:
        wants = self._units / "multi-user.target.wants" / unit
        if verb in ("start", "restart"):
            self.running.add(unit)
        if verb == "enable":
            self.enabled.add(unit)
            wants.parent.mkdir(exist_ok=True)
            wants.touch()
        if verb == "disable" and now:
            self.running.discard(unit)
            self.enabled.discard(unit)
            wants.unlink(missing_ok=True)

    def _shown(self, unit: str) -> str:
        active = "active" if unit in self.running else "inactive"
        enabled = "enabled" if unit in self.enabled else "disabled"
        return (
            f"LoadState=loaded\nActiveState={active}\nSubState=running\nUnitFileState={enabled}\n"
            "StatusText=watching 3 feeds for 2 topics: a=b\nMainPID=77\nNRestarts=2\n"
            "ExecMainStartTimestamp=@1795824033\nMemoryCurrent=[not set]\nResult=success\n"
        )


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(root=tmp_path)


@pytest.fixture
def systemctl(places: Places) -> Systemctl:
    return Systemctl(places.units)


def install(wanted: Wanted, systemctl: Systemctl, credentials: list[str] | None = None) -> None:
    systemctl.commands.clear()
    perform(service_steps(wanted, credentials or [], "{}", systemctl), lambda _: None)


def test_a_first_installation_makes_everything_and_starts_it(
    places: Places, systemctl: Systemctl
) -> None:
    install(Wanted(places), systemctl)

    assert not load(places.config).problems
    assert {name for name in UNITS if (places.units / name).is_file()} == set(UNITS)
    assert places.credentials.stat().st_mode & 0o777 == 0o700
    assert places.command.readlink() == places.venv / "bin/watcher"
    assert systemctl.commands == [
        "systemctl daemon-reload",
        "systemctl enable --quiet watcher.service",
        "systemctl start watcher.service",
    ]


def test_a_second_one_finds_nothing_to_do(places: Places, systemctl: Systemctl) -> None:
    install(Wanted(places), systemctl)

    assert all(step.is_done for step in service_steps(Wanted(places), [], "{}", systemctl))


def test_looking_at_the_steps_changes_nothing(places: Places, systemctl: Systemctl) -> None:
    steps = list(service_steps(Wanted(places), ["telegram-token"], "{}", systemctl))

    assert not any(step.is_done for step in steps if step.what.startswith("write"))
    assert (list(places.root.iterdir()), systemctl.commands) == ([], [])


def test_a_configuration_that_is_there_is_never_touched(
    places: Places, systemctl: Systemctl
) -> None:
    places.config_folder.mkdir(parents=True)
    places.config.write_text("# mine\n", encoding="utf-8")

    install(Wanted(places), systemctl)

    assert places.config.read_text(encoding="utf-8") == "# mine\n"


def test_somebody_elses_command_stays(places: Places, systemctl: Systemctl) -> None:
    places.command.parent.mkdir(parents=True)
    places.command.write_text("#!/bin/sh\n", encoding="utf-8")

    install(Wanted(places), systemctl)

    assert places.command.read_text(encoding="utf-8") == "#!/bin/sh\n"


def test_credentials_that_are_there_are_handed_over_and_the_daemon_restarted(
    places: Places, systemctl: Systemctl
) -> None:
    install(Wanted(places), systemctl)
    (places.credentials / "telegram-token").write_text("1:x", encoding="utf-8")
    names = ["smtp-password", "telegram-token"]

    install(Wanted(places), systemctl, names)

    drop_in = places.units / "watcher.service.d/credentials.conf"
    path = places.credentials / "telegram-token"
    assert drop_in.read_text(encoding="utf-8").splitlines()[1:] == [
        "[Service]",
        f"LoadCredential=telegram-token:{path}",
    ]
    assert "1:x" not in drop_in.read_text(encoding="utf-8")
    assert systemctl.commands[-1] == "systemctl restart watcher.service"
    assert missing_credentials(places, names) == [places.credentials / "smtp-password"]


def test_a_credential_that_is_asked_for_no_more_goes(places: Places, systemctl: Systemctl) -> None:
    places.credentials.mkdir(parents=True)
    (places.credentials / "token").touch()
    install(Wanted(places), systemctl, ["token"])
    install(Wanted(places), systemctl, [])

    assert list((places.units / "watcher.service.d").iterdir()) == []


def test_a_renewed_program_is_restarted(places: Places, systemctl: Systemctl) -> None:
    install(Wanted(places), systemctl)
    install(Wanted(places, restart=True), systemctl)

    assert systemctl.commands == ["systemctl restart watcher.service"]


def test_a_program_replaced_behind_the_daemons_back_is_restarted(
    places: Places, systemctl: Systemctl
) -> None:
    install(Wanted(places), systemctl)
    record = places.venv / "lib/python3.11/site-packages/watcher_daemon-9.dist-info"
    record.mkdir(parents=True)  # newer than the start of the process

    install(Wanted(places), systemctl)

    assert systemctl.commands == ["systemctl restart watcher.service"]


def test_timer_and_daemon_take_turns(places: Places, systemctl: Systemctl) -> None:
    install(Wanted(places), systemctl)
    install(Wanted(places, timer=True), systemctl)
    assert systemctl.running == {"watcher-once.timer"}

    install(Wanted(places), systemctl)
    assert systemctl.running == systemctl.enabled == {"watcher.service"}


def test_several_live_side_by_side_and_the_program_goes_with_the_last(
    places: Places, systemctl: Systemctl
) -> None:
    energy = Places("energy", places.root)
    install(Wanted(places), systemctl)
    install(Wanted(energy), systemctl)
    places.venv.mkdir(parents=True)
    assert systemctl.running == {"watcher.service", "watcher@energy.service"}

    perform(removal_steps(energy, systemctl), lambda _: None)
    assert (places.units / "watcher.service").exists()
    assert places.venv.exists()

    perform(removal_steps(places, systemctl), lambda _: None)
    assert not any((places.units / name).exists() for name in UNITS)
    assert not places.venv.exists()
    assert not places.command.is_symlink()
    assert places.config.exists()
    assert energy.config.exists()


def test_a_step_that_fails_leaves_the_rest_for_the_next_try(
    places: Places, systemctl: Systemctl
) -> None:
    systemctl.fails = "start watcher"
    with pytest.raises(InstallationError, match="start watcher"):
        install(Wanted(places), systemctl)

    systemctl.fails = ""
    install(Wanted(places), systemctl)
    assert systemctl.commands == ["systemctl start watcher.service"]


def test_names_that_are_no_credentials_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    channel = '[channels.desk]\ntelegram = { chat = "1", token_credential = "a b:c" }\n'
    file.write_text(channel, encoding="utf-8")
    settings = load(file).settings
    assert settings

    with pytest.raises(ConfigError, match="cannot name a credential"):
        credentials_of(settings)


def test_the_program_goes_into_an_environment_of_its_own(
    places: Places, systemctl: Systemctl, tmp_path: Path
) -> None:
    wheel = tmp_path / "watcher_daemon-9-py3-none-any.whl"
    wheel.touch()

    steps = list(program_steps(places, str(wheel), systemctl))

    made, installed, again = [step.what for step in steps]
    assert made.endswith(f" -m venv --clear {places.venv}")
    assert installed.endswith(f"--upgrade {wheel}")
    assert again.endswith(f"--force-reinstall --no-deps {wheel}")


def test_a_python_that_the_service_cannot_see_is_not_built_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "_base_executable", str(tmp_path / "python3"))
    (tmp_path / "python3").touch()
    monkeypatch.setattr(program, "HIDDEN", (str(tmp_path),))
    monkeypatch.setattr(program, "SYSTEM_PYTHON", tmp_path / "none")

    with pytest.raises(InstallationError, match="apt install python3-venv"):
        program.base_python()


def test_what_systemd_says_is_read(systemctl: Systemctl) -> None:
    systemctl.running.add("watcher.service")
    state = unit_state("watcher.service", systemctl)

    assert (state.active, state.enabled, state.pid, state.restarts) == ("active", False, 77, 2)
    assert state.text == "watching 3 feeds for 2 topics: a=b"
    assert state.started
    assert state.memory is None


def test_a_machine_without_systemd_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="systemd does not run this machine"):
        demand_systemd(tmp_path)


def test_a_command_that_fails_is_quoted_with_its_last_words() -> None:
    with pytest.raises(InstallationError, match=r"`sh -c .*` failed: no such luck"):
        run(["sh", "-c", "echo no such luck >&2; exit 3"])
    with pytest.raises(InstallationError, match="cannot be run"):
        run(["/nowhere/at/all"])
    assert run(["sh", "-c", "exit 3"], check=False).returncode == 3


def test_a_program_that_is_missing_stops_no_plan() -> None:
    assert look(["nowhere-at-all", "--version"]).returncode == 1
    assert look(["sh", "-c", "echo here"]).stdout == "here\n"


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_a_plan_is_shown_where_systemd_does_not_run_too(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "watcher.service.installation.systemd.demand_systemd", lambda: demand_systemd(Path("/none"))
    )

    shown = CliRunner().invoke(group, ["service", command, "--dry-run"])
    refused = CliRunner().invoke(group, ["service", command, "--yes"])

    assert shown.exit_code == 0
    assert "nothing was done: --dry-run" in shown.stdout
    assert "systemd does not run this machine" in shown.stderr
    assert isinstance(refused.exception, UsageError)
    assert refused.stdout == ""
