"""Whether an entry with an id that we do not know is one that we know."""

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.feeds.urls import is_article


@dataclass(frozen=True, slots=True)
class Namesake:
    """A stored entry under the same canonical address; `feeds` are all that it was met in."""

    number: int
    title: str
    feeds: frozenset[int]


def same_entry(
    feed: int, title: str, url: str, namesakes: Sequence[Namesake], *, shared: bool
) -> int | None:
    """Return the number of the stored entry that a new one is; None if it is another.

    The address must name one article. Under an equal title it is the same entry, re-dated or
    with a new id. Under another title it is the same only across feeds, and only while the
    address stood for one entry: a feed whose entries all link to one page has many.

    Args:
        feed: the new entry's feed.
        title: its title.
        url: its address.
        namesakes: the stored entries under the same address.
        shared: another entry of the new one's document has the address too.
    """
    if not namesakes or not is_article(url):
        return None
    equal = [one.number for one in namesakes if _fold(title) and _fold(one.title) == _fold(title)]
    if equal:
        return min(equal)
    only = namesakes[0]
    if shared or len(namesakes) > 1 or feed in only.feeds:
        return None
    return only.number


def _fold(title: str) -> str:
    return " ".join(title.casefold().split())
