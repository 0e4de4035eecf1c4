"""Who says so: whose report an entry carries, which agencies it quotes, which officials speak.

A byline makes a report the agency's ("(Reuters) -"); "according to TASS" merely quotes. An official
body counts when it speaks, not where it is a place ("met in the Kremlin"). The names stand in
`data/publishers.toml`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from watcher.model import Entry, Evidence, Field
from watcher.outlets.bylines import is_byline
from watcher.outlets.publishers import Publishers, bodies, by_name, is_official
from watcher.outlets.speaking import reports, speaks
from watcher.topics.engine import Engine
from watcher.topics.terms import Kind, Term, compile_stem, compile_term

#: An author line longer than this is prose.
_LONGEST_AUTHOR: Final = 120
#: Characters of a summary that are read: who speaks first says what the entry is about.
_READ: Final = 2000
#: A byline that opens a text names its agency within so many.
_OPENING: Final = 60


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what an entry says.

    Attributes:
        publisher: who published it, all editions under one name; "" if unknown.
        agency: the wire service whose report it carries; None if it names none.
        quoted: wire services that it refers to without carrying their report.
        official: the official body whose own word it is; None if it is nobody's.
        speakers: official bodies that it quotes.
    """

    publisher: str
    agency: str | None
    quoted: tuple[str, ...]
    official: str | None
    speakers: tuple[str, ...]


def attribute(entry: Entry, author: str, publishers: Publishers) -> Attribution:
    """Return who says so; `author` is as the feed names it, often an agency."""
    publisher = publishers.of(entry)
    entry = replace(entry, summary=entry.summary[:_READ])
    found = _names_in(entry)
    agency = _agency(publisher, author, entry, found)
    own = agency if agency and by_name()[agency].official else publisher
    spoken = [name for name in _speakers(entry, found) if name not in {agency, publisher}]
    officials = (name for name in spoken if by_name()[name].official)
    return Attribution(
        publisher=publisher,
        agency=agency,
        quoted=tuple(name for name in spoken if by_name()[name].agency),
        official=own if is_official(own, entry.url) else None,
        speakers=closest(officials),
    )


def opening_byline(text: str) -> tuple[int, int] | None:
    """Return where the agency's name stands in a byline that opens a text; None if none does.

    Args:
        text: a summary.
    """
    found = (one._replace(field=Field.SUMMARY) for _, one in _engine().find_in(text[:_READ], None))
    opening = (one for one in found if one.start <= _OPENING and _is_byline_in(text, one))
    first = min(opening, key=lambda one: (one.start, -one.end), default=None)
    return (first.start, first.end) if first else None


def names_agency(text: str) -> bool:
    """Whether a text, what stands in brackets, names a wire service."""
    return any(by_name()[one.list].agency for _, one in _engine().find_in(text, None))


def closest(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names without those that another tells better: "Russian defence ministry"."""
    known = tuple(dict.fromkeys(names))
    return tuple(name for name in known if not any(one.endswith(f" {name}") for one in known))


def _agency(publisher: str, author: str, entry: Entry, found: Iterable[Evidence]) -> str | None:
    """Return whose report it is: the publisher is an agency, its author is, or a byline says so."""
    known = by_name().get(publisher)
    if known is not None and known.agency:
        return publisher
    if 0 < len(author) <= _LONGEST_AUTHOR:
        for name in _names_in(replace(entry, title=author, summary="")):
            if by_name()[name.list].agency:
                return name.list
    return next((name.list for name in found if _is_byline(entry, name)), None)


def _is_byline(entry: Entry, name: Evidence) -> bool:
    return _is_byline_in(entry.text(name.field), name)


def _is_byline_in(text: str, name: Evidence) -> bool:
    ambiguous = _counts_in_bylines_alone(name)
    return by_name()[name.list].agency and is_byline(text, name, ambiguous=ambiguous)


def _speakers(entry: Entry, found: Iterable[Evidence]) -> tuple[str, ...]:
    """Return who is quoted, each once, in the order of the text."""
    quoted = (name.list for name in found if _is_quoted(entry, name))
    return tuple(dict.fromkeys(quoted))


def _is_quoted(entry: Entry, name: Evidence) -> bool:
    if _is_byline(entry, name):
        return False
    text = entry.text(name.field)
    if by_name()[name.list].agency and reports(text, name.start, name.end):
        return True
    is_title, is_clear = name.field is Field.TITLE, not _counts_in_bylines_alone(name)
    return is_clear and speaks(text, name.start, name.end, whole_title=is_title)


def _counts_in_bylines_alone(name: Evidence) -> bool:
    return name.term in by_name()[name.list].bylines


def _names_in(entry: Entry) -> list[Evidence]:
    """Return the agencies and officials named, the title's first; the longer one at a place."""
    found = [evidence for _, evidence in _engine().find(entry, None)]
    found.sort(key=lambda name: (name.field is Field.SUMMARY, name.start, -name.end))
    kept: list[Evidence] = []
    for name in found:
        if not kept or kept[-1].field is not name.field or name.end > kept[-1].end:
            kept.append(name)
    return kept


@cache
def _engine() -> Engine:
    return Engine(
        term
        for body in bodies()
        for name in body.names + body.bylines
        for term in _terms(body.name, name)
    )


def _terms(body: str, name: str) -> Iterable[Term]:
    term = compile_term(name, body, Kind.NAME)
    return filter(None, (term, term and compile_stem(term)))
