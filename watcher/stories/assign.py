"""Which story an entry belongs to, decided from its candidates.

Only a copy is kept quiet about. In one language copies.py says what is one, and of a watched topic
silence.py has to agree. In another language only an entry of a watched topic can be one: where
`echoes` of watched.py finds nothing new in it, and silence.py knows no reason to tell it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import Final

from watcher.model import Assignment, Relation
from watcher.stories.cast import have_in_common, label, with_countries
from watcher.stories.closest import RIVALRY, Choice, Link, by_their_topic, by_their_words, closest
from watcher.stories.copies import NO_COPY, SILENT_COPY_CHANCE, Copy, judge_copy
from watcher.stories.events import WATCHED_LEAN, joining_chance, leaned
from watcher.stories.facts import updates_toll
from watcher.stories.features import Overlap, first_look, in_other_languages, with_figures
from watcher.stories.news import news_of
from watcher.stories.phases import is_aftermath
from watcher.stories.places import name_other_cities
from watcher.stories.reasons import as_score, near_miss, reason_of, topic_reason
from watcher.stories.signature import Member, Signature
from watcher.stories.silence import WATCHED_COPY_CHANCE, earned, why_told_again
from watcher.stories.summaries import tells_beside
from watcher.stories.told import may_be_told
from watcher.stories.unread import as_written, first_unsaid
from watcher.stories.watched import echoes, shares_rare_name, show_other_names, watched_chance

#: A story takes an entry from this mean chance on.
STORY_CHANCE: Final = 0.59
#: Where a member in an entry's language gives this chance, those in others need not agree. By hand:
#: of five streams written unseen the pairwise F1 is .632 .529 .681 .634 .627 without it, and .632
#: .520 .690 .667 .650 with it, and alerts are no more; with .85 two of them fall to .586 and .583.
_SURE: Final = 0.95
#: The same where both titles have a rare name, or the entry's a higher toll of the same people. By
#: hand: of two streams written unseen the pairwise F1 is .714 .666 without it, .722 .675 with it,
#: and of topics/dev.jsonl the same; for a name in a summary, or any cast, that falls by .007.
_TIED: Final = 0.75
#: The same for what a shared topic says: join cautiously, the entry is told by a reply anyway.
WATCHED_CHANCE: Final = 0.33
#: With less in common no decision can come out; most candidates end here.
LEAST_TEXT: Final = 0.06
#: A chance so slight that no figure can change what comes of it.
_SLIGHT: Final = 0.1


#: A member, and what an entry's words have in common with its.
_Look = tuple[Member, Overlap]


def assign(signature: Signature, members: Sequence[Member], *, window: timedelta) -> Assignment:
    """Return where an entry belongs; the order of the members does not matter."""
    open_ = open_members(signature, members, window)
    looks = [(member, first_look(signature, member.signature)) for member in open_]
    return _repeated(signature, looks) or _join(signature, looks)


def repeated(signature: Signature, members: Iterable[Member]) -> Assignment | None:
    """Return the assignment of an entry that repeats one of some members; None if it does not."""
    return _repeated(signature, ((m, first_look(signature, m.signature)) for m in members))


def _repeated(signature: Signature, looks: Iterable[_Look]) -> Assignment | None:
    """Return the assignment of an entry that repeats a member; None if it repeats none.

    Of several members the surest; each has to be as sure as those before it, or is not looked at
    any further: most copies have many members to repeat.
    """
    surest, best = None, (SILENT_COPY_CHANCE, -math.inf)
    for member, terms in looks:
        copy = _silent_copy(signature, member.signature, terms, least=best[0])
        rank = (copy.chance, -member.entry)
        if rank > best:
            surest, best = (member, copy), rank
    if surest is None:
        return None
    member, copy = surest
    score = as_score(copy.chance)
    return Assignment(Relation.COPY, member.story, member.entry, score, copy.reason)


def _silent_copy(a: Signature, b: Signature, terms: Overlap, least: float) -> Copy:
    """Return whether an entry may be kept quiet about; below `least` it is not even asked why.

    One of a watched topic has to earn it from whatever it repeats: silence would pass through a
    member that matches nothing ("sends missiles", "sends mines", "sends tanks").
    """
    if a.topics:
        return earned(a, b, judge_copy(a, b, terms, least=max(least, WATCHED_COPY_CHANCE)))
    if terms.text < LEAST_TEXT:
        return NO_COPY
    return judge_copy(a, b, terms, least=least)


def _join(signature: Signature, looks: Sequence[_Look]) -> Assignment:
    """Attach to the closest story, or open a new one."""
    if not looks:
        return Assignment(Relation.NEW, None, None, 100.0, "nothing like it in the window")
    links = [link for look in looks if _may_begin(link := _link(signature, *look))]
    stories: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        stories[link.member.story].append(link)
    echoed = _echoed(signature, links) if signature.topics else []
    if echoed:
        return _told_again(signature, echoed, stories[echoed[0].member.story])
    if signature.topics:
        stories = {number: of for number, of in stories.items() if not _is_apart(signature, of)}
    return _attach(signature, stories)


def _attach(signature: Signature, stories: Mapping[int, list[Link]]) -> Assignment:
    """Return the story whose words are close enough, or else whose topic says that it goes on."""
    readable = {number: _readable(signature, of) for number, of in stories.items()}
    by_words = closest(readable, by_their_words, RIVALRY)
    by_topic = closest(stories if signature.topics else {}, by_their_topic, 0.0)
    goes_on = by_topic.chance >= WATCHED_CHANCE
    if by_words.chance >= STORY_CHANCE and (
        not goes_on
        or _watched(signature, stories[by_words.story])
        or _is_elsewhere(signature, _watched(signature, stories[by_topic.story]))
    ):
        best = max(stories[by_words.story], key=lambda link: (link.same, -link.member.entry))
        return _joined(by_words, reason_of(signature, best))
    if goes_on:
        return _joined(by_topic, topic_reason(signature, stories[by_topic.story]))
    reason = "no story is close enough"
    if signature.topics:  # of these somebody hears, and may ask
        reason += near_miss(stories, (by_words, STORY_CHANCE), (by_topic, WATCHED_CHANCE))
    chance = max(by_words.chance, by_topic.chance)
    return Assignment(Relation.NEW, None, None, as_score(1 - chance), reason)


def _joined(choice: Choice, reason: str) -> Assignment:
    return Assignment(Relation.SAME, choice.story, None, as_score(choice.chance), reason)


def _watched(signature: Signature, links: list[Link]) -> list[Signature]:
    """Return what a story has told of a topic of an entry.

    One that has told nothing of it rings as a first report, though the event may have its thread.
    """
    told = (link.member.signature for link in links)
    return [one for one in told if signature.shares_topic(one)]


def _is_elsewhere(signature: Signature, told: list[Signature]) -> bool:
    """Whether nothing that was told of a topic is known to be of an entry's people and place."""
    return not any(_are_at_one_place(signature, one) for one in told)


def _are_at_one_place(a: Signature, b: Signature) -> bool:
    """Whether two reports name somebody or somewhere in common, and no two cities or towns."""
    ours, theirs = _who_and_where(a), _who_and_where(b)
    return (
        have_in_common(ours, theirs)
        and not name_other_cities(ours, theirs, but_seats=False)
        and not show_other_names(a, b)
    )


def _who_and_where(signature: Signature) -> frozenset[str]:
    """Return who and where an entry tells of; one without a title, in its text."""
    return signature.cast if signature.written else frozenset(signature.cast_in(signature.brief))


def _may_begin(link: Link) -> bool:
    """Whether a member may tell what others tell again: no round-up draws them into its story."""
    return not ((link.same or link.watched) and link.member.signature.is_background)


def _readable(signature: Signature, links: list[Link]) -> list[Link]:
    """Return the members of a story whose words say whether it is an entry's.

    Where one in its language is sure enough, those in other languages do not speak against it:
    they could hardly share a word. Those that do join speak as well.
    """
    own = [k for k in links if k.same >= STORY_CHANCE or not _is_foreign(signature, k)]
    if len(own) < len(links) and any(_is_sure(signature, link) for link in own):
        return own
    return links


def _is_sure(signature: Signature, link: Link) -> bool:
    """Whether what a member in an entry's own language says of it needs nobody else's word."""
    other = link.member.signature
    if link.same < _TIED or _is_foreign(signature, link):
        return False
    if link.same >= _SURE:
        return True
    return shares_rare_name(signature, other) or updates_toll(signature, other)


def _is_foreign(signature: Signature, link: Link) -> bool:
    return in_other_languages(signature, link.member.signature)


def _is_apart(signature: Signature, links: list[Link]) -> bool:
    """Whether what a watched story tells of lies behind for an entry, or the other way round."""
    others = (link.member.signature for link in links if link.watched)
    return any(is_aftermath(signature.acts, other.acts) for other in others)


def _echoed(signature: Signature, links: list[Link]) -> list[Link]:
    """Return the members of one story that an entry tells again in another language.

    They are watched members of the story with the surest one, the surest first.
    """
    echoed = [k for k in links if k.watched and echoes(signature, k.member.signature, k.watched)]
    echoed.sort(key=lambda link: (-link.watched, link.member.entry))
    return [link for link in echoed if link.member.story == echoed[0].member.story]


def _told_again(signature: Signature, echoed: list[Link], links: list[Link]) -> Assignment:
    """Return the story of what an entry tells again: as a copy, if it adds nothing to that."""
    forerunner, unsaid = _forerunner(signature, echoed)
    story, entry = forerunner.member.story, forerunner.member.entry
    earlier = [link.member.signature for link in links]
    news, score = news_of(signature, earlier), as_score(forerunner.watched)
    doubt = why_told_again(signature, forerunner.member.signature, news, forerunner.watched)
    doubt = doubt or _names_another(signature, earlier) or _says_more(signature, earlier)
    doubt = doubt or tells_beside(signature, earlier)
    if unsaid and not doubt:
        doubt = f"it leaves out \u201c{as_written(unsaid, forerunner.member.signature)}\u201d"
    if not doubt:
        reason = "same topic in another language, names nothing more"
        return Assignment(Relation.COPY, story, entry, score, reason)
    twin = _twin(signature, links)
    if twin is not None:
        same = as_score(twin.same)
        return Assignment(Relation.SAME, story, None, same, reason_of(signature, twin))
    reason = f"same topic in another language, but {doubt}"
    return Assignment(Relation.SAME, story, None, score, reason)


def _forerunner(signature: Signature, echoed: list[Link]) -> tuple[Link, str]:
    """Return the member whose news an entry tells again, and what that one may say beside it.

    It is the surest one that says nothing more: what "Kim balks at meeting Putin" tells is not
    told by "Kim meets Putin", unless another member has said so plainly. If all say more, the
    surest one.
    """
    read = ((link, first_unsaid(link.member.signature, [signature])) for link in echoed)
    surest = next(read)
    return next((one for one in chain((surest,), read) if not one[1]), surest)


def _twin(signature: Signature, links: Iterable[Link]) -> Link | None:
    """Return the member in an entry's own language whose words join it, the nearest of several.

    How two relate that share their words is told better than how two languages do.
    """
    near = (link for link in links if link.same >= STORY_CHANCE)
    own = [link for link in near if not _is_foreign(signature, link)]
    return max(own, key=lambda link: (link.same, -link.member.entry), default=None)


def _names_another(signature: Signature, earlier: Iterable[Signature]) -> str:
    """Return whom or what place a title names that no title of its story does; "" if none.

    A watchlist has few names; what China says of a meeting is news though China is in no list.
    """
    named = signature.cast.difference(*(with_countries(one.cast) for one in earlier))
    return f"names {min(map(label, named))}" if named else ""


def _says_more(signature: Signature, earlier: Iterable[Signature]) -> str:
    """Return what a title may say that no forerunner is known to say; or ""."""
    unsaid = first_unsaid(signature, earlier)
    return f"it adds \u201c{as_written(unsaid, signature)}\u201d" if unsaid else ""


def open_members(
    signature: Signature, members: Sequence[Member], window: timedelta
) -> list[Member]:
    """Return the members of stories that still take an entry of this time."""
    oldest, newest = signature.time - window, signature.time + window
    taking = {member.story for member in members if oldest <= member.signature.time <= newest}
    return [member for member in members if member.story in taking]


def _link(signature: Signature, member: Member, terms: Overlap) -> Link:
    other = member.signature
    if not signature.shares_topic(other):
        if terms.text < LEAST_TEXT and not may_be_told(signature, other):
            return Link(member, 0.0, 0.0)
        return Link(member, _joining(signature, other, terms), 0.0)
    terms = with_figures(terms, signature, other)
    watched = watched_chance(signature, other, terms)
    # Only to join: an encoder cannot tell a copy from an update, so it never keeps quiet.
    told = leaned(watched, signature, other, WATCHED_LEAN)
    return Link(member, joining_chance(signature, other, terms), told)


def _joining(a: Signature, b: Signature, terms: Overlap) -> float:
    """Return the chance that words join two entries; figures only lessen it."""
    chance = joining_chance(a, b, terms)
    if chance < _SLIGHT:
        return chance
    full = with_figures(terms, a, b)
    return chance if full is terms else joining_chance(a, b, full)
