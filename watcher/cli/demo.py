"""`watcher demo`: Watcher at work in a few seconds, without network, account or configuration."""

import asyncio
import logging
import sys

import click

from watcher.service.moments import utc_now


@click.command()
def demo() -> None:
    """Show Watcher at work: no network, no account, no config.

    Eight made-up outlets report, in six languages, a summit and an arms transfer, beside
    look-alikes and unrelated news. The real daemon polls them on 127.0.0.1 and alerts here.
    """
    # At once: the imports below take a second.
    click.echo("Eight outlets in six languages report two events, look-alikes and other news.\n")
    from watcher.service import log
    from watcher.service.demo import run_demo

    log.configure("console", level=logging.ERROR)
    summary = asyncio.run(run_demo(utc_now(), sys.stdout))
    click.echo(f"{summary.entries} entries → {summary.stories} stories → {summary.alerts} alerts")
