"""The one writer: every transaction of the daemon runs in one thread, in order.

SQLite has one writer anyway; a thread of its own keeps match, story and commit off the event loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from watcher.storage.database import Database, Transaction

T = TypeVar("T")


class Writer:
    """Runs functions inside a write transaction, one after the other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run work in a transaction and commit, or roll back if it raises.

        Work that was begun is finished even if the caller is cancelled.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._thread, self._transact, work))

    def _transact(self, work: Callable[[Transaction], T]) -> T:
        with self._database.begin() as transaction:
            return work(transaction)

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._thread.shutdown(wait=True)
