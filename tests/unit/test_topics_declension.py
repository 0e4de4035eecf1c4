"""Whether a name written in the nominative is found in its cases, language by language."""

import pytest

from watcher.config.settings import EntityTable
from watcher.topics.compiling import entity_terms, plain_terms
from watcher.topics.engine import Engine
from watcher.topics.terms import Kind


def found(name: str, title: str, language: str | None) -> bool:
    """Tell whether a name, written as one's own, is found in a title."""
    terms = plain_terms((name,), "it", Kind.NAME)
    return bool(Engine(terms).find_in(title, language))


def not_found(name: str, language: str, forms: str) -> list[str]:
    """Return the forms, parted by bars, in which a name is not found."""
    return [form for form in forms.split("|") if not found(name, form, language)]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Europäische Union", "in der Europäischen Union|Europäischer Union droht Streit"),
        ("Vereinte Nationen", "bei den Vereinten Nationen|Hilfe Vereinter Nationen"),
        ("Rotes Kreuz", "beim Roten Kreuz|das Rote Kreuz|des Roten Kreuzes|Rotem Kreuz"),
        ("Deutsche Bahn", "bei der Deutschen Bahn|Deutscher Bahn"),
        ("Bayerischer Rundfunk", "der Bayerische Rundfunk|des Bayerischen Rundfunks"),
        ("Deutsches Rotes Kreuz", "beim Deutschen Roten Kreuz"),
        ("Vereinigte Arabische Emirate", "aus den Vereinigten Arabischen Emiraten"),
    ],
)
def test_german_adjectives_of_a_name_take_their_endings(name: str, forms: str) -> None:
    assert not not_found(name, "de", forms)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Europäische Union", "Europäischen Union", "nl"),
        ("Rotes Kreuz", "Rot Kreuz", "de"),
        ("Grüne Jugend", "die Grünen: Jugend stirbt", "de"),
        ("Bremen", "Breme", "de"),
        ("Deutsche Bahn", "deutschlandweite Bahn", "de"),
    ],
)
def test_other_words_are_no_german_cases(name: str, title: str, language: str) -> None:
    assert not found(name, title, language)
