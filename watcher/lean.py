"""Importing a library without what it would bring along and we have no use for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Import in this block as if some packages were not installed, that are only used if they are.

    What is imported stays for ever: structlog and httpx would bring rich for output that we do not
    print, 5 MB, and python-telegram-bot cryptography for passports, 8 MB. Afterwards the packages
    can be imported as ever; what was there before is left alone.
    """
    kept_out = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type]  # as the language has it
    try:
        yield
    finally:
        for name in kept_out:
            del sys.modules[name]
