"""How widely a story is told: independent publishers, outlets, languages, who was first.

Nine editions of one broadcaster count once, and so does an agency, however many outlets carry its
report: under its byline, or as a copy of a report that is the agency's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Entry, Relation
from watcher.outlets.attribution import Attribution, attribute, closest
from watcher.outlets.publishers import Publishers, folded, is_portal


@dataclass(frozen=True, slots=True)
class Account:
    """An entry as one account of its story.

    Attributes:
        number: ours of the entry; numbers grow in the order that entries were seen.
        author: as the feed names it.
        language: as found, else as declared; None if unknown.
        copy_of: the number of the entry that it repeats.
        score: 0-100, of the decision that put it there; `reason` says why.
    """

    number: int
    entry: Entry
    author: str = ""
    language: str | None = None
    relation: Relation = Relation.NEW
    copy_of: int | None = None
    score: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who has told a story so far; names in the order that they first told it.

    Attributes:
        publishers: the independent ones: families once, an agency's copies as the agency.
        outlets: every outlet under its own name.
        languages: those that it was told in.
        agencies: wire service -> entries that carry its reports.
        official: official bodies whose own word is among the entries.
        speakers: official bodies that others quote.
        first: the outlet that told it first.
        began: when, as the outlet says; None for no entries.
        ended: when it was last told of.
        times: when each of its entries told it, in order.
    """

    publishers: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    agencies: tuple[tuple[str, int], ...] = ()
    official: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    first: str = ""
    began: datetime | None = None
    ended: datetime | None = None
    times: tuple[datetime, ...] = ()


def attributions(accounts: Iterable[Account], publishers: Publishers) -> Mapping[int, Attribution]:
    """Return who says what each entry says, by our numbers."""
    return {a.number: attribute(a.entry, a.author, publishers) for a in accounts}


def coverage(accounts: Iterable[Account], publishers: Publishers) -> Coverage:
    """Return how widely a story is told; the order of its accounts does not matter."""
    told = sorted(accounts, key=lambda account: (account.entry.time, account.number))
    if not told:
        return Coverage()
    said = attributions(told, publishers)
    origins = _origins(told, said)
    official = distinct(said[a.number].official for a in told)
    speakers = closest(name for a in told for name in said[a.number].speakers)
    return Coverage(
        publishers=distinct(origins[a.number] for a in told),
        outlets=distinct(a.entry.outlet or said[a.number].publisher for a in told),
        languages=distinct(a.language for a in told),
        agencies=_agencies(told, origins, said),
        official=official,
        speakers=tuple(name for name in speakers if name not in official),
        first=told[0].entry.outlet or origins[told[0].number],
        began=told[0].entry.time,
        ended=told[-1].entry.time,
        times=tuple(account.entry.time for account in told),
    )


def _origins(told: Sequence[Account], said: Mapping[int, Attribution]) -> dict[int, str]:
    """Return whose word each entry is; a copy of an agency's report is the agency's too."""
    origins: dict[int, str] = {}
    carried: dict[int, str | None] = {}
    came = sorted(told, key=lambda account: account.number)
    publishers = _publishers(came, said)
    for account in came:
        own = said[account.number]
        repeated = carried.get(account.copy_of) if account.copy_of is not None else None
        carried[account.number] = own.agency or repeated
        origins[account.number] = own.agency or repeated or publishers[account.number]
    return origins


def _publishers(came: Iterable[Account], said: Mapping[int, Attribution]) -> dict[int, str]:
    """Return who published each entry; what an aggregator passes on is the outlet's of that name.

    The publisher that came first under the name stays it: what was counted is never taken back.
    """
    publishers: dict[int, str] = {}
    passed_on: dict[str, str] = {}
    at_home: dict[str, str] = {}
    for account in came:
        here, there = at_home, passed_on
        if is_portal(account.entry.url):
            here, there = passed_on, at_home
        name, own = folded(account.entry.outlet), said[account.number].publisher
        publishers[account.number] = there.get(name, own) if name else own
        here.setdefault(name, publishers[account.number])
    return publishers


def _agencies(
    told: Sequence[Account], origins: Mapping[int, str], said: Mapping[int, Attribution]
) -> tuple[tuple[str, int], ...]:
    named = distinct(said[a.number].agency for a in told)
    whose = list(origins.values())
    return tuple((name, whose.count(name)) for name in named)


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values that say something, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))
