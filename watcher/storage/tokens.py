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

from watcher.storage import plain
from watcher.stories.limits import NEWEST

_HASH_BYTES = 8
_NUMBER = "q"  # 64 bits with sign, as SQLite's own numbers
_NUMBER_BYTES = 8
_NOTHING_KNOWN: Mapping[int, bytes] = {}
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


def add_postings(
    connection: Connection,
    entries: Mapping[int, Iterable[str]],
    known: Mapping[int, bytes] = _NOTHING_KNOWN,
) -> None:
    """Note that entries hold these terms, beside those that they held before.

    They are written in order, so that neighbours in the table are written together.

    Args:
        connection: of the write transaction.
        entries: number -> its terms.
        known: what terms hold, packed, as far as it was just read; the rest is read here.
    """
    holders: dict[int, list[int]] = {}
    for number, terms in entries.items():
        for key in set(map(term_key, terms)):
            holders.setdefault(key, []).append(number)
    held = {**known, **_read(connection, [key for key in holders if key not in known])}
    grown = ((key, _extended(held.get(key, b""), new)) for key, new in sorted(holders.items()))
    write_postings(connection, grown)


def write_postings(connection: Connection, rows: Iterable[tuple[int, bytes]]) -> None:
    """Store what terms hold, in the place of what they held."""
    plain.run_for_each(
        connection,
        "INSERT INTO posting (term, newest) VALUES (?, ?)"
        " ON CONFLICT (term) DO UPDATE SET newest = excluded.newest",
        rows,
    )


def _read(connection: Connection, keys: Sequence[int]) -> Mapping[int, bytes]:
    """Return the newest entries that hold each term, packed; for no key nothing is asked."""
    if not keys:
        return {}
    marks = ",".join("?" * len(keys))
    query = f"SELECT term, newest FROM posting WHERE term IN ({marks})"  # noqa: S608 - marks only
    return dict(plain.rows(connection, query, keys))


def _extended(held: bytes, new: Iterable[int]) -> bytes:
    """Return the newest of both, ascending; new ones mostly are greater than all that are held."""
    added = sorted(new)
    if held and _last(held) >= added[0]:
        return pack(sorted({*unpack(held), *added})[-NEWEST:])
    return (held + pack(added))[-NEWEST * _NUMBER_BYTES :]


def _last(held: bytes) -> int:
    return int.from_bytes(held[-_NUMBER_BYTES:], "little", signed=True)
