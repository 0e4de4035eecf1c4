"""The match line: names of lists joined by operators in capitals.

line     := scoped (OR scoped)*
scoped   := near (AND near | IN title|sentence|text)*      IN closes the AND-chain before it
near     := unary ((NEAR | NEAR/n | BEFORE | BEFORE/n) unary)*
unary    := NOT unary | primary
primary  := name | "phrase" | ( line ) | n of ( line , line , ... )

A # that begins a word, and what follows it in its row, is a comment.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress, product
from typing import NoReturn

#: Lists of a line of which every choice is tried: 4,096 choices, a hundredth of a second.
MOST_TRIED = 12

#: Deeper nesting than anybody can read; keeps the parser clear of the recursion limit.
DEEPEST_NESTING = 50


#: What text programs make of straight quotes, and what other languages write.
OTHER_QUOTES = frozenset("“”„‟‘’‚‛«»'`「」")


class MatchLineError(ValueError):
    """A match line cannot be read; `offset` and `length` show where, in characters."""

    def __init__(self, message: str, offset: int, length: int = 1) -> None:
        super().__init__(message)
        self.offset = offset
        self.length = length


class Scope(StrEnum):
    """Where all of a condition must hold at once."""

    TITLE = "title"
    SENTENCE = "sentence"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Name:
    """An entity or word list."""

    name: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to be found as quoted."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    item: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All hold."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Near:
    """Both at different places of one sentence or title; with `words`, that many steps apart.

    Two words side by side are one step apart.
    """

    left: "Node"
    right: "Node"
    words: int | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """The condition holds within the title, within one sentence, or anywhere in the text."""

    item: "Node"
    scope: Scope


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the items hold."""

    count: int
    items: "tuple[Node, ...]"


Node = Name | Phrase | Not | And | Or | Near | In | AtLeast

_TOKEN = re.compile(
    r'(?P<comment>#.*)|(?P<quoted>"[^"]*")|(?P<mark>[(),])|(?P<word>[^\s(),"]+)|(?P<open>")'
)
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "BEFORE", "IN"})
_DISTANCE = re.compile(r"(NEAR|BEFORE)/([0-9]{1,4})")
_NAME = re.compile(r"\w[\w.-]*")
_COUNT = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark or a quoted phrase of a match line, and where it stands."""

    text: str
    offset: int

    @property
    def is_operator(self) -> bool:
        """Tell whether the token joins names rather than being one."""
        return self.text in _OPERATORS or _DISTANCE.fullmatch(self.text) is not None


def is_name(text: str) -> bool:
    """Tell whether a match line names a list when it says just that."""
    try:
        return parse_match(text) == Name(text)
    except MatchLineError:
        return False


def parse_match(text: str) -> Node:
    """Parse a match line.

    Raises:
        MatchLineError: it is no match line; the message says what to write instead.
    """
    return _Parser(text).parse()


def in_one_row(text: str) -> str:
    """Return a match line as it was written, without its comments and in one row."""
    bare = _TOKEN.sub(lambda one: "" if one.lastgroup == "comment" else one[0], text)
    return " ".join(bare.split())


def format_match(node: Node) -> str:
    """Print a tree as a match line that parses to the same tree."""
    return _format(node, _Level.OR)


def leaves(node: Node) -> "Iterator[Name | Phrase]":
    """Yield every name and phrase, left to right, also those under NOT."""
    if isinstance(node, Name | Phrase):
        yield node
    for child in children(node):
        yield from leaves(child)


def wanted(node: Node) -> "Iterator[Name | Phrase]":
    """Yield the names and phrases whose presence can make the line true."""
    if isinstance(node, Name | Phrase):
        yield node
    if not isinstance(node, Not):
        for child in children(node):
            yield from wanted(child)


def names_among(some: "Iterable[Name | Phrase]") -> tuple[str, ...]:
    """Return the entities and word lists among some leaves, each once, in their order."""
    return tuple(dict.fromkeys(leaf.name for leaf in some if isinstance(leaf, Name)))


def can_hold(node: Node) -> bool:
    """Tell whether some set of found lists makes a line true, wherever they stand.

    Lines of more lists than `MOST_TRIED` are taken to be possible.
    """
    names = sorted({list_key(leaf) for leaf in leaves(node)})
    if len(names) > MOST_TRIED:
        return True
    chosen = (
        frozenset(compress(names, picks)) for picks in product((True, False), repeat=len(names))
    )
    return any(holds(node, found) for found in chosen)


def holds(node: Node, found: frozenset[str]) -> bool:
    """Tell whether a line is true of a text with some lists found, wherever they stand."""
    match node:
        case Name() | Phrase():
            return list_key(node) in found
        case Not(item):
            return not holds(item, found)
        case Or(items):
            return any(holds(item, found) for item in items)
        case AtLeast(count, items):
            return sum(holds(item, found) for item in items) >= count
        case _:
            return all(holds(item, found) for item in children(node))


def list_key(leaf: Name | Phrase) -> str:
    """Return the list that a leaf of a match line asks for; a phrase is one, with its quotes."""
    return leaf.name if isinstance(leaf, Name) else f'"{leaf.text}"'


def children(node: Node) -> "tuple[Node, ...]":
    """Return the conditions that a condition is made of."""
    match node:
        case And(items) | Or(items) | AtLeast(_, items):
            return items
        case Not(item) | In(item):
            return (item,)
        case Near(left, right):
            return (left, right)
        case _:
            return ()


class _Level:
    """How tightly operators bind, loosest first."""

    OR, SCOPED, NEAR, UNARY, PRIMARY = range(5)


def _format(node: Node, level: int) -> str:
    text, own = _format_bare(node)
    return text if own >= level else f"({text})"


def _format_bare(node: Node) -> tuple[str, int]:
    """Return a condition without outer parentheses, and how tightly it binds."""
    match node:
        case Name(name):
            printed = name, _Level.PRIMARY
        case Phrase(text):
            printed = f'"{text}"', _Level.PRIMARY
        case Not(item):
            printed = f"NOT {_format(item, _Level.UNARY)}", _Level.UNARY
        case AtLeast(count, items):
            printed = f"{count} of ({', '.join(map(format_match, items))})", _Level.PRIMARY
        case Near(left, right):
            printed = _format_near(node, left, right), _Level.NEAR
        case And(items):
            printed = " AND ".join(_format(item, _Level.NEAR) for item in items), _Level.SCOPED
        case In(item, scope):
            printed = f"{_format(item, _Level.SCOPED)} IN {scope.value}", _Level.SCOPED
        case Or(items):
            printed = " OR ".join(_format(item, _Level.SCOPED) for item in items), _Level.OR
    return printed


def _format_near(node: Near, left: Node, right: Node) -> str:
    operator = "BEFORE" if node.ordered else "NEAR"
    distance = "" if node.words is None else f"/{node.words}"
    return f"{_format(left, _Level.NEAR)} {operator}{distance} {_format(right, _Level.UNARY)}"


class _Parser:
    """Recursive descent over the tokens of one line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokenise(text))
        self.next = 0
        self.depth = 0

    def parse(self) -> Node:
        if not self.tokens:
            raise MatchLineError("the match line is empty; name at least one list", 0)
        node = self._line()
        token = self._peek()
        if token is not None:
            self._complain_about_rest(token)
        return node

    def _line(self) -> Node:
        items = [self._scoped()]
        while self._take("OR"):
            items.append(self._scoped())
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _scoped(self) -> Node:
        items = [self._near()]
        while True:
            if self._take("AND"):
                items.append(self._near())
            elif self._take("IN"):
                items = [In(_joined(items), self._scope())]
            else:
                return _joined(items)

    def _scope(self) -> Scope:
        token = self._peek()
        if token is None or token.text not in set(Scope):
            self._fail("IN wants `title`, `sentence` or `text` after it", token)
        self.next += 1
        return Scope(token.text)

    def _near(self) -> Node:
        node = self._unary()
        while (token := self._peek()) is not None:
            operator, words = _distance(token)
            if operator is None:
                break
            self.next += 1
            node = Near(node, self._unary(), words, ordered=operator == "BEFORE")
        return node

    def _unary(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            self._fail("the line is nested too deeply; split it into several topics", self._peek())
        node = Not(self._unary()) if self._take("NOT") else self._primary()
        self.depth -= 1
        return node

    def _primary(self) -> Node:
        token = self._peek()
        if token is None:
            self._fail(f"{self._last()} has nothing after it", None)
        self.next += 1
        if token.text == "(":
            return self._closed(token, self._line)
        if token.text.startswith('"'):
            return self._phrase(token)
        if _COUNT.fullmatch(token.text):
            return self._at_least(token)
        if token.text in {")", ","} or token.is_operator:
            self._fail(
                _misplaced(token, self.tokens[self.next - 2] if self.next > 1 else None), token
            )
        return _name(token)

    def _phrase(self, token: Token) -> Node:
        text = token.text[1:-1].strip()
        if not text:
            self._fail("the quotes are empty", token)
        return Phrase(text)

    def _closed(self, opening: Token, content: "Callable[[], Node]") -> Node:
        node = content()
        if not self._take(")"):
            token = self._peek()
            if token is not None and token.text != ",":
                self._complain_about_rest(token)
            self._fail("this parenthesis is never closed", opening)
        return node

    def _at_least(self, number: Token) -> Node:
        if not (self._take("of") and self._take("(")):
            self._fail("a number begins a choice: write it as `2 of (a, b, c)`", number)
        return self._closed(self.tokens[self.next - 1], lambda: self._choice(number))

    def _choice(self, number: Token) -> Node:
        items = [self._line()]
        while self._take(","):
            items.append(self._line())
        if not 1 <= int(number.text) <= len(items):
            listed = "one" if len(items) == 1 else f"1 to {len(items)}"
            self._fail(f"`{number.text} of` can ask for {listed} of what is listed here", number)
        return AtLeast(int(number.text), tuple(items))

    def _peek(self) -> Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.text != text:
            return False
        self.next += 1
        return True

    def _last(self) -> str:
        return f"`{self.tokens[self.next - 1].text}`" if self.next else "the line"

    def _complain_about_rest(self, token: Token) -> NoReturn:
        upper = token.text.upper()
        if Token(upper, 0).is_operator and not token.is_operator:
            self._fail(f"operators are written in capitals: {upper}", token)
        if token.text == ")":
            self._fail("this parenthesis was never opened", token)
        if token.text == ",":
            self._fail("a comma stands only in `2 of (a, b, c)`; write AND or OR", token)
        if token.text.isupper() and not token.text.isdigit():
            self._fail(
                f"unknown operator `{token.text}`; write AND, OR, NOT, NEAR, BEFORE or IN", token
            )
        self._fail(f"an operator is missing before `{token.text}`; write AND, OR or NEAR", token)

    def _fail(self, message: str, token: Token | None) -> NoReturn:
        raise _error(message, token or self.tokens[-1])


def _tokenise(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "open":
            raise MatchLineError("this quote is never closed", found.start())
        if found.lastgroup != "comment":
            yield Token(found[0], found.start())


def _error(message: str, token: Token) -> MatchLineError:
    return MatchLineError(message, token.offset, len(token.text))


def _joined(items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else And(tuple(items))


def _distance(token: Token) -> tuple[str | None, int | None]:
    if token.text in {"NEAR", "BEFORE"}:
        return token.text, None
    found = _DISTANCE.fullmatch(token.text)
    if found is None:
        if token.text.upper().startswith(("NEAR/", "BEFORE/")):
            raise _error(
                "the distance is 1 to 9999 words: NEAR/12 or BEFORE/12, in capitals", token
            )
        return None, None
    if int(found[2]) == 0:
        raise _error("a distance of 0 words can never hold", token)
    return found[1], int(found[2])


def _misplaced(token: Token, before: Token | None) -> str:
    if token.text in {")", ","}:
        what = "nothing" if before is None else f"`{before.text}`"
        return f"a name is missing between {what} and `{token.text}`"
    if before is None or before.text == "(":
        return f"{token.text} has nothing before it"
    return f"a name is missing between `{before.text}` and `{token.text}`"


def _name(token: Token) -> Name:
    if token.text.upper() in _OPERATORS:
        raise _error(f"operators are written in capitals: {token.text.upper()}", token)
    if token.text[0] in OTHER_QUOTES or token.text[-1] in OTHER_QUOTES:
        raise _error(f'`{token.text}`: a phrase stands in straight double quotes (")', token)
    if not _NAME.fullmatch(token.text):
        raise _error(f"`{token.text}` is no name of a list; put a phrase in quotes", token)
    return Name(token.text)
