"""A database that cannot grow: polling stops, says so, goes on by itself, and nothing is lost."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from daemons import EACH_SECOND, daemon_on, running
from feed_documents import Story, rss
from feed_server import FeedServer
from house import Recorder
from stored import entries_of
from watchlists import settings

from watcher.service.polling import poller
from watcher.storage.database import Database, Transaction

LARGE = "word " * 20_000
STORIES = [Story(f"Harbour master opens quay {n} of the island", LARGE) for n in range(20)]


def limit_pages(more: int) -> object:
    """Return work that lets the database grow by so many pages only."""

    def work(tx: Transaction) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + more}")

    return work


async def test_polling_stops_when_the_database_cannot_grow_and_takes_it_all_in_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "KEEP_RETRY", timedelta(seconds=2))
    desk = Recorder()
    async with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Wire", STORIES[:1]))
        daemon = daemon_on(
            tmp_path / "watcher.db",
            settings(
                feeds=[{"url": url}],
                channels={"desk": {"console": True}},
                watcher={"ops_channel": "desk", "backups": 0},
                polling=EACH_SECOND,
            ),
            desk=desk,
        )
        async with running(daemon):
            await asyncio.to_thread(feeds.wait_for, "/wire", 2)
            await daemon._writer.run(limit_pages(5))  # type: ignore[arg-type]
            feeds.put("/wire", rss("Wire", STORIES))
            await heard(desk, "polling stops")
            polls = len(feeds.requests_for("/wire"))
            for _ in range(2):
                await daemon._disk.look()  # it still cannot grow
                await daemon.poll()
            assert len(feeds.requests_for("/wire")) == polls

            await daemon._writer.run(limit_pages(100_000))  # type: ignore[arg-type]
            await daemon._disk.look()
            await heard(desk, "polling goes on")
            # It is asked for the second time once what came of the first was kept.
            await asyncio.to_thread(feeds.wait_for, "/wire", polls + 2, timeout_s=90)
            assert number_of_entries(tmp_path / "watcher.db") == len(STORIES)


async def heard(desk: Recorder, words: str) -> None:
    async with asyncio.timeout(60):
        while not any(words in notice for notice in desk.notices):
            desk.noticed.clear()
            await desk.noticed.wait()


def number_of_entries(path: Path) -> int:
    with Database.open(path, read_only=True) as database, database.read() as tx:
        return len(entries_of(tx))


async def test_the_disk_that_is_watched_is_the_one_that_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "large").mkdir()
    (tmp_path / "watcher.db").symlink_to(tmp_path / "large" / "watcher.db")
    daemon = daemon_on(tmp_path / "watcher.db")

    async with daemon._started():
        assert daemon._disk._folder == tmp_path / "large"
