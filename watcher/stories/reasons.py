"""Why an entry joins a story, or does not: in words that people read."""

from collections.abc import Mapping
from typing import Final

from watcher.stories.closest import Choice, Link
from watcher.stories.copies import NO_COPY, SILENT_COPY_CHANCE, Copy, judge_copy
from watcher.stories.events import across_reason
from watcher.stories.features import common_words, overlap
from watcher.stories.given import NOTHING
from watcher.stories.signature import HEADLINE_CHARACTERS, Signature
from watcher.stories.silence import earned
from watcher.stories.watched import is_told_at_once

#: Words that a reason names of those that two entries share.
MOST_WORDS: Final = 3


def reason_of(signature: Signature, link: Link) -> str:
    """Return what joins an entry to a member: in one language also why it does not repeat it."""
    other = link.member.signature
    across = across_reason(signature, other)
    return across or within_reason(signature, other, considered(signature, other))


def within_reason(a: Signature, b: Signature, copy: Copy) -> str:
    """Return how alike two reports of one event are; where they are not, the words they share."""
    if copy is not NO_COPY:
        return copy.reason
    last = a.given.stems if a.shares_topic(b) else NOTHING
    shared = [f"\u201c{word}\u201d" for word in common_words(a, b, last)[:MOST_WORDS]]
    return f"both say {', '.join(shared)}" if shared else "close in time and meaning"


def topic_reason(signature: Signature, links: list[Link]) -> str:
    """Return why an entry joins a story of its topic whose words say nothing."""
    other = max(links, key=lambda link: (link.watched, -link.member.entry)).member.signature
    if is_told_at_once(signature, other) and signature.cast.isdisjoint(other.cast):
        return "same topic, in another language within the hour"
    return "same topic, close in time and in what is named"


def near_miss(stories: Mapping[int, list[Link]], *choices: tuple[Choice, float]) -> str:
    """Return which story missed by least what it takes, to be added to a reason; "" if none."""
    choice, limit = max(choices, key=lambda one: one[0].chance / one[1])
    if not choice.chance:
        return ""
    nearest = max(stories[choice.story], key=lambda link: link.same + link.watched).member.signature
    title = (nearest.written or nearest.brief)[:HEADLINE_CHARACTERS].rstrip()
    return f"; nearest is \u201c{title}\u201d, {as_score(choice.chance)} of {as_score(limit)}"


def considered(a: Signature, b: Signature) -> Copy:
    """Return what the copy layer makes of two entries, with its reason however unlikely."""
    copy = judge_copy(a, b, overlap(a, b))
    if copy.chance < SILENT_COPY_CHANCE or not a.shares_topic(b):
        return copy
    return earned(a, b, copy)


def as_score(chance: float) -> float:
    """Return a chance of 0-1 as it is shown: 0-100, with one decimal."""
    return round(100 * chance, 1)
