"""What an entry's texts tell of it: mere links do not, and headlines of other reports even less."""

import re
from itertools import islice

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
        told = "" if _is_among(title, links) and not _is_own(text, title) else plain_text(text)
        if told and (len(links) != 1 or len(told) > _LONGEST_LABEL):
            return told
        label = label or told
    return label


def _links(markup: str) -> list[tuple[str, str]]:
    """Return the words of each link and the outlet beside it; none of a text that has others."""
    if not _ONLY_LINKS.fullmatch(markup):
        return []
    found = islice(_A_LINK.finditer(markup), _MANY_LINKS)
    links = ((plain_text(one["words"]), plain_text(one["outlet"] or "")) for one in found)
    return [link for link in links if link[0]]


def _is_among(title: str, links: list[tuple[str, str]]) -> bool:
    """Whether a link has the words of a title, which may end with the outlet."""
    named = {_letters(text) for words, outlet in links for text in (words, words + outlet)} - {""}
    return bool(named) and _letters(title) in named


def _is_own(markup: str, title: str) -> bool:
    """Whether all links lead to one page, and one of them says more than the title: the lead."""
    links = list(islice(_A_LINK.finditer(markup), _MANY_LINKS))
    pages = {page[1] for one in links if (page := _PAGE.search(one["where"]))}
    texts = {_letters(plain_text(one["words"])) for one in links} - {_letters(title)}
    return len(pages) == 1 and any(len(text) > _LONGEST_LABEL // 2 for text in texts)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
