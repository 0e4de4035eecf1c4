"""The entities and word lists that come with the program: `use = "pack:kim-jong-un"`.

Each is a file of data/pack/. It says where each of its parts comes from and who reviewed it:
`cldr`, `written` (by us, from general knowledge), `seen` (a spelling found in news) or `generated`
(an office's words in data/offices.toml with a country's names). A file is read when it is used.
"""

import string
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from watcher.data_files import read_anew
from watcher.topics.countries import cities, countries, forget_countries, longer_names
from watcher.topics.scripts import UNSPACED, script_of
from watcher.topics.terms import families

#: Before a name in `use`.
PREFIX = "pack:"

#: Country -> what of the pack is the country itself.
COUNTRY_PACKS = {
    "CN": "china",
    "ID": "indonesia",
    "IR": "iran",
    "JP": "japan",
    "KP": "north-korea",
    "KR": "south-korea",
    "RU": "russia",
    "TW": "taiwan",
    "UA": "ukraine",
    "US": "united-states",
}


class Part(StrEnum):
    """What a file's terms are to their list; local names count in their own languages only."""

    NAMES = "names"
    LOCAL = "local"
    ROLES = "roles"
    SHORT = "short"
    NOT = "not"
    WORDS = "words"


class Source(StrEnum):
    """Where a term comes from: a file of the pack, or, listed beside those, the user's own."""

    CLDR = "cldr"
    WRITTEN = "written"
    SEEN = "seen"
    GENERATED = "generated"
    OWN = "yours"


@dataclass(frozen=True, slots=True)
class PackTerm:
    """A term of the pack.

    Attributes:
        text: as a watchlist writes it.
        tags: the languages it belongs to, as the file names them.
    """

    text: str
    part: Part
    source: Source
    tags: tuple[str, ...]

    @property
    def languages(self) -> frozenset[str]:
        """The families of its languages, as matching knows them."""
        return families(*self.tags)


@dataclass(frozen=True, slots=True)
class Pack:
    """An entity or word list of the pack.

    Attributes:
        kind: person, place, body or words.
        about: one clause for people; as_of: the month up to which it is known to be right.
        country: code of the country whose names in CLDR belong to it.
        review: source -> who looked over the terms from there.
    """

    name: str
    label: str
    kind: str
    about: str
    as_of: str | None
    country: str | None
    review: Mapping[str, str]
    terms: tuple[PackTerm, ...]

    @property
    def is_words(self) -> bool:
        """Whether it is a word list; else it is an entity."""
        return self.kind == Part.WORDS


def find_pack(use: str) -> Pack | None:
    """Return what `use` names, such as "pack:kim-jong-un"; None if there is no such thing."""
    known = use.startswith(PREFIX) and use.removeprefix(PREFIX) in pack_names()
    return load_pack(use.removeprefix(PREFIX)) if known else None


def find_packs(use: Iterable[str]) -> list[Pack]:
    """Return what some `use` names, without those that there is no such thing for."""
    return [pack for pack in map(find_pack, use) if pack]


@cache
def pack_names() -> tuple[str, ...]:
    """Return the names of all entities and word lists of the pack, sorted."""
    folder = files("watcher.topics").joinpath("data", "pack")
    return tuple(
        sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.is_file())
    )


@cache
def load_pack(name: str) -> Pack:
    """Read one entity or word list of the pack."""
    table = _table(f"pack/{name}.toml")
    written = tuple(_written(table))
    terms = (*written, *_city(table, {term.text for term in written}), *_generated(table))
    return Pack(
        name=name,
        label=table["label"],
        kind=table["kind"],
        about=table["about"],
        as_of=table.get("as_of"),
        country=table.get("country"),
        review=table["review"],
        terms=tuple(dict.fromkeys(terms)),
    )


def packed_names(country: str | None, use: Collection[str]) -> Iterator[PackTerm]:
    """Yield what the pack's entity of a country calls it, in the languages that call it so.

    Args:
        country: its code, as in ISO 3166-1.
        use: what of the pack is used already; of that nothing is yielded again.
    """
    pack = COUNTRY_PACKS.get(country or "")
    if pack is None or PREFIX + pack in use:
        return
    for one in load_pack(pack).terms:
        if one.part in {Part.NAMES, Part.LOCAL}:
            yield replace(one, part=Part.LOCAL)
        elif one.part is Part.NOT:
            yield one


def forget_packs() -> None:
    """Let go of what was read: ten megabytes that compiling needs, and matching does not."""
    load_pack.cache_clear()
    _table.cache_clear()
    forget_countries()


@cache
def _table(path: str) -> Mapping[str, Any]:
    return read_anew("topics", path)


def _written(table: Mapping[str, Any]) -> Iterator[PackTerm]:
    """Yield the terms that a file holds; a key may name several languages: "de nl" = [...]."""
    for part in Part:
        for source, languages in table.get(part, {}).items():
            for tags, texts in languages.items():
                for text in texts:
                    yield PackTerm(text, part, Source(source), tuple(tags.split()))


def _city(table: Mapping[str, Any], written: Collection[str]) -> Iterator[PackTerm]:
    """Yield what CLDR calls a city, where the file does not: in its language only ("Seul")."""
    for language, names in cities().get(table.get("city", ""), {}).items():
        for name in names:
            if name not in written:
                yield PackTerm(name, Part.LOCAL, Source.CLDR, (language,))


def _generated(table: Mapping[str, Any]) -> Iterator[PackTerm]:
    """Yield the words for the offices held now, or for the body, with the country's names."""
    part = Part.ROLES if table["kind"] == "person" else Part.NAMES
    for office in table.get("offices", ()):
        if "until" in office:
            continue
        templates = _table("offices.toml")[office["office"]]
        country = _table(f"pack/{office['country']}.toml")
        for tags, texts in templates.items():
            for tag in tags.split():
                for text in _filled(texts, _forms(country, tag)):
                    yield PackTerm(text, part, Source.GENERATED, (tag,))
                for text in _filled(texts, _longer_forms(country, tag)):
                    yield PackTerm(text, Part.NOT, Source.GENERATED, (tag,))


def _longer_forms(country: Mapping[str, Any], tag: str) -> Mapping[str, Sequence[str]]:
    """Return the names of other countries that hold this one's: 白俄罗斯总统 is not Putin.

    Where spaces part words, they part those too.
    """
    names = [name for name in _forms(country, tag)["name"] if script_of(name[-1]) in UNSPACED]
    longer = [one.text for one in longer_names(country["country"])]
    return {"name": [other for other in longer if any(name in other for name in names)]}


def _forms(country: Mapping[str, Any], tag: str) -> Mapping[str, Sequence[str]]:
    """Return what may stand for {name}, {of} and {adj} in a language; {of} is {name} by default."""
    names = countries().get(country["country"], {}).get(tag, ())
    forms = {"name": names, **country["forms"].get(tag, {})}
    return {"of": forms["name"], **forms}


def _filled(templates: Sequence[str], forms: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the templates with every choice of forms; those that lack one are left out."""
    for template in templates:
        slots = [slot for _, slot, _, _ in string.Formatter().parse(template) if slot]
        for chosen in product(*(forms.get(slot, ()) for slot in slots)):
            yield template.format(**dict(zip(slots, chosen, strict=True)))
