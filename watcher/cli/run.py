"""`watcher run`: the daemon in the foreground."""

import faulthandler
import logging
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import json_option, print_json

if TYPE_CHECKING:
    from watcher.config.settings import Settings
    from watcher.service.daemon import Daemon
    from watcher.service.tidings import Summary

STDERR = 2
#: Bytes of a core dump. Of none the kernel still hands a whole one to a program that collects them,
#: where there is such; of one byte it makes none at all (do_coredump in its fs/coredump.c).
NO_CORE = 1


@click.command()
@config_option
@click.option("--once", is_flag=True, help="Poll what is due, deliver, and exit.")
@click.option(
    "--dry-run", is_flag=True, help="Decide and log, on a copy of the database; send nothing."
)
@click.option("--debug", is_flag=True, help="Log more, and show tracebacks.")
@click.option(
    "--log-format",
    type=click.Choice(["auto", "console", "logfmt", "json"]),
    default="auto",
    show_default=True,
    help="auto: colours on a terminal, logfmt elsewhere.",
)
@json_option
def run(
    config: Path | None, *, once: bool, dry_run: bool, debug: bool, log_format: str, as_json: bool
) -> None:
    """Run the daemon in the foreground.

    SIGTERM and Ctrl-C end it, SIGHUP and a changed file reload the configuration; a bad one is
    refused and the running one stays.
    """
    if not once:  # the daemon will hear it; what changes before that, it finds by itself
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    from watcher import heap
    from watcher.service import log, loop

    _leave_no_core()
    faulthandler.enable(STDERR)  # the watchdog's SIGABRT leaves the stacks of all threads there
    heap.keep_few_heaps()
    heap.look_seldom()
    log.configure(log_format, level=logging.DEBUG if debug else logging.INFO)  # type: ignore[arg-type]
    log.tell_crashes()
    settings, path = load_or_exit(config)
    with tempfile.TemporaryDirectory(prefix="watcher-dry-run-") as scratch:
        daemon = _daemon(settings, path, Path(scratch) if dry_run else None)
        summary = loop.run(daemon.run_once() if once else daemon.run())
    if summary:
        _print_summary(summary, as_json=as_json)
        _complain(summary)


def _leave_no_core() -> None:
    """A core dump would hold the tokens, also where no unit forbids it."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    soft = NO_CORE if hard == resource.RLIM_INFINITY else min(NO_CORE, hard)
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


def _daemon(settings: "Settings", path: Path, scratch: Path | None) -> "Daemon":
    """Return a daemon on the configured database, or for a dry run on a copy of it."""
    from watcher.alerts.senders import make_sender
    from watcher.service.daemon import Daemon
    from watcher.service.dry_run import copy_into, make_dry_sender
    from watcher.service.reload import ConfigFile
    from watcher.service.remote import connect_telegram
    from watcher.storage.lock import database_path

    database = database_path(settings, os.environ)
    return Daemon(
        settings,
        database=copy_into(scratch, database) if scratch else database,
        screen=sys.stdout,
        config=ConfigFile(path, settings),
        make=make_dry_sender if scratch else make_sender,
        connect=None if scratch else connect_telegram,
    )


def _print_summary(summary: "Summary", *, as_json: bool) -> None:
    from dataclasses import asdict

    from watcher.alerts.credits import plural

    if as_json:
        print_json(asdict(summary))
        return
    brought = (
        plural(summary.entries, "entry", "entries"),
        plural(summary.stories, "story", "stories"),
        plural(summary.alerts, "alert"),
        plural(summary.replies, "reply", "replies"),
    )
    polled = plural(summary.feeds, "feed")
    click.echo(f"{polled} polled ({summary.failed} failed): {', '.join(brought)}")


def _complain(summary: "Summary") -> None:
    """Say it where nothing at all could be polled: the round did its work, and brought nothing."""
    if summary.feeds and summary.failed == summary.feeds:
        click.echo(
            "watcher: no feed could be polled: `watcher feeds list` shows why, and when each is"
            " tried again",
            err=True,
        )
