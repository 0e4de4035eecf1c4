"""`watcher status`: how Watcher is doing, on one screen."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli import EXIT_CONFIG
from watcher.cli.config import HOW_TO_ADD_FEEDS, config_option
from watcher.cli.output import ago, json_option, one_line, print_json, span_text
from watcher.cli.state import Report, database_of, demand_ours, now_by, number, opened, vitals
from watcher.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.config.settings import Settings
    from watcher.model import Mute
    from watcher.storage.rows import LastRun, Status


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that one screen shows.

    Attributes:
        daemon: what the running daemon says of itself; None when none runs.
        silence: why it does not answer, though it runs.
        config_changed: None where the file is not to be seen.
        last_run: when a Watcher last worked on the database.
        backup: when the last one was made.
        next_jobs: what comes next, and when.
        mutes: what is silenced.
        broken: what is wrong with the configuration; "" if it can be used.
        at: when all of this was seen.
    """

    at: datetime
    status: "Status"
    settings: "Settings"
    config: Path
    config_changed: datetime | None
    daemon: Report | None
    silence: str | None
    last_run: "LastRun | None"
    backup: datetime | None
    next_jobs: Mapping[str, datetime | None]
    mutes: "Sequence[Mute]"
    broken: str


@click.command()
@config_option
@json_option
def status(config: Path | None, *, as_json: bool) -> None:
    """Show on one screen how Watcher is doing.

    Exits with 1 when something is wrong, with 78 when the configuration is: what runs, runs on the
    one that was good before.
    """
    screen = _look(config)
    complaints = complaints_of(screen)
    if as_json:
        print_json(_as_json(screen, complaints))
    else:
        for name, value in _lines(screen):
            click.echo(f"{name:>13}  {one_line(value)}")
        for complaint in complaints:
            click.echo(click.style(f"{'!':>13}  {one_line(complaint)}", bold=True))
    if screen.broken:
        click.echo(screen.broken, err=True)
        sys.exit(EXIT_CONFIG)
    if complaints:
        sys.exit(1)


def _look(config: Path | None) -> Screen:
    from watcher.storage.backups import backups_of, newest

    settings, path, broken, database = _found(config)
    daemon, silence = vitals(database)
    at, found, last_run, mutes = _stored(database, settings, daemon)
    last = newest(backups_of(database), at)
    backup = last and last.made
    return Screen(
        at=at,
        status=found,
        settings=settings,
        config=path,
        config_changed=_changed(path, at),
        daemon=daemon,
        silence=silence,
        last_run=last_run,
        backup=backup,
        next_jobs=_next_jobs(found, settings, backup, at),
        mutes=mutes,
        broken=broken,
    )


def _found(config: Path | None) -> "tuple[Settings, Path, str, Path]":
    """Return the settings, their file, what is wrong with it, and the database that is ours."""
    from watcher.cli.config import load_or_outline

    settings, path, broken = load_or_outline(config)
    database = database_of(settings)
    if broken and not database.exists():
        click.echo(broken, err=True)
        sys.exit(EXIT_CONFIG)
    demand_ours(settings)
    return settings, path, broken, database


def _changed(config: Path, at: datetime) -> datetime | None:
    """Return when a file was changed; None where there is none to be seen."""
    try:
        return datetime.fromtimestamp(config.stat().st_mtime, at.tzinfo)
    except OSError:
        return None


def _stored(
    database: Path, settings: "Settings", daemon: Report | None
) -> "tuple[datetime, Status, LastRun | None, Sequence[Mute]]":
    """Return what the database tells, and when: of today, of the last run, and what is silenced."""
    from watcher.service.care.health import LOST
    from watcher.service.polling.pace import waits_in

    with opened(database) as found, found.read() as tx:
        last_run = tx.runs.last()
        at = now_by(daemon)  # once the state is seen: a poll that ends before is not in its future
        midnight = at.astimezone(settings.watcher.zone).replace(hour=0, minute=0, second=0)
        numbers = tx.status(midnight, waits_in(settings, at), at - LOST)
        return at, numbers, last_run, tx.mutes.current(at)


def _next_jobs(
    found: "Status", settings: "Settings", backup: datetime | None, at: datetime
) -> dict[str, datetime | None]:
    from watcher.alerts.timing import next_time
    from watcher.storage.backups import EVERY

    table = settings.watcher
    jobs = {"poll": found.next_poll, "delivery": found.next_delivery}
    if table.backups:
        jobs["backup"] = backup + EVERY if backup else at
    if table.heartbeat:
        jobs["heartbeat"] = next_time(table.heartbeat, at, table.zone)
    return jobs


def complaints_of(screen: Screen) -> list[str]:
    """Return what is wrong, a sentence each; nothing when all is well."""
    from watcher.service.care.health import delivery_warnings

    complaints = list(_daemon_complaints(screen))
    if not complaints:  # else the daemon said why
        complaints += [*_poll_complaints(screen), *_backup_complaints(screen)]
    if screen.daemon is None:  # else it said so itself, of the configuration in force
        if screen.broken:
            complaints.append("the configuration cannot be used: see `watcher check`")
        complaints += delivery_warnings(screen.status, screen.settings, screen.at)
    return complaints


def _daemon_complaints(screen: Screen) -> Iterator[str]:
    """Yield what the daemon says of itself, or that there is none though there should be."""
    if screen.silence:
        yield screen.silence
    elif screen.daemon is not None:
        yield from _strings(screen.daemon.get("reasons"))
        yield from _strings(screen.daemon.get("warnings"))
    elif screen.last_run and not screen.last_run.once:
        run = screen.last_run
        how = f"it ended {ago(run.ended, screen.at)}" if run.ended else "it did not end by itself"
        yield f"the daemon is not running: started {ago(run.started, screen.at)}, {how}"


def _poll_complaints(screen: Screen) -> Iterator[str]:
    from watcher.service.care.health import is_late

    found = screen.status
    # Of a running daemon that is its own to judge: it may have started a second ago.
    if found.feeds and found.last_success is None and screen.daemon is None:
        yield "no feed was ever polled with success: is `watcher run` running?"
    elif found.last_success and is_late(found.last_success, screen.at, screen.settings):
        yield f"the last good poll was {ago(found.last_success, screen.at)}"
    if found.feeds and found.feeds_failing == found.feeds:
        yield "every feed fails: see `watcher feeds list`"


def _backup_complaints(screen: Screen) -> Iterator[str]:
    """Yield that the last backup is old, where a timer starts us and none of us remembers why.

    A round ends with a backup where none was made yet; a daemon may have begun just now.
    """
    from watcher.storage.backups import EVERY

    kept, last, run = screen.settings.watcher.backups, screen.backup, screen.last_run
    if kept and not last and run and run.once and run.ended:
        yield "no backup could be made: see `watcher db backup`"
    if kept and last and screen.at - last > 2 * EVERY:
        yield f"the last backup was made {ago(last, screen.at)}: see `watcher db backup`"


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _lines(screen: Screen) -> Iterator[tuple[str, str]]:
    found = screen.status
    yield "daemon", _daemon_line(screen)
    yield "polls", _polls_line(screen)
    has_feeds = found.feeds or screen.settings.feeds
    yield "feeds", _feeds_line(found) if has_feeds else f"none: {HOW_TO_ADD_FEEDS}"
    yield "entries", f"{found.entries}, {found.recent_entries} today"
    yield "stories", f"{found.stories}, {found.recent_stories} today"
    yield "alerts", _alerts_line(found)
    yield "deliveries", _deliveries_line(found, screen.at)
    if screen.mutes:
        yield "muted", "; ".join(_mute(one, screen.at) for one in screen.mutes)
    size = f"{found.database_bytes / 1e6:.1f} MB, schema {found.revision}"
    backup = f"last backup {ago(screen.backup, screen.at)}" if screen.backup else "no backup yet"
    yield "database", f"{size}; {backup}"
    seen = screen.config_changed
    changed = f"changed {ago(seen, screen.at)}" if seen else "cannot be read"
    yield "configuration", f"{screen.config}, {changed}{_loaded(screen)}"
    jobs = (f"{name} {_due(due, screen.at)}" for name, due in screen.next_jobs.items() if due)
    yield "next", ", ".join(jobs) or "-"


def _alerts_line(found: "Status") -> str:
    """Return how many there were; and of reports that nobody hears of, for the date they bear."""
    replies = plural(found.replies, "reply", "replies")
    too_old = f"; {found.recent_too_old} too old to be told today" if found.recent_too_old else ""
    return (
        f"{found.alerts}, {found.recent_alerts} today;"
        f" {replies}, {found.recent_replies} today{too_old}"
    )


def _feeds_line(found: "Status") -> str:
    failing = found.feeds_failing - found.feeds_sick
    troubles = f"{found.feeds_sick} sick, {failing} failing, {found.feeds_waiting} waiting"
    return (
        f"{found.feeds}: {troubles}, {found.feeds_stale} stale,"
        f" {found.feeds_never_polled} never polled"
    )


def _deliveries_line(found: "Status", at: datetime) -> str:
    from watcher.storage.rows import State

    count, since = found.deliveries, found.oldest_waiting
    waiting = count[State.PENDING] + count[State.SENDING]
    oldest = f" (the oldest for {_span(since, at)})" if since else ""
    last = f"; last sent {ago(found.last_sent, at)}" if found.last_sent else ""
    muted = f", {count[State.MUTED]} muted" if count[State.MUTED] else ""
    ended = f"{count[State.DEAD]} dead{muted}{last}"
    return f"{count[State.SENT]} sent, {waiting} waiting{oldest}, {ended}"


def _mute(one: "Mute", at: datetime) -> str:
    return f"{one.kind} {one.subject}, ends {ago(one.until, at)}"


def _daemon_line(screen: Screen) -> str:
    daemon, run = screen.daemon, screen.last_run
    if daemon is not None:
        lag_ms = number(daemon, "loop_lag") * 1000
        listen = f", http://{daemon['listen']}" if daemon.get("listen") else ""
        up = span_text(number(daemon, "uptime"))
        return f"{daemon['version']}, up {up}, pid {daemon['pid']}, lag {lag_ms:.0f} ms{listen}"
    if screen.silence:
        return "does not answer"
    if run and run.once:
        return f"none; last round {ago(run.started, screen.at)}"
    return "not running"


def _polls_line(screen: Screen) -> str:
    good = screen.status.last_success
    last = f"last good one {ago(good, screen.at)}" if good else "no good one yet"
    if screen.daemon is None:
        return last
    polls, failed = (int(number(screen.daemon, key)) for key in ("polls", "failed_polls"))
    return f"{polls} since the start, {failed} failed; {last}"


def _loaded(screen: Screen) -> str:
    loaded = screen.daemon and screen.daemon.get("config_loaded")
    return f", loaded {ago(datetime.fromisoformat(str(loaded)), screen.at)}" if loaded else ""


def _span(since: datetime, at: datetime) -> str:
    return span_text(max((at - since).total_seconds(), 0))


def _due(due: datetime, at: datetime) -> str:
    return "due" if due <= at else ago(due, at)


def _as_json(screen: Screen, complaints: list[str]) -> dict[str, object]:
    run = screen.last_run
    counts = {str(state): number for state, number in screen.status.deliveries.items()}
    return {
        "healthy": not complaints,
        **asdict(screen.status),
        "deliveries": counts,
        "daemon": screen.daemon,
        "last_run": asdict(run) if run else None,
        "last_backup": screen.backup,
        "config": str(screen.config),
        "config_changed": screen.config_changed,
        "next": screen.next_jobs,
        "mutes": [asdict(one) for one in screen.mutes],
        "complaints": complaints,
    }
