"""Who is polite to whom: the host of a URL as the unit of politeness.

A host is the registrable domain (feeds.bbci.co.uk and www.bbci.co.uk are one), or the IP literal;
ports do not matter.
"""

import re
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList
from yarl import URL

from watcher.feeds.guard import spelt, unwrap

#: More feeds than a user has; the answer is asked for at each turn of each feed.
_REMEMBERED = 32_768


@lru_cache(_REMEMBERED)
def host_of(url: str) -> str:
    """Return the host to be polite to, in lower case and IDNA form; "" if the URL has none."""
    name = _host_name(url).rstrip(".").lower()
    if address := spelt(name):
        return str(unwrap(address))
    return _suffixes().privatesuffix(name) or name


@lru_cache(_REMEMBERED)
def is_site(name: str) -> bool:
    """Whether a host name is, or lies under, one that somebody registered ("bbc.co.uk")."""
    return _suffixes().privatesuffix(name) is not None


def _host_name(url: str) -> str:
    try:
        return URL(url).raw_host or ""
    except (ValueError, IndexError):  # an impossible port or name, "[]"; the fetch will say so
        return re.split(r"[/?#]", url.partition("://")[2])[0].rpartition("@")[2].partition(":")[0]


@cache
def _suffixes() -> PublicSuffixList:
    """Load the list when it is first needed: 70 ms, which `--help` need not pay."""
    return PublicSuffixList()
