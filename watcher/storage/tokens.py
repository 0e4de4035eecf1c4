"""The postings: the newest entries that hold each term of a title.

One row a term, with the numbers of its newest entries in ascending order: a title's ten terms are
ten reads whether the window holds a thousand entries or a million, and the words that everyone
uses take no more room than `NEWEST` numbers each.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from zlib import crc32

from sqlalchemy import Connection

from watcher.stories.limits import NEWEST

_HASH_BYTES = 8
_NUMBER = "q"  # 64 bits with sign, as SQLite's own numbers
_SWAPPED = sys.byteorder == "big"  # in the file the lowest byte comes first


def stable_hash(text: str) -> int:
    """Return a text's number: 64 bits with sign, the same on every machine and in every run."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)


def term_key(term: str) -> int:
    """Return a term's number: 32 bits are enough, as two that meet only bring a candidate more."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def pack(numbers: Iterable[int]) -> bytes:
    """Return numbers as they are stored."""
    packed = array(_NUMBER, numbers)
    if _SWAPPED:
        packed.byteswap()
    return packed.tobytes()


def unpack(blob: bytes) -> list[int]:
    """Return stored numbers."""
    numbers = array(_NUMBER, blob)
    if _SWAPPED:
        numbers.byteswap()
    return numbers.tolist()  # an array would make each anew whenever it is gone through


def without(numbers: Sequence[int], first: int) -> Sequence[int]:
    """Return ascending numbers from `first` on."""
    return numbers[bisect_left(numbers, first) :]


def add_postings(connection: Connection, entries: Mapping[int, Iterable[str]]) -> None:
    """Note that entries hold these terms, beside those that they held before.

    They are written in order, so that neighbours in the table are written together.
    """
    holders: dict[int, list[int]] = {}
    for number, terms in entries.items():
        for key in set(map(term_key, terms)):
            holders.setdefault(key, []).append(number)
    if not holders:
        return
    held = read_postings(connection, list(holders))
    merged = ((key, _merged(held.get(key, ()), new)) for key, new in sorted(holders.items()))
    write_postings(connection, [(key, pack(numbers)) for key, numbers in merged])


def read_postings(connection: Connection, keys: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Return the newest entries that hold each term."""
    marks = ",".join("?" * len(keys))
    query = f"SELECT term, newest FROM posting WHERE term IN ({marks})"  # noqa: S608 - marks only
    rows = connection.exec_driver_sql(query, tuple(keys))
    return {term: unpack(newest) for term, newest in rows}


def write_postings(connection: Connection, rows: Sequence[tuple[int, bytes]]) -> None:
    """Store what terms hold, in the place of what they held."""
    connection.exec_driver_sql(
        "INSERT INTO posting (term, newest) VALUES (?, ?)"
        " ON CONFLICT (term) DO UPDATE SET newest = excluded.newest",
        list(rows),
    )


def _merged(held: Sequence[int], new: Iterable[int]) -> Sequence[int]:
    """Return the newest of both, ascending."""
    return sorted({*held, *new})[-NEWEST:]
