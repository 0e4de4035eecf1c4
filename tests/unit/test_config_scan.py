"""The scanner against tomllib: same paths, and each span read alone gives the same value."""

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher.config.scan import Item, KeyPath, content_offset, scan

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
BLANKS = ["", " ", "\t", "  "]
SCALARS = [
    "1",
    "0x1F",
    "3.5e1",
    "-inf",
    "true",
    "07:32:00",
    "1979-05-27",
    "1979-05-27T07:32:00Z",
    "1979-05-27 07:32:00.9-07:00",
]
LINE_BREAKS = ["", "\n", ' # ] a comment, = "not a value"\n', "\n\n\t"]

characters = st.sampled_from(list("ab é金🙂ا\"'\\#[]{}=,.\n\t")) | st.characters(
    exclude_categories=["Cs", "Cc"]
)
texts = st.text(characters, max_size=6)
keys = st.sampled_from(["a", "b-c", "d_1", "1", "ключ", "x.y", 'q"uote', "", "it's"])


@st.composite
def basic_literals(draw: st.DrawFn, text: str, quotes: str) -> tuple[str, list[int]]:
    """Write a basic string; return its literal and where in it each character starts."""
    literal = quotes
    if quotes == '"""' and (text.startswith("\n") or draw(st.booleans())):
        literal += "\n"
    starts = []
    for char in text:
        if quotes == '"""' and draw(st.integers(0, 5)) == 0:
            literal += draw(st.sampled_from(["\\\n", "\\  \n \n  "]))
            text_may_stand = char not in " \t\n"
        else:
            text_may_stand = True
        starts.append(len(literal))
        literal += _written(draw, char, quotes, bare=text_may_stand)
    return literal + quotes, starts


def _written(draw: st.DrawFn, char: str, quotes: str, *, bare: bool) -> str:
    escaped = ESCAPES.get(char, f"\\U{ord(char):08X}")
    must = char in '"\\\r' or (char in "\n\t" and quotes == '"') or not bare
    if char == "\n" and quotes == '"""' and bare:
        return draw(st.sampled_from(["\n", "\\n"]))
    if must:
        return f"\\u{ord(char):04X}" if char in " \t\n" else escaped
    return draw(st.sampled_from([char, char, escaped]))


@st.composite
def literal_literals(draw: st.DrawFn, text: str) -> tuple[str, list[int]] | None:
    quotes = draw(st.sampled_from(["'", "'''"]))
    if "'" in text or "\r" in text or ("\n" in text and quotes == "'"):
        return None
    start = quotes + ("\n" if quotes == "'''" else "")
    return f"{start}{text}{quotes}", [len(start) + index for index in range(len(text))]


@st.composite
def string_literals(draw: st.DrawFn, text: str) -> tuple[str, list[int]]:
    literal = draw(literal_literals(text)) if draw(st.booleans()) else None
    return literal or draw(basic_literals(text, draw(st.sampled_from(['"', '"""']))))


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    """Write a value in some style."""
    kinds = ["string", "scalar", "array", "table"] if depth else ["string", "scalar"]
    match draw(st.sampled_from(kinds)):
        case "string":
            return draw(string_literals(draw(texts)))[0]
        case "scalar":
            return draw(st.sampled_from(SCALARS))
        case "array":
            elements: list[str] = draw(st.lists(values(depth - 1), max_size=3))
            space = draw(st.sampled_from(LINE_BREAKS))
            comma = draw(st.sampled_from(["", ","])) if elements else ""
            return f"[{space}{f'{space},{space}'.join(elements)}{comma}{space}]"
        case _:
            names = draw(st.lists(keys, max_size=3, unique=True))
            space = draw(st.sampled_from(BLANKS))
            pairs = [
                f"{space}{draw(key_literals(name))}{space}={space}{draw(values(depth - 1))}{space}"
                for name in names
            ]
            return f"{{{','.join(pairs)}}}"


@st.composite
def key_literals(draw: st.DrawFn, key: str) -> str:
    styles = [draw(basic_literals(key, '"'))[0]]
    if key.isascii() and key.replace("-", "").replace("_", "").isalnum():
        styles.append(key)
    if "'" not in key:
        styles.append(f"'{key}'")
    return draw(st.sampled_from(styles))


@st.composite
def dotted_keys(draw: st.DrawFn, first: str) -> str:
    parts = [first, *draw(st.lists(keys, max_size=2))]
    dot = draw(st.sampled_from([".", " . ", "\t."]))
    return dot.join(draw(key_literals(part)) for part in parts)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    names = draw(st.lists(keys, max_size=3, unique=True))
    indent, space = draw(st.sampled_from(BLANKS)), draw(st.sampled_from(BLANKS))
    end = draw(st.sampled_from(["\n", " # = [comment]\n", "\n\n", "\n# [table]\n"]))
    return "".join(
        f"{indent}{draw(dotted_keys(name))}{space}={space}{draw(values())}{end}" for name in names
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Write a document: keys, then tables, arrays of tables and tables inside them."""
    text = draw(bodies()) if draw(st.booleans()) else ""
    for number in range(draw(st.integers(0, 3))):
        name = f"table{number}"
        if draw(st.booleans()):
            text += f"[ {name}.{draw(key_literals(draw(keys)))} ]\n{draw(bodies())}"
            continue
        for _ in range(draw(st.integers(1, 3))):
            text += f"[[{name}]]\n{draw(bodies())}"
            if draw(st.booleans()):
                text += f"[{name}.zz.inner] # of it\n{draw(bodies())}"
            if draw(st.booleans()):
                text += f"[[{name}.zzz]]\n{draw(bodies())}" * 2
    return text


def paths_of(value: Any, path: KeyPath = ()) -> dict[KeyPath, Any]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[KeyPath, Any] = {}
    for key, element in inner:
        found[(*path, key)] = element
        if isinstance(element, dict | list):
            found |= paths_of(element, (*path, key))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_every_path_stands_where_tomllib_reads_its_value(text: str) -> None:
    expected = paths_of(tomllib.loads(text))

    items = scan(text)

    assert items.keys() == expected.keys()
    for path, item in items.items():
        if item.key:
            literal = text[item.key.start : item.key.end]
            assert next(iter(tomllib.loads(f"{literal} = 1"))) in path
        if item.value and not _is_header(item):
            literal = text[item.value.start : item.value.end]
            assert tomllib.loads(f"value = {literal}")["value"] == expected[path]


def _is_header(item: Item) -> bool:
    """Whether an item is a table with a header: its key stands in it."""
    return bool(item.key and item.value and item.value.start < item.key.start)


@given(st.data())
def test_an_offset_leads_to_its_character(data: st.DataObject) -> None:
    text = data.draw(texts)
    literal, starts = data.draw(string_literals(text))
    assert tomllib.loads(f"value = {literal}")["value"] == text

    found = [content_offset(literal, index) for index in range(len(text))]

    assert found == starts
    quotes = 3 if literal.startswith(('"""', "'''")) else 1
    assert content_offset(literal, len(text)) == len(literal) - quotes


@pytest.mark.parametrize(
    ("text", "path", "key", "value"),
    [
        pytest.param("a.b.c = 1", ("a", "b"), "b", None, id="dotted key between"),
        pytest.param("[a.b]\nc=1", ("a", "b"), "b", "[a.b]", id="table with a header"),
        pytest.param("[a.b]\nc=1", ("a",), "a", None, id="table above a header"),
        pytest.param("[[a]]\n[[a]]", ("a", 1), "a", "[[a]]", id="second of an array of tables"),
        pytest.param("a = {b = [1, 22]}", ("a", "b", 1), None, "22", id="inside inline values"),
        pytest.param('"a b" = 5 # five', ("a b",), '"a b"', "5", id="quoted key"),
        pytest.param('a = """x""" ', ("a",), "a", '"""x"""', id="multi-line string"),
        pytest.param("a = '''b'''''", ("a",), "a", "'''b'''''", id="quotes before the end"),
    ],
)
def test_keys_and_values_are_cut_exactly(
    text: str, path: KeyPath, key: str | None, value: str | None
) -> None:
    item = scan(text)[path]

    assert (text[item.key.start : item.key.end] if item.key else None) == key
    assert (text[item.value.start : item.value.end] if item.value else None) == value


def test_a_line_that_goes_on_keeps_what_toml_calls_no_blank() -> None:
    literal = '"""\\\n \t\n\u00a0x"""'
    assert tomllib.loads(f"value = {literal}")["value"] == "\u00a0x"
    assert [content_offset(literal, index) for index in range(2)] == [8, 9]
