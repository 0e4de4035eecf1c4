"""The postings: which entries hold which token, and how many hold it."""

from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import Connection

_HASH_BYTES = 8


def stable_hash(text: str) -> int:
    """Return a text's number: 64 bits with sign, the same on every machine and in every run."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)


def add_postings(connection: Connection, number: int, tokens: Iterable[str]) -> None:
    """Note that an entry holds these tokens, each once.

    They are sorted, so that neighbours in the table are written together.
    """
    hashes = sorted({stable_hash(token) for token in tokens})
    if not hashes:
        return
    connection.exec_driver_sql(
        "INSERT INTO posting (token, entry) VALUES (?, ?)", [(token, number) for token in hashes]
    )
    connection.exec_driver_sql(
        "INSERT INTO token_count (token, entries) VALUES (?, 1)"
        " ON CONFLICT (token) DO UPDATE SET entries = entries + 1",
        [(token,) for token in hashes],
    )
