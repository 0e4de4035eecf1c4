"""The watchlist at work: an entry in, what it mentions and which topics it meets out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter

from watcher.config.settings import Settings
from watcher.lazy import lazy
from watcher.model import Entry, Evidence, Field, Match, Reading, Rule
from watcher.topics.compiling import compile_terms, make_labels, parse_lines
from watcher.topics.engine import NO_TIME, Engine, Find
from watcher.topics.evaluate import (
    Layout,
    in_title,
    is_possible,
    overlap,
    support,
)
from watcher.topics.everyday import everyday_among
from watcher.topics.findings import TopicFinding
from watcher.topics.language import identify, is_best_without
from watcher.topics.letter_case import is_in_capitals
from watcher.topics.query import Node, leaves, list_key, wanted
from watcher.topics.reasons import (
    Nearly,
    covered,
    foreign,
    lacking_clause,
    lone,
    nearest_way,
    obstacle_clause,
    obstacles,
    passed_over,
    ways,
)
from watcher.topics.sorting import Finds, doubt_capitals, sort_out
from watcher.topics.terms import NAMING, Kind, ListTerm, Term, language_family

_TITLE = Field.TITLE  # read off its class, it takes ten times as long

#: What is called the same in texts of many languages.
_PROPER = frozenset({Kind.NAME, Kind.COUNTRY, Kind.SHORT})


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, compiled.

    Attributes:
        wanted: the lists whose presence can make the line true.
        lists: all that it names, also under NOT.
        is_broad: whether one of the wanted ones can be enough; else it takes two.
        always: those that every match has.
    """

    id: str
    line: Node
    wanted: frozenset[str]
    lists: tuple[str, ...]
    is_broad: bool
    always: frozenset[str]

    def needs(self, names: Collection[str], found: Collection[str]) -> bool:
        """Whether it could not match without some lists, given all that are found."""
        return not is_possible(self.line, set(found).difference(names))

    def given(self, found: Collection[str]) -> frozenset[str]:
        """Return the lists without each of which it could not match, of those found."""
        names = self.wanted.intersection(found)
        return frozenset(name for name in names if self.needs({name}, found))

    def needed(self, found: Collection[str], entities: Collection[str]) -> list[frozenset[str]]:
        """Return the word lists that it needs, each alone, or all of "quake" OR "tremor"."""
        words = self.wanted.intersection(found).difference(entities)
        single = self.given(found) & words
        if not single and words and self.needs(words, found):
            return [words]
        return [frozenset({name}) for name in single]


class Watchlist:
    """All entities, word lists and topics of a configuration, compiled; can be pickled."""

    def __init__(self, settings: Settings) -> None:
        lines = parse_lines(settings)
        self.labels: Mapping[str, str] = make_labels(settings)
        self._topics = {name: _compile_topic(name, line) for name, line in lines.items()}
        self._broad = {topic.id for topic in self._topics.values() if topic.is_broad}
        self._asked = {topic.id: frozenset(topic.lists) for topic in self._topics.values()}
        self._by_list = _topics_by_list(self._topics.values())
        # Words that serve only to rule a match out tell nothing of what an entry is about.
        named = {name for topic in self._topics.values() for name in topic.lists}
        self._silent = named.intersection(settings.words).difference(self._by_list)
        self._entities = frozenset(settings.entities)
        terms = tuple(compile_terms(settings, lines))
        self._languages = _languages_by_list(terms)
        self._exact = frozenset(term.key for term in terms if term.manner.cased)
        self._engine = Engine(terms)

    def read(
        self,
        entry: Entry,
        topics: Collection[str] | None = None,
        hidden: Collection[ListTerm] = frozenset(),
    ) -> Reading:
        """Return what an entry mentions, and its matches.

        Args:
            entry: what is read.
            topics: the only ones to try; None means all.
            hidden: terms to pass over, as if their lists did not hold them.
        """
        language, every = self._look(entry)
        if hidden:
            every = [(kind, one) for kind, one in every if (one.list, one.term) not in hidden]
        finds = sort_out(every)
        tried = self._candidates(finds, topics)
        layout = Layout(entry)
        founds = {topic.id: _found_for(topic, finds) for topic in tried}
        matches = tuple(filter(None, (_match(t, founds[t.id], finds, layout) for t in tried)))
        matched = {match.topic: founds[match.topic] for match in matches}
        mentions = _mentions(finds, founds.values(), self._silent)
        met = [(self._topics[topic], found) for topic, found in matched.items()]
        return Reading(
            language,
            mentions,
            matches,
            given=self.given(matched),
            is_broad=self.is_broad(matched),
            word_lists=frozenset(one.list for one in mentions) - self._entities,
            needed=tuple(chain.from_iterable(t.needed(f, self._entities) for t, f in met)),
            asked=tuple((topic, self._asked[topic]) for topic in matched),
            always=frozenset[str]().union(*(topic.always for topic, _ in met)),
            by_summary=frozenset(t.id for t, found in met if not in_title(t.line, found, layout)),
        )

    def is_broad(self, topics: Iterable[str]) -> bool:
        """Whether each of these topics can match by one list alone."""
        return self._broad.issuperset(topics)

    def given(self, founds: Mapping[str, Collection[str]]) -> frozenset[str]:
        """Return the lists without which topics could not match, of those found for each."""
        return frozenset[str]().union(*(self._topics[one].given(founds[one]) for one in founds))

    def matching(
        self, title: str, summary: str, language: str | None, topics: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Return the ids of the topics that a text of known language meets, and nothing else.

        The quick way through an archive: no evidence is kept, no language is looked for.
        """
        entry = Entry(id="", title=title, summary=summary, seen=NO_TIME)
        finds = self._find(entry, language)
        tried = self._candidates(finds, topics)
        if not tried:
            return ()
        layout = Layout(entry)
        return tuple(t.id for t in tried if _match(t, _found_for(t, finds), finds, layout))

    def nearly(
        self, title: str, summary: str, language: str | None, topics: Collection[str] | None = None
    ) -> tuple[Nearly, ...]:
        """Return the topics that a text meets, and those that it misses by one list at most."""
        entry = Entry(id="", title=title, summary=summary, seen=NO_TIME)
        finds = self._find(entry, language)
        if not (finds.full or finds.short):
            return ()
        layout = Layout(entry)
        tried = [t for t in self._topics.values() if topics is None or t.id in topics]
        near = (self._nearly(topic, finds, layout) for topic in tried)
        return tuple(one for one in near if one is not None)

    def places(self, title: str, language: str | None) -> tuple[Evidence, ...]:
        """Return every place of a title where a term of a list stands, whether it counts or not."""
        return tuple(one for _, one in self._everything(Entry("", title, NO_TIME), language))

    def languages_of(self, topic: str) -> Mapping[str, frozenset[str] | None]:
        """Return for each list that a topic wants its languages; None for every language."""
        return {name: self._languages.get(name) for name in sorted(self._topics[topic].wanted)}

    def explain(
        self, entry: Entry, topics: Collection[str] | None = None
    ) -> tuple[TopicFinding, ...]:
        """Return for every topic what was found, what is missing and what forbids it."""
        language, found = self._look(entry)
        finds = sort_out(found)
        layout = Layout(entry)
        why = foreign(found, self._everything(entry, None), language) if language else {}
        why |= covered(found) | lone(finds.short)
        return tuple(
            self._finding(topic, finds, layout, why)
            for topic in self._topics.values()
            if topics is None or topic.id in topics
        )

    def terms(self, entry: Entry) -> frozenset[ListTerm]:
        """Return every term that stands in an entry, also where another one counts instead.

        The names of countries are left out: nobody wrote those for a watchlist.
        """
        _, found = self._look(entry)
        return frozenset((one.list, one.term) for kind, one in found if kind is not Kind.COUNTRY)

    def _look(self, entry: Entry) -> tuple[str | None, list[Find]]:
        """Return an entry's language, none if its names alone look like it, and what is found."""
        told = identify(entry.title, entry.summary, entry.language)
        found = self._everything(entry, told.language)
        if told.language is None or not told.by_few:
            return told.language, found
        names = [one for kind, one in found if kind in _PROPER]
        if not names or is_best_without(_without(entry, names), told.language):
            return told.language, found
        return None, self._everything(entry, None)

    def _find(self, entry: Entry, language: str | None) -> Finds:
        return sort_out(self._everything(entry, language))

    def _everything(self, entry: Entry, language: str | None) -> list[Find]:
        family = language_family(language) if language else None
        found = self._engine.find(entry, family)
        if not is_in_capitals(entry.title):
            return found
        return doubt_capitals(found, family, self._everyday)

    @lazy
    def _everyday(self) -> Mapping[str, frozenset[str]]:
        """The exact terms that are everyday words, in small letters, and their languages."""
        return everyday_among(self._exact)

    def _candidates(self, finds: Finds, topics: Collection[str] | None) -> list[Topic]:
        """Return the topics of which enough lists were found to be worth a closer look."""
        if not (finds.full or finds.short):
            return []
        names = finds.full.keys() | finds.short.keys() if finds.short else finds.full
        seen: set[str] = set()
        tried: set[str] = set()
        for one in chain.from_iterable(map(self._by_list.get, names, repeat(()))):
            (tried if one in seen else seen).add(one)
        tried |= seen & self._broad
        if topics is not None:
            tried &= set(topics)
        return [self._topics[one] for one in sorted(tried)]

    def _finding(
        self, topic: Topic, finds: Finds, layout: Layout, why: Mapping[str, str]
    ) -> TopicFinding:
        found = _found_for(topic, finds)
        match = _match(topic, found, finds, layout)
        lacking = ways(topic.line, found)
        vetoes = tuple(finds.vetoes.get(topic.id, ()))
        evidence = _in_order(one for places in found.values() for one in places)
        passed = "" if match else passed_over(lacking, why)
        if match:
            lists = dict.fromkeys(one.list for one in match.evidence)
            reason = "found " + ", ".join(self.labels.get(name, name) for name in lists)
        elif lacking[0]:
            reason = lacking_clause(lacking, self.labels)
        elif vetoes:
            reason = _veto_clause(vetoes)
        else:
            reason = obstacle_clause(obstacles(topic.line, found, layout, self.labels))
        return TopicFinding(topic.id, match, evidence, lacking, vetoes, reason + passed, passed)

    def _nearly(self, topic: Topic, finds: Finds, layout: Layout) -> Nearly | None:
        """Return what a topic finds in a text if one list at most is missing."""
        found = _found_for(topic, finds)
        present = tuple(sorted(topic.wanted.intersection(found)))
        if not present or not any(is_possible(topic.line, {*present, one}) for one in topic.wanted):
            return None
        if _match(topic, found, finds, layout) is not None:
            return Nearly(topic.id, present, ())
        lacking = nearest_way(topic.line, found)
        if vetoes := finds.vetoes.get(topic.id):
            return Nearly(topic.id, present, lacking, _veto_clause(vetoes), ruled_out=True)
        hindering = obstacles(topic.line, found, layout, self.labels)
        told = "; ".join(one.clause for one in hindering) or (
            "" if lacking else "not placed as asked"
        )
        return Nearly(topic.id, present, lacking, told, any(one.forbids for one in hindering))


def _veto_clause(vetoes: Sequence[Evidence]) -> str:
    return f"vetoed by “{vetoes[0].text}”"


def _without(entry: Entry, places: Iterable[Evidence]) -> str:
    """Return the text of an entry without what stands at some places."""
    fields = {field: list(entry.text(field)) for field in Field}
    for one in places:
        fields[one.field][one.start : one.end] = " " * (one.end - one.start)
    return " ".join(map("".join, fields.values()))


def _compile_topic(name: str, line: Node) -> Topic:
    lists = tuple(sorted(set(map(list_key, leaves(line)))))
    needed = frozenset(map(list_key, wanted(line)))
    is_broad = any(is_possible(line, {one}) for one in needed)
    always = frozenset(one for one in needed if not is_possible(line, needed - {one}))
    return Topic(name, line, needed, lists, is_broad, always)


def _languages_by_list(terms: Iterable[Term]) -> dict[str, frozenset[str] | None]:
    """Return list -> the languages that it has words in; None where one counts everywhere."""
    found: dict[str, frozenset[str] | None] = {}
    for term in terms:
        known = found.get(term.list, frozenset())
        every = known is None or term.manner.languages is None or term.kind in NAMING
        found[term.list] = (
            None if every else (known or frozenset()) | (term.manner.languages or frozenset())
        )
    return found


def _topics_by_list(topics: Iterable[Topic]) -> dict[str, tuple[str, ...]]:
    ids: dict[str, tuple[str, ...]] = {}
    for topic in topics:
        for name in topic.wanted:
            ids[name] = (*ids.get(name, ()), topic.id)
    return ids


def _found_for(topic: Topic, finds: Finds) -> dict[str, Sequence[Evidence]]:
    """Return the evidence for a topic: short names only if a list that it wants is there too."""
    found = {name: finds.full[name] for name in topic.lists if name in finds.full}
    for name in finds.short.keys() & set(topic.lists):
        counted = [one for one in finds.short[name] if _has_company(one, topic, finds)]
        if counted:
            found[name] = [*finds.full.get(name, ()), *counted]
    return found


def _has_company(short: Evidence, topic: Topic, finds: Finds) -> bool:
    """Tell whether another list that the topic wants is found at another place."""
    return any(
        not overlap(short, other)
        for name in topic.wanted.intersection(finds.full)
        if name != short.list
        for other in finds.full[name]
    )


def _match(
    topic: Topic, found: Mapping[str, Sequence[Evidence]], finds: Finds, layout: Layout
) -> Match | None:
    if topic.id in finds.vetoes or not is_possible(topic.line, found):
        return None
    evidence = support(topic.line, found, layout)
    if not evidence:
        return None
    return Match(topic.id, _in_order(evidence), _telling_sentence(evidence, layout))


def _telling_sentence(evidence: Iterable[Evidence], layout: Layout) -> tuple[Field, int, int]:
    """Return the sentence that shows most of the lists; of several, the first."""
    lists: dict[int, set[str]] = {}
    for one in evidence:
        lists.setdefault(layout.sentence_of(one), set()).add(one.list)
    best = max(sorted(lists), key=lambda number: len(lists[number]))
    return layout.sentences[best]


def _mentions(
    finds: Finds, founds: Iterable[Mapping[str, Sequence[Evidence]]], silent: Collection[str]
) -> tuple[Evidence, ...]:
    """Return all that was found; short names where some topic counts them."""
    full = [one for name, places in finds.full.items() if name not in silent for one in places]
    if not finds.short:
        return _in_order(full)
    short = {
        one
        for found in founds
        for name in finds.short
        for one in found.get(name, ())
        if one.rule is Rule.SHORT
    }
    return _in_order([*full, *short])


def _in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Sort by place; the title comes before the summary."""
    title: list[Evidence] = []
    summary: list[Evidence] = []
    for one in evidence:
        (title if one.field is _TITLE else summary).append(one)
    title.sort(key=_place)
    summary.sort(key=_place)
    return (*title, *summary)


_place = itemgetter(*map(Evidence._fields.index, ("start", "end", "list", "term")))
