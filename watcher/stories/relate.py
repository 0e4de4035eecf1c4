"""How do two given entries relate? And is an encoder worth asking about it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from watcher.model import Relation
from watcher.stories.assign import LEAST_TEXT, assign, open_members
from watcher.stories.closest import BEST_MEMBERS
from watcher.stories.copies import judge_copy
from watcher.stories.events import (
    WATCHED_LEAN,
    across_reason,
    event_chance,
    is_undecided,
    leaned,
    unaided_chance,
)
from watcher.stories.features import in_other_languages, overlap
from watcher.stories.reasons import as_score, considered, within_reason
from watcher.stories.signature import Member, Signature
from watcher.stories.watched import watched_chance

#: From this chance on two given entries are called copies: as often wrong either way on pairs.
COPY_CHANCE: Final = 0.3
#: The same for bare titles, where neither outlet nor time nor address speaks.
BARE_COPY_CHANCE: Final = 0.85
#: Two given entries report one event from this chance on.
SAME_CHANCE: Final = 0.62


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two entries relate, 0-100, and why."""

    relation: Literal["copy", "same", "different"]
    score: float
    reason: str


def relate(a: Signature, b: Signature) -> Verdict:
    """Return how two entries relate, whichever came first."""
    if not (a.title and b.title):
        return Verdict("different", 100.0, "nothing to compare: no text")
    terms = overlap(a, b)
    copy = judge_copy(a, b, terms)
    if copy.chance >= (BARE_COPY_CHANCE if a.bare and b.bare else COPY_CHANCE):
        return Verdict("copy", as_score(copy.chance), copy.reason)
    same = event_chance(a, b, terms)
    if a.shares_topic(b):
        watched = min(watched_chance(a, b, terms), watched_chance(b, a, terms))
        same = max(same, leaned(watched, a, b, WATCHED_LEAN))
    if same >= SAME_CHANCE:
        return Verdict("same", as_score(same), across_reason(a, b) or within_reason(a, b, copy))
    return Verdict("different", as_score(1 - same), copy.reason)


def relate_watched(late: Signature, early: Signature, *, window: timedelta) -> Verdict:
    """Return how an entry relates to an earlier one of its topic: what a stream makes of the two.

    Only what the stream would keep quiet about is a copy.
    """
    member = Member(1, 1, early)
    made = assign(late, [member], window=window)
    if made.relation is not Relation.NEW:
        is_copy = made.relation is Relation.COPY
        return Verdict("copy" if is_copy else "same", made.score, made.reason)
    if not open_members(late, [member], window):
        return Verdict("different", made.score, "further apart than the story window")
    return Verdict("different", made.score, considered(late, early).reason)


def is_doubtful(a: Signature, b: Signature) -> bool:
    """Whether an encoder is worth asking how two entries relate."""
    if in_other_languages(a, b) or a.shares_topic(b):
        return True
    return is_undecided(_unaided(a, b))


def undecided(
    signature: Signature, members: Sequence[Member], *, window: timedelta
) -> list[Member]:
    """Return the members about which an encoder is worth asking.

    Those that share a topic, and the few likeliest that words alone neither join nor part.
    """
    open_ = open_members(signature, members, window)
    watched = [m for m in open_ if signature.shares_topic(m.signature)]
    others = (m for m in open_ if not signature.shares_topic(m.signature))
    chances = [(_unaided(signature, member.signature), member) for member in others]
    doubtful = [pair for pair in chances if is_undecided(pair[0])]
    doubtful.sort(key=lambda pair: (-pair[0], pair[1].entry))
    return watched + [member for _, member in doubtful[: BEST_MEMBERS + 1]]


def _unaided(a: Signature, b: Signature) -> float:
    """Return the chance that two entries report one event, as far as words tell."""
    terms = overlap(a, b)
    return unaided_chance(a, b, terms) if terms.text >= LEAST_TEXT else 0.0
