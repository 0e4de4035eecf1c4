"""The database: one writer, any number of readers, and the transaction that both work in."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import Connection, Engine

from watcher.errors import StorageError
from watcher.storage.alerts import Alerts
from watcher.storage.backups import no_database
from watcher.storage.claims import Claims
from watcher.storage.connect import BUSY_TIMEOUT_S, reader_engine, writer_engine
from watcher.storage.corrections import Corrections
from watcher.storage.edits import Edits
from watcher.storage.entries import Entries
from watcher.storage.exports import Exports
from watcher.storage.feeds import Feeds
from watcher.storage.forgotten import Forgotten
from watcher.storage.lost import Lost
from watcher.storage.meta import forget, note
from watcher.storage.migrate import create as create_database
from watcher.storage.migrate import require_head
from watcher.storage.mutes import Mutes
from watcher.storage.notes import Notices, Runs, Topics, instance_id
from watcher.storage.outbox import Outbox
from watcher.storage.remote import Bots, Chats, Feedback
from watcher.storage.revival import Revival
from watcher.storage.rows import Queues, Status, Waits
from watcher.storage.section import Section
from watcher.storage.sightings import Sightings
from watcher.storage.signatures import Signatures
from watcher.storage.status import read_queues, read_status
from watcher.storage.stories import Stories
from watcher.storage.texts import Texts
from watcher.storage.trouble import FAILURES, no_file, storage_error
from watcher.storage.vectors import Vectors

if TYPE_CHECKING:  # the rules of stories take long to load, and commands that only read need none
    from watcher.storage.archive import SqlArchive
    from watcher.storage.retention import Retention

_S = TypeVar("_S", bound=Section)

_FILLER = "filler"
#: As much as a poll of some new entries needs.
_FILLER_BYTES = 256 * 1024


def _section(kind: type[_S]) -> cached_property[_S]:
    """Return the property of a transaction that is its part of this kind, made when first asked."""
    return cached_property(lambda transaction: kind(transaction.connection))


@dataclass(frozen=True)
class Transaction:
    """A unit of work: all of it is kept or none.

    Take `now` inside a write transaction: what was decided before it began may be out of date.
    """

    connection: Connection
    path: Path
    signatures: Signatures

    feeds = _section(Feeds)  #: The feeds and their poll states.
    entries = _section(Entries)  #: The entries, with their matches.
    sightings = _section(Sightings)  #: The entries met again.
    forgotten = _section(Forgotten)  #: What was let go of, and is no news when it comes back.
    stories = _section(Stories)  #: The stories, for reading.
    texts = _section(Texts)  #: The texts of many entries, for reading them again.
    corrections = _section(Corrections)  #: Stories corrected by hand.
    alerts = _section(Alerts)  #: The rings and the decisions behind them.
    outbox = _section(Outbox)  #: The deliveries on their way.
    claims = _section(Claims)  #: Which of them goes out next.
    revival = _section(Revival)  #: Another chance for those that died.
    edits = _section(Edits)  #: What brings messages up to date.
    lost = _section(Lost)  #: The messages that can be changed no more.
    mutes = _section(Mutes)  #: What is silenced, and until when.
    feedback = _section(Feedback)  #: What people said of alerts by a button.
    bots = _section(Bots)  #: Where each bot stands.
    chats = _section(Chats)  #: Chats that got another number.
    topics = _section(Topics)  #: Since when each topic stands as it does.
    notices = _section(Notices)  #: What people were told once about the program itself.
    vectors = _section(Vectors)  #: Where an encoder saw the entries of the window.
    runs = _section(Runs)  #: When a Watcher last worked here.

    @cached_property
    def retention(self) -> "Retention":
        """Bounded steps that let go of what is old."""
        from watcher.storage.retention import Retention

        return Retention(self.connection)

    @cached_property
    def archive(self) -> "SqlArchive":
        """The entries that a new one may repeat or continue."""
        from watcher.storage.archive import SqlArchive

        return SqlArchive(self.connection, self.signatures)

    def exports(self, since: datetime | None, topic: str | None) -> Exports:
        """Return the archive in pages, for printing all of it; see `Exports`."""
        return Exports(self.connection, since, topic)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Take back what was done inside, and only that, if anything is raised.

        Raises:
            StorageError: the database itself failed; then the whole transaction has to end.
        """
        try:
            with self._savepoint():
                yield
        except FAILURES as error:
            raise storage_error(self.path, error) from error
        except BaseException:
            self.signatures.clear()  # the numbers that were taken back are given to others
            raise

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Set a savepoint with nothing between us and the driver; they nest under one name."""
        cursor = self.connection.connection.cursor()
        cursor.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            cursor.execute("ROLLBACK TO part")
            cursor.execute("RELEASE part")
            raise
        cursor.execute("RELEASE part")

    @property
    def instance(self) -> str:
        """What tells this database from every other."""
        return instance_id(self.connection)

    def fill(self) -> None:
        """Write something of no use: the transaction ends well only if the file can grow."""
        note(self.connection, _FILLER, "x" * _FILLER_BYTES)

    def unfill(self) -> None:
        """Take that away again."""
        forget(self.connection, _FILLER)

    def status(
        self, since: datetime, waits: Waits | None = None, lost_since: datetime | None = None
    ) -> Status:
        """Return the numbers of one screen; `recent` ones count from `since`."""
        return read_status(self.connection, self.path, since, waits, lost_since)

    def queues(self, waits: Waits | None = None, lost_since: datetime | None = None) -> Queues:
        """Return what waits, and how the feeds fare; None counts as lost whatever is dead."""
        return read_queues(self.connection, self.path, waits, lost_since)


class Database:
    """An open database of the schema that this program knows."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self._file = path.stat()
        self._readers = reader_engine(path, mode="ro" if read_only else "rw")
        self._writer = None if read_only else writer_engine(path)
        self._writing = threading.Lock()
        self._signatures = Signatures()

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the database; one to write to is made where there is none.

        Args:
            path: the file.
            read_only: never write, so that a daemon beside us is not disturbed.

        Raises:
            StorageError: there is none, it is damaged, or its schema is not this program's.
        """
        if path.is_dir():
            raise no_file(path)
        if not read_only:
            create_database(path)
        elif not path.exists():
            raise no_database(path)
        require_head(path)
        return cls(path, read_only=read_only)

    @property
    def is_in_place(self) -> bool:
        """Whether the file at our place is still the one that we opened."""
        try:
            return os.path.samestat(self._file, self.path.stat())
        except OSError:
            return False

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open a write transaction: committed at the end, rolled back if anything is raised.

        One at a time; others wait for it.
        """
        if self._writer is None:
            raise StorageError(f"the database {self.path} is open for reading only")
        if not self._writing.acquire(timeout=BUSY_TIMEOUT_S):
            raise StorageError(f"the database {self.path}: an earlier transaction does not end")
        try:
            with self._transaction(self._writer, self._signatures) as transaction:
                yield transaction
        except BaseException:
            # The numbers of entries that were rolled back are given to others.
            self._signatures.clear()
            raise
        finally:
            self._writing.release()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that sees one unchanging state, and cannot write."""
        with self._transaction(self._readers, Signatures()) as transaction:
            yield transaction

    def close(self) -> None:
        """Close every connection; the last one to close folds the log into the file."""
        self._readers.dispose()
        if self._writer is not None:
            self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, engine: Engine, signatures: Signatures) -> Iterator[Transaction]:
        try:
            with engine.begin() as connection:
                yield Transaction(connection, self.path, signatures)
        except FAILURES as error:
            raise storage_error(self.path, error) from error
