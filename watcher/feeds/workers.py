"""The pool of parse workers: started when needed, killed when stuck, never left behind.

Workers are plain subprocesses and not `multiprocessing`: that would import the daemon's main
module into each of them, and add a process of its own.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from watcher.errors import FeedError
from watcher.feeds.compression import MAX_BODY_BYTES
from watcher.feeds.frames import LENGTHS, Answer, Job, pack_job, unpack_answer
from watcher.feeds.parsed import ParsedFeed

#: Seconds a worker may take to start; 0.2 s is usual, a machine that is booting takes longer.
START_TIMEOUT_S = 30.0

#: Patience for one document: the slowest of 319 real ones takes half a second.
PATIENCE = timedelta(seconds=10)

#: Entries of an answer that are decoded on the event loop; 250 kB take a millisecond or two.
AT_ONCE_BYTES = 250_000

#: A worker's whole program. `-P` and the explicit path keep modules in the working directory
#: from being imported in place of ours; nothing else of that path comes before others'.
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); import watcher; sys.path.append(sys.path.pop(0));"
    " from {} import main; main()"
)
ROOT = str(Path(__file__).resolve().parents[2])

#: What a worker inherits: no tokens, no passwords.
ENVIRONMENT = ("PATH", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
ENVIRONMENT_PREFIXES = ("PYTHON", "LC_")

#: Has glibc return what a large document took, in bytes at the end of its heap; by itself it keeps
#: ever more. After 553 real documents a worker held 64 MB, not 86, and was as fast.
RETURNING = {"MALLOC_TRIM_THRESHOLD_": "131072"}


class _WorkerDiedError(Exception):
    """The worker ended in the middle of its work."""


class _Worker:
    """One process; it serves one document at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.busy = False
        self.worn_out = False

    @classmethod
    async def start(cls) -> Self:
        """Start a process and wait until it is ready.

        Raises:
            FeedError: it does not start.
        """
        process = await asyncio.create_subprocess_exec(
            *command("watcher.feeds.worker"), stdin=PIPE, stdout=PIPE,
            env=environment(), start_new_session=True,
        )  # fmt: skip
        worker = cls(process)
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await worker._receive()
        except (TimeoutError, _WorkerDiedError) as error:
            worker.kill()
            raise FeedError("the parse worker does not start") from error
        except BaseException:
            worker.kill()
            raise
        return worker

    @property
    def is_fit(self) -> bool:
        """Whether it can take another document; one that was interrupted cannot."""
        return self._process.returncode is None and not self.worn_out and not self.busy

    async def parse(self, job: Job) -> ParsedFeed:
        """Have one document parsed."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with a pipe
        self.busy = True
        with suppress(ConnectionError):  # a worker that died shows when its answer is read
            self._process.stdin.write(pack_job(job))
            await self._process.stdin.drain()
        answer = await self._receive()
        self.busy, self.worn_out = False, answer.message["worn_out"]
        if len(answer.entries) <= AT_ONCE_BYTES:
            return unpack_answer(answer)
        return await asyncio.to_thread(unpack_answer, answer)

    async def _receive(self) -> Answer:
        assert self._process.stdout is not None  # noqa: S101 - it was started with a pipe
        try:
            stdout = self._process.stdout
            text, entries = LENGTHS.unpack(await stdout.readexactly(LENGTHS.size))
            message = json.loads(await stdout.readexactly(text))
            return Answer(message, await stdout.readexactly(entries))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise _WorkerDiedError from error

    def kill(self) -> None:
        """End the process now; asyncio takes its exit status in the background."""
        with suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def gone(self) -> None:
        """Wait until the process has ended and its pipes are closed."""
        if self._process.stdout is not None:
            await self._process.stdout.read()
        await self._process.wait()
        if self._process.stdin is not None:
            with suppress(ConnectionError):
                await self._process.stdin.wait_closed()


class ParsePool:
    """Parses documents in processes that can be killed.

    Args:
        workers: how many documents at once; one does 80 feeds a second.
        timeout: patience for one document, not counting the wait for a free worker.
        max_body: bytes that a document may have, inflated.
    """

    def __init__(
        self, workers: int = 1, timeout: timedelta = PATIENCE, max_body: int = MAX_BODY_BYTES
    ) -> None:
        self._slots = asyncio.Semaphore(workers)
        self._timeout = timeout
        self.max_body = max_body
        self._idle: list[_Worker] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def parse(
        self,
        body: bytes,
        content_type: str | None,
        url: str,
        now: datetime,
        memory: bytes = b"",
    ) -> ParsedFeed:
        """Return what a feed document says; see `watcher.feeds.parse.parse_feed`.

        Raises:
            FeedError: it is no feed, or parsing it took too long or broke the worker.
        """
        patience_s = self._timeout.total_seconds()
        job = Job(body, content_type, url, now, patience_s, memory, self.max_body)
        async with self._slots:
            worker = await self._take()
            try:
                return await self._patiently(worker, job)
            finally:
                self._give_back(worker)

    async def close(self) -> None:
        """End all workers, and wait until they are gone."""
        self._closed = True
        while self._idle:
            self._end(self._idle.pop())
        while self._ending:
            await asyncio.gather(*self._ending)

    async def _take(self) -> _Worker:
        if self._closed:
            raise FeedError("Watcher is shutting down")
        while self._idle:
            worker = self._idle.pop()
            if worker.is_fit:
                return worker
            self._end(worker)
        return await _Worker.start()

    async def _patiently(self, worker: _Worker, job: Job) -> ParsedFeed:
        try:
            async with asyncio.timeout(job.timeout_s):
                return await worker.parse(job)
        except TimeoutError as error:
            raise FeedError(f"parsing took longer than {job.timeout_s:g} s") from error
        except _WorkerDiedError as error:
            raise FeedError(
                "parsing broke the parser; the document is damaged or hostile"
            ) from error

    def _give_back(self, worker: _Worker) -> None:
        if worker.is_fit and not self._closed:
            self._idle.append(worker)
        else:
            self._end(worker)

    def _end(self, worker: _Worker) -> None:
        worker.kill()
        task = asyncio.create_task(worker.gone())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def command(module: str) -> tuple[str, ...]:
    """Return what starts `main` of a module of ours in a process of its own."""
    return sys.executable, "-P", "-c", PROGRAM.format(module), ROOT


def environment() -> dict[str, str]:
    """Return what such a process inherits of ours."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in ENVIRONMENT or name.startswith(ENVIRONMENT_PREFIXES)
    }
    return inherited | RETURNING
