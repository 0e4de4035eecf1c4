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
    """Note that an entry, none of whose tokens were noted yet, holds these.

    They are sorted, so that neighbours in the table are written together.
    """
    _add(connection, number, {stable_hash(token) for token in tokens})


def add_more_postings(connection: Connection, number: int, tokens: Iterable[str]) -> None:
    """Note the tokens that an entry holds since it was edited, beside those it had before."""
    wanted = {stable_hash(token) for token in tokens}
    marks = ",".join("?" * len(wanted))
    rows = connection.exec_driver_sql(
        f"SELECT token FROM posting WHERE entry = ? AND token IN ({marks})",  # noqa: S608 - marks only
        (number, *wanted),
    )
    _add(connection, number, wanted.difference(rows.scalars()))


def _add(connection: Connection, number: int, wanted: set[int]) -> None:
    hashes = sorted(wanted)
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
