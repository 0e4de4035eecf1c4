"""`watcher run`: the daemon in the foreground."""

import faulthandler
import logging
import resource
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import HOW_TO_ADD_FEEDS, config_option, load_watch
from watcher.cli.output import json_option, print_json
from watcher.cli.state import database_of
from watcher.cli.streams import remark
from watcher.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watcher.service.daemon import Daemon
    from watcher.service.in_force.watch import Watch
    from watcher.service.monitoring.poll_log import Summary

STDERR = 2
#: Bytes of a core dump. Of none the kernel still hands a whole one to a program that collects them,
#: where there is such; of one byte it makes none at all (do_coredump in its fs/coredump.c).
NO_CORE = 1
#: What ends a run without another word: `kill` and systemd send one, a terminal that is closed the
#: other.
_ENDING = (signal.SIGTERM, signal.SIGHUP)


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
    watch, document = load_watch(config, lasting=not once)
    if not watch.settings.feeds:
        remark(f"there are no feeds: {HOW_TO_ADD_FEEDS}")
    path = document.files[0]
    with _scratch() if dry_run else nullcontext() as scratch:
        daemon = _dry_daemon(watch, path, scratch) if scratch else _daemon(watch, path)
        summary = loop.run(daemon.run_once() if once else daemon.run())
    if summary:
        _print_summary(summary, as_json=as_json)
        _complain(summary)


def _leave_no_core() -> None:
    """A core dump would hold the tokens, also where no unit forbids it."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    soft = NO_CORE if hard == resource.RLIM_INFINITY else min(NO_CORE, hard)
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@contextmanager
def _scratch() -> "Iterator[Path]":
    """Yield a folder that goes in the end, also where a signal is the end.

    The daemon listens to signals once it runs; until then, and in a single run, they would leave
    a copy of the whole database behind.
    """
    with tempfile.TemporaryDirectory(prefix="watcher-dry-run-") as folder:

        def leave(number: int, _: object) -> None:
            shutil.rmtree(folder, ignore_errors=True)
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)  # who sent it sees that it was heard

        before = {number: signal.getsignal(number) for number in _ENDING}
        for number in _ENDING:
            if before[number] is signal.SIG_DFL:  # `nohup` has one ignored
                signal.signal(number, leave)
        try:
            yield Path(folder)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _daemon(watch: "Watch", path: Path) -> "Daemon":
    """Return a daemon on the configured database."""
    from watcher.service.daemon import Daemon
    from watcher.service.in_force.config_file import ConfigFile

    return Daemon(
        watch,
        database=database_of(watch.settings),
        screen=sys.stdout,
        config=ConfigFile(path, watch.settings),
    )


def _dry_daemon(watch: "Watch", path: Path, scratch: Path) -> "Daemon":
    """Return a daemon on a copy of the database that nobody hears."""
    from watcher.service.daemon import Daemon
    from watcher.service.dry_run import DryFile, copy_into, make_dry_sender, unheard

    return Daemon(
        unheard(watch),
        database=copy_into(scratch, database_of(watch.settings)),
        screen=sys.stdout,
        config=DryFile(path, watch.settings),
        make=make_dry_sender,
        connect=None,
    )


def _print_summary(summary: "Summary", *, as_json: bool) -> None:
    from dataclasses import asdict

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
        remark(
            "no feed could be polled: `watcher feeds list` shows why, and when each is tried again"
        )
