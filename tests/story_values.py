"""Entries as they are compared, for tests of the stories room."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
from watcher.stories.acts import Acts
from watcher.stories.signature import Signature, sign

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def signed(
    title: str,
    language: str = "en",
    hours: float = 0,
    *,
    summary: str = "",
    lists: Collection[str] = (),
) -> Signature:
    """Sign a headline of some hours after noon; with lists it matches a topic by them.

    Those of one language and hour are one outlet's.
    """
    outlet = f"{language} {hours:g}"
    entry = Entry("x", title, NOON + timedelta(hours=hours), summary, outlet=outlet)
    found = tuple(Evidence(name, name, name, Field.TITLE, 0, 1, Rule.EXACT) for name in lists)
    matches = (Match("t", found, (Field.TITLE, 0, 1)),) if found else ()
    return sign(entry, Reading(language, found, matches))


def watched(
    title: str,
    language: str,
    hours: float = 0,
    summary: str = "",
    lists: str = "who what",
    outlet: str = "",
) -> Signature:
    """Sign an entry that matches a topic by these lists, of an outlet of its own by default."""
    outlet = outlet or f"Outlet {hours:g}"
    seen = NOON + timedelta(hours=hours)
    entry = Entry("x", title, seen, outlet=outlet, published=seen, summary=summary)
    evidence = tuple(
        Evidence(name, name, name, Field.TITLE, 0, 1, Rule.EXACT) for name in lists.split()
    )
    matches = (Match("t", evidence, (Field.TITLE, 0, 1)),)
    return sign(entry, Reading(language, evidence, matches, is_broad=len(evidence) == 1))


def done(*acts: str) -> Acts:
    """Return acts as a headline tells them that were done."""
    return Acts(done=frozenset(acts))


def planned(*acts: str) -> Acts:
    """Return acts as a headline tells them that are to come."""
    return Acts(planned=frozenset(acts))
