"""What can be named in a watchlist: the user's own lists, the pack, and every country of CLDR."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from watcher.config.settings import EntityTable, Settings, WordsTable
from watcher.topics.compiling import make_labels, own_parts, pack_terms
from watcher.topics.countries import countries, english_name, is_written
from watcher.topics.engine import Engine
from watcher.topics.normalise import fold
from watcher.topics.pack import (
    PREFIX,
    Pack,
    PackTerm,
    Part,
    Source,
    find_packs,
    load_pack,
    pack_names,
    packed_names,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entity or word list, as people look it up.

    Attributes:
        use: what to write after `use =`, or `country = "KP"`; a user's own list has its key.
        review: source -> who looked over the terms from there.
    """

    use: str
    kind: str
    label: str
    about: str
    as_of: str | None
    review: Mapping[str, str]
    terms: tuple[PackTerm, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a term of it, sorted."""
        return tuple(sorted({tag for term in self.terms for tag in term.tags}))


def catalogue(settings: Settings | None = None) -> list[Listed]:
    """Return the user's own lists, then those of the pack."""
    own = list(_own(settings)) if settings else []
    return [*own, *(_packed(load_pack(name)) for name in pack_names())]


def find_listed(query: str, settings: Settings | None = None) -> list[Listed]:
    """Return what a key, a name of the pack, a country code or a spelling means; [] if nothing."""
    known = catalogue(settings)
    named = [one for one in known if query in {one.use, one.use.removeprefix(PREFIX)}]
    if named or query in countries():
        return named or [_country(query)]
    return [*_spelled(query, known), *_countries_spelled(query)]


def _own(settings: Settings) -> Iterator[Listed]:
    labels = make_labels(settings)
    for name, entity in settings.entities.items():
        terms = (*_entity_terms(entity), *_used_terms(entity.use))
        yield _listed_own(name, "entity", labels[name], entity.use, terms)
    for name, words in settings.words.items():
        terms = (*_words_terms(words), *_used_terms(words.use))
        yield _listed_own(name, "words", labels[name], words.use, terms)


def _listed_own(
    name: str, kind: str, label: str, use: Sequence[str], terms: tuple[PackTerm, ...]
) -> Listed:
    about = f"in your configuration, uses {', '.join(use)}" if use else "in your configuration"
    return Listed(name, kind, label, about, None, {}, terms)


def _entity_terms(entity: EntityTable) -> Iterator[PackTerm]:
    for part, texts in own_parts(entity):
        yield from (PackTerm(text, part, Source.OWN, ()) for text in texts)
    if entity.country in countries():
        yield from _country_terms(entity.country)
        yield from packed_names(entity.country, entity.use)


def _words_terms(words: WordsTable) -> Iterator[PackTerm]:
    for language, texts in words.languages.items():
        yield from (PackTerm(text, Part.WORDS, Source.OWN, (language,)) for text in texts)
    yield from (PackTerm(text, Part.NOT, Source.OWN, ()) for text in words.not_)


def _used_terms(use: Sequence[str]) -> Iterator[PackTerm]:
    for pack in find_packs(use):
        yield from _packed(pack).terms


def _packed(pack: Pack) -> Listed:
    terms = (*pack.terms, *_country_terms(pack.country))
    return Listed(
        PREFIX + pack.name, pack.kind, pack.label, pack.about, pack.as_of, pack.review, terms
    )


def _country_terms(code: str | None) -> Iterator[PackTerm]:
    for language, names in countries().get(code or "", {}).items():
        for name in names:
            source = Source.WRITTEN if is_written(code or "", language, name) else Source.CLDR
            yield PackTerm(name, Part.NAMES, source, (language,))


def _country(code: str) -> Listed:
    about = "a country; its names in CLDR and in news, and in six languages what is of it"
    terms = tuple(_country_terms(code))
    return Listed(f'country = "{code}"', "place", english_name(code), about, None, {}, terms)


def _spelled(query: str, known: Iterable[Listed]) -> list[Listed]:
    """Return the lists with a term that matching finds to be the whole of a text."""
    of_name = {one.use: one for one in known}
    engine = Engine(
        compiled
        for one in of_name.values()
        for term in one.terms
        if term.part is not Part.NOT
        for compiled in pack_terms(one.use, term)
    )
    length = len(fold(query).key)
    finds = engine.find_in(query, None)
    whole = {one.list for _, one in finds if len(fold(one.text).key) == length}
    return [one for use, one in of_name.items() if use in whole]


def _countries_spelled(query: str) -> Iterator[Listed]:
    """Yield the countries with such a name that the pack does not have."""
    key = fold(query).key
    packed = {load_pack(name).country for name in pack_names()}
    for code, languages in countries().items():
        if code not in packed and any(
            fold(name).key == key for names in languages.values() for name in names
        ):
            yield _country(code)
