"""How counts and lists are worded, in messages and commands alike."""

from collections.abc import Sequence


def plural(count: int, word: str, words: str | None = None) -> str:
    """Return "1 story", "2 stories"."""
    return f"{count} {word if count == 1 else words or word + 's'}"


def some_of(names: Sequence[str], most: int) -> str:
    """Return "a, b and 3 more": so many of some names at most, and how many are left."""
    shown, more = ", ".join(names[:most]), len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown
