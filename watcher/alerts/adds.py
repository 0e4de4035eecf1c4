"""What an entry adds to its story, in a clause: "official source: Kremlin; new number: 40"."""

import re
from calendar import month_abbr
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from watcher.alerts.clean import clean, isolate
from watcher.alerts.evidence import is_entity, list_name, says_it
from watcher.alerts.languages import language_name
from watcher.alerts.lines import cut
from watcher.alerts.views import Report
from watcher.model import Addition, Adds, News

#: Cap in UTF-16 units: one line of a phone or two.
ADDS_UNITS = 200
#: What is said of one detail, and of several.
_WORDS = {
    Adds.DENIAL: ("contradicts an earlier report", "contradicts earlier reports"),
    Adds.CORRECTION: ("corrects what was reported", "corrects what was reported"),
    Adds.ACT: ("new step", "new steps"),
    Adds.OFFICIAL: ("official source", "official sources"),
    Adds.NUMBER: ("new number", "new numbers"),
    Adds.NAME: ("also about", "also about"),
    Adds.DAY: ("new date", "new dates"),
    Adds.UNTOLD: ("reported before, but not told here", "reported before, but not told here"),
    Adds.LANGUAGE: ("first in", "first in"),
    Adds.DOUBT: ("perhaps new", "perhaps new"),
}
_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)( ?)(.*)")
_DAY = re.compile(r"(?:(?P<year>\d{4})-)?(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
#: Figures with so many digits are read by their name.
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
#: Acts whose own name says less than they stand for: floods and storms are a "quake" too.
_ACTS = {
    "quake": "natural disaster",
    "crash": "accident",
    "show": "unveil",
    "free": "release",
    "dine": "meal",
    "sight": "sighting",
    "fault": "defect",
    "claim": "claim of responsibility",
}


def clause(news: News | None, labels: Mapping[str, str]) -> str:
    """Return what an entry adds, the most telling first; "" where nobody asked."""
    groups = groupby(_worth_saying(news, labels), key=lambda addition: addition.kind)
    return cut("; ".join(_kind(kind, tuple(found), labels) for kind, found in groups), ADDS_UNITS)


def _worth_saying(news: News | None, labels: Mapping[str, str]) -> Sequence[Addition]:
    """Return what is added, without word lists that only vary a name: "north korean".

    Nor is a name said twice: an official source is also a watched name.
    """
    additions = news.additions if news else ()
    sources = {one.detail.casefold() for one in additions if one.kind is Adds.OFFICIAL}
    kept = [one for one in additions if not _varies_a_name(one, labels)]
    return [one for one in kept if not _is_named(one, sources, labels)] or additions


def _is_named(one: Addition, sources: Collection[str], labels: Mapping[str, str]) -> bool:
    return one.kind is Adds.NAME and labels.get(one.detail, one.detail).casefold() in sources


def _varies_a_name(one: Addition, labels: Mapping[str, str]) -> bool:
    if one.kind is not Adds.NAME or is_entity(one.detail, labels):
        return False
    words = list_name(one.detail)
    return any(is_entity(name, labels) and says_it(words, labels[name]) for name in labels)


def says_more(news: News | None) -> bool:
    """Tell whether an entry adds what its byline does not show: more than its language."""
    return news is not None and not news.is_only_language


def telling_first(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return reports by how surely they are news; those that are alike keep their order."""
    return tuple(sorted(reports, key=lambda one: -(one.news.strength if one.news else 0.0)))


def _kind(kind: Adds, found: Sequence[Addition], labels: Mapping[str, str]) -> str:
    words = _WORDS[kind][len(found) > 1]
    details = ", ".join(filter(None, (_detail(one, labels) for one in found)))
    if not details:
        return words
    return f"{words} {details}" if kind is Adds.LANGUAGE else f"{words}: {details}"


def _detail(addition: Addition, labels: Mapping[str, str]) -> str:
    detail = clean(addition.detail)
    match addition.kind:
        case Adds.ACT:
            act, _, time = detail.partition(" ")
            return isolate(f"{_ACTS.get(act, act)} {time}".rstrip())
        case Adds.NAME:
            return isolate(clean(labels.get(addition.detail, "")) or list_name(addition.detail))
        case Adds.DAY:
            return _day(detail)
        case Adds.NUMBER:
            return isolate(_amount(detail))
        case Adds.LANGUAGE:
            return language_name(detail) or isolate(detail)
    return isolate(detail)


def _amount(detail: str) -> str:
    """Return "300 million USD" for "300,000,000 USD"."""
    found = _AMOUNT.fullmatch(detail)
    if found is None:
        return detail
    figure = float(found[1].replace(",", ""))
    size, name = next(((s, n) for s, n in _LARGE if figure >= s), (1, ""))
    shown = f"{Decimal(f'{figure / size:.4g}'):,f} {name} " if name else f"{found[1]}{found[2]}"
    return f"{shown}{found[3]}".rstrip()


def _day(detail: str) -> str:
    """Return "13 Sep" for "09-13", "13 Sep 2023" for "2023-09-13"."""
    found = _DAY.fullmatch(detail)
    if found is None or not 0 < int(found["month"]) < len(month_abbr):
        return detail
    year = f" {found['year']}" if found["year"] else ""
    return f"{int(found['day'])} {month_abbr[int(found['month'])]}{year}"
