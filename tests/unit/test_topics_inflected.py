"""Whether the names of the example are known in the cases and plurals of each language."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from watcher.config import Settings
from watcher.model import Entry
from watcher.topics.watchlist import Watchlist

PROJECT = Path(__file__).resolve().parents[2]
SEEN = datetime(2026, 1, 1, tzinfo=UTC)

#: Language -> entity of config.example.toml -> forms.
FORMS: dict[str, dict[str, str]] = tomllib.loads(
    (PROJECT / "tests" / "data" / "topics" / "inflected.toml").read_text(encoding="utf-8")
)

#: Language -> word list of config.example.toml -> forms, mostly of verbs.
VERBS: dict[str, dict[str, str]] = tomllib.loads(
    (PROJECT / "tests" / "data" / "topics" / "verbs.toml").read_text(encoding="utf-8")
)

#: Short names count beside another list only; each form is read beside one of these.
COMPANY = {"north_korea": "Putin", "russia": "Putin", "putin": "Kim Jong Un", "kim": "Putin"}


@cache
def example() -> Watchlist:
    config = tomllib.loads((PROJECT / "config.example.toml").read_text(encoding="utf-8"))
    return Watchlist(Settings.model_validate(config))


def is_found(form: str, entity: str, language: str) -> bool:
    entry = Entry("1", f"{form} – {COMPANY.get(entity, 'Kim Putin')}", SEEN, language=language)
    findings = example().explain(entry)
    found = [one for finding in findings for one in finding.found]
    return any(one.list == entity and one.start < len(form) for one in found)


@pytest.mark.parametrize("language", FORMS)
def test_every_form_of_a_name_is_found(language: str) -> None:
    assert not [
        (entity, form)
        for entity, forms in FORMS[language].items()
        for form in forms.split("|")
        if not is_found(form, entity, language)
    ]


@pytest.mark.parametrize("language", VERBS)
def test_every_form_of_a_verb_is_found(language: str) -> None:
    assert not [
        (words, form)
        for words, forms in VERBS[language].items()
        for form in forms.split("|")
        if not is_found(form, words, language)
    ]


@pytest.mark.parametrize(
    ("form", "language"),
    [("Pjongjangism", "en"), ("Pjöngjangismus", "de"), ("Koreagate", "en"), ("Kimono", "en")],
)
def test_words_made_from_a_name_are_not_its_forms(form: str, language: str) -> None:
    assert not is_found(form, "north_korea", language)
    assert not is_found(form, "kim", language)
