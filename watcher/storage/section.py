"""A part of what the database holds, as one transaction sees it."""

from sqlalchemy import Connection


class Section:
    """Reads and writes its tables on the transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
