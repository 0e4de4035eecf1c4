"""Parse workers: real processes, real kills, nothing left behind."""

import asyncio
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.errors import FeedError
from watcher.feeds import worker
from watcher.feeds.parse import parse_feed
from watcher.feeds.workers import ParsePool

NOW = datetime(2023, 9, 14, 12, tzinfo=UTC)
URL = "https://news.example/feed"
SMALL = (
    b'<rss version="2.0"><channel><title>T</title><ttl>5</ttl><item><title>\xd0\x9a</title>'
    b"<pubDate>Wed, 13 Sep 2023 14:05:00 GMT</pubDate></item></channel></rss>"
)

#: Minutes of work for feedparser, and no single trait that the look before it would refuse.
SLOW = (
    b'<rss version="2.0"><channel>'
    + b"<item><title>x</title></item>" * 150_000
    + b"</channel></rss>"
)


async def read(pool: ParsePool, body: bytes) -> int:
    return len((await pool.parse(body, None, URL, NOW)).entries)


def process_of(pool: ParsePool) -> int:
    [worker] = pool._idle
    return worker._process.pid


def ended(pid: int) -> bool:
    """Wait until a process is gone, at most ten seconds."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def descriptors() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def limits_of(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text("ascii")


@pytest.fixture
async def pool() -> AsyncIterator[ParsePool]:
    pool = ParsePool()
    yield pool
    await pool.close()


async def busy_worker(pool: ParsePool) -> tuple[int, asyncio.Task[int]]:
    """Return the process of the pool's worker, and the long document that it parses."""
    await read(pool, SMALL)
    pid = process_of(pool)
    parsing = asyncio.create_task(read(pool, SLOW))
    await asyncio.sleep(0)  # the task runs until the document is on its way
    assert not pool._idle
    return pid, parsing


async def test_a_worker_gives_what_parsing_gives(pool: ParsePool) -> None:
    feed = await pool.parse(SMALL, "text/xml", URL, NOW)

    assert feed == parse_feed(SMALL, content_type="text/xml", url=URL, now=NOW)
    assert feed.ttl == timedelta(minutes=5)


@pytest.mark.parametrize(("most", "is_read"), [(len(SMALL), True), (len(SMALL) - 1, False)])
async def test_a_document_may_be_as_large_as_the_pool_is_told(most: int, is_read: bool) -> None:
    pool = ParsePool(max_body=most)
    try:
        if is_read:
            assert await read(pool, SMALL) == 1
        else:
            with pytest.raises(FeedError, match="larger than"):
                await read(pool, SMALL)
    finally:
        await pool.close()


async def test_a_worker_serves_one_document_after_another(pool: ParsePool) -> None:
    await read(pool, SMALL)
    first = process_of(pool)
    with pytest.raises(FeedError, match="a web page"):
        await read(pool, b"<html></html>")
    await read(pool, SMALL)

    assert process_of(pool) == first


async def test_a_worker_can_lift_none_of_its_limits_and_has_so_much_time_a_document(
    pool: ParsePool,
) -> None:
    await read(pool, SMALL)

    limits = limits_of(process_of(pool))

    for limit in (r"address space +1073741824 +1073741824", r"core file size +0 +0 "):
        assert re.search(f"^Max {limit}", limits, re.MULTILINE), limits
    assert re.search(r"^Max file size +0 +0 ", limits, re.MULTILINE), limits
    assert re.search(r"^Max cpu time +1[2-9] ", limits, re.MULTILINE), limits


async def test_documents_at_the_same_time_wait_for_their_turn(pool: ParsePool) -> None:
    assert await asyncio.gather(*(read(pool, SMALL) for _ in range(20))) == [1] * 20
    assert len(pool._idle) == 1


async def test_a_document_that_takes_too_long_is_given_up_and_its_worker_killed() -> None:
    pool = ParsePool(timeout=timedelta(seconds=5))
    await read(pool, SMALL)
    pid = process_of(pool)
    pool._timeout = timedelta(seconds=0.2)

    with pytest.raises(FeedError, match=r"took longer than 0\.2 s"):
        await read(pool, SLOW)

    assert ended(pid)
    pool._timeout = timedelta(seconds=30)
    assert await read(pool, SMALL) == 1
    await pool.close()


async def test_a_worker_that_dies_at_work_is_a_feed_error_and_is_replaced(pool: ParsePool) -> None:
    pid, parsing = await busy_worker(pool)
    os.kill(pid, signal.SIGKILL)

    with pytest.raises(FeedError, match="broke the parser"):
        await parsing
    assert await read(pool, SMALL) == 1


async def test_a_worker_that_died_while_idle_is_replaced(pool: ParsePool) -> None:
    await read(pool, SMALL)
    worker = pool._idle[0]
    os.kill(worker._process.pid, signal.SIGKILL)
    await worker._process.wait()

    assert await read(pool, SMALL) == 1


async def test_a_cancelled_parse_leaves_the_pool_usable(pool: ParsePool) -> None:
    pid, parsing = await busy_worker(pool)
    parsing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await parsing
    assert ended(pid)
    assert await read(pool, SMALL) == 1


async def test_a_parse_cancelled_while_its_worker_starts_leaves_the_pool_usable(
    pool: ParsePool,
) -> None:
    parsing = asyncio.create_task(read(pool, SMALL))
    await asyncio.sleep(0)
    parsing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await parsing
    assert await read(pool, SMALL) == 1


async def test_signals_to_the_worker_are_the_daemons_to_decide(pool: ParsePool) -> None:
    await read(pool, SMALL)
    pid = process_of(pool)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(pid, number)

    assert await read(pool, SMALL) == 1
    assert process_of(pool) == pid


async def test_no_process_and_no_descriptor_is_left() -> None:
    before = descriptors()
    for _ in range(3):
        pool = ParsePool(workers=2, timeout=timedelta(seconds=30))
        await asyncio.gather(*(read(pool, SMALL) for _ in range(4)))
        pids = [worker._process.pid for worker in pool._idle]
        await pool.close()
        assert all(map(ended, pids))

    # The loop itself keeps one descriptor for the children it watches.
    assert len(descriptors() - before) <= 1


async def test_a_closed_pool_refuses_work() -> None:
    pool = ParsePool()
    await pool.close()

    with pytest.raises(FeedError, match="shutting down"):
        await read(pool, SMALL)


async def test_closing_while_a_document_is_parsed_leaves_no_worker() -> None:
    pool = ParsePool(timeout=timedelta(seconds=30))
    pid, parsing = await busy_worker(pool)
    parsing.cancel()
    await asyncio.gather(parsing, return_exceptions=True)
    await pool.close()

    assert ended(pid)


async def test_a_worn_out_worker_is_replaced(pool: ParsePool) -> None:
    await read(pool, SMALL)
    pid = process_of(pool)
    pool._idle[0].worn_out = True

    assert await read(pool, SMALL) == 1
    assert process_of(pool) != pid
    assert ended(pid)


def test_a_process_is_worn_out_by_the_memory_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WORN_OUT_BYTES", 1 << 20)
    assert worker.is_worn_out()

    monkeypatch.setattr(worker, "WORN_OUT_BYTES", 1 << 40)
    assert not worker.is_worn_out()


async def test_a_worker_sees_no_secret_of_the_environment(
    pool: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "canary")
    await read(pool, SMALL)

    assert b"canary" not in environment(process_of(pool))


async def test_a_module_in_the_working_directory_is_not_imported(
    pool: ParsePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "feedparser", "chardet", "watcher"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)

    assert await read(pool, SMALL) == 1


ORPHAN = """
import asyncio, sys
from datetime import UTC, datetime
from watcher.feeds.workers import ParsePool

async def main():
    pool = ParsePool()
    await pool.parse(sys.stdin.buffer.read(), None, "", datetime.now(UTC))
    print(pool._idle[0]._process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_worker_ends_when_the_daemon_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as daemon:
        assert daemon.stdin is not None
        assert daemon.stdout is not None
        daemon.stdin.write(SMALL)
        daemon.stdin.close()
        pid = int(daemon.stdout.readline())
        daemon.kill()

    assert ended(pid)


IMPORTS = """
import sys
import watcher.feeds.worker
heavy = "asyncio pydantic sqlalchemy aiohttp telegram click structlog apprise".split()
print(*sorted({*heavy} & {*sys.modules}))
"""


def test_a_worker_imports_nothing_heavy() -> None:
    found = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, check=True)

    assert found.stdout.strip() == b""
