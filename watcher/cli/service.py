"""`watcher service`: install Watcher as a service of this machine, look after it, remove it."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from watcher.cli.output import Group, ago, json_option, one_line, print_json
from watcher.cli.streams import remark
from watcher.errors import UsageError
from watcher.service.moments import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from watcher.service.installation.install import Wanted
    from watcher.service.installation.places import Places
    from watcher.service.installation.steps import Run, Step
    from watcher.service.installation.systemd import UnitState

#: What the last journal lines of a service that did not start are worth.
JOURNAL_LINES = "15"

name_argument = click.argument("name", required=False)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be done; do nothing."
)
yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


@click.group(cls=Group)
def service() -> None:
    """Watcher as a service of this machine: install, uninstall, status.

    Several can live side by side, each with a NAME, a watchlist and a database of its own.
    """


@service.command()
@name_argument
@click.option(
    "--from", "requirement", metavar="WHEEL", help="Install this wheel, or what pip finds."
)
@click.option("--timer", is_flag=True, help="A round every five minutes instead of a daemon.")
@click.option("--renewed", is_flag=True, hidden=True, help="The program was just replaced.")
@dry_run_option
@yes_option
def install(
    name: str | None,
    requirement: str | None,
    timer: bool,
    renewed: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Install the service, or bring it up to date; shows what it will do, and asks.

    The program goes into /opt/watcher/venv, the configuration into /etc/watcher (NAME: a folder in
    it), data into /var/lib/watcher (watcher-NAME). What is there of configuration and data stays.
    Secrets of config.toml, like token_credential = "telegram-token", are files of these names in
    /etc/watcher/credentials.
    """
    from watcher.service.installation.install import Wanted
    from watcher.service.installation.places import Places
    from watcher.service.installation.program import program_steps
    from watcher.service.installation.steps import look
    from watcher.service.installation.steps import run as do

    run = look if dry_run else do
    wanted = Wanted(Places(name), timer=timer, restart=renewed)
    if name and timer:
        raise UsageError("--timer is for the service without a name")
    _demand_root(dry_run=dry_run)
    program = list(program_steps(wanted.places, requirement or None, run))
    steps = [*program, *_service_steps(wanted, run)]
    if not renewed and not _agreed(steps, dry_run=dry_run, yes=yes):
        return
    if any(not step.is_done for step in program):
        _perform(program)
        _go_on_as_the_installed(wanted)
    _start(steps, wanted, run)
    _tell_what_next(wanted, run)


@service.command()
@name_argument
@dry_run_option
@yes_option
def uninstall(name: str | None, dry_run: bool, yes: bool) -> None:
    """Remove the service, and with the last one the program; configuration and data stay."""
    from watcher.service.installation.install import removal_steps
    from watcher.service.installation.places import Places
    from watcher.service.installation.steps import look
    from watcher.service.installation.steps import run as do

    run, places = look if dry_run else do, Places(name)
    _demand_root(dry_run=dry_run)
    if not _agreed(list(removal_steps(places, run)), dry_run=dry_run, yes=yes):
        return
    _perform(removal_steps(places, run))
    kept = [str(p) for p in (places.config_folder, places.state.resolve()) if p.exists()]
    click.echo(f"{places.unit} is gone; kept: {' and '.join(kept) or 'nothing'}")


@service.command()
@name_argument
@json_option
def status(name: str | None, as_json: bool) -> None:
    """Show what systemd says of the service, or of all; exits with 1 when one is not at work."""
    from watcher.service.installation.places import Places
    from watcher.service.installation.steps import run
    from watcher.service.installation.systemd import demand_systemd, known_units, unit_state

    demand_systemd()
    places = Places(name)
    units = [places.unit] if name else known_units(places) or [places.unit]
    states = [unit_state(unit, run) for unit in units]
    if as_json:
        print_json([asdict(state) for state in states])
    else:
        click.echo("\n\n".join(_as_text(state) for state in states))
    sys.exit(0 if all(state.is_active for state in states) else 1)


def _go_on_as_the_installed(wanted: Wanted) -> None:
    """Have the program that was just installed do the rest: it brings its own units."""
    places = wanted.places
    line = [str(places.venv / "bin/watcher"), "service", "install", "--yes", "--renewed"]
    line += [places.instance] if places.instance else []
    line += ["--timer"] if wanted.timer else []
    sys.stdout.flush()
    os.execv(line[0], line)  # noqa: S606 - our own program, no shell


def _service_steps(wanted: Wanted, run: Run) -> list[Step]:
    from watcher.cli.config import schema_text
    from watcher.service.installation.install import service_steps

    return list(service_steps(wanted, _credentials(wanted.places), schema_text(), run))


def _credentials(places: Places) -> list[str]:
    """Return the credentials that the configuration names; a broken one ends the command here."""
    from watcher.cli.config import load_or_exit
    from watcher.service.installation.install import credentials_of

    if not places.config.exists():
        return []
    settings = load_or_exit(places.config)
    return credentials_of(settings)


def _demand_root(*, dry_run: bool) -> None:
    """Make sure that it can be done here; of a plan that it cannot be done is only said."""
    from watcher.service.installation.systemd import demand_systemd

    try:
        demand_systemd()
    except UsageError as error:
        if not dry_run:
            raise
        remark(str(error))
    if os.geteuid() and not dry_run:
        raise UsageError("this is for root: put sudo before it, or look with --dry-run")


def _agreed(steps: Sequence[Step], *, dry_run: bool, yes: bool) -> bool:
    """Show the steps and tell whether to go on."""
    for step in steps:
        mark = click.style("is so", dim=True) if step.is_done else click.style("to do", bold=True)
        click.echo(f"  {mark}  {step.what}  ({step.why})")
    if dry_run:
        click.echo("nothing was done: --dry-run")
        return False
    if yes or all(step.is_done for step in steps):
        return True
    if not sys.stdin.isatty():
        raise UsageError("nobody is here to ask: say --yes, or look with --dry-run")
    return click.confirm("Go on?", default=True)


def _perform(steps: Iterable[Step]) -> None:
    from watcher.service.installation.steps import perform

    perform(steps, lambda step: click.echo(f"- {step.what}"))


def _start(steps: Iterable[Step], wanted: Wanted, run: Run) -> None:
    """Do the steps; when the daemon does not start, its own words say why."""
    from watcher.service.installation.steps import InstallationError

    try:
        _perform(steps)
    except InstallationError:
        line = ["journalctl", "--no-pager", "-o", "cat", "-n", JOURNAL_LINES, "-u", wanted.unit]
        click.echo(run(line, check=False).stdout, err=True)
        raise


def _tell_what_next(wanted: Wanted, run: Run) -> None:
    from watcher.service.installation.install import missing_credentials
    from watcher.service.installation.systemd import unit_state

    places = wanted.places
    click.echo(_as_text(unit_state(wanted.unit, run)))
    for path in missing_credentials(places, _credentials(places)):
        click.echo(
            f"missing: {path}; put the secret there with `install -m 600 /dev/stdin {path}` and"
            " install again"
        )
    config = f" --config {places.config}" if places.instance else ""
    click.echo(f"next: edit {places.config} (a change is taken over by itself), then")
    click.echo(
        f"      watcher check{config}; watcher send-test CHANNEL{config}; watcher status{config}"
    )


def _as_text(state: UnitState) -> str:
    started = (
        f", since {ago(state.started, utc_now()).removesuffix(' ago')}" if state.started else ""
    )
    enabled = "starts with the machine" if state.enabled else "does not start with the machine"
    lines = [f"{state.unit}: {state.active} ({state.sub}){started}; {enabled}"]
    if state.text:
        lines.append(f"  says: {one_line(state.text)}")
    if state.pid:
        memory = f", {state.memory / 1e6:.0f} MB" if state.memory else ""
        lines.append(f"  pid {state.pid}{memory}, {state.restarts} restarts")
    if state.active == "failed":
        lines.append(f"  ended: {state.result}, exit code {state.exit_code}")
    return "\n".join(lines)
