"""Names for entries that stay the same from poll to poll, where feeds give none or one for all.

One genuine news feed in eight has items without a guid.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from watcher.feeds.parsed import RawEntry
from watcher.feeds.text import clean

#: Characters of an id that are kept as they are; longer ones are pages pasted into a guid.
MAX_ID = 500

#: Bytes of a digest that stands for an id: chance collisions below 1e-12 for a million entries.
DIGEST_BYTES = 12


def entry_ids(entries: Sequence[RawEntry]) -> list[str]:
    """Return an id for each entry, no two alike, without hidden characters.

    The feed's own id comes first, then the link, then a digest of title, link and date, and of
    what an entry says where it has no title. An id that several entries of a document share says
    nothing, so all of them get the digest too: if only the later ones did, the next poll's first
    entry would pass for an old one.
    """
    shared = Counter(map(_own, entries))
    ids = [_distinct(entry, shared[_own(entry)]) for entry in entries]
    return _numbered(ids)


def lone_id(entry: RawEntry) -> str:
    """Return the id that an entry has where no other of its document shares what it is made of."""
    return _distinct(entry, 1)


def shared_id(entry: RawEntry) -> str:
    """Return the id that it has where others do."""
    return _distinct(entry, 2)


def _own(entry: RawEntry) -> str:
    return _kept(entry.id) or _kept(entry.link)


def _kept(own: str) -> str:
    """Return an id as it is kept: ids that look the same are the same, so they are clean first."""
    own = own.strip()
    visible = clean(own)
    if not visible.strip():
        return ""
    return visible if len(own) <= MAX_ID else _digest(own)


def _distinct(entry: RawEntry, sharing: int) -> str:
    own = _own(entry)
    if own and sharing == 1:
        return own
    said = () if entry.title.strip() else (entry.summary or entry.content,)
    digest = _digest(entry.title, entry.link, entry.published or entry.updated, *said)
    return f"{own}#{digest}" if own else digest


def _numbered(ids: Sequence[str]) -> list[str]:
    """Part the ones that are still alike, exact twins, by their place among them."""
    seen: Counter[str] = Counter()
    taken = set(ids)
    result = []
    for name in ids:
        seen[name] += 1
        numbered = name
        while seen[name] > 1 and numbered in taken:
            numbered = f"{name}#{seen[name]}"
            seen[name] += numbered in taken
        taken.add(numbered)
        result.append(numbered)
    return result


def _digest(*parts: str) -> str:
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=DIGEST_BYTES).hexdigest()
