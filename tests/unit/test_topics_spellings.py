"""Whether a name is found as others spell it in the same script."""

import pytest

from watcher.topics.compiling import plain_terms
from watcher.topics.engine import Engine
from watcher.topics.terms import Kind


def found(name: str, title: str) -> bool:
    """Tell whether a name is found in a title of no known language."""
    return bool(Engine(plain_terms((name,), "it", Kind.NAME)).find_in(title, None))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Görlitz", "Siemens-Werk in Goerlitz"),
        ("Görlitz", "Gorlitz plant"),
        ("Köln", "1. FC Koeln"),
        ("Österreich", "Oesterreichs Kanzler"),
        ("Angela Müller", "Angela Mueller"),
        ("नरेन्द्र मोदी", "नरेंद्र मोदी ने कहा"),
        ("नरेंद्र मोदी", "नरेन्द्र मोदी ने कहा"),
        ("मुंबई", "मुम्बई में"),
        ("हिन्दुस्तान", "हिंदुस्तान"),
    ],
)
def test_names_are_found_in_the_other_spelling_of_their_script(name: str, title: str) -> None:
    assert found(name, title)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Gül", "Guel"),
        ("Köln", "Kolner"),
        ("Goethe", "Göthe"),
        ("=Köln", "Koeln"),
        ("मंत्री", "मम्त्री"),
        ("नरेन्द्र", "नरेनद्र"),
    ],
)
def test_other_letters_make_another_name(name: str, title: str) -> None:
    assert not found(name, title)
