"""What is wrong with a watchlist, before it silently misses or floods."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from watcher.config.draft import STAND_IN
from watcher.config.load import Loaded
from watcher.config.problems import Problem
from watcher.config.settings import EntityTable, Settings, TopicTable
from watcher.config.suggest import did_you_mean
from watcher.model import Entry
from watcher.topics.compiling import parse_lines
from watcher.topics.countries import countries
from watcher.topics.engine import NO_TIME
from watcher.topics.findings import TopicFinding
from watcher.topics.lint_codes import lint_codes
from watcher.topics.lint_languages import (
    lint_coverage,
    lint_everyday,
    lint_everyday_packs,
    lint_namesakes,
    lint_scripts,
    spoken_languages,
)
from watcher.topics.lint_reach import (
    findable,
    lint_masked,
    lint_possible,
    lint_ruled_out,
    lint_vetoes,
)
from watcher.topics.lint_terms import (
    Path,
    WrittenTerm,
    lint_shared,
    lint_term,
    lint_terms,
    written_terms,
)
from watcher.topics.pack import PREFIX, find_pack, pack_names
from watcher.topics.query import (
    MatchLineError,
    Node,
    Phrase,
    is_name,
    leaves,
    names_among,
    parse_match,
    wanted,
)
from watcher.topics.terms import Kind
from watcher.topics.watchlist import Watchlist

#: Parts of the path to an entity or a word list itself.
LIST_DEPTH = 2


def lint(settings: Settings, *, warnings: bool = True) -> list[Problem]:
    """Return every problem of the entities, word lists and topics, failing tests included.

    Without `warnings` those may be missing: most of the time goes into what only warns.
    """
    problems = [*_lint_lists(settings), *lint_terms(settings)]
    for number, topic in enumerate(settings.topics):
        problems.extend(_lint_topic(settings, topic, ("topics", number)))
    if warnings:
        problems.extend(_warn(settings))
    return problems


def _warn(settings: Settings) -> Iterator[Problem]:
    """Warn of what is no mistake and may still miss or flood."""
    spoken = spoken_languages(settings)
    yield from lint_shared(settings)
    yield from lint_masked(settings)
    yield from _warn_of_lines(settings, spoken)
    yield from lint_everyday(written_terms(settings), spoken)
    yield from lint_scripts(written_terms(settings))
    yield from lint_codes(settings)
    yield from lint_everyday_packs(settings, spoken)
    yield from lint_namesakes(settings, spoken)
    yield from lint_coverage(settings)
    yield from _lint_tests(settings)


def lint_loaded(loaded: Loaded, *, warnings: bool = True) -> list[Problem]:
    """Return the watchlist's problems, also when other parts of the configuration are wrong."""
    if loaded.settings:
        return lint(loaded.settings, warnings=warnings)
    if loaded.draft is None:
        return []
    problems = lint(loaded.draft.settings, warnings=warnings)
    return [one for one in problems if _is_certain(one, whole=loaded.draft.whole)]


def _is_certain(problem: Problem, *, whole: bool) -> bool:
    """Tell whether a draft's problem is one of the file; of lists as a whole loading has told."""
    return len(problem.path) > LIST_DEPTH and (whole or not problem.warning)


def _lint_lists(settings: Settings) -> Iterator[Problem]:
    yield from _lint_keys("entities", settings.entities)
    yield from _lint_keys("words", settings.words)
    for name, entity in settings.entities.items():
        yield from _lint_entity(name, entity)
    for name, words in settings.words.items():
        yield from _lint_use(("words", name), words.use, words=True)


def _lint_entity(name: str, entity: EntityTable) -> Iterator[Problem]:
    path: Path = ("entities", name)
    if not (entity.names or entity.short or entity.roles or entity.country or entity.use):
        message = f"entity `{name}` has no names, so nothing is found"
        yield Problem(path, message, at_key=True, warning=True)
    if entity.country and entity.country not in countries():
        yield Problem((*path, "country"), f"no country has the code {entity.country}")
    yield from _lint_use(path, entity.use, words=False)


def _lint_keys(table: str, names: Iterable[str]) -> Iterator[Problem]:
    """Warn of lists that no match line can name."""
    for name in names:
        if not is_name(name):
            message = f"a match line reads `{name}` as an operator: give the list another name"
            yield Problem((table, name), message, at_key=True, warning=True)


def _lint_use(path: Path, use: Sequence[str], *, words: bool) -> Iterator[Problem]:
    """Find what the pack does not have, or has as the other kind of list."""
    known = [PREFIX + name for name in pack_names()]
    for at, name in enumerate(use):
        pack = find_pack(name)
        if name == STAND_IN:
            continue  # the models say what is wrong with it
        if pack is None:
            hint = did_you_mean(name, known, quote='"') or "; see `watcher entities list`"
            yield Problem((*path, "use", at), f'the pack has no "{name}"{hint}')
        elif pack.is_words is not words:
            is_one, table = ("a word list", "words") if pack.is_words else ("an entity", "entities")
            message = f'"{name}" is {is_one}; it belongs in [{table}.NAME]'
            yield Problem((*path, "use", at), message)


def _lint_topic(settings: Settings, topic: TopicTable, path: Path) -> Iterator[Problem]:
    path = (*path, "match")
    try:
        line = parse_match(topic.match)
    except MatchLineError as error:
        yield Problem(path, str(error), offset=error.offset, length=error.length)
        return
    yield from _lint_names(settings, topic.match, line, path)
    yield from _lint_phrases(topic.match, line, path, lambda one: lint_term(*one))
    if not any(wanted(line)):
        yield Problem(
            path, "the match line asks only for what must be absent; name a list that must be found"
        )
    yield from _lint_reach(settings, topic, line, path)


def _lint_reach(settings: Settings, topic: TopicTable, line: Node, path: Path) -> Iterator[Problem]:
    """Warn of a topic that vetoes what it looks for, or that no feed may raise."""
    yield from lint_vetoes(settings, topic, line, (*path[:-1], "never"))
    limits = [feed.topics for feed in settings.feeds]
    if limits and not any(limit is None or topic.id in limit for limit in limits):
        message = f"no feed may raise `{topic.id}`: each names other `topics`"
        yield Problem(path, message, warning=True)


def _warn_of_lines(settings: Settings, spoken: frozenset[str]) -> Iterator[Problem]:
    """Warn of lines that never hold, and of everyday words in quotes."""
    known, existing = findable(settings), {*settings.entities, *settings.words}
    lines = parse_lines(settings)
    for number, topic in enumerate(settings.topics):
        path: Path = ("topics", number, "match")
        line = lines.get(topic.id)
        if line is None:
            continue
        if existing.issuperset(names_among(leaves(line))):  # of others `_lint_names` tells
            yield from lint_possible(line, known, path)
            yield from lint_ruled_out(settings, line, path)
        yield from _lint_phrases(topic.match, line, path, lambda one: lint_everyday((one,), spoken))


def _lint_names(settings: Settings, text: str, line: Node, path: Path) -> Iterator[Problem]:
    known = {*settings.entities, *settings.words}
    for name in names_among(leaves(line)):
        if name not in known:
            message = f"no entity or word list is called `{name}`{did_you_mean(name, known)}"
            yield Problem(path, message, offset=_offset_of(name, text), length=len(name))


def _lint_phrases(
    text: str, line: Node, path: Path, look: Callable[[WrittenTerm], Iterator[Problem]]
) -> Iterator[Problem]:
    """Return what a look at each quoted phrase finds, at its place in the line."""
    for leaf in leaves(line):
        if isinstance(leaf, Phrase):
            quoted = f'"{leaf.text}"'
            start = max(text.find(quoted), 0)
            for problem in look((path, leaf.text, Kind.PHRASE)):
                within, length = (0, len(quoted)) if problem.offset is None else (1, 1)
                offset = start + within + (problem.offset or 0)
                yield replace(problem, offset=offset, length=length)


def _offset_of(name: str, text: str) -> int:
    """Return where a name stands in a match line, outside of quoted phrases."""
    masked = re.sub(r'"[^"]*"', lambda found: " " * len(found[0]), text)
    found = re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", masked)
    return found.start() if found else 0


def _lint_tests(settings: Settings) -> Iterator[Problem]:
    """Run every topic's test headlines; a failing one is a warning that says why."""
    if not any(topic.tests.yes or topic.tests.no for topic in settings.topics):
        return
    watchlist = Watchlist(settings)
    for number, topic in enumerate(settings.topics):
        for key, texts in (("yes", topic.tests.yes), ("no", topic.tests.no)):
            for at, text in enumerate(texts):
                finding = try_headline(watchlist, topic.id, text)
                if finding is not None and finding.matched is not (key == "yes"):
                    message = _test_message(finding, watchlist.labels)
                    yield Problem(("topics", number, "tests", key, at), message, warning=True)


def try_headline(watchlist: Watchlist, topic: str, text: str) -> TopicFinding | None:
    """Return what a topic makes of a bare headline; None if its match line cannot be read."""
    entry = Entry(id="test", title=text, seen=NO_TIME)
    return next(iter(watchlist.explain(entry, {topic})), None)


def _test_message(finding: TopicFinding, labels: Mapping[str, str]) -> str:
    if finding.match is None:
        return f"this headline should match `{finding.topic}` and does not: {finding.reason}"
    places = dict.fromkeys(
        f"{labels.get(one.list, one.list)} (“{one.text}”)" for one in finding.match.evidence
    )
    return f"this headline should not match `{finding.topic}` and does: {', '.join(places)}"
