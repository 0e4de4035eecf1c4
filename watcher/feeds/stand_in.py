"""Telling one gateway's page, that came in place of many feeds, from those of many outlets.

A gateway (Squid, a provider's router, a login) writes the address that was asked for into its page,
and the time, and numbers of its own. What is left without them is the same for all. All is pure.
"""

import re
from hashlib import blake2b
from urllib.parse import unquote

from yarl import URL

#: A page says who wrote it within this many bytes.
MOST_BYTES = 16 * 1024

_MARK_BYTES = 16
_TAG = re.compile(r"<[^<>]*>")  # none with another in it: a page full of "<" would take long
_NUMBERED = re.compile(r"\b\w*\d\w*")  # from a border: so would a page of one word, for seconds


def mark_of(status: int, page: bytes, url: URL) -> str:
    """Return what a page has in common with those for other addresses; empty for none.

    Args:
        status: what came with it.
        page: its beginning, as it came.
        url: what was asked for.
    """
    text = unquote(_TAG.sub(" ", page[:MOST_BYTES].decode("latin-1"))).lower()
    for own in (str(url), url.raw_host or "", url.raw_path):
        text = text.replace(own.lower(), " ") if len(own) > 1 else text
    words = " ".join(_NUMBERED.sub(" ", text).split())
    if not words:
        return ""
    return blake2b(f"{status} {words}".encode(), digest_size=_MARK_BYTES).hexdigest()
