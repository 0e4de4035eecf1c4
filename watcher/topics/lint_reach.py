"""Topics that can never match, and names that never count."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from watcher.config.problems import Problem
from watcher.config.settings import Settings, TopicTable
from watcher.topics.boundaries import places
from watcher.topics.compiling import compile_terms, entity_terms, words_terms
from watcher.topics.evaluate import is_possible
from watcher.topics.lint_terms import Path, written_terms
from watcher.topics.normalise import fold
from watcher.topics.query import (
    And,
    AtLeast,
    Name,
    Node,
    Not,
    Or,
    Phrase,
    can_hold,
    children,
    format_match,
    list_key,
    names_among,
    parse_match,
    wanted,
)
from watcher.topics.terms import Kind, Term, compile_term, is_as_written


@dataclass(frozen=True, slots=True)
class Findable:
    """The lists of which anything can be found: by full terms, or by short names alone."""

    full: frozenset[str]
    short: frozenset[str]


def findable(settings: Settings) -> Findable:
    """Return the entities and word lists of which anything can be found."""
    terms: dict[str, list[Term]] = {}
    for term in filter(is_as_written, compile_terms(settings, {})):
        terms.setdefault(term.list, []).append(term)
    kinds = {name: set(_counting(some)) for name, some in terms.items()}
    full = frozenset(name for name, found in kinds.items() if found - {Kind.SHORT})
    return Findable(full, frozenset(name for name, found in kinds.items() if found) - full)


def lint_masked(settings: Settings) -> Iterator[Problem]:
    """Warn of names that the same entity's `not` takes away again."""
    for path, text, kind in written_terms(settings):
        term = compile_term(text, "", kind)
        if term is None or kind not in {Kind.NAME, Kind.ROLE, Kind.SHORT}:
            continue
        entity = settings.entities[str(path[1])]
        masks = (compile_term(one, "", Kind.NOT) for one in entity.not_)
        if _is_masked(term, filter(None, masks)):
            message = f'"{text}" never counts: a term of the entity\'s `not` covers it'
            yield Problem(path, message, warning=True)


def lint_possible(line: Node, known: Findable, path: Path) -> Iterator[Problem]:
    """Warn of a match line, of lists that exist, that no text can make true."""
    if not any(wanted(line)):
        return  # an error already
    reason = _impossible(line, known)
    if reason:
        yield Problem(path, f"the match line can never hold: {reason}", warning=True)
    for part in line.items if isinstance(line, Or) else ():
        if not any(wanted(part)):
            message = "a choice that asks only for what must be absent matches nothing by itself"
            yield Problem(path, message, warning=True)
    for count, text in _listed_twice(line):
        message = f"`{text}` stands twice in `{count} of (...)`, and is counted twice"
        yield Problem(path, message, warning=True)


def _listed_twice(node: Node) -> Iterator[tuple[int, str]]:
    """Yield what a choice of several has more than once, with how many it asks for."""
    if isinstance(node, AtLeast) and node.count > 1:
        for item, times in Counter(node.items).items():
            if times > 1:
                yield node.count, format_match(item)
    for child in children(node):
        yield from _listed_twice(child)


def lint_vetoes(settings: Settings, topic: TopicTable, line: Node, path: Path) -> Iterator[Problem]:
    """Warn of vetoes that stand in names, or are words, that the topic looks for."""
    sought = sorted(names_among(wanted(line)))
    terms = {name: _terms_of(settings, name) for name in sought if topic.never}
    for at, text in enumerate(topic.never):
        veto = compile_term(text, "", Kind.NEVER)
        for name, some in terms.items():
            place = _vetoed(veto, name, some) if veto else ""
            if place:
                message = f'"{text}" {place}, which the topic looks for: it vetoes itself'
                yield Problem((*path, at), message, warning=True)


def lint_ruled_out(settings: Settings, line: Node, path: Path) -> Iterator[Problem]:
    """Warn of phrases under NOT that stand in what the same condition looks for."""
    for phrase, leaf in dict.fromkeys(_against_each_other(line)):
        veto = compile_term(phrase.text, "", Kind.PHRASE)
        said = _ruled_out(settings, veto, leaf) if veto else ""
        if said:
            message = f'"{phrase.text}" {said}, which the line looks for: NOT rules it out'
            yield Problem(path, message, warning=True)


def _against_each_other(node: Node) -> Iterator[tuple[Phrase, Name | Phrase]]:
    """Yield each phrase that a condition wants absent, with each list that it wants found."""
    if isinstance(node, And):
        absent = [item.item for item in node.items if isinstance(item, Not)]
        choices = (item.items if isinstance(item, Or) else (item,) for item in absent)
        phrases = [one for one in chain.from_iterable(choices) if isinstance(one, Phrase)]
        yield from product(phrases, wanted(node))
    for child in children(node):
        yield from _against_each_other(child)


def _ruled_out(settings: Settings, veto: Term, leaf: Name | Phrase) -> str:
    """Return what a phrase under NOT takes from a list; "" if it leaves all of it."""
    if isinstance(leaf, Name):
        return _vetoed(veto, leaf.name, _terms_of(settings, leaf.name))
    same = _one_spelling(leaf.text) == _one_spelling(veto.text)  # `_impossible` tells of that
    inside = not same and any(places(veto, fold(leaf.text.strip("=*"))))
    return f'stands in the phrase "{leaf.text}"' if inside else ""


def _one_spelling(phrase: str) -> str:
    """Return what is the same for all spellings of a phrase that find the same."""
    term = compile_term(phrase, "", Kind.PHRASE)
    return phrase if term is None or term.manner.cased or term.manner.wildcard else term.exact


def _terms_of(settings: Settings, name: str) -> list[Term]:
    """Return what a list finds, the pack's too."""
    entity = settings.entities.get(name)
    found = entity_terms(name, entity) if entity else words_terms(name, settings.words.get(name))
    return [term for term in found if term.kind is not Kind.NOT and is_as_written(term)]


def _vetoed(veto: Term, name: str, terms: Sequence[Term]) -> str:
    """Return what a veto takes from a list; "" if it leaves all of it.

    Of word lists only a whole term is told: who vetoes "drones" may well look for weapons.
    """
    if any((term.exact, term.manner.cased) == (veto.exact, veto.manner.cased) for term in terms):
        return f"is a term of `{name}`"
    named = dict.fromkeys(term.text for term in terms if term.kind is not Kind.WORD)
    inside = [text for text in named if any(places(veto, fold(text.strip("=*"))))]
    more = f" and {len(inside) - 1} more" if len(inside) > 1 else ""
    return f'stands in "{min(inside, key=len)}"{more} of `{name}`' if inside else ""


def _impossible(line: Node, known: Findable) -> str:
    """Return what keeps a line from ever holding, "" if nothing does."""
    spelled = re.sub(r'"([^"]*)"', lambda one: f'"{_one_spelling(one[1])}"', format_match(line))
    if not can_hold(parse_match(spelled)):
        return "it asks for a list and for its absence"
    sought = set(map(list_key, wanted(line)))
    phrases = {list_key(leaf) for leaf in wanted(line) if not isinstance(leaf, Name)}
    full = (known.full & sought) | phrases
    if is_possible(line, full | (known.short if full else frozenset())):
        return ""
    short = ", ".join(f"`{name}`" for name in sorted(sought & known.short))
    if short and not full:
        return f"{short} has only `short` names, which count beside another list of the topic"
    empty = ", ".join(f"`{name}`" for name in sorted(sought - full - known.short))
    return f"nothing can be found of {empty}"


def _counting(terms: Collection[Term]) -> Iterator[Kind]:
    """Yield the kinds of the terms of one list that its `not` terms leave."""
    masks = [term for term in terms if term.kind is Kind.NOT]
    for term in terms:
        if term.kind is not Kind.NOT and not _is_masked(term, masks):
            yield term.kind


def _is_masked(term: Term, masks: Iterable[Term]) -> bool:
    return any(
        mask.key == term.key or (mask.manner.wildcard and term.key.startswith(mask.key))
        for mask in masks
        if term.manner.cased or not mask.manner.cased
    )
