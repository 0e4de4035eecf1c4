"""Who says so, in the few words of an alert's last line and of the listings."""

from collections.abc import Iterator

from watcher.alerts.clean import clean, isolate
from watcher.alerts.lines import cut
from watcher.outlets.coverage import Coverage
from watcher.wording import plural, some_of

#: Cap on one name in UTF-16 units.
_NAME_UNITS = 80
#: More officials than this say no more; the rest is counted.
_MOST_NAMED = 3


def counts(told: Coverage) -> str:
    """Return "9 outlets", or "5 publishers (9 outlets)" where fewer are independent.

    One outlet may bring the reports of several, as aggregators do: "3 publishers".
    """
    outlets, publishers = len(told.outlets), plural(len(told.publishers), "publisher")
    if len(told.publishers) < outlets:
        return f"{publishers} ({plural(outlets, 'outlet')})"
    return plural(outlets, "outlet") if len(told.publishers) == outlets else publishers


def spread(told: Coverage) -> str:
    """Return the counts, with the languages where there are several."""
    if len(told.languages) < 2:  # noqa: PLR2004 - several
        return counts(told)
    return f"{counts(told)} · {plural(len(told.languages), 'language')}"


def first(told: Coverage, began: str) -> str:
    """Return "first: Antara 09:14"; "" for a story of one outlet, which says so itself."""
    return f"first: {_name(told.first)} {began}" if len(told.outlets) > 1 else ""


def officials(told: Coverage) -> Iterator[str]:
    """Yield "official: KCNA" for those whose own word it is, "citing: Kremlin" for those quoted."""
    for label, names in (("official", told.official), ("citing", told.speakers)):
        if names:
            yield f"{label}: {some_of(list(map(_name, names)), _MOST_NAMED)}"


def _name(name: str) -> str:
    return isolate(cut(clean(name), _NAME_UNITS))
