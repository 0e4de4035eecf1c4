"""Topics that can never match, and names that never count."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from watcher.config.problems import Problem
from watcher.config.settings import Settings
from watcher.topics.compiling import compile_terms
from watcher.topics.evaluate import is_possible, list_key
from watcher.topics.lint_terms import Path, written_terms
from watcher.topics.query import Name, Node, Or, can_hold, wanted
from watcher.topics.terms import Kind, Term, compile_term


@dataclass(frozen=True, slots=True)
class Findable:
    """The lists of which anything can be found: by full terms, or by short names alone."""

    full: frozenset[str]
    short: frozenset[str]


def findable(settings: Settings) -> Findable:
    """Return the entities and word lists of which anything can be found."""
    terms: dict[str, list[Term]] = {}
    for term in compile_terms(settings, {}):
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
    for part in _alternatives(line):
        if not any(wanted(part)) and part is not line:
            message = "a choice that asks only for what must be absent matches nothing by itself"
            yield Problem(path, message, warning=True)


def _impossible(line: Node, known: Findable) -> str:
    """Return what keeps a line from ever holding, "" if nothing does."""
    if not can_hold(line):
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


def _alternatives(line: Node) -> tuple[Node, ...]:
    return line.items if isinstance(line, Or) else ()


def _counting(terms: Collection[Term]) -> Iterator[Kind]:
    """Yield the kinds of the terms of one list that its `not` terms leave."""
    masks = [term for term in terms if term.kind is Kind.NOT]
    for term in terms:
        if term.kind is not Kind.NOT and not _is_masked(term, masks):
            yield term.kind


def _is_masked(term: Term, masks: Iterable[Term]) -> bool:
    return any(
        mask.key == term.key or (mask.wildcard and term.key.startswith(mask.key))
        for mask in masks
        if term.cased or not mask.cased
    )
