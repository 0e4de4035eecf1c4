"""What the Bot API takes as a message in parse mode HTML, checked by its own words.

Follows core.telegram.org/bots/api#html-style and the error sentences of tdlib's HTML parser.
Stricter than the real service in three places, because each would be a slip of ours: an `&`
that starts no known entity, a link that is not http(s), and a tag inside itself.
"""

import re
from dataclasses import dataclass, field

#: sendMessage and editMessageText: "1-4096 characters after entities parsing", in UTF-16 units.
MAX_MESSAGE_UTF16 = 4096
#: Of the text as it is sent, markup included, before anything is parsed: get_formatted_text of the
#: Bot API server; the documentation does not name it.
MAX_SOURCE_BYTES = 1 << 15
#: Of all entities, twelve for each and a link's address with four more: about what Telegram takes
#: (tdlib/telegram-bot-api issue 165).
MAX_ENTITY_BYTES = 9_500
#: Styles and links of one message; the service shows the others as bare text, without a word.
MAX_ENTITIES = 100

#: Tags of the Bot API that nest freely; `pre` and `code` may hold no other tag.
TAGS = (
    *("a", "b", "strong", "i", "em", "u", "ins", "s", "strike", "del"),
    *("code", "pre", "blockquote", "span", "tg-spoiler", "tg-emoji"),
)
LITERAL_TAGS = frozenset({"code", "pre"})
NAMED_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_TOKEN = re.compile(r"[^<&]+|<[^>]*>|&[^;<&\s]*;|[<&]")
_START = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:=\"[^\"<>]*\")?)*)\s*>")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z-]+)(?:=\"([^\"]*)\")?")
_ATTRIBUTES = {"a": {"href"}, "span": {"class"}, "blockquote": {"expandable"}, "code": {"class"}}


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it: characters beyond U+FFFF count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_html(text: str) -> str:
    """Return the text people see, or raise ValueError with the sentence the Bot API answers."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise ValueError("text must be encoded in UTF-8") from error
    if size > MAX_SOURCE_BYTES:
        raise ValueError("text is too long")
    parser = _Parser(text)
    visible = parser.parse()
    if not visible.strip():
        raise ValueError("message text is empty")
    if utf16_length(visible) > MAX_MESSAGE_UTF16:
        raise ValueError("message is too long")
    if parser.entity_bytes > MAX_ENTITY_BYTES:
        raise ValueError("ENTITIES_TOO_LONG")
    return visible


@dataclass
class _Parser:
    source: str
    open: list[str] = field(default_factory=list)
    visible: list[str] = field(default_factory=list)
    offset: int = 0
    entity_bytes: int = 0

    def parse(self) -> str:
        for found in _TOKEN.finditer(self.source):
            self.offset = len(self.source[: found.start()].encode())
            self._take(found.group())
        if self.open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1]}"')
        return "".join(self.visible)

    def _take(self, token: str) -> None:
        if token.startswith("&"):
            self.visible.append(self._entity(token))
        elif token.startswith("</"):
            self._end(token)
        elif token.startswith("<"):
            self._start(token)
        else:
            self.visible.append(token)

    def _entity(self, token: str) -> str:
        name = token[1:-1]
        if name in NAMED_ENTITIES:
            return NAMED_ENTITIES[name]
        number = re.fullmatch(r"#(?:([0-9]+)|[xX]([0-9a-fA-F]+))", name)
        if not token.endswith(";") or number is None:
            raise self._error(f'Unsupported entity "{token}"')
        code = int(number[1]) if number[1] else int(number[2], 16)
        if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise self._error(f'Unsupported entity "{token}"')
        return chr(code)

    def _start(self, token: str) -> None:
        found = _START.fullmatch(token)
        if found is None:
            raise self._error(f'Unsupported start tag "{token[1:-1]}"')
        name = found[1].lower()
        if name not in TAGS:
            raise self._error(f'Unsupported start tag "{name}"')
        if self.open and self.open[-1] in LITERAL_TAGS and name != "code":
            raise self._error(f'Tag "{name}" must not stand inside "{self.open[-1]}"')
        if name in self.open:
            raise self._error(f'Tag "{name}" stands inside itself')
        self._attributes(name, found[2])
        self.entity_bytes += 12
        self.open.append(name)

    def _attributes(self, name: str, source: str) -> None:
        given = dict(_ATTRIBUTE.findall(source))
        if surplus := set(given) - _ATTRIBUTES.get(name, set()):
            raise self._error(f'Tag "{name}" has the unknown attribute "{min(surplus)}"')
        if name == "a":
            self._href(given.get("href", ""))

    def _href(self, source: str) -> None:
        inner = _Parser(source.replace("&quot;", "%22"))
        url = inner.parse()
        if not re.fullmatch(r"https?://[^\s\"<>]+", url):
            raise self._error(f'Link "{url}" is not an http(s) address')
        self.entity_bytes += len(url.encode()) + 4

    def _end(self, token: str) -> None:
        name = token[2:-1].strip().lower()
        if not self.open:
            raise self._error(f'Unexpected end tag "{name}"')
        if name != (expected := self.open.pop()):
            raise self._error(f'Unmatched end tag, expected "</{expected}>", found "{token}"')

    def _error(self, sentence: str) -> ValueError:
        return ValueError(f"can't parse entities: {sentence} at byte offset {self.offset}")
