"""One term of a watchlist, compiled: how it is written, and which rules admit it at a place."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final, Self, TypeVar, cast

from watcher.model import primary_subtag
from watcher.topics.normalise import fold
from watcher.topics.scripts import UNSPACED, Script, script_of
from watcher.topics.wordsets import word_set

_T = TypeVar("_T")
#: A list and its term, both as the data spells them.
ListTerm = tuple[str, str]
#: What many terms have in common, kept once.
_FIRST: Final[dict[Any, Any]] = {}

#: A feed may declare any word as its language: what is kept for each is kept for so many.
LANGUAGES_AT_HAND: Final = 256

#: Endings of two written languages count as one: word lists of either serve the other.
RELATED_LANGUAGES = {
    "ms": "id",
    "in": "id",
    "hr": "sr",
    "bs": "sr",
    "sh": "sr",
    "cnr": "sr",
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "fil": "tl",
    "yue": "zh",
    "cmn": "zh",
}

#: Names of up to this many letters are written exactly so: "Kim" is not in "Kimberly".
SHORT_NAME = 3

#: From this length on a Latin name counts without its diacritics: "Čong" is too short for that.
BARE_NAME = 5


#: Scripts that write prepositions and the article to the front of a word.
PREFIXING = frozenset({Script.ARABIC, Script.HEBREW})

#: Shorter names keep their last letter: too little would be left of them.
SHORTEST_STEM_NAME = 5

#: Slavic, Baltic and Romanian change a name's last letter rather than add to it.
INFLECTING_LANGUAGES = word_set("pl cs sk sl sr lt lv ro")

#: The last letters that change ...
CHANGING_LETTERS = {Script.CYRILLIC: "аяеоьй", Script.LATIN: "aeosy"}

#: ... and what takes their place.
STEM_ENDINGS = {
    Script.CYRILLIC: word_set(
        """
        ы и е у ю я а о і ї й ой ей ою ею єю ію ією ом ем ём єм ам ям ах ях ами ями ів ій ії ові еві
        """
    ),
    Script.LATIN: word_set(
        """
        y i e ě ę ą u o a ou om em im ie ii ei ij ji ją ję oj ija ije iju ė ės os ų ui oje ai as ā ū
        """
    ),
}


#: A stem, and what may follow it.
Ending = tuple[str, frozenset[str]]


class Kind(StrEnum):
    """What a term is to its list; decides the boundary rules and the rank at one place."""

    NAME = "name"
    COUNTRY = "country"
    ROLE = "role"
    SHORT = "short"
    WORD = "word"
    PHRASE = "phrase"
    NOT = "not"
    NEVER = "never"

    __hash__ = str.__hash__  # that of enumerations is written in Python


#: Kinds that may take a case ending: they name somebody or something.
NAMING = frozenset({Kind.NAME, Kind.COUNTRY, Kind.ROLE, Kind.SHORT, Kind.NOT, Kind.NEVER})


@dataclass(frozen=True, slots=True)
class Manner:
    """How a term may stand: all that its letters do not say. Thousands of terms share one.

    Attributes:
        script: of the last letter, which decides what may follow.
        languages: the only languages that the term counts in; None: everywhere.
        wildcard: any tail may follow.
        cased: the text without "=" must stand there letter by letter.
        article: an Arabic or Hebrew article was taken off the front, and must stand in the text.
        names: it names somebody or something: endings and spellings may vary.
        keeps_diacritics: Latin diacritics must stand as the term has them.
        begins_word: nothing may be written to its front.
        unspaced: its script knows no spaces between words.
        endings: one of these must follow: the key is a stem whose last letter inflection changes.
        sure: it counts only where a text's language is known.
        own: the languages that a country's Latin name is of; None: it is no such name.
        capital: it counts only where it begins with a capital: Polish, not polish.
    """

    kind: Kind
    script: Script
    languages: frozenset[str] | None
    wildcard: bool
    cased: bool
    article: bool
    names: bool
    keeps_diacritics: bool
    begins_word: bool
    unspaced: bool
    endings: frozenset[str] | None = None
    sure: bool = False
    own: frozenset[str] | None = None
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is looked for.

    Attributes:
        list: the entity, word list, quoted phrase or topic it belongs to.
        text: as the watchlist spells it.
        key: what is searched; `exact` the same with its diacritics.
        gaps: where separators part the key.
        rest: of each further part of a name that is declined, its stems and their endings.
    """

    list: str
    text: str
    key: str
    exact: str
    gaps: tuple[int, ...]
    manner: Manner
    rest: tuple[tuple[Ending, ...], ...] = ()

    @property
    def kind(self) -> Kind:
        """What the term is to its list."""
        return self.manner.kind

    @property
    def last_part(self) -> int:
        """Letters after the last separator."""
        return len(self.key) - (self.gaps[-1] if self.gaps else 0)

    def standing(self, **otherwise: Any) -> Self:
        """Return the same term in another manner: `languages=None` has it count everywhere."""
        return replace(self, manner=one_for_all(replace(self.manner, **otherwise)))

    def everywhere_as_written(self) -> Self:
        """Return the same, but elsewhere than in its languages only as it is written, if Latin."""
        own = self.manner.languages if self.manner.script is Script.LATIN else None
        return self.standing(languages=None, own=own)


#: Arabic words shorter than this keep their article: what remains would be too common.
ARTICLE_REST = 3
ARABIC_ARTICLE = "ال"
HEBREW_ARTICLE = "ה"


def compile_term(
    text: str, list_name: str, kind: Kind, languages: frozenset[str] | None = None
) -> Term | None:
    """Compile a term; None when nothing searchable is left of it."""
    cased = is_exact(text)
    wildcard = not cased and text.endswith("*")
    bare = text[1:] if cased else text[:-1] if wildcard else text
    folded = fold(bare.strip())
    exact, key = folded.exact, folded.key
    if not key:
        return None
    gaps = folded.gaps(0, len(key))
    article = _has_article(exact, script_of(key[-1]))
    if article:
        exact, key = exact[2:], key[2:]
        gaps = tuple(gap - 2 for gap in gaps)
    return Term(  # equal spellings are kept once
        list=list_name,
        text=key if text == key else text,
        key=key,
        exact=key if exact == key else exact,
        gaps=one_for_all(gaps),
        manner=_manner(key, kind, languages, wildcard=wildcard, cased=cased, article=article),
    )


def is_exact(text: str) -> bool:
    """Tell whether a term, as it is written, asks for exactly its letters: "=US"."""
    return text.startswith("=") and len(text) > 1


def _manner(
    key: str,
    kind: Kind,
    languages: frozenset[str] | None,
    *,
    wildcard: bool,
    cased: bool,
    article: bool,
) -> Manner:
    names, script = kind in NAMING and not cased, script_of(key[-1])
    return one_for_all(
        Manner(
            kind=kind,
            script=script,
            languages=languages,
            wildcard=wildcard,
            cased=cased,
            article=article,
            names=names,
            keeps_diacritics=not names or len(key) < BARE_NAME,
            begins_word=script_of(key[0]) not in UNSPACED | PREFIXING,
            unspaced=script in UNSPACED,
        )
    )


def compile_stem(term: Term) -> Term | None:
    """Return the stem of a name whose last letter inflection changes: Москва, Москвы, в Москве.

    In Cyrillic any name may have one; in the Latin alphabet those bound to languages that inflect
    so, where the stem counts alone.
    """
    manner = term.manner
    endings = STEM_ENDINGS.get(manner.script)
    changing = term.key[-1] in CHANGING_LETTERS.get(manner.script, "")
    plain = manner.names and manner.kind is not Kind.SHORT
    if endings is None or not changing or not plain or manner.wildcard or manner.cased:
        return None
    languages = manner.languages
    if manner.script is Script.LATIN:
        languages = one_for_all(INFLECTING_LANGUAGES.intersection(languages or ()))
    if term.last_part < SHORTEST_STEM_NAME or (manner.script is Script.LATIN and not languages):
        return None
    key, exact = term.key[:-1], term.exact[:-1]
    stem = one_for_all(replace(manner, languages=languages, endings=endings))
    return replace(term, key=key, exact=key if exact == key else exact, manner=stem)


def without_article(term: Term) -> Term | None:
    """Return a Hebrew name whose article is swallowed by what is written to its front.

    הכנסת ("the Knesset") is in בכנסת ("in the Knesset").
    """
    manner = term.manner
    long_enough = len(term.key) > ARTICLE_REST + 1
    if not (manner.names and manner.script is Script.HEBREW and term.key[0] == HEBREW_ARTICLE):
        return None
    if not long_enough or manner.wildcard or (term.gaps and term.gaps[0] == 1):
        return None
    gaps = one_for_all(tuple(gap - 1 for gap in term.gaps))
    manner = one_for_all(replace(manner, article=True))
    return replace(term, key=term.key[1:], exact=term.exact[1:], gaps=gaps, manner=manner)


def is_as_written(term: Term) -> bool:
    """Tell whether a term is what a watchlist writes, and no stem of it."""
    manner = term.manner
    swallowed = manner.article and manner.script is Script.HEBREW
    return manner.endings is None and not term.rest and not swallowed


def _has_article(exact: str, script: Script) -> bool:
    long_enough = len(exact) >= len(ARABIC_ARTICLE) + ARTICLE_REST
    return script is Script.ARABIC and exact.startswith(ARABIC_ARTICLE) and long_enough


@cache
def families(*tags: str) -> frozenset[str]:
    """Return what languages stand for; one set for all terms that are of the same."""
    return one_for_all(frozenset(map(language_family, tags)))


def one_for_all(some: _T) -> _T:
    """Return the first of its equals; else each of a hundred thousand terms would keep its own."""
    return cast("_T", _FIRST.setdefault(some, some))


@lru_cache(LANGUAGES_AT_HAND)
def language_family(language: str) -> str:
    """Return what stands for a language where word lists are chosen: `zh-TW` is `zh`, `ms` `id`."""
    primary = primary_subtag(language)
    return RELATED_LANGUAGES.get(primary, primary)
