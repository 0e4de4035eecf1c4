"""A wrong code of a language is told: its list would never count as meant."""

import pytest

from watcher.config import Settings
from watcher.config.languages import LANGUAGE_OF_COUNTRY, LANGUAGE_OF_SHARED_CODE, TWO_LETTERS
from watcher.topics.lint import lint
from watcher.topics.lint_codes import lint_codes


def told(words: dict[str, list[str]], *feeds: str) -> dict[tuple[str | int, ...], str]:
    tables = {
        "words": {"arms": words},
        "feeds": [{"url": f"https://{n}.example/", "lang": lang} for n, lang in enumerate(feeds)],
    }
    problems = lint_codes(Settings.model_validate(tables))
    return {problem.path: problem.message for problem in problems if problem.warning}


LIST, FEED = ("words", "arms"), ("feeds", 0, "lang")


@pytest.mark.parametrize(
    ("tag", "words", "meant"),
    [
        ("se", ["vapen"], "sv"),
        ("ee", ["relv"], "et"),
        ("br", ["armas"], "pt"),
        ("tw", ["武器"], "zh"),
        ("kr", ["무기"], "ko"),
        ("ch-DE", ["Waffen"], "de"),
    ],
)
def test_a_code_of_a_country_that_is_a_rare_language_is_told_everywhere(
    tag: str, words: list[str], meant: str
) -> None:
    why = f'Watcher has no words in "{tag}", which is a country too; did you mean "{meant}"?'

    assert told({tag: words}, tag) == {(*LIST, tag): why, FEED: why}


@pytest.mark.parametrize(
    ("tag", "words", "meant"),
    [
        ("si", ["orožje"], "sl"),
        ("my", ["senjata", "peluru"], "ms"),
        ("ba", ["oružje"], "bs"),
        ("be", ["wapen*"], "nl"),
    ],
)
def test_a_list_of_latin_words_in_a_language_of_other_letters_is_told(
    tag: str, words: list[str], meant: str
) -> None:
    assert told({tag: words}) == {
        (*LIST, tag): f'no word is in letters that "{tag}" writes; did you mean "{meant}"?'
    }


def test_a_code_that_says_nothing_to_the_program_is_told_unless_lists_and_feeds_agree() -> None:
    unmet = 'Watcher does not recognise "any", and no feed has `lang = "any"`: the words count only'

    assert told({"any": ["arms"]})[(*LIST, "any")].startswith(unmet)
    assert told({"en": ["arms"]}, "any") == {
        FEED: 'Watcher does not recognise "any", and no word list has words in it'
    }
    assert told({"fo": ["vápn"]}, "fo") == {}


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("ko", ["THAAD"]),
        ("ko", ["무기", "thaad"]),
        ("ja", ["=iphone"]),
        ("zh-TW", ["武器"]),
        ("hr", ["oružje"]),
        ("nb", ["våpen"]),
        ("my", ["လက်နက်"]),
        ("si", ["ආයුධ"]),
        ("in", ["senjata"]),
        ("fil", ["bala"]),
        ("cy", ["arfau"]),
    ],
)
def test_codes_that_the_program_knows_are_not_told(tag: str, words: list[str]) -> None:
    assert told({tag: words}, tag) == {}


def test_check_tells_of_a_wrong_code() -> None:
    settings = Settings.model_validate({"words": {"arms": {"se": ["vapen"]}}})

    assert any('did you mean "sv"?' in problem.message for problem in lint(settings))


def test_what_is_meant_is_a_language_and_its_code_no_other_country_s_alone() -> None:
    meant = {*LANGUAGE_OF_COUNTRY.values(), *LANGUAGE_OF_SHARED_CODE.values()}

    assert meant <= TWO_LETTERS
    assert LANGUAGE_OF_COUNTRY.keys().isdisjoint(TWO_LETTERS)
    assert LANGUAGE_OF_SHARED_CODE.keys() <= TWO_LETTERS
