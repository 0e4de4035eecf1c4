"""Lone surrogates, halves of a character: JSON and command lines can hold them, UTF-8 cannot."""


def encodable(text: str) -> str:
    """Return text that UTF-8 can hold: a lone surrogate becomes "?", every place stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text
