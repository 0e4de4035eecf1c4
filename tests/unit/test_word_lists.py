"""The word lists that are shipped: what no reader of them would notice."""

import re
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import watcher
from watcher.stories.vocabulary import without_accents
from watcher.stories.words import fold, words
from watcher.topics.terms import Kind, compile_term, families

ROOT = Path(watcher.__file__).parent
FILES = sorted(
    path
    for path in ROOT.glob("*/data/**/*")
    if path.suffix in {".toml", ".json", ".txt"} and path.is_file()
)
OUTLETS, STORIES, TOPICS = (ROOT / room / "data" for room in ("outlets", "stories", "topics"))
LATIN, CYRILLIC = "A-Za-z\u00c0-\u024f", "\u0400-\u04ff"
#: What is looked for among the words of a title, as `words` parts them.
MARKERS = ("saying", "negation", "future", "order", "joining")
FORMS = ("function_words", "same")
#: Of a line in characters: more of it neither an editor nor a diff shows in one piece.
LONGEST_LINE = 140
MIXED = re.compile(rf"\w*(?:[{LATIN}][{CYRILLIC}]|[{CYRILLIC}][{LATIN}])\w*")


def twice(words: Iterable[Hashable]) -> list[Hashable]:
    return [word for word, times in Counter(words).items() if times > 1]


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def rows(found: object, place: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Yield the lists of a file, with their places."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from rows(value, (*place, key))
    elif isinstance(found, list) and found and isinstance(found[0], dict):
        for number, value in enumerate(found):
            yield from rows(value, (*place, number))
    else:
        yield place, found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_mixes_letters_of_two_alphabets(path: Path) -> None:
    assert MIXED.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("folder", [STORIES, TOPICS], ids=["stories", "topics"])
def test_lists_can_be_read(folder: Path) -> None:
    texts = {path: path.read_text("utf-8") for path in folder.rglob("*.toml")}
    long = {path.name: max(map(len, text.splitlines())) for path, text in texts.items()}
    assert {name: length for name, length in long.items() if length > LONGEST_LINE} == {}


def test_a_word_of_two_alphabets_would_be_seen() -> None:
    mixed = ["ун\u0069ан", "\u0061б"]
    assert MIXED.findall(f"{mixed[0]}, {mixed[1]} и ab") == mixed


def test_no_list_of_the_vocabulary_holds_a_word_twice() -> None:
    found = rows(read(STORIES / "vocabulary.toml"))
    assert {place: double for place, row in found if (double := twice(_plain(row)))} == {}


def _plain(row: str) -> list[str]:
    return without_accents(row).split()


def compared() -> Iterator[tuple[str, str]]:
    """Yield the lists whose words are compared with those of a title, one by one."""
    vocabulary, forms = read(STORIES / "vocabulary.toml"), read(STORIES / "forms.toml")
    yield from ((name, vocabulary["markers"][name]) for name in MARKERS)
    for number, pair in enumerate(vocabulary["opposites"]):
        yield from ((f"opposites {number}: {side}", pair[side]) for side in ("one", "other"))
    for table in FORMS:
        yield from ((f"{table}: {of}", row.replace("|", " ")) for of, row in forms[table].items())


def _is_met(word: str) -> bool:
    """Whether a title may have it for one of its words: "aren't" is two, and "시작돼", too."""
    return words(fold(word)) == [word]


def test_every_word_that_is_compared_one_by_one_can_be_a_word_of_a_title() -> None:
    missed = {
        place: [word for word in _plain(row) if not _is_met(word)] for place, row in compared()
    }
    assert {place: unmet for place, unmet in missed.items() if unmet} == {}


@pytest.mark.parametrize("word", ["aren't", "시작돼", "schließt"])
def test_a_word_that_no_title_has_would_be_seen(word: str) -> None:
    assert not _is_met(word)


def test_no_list_of_qualifiers_holds_a_term_twice() -> None:
    found = rows(read(STORIES / "qualifiers.toml"))
    assert {place: double for place, row in found if (double := twice(fold(row).split("|")))} == {}


def test_no_list_of_attributions_holds_what_another_phrase_of_it_finds() -> None:
    found = rows(read(OUTLETS / "attribution.toml"))
    lists = ((place, row) for place, row in found if isinstance(row, list))
    assert {place: double for place, row in lists if (double := _covered(row))} == {}


def _covered(row: list[str]) -> list[Hashable]:
    """Return the phrases that stand there twice, or that one with a star finds as well."""
    stems = [phrase.removesuffix("*") for phrase in row if phrase.endswith("*")]
    covered = [
        phrase
        for phrase in row
        if any(phrase.startswith(stem) and phrase != f"{stem}*" for stem in stems)
    ]
    return [*twice(row), *covered]


@pytest.mark.parametrize("path", sorted((STORIES / "acts").iterdir()), ids=lambda path: path.stem)
def test_no_act_holds_a_term_that_is_searched_like_another_of_it(path: Path) -> None:
    acts = {act: row for act, row in read(path).items() if isinstance(row, str)}
    found = {act: twice(_searched(row, path.stem)) for act, row in acts.items()}
    assert {act: double for act, double in found.items() if double} == {}


def _searched(row: str, language: str) -> Iterator[Hashable]:
    for text in row.split("|"):
        if term := compile_term(text, "", Kind.WORD, families(language)):
            yield term.key, term.exact, term.gaps, term.manner


def test_no_quiet_word_counts_or_dates_an_event() -> None:
    quiet = tomllib.loads((STORIES / "quiet.toml").read_text())["quiet"]
    telling = {
        "de": "november heute gestern drei zweite",
        "es": "noviembre hoy ayer mañana tres",
        "fr": "novembre hier demain trois",
        "hu": "november ma tegnap három",
        "ru": "ноября сегодня вчера три",
        "tr": "kasım ocak bugün dün üç on",
        "ar": "نوفمبر اليوم أمس ثلاثة العام آخر",
        "hi": "नवंबर आज कल तीन कर",
    }
    assert {
        language: set(quiet[language].split()) & set(dates.split())
        for language, dates in telling.items()
    } == {language: set() for language in telling}
