"""What is said of values that a key does not take: in our own words, and so that it helps."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from watcher.config.explain import explain, keys_at
from watcher.config.redact import TABLES
from watcher.config.scan import KeyPath
from watcher.config.settings import Settings

ODD: list[Any] = [1, 1.5, True, "", " ", "x", [], [1], [[]], [{}], {}, {"a": 1}, date(2026, 1, 1)]


def complaints(path: KeyPath, value: object) -> list[str]:
    """Return what is said of a configuration that holds a value at a path, and nothing else."""
    for part in reversed(path):
        value = [value] if part == 0 else {part or "some": value}
    try:
        Settings.model_validate(value)
    except ValidationError as error:
        return [problem.message for problem in explain(error)]
    return []


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_whatever_stands_at_a_key_is_explained_in_our_own_words(table: KeyPath) -> None:
    said = [
        text for key in keys_at(table) for odd in ODD for text in complaints((*table, key), odd)
    ]

    assert said
    assert not [text for text in said if "is wrong: " in text]


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        (("feeds",), "`feeds` must be a list of tables, write [[feeds]], got a table"),
        (("topics",), "`topics` must be a list of tables, write [[topics]], got a table"),
        (("include",), '`include` must be a list like ["..."], got a table'),
        (("feeds", 0, "tags"), '`tags` must be a list like ["..."], got a table'),
        (("topics", 0, "never"), '`never` must be a list like ["..."], got a table'),
    ],
)
def test_the_advice_for_a_table_where_a_list_belongs_can_be_followed(
    path: KeyPath, advice: str
) -> None:
    assert advice in complaints(path, {"a": "b"})


def test_a_file_without_a_name_is_refused_as_such() -> None:
    path = ("channels", "", "email", "ca_file")

    assert "`ca_file` must not be empty" in complaints(path, "")
    assert "`ca_file` must be a string in quotes, got the number 1" in complaints(path, 1)
