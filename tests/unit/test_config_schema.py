import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from watcher.cli import group
from watcher.config import json_schema
from watcher.config.values import (
    DURATION_PATTERN,
    LANGUAGE_PATTERN,
    QUIET_HOURS_PATTERN,
    SCHEDULE_PATTERN,
    SIZE_PATTERN,
    QuietHours,
    Schedule,
    parse_duration,
    parse_language,
    parse_size,
)

CONTRACT = Path(__file__).resolve().parents[1] / "configs" / "contract.toml"
SCHEMA: dict[str, Any] = json_schema()


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a schema."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    if isinstance(node, dict):
        yield node
    for element in inner:
        yield from objects(element)


def test_no_number_is_without_a_lower_bound() -> None:
    numbers = [node for node in objects(SCHEMA) if node.get("type") in ("integer", "number")]

    assert numbers
    assert all("minimum" in node or "exclusiveMinimum" in node for node in numbers)


def complaints(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield where a value differs from a schema, as far as ours uses JSON Schema."""
    if "$ref" in schema:
        yield from complaints(value, SCHEMA["$defs"][schema["$ref"].split("/")[-1]], path)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} has not the form {schema['pattern']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "oneOf" in schema:
        given = [choice for choice in schema["oneOf"] if choice["required"][0] in value]
        if len(given) != 1:
            yield f"{path}: not one of {schema['oneOf']}"
    if isinstance(value, dict):
        yield from table_complaints(value, schema, path)
    if isinstance(value, list) and "items" in schema:
        for index, element in enumerate(value):
            yield from complaints(element, schema["items"], f"{path}[{index}]")


def table_complaints(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    named = schema.get("patternProperties", {"": schema.get("additionalProperties", {})})
    (rest,) = named.values()
    for key in set(schema.get("required", ())) - value.keys():
        yield f"{path}: {key} is missing"
    for key, element in value.items():
        inner = schema.get("properties", {}).get(key, rest)
        if inner is False:
            yield f"{path}: {key} is unknown"
        else:
            yield from complaints(element, inner, f"{path}.{key}")


def test_every_key_is_described() -> None:
    missing = [
        name
        for node in objects(SCHEMA)
        for name, schema in node.get("properties", {}).items()
        if "type" in node and not schema.get("description")
    ]

    assert missing == []


def test_every_optional_key_says_its_default() -> None:
    silent = [
        f"{name}.{key}"
        for name, table in SCHEMA["$defs"].items()
        for key, schema in table.get("properties", {}).items()
        if name != "ChannelTable"  # one of its kinds is required
        and key not in table.get("required", ())
        and not re.search("Default: |Instead of |Required", schema["description"])
        and "$ref" not in schema
    ]

    assert silent == []


def test_durations_say_their_unit_and_bounds() -> None:
    durations = [
        schema
        for node in objects(SCHEMA)
        for schema in node.get("properties", {}).values()
        if isinstance(schema, dict) and schema.get("pattern") == DURATION_PATTERN
    ]

    assert len(durations) > 8
    assert all("Duration, " in schema["description"] for schema in durations)


def test_the_schema_accepts_the_contract() -> None:
    assert list(complaints(tomllib.loads(CONTRACT.read_text("utf-8")), SCHEMA)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("[polling]\nintervall = '5m'", "intervall is unknown", id="unknown key"),
        pytest.param("[polling]\ninterval = '5 min'", "has not the form", id="bad duration"),
        pytest.param("[[topics]]\nid = 'a'", "match is missing", id="missing key"),
        pytest.param("[channels.a]\ntelegram = { chat = 1 }", "not one of", id="no secret"),
        pytest.param(
            "[[topics]]\nid = 'a'\nmatch = 'a'\npriority = 'x'", "is none of", id="not in the list"
        ),
    ],
)
def test_the_schema_refuses_mistakes(text: str, complaint: str) -> None:
    (found,) = complaints(tomllib.loads(text), SCHEMA)

    assert complaint in found


@given(st.data())
@pytest.mark.parametrize(
    ("pattern", "parse"),
    [
        pytest.param(DURATION_PATTERN, parse_duration, id="duration"),
        pytest.param(SIZE_PATTERN, parse_size, id="size"),
        pytest.param(LANGUAGE_PATTERN, parse_language, id="language"),
        pytest.param(QUIET_HOURS_PATTERN, QuietHours.parse, id="quiet hours"),
        pytest.param(SCHEDULE_PATTERN, Schedule.parse, id="schedule"),
    ],
)
def test_what_an_editor_accepts_is_read_or_refused_for_its_meaning(
    pattern: str, parse: Callable[[str], object], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern)).removesuffix("\n")
    refusal = ""
    try:
        parse(text)
    except ValueError as error:
        refusal = str(error)

    assert not re.search("must be (a (duration|size|schedule|language tag)|two times)", refusal)


def test_the_command_prints_the_schema() -> None:
    result = CliRunner().invoke(group, ["config", "schema"])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == SCHEMA
