"""Titles all in capitals, where an exact form and an everyday word look the same: WHO, US."""

from collections.abc import Mapping, Sequence

from watcher.model import Field, Rule
from watcher.topics.engine import Find
from watcher.topics.terms import Kind, is_exact

#: Of most short titles in capitals no language is known; most are English.
_PRESUMED = "en"


def heard(
    found: Sequence[Find], language: str | None, everyday: Mapping[str, frozenset[str]]
) -> list[Find]:
    """Return what is found with a title in capitals: its everyday words as short names.

    Args:
        found: what stands there by its letters.
        language: the family of the text's; None for an unknown one.
        everyday: exact terms that are everyday words, in small letters, and their languages.
    """

    def is_doubtful(find: Find) -> bool:
        kind, one = find
        exact = one.field is Field.TITLE and is_exact(one.term)
        counts = kind is not Kind.NOT and kind is not Kind.NEVER
        spoken = everyday.get(one.text.casefold(), frozenset())
        return exact and counts and (language or _PRESUMED) in spoken

    return [
        (Kind.SHORT, find[1]._replace(rule=Rule.SHORT)) if is_doubtful(find) else find
        for find in found
    ]
