"""An entry met again: edited, re-dated, under another id, or in another feed.

It stays one entry of one story. Whether its words now say something new is for the copy layer to
judge, against all the words that it ever had.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.model import Assignment, Entry, Match, Reading, Relation
from watcher.service.intake.judge import Judgement, added_to
from watcher.storage.rows import StoredEntry
from watcher.stories.archive import Archive
from watcher.stories.assign import assign, repeated
from watcher.stories.grown import tells_below
from watcher.stories.mended import is_beginning, is_mended
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.summaries import adds_fact
from watcher.stories.templates import without_siblings
from watcher.stories.ticking import RESTLESS, tells_anew, ticks_since
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Again:
    """What an entry says when it is met again.

    Attributes:
        judgement: of its present words; the assignment is to the story that it is in.
        unheard: these words were never seen, do not only mend how others are spelled, and the copy
            layer does not know them.
        gained: topics that match now and did not before.
        repeated: topics that also the known words match which these repeat: whoever heard of
            those heard this.
    """

    judgement: Judgement
    unheard: bool
    gained: frozenset[str]
    repeated: frozenset[str]

    @property
    def to_tell(self) -> tuple[Match, ...]:
        """The matches that people may have to hear of."""
        matches = self.judgement.reading.matches
        return tuple(m for m in matches if self.unheard or m.topic in self.gained)

    def said_to(self, topic: str) -> Judgement:
        """Return the judgement as a topic's people have it: a copy, where they may know it all."""
        if topic not in self.repeated:
            return self.judgement
        assignment = replace(self.judgement.assignment, relation=Relation.COPY)
        return replace(self.judgement, assignment=assignment)


def meet_again(
    met: Entry,
    stored: StoredEntry,
    earlier: Collection[tuple[str, str]],
    watchlist: Watchlist,
    *,
    window: timedelta,
    topics: Collection[str] | None,
    changed: datetime | None,
) -> Again:
    """Judge an entry that is met again.

    Args:
        met: as the feed has it now.
        stored: as we have it.
        earlier: titles and summaries that it had before those it has.
        watchlist: the compiled lists and topics.
        window: how long a story takes new entries after its last one.
        topics: the only topics that the feed may raise; those that match already stay.
        changed: when its own feed gave it these words; None where it may have had them as long as
            the entry is old, as in another feed. Words never seen are as new as that, not as the
            page.
    """
    before = frozenset(match.topic for match in stored.reading.matches)
    reading = watchlist.read(met, None if topics is None else before.union(topics))
    words = [*earlier, (stored.entry.title, stored.entry.summary)]
    signature = sign(met, reading)
    members = []
    for place, (title, summary) in enumerate(words, 1):
        old = replace(met, title=title, summary=summary)
        members.append(Member(place, stored.story, sign(old, watchlist.read(old))))
    telling = _telling(members)
    verdict = assign(signature, telling, window=window)
    is_grown = changed is not None and tells_below(met, words, reading.language)
    same = None if is_grown else _same(met, stored, words, verdict)
    if same is None and not tells_anew(met, words, reading.language):
        same = _ticking(met, words, reading) or _same_but_words(signature, telling)
    unheard = same is None
    gained = frozenset(match.topic for match in reading.matches) - before
    relation = _relation(stored, verdict, unheard=unheard)
    news = added_to(signature, verdict, members)
    said = replace(met, published=changed) if unheard and changed else met
    return Again(
        Judgement(said, reading, signature, relation, news=news),
        unheard,
        gained,
        frozenset() if same is None else members[same - 1].signature.topics,
    )


def repeated_elsewhere(
    again: Again, number: int, archive: Archive, *, window: timedelta
) -> tuple[int, ...]:
    """Return the other entries whose report the new words of an entry are.

    A page that began as "Breaking news" may say by now what others said, word for word.

    Args:
        again: what the entry says now.
        number: its own.
        archive: what is known of the others.
        window: how long a story takes new entries after its last one.
    """
    if not again.unheard:
        return ()
    signature = sign(again.judgement.entry, again.judgement.reading)
    members = without_siblings(signature, archive.candidates(signature, signature.time - window))
    others = (member for member in members if member.entry != number)
    return tuple(one.entry for one in others if repeated(signature, [one]) is not None)


def repeats(judgement: Judgement, words: tuple[str, str]) -> bool:
    """Tell whether an entry adds nothing to a title and summary that one of its like had."""
    title, summary = words
    old = replace(judgement.signature.entry, title=title, summary=summary)
    known = Member(0, 0, sign(old, judgement.reading))
    return repeated(judgement.signature, [known]) is not None


def changed_at(
    published: datetime | None, updated: datetime | None, now: datetime, *, is_redone: bool
) -> datetime | None:
    """Return when an entry got the words that it is met with: as its feed says, else now.

    Feeds that date no change repeat the date of publication as that of the last one, or an earlier
    one.

    Args:
        published: its date; None if it has none.
        updated: what its feed has as the date of the last change.
        now: the present time.
        is_redone: its feed writes its entries otherwise, or this one got its first summary: that
            makes no old report new.

    Returns:
        None where the words may be as old as the page.
    """
    if updated is not None and (published is None or updated > published):
        return min(updated, now)
    return None if is_redone else now


def recalled(met: Entry, words: Sequence[tuple[str, str]]) -> Entry:
    """Return an entry that lost its title with the one that it had above the same summary.

    Args:
        met: as the feed has it now.
        words: titles and summaries that it had, the present ones last.
    """
    if met.title or not met.summary:
        return met
    titles = (title for title, summary in reversed(words) if title and summary == met.summary)
    return replace(met, title=next(titles, ""))


def _same(
    met: Entry,
    stored: StoredEntry,
    words: Sequence[tuple[str, str]],
    verdict: Assignment,
) -> int | None:
    """Return which of the known words, the first being 1, say what an entry says now."""
    if (met.title, met.summary) in words:
        return words.index((met.title, met.summary)) + 1
    if is_mended(met, stored.entry):
        return len(words)
    known = ("", met.summary or stored.entry.summary)
    if known in words and is_beginning(met.title, known[1]):
        return words.index(known) + 1
    return verdict.copy_of if verdict.relation is Relation.COPY else None


def _telling(members: Sequence[Member]) -> list[Member]:
    """Return known words, but those without a summary under a headline that got one later.

    To whom knew but the headline, only grave acts would be news.
    """
    told = {one.signature.entry.title for one in members if one.signature.entry.summary}
    entries = ((one, one.signature.entry) for one in members)
    return [one for one, entry in entries if entry.summary or entry.title not in told]


def _ticking(met: Entry, words: Sequence[tuple[str, str]], reading: Reading) -> int | None:
    """Return which known words, the first being 1, an entry repeats but for what ticks."""
    evidence = [one for match in reading.matches for one in match.evidence]
    ticking = ticks_since(met, words, evidence, reading.language)
    return None if ticking is None else ticking + 1


def _same_but_words(signature: Signature, members: Sequence[Member]) -> int | None:
    """Return which known words of a restless page, the first being 1, have all facts of its own."""
    under = [one for one in members if one.signature.entry.title == signature.entry.title]
    if len(under) < RESTLESS:
        return None
    same = (
        one.entry
        for one in reversed(under)
        if signature.lists <= one.signature.lists and not adds_fact(signature, one.signature)
    )
    return next(same, None)


def _relation(stored: StoredEntry, verdict: Assignment, *, unheard: bool) -> Assignment:
    """Return how the entry relates to its story: what adds something is no copy any more."""
    if unheard and stored.relation is Relation.COPY:
        reason = f"edited since it was a copy: {verdict.reason}"
        return Assignment(Relation.SAME, stored.story, None, verdict.score, reason)
    return stored.assignment
