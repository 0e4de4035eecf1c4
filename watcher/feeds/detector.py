"""Which encoding a text is in that nobody declares: chardet is asked, and put away again."""

import sys

from watcher.heap import give_back


def detect(sample: bytes) -> str | None:
    """Return chardet's name of the encoding that the bytes are most likely in, if it has one."""
    import chardet  # 27 ms to import, and one document in 160 needs it

    try:
        return chardet.detect(sample)["encoding"]
    finally:
        _put_away()


def _put_away() -> None:
    """Let go of chardet's tables: 25 MB that a parse worker would keep for ever.

    To read them again costs the next such document 55 ms (chardet 7.7; before its 6th release it
    had no such tables).
    """
    tables = sys.modules.get("chardet.models")
    for reader in vars(tables).values() if tables else ():
        if forget := getattr(reader, "cache_clear", None):
            forget()
    give_back()
