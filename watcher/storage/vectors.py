"""Where the encoder saw the entries of the window; empty unless `[stories] encoder` is set."""

from sqlalchemy import delete

from watcher.storage.insert import put_row
from watcher.storage.meta import note, noted
from watcher.storage.schema import vector
from watcher.storage.section import Section
from watcher.stories.vectors import Vector

_ENCODER = "encoder"


class Vectors(Section):
    """Reads and writes vectors in one transaction."""

    def use(self, digest: str) -> bool:
        """Forget the vectors of every other encoder; "" means that none is used.

        Return whether another one was used before.
        """
        if noted(self._connection, _ENCODER) == digest:
            return False
        note(self._connection, _ENCODER, digest)
        self._connection.execute(delete(vector))
        return True

    def add(self, number: int, placed: Vector) -> None:
        """Keep where an entry lies."""
        put_row(self._connection, vector, {"entry": number, "codes": placed.codes})

    def forget(self, number: int) -> None:
        """Drop an entry's vector: its title is another now."""
        self._connection.execute(delete(vector).where(vector.c.entry == number))

    def prune(self, first: int) -> None:
        """Drop the vectors of entries before the first that stays."""
        self._connection.execute(delete(vector).where(vector.c.entry < first))
