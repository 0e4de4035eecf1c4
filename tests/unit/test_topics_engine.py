"""The quick ways through the engine admit what the rules of borders admit, and nothing else."""

import gc
import weakref
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry, Field
from watcher.topics.boundaries import admit
from watcher.topics.declension import declined
from watcher.topics.engine import Engine
from watcher.topics.normalise import FIELD_BORDER, fold
from watcher.topics.terms import Kind, Term, compile_stem, compile_term, without_article

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
INDONESIAN, RUSSIAN = frozenset({"id"}), frozenset({"ru"})

#: Spellings that take every way there is: spaced and unspaced scripts, with diacritics, parts,
#: wildcards, exact case, an Arabic article, one letter, a script that begins as another.
SPELLINGS = (
    "Kim",
    "Kim Jong-un",
    "Čong",
    "Putin",
    "senjata",
    "senjat*",
    "=US",
    "оружие",
    "оруж*",
    "Москва",
    "Ким",
    "金",
    "金正恩",
    "キム",
    "ロシア",
    "김정은",
    "الكرملين",
    "قمة",
    "פוטין",
    "K팝",
    "G7",
    "Sao",
    "São",
)

#: What makes of a spelling something else, or does not.
AROUND = (
    "",
    " ",
    "-",
    ". ",
    "«",
    "a",
    "em",
    "nya",
    "s",
    "ом",
    "ы",
    "и",
    "и ",
    "の",
    "와",
    "و",
    "ה",
)

TERMS = tuple(
    term
    for number, text in enumerate(SPELLINGS)
    for kind, languages in (
        (Kind.NAME, None),
        (Kind.WORD, INDONESIAN),
        (Kind.WORD, RUSSIAN),
        (Kind.SHORT, None),
        (Kind.NOT, None),
    )
    if (term := compile_term(text, f"list{number}", kind, languages))
)
STEMS = tuple(stem for term in TERMS if (stem := compile_stem(term)))
DECLINED = tuple(one for term in TERMS for one in declined(term))
SWALLOWED = tuple(one for term in TERMS if (one := without_article(term)))
ALL = (*TERMS, *STEMS, *DECLINED, *SWALLOWED)
ENGINE = Engine(ALL)

texts = st.lists(
    st.sampled_from(SPELLINGS) | st.sampled_from(AROUND) | st.text(max_size=2), max_size=12
).map("".join)


def admitted(term: Term, text: str, language: str | None) -> set[tuple[object, ...]]:
    """Return what the rules say of every place where the key of a term stands."""
    folded = fold(text)
    found: set[tuple[object, ...]] = set()
    if not (term.manner.languages is None or language is None or language in term.manner.languages):
        return set()
    first = folded.key.find(term.key)
    while first >= 0:
        place = admit(term, folded, first, first + len(term.key), language)
        if place:
            span = folded.span(place.first, place.last)
            found.add((term.kind, term.list, term.text, *span, place.rule))
        first = folded.key.find(term.key, first + 1)
    return found


@given(texts, texts, st.sampled_from([None, "id", "ru", "en"]))
def test_the_engine_finds_what_the_rules_admit(
    title: str, summary: str, language: str | None
) -> None:
    finds = ENGINE.find(Entry("1", title, SEEN, summary), language)

    after = {Field.TITLE: 0, Field.SUMMARY: len(title) + len(FIELD_BORDER)}
    found = {
        (
            kind,
            one.list,
            one.term,
            one.start + after[one.field],
            one.end + after[one.field],
            one.rule,
        )
        for kind, one in finds
    }
    text = f"{title}{FIELD_BORDER}{summary}"
    assert found == set[object]().union(*(admitted(term, text, language) for term in ALL))


def test_an_engine_goes_with_the_watchlist_that_held_it() -> None:
    gc.disable()  # the daemon looks for garbage seldom, and never through what it was begun with
    try:
        engine = Engine(TERMS)
        engine.find_in("Kim", None)
        gone = weakref.ref(engine)
        del engine

        assert gone() is None
    finally:
        gc.enable()
