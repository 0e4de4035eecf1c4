"""What topics make of an entry, for people who ask why: the most telling first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from watcher.model import Evidence, Match
from watcher.wording import plural

#: Topics that an entry does not meet and that are shown: a screen of them.
MISSES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class TopicFinding:
    """What one topic makes of an entry, for people who ask why.

    Attributes:
        match: the match, unless it is not one.
        found: the evidence for the lists that the topic names, whether it matches or not.
        ways: the fewest lists whose presence the match line still asks for, and others that would
            do as well.
        vetoes: the places of terms in `never`, which undo a match.
        reason: one clause for people.
        passed_over: what of the missing lists stands there and does not count; a part of the
            reason.
    """

    topic: str
    match: Match | None
    found: tuple[Evidence, ...]
    ways: tuple[tuple[str, ...], ...]
    vetoes: tuple[Evidence, ...]
    reason: str
    passed_over: str = ""

    @property
    def matched(self) -> bool:
        """Tell whether the entry meets the topic."""
        return self.match is not None

    @property
    def missing(self) -> tuple[str, ...]:
        """The first of these ways."""
        return self.ways[0]

    @property
    def is_touched(self) -> bool:
        """Tell whether anything that the topic looks for stands in the entry."""
        return bool(self.found or self.vetoes or self.passed_over)


@dataclass(frozen=True, slots=True)
class Telling:
    """The findings that are shown, and how many are not: those that found something, and others."""

    shown: tuple[TopicFinding, ...]
    touched: int
    untouched: int

    @property
    def left_out(self) -> str:
        """Return what is not shown, for people; "" if nothing is."""
        counts = ((self.touched, "something"), (self.untouched, "nothing"))
        told = (
            f"{plural(count, 'topic')} of which {what} was found" for count, what in counts if count
        )
        return ", and ".join(told)


def most_telling(
    findings: Sequence[TopicFinding], decided: Collection[str] = (), misses: int = MISSES_SHOWN
) -> Telling:
    """Return the matches, and the topics that something was decided of; then the nearest misses.

    Where no more topics than `misses` are left, all are shown.
    """
    ranked = sorted(findings, key=lambda one: _farness(one, decided))
    sure = [one for one in ranked if one.matched or one.topic in decided]
    others = ranked[len(sure) :]
    shown = others if len(others) <= misses else [one for one in others if one.is_touched][:misses]
    rest = others[len(shown) :]
    touched = sum(one.is_touched for one in rest)
    return Telling((*sure, *shown), touched, len(rest) - touched)


def _farness(finding: TopicFinding, decided: Collection[str]) -> tuple[bool, bool, bool, int]:
    is_known = finding.topic in decided
    return not finding.matched, not is_known, not finding.is_touched, len(finding.missing)
