"""What is thought about one entry, the same in the daemon and in a replay.

entry -> read (topics and entities, with evidence) -> sign -> candidates -> assign
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from watcher.model import Assignment, Entry, Reading
from watcher.stories.archive import Archive
from watcher.stories.assign import Member, assign
from watcher.stories.signature import Signature, sign
from watcher.stories.templates import (
    FAMILY,
    explained,
    is_family,
    learned_since,
    without_siblings,
)
from watcher.topics.watchlist import ListTerm, Watchlist


@dataclass(frozen=True, slots=True)
class Judgement:
    """An entry with all that was found out about it."""

    entry: Entry
    reading: Reading
    signature: Signature
    assignment: Assignment


def judge(
    entry: Entry,
    watchlist: Watchlist,
    archive: Archive,
    *,
    window: timedelta,
    topics: Collection[str] | None = None,
    hidden: Collection[ListTerm] = frozenset(),
) -> Judgement:
    """Read an entry and find its story among the archive's.

    Args:
        entry: the entry, not yet in the archive.
        watchlist: the compiled lists and topics.
        archive: what is known of earlier entries.
        window: how long a story takes new entries after its last one.
        topics: the only topics that this entry's feed may raise; None means all.
        hidden: terms that nothing may be concluded from; an evaluation asks what would be without.
    """
    reading = watchlist.read(entry, topics, hidden)
    signature = sign(entry, reading)
    members = archive.candidates(signature, entry.time - window)
    return Judgement(entry, reading, signature, _assign(signature, members, archive, window))


def _assign(
    signature: Signature, members: Sequence[Member], archive: Archive, window: timedelta
) -> Assignment:
    """Return where an entry belongs; the outlet's template may keep it from its like."""
    apart = without_siblings(signature, members)
    if len(apart) == len(members) or not _is_of_family(signature, archive):
        return assign(signature, members, window=window)
    return explained(assign(signature, apart, window=window))


def _is_of_family(signature: Signature, archive: Archive) -> bool:
    others = archive.other_occasions(signature, learned_since(signature), FAMILY - 1)
    return is_family(others)
