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
    r"<a(?:\s[^<>]*)?>(?P<words>(?:[^<]|<(?!/?a[\s>]))*+)</a\s*>"
    rf"(?:(?:{_MARKS})*+<font\b[^<>]*>(?P<outlet>[^<>]{{1,{_LONGEST_OUTLET}}}+)</font>)?"
)
_BETWEEN = rf"(?:{_MARKS}|<(?!/?a[\s>])[^<>]*>)*+"

_A_LINK = re.compile(_LINK, re.IGNORECASE)
_ONLY_LINKS = re.compile(rf"(?:{_BETWEEN}{_LINK})++{_BETWEEN}", re.IGNORECASE)


class _Link(NamedTuple):
    """What a link says, and the outlet that stands beside it."""

    words: str
    outlet: str


def lead(raw: RawEntry, title: str) -> str:
    """Return what is told of an entry, in plain text.

    The words of one link ("Read more") are told where nothing else is. Links with the entry's own
    headline and outlets among them are an aggregator's, to the reports of others: they tell
    nothing of it.

    Args:
        raw: the entry as its document spells it.
        title: the same one's, in plain text.
    """
    label = ""
    for text in (raw.summary, raw.content):
        links = _links(text)
        others = [one for one in links if not _is_named(title, one)]
        told = "" if _tell_nothing(links, others) else plain_text(text)
        if told and not _is_label(others):
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
    return _Link(plain_text(found["words"]), plain_text(found["outlet"] or ""))


def _is_named(title: str, link: _Link) -> bool:
    """Whether a link has the words of a title, which may end with the outlet."""
    return _letters(title) in (_letters(link.words), _letters(link.words + link.outlet))


def _tell_nothing(links: Sequence[_Link], others: Sequence[_Link]) -> bool:
    """Whether links are the headline, and beside it at most an aggregator's to other reports."""
    is_own_among = len(others) < len(links)
    return is_own_among and (not others or any(one.outlet for one in links))


def _is_label(others: Sequence[_Link]) -> bool:
    """Whether a text is one link, beside the headline at most, and too short for a lead."""
    return len(others) == 1 and len(others[0].words) <= _LONGEST_LABEL


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
