"""Who and where a title tells of, in any language: people, bodies, cities and countries.

The names are those of the pack, of CLDR and of `data/cast.toml`, whether or not a watchlist has
them. What two reports of one event in different languages share is little but them, what is done,
and figures.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from watcher.data_files import read_table
from watcher.model import Evidence
from watcher.stories.places import cities, lie_together, seats
from watcher.stories.words import fold, stem, weight, words
from watcher.topics.compiling import country_terms, pack_terms, plain_terms
from watcher.topics.countries import countries, english_name
from watcher.topics.engine import Engine, Find
from watcher.topics.evaluate import covers
from watcher.topics.pack import COUNTRY_PACKS, Pack, load_pack, pack_names
from watcher.topics.shelf import Shelf
from watcher.topics.terms import Kind, ListTerm, Term, language_family
from watcher.topics.wordsets import word_set

#: Names of the lists, as they stand beside those of a watchlist where terms are hidden.
PREFIX: Final = "cast:"
#: Entities of the pack that are turns of phrase for a topic's line, not somebody or somewhere.
_TURNS: Final = word_set(
    "north-korea-and-russia north-korean-weapons russian-far-east ukraine-front"
)
#: Languages whose names of countries are looked for, and whose reports are compared with those of
#: others: those that acts are known in, and large ones. All ninety would take twice the memory.
LANGUAGES: Final = word_set(
    "ar bg bn cs da de el en es fa fi fr he hi hr hu id it ja ko ms nl no pl pt ro ru sk sr sv"
    " th tr uk ur vi zh"
)
#: Whoever is nobody alone, among the names of the data: of packs it is known.
_BODIES: Final = word_set(
    """
    apec apple asean bank-of-japan boeing brics ecb european-union federal-reserve g20 g7 google
    hamas hezbollah houthis huawei icc idf imf islamic-state microsoft nobel nvidia olympics opec
    openai samsung spacex taliban tesla tiktok toyota united-nations who world-cup
    """
)


def find_cast(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> tuple[str, ...]:
    """Return who and where a text tells of, in its order.

    They are names of the pack and of the data, and codes of countries. A short name ("Kim") counts
    beside another of the cast.

    Args:
        text: a headline.
        language: of the text; unknown when None.
        hidden: terms to pass over, as if nobody had written them down.
    """
    names = find_names(text, language, hidden)
    return tuple(dict.fromkeys(one.list.removeprefix(PREFIX) for one in names))


def find_names(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> list[Evidence]:
    """Return where the cast of a text stands in it, in its order."""
    finds = _find(text, language)
    if not finds:
        return []
    if hidden:
        finds = [(kind, one) for kind, one in finds if (one.list, one.term) not in hidden]
    masks = [one for kind, one in finds if kind is Kind.NOT]
    kept = [
        (kind, one) for kind, one in finds if kind is not Kind.NOT and not _is_masked(one, masks)
    ]
    is_alone = len({one.list for _, one in kept}) == 1
    named = [one for kind, one in kept if not (is_alone and kind is Kind.SHORT)]
    return sorted(named, key=lambda one: one.start)


def find_others(
    text: str,
    language: str | None,
    hidden: Collection[ListTerm] = frozenset(),
    *,
    but: frozenset[str],
) -> frozenset[str]:
    """Return who and where a text tells of in other words than those with these stems."""
    finds = _find(text, language)
    known = {one.list for _, one in finds if but.issuperset(map(stem, words(fold(one.text))))}
    told = frozenset(find_cast(text, language, hidden))
    return with_countries(told) - with_countries(
        frozenset(name.removeprefix(PREFIX) for name in known)
    )


def with_countries(cast: frozenset[str]) -> frozenset[str]:
    """Return a cast with the countries whose governments it names by their seats ("Seoul says")."""
    return cast | {seats()[member] for member in cast & seats().keys()}


def have_in_common(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two casts name somebody or somewhere in common, or a place that lies in another."""
    return lie_together(with_countries(ours), with_countries(theirs))


def is_actor(member: str) -> bool:
    """Whether a member does things, and nothing can happen in it: people and bodies."""
    return not (is_country(member) or member in cities())


def is_country(member: str) -> bool:
    """Whether a member is a country, and no smaller place."""
    return member.isupper() or member in COUNTRY_PACKS.values()  # codes of CLDR


def is_person(member: str) -> bool:
    """Whether a member is a person, and no body or place."""
    return _loaded().known[member].is_person


def cast_terms(text: str, language: str | None) -> frozenset[ListTerm]:
    """Return every written name that stands in a text; those of CLDR nobody wrote for a set."""
    finds = _find(text, language)
    return frozenset((one.list, one.term) for kind, one in finds if kind is not Kind.COUNTRY)


def cast_words(
    text: str, language: str | None, hidden: Collection[ListTerm] = frozenset()
) -> Iterator[str]:
    """Yield the words of a text that name somebody or somewhere."""
    for kind, one in _find(text, language):
        if kind is not Kind.NOT and (one.list, one.term) not in hidden:
            yield one.text


def place_words(text: str, language: str | None) -> Iterator[str]:
    """Yield the words of a text that name a place, folded."""
    for kind, one in _find(text, language):
        if kind is not Kind.NOT and not is_actor(one.list.removeprefix(PREFIX)):
            yield from words(fold(one.text))


def telling(member: str) -> float:
    """Return how telling a member is: the weight of its name in English headlines."""
    return _loaded().known[member].telling


def label(member: str) -> str:
    """Return the name that people read for a member: "China" for "CN"."""
    return _loaded().known[member].label


def members() -> frozenset[str]:
    """Return whoever and wherever is known: names of the pack and the data, codes of countries."""
    packed = (pack.name for pack in _packs())
    return frozenset([*packed, *_others(), *countries()])


class Known(NamedTuple):
    """What is asked of a member, as it is when it is read: no pack is opened for that again.

    Attributes:
        label: the name that people read.
        telling: the weight of that in English headlines.
        is_person: whether it is a person, and no body or place.
    """

    label: str
    telling: float
    is_person: bool


class Names(NamedTuple):
    """The names of the cast, compiled.

    Attributes:
        terms: all of them.
        known: each member, and what is asked of it.
    """

    terms: Shelf
    known: Mapping[str, Known]


def compile_names() -> Names:
    """Compile the names: it takes a second, and no other thread gets its turn."""
    return Names(Shelf(_terms()), {member: _known(member) for member in members()})


def is_loaded() -> bool:
    """Whether the names are ready for use."""
    return _loaded.cache_info().currsize > 0


def load_cast(names: Names | None = None) -> None:
    """Make the names ready for use now, and not when the first headline is read.

    Args:
        names: as they were compiled elsewhere; by default they are compiled here.
    """
    if names:
        _GIVEN.append(names)
    _loaded()


def _find(text: str, language: str | None) -> list[Find]:
    family = language_family(language) if language else None
    return _loaded().engine.find_in(text, family)


def _is_masked(name: Evidence, masks: Iterable[Evidence]) -> bool:
    """Whether a name is part of a longer one that is another's: Niger in Nigeria."""
    return any(mask.list == name.list and covers(mask, name) for mask in masks)


class _Loaded(NamedTuple):
    engine: Engine
    known: Mapping[str, Known]


#: What was compiled elsewhere, until it is made ready.
_GIVEN: Final[list[Names]] = []


@cache
def _loaded() -> _Loaded:
    names = _GIVEN.pop() if _GIVEN else compile_names()
    return _Loaded(Engine(names.terms), names.known)


def _known(member: str) -> Known:
    pack = load_pack(member) if member in pack_names() else None
    name = pack.label if pack else _label(member)
    is_person = pack.kind == "person" if pack else is_actor(member) and member not in _BODIES
    return Known(name, max(map(weight, map(stem, fold(name).split()))), is_person)


def _label(member: str) -> str:
    """Return the name of whoever the pack does not have."""
    return _others()[member].partition("|")[0] if member in _others() else english_name(member)


def _terms() -> Iterator[Term]:
    packs = _packs()
    for pack in packs:
        yield from _entity_terms(pack)
    for name, names in _others().items():
        yield from plain_terms(names.split("|"), PREFIX + name, Kind.NAME)
    for code in sorted(countries().keys() - {pack.country for pack in packs}):
        yield from country_terms(PREFIX + code, code, LANGUAGES)


def _packs() -> list[Pack]:
    packs = (load_pack(name) for name in pack_names() if name not in _TURNS)
    return [pack for pack in packs if not pack.is_words]


def _entity_terms(pack: Pack) -> Iterator[Term]:
    for one in pack.terms:
        yield from pack_terms(PREFIX + pack.name, one)
    if pack.country:
        yield from country_terms(PREFIX + pack.name, pack.country, LANGUAGES)


def _others() -> Mapping[str, str]:
    """Return whoever the pack does not have -> names, parted by bars."""
    return read_table("stories", "cast.toml")
