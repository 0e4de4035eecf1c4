"""What is thought about one entry, the same in the daemon and in a replay.

entry -> read (topics and entities, with evidence) -> sign -> candidates
      -> ask the encoder, if there is one and words leave it open -> assign
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from watcher.model import Assignment, Entry, News, Reading, Relation
from watcher.service.encoder.encoding import Vectors
from watcher.stories.archive import Archive
from watcher.stories.assign import assign
from watcher.stories.copies import Copy
from watcher.stories.follows import followed
from watcher.stories.news import news_of
from watcher.stories.relate import Verdict, is_doubtful, relate, relate_watched, undecided
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.silence import earned
from watcher.stories.templates import (
    FAMILY,
    explained,
    is_family,
    learned_since,
    without_siblings,
)
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Judgement:
    """An entry with all that was found out about it.

    Attributes:
        placed: earlier entries that got their vector on the occasion, to be kept with it.
        news: what a watched entry adds to the story that it joins; None for any other.
    """

    entry: Entry
    reading: Reading
    signature: Signature
    assignment: Assignment
    placed: tuple[Member, ...] = ()
    news: News | None = None


def judge(
    entry: Entry,
    watchlist: Watchlist,
    archive: Archive,
    *,
    window: timedelta,
    topics: Collection[str] | None = None,
    vectors: Vectors | None = None,
) -> Judgement:
    """Read an entry and find its story among the archive's.

    Args:
        entry: the entry, not yet in the archive.
        watchlist: the compiled lists and topics.
        archive: what is known of earlier entries.
        window: how long a story takes new entries after its last one.
        topics: the only topics that this entry's feed may raise; None means all.
        vectors: what an encoder says of headlines; None without one.
    """
    reading = watchlist.read(entry, topics)
    signature = sign(entry, reading)
    return find_story(reading, signature, archive, window=window, vectors=vectors)


def find_story(
    reading: Reading,
    signature: Signature,
    archive: Archive,
    *,
    window: timedelta,
    vectors: Vectors | None = None,
) -> Judgement:
    """Find the story of an entry that was read and signed, among the archive's."""
    members = archive.candidates(signature, signature.time - window)
    placed: tuple[Member, ...] = ()
    if vectors is not None:
        signature, placed = _place(signature, members, window, vectors)
        at_hand = {member.entry: member for member in placed}
        members = [at_hand.get(member.entry, member) for member in members]
    assignment = _following(signature, _assign(signature, members, archive, window), members)
    news = added_to(signature, assignment, members)
    return Judgement(signature.entry, reading, signature, assignment, placed, news)


def added_to(
    signature: Signature, assignment: Assignment, members: Sequence[Member]
) -> News | None:
    """Return what a watched entry adds to the members of its story; None where nobody is told."""
    if assignment.story is None or not signature.topics:
        return None
    if assignment.relation is Relation.COPY:
        return News()
    return news_of(signature, [m.signature for m in members if m.story == assignment.story])


def _assign(
    signature: Signature, members: Sequence[Member], archive: Archive, window: timedelta
) -> Assignment:
    """Return where an entry belongs; the outlet's template may keep it from its like."""
    apart = without_siblings(signature, members)
    if len(apart) == len(members) or not _is_of_family(signature, archive):
        return assign(signature, members, window=window)
    return explained(assign(signature, apart, window=window))


def _following(
    signature: Signature, assignment: Assignment, members: Sequence[Member]
) -> Assignment:
    """Add to the opening of a watched story which story it follows."""
    if assignment.story is not None:
        return assignment
    found = followed(signature, [(member.story, member.signature) for member in members])
    if found is None:
        return assignment
    reason = f"{assignment.reason}; follows story {found.story}: {found.reason}"
    return replace(assignment, follows=found.story, reason=reason)


def _is_of_family(signature: Signature, archive: Archive) -> bool:
    others = archive.other_occasions(signature, learned_since(signature), FAMILY - 1)
    return is_family(others)


def compare(
    a: Entry,
    b: Entry,
    watchlist: Watchlist,
    *,
    window: timedelta,
    vectors: Vectors | None = None,
) -> Verdict:
    """Return how two entries relate, asking an encoder where words leave it open.

    Of two that share a topic it is said what becomes of the later one, which people may have to
    hear of; without times that is `b`. Of other copies it is said what a topic would tell them for.
    """
    sides = [sign(entry, watchlist.read(entry)) for entry in (a, b)]
    if vectors is not None and is_doubtful(*sides):
        found = vectors.of([side.title for side in sides])
        sides = [side.placed(found.get(side.title)) for side in sides]
    early, late = sorted(sides, key=lambda side: side.time)
    if early.shares_topic(late):
        return relate_watched(late, early, window=window)
    verdict = relate(*sides)
    return _with_doubt(verdict, late, early) if verdict.relation == "copy" else verdict


def _with_doubt(verdict: Verdict, late: Signature, early: Signature) -> Verdict:
    """Add to a copy what would speak against keeping quiet about it, were it watched."""
    found = earned(late, early, Copy(verdict.score / 100, "", verdict.reason))
    if found.chance:
        return verdict
    return replace(verdict, reason=f"{found.reason} (a topic that matches both would tell it)")


def _place(
    signature: Signature, members: Sequence[Member], window: timedelta, vectors: Vectors
) -> tuple[Signature, tuple[Member, ...]]:
    """Ask an encoder about an entry and its doubtful members, if that can change anything."""
    doubtful = undecided(signature, members, window=window)
    if not doubtful and not signature.topics:
        return signature, ()
    lacking = [member for member in doubtful if member.signature.vector is None]
    found = vectors.of([signature.title, *(member.signature.title for member in lacking)])
    placed = (
        member._replace(signature=member.signature.placed(found[member.signature.title]))
        for member in lacking
        if member.signature.title in found
    )
    return signature.placed(found.get(signature.title)), tuple(placed)
