"""What a title says, without the wrapping that outlets put around it."""

import re
import unicodedata
from itertools import accumulate
from typing import Final

from watcher.outlets.publishers import is_portal, our_families
from watcher.stories.numerals import western_digits, with_digits
from watcher.stories.vocabulary import alternatives, table, without_accents, word_list
from watcher.stories.words import is_unspaced, words
from watcher.topics.scripts import HAN

#: What a label says: how a report is told, not what happened.
_SAYS: Final = r"""
    exclusive | breaking(?:\snews)? | breakingviews | just\sin | watch | video | foto
  | vídeo | photos? | live | flash | urgent | explainer | analysis | insight | focus | feature
  | interview | view | podcast | poll | populer | in\spictures | infografis
  | special\sreport | live\smarkets | (?:us|mideast|global)\s(?:stocks|markets) | reuters
  | bloomberg | kcna | yonhap | tass | afp | ap | sports? | soccer | football | tennis
  | cricket | rugby | golf | nfl | nba | mlb | nhl | athletics | cycling | boxing
  | motor\sracing | motorcycling | swimming | sailing | fencing | wrestling | olympics
  | son\sdakika | оновлено | терміново | nóng | ब्रेकिंग | bbc\snews | ap\snews
  | basketball | baseball | skiing | alert | alerte(?:\sinfo)? | (?:en\s)?direct(?:o)?
  | eil(?:meldung)? | urgente | última\shora | срочно | видео | фото | молния | عاجل | 속보
  | just\snu | siste | akkurat\snå | ultim['’]ora | ultimă\soră | έκτακτο | pilne | laatste\snieuws
  | z\sostatniej\schwili | hitno | извънредно
  | 단독 | 速報 | 快讯 | 快訊 | 焦点 | 突发 | 突發 | ด่วน(?:ที่สุด)? | ด่วนมาก
"""
#: What says alone, in round brackets, that a report was told before and is longer now: "(2nd LD)".
_GROWN: Final = (
    r"(?:\d(?:st|nd|rd|th)\s)?(?:lead|ld) | urgent | breaking | \d보 | 속보 | 종합\s?\d?보? | 상보"
    r" | 更新 | 速報 | 速报 | 快讯 | 快訊 | 続報"
)
#: Labels in front of a title.
_LABELS: Final = re.compile(
    rf"""^(?:
        \[[^\]]{{1,24}}\]\s*                                   # [POPULER], [VIDEO]
      | 【[^】]{{1,12}}】\s*                                     # 【速報】
      | [〈<](?:{_SAYS})[〉>]\s*                                # 〈速報〉
      | \((?:{_GROWN})\)\s*
      | [^\s=]{{1,10}}=(?=\S)                                  # テニス=
      | (?:update|wrapup|factbox|graphic|correct(?:ed|ion)|refile|recap)(?:\s\d{{1,2}})?\s?[-:–—]\s*
      | (?:{_SAYS})\s?(?:[-:–—|!]|\.{{2,}}|…)\s*
      | (?:live|alerte|(?:en\s)?direct(?:o)?)\.\s+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
#: The same behind it.
_GROWN_TAIL: Final = re.compile(rf"\s*\((?:{_GROWN})\)$", re.VERBOSE | re.IGNORECASE)
_WATCH: Final = re.compile(r"^(?:Watch|WATCH|URGENT|BREAKING)\s(?=[A-Z0-9'‘“])")
#: Who is asked for a figure, beside officials.
_WITNESSES: Final = (
    "medics|doctors|hospitals?|police|witnesses|rescuers|authorities|ministry|residents"
)
#: Attributions to nobody in particular, and "..., Bloomberg Reports".
_ATTRIBUTION: Final = re.compile(
    rf"""(?:
        ,?\s\((?:podcast|video|foto|photos?|audio|live)\)
      | ,\s(?:(?:us|u\.s\.|state|company|court|people|local)\s)?
        (?:sources?|officials?|reports?|documents?|memo|data|survey|poll|study|filing|media|{_WITNESSES})\s
        (?:say|says|said|shows?|finds?|familiar)
      | ,\s(?:\w+\s){{0,2}}(?:reuters|bloomberg|ap|afp|cnbc|wsj|ft|nikkei|scmp|axios|media|sources?)
        \s(?:reports?|says?|say)
      | ,\s(?:says\s)?(?:reports?|sources?)
      | \s?[:–—-]\s(?:(?:reuters|bloomberg|afp|ap|media)\s)?(?:reports?|sources?|exclusive|analysis)
      | (?:\s?:|\s[–—-])\s(?:officials?|{_WITNESSES})
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
#: Behind Chinese characters an outlet's follow its dash: "会谈-新华网".
_TAIL: Final = re.compile(
    r"\s+[-–—|·]\s+([^-–—|·]{2,60})$|\s*[|_]\s*([^|_]{2,60})$"
    rf"|(?<=[\u3040-\u9fff])[-–—]+([{HAN}]{{2,12}})$"
)
#: Who told it, in brackets: "(共同)".
_BRACKETED: Final = re.compile(r"\s*\(([^()]{2,20})\)$")
#: One of these stands in every attribution, one of those before every tail.
_BEFORE_ATTRIBUTION: Final = re.compile("[,(:–—-]")
_BEFORE_TAIL: Final = re.compile("[-–—|·_]")
_AGGREGATOR: Final = re.compile(r"https?://news\.google\.com/")
_DOMAIN: Final = re.compile(r"^(?:www\.)?[\w-]+(?:\.[a-z]{2,10}){1,2}$", re.IGNORECASE)
#: Outlets and agencies that others' feeds name in a tail; the entry's own outlet needs no list.
_OUTLETS: Final = frozenset(
    re.sub(r"\W", "", name) for name in word_list("outlets") | word_list("sections")
)
_PRESS: Final = word_list("press")
_PRESS_PARTS: Final = re.compile("|".join(sorted(word_list("press_parts"))))
_ABBREVIATED: Final = re.compile(r"(?<=\b[A-Za-z])\.(?=[A-Za-z]\b)|(?<=\b[A-Z])\.(?=\s|$)")
_POSSESSIVE: Final = re.compile(r"(?<=\w)'s\b|(?<=s)'(?=\s)")
_PERCENT: Final = re.compile(r"(?<=\d)\s?(?:per\s?cent|percent|pct|persen)\b")
#: How strong a quake was, with the space that others put there: "M5,1", "M 5,1".
_MAGNITUDE: Final = re.compile(r"(?<!\w)m(?=\d{1,2}[.,]\d(?!\d))")
_QUARTER: Final = re.compile(r"\b(first|second|third|fourth)[-\s]quarter\b")
_QUARTERS: Final = {"first": "q1", "second": "q2", "third": "q3", "fourth": "q4"}
_DIGIT: Final = re.compile(r"\d")
_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_RUN: Final = re.compile(r"[^\W_]+")
_PART: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,:/-]*")
#: With fewer words left beside a name a mask fits half of what an outlet tells ("Trump @").
_MASK_WORDS: Final = 3
#: Where no name was taken out, two say it all: "Morning briefing", "Trading halt 15:41".
_WHOLE_MASK_WORDS: Final = 2
#: Words up to this length stay small in title case too.
_SHORT: Final = 3
_SMALL: Final = word_list("small")
_SHORT_FORM: Final = {word.replace("_", " "): short for word, short in table("short_forms").items()}
_LONG_FORM: Final = rf"(?<![\w&-])(?:{alternatives(_SHORT_FORM)})(?![\w&-])"
_LONG_FORMS: Final = re.compile(_LONG_FORM, re.IGNORECASE)
#: The same for text in small letters: twice as fast, and few titles have one.
_SMALL_LONG_FORMS: Final = re.compile(_LONG_FORM)
#: Indonesian for the United States, in a title that is not all capitals.
_AMERICA: Final = re.compile(r"(?<![\w-])AS(?![\w-])(?=.*[a-z])|(?<=[a-z]\s)AS(?![\w-])")
#: A tail longer than this is part of the headline.
_TAIL_WORDS: Final = 4
#: What stays of a title when a tail is cut: fewer characters would be no headline any more.
_LEAST_HEADLINE: Final = 14
#: Tails and labels nest ("... - News - MarketScreener Italia"), but not deeper than this.
_NESTING: Final = 3


def is_sourced(url: str) -> bool:
    """Whether every title at an address ends with its outlet: at Google News."""
    return bool(_AGGREGATOR.match(url))


def passed_on_from(title: str, url: str, source: str = "") -> str:
    """Return the outlet whose report an aggregator passes on; "" if it is none, or names none.

    Args:
        title: as published.
        url: of the report; an outlet's own page tells by itself whose it is.
        source: the outlet that the feed names beside it.
    """
    if source and is_portal(url):
        return source
    tail = _tail(_plain(title)) if is_sourced(url) else None
    return _name(tail) if tail else ""


def clean_title(title: str, outlet: str = "") -> str:
    """Return the clean headline of a title."""
    return clean_headline(headline(title, outlet))


def clean_headline(text: str) -> str:
    """Return a headline in lower case, with the short forms of names."""
    return _fold(shorten(text))


def headline(title: str, outlet: str = "", *, sourced: bool = False) -> str:
    """Return the title as it is written, without labels, outlet tails and attributions.

    Never empty for a title that has a letter or digit: what would cut everything cuts nothing.

    Args:
        title: as published.
        outlet: who published it, if that is known.
        sourced: whether its outlet stands behind the title; see `is_sourced`.
    """
    text = _plain(title)
    if sourced and (source := _tail(text)):
        text = text[: source.start()]
    for _ in range(_NESTING):
        shorter = _unwrap(text, outlet, by_shape=not sourced)
        if shorter == text:
            break
        text = shorter
    return text


def shaped_tails(title: str, outlet: str = "") -> list[str]:
    """Return the tails that `headline` takes for outlets because they look like one.

    "Flood in Bavaria - Many Dead" looks like "Flood in Bavaria - Bavarian Times".
    """
    text, found = _plain(title), list[str]()
    for _ in range(_NESTING):
        tail = _tail(text)
        if tail is None or not _is_outlet(_name(tail), outlet):
            break
        if not _is_known_outlet(_name(tail), outlet):
            found.append(_name(tail))
        text = text[: tail.start()]
    return found


def _plain(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).translate(_APOSTROPHES).split())


def shorten(text: str) -> str:
    """Return text that names what has a short form ("Wall Street", "EE.UU.") by it."""
    if "AS" in text:
        text = _AMERICA.sub("US", text)
    if not _SMALL_LONG_FORMS.search(text.lower()):
        return text
    return _LONG_FORMS.sub(_short_form, text)


def _short_form(found: re.Match[str]) -> str:
    short = _SHORT_FORM.get(found[0].lower())
    if short is None:  # to a pattern a Turkish "ı" is an "i"
        return found[0]
    return short.title() if found[0][0].isupper() else short


def names(title: str) -> frozenset[str]:
    """Return the folded words of a title that are written as names, if its style tells.

    Empty where every word has a capital (English title case, Indonesian) or none can.
    """
    found = _WORD.findall(shorten(title))
    if not _shows_names(found):
        return frozenset()
    written = " ".join(word for word in found if word[0].isupper())
    return frozenset(without_accents(written.casefold()).replace("-", " ").split())


def mask(title: str) -> str:
    """Return what stays of a title without figures and runs of names, "" if it is too little.

    Outlets fill in a title of one mask anew; of title case only the figures are taken out.
    """
    parts = _PART.findall(unicodedata.normalize("NFKC", title))
    in_style = _shows_names([part for part in parts if part[0].isalpha()])
    kept: list[str] = []
    for part in parts:
        is_name = bool(kept) and in_style and part[0].isupper()
        shown = "#" if part[0].isdigit() else "@" if is_name else part.casefold()
        if shown.isalpha() or not kept or shown != kept[-1]:
            kept.append(shown)
    stays = [part for part in kept if part not in {"#", "@"}]
    least = _MASK_WORDS if "@" in kept else _WHOLE_MASK_WORDS
    return " ".join(kept) if max(len(stays), len(words(" ".join(stays)))) >= least else ""


def _shows_names(found: list[str]) -> bool:
    """Whether a title writes other words than names small; small words do not tell."""
    return any(word.islower() and len(word) > _SHORT and word not in _SMALL for word in found[1:])


def _unwrap(text: str, outlet: str, *, by_shape: bool) -> str:
    # What a pattern needs is looked for first: few titles have it, and that is ten times as fast.
    for pattern in (_LABELS, _WATCH):
        text = _cut(pattern, text)
    if _BEFORE_ATTRIBUTION.search(text):
        text = _cut_source(_cut(_GROWN_TAIL, _cut(_ATTRIBUTION, text)))
    tail, is_one = _tail(text), _is_outlet if by_shape else _is_known_outlet
    if tail and tail[3]:
        is_one = is_listed
    return text[: tail.start()] if tail and is_one(_name(tail), outlet) else text


def _tail(text: str) -> re.Match[str] | None:
    tail = _BEFORE_TAIL.search(text) and _TAIL.search(text)
    return tail if tail and width(text[: tail.start()]) >= _LEAST_HEADLINE else None


def width(text: str) -> int:
    """Return about how many letters of an alphabet say as much: three for one without spaces."""
    return len(text) if text.isascii() else sum(3 if is_unspaced(one) else 1 for one in text)


def _name(tail: re.Match[str]) -> str:
    return (tail[1] or tail[2] or tail[3]).strip()


def _cut_source(text: str) -> str:
    """Return a text without an outlet in brackets that is known and stands behind it."""
    found = _BRACKETED.search(text)
    # "(Independent)" behind an English headline may be the senator's party.
    is_source = found and is_unspaced(found[1]) and _squeeze(found[1]) in _OUTLETS
    return _cut(_BRACKETED, text) if is_source else text


def _cut(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        return text
    rest = f"{text[: found.start()]}{text[found.end() :]}".strip()
    return rest if any(map(str.isalnum, rest)) else text


def _is_outlet(tail: str, outlet: str) -> bool:
    """Whether a tail names an outlet, or has that shape."""
    words = tail.split()
    return _is_known_outlet(tail, outlet) or (
        len(words) <= _TAIL_WORDS and not any(map(str.isdigit, tail)) and _named(words)
    )


def _is_known_outlet(tail: str, outlet: str) -> bool:
    """Whether a tail names the entry's own outlet, one that is known, or a site or paper."""
    return is_listed(tail, outlet) or bool(_DOMAIN.match(tail)) or _is_paper(tail)


def is_listed(tail: str, outlet: str) -> bool:
    """Whether a tail names the entry's own outlet, or one that is known."""
    squeezed = _squeeze(tail)
    if _holds(outlet, squeezed) or _holds(tail, _squeeze(outlet)):
        return True
    return squeezed in _OUTLETS or our_families().knows(tail)


def _holds(text: str, name: str) -> bool:
    """Whether whole words of a text are a squeezed name: "RT" is in "RT DE", not in "North"."""
    found = _RUN.findall(without_accents(text.casefold()))
    parts = [part for run in found for part in (run if is_unspaced(run) else [run])]
    squeezed, edges = "".join(parts), {0, *accumulate(map(len, parts))}
    ends = (edge for edge in edges if edge + len(name) in edges)
    return bool(name) and any(squeezed.startswith(name, edge) for edge in ends)


def _is_paper(tail: str) -> bool:
    words = without_accents(tail.casefold()).split()
    is_named = not _PRESS.isdisjoint(words) or bool(_PRESS_PARTS.search(tail))
    return is_named and len(words) <= _TAIL_WORDS


def _named(words: list[str]) -> bool:
    return all(word[0].isupper() or word[0] in "&(" for word in words)


def _squeeze(name: str) -> str:
    name = without_accents(name.casefold())
    name = re.sub(r"^(?:www\.|the\s)|\.(?:com|co\.\w\w|org|net|id|ru|jp|kr)$", "", name)
    return re.sub(r"[\W_]+", "", name)


def _fold(text: str) -> str:
    if "." in text:
        text = _ABBREVIATED.sub("", text)
    text = with_digits(western_digits(without_accents(text.casefold()))).replace("us$", "$")
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    if _DIGIT.search(text):
        text = _MAGNITUDE.sub("m ", _PERCENT.sub("%", text))
    if "quarter" in text:
        text = _QUARTER.sub(lambda found: _QUARTERS[found[1]], text)
    return " ".join(text.split()).strip(" .,:;!-–—|…")
