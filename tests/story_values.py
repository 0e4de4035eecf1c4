"""Entries as they are compared, for tests of the stories room."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
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
