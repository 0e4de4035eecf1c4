"""What comes with the program: every file of the pack, and what it finds."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from watchlists import found

from watcher.config import Settings
from watcher.topics.catalogue import catalogue, find_listed
from watcher.topics.countries import countries
from watcher.topics.language import COMMON_WORDS
from watcher.topics.lint import lint
from watcher.topics.normalise import normalise
from watcher.topics.pack import Pack, Part, Source, find_pack, load_pack, pack_names
from watcher.topics.terms import Kind, compile_term, language_family
from watcher.topics.watchlist import Watchlist

SEEN = datetime(2026, 1, 1, tzinfo=UTC)

PACKS = [pytest.param(load_pack(name), id=name) for name in pack_names()]
WORD_LISTS = [one for one in PACKS if load_pack(str(one.id)).is_words]
ENTITIES = [one for one in PACKS if not load_pack(str(one.id)).is_words]

#: A character that stands for a country or a person in headlines; it counts standing alone.
ONE_CHARACTER = {"北", "露", "美", "金", "북", "러"}

#: One word for two countries exists where headlines are written in characters.
OF_FEW_LANGUAGES = {"north-korea-and-russia"}


def languages(pack: Pack, *parts: Part) -> set[str]:
    found = {tag for term in pack.terms if term.part in parts for tag in term.tags}
    return found | set(countries().get(pack.country or "", {}))


@pytest.mark.parametrize("pack", PACKS)
def test_every_term_can_be_looked_for_and_stands_once(pack: Pack) -> None:
    terms = Counter((term.part, term.text, term.source, term.tags) for term in pack.terms)

    assert terms
    assert max(terms.values()) == 1
    assert all(compile_term(term.text, "", Kind.NAME) for term in pack.terms)
    assert not [term.text for term in pack.terms if "*" in term.text[:-1]]


@pytest.mark.parametrize("pack", PACKS)
def test_no_term_is_one_letter_or_an_everyday_word(pack: Pack) -> None:
    for term in pack.terms:
        word = normalise(term.text.lstrip("=").rstrip("*"))
        assert len(word) > 1 or term.text in ONE_CHARACTER
        common = {w for tag in term.tags for w in COMMON_WORDS.get(language_family(tag), ())}
        assert word not in common, term


@pytest.mark.parametrize("pack", PACKS)
def test_every_term_has_a_source_and_every_source_a_review(pack: Pack) -> None:
    assert pack.about
    assert {str(term.source) for term in pack.terms} <= set(pack.review)


@pytest.mark.parametrize("pack", ENTITIES)
def test_an_entity_has_names_in_thirty_languages(pack: Pack) -> None:
    least = 1 if pack.name in OF_FEW_LANGUAGES else 30

    assert len(languages(pack, Part.NAMES, Part.LOCAL)) >= least


@pytest.mark.parametrize("pack", WORD_LISTS)
def test_a_word_list_has_words_in_twenty_languages(pack: Pack) -> None:
    assert len(languages(pack, Part.WORDS)) >= 20


@pytest.mark.parametrize("pack", [one for one in ENTITIES if load_pack(str(one.id)).as_of])
def test_people_and_offices_say_when_they_were_right(pack: Pack) -> None:
    assert datetime.strptime(pack.as_of or "", "%Y-%m").replace(tzinfo=UTC) < SEEN


def test_the_pack_passes_the_checks_of_a_watchlist() -> None:
    uses = {name: [f"pack:{name}"] for name in pack_names()}
    words = {name.replace("-", "_") for name in uses if load_pack(name).is_words}
    settings = Settings.model_validate(
        {
            "entities": {
                key: {
                    "names": [t.text for t in load_pack(name).terms if t.part is Part.NAMES],
                }
                for name in uses
                if (key := name.replace("-", "_")) not in words
            },
            "words": {
                key: {
                    tag: [term.text for term in load_pack(name).terms if tag in term.tags]
                    for tag in {tag for term in load_pack(name).terms for tag in term.tags}
                }
                for name in uses
                if (key := name.replace("-", "_")) in words
            },
        }
    )

    allowed = ("is a name of", "has no names", '"Россия"', '"Москва"', '"Amerika"')
    assert not [
        problem for problem in lint(settings) if not any(one in problem.message for one in allowed)
    ]


def test_own_names_and_words_add_to_those_of_the_pack() -> None:
    settings = Settings.model_validate(
        {
            "entities": {"kim": {"use": "pack:kim-jong-un", "names": ["Rocket Man"]}},
            "words": {"act": {"use": ["pack:meeting"], "en": ["banquet"]}},
            "topics": [{"id": "t", "match": "kim AND act"}],
        }
    )
    one = Watchlist(settings)

    assert found(one, "Rocket Man at a banquet", "en") == {"t"}
    assert found(one, "김정은 회동", "ko") == {"t"}
    assert one.labels["kim"] == "Kim Jong Un"


def test_what_a_word_list_is_not_holds_in_every_language() -> None:
    words = {"arms": {"not": ["arms race"], "en": ["arms"], "id": ["arms"]}}
    topics = [{"id": "t", "match": "arms"}]
    one = Watchlist(Settings.model_validate({"words": words, "topics": topics}))

    assert found(one, "An arms depot", "en") == {"t"}
    assert not found(one, "Another arms race", "en")
    assert not found(one, "Arms race lagi", "id")


def test_what_the_pack_does_not_have_is_a_problem_with_a_suggestion() -> None:
    settings = Settings.model_validate({"entities": {"p": {"use": "pack:puttin"}}})
    (problem,) = lint(settings)

    assert problem.path == ("entities", "p", "use", 0)
    assert problem.message == 'the pack has no "pack:puttin"; did you mean "pack:putin"?'
    assert find_pack("putin") is None


@pytest.mark.parametrize(
    ("query", "use"),
    [
        pytest.param("pack:putin", "pack:putin", id="name"),
        pytest.param("putin", "pack:putin", id="name without pack"),
        pytest.param("Ким Чен Ын", "pack:kim-jong-un", id="spelling"),
        pytest.param("Kim Jongun", "pack:kim-jong-un", id="separators"),
        pytest.param("Путиным", "pack:putin", id="case ending"),
        pytest.param("FR", 'country = "FR"', id="country code"),
        pytest.param("Frankrijk", 'country = "FR"', id="country"),
        pytest.param("북한", "pack:north-korea", id="country of the pack"),
    ],
)
def test_a_list_is_found_by_key_code_or_spelling(query: str, use: str) -> None:
    assert use in [one.use for one in find_listed(query)]


def test_own_lists_come_first_with_what_they_use() -> None:
    settings = Settings.model_validate(
        {"entities": {"me": {"use": "pack:jakarta", "names": ["Big Durian"]}}}
    )
    first, *rest = catalogue(settings)

    assert (first.use, first.kind) == ("me", "entity")
    assert {term.source for term in first.terms} >= {Source.OWN, Source.WRITTEN}
    assert len(rest) == len(pack_names())
    assert [one.use for one in find_listed("Big Durian", settings)] == ["me"]
