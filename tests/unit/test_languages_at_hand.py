"""What is kept for a language, where a feed says which."""

from collections.abc import Callable
from typing import Any

import pytest

from watcher.stories import acts, forms, lexicon, vocabulary
from watcher.stories.acts import NO_ACTS, find_acts
from watcher.stories.forms import tells
from watcher.stories.guards import denied, directions
from watcher.stories.numbers import is_numeral
from watcher.topics import terms
from watcher.topics.terms import LANGUAGES_AT_HAND

#: What a feed's language is a key of, or its family.
KEPT = [
    *(acts._grammar, lexicon._engine, lexicon._table),
    *(forms._of_family, terms.language_family),
    *(vocabulary.word_list, vocabulary.table, vocabulary.opposites),
]


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: str(kept.__name__))
def test_any_number_of_declared_languages_is_kept_within_bounds(kept: Callable[..., Any]) -> None:
    for number in range(LANGUAGES_AT_HAND + 44):
        assert find_acts("Premier meets farmers after summit", f"x{number}") == NO_ACTS
        assert tells("farmers", f"x{number}")
        assert is_numeral("6", f"x{number}")
        assert not denied(("no", "talks"), f"x{number}")
        assert not directions(frozenset({"talks"}), f"x{number}")

    assert kept.cache_info().currsize <= 2 * LANGUAGES_AT_HAND  # type: ignore[attr-defined]
    assert find_acts("Premier meets farmers", "en").done == {"meet"}
