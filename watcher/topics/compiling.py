"""From the configuration's entities, word lists and topics to terms."""

from collections.abc import Iterable, Iterator, Sequence

from watcher.config.settings import EntityTable, Settings, WordsTable
from watcher.topics.adjectives import country_adjectives
from watcher.topics.countries import (
    CountryName,
    countries,
    country_names,
    english_name,
    is_doubtful_word,
    longer_names,
)
from watcher.topics.declension import declined
from watcher.topics.han import other_writings
from watcher.topics.pack import PackTerm, Part, find_packs, packed_names
from watcher.topics.query import MatchLineError, Node, Phrase, leaves, names_among, parse_match
from watcher.topics.scripts import Script
from watcher.topics.spellings import other_spellings
from watcher.topics.terms import Kind, Term, compile_stem, compile_term, families, without_article

#: What the parts of a list are to the matcher.
KINDS = {
    Part.NAMES: Kind.NAME,
    Part.LOCAL: Kind.COUNTRY,
    Part.SHORT: Kind.SHORT,
    Part.ROLES: Kind.ROLE,
    Part.NOT: Kind.NOT,
    Part.WORDS: Kind.WORD,
}

#: Those that count in their own languages only.
BOUND_PARTS = frozenset({Part.LOCAL, Part.WORDS})


def compile_terms(settings: Settings, lines: "dict[str, Node]") -> Iterator[Term]:
    """Yield every term of the entities, word lists, quoted phrases and vetoes."""
    for name, entity in settings.entities.items():
        yield from entity_terms(name, entity)
    for name, words in settings.words.items():
        yield from words_terms(name, words)
    for topic in settings.topics:
        yield from plain_terms(topic.never, topic.id, Kind.NEVER)
    for phrase in sorted(_phrases(lines)):
        yield from plain_terms((phrase,), f'"{phrase}"', Kind.PHRASE)


def entity_terms(name: str, entity: EntityTable) -> Iterator[Term]:
    """Yield the terms of one entity, its country's names in every language included."""
    for part, texts in own_parts(entity):
        yield from plain_terms(texts, name, KINDS[part])
    yield from _used_terms(name, entity.use)
    codes = (entity.country, *(pack.country for pack in find_packs(entity.use)))
    for code in dict.fromkeys(filter(None, codes)):
        yield from country_terms(name, code)
        yield from country_adjectives(name, code)
    for one in packed_names(entity.country, entity.use):
        yield from pack_terms(name, one)


def own_parts(entity: EntityTable) -> tuple[tuple[Part, Sequence[str]], ...]:
    """Return what a user wrote of an entity, by what it is to the list."""
    return (
        (Part.NAMES, entity.names),
        (Part.ROLES, entity.roles),
        (Part.SHORT, entity.short),
        (Part.NOT, entity.not_),
    )


def words_terms(name: str, words: WordsTable | None) -> Iterator[Term]:
    """Yield the terms of one word list; none if it does not exist."""
    if words is None:
        return
    for language, texts in words.languages.items():
        yield from plain_terms(texts, name, Kind.WORD, families(language))
    yield from plain_terms(words.not_, name, Kind.NOT)
    yield from _used_terms(name, words.use)


def _used_terms(name: str, use: tuple[str, ...]) -> Iterator[Term]:
    """Yield the terms that come with the program; of an unknown name none, `lint` tells."""
    for pack in find_packs(use):
        for one in pack.terms:
            yield from pack_terms(name, one)


def pack_terms(name: str, one: PackTerm) -> Iterator[Term]:
    """Yield a term of the pack, and its stem where its languages inflect so.

    Local names (adjectives: "российск*"; everyday words elsewhere: "Seul") and words count in
    their languages only, everything else everywhere.
    """
    kind = KINDS[one.part]
    bound = compile_term(one.text, name, kind, one.languages)
    if bound is None:
        return
    everywhere = one.part not in BOUND_PARTS
    if one.part is Part.LOCAL and is_doubtful_word(one.text):
        bound = bound.standing(sure=True, capital=True)
    yield bound.standing(languages=None) if everywhere else bound
    stem = compile_stem(bound)
    if stem is not None and (everywhere or stem.manner.script is not Script.CYRILLIC):
        yield _known_by_script(stem)


def country_terms(name: str, code: str, languages: frozenset[str] | None = None) -> Iterator[Term]:
    """Yield a country's names, and those of others that hold one of them as what it is not.

    Args:
        name: the list that they belong to.
        code: of the country, as in ISO 3166-1.
        languages: families of which names are wanted; None means all.
    """
    for one in country_names(code, languages):
        yield from _country_name_terms(name, one)
    for one in longer_names(code):
        other = compile_term(one.text, name, Kind.NOT, one.languages or None)
        if other is not None:
            yield other.standing(languages=None)
            yield from map(_known_by_script, _inflected(other))


def _country_name_terms(name: str, one: CountryName) -> Iterator[Term]:
    bound = compile_term(one.text, name, Kind.COUNTRY, one.languages)
    if bound is None:
        return
    if one.is_marked:
        bound = bound.standing(keeps_diacritics=True)
    if one.has_capital:
        bound = bound.standing(capital=True)
    if one.is_doubtful:
        bound = bound.standing(sure=True)
    yield bound.everywhere_as_written() if one.everywhere else bound
    # Where the language is not known, cases of such a name are words: Grenade, in Polish.
    case = bound.standing(sure=True) if one.has_capital else bound
    yield from map(_known_by_script, (*_inflected(case), *other_spellings(bound)))


def _known_by_script(stem: Term) -> Term:
    """Return a stem that counts in every language, if its script is Cyrillic."""
    return stem.standing(languages=None) if stem.manner.script is Script.CYRILLIC else stem


def parse_lines(settings: Settings) -> "dict[str, Node]":
    """Return topic id -> match line, of those that can be read; `lint` tells of the others."""
    lines: dict[str, Node] = {}
    for topic in settings.topics:
        try:
            lines[topic.id] = parse_match(topic.match)
        except MatchLineError:
            continue
    return lines


def plain_terms(
    texts: Iterable[str], name: str, kind: Kind, languages: frozenset[str] | None = None
) -> Iterator[Term]:
    """Yield the terms of texts as a watchlist writes them, and the stems of names."""
    for text in dict.fromkeys(texts):
        term = compile_term(text, name, kind, languages)
        if term is not None:
            yield term
            yield from (*_inflected(term), *other_writings(term), *other_spellings(term))


def _inflected(term: Term) -> Iterator[Term]:
    """Yield what else a name is looked for by, each once."""
    forms = [*filter(None, (compile_stem(term), without_article(term))), *declined(term)]
    yield from {(one.key, one.manner.languages): one for one in forms}.values()


def _phrases(lines: "dict[str, Node]") -> set[str]:
    return {
        leaf.text for line in lines.values() for leaf in leaves(line) if isinstance(leaf, Phrase)
    }


def lists_of(line: str) -> frozenset[str]:
    """Return the names of the entities and word lists of a match line; none if it is unreadable."""
    try:
        return frozenset(names_among(leaves(parse_match(line))))
    except MatchLineError:
        return frozenset()


def definition(settings: Settings, name: str) -> str:
    """Return all that an entity or word list is looked for by, for telling a changed one."""
    entity, words = settings.entities.get(name), settings.words.get(name)
    own: tuple[object, ...] = ()
    use: tuple[str, ...] = ()
    if entity:
        own = (entity.names, entity.short, entity.roles, entity.not_, entity.country)
        use = entity.use
    elif words:
        own, use = tuple(sorted(words.languages.items())), words.use
        if words.not_:
            own = (*own, words.not_)
    terms = [
        (pack.country, [(str(one.part), one.text, one.tags) for one in pack.terms])
        for pack in find_packs(use)
    ]
    return repr((own, terms))


def make_labels(settings: Settings) -> dict[str, str]:
    """Return list name -> what people call it: "kim" -> "Kim Jong Un"."""
    labels = {name: name.replace("_", " ") for name in settings.words}
    for name, entity in settings.entities.items():
        labels[name] = entity.label or _first_name(entity) or name.replace("_", " ")
    return labels


def _first_name(entity: EntityTable) -> str | None:
    if packs := find_packs(entity.use):
        return packs[0].label
    if entity.country and entity.country in countries():
        return english_name(entity.country)
    return entity.names[0].rstrip("*").lstrip("=") if entity.names else None
