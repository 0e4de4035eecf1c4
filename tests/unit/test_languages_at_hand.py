"""What is kept for a language, where a feed says which: any word at all."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from watcher import outlets, stories, topics
from watcher.stories.acts import NO_ACTS, find_acts
from watcher.stories.forms import tells
from watcher.stories.guards import denied, directions
from watcher.stories.written_numbers import is_numeral
from watcher.topics.terms import LANGUAGES_AT_HAND

#: What a declared language is called where it is asked for.
LANGUAGE = {"language", "family", "tag"}


def kept_by_language() -> Iterator[Callable[..., Any]]:
    """Yield all functions of the rooms that know languages whose answers are kept for each."""
    for room in (topics, outlets, stories):
        for one in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            for function in vars(import_module(one.name)).values():
                is_own = getattr(function, "__module__", "") == one.name
                if is_own and hasattr(function, "cache_parameters") and _asks_language(function):
                    yield function


def _asks_language(function: Callable[..., Any]) -> bool:
    return not LANGUAGE.isdisjoint(inspect.signature(function).parameters)


KEPT = list(kept_by_language())


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: str(kept.__name__))
def test_what_is_kept_for_each_declared_language_has_a_bound(kept: Callable[..., Any]) -> None:
    assert kept.cache_parameters()["maxsize"] is not None  # type: ignore[attr-defined]


def test_what_is_kept_for_languages_is_found() -> None:
    assert {"language_family", "_engine", "_patterns"} <= {kept.__name__ for kept in KEPT}


def test_more_languages_than_are_kept_are_answered_alike() -> None:
    for number in range(LANGUAGES_AT_HAND + 44):
        assert find_acts("Premier meets farmers after summit", f"x{number}") == NO_ACTS
        assert tells("farmers", f"x{number}")
        assert is_numeral("6", f"x{number}")
        assert not denied(("no", "talks"), f"x{number}")
        assert not directions(frozenset({"talks"}), f"x{number}")

    assert find_acts("Premier meets farmers", "en").done == {"meet"}
