"""Headlines that an outlet fills in anew: "Stocks to watch", "Trading halt 15:41", prayer times.

Two of them are alike in every word and tell of different things. So the templates of an outlet
are learned: a title's mask is what stays of it without figures and names, and entries of one
outlet under one mask on several occasions are a family. In a family only entries with the same
title on the same day report the same. Entries of other outlets are not of the family.

An occasion is a day, or a time of day that the title names: a toll that rises through the day is
one story still developing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from watcher.model import Assignment, Relation
from watcher.stories.signature import Member, Signature

#: Occasions that make a family. Chosen by reading real feeds (trading halts, dividends, market
#: wraps, television bulletins), not tuned.
FAMILY: Final = 3
#: A family is learned from so many days; daily ones leave out weekends.
FAMILY_DAYS: Final = timedelta(days=7)
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d")
#: Why an entry of a family opens a story of its own.
REASON: Final = "a daily template of this outlet"


def learned_since(signature: Signature) -> date:
    """Return the first day of the entries that an entry's family is learned from."""
    return signature.time.date() - FAMILY_DAYS


def occasion(signature: Signature) -> tuple[date, str]:
    """Return the day of an entry, and the times of day in its title."""
    exact = signature.numbers.exact if ":" in signature.title else ()
    times = sorted(figure for figure in exact if _CLOCK.match(figure))
    return signature.time.date(), " ".join(times)


def is_family(others: int) -> bool:
    """Whether an entry is of a family, by the other occasions of its outlet under the mask."""
    return others + 1 >= FAMILY


def without_siblings(signature: Signature, members: Sequence[Member]) -> list[Member]:
    """Return the members but those of the entry's family that have another title or day."""
    outlet = signature.outlet
    return [
        member
        for member in members
        if member.signature.outlet != outlet or not _parted(signature, member.signature)
    ]


def explained(assignment: Assignment) -> Assignment:
    """Return the assignment of an entry that was kept apart from its family, saying so."""
    return replace(assignment, reason=REASON) if assignment.relation is Relation.NEW else assignment


def _parted(a: Signature, b: Signature) -> bool:
    """Tell whether two entries of one outlet fill in its template anew."""
    if not a.outlet or (a.title == b.title and a.time.date() == b.time.date()):
        return False
    return bool(a.mask) and a.mask == b.mask
