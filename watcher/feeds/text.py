"""From the markup of feeds to plain text: for matching, for comparing, and safe to show."""

import html
import re

from lxml import etree

from watcher.feeds.flags import BLACK_FLAG, REGION_FLAG

#: Characters of markup that are looked at. A whole article with inline images stays below.
MAX_MARKUP = 500_000

#: Characters kept of a summary: the lead and some paragraphs; whole articles only add noise.
MAX_SUMMARY = 4_000

#: Characters kept of a title. The longest of 16,000 real ones has 300.
MAX_TITLE = 1_000

#: How often text may turn out to be escaped markup again. Twice is common, more is a game.
MAX_LAYERS = 5

_SILENT = """head iframe math noembed noframes noscript object script select style svg template
textarea"""
_BLOCKS = """address article aside blockquote body br caption center dd details dialog dir div dl
dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol
option p pre section summary table tr ul"""
_INLINE = """a abbr acronym amp-img applet area audio b base bdi bdo big button canvas cite code
col colgroup data datalist del dfn em embed font frame frameset hgroup html i img input ins kbd
label link map mark meta meter nobr output param picture plaintext progress q rp rt ruby s samp
small source span strike strong sub sup tbody tfoot thead time title track tt u var video wbr
xmp"""

#: Elements whose text is not for readers.
SILENT = frozenset(_SILENT.split())

#: Elements that end a line; the others stand within a sentence.
BLOCKS = frozenset(_BLOCKS.split())

CELLS = frozenset({"td", "th"})

#: The elements that make a text markup. `<속보>` and `<x>` in a headline are not among them.
ELEMENTS = SILENT | BLOCKS | CELLS | frozenset(_INLINE.split())

#: How a tag goes on: it is closed, or breaks off in a quoted attribute as in a text that was cut.
#: "a <b c" does neither, nor does "price <small and <b>big</b>": a parser would drop their words.
_GOES_ON = r"""(?=[^<>]*>|[^<>"']*=\s*["'])"""
_TAG = rf"</?(?=[a-z])(?:{'|'.join(sorted(ELEMENTS))})(?=[\s/>]){_GOES_ON}"
MARKUP = re.compile(
    rf"{_TAG}|<!--|<!\[CDATA\[|<(?:!doctype|!\[if|!\[endif|\?xml)\b(?=[^<>]*>)",
    re.IGNORECASE,
)

_STRAY = re.compile(rf"(?!{MARKUP.pattern})<", re.IGNORECASE)

#: A tag that breaks off, from its "<" to where the text was cut; `word` may begin an attribute.
_CUT_TAG = re.compile(
    r"<(?:[/!]|!-)?"
    r"|</?(?P<name>[a-z][\w:.-]*)(?:\s*/|\s+(?P<word>[a-z-]+)|\s+(?P<given>[a-z][\w:-]*=)[^<>]*)?",
    re.IGNORECASE,
)

#: What a cut leaves of a tag is known by: attributes that stand first, and elements of feeds.
_LEADING = (
    """align alt border class data- height href id loading rel src style target title width"""
)
_OFTEN = """abbr article aside blockquote body br cite code div em figcaption figure font footer h1
h2 h3 h4 h5 h6 header hr iframe img li ol pre script section small source span strong style sub sup
table tbody td th thead time tr ul video"""
_ATTRIBUTES, _LONG_NAMES = tuple(_LEADING.split()), tuple(_OFTEN.split())

#: Beside markup, tags of other names are tags if they have attributes, `<path d="M0">`, close
#: themselves, `<x/>`, or are closed, `<o:p></o:p>`. `<Kim>` in front of a headline is not one.
_OTHER_TAG = re.compile(r"</?([a-z][^\s<>/]*)([^<>]*)>", re.IGNORECASE)
_CLOSING = re.compile(r"</([a-z][^\s<>/]*)", re.IGNORECASE)
_LOOKS_A_TAG = re.compile(r"=|/\s*\Z")

#: What XML keeps its text in. In the text itself, where it was escaped, it is only a wrapper, and
#: for HTML parsers a comment: they drop what it holds.
_WRAPPER = re.compile(r"<!\[CDATA\[|\]\]>", re.IGNORECASE)
_OPENED = re.compile(r"<!\[CDATA\[", re.IGNORECASE)
#: The end of one that was not opened here, read from behind: from there it takes one look.
_TAIL = re.compile(r"(?:\s*>\]\])+")
_LETTER = re.compile(r"[^\W\d_]")
_ANY_TAG = re.compile(r"<(?:script|style)\b[^<]*|<[^<>]*>", re.IGNORECASE)
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")

#: Removed: controls, noncharacters, surrogates, soft hyphen, zero-width space and joiner-less
#: formatting, everything that turns the direction of text, and Unicode tags but for flags. Kept:
#: ZWNJ and ZWJ (U+200C, U+200D), which Persian, Hindi and emoji need.
UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)

#: How the end of a block travels through the layers; white space of the source is one space.
BLOCK_END = "\u2029"
LINE_END = re.compile(r"[\u2028\u2029]|(?:\r?\n[^\S\n]*){2,}")

#: Characters before the limit in which a word's end is looked for.
LONGEST_WORD = 40


def plain_text(markup: str, limit: int = MAX_SUMMARY) -> str:
    r"""Return what a reader sees of HTML or text: no tags, no entities, no hidden characters.

    Blocks end in "\n"; all other white space is one space. Text that turns out to be escaped
    markup, as in feeds that escape twice, is read again.

    Args:
        markup: HTML, text, or text with a stray tag; at most `MAX_MARKUP` characters are read.
        limit: the greatest length of the result, in characters.
    """
    text = markup[:MAX_MARKUP]
    for _ in range(MAX_LAYERS):
        text = unwrapped(text)
        is_markup = MARKUP.search(text) is not None
        text = _without_cut_tag(text, beside_markup=is_markup)
        if is_markup:
            text = _without_markup(text)
        elif REFERENCE.search(text):
            text = html.unescape(text)
        else:
            break
    text = _tidy(unwrapped(MARKUP.sub(" ", text)))
    return _cut(_without_cut_tag(text, beside_markup=False).rstrip(), limit)


def one_line(markup: str, limit: int = MAX_TITLE) -> str:
    """Return plain text without line ends, as titles and names need it.

    Where nothing is left for readers though there are letters beside the tags, they are shown.
    """
    text = plain_text(markup, MAX_MARKUP)
    if not text and _LETTER.search(beside := _ANY_TAG.sub(" ", markup[:MAX_MARKUP])):
        text = plain_text(beside, MAX_MARKUP)
    return _cut(" ".join(text.split()), limit)


def unwrapped(text: str) -> str:
    """Return text without `<![CDATA[` and `]]>`, also if only one of them is there."""
    if _OPENED.search(text):
        text = _WRAPPER.sub("", text)
    if text.rstrip().endswith("]]>"):
        tail = _TAIL.match(text[::-1])
        text = text[: len(text) - tail.end()] if tail else text
    return text


def clean(text: str) -> str:
    """Return text without hidden and forbidden characters, otherwise as it is."""
    if BLACK_FLAG not in text:
        return UNSAFE.sub("", text)
    first, *parts = (UNSAFE.sub("", part) for part in REGION_FLAG.split(text))
    flags = REGION_FLAG.findall(text)
    return first + "".join(flag + part for flag, part in zip(flags, parts, strict=True))


class _Reader:
    """Gathers the text between the tags, as events of an HTML parser (no tree, no depth)."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.silent = 0

    def start(self, tag: str, _attributes: object) -> None:
        self.silent += tag in SILENT
        self._part(tag)

    def end(self, tag: str) -> None:
        self.silent -= tag in SILENT
        self._part(tag)

    def data(self, text: str) -> None:
        if self.silent <= 0:
            self.pieces.append(text.replace("\n", " "))

    def comment(self, _text: str) -> None:
        pass

    def close(self) -> str:
        return "".join(self.pieces)

    def _part(self, tag: str) -> None:
        if tag in BLOCKS:
            self.pieces.append(BLOCK_END)
        elif tag in CELLS:
            self.pieces.append(" ")


def _without_markup(text: str) -> str:
    parser = etree.HTMLParser(target=_Reader(), huge_tree=True)
    try:
        parser.feed(_guarded(clean(text)))
        return str(parser.close())
    except etree.LxmlError:
        return MARKUP.sub(" ", text)


def _without_cut_tag(text: str, *, beside_markup: bool) -> str:
    """Return text without a tag that breaks off at its end, as in a text that was cut.

    Where nothing else is markup it takes more to be one: "a <b c" and "a <str" stay.
    """
    end = len(text)
    while (begin := text.rfind("<", 0, end)) >= 0:
        found = _CUT_TAG.fullmatch(text[begin:end].rstrip())
        if not found or not _is_tag(found, beside_markup=beside_markup):
            break
        end = begin
    return text[:end]


def _is_tag(found: re.Match[str], *, beside_markup: bool) -> bool:
    """Tell whether what was found at the end of a text is what a cut left of a tag."""
    name, word = (found["name"] or "").casefold(), (found["word"] or "").casefold()
    if word:
        begins = any(attribute.startswith(word) for attribute in _ATTRIBUTES)
        return name in ELEMENTS and begins and (beside_markup or len(word) > 1)
    if name in ELEMENTS or not beside_markup:
        return name in ELEMENTS
    return bool(found["given"]) or any(element.startswith(name) for element in _LONG_NAMES)


def _guarded(text: str) -> str:
    """Return markup in which "<" that begins no tag is a reference: parsers drop up to a ">"."""
    if not _STRAY.search(text):
        return text
    closed = {name.casefold() for name in _CLOSING.findall(text)}

    def guarded(found: re.Match[str]) -> str:
        tag = _OTHER_TAG.match(text, found.start())
        is_tag = tag and (tag[1].casefold() in closed or _LOOKS_A_TAG.search(tag[2]))
        return "<" if is_tag else "&lt;"

    return _STRAY.sub(guarded, text)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in LINE_END.split(clean(text)))
    return "\n".join(line for line in lines if line)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = text.rfind(" ", limit - LONGEST_WORD, limit - 1)
    return text[: end if end > 0 else limit - 1].rstrip() + "…"
