"""The one writer: every transaction of the daemon runs in one thread, in order.

SQLite has one writer anyway; a thread of its own keeps match, story and commit off the event loop.
Polls that wait for it share a commit: the disk is waited for once, and each is still kept whole or
not at all.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, TypeVar

from watcher.errors import StorageError
from watcher.storage.database import Database, Transaction

T = TypeVar("T")

#: A shared commit takes no more work after this: what waits behind it, a delivery perhaps, should
#: not notice.
LONGEST_BATCH_S: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """Work that waits for the writer, and who waits for what comes of it."""

    work: Callable[[Transaction], Any]
    shares: bool
    done: "asyncio.Future[Any]"

    def settle(self, result: Any) -> None:
        """Hand over what came of it."""
        if isinstance(result, _Failure):
            self.done.set_exception(_raisable(result.error))
        else:
            self.done.set_result(result)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException


class Writer:
    """Runs functions inside a write transaction, one after the other.

    Args:
        database: what is written to.
        seconds: a clock that never goes back.
    """

    def __init__(self, database: Database, seconds: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._waiting: deque[_Job] = deque()
        self._is_serving = False

    async def run(self, work: Callable[[Transaction], T], *, shares: bool = False) -> T:
        """Run work in a transaction and commit, or roll back if it raises.

        Work that was begun is finished even if the caller is cancelled. Once the writer is closed
        this raises RuntimeError.

        Args:
            work: what to do; called again when others made a shared transaction fail.
            shares: it may be committed together with what waits beside it.
        """
        job = _Job(work, shares, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        if not self._is_serving:
            self._wake()
        result: T = await asyncio.shield(job.done)
        return result

    def _wake(self) -> None:
        """Have the thread do what waits.

        Raises:
            RuntimeError: the writer is closed.
        """
        self._is_serving = True
        try:
            self._thread.submit(self._serve)
        except RuntimeError:
            self._is_serving = False
            self._waiting.clear()
            raise

    def _serve(self) -> None:
        """Do what waits until nothing does: what is added meanwhile need not wake the thread.

        What is added before the flag falls is seen behind it; what is added later calls again.
        """
        while self._is_serving or self._waiting:
            while self._waiting:
                self._do(self._waiting.popleft())
            self._is_serving = False

    def _do(self, job: _Job) -> None:
        """Do what waited longest, and what may share its commit."""
        if job.shares and self._waiting and self._waiting[0].shares:
            self._together(job)
        else:
            _hand_over([job], [self._alone(job)])

    def _alone(self, job: _Job) -> Any:
        try:
            with self._database.begin() as transaction:
                return job.work(transaction)
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            return _Failure(error)

    def _together(self, first: _Job) -> None:
        jobs = [first]
        try:
            with self._database.begin() as transaction:
                results = self._batch(transaction, jobs)
        except Exception:  # noqa: BLE001 - one of theirs, or the commit's: each has its own try
            results = [self._alone(job) for job in jobs]
        _hand_over(jobs, results)

    def _batch(self, transaction: Transaction, jobs: list[_Job]) -> Sequence[Any]:
        """Do the first job and those that wait behind it; they are added to `jobs`."""
        end = self._seconds() + LONGEST_BATCH_S
        results = [_part(transaction, jobs[0])]
        while self._waiting and self._waiting[0].shares and self._seconds() < end:
            jobs.append(self._waiting.popleft())
            results.append(_part(transaction, jobs[-1]))
        return results

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._thread.shutdown(wait=True)


def _hand_over(jobs: Sequence[_Job], results: Sequence[Any]) -> None:
    """Tell all callers at once, in their own thread; those whose loop has ended have gone."""
    with suppress(RuntimeError):
        jobs[0].done.get_loop().call_soon_threadsafe(_settle, jobs, results)


def _settle(jobs: Sequence[_Job], results: Sequence[Any]) -> None:
    for job, result in zip(jobs, results, strict=True):
        job.settle(result)


def _raisable(error: BaseException) -> BaseException:
    """Return an error as a future can hold it: that an iterator ended would mean its own end."""
    return RuntimeError("work ended an iterator") if isinstance(error, StopIteration) else error


def _part(transaction: Transaction, job: _Job) -> Any:
    """Do one job of several; what it did is taken back, alone, if it raises."""
    try:
        with transaction.part():
            return job.work(transaction)
    except StorageError:
        raise
    except BaseException as error:  # noqa: BLE001 - it is the caller's
        return _Failure(error)
