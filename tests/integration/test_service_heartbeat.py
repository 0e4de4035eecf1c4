"""The proof of life of a running daemon."""

import asyncio
from io import StringIO
from pathlib import Path

from feed_documents import Story, rss
from feed_server import FeedServer
from house import Recorder
from watchlists import MEETS, settings

from watcher.service.daemon import Daemon


async def test_a_running_daemon_tells_how_it_fares(tmp_path: Path) -> None:
    desk = Recorder()
    async with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Wire", [Story(MEETS)]))
        daemon = Daemon(
            settings(
                feeds=[{"url": url}],
                channels={"desk": {"console": True}},
                watcher={"ops_channel": "desk", "backups": 0},
                polling={"allow_private": ["127.0.0.0/8"]},
                alerts={"group_wait": "0s"},
            ),
            database=tmp_path / "watcher.db",
            screen=StringIO(),
            make=lambda *_, **__: desk,
        )
        running = asyncio.create_task(daemon.run())
        try:
            async with asyncio.timeout(60):
                await desk.arrived.wait()
                await daemon.tell_heartbeat()
        finally:
            daemon.stop()
            await running

    (line,) = desk.notices
    assert line == (
        "Watcher is alive; since the start 1 poll, 1 entry, 1 story, 1 alert, 0 replies;"
        " sick feeds 0, messages lost 0"
    )
