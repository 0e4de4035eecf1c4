"""What an entry's texts tell of it: mere links do not, and headlines of other reports even less."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from watcher.feeds.parsed import RawEntry
from watcher.feeds.text import plain_text

#: Characters of an outlet's name beside a link; more is a text.
_LONGEST_OUTLET = 60

#: Characters of what a link says where it is no text of a report: "Continue reading".
_LONGEST_LABEL = 60

#: Links that are read. The entry's own headline was the first in 70 of 70 of Google News, before
#: some four others.
_MANY_LINKS = 50

#: What says nothing between the words: white space and marks.
_MARKS = r"[^\w<&]|&(?:nbsp|hellip|raquo|rarr|\#160|\#187|\#8230);"
#: A link, and the outlet that Google News sets beside it.
_LINK = (
    r"<a(?P<where>(?:\s[^<>]*)?)>(?P<words>(?:[^<]|<(?!/?a[\s>]))*+)</a\s*>"
    rf"(?:(?:{_MARKS})*+<font\b[^<>]*>(?P<outlet>[^<>]{{1,{_LONGEST_OUTLET}}}+)</font>)?"
)
_BETWEEN = rf"(?:{_MARKS}|<(?!/?a[\s>])[^<>]*>)*+"

_PAGE = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_A_LINK = re.compile(_LINK, re.IGNORECASE)
_ONLY_LINKS = re.compile(rf"(?:{_BETWEEN}{_LINK})++{_BETWEEN}", re.IGNORECASE)


class _Link(NamedTuple):
    """What a link says, the outlet that stands beside it, and the page that it leads to."""

    words: str
    outlet: str
    page: str


def lead(raw: RawEntry, title: str) -> str:
    """Return what is told of an entry, in plain text.

    The words of one link ("Read more") are told where nothing else is. Links with the entry's own
    headline among them are an aggregator's, to the reports of others: they tell nothing of it.

    Args:
        raw: the entry as its document spells it.
        title: the same one's, in plain text.
    """
    label = ""
    for text in (raw.summary, raw.content):
        links = _links(text)
        is_of_others = _is_among(title, links) and not _hold_lead(links, title)
        told = "" if is_of_others else plain_text(text)
        if told and (len(links) != 1 or len(told) > _LONGEST_LABEL):
            return told
        label = label or told
    return label


def _links(markup: str) -> list[_Link]:
    """Return the links of a text that has nothing else; none of a text that has."""
    if not _ONLY_LINKS.fullmatch(markup):
        return []
    found = map(_link, islice(_A_LINK.finditer(markup), _MANY_LINKS))
    return [link for link in found if link.words]


def _link(found: re.Match[str]) -> _Link:
    page = _PAGE.search(found["where"])
    words, outlet = plain_text(found["words"]), plain_text(found["outlet"] or "")
    return _Link(words, outlet, page[1] if page else "")


def _is_among(title: str, links: Sequence[_Link]) -> bool:
    """Whether a link has the words of a title, which may end with the outlet."""
    named = {_letters(text) for one in links for text in (one.words, one.words + one.outlet)} - {""}
    return bool(named) and _letters(title) in named


def _hold_lead(links: Sequence[_Link], title: str) -> bool:
    """Whether all links lead to one page, and one of them says more than the title."""
    texts = {_letters(one.words) for one in links} - {_letters(title)}
    is_one_page = len({one.page for one in links}) == 1
    return is_one_page and any(len(text) > _LONGEST_LABEL // 2 for text in texts)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
