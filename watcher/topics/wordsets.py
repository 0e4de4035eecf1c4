"""Lists of words kept as readable lines."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text; tables of endings and abbreviations read best so."""
    return frozenset(text.split())
