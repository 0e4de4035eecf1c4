"""Daemons by their settings, for feeds of this machine, with recorders as channels."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from house import Recorder
from watchlists import settings

from watcher.config.settings import Settings
from watcher.service.daemon import Daemon
from watcher.service.in_force.watch import Watch

#: Polling of feeds that are served on this machine, without a pause between them.
LOCAL = {"allow_private": ["127.0.0.0/8"], "per_host_delay": "0s"}
#: The same, as often as a feed may be polled.
EACH_SECOND = {**LOCAL, **dict.fromkeys(("interval", "min_interval", "max_interval"), "1s")}


def daemon_on(
    database: Path, tables: Settings | None = None, *, desk: Recorder | None = None, **parts: Any
) -> Daemon:
    """Return a daemon that works on a database; whatever its channels are, they are `desk`."""
    if desk is not None:
        parts["make"] = lambda *_, **__: desk
    watch = Watch.of(tables or settings())
    return Daemon(watch, database=database, screen=StringIO(), **parts)


@asynccontextmanager
async def running(daemon: Daemon) -> AsyncIterator[None]:
    """Have a daemon run meanwhile."""
    task = asyncio.create_task(daemon.run())
    try:
        yield
    finally:
        daemon.stop()
        await task
