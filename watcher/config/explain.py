"""What the models refuse, in sentences for users: what is wrong, what is allowed, what we got."""

from collections.abc import Iterable
from datetime import timedelta
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import PlainSerializer, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from watcher.config.fields import describe
from watcher.config.problems import Problem
from watcher.config.scan import KeyPath
from watcher.config.secrets import Form
from watcher.config.settings import Settings
from watcher.config.suggest import did_you_mean
from watcher.config.tables import SecretTable, Table
from watcher.config.values import format_duration

#: Tables that one may mistake for each other when a key stands in the wrong one.
TOP_TABLES = ("watcher", "polling", "stories", "alerts")

#: What pydantic's plain type errors expect.
EXPECTED = {
    "string_type": "a string in quotes",
    "path_type": "a string in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
}
#: Parts of the path to a language in a word list.
WORDS_DEPTH = 3
_MISPLACED = "; does it belong above the first table of the file?"
BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
TABLES = {"model_type", "model_attributes_type", "dict_type"}


def explain(error: ValidationError) -> list[Problem]:
    """Return a problem for each thing that the models refuse."""
    return [_problem(details) for details in error.errors(include_url=False)]


def _problem(error: ErrorDetails) -> Problem:
    path = error["loc"]
    if path[-1] == "[key]":
        path = path[:-1]
        return Problem(path, f"`{path[-1]}` {_sentence(error, path)}", at_key=True)
    kind = error["type"]
    if kind == "extra_forbidden":
        return Problem(path, _unknown_key(path), at_key=True)
    if kind == "missing":
        return Problem(path, _missing_key(path))
    context = error.get("ctx", {})
    at_key = "first" in context or _is_language(path, kind)
    if "key" in context:
        path = (*path[:-1], context["key"])
    misplaced = _MISPLACED if at_key and path[-1] in keys_at(()) else ""
    return Problem(path, f"{_subject(path)} {_sentence(error, path)}{misplaced}", at_key=at_key)


def _is_language(path: KeyPath, kind: str) -> bool:
    """Tell whether it is the key of a word list's terms that is wrong, not what it holds."""
    return path[0] == "words" and len(path) == WORDS_DEPTH and kind == "value_error"


def _subject(path: KeyPath) -> str:
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"each of `{key}`" if isinstance(path[-1], int) else f"`{key}`"


def _sentence(error: ErrorDetails, path: KeyPath) -> str:
    """Return what follows the key's name: "must be ..., got ..."."""
    kind, value = error["type"], error["input"]
    if kind in EXPECTED:
        got = _kind(value) if "headers" in path else describe(value)
        return f"must be {EXPECTED[kind]}, got {got}"
    if kind in BOUNDS:
        return _bounds(path, value)
    if kind in TABLES:
        return f"must be a table{_header_hint(path, value)}, got {_kind(value)}"
    if kind == "tuple_type":
        return f"must be a list{_list_hint(path)}, got {_kind(value)}"
    return _other(error)


def _other(error: ErrorDetails) -> str:
    """Return what our own validators say, or pydantic where we have no words for it."""
    kind, context, message = error["type"], error.get("ctx", {}), error["msg"]
    if kind == "value_error":
        return str(context["error"])
    if kind == "enum":
        return _one_of(context["expected"], error["input"])
    if kind in {"too_short", "string_too_short"}:
        return "must not be empty"
    return message if kind == "secret" else f"is wrong: {message}"


def _kind(value: object) -> str:
    """Name the TOML type of a value without showing it."""
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "a number"
    return describe(value)


def _one_of(expected: str, value: object) -> str:
    allowed = [name.strip("'") for part in expected.split(" or ") for name in part.split(", ")]
    quoted = [f'"{name}"' for name in allowed]
    listed = " or ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)
    hint = did_you_mean(value, allowed, quote='"') if isinstance(value, str) else ""
    return f"must be {listed}, got {describe(value)}{hint}"


def _bounds(path: KeyPath, value: object) -> str:
    field = field_at(path)
    rules = field.metadata if field else []
    write = next((rule.func for rule in rules if isinstance(rule, PlainSerializer)), str)
    low, above, high = (_bound(rules, name, write) for name in ("ge", "gt", "le"))
    got = _write(value, write)
    if low and high:
        return f"must be between {low} and {high}, got {got}"
    if above and high:
        return f"must be above {above} and at most {high}, got {got}"
    if high:
        return f"must be at most {high}, got {got}"
    return f"must be at least {low}, got {got}"


def _bound(rules: Iterable[Any], name: str, write: Any) -> str | None:
    bounds = (getattr(rule, name, None) for rule in rules)
    return next((_write(bound, write) for bound in bounds if bound is not None), None)


def _write(value: object, write: Any) -> str:
    if isinstance(value, timedelta):
        return f'"{format_duration(value)}"'
    return str(value) if write is str else f'"{write(value)}"'


def _header_hint(path: KeyPath, value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f", write [{'.'.join(map(str, path))}]"
    return ""


def _list_hint(path: KeyPath) -> str:
    if _table_at((*path, 0)):
        return f" of tables, write [[{'.'.join(map(str, path))}]]"
    return ' like ["..."]'


def _missing_key(path: KeyPath) -> str:
    key = str(path[-1])
    table = _table_at(path[:-1])
    if table and issubclass(table, SecretTable) and key == table.secret:
        others = [f"`{key}{form}`" for form in Form if form]
        return f"missing key `{key}_file` (or {', '.join(others[1:])} or `{key}`)"
    return f"missing key `{key}`"


def _unknown_key(path: KeyPath) -> str:
    key = str(path[-1])
    start = f"unknown key `{key}`"
    if len(path) > 1 and key in keys_at(()):
        return f"{start}{_MISPLACED}"
    home = next((table for table in TOP_TABLES if key in keys_at((table,))), None)
    return (
        f"{start}; it belongs in [{home}]"
        if home
        else start + did_you_mean(key, keys_at(path[:-1]))
    )


def keys_at(path: KeyPath) -> list[str]:
    """Return the keys that a table may have; none when users name its keys themselves."""
    table = _table_at(path)
    if table is None:
        return []
    keys = [field.alias or name for name, field in table.model_fields.items()]
    if issubclass(table, SecretTable):
        keys += [table.secret + form for form in Form if form]
    return keys


def field_at(path: KeyPath) -> FieldInfo | None:
    """Return the field of a key, or of the list or table that holds it; None when unknown."""
    for length in range(len(path), 0, -1):
        table = _table_at(path[: length - 1])
        if table:
            return _field(table, path[length - 1])
    return None


def _field(table: type[Table], key: object) -> FieldInfo | None:
    fields = table.model_fields.items()
    return next((field for name, field in fields if (field.alias or name) == key), None)


def _table_at(path: KeyPath) -> type[Table] | None:
    annotation: Any = Settings
    for part in path:
        annotation = _inside(annotation, part)
    annotation = _plain(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, Table) else None


def _inside(annotation: Any, part: object) -> Any:
    annotation = _plain(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Table):
        field = _field(annotation, part)
        return field.annotation if field else None
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    return get_args(annotation)[1] if get_origin(annotation) is dict else None


def _plain(annotation: Any) -> Any:
    """Return an annotation without `| None` and Annotated."""
    if get_origin(annotation) in {Union, UnionType}:
        return next(inner for inner in get_args(annotation) if inner is not NoneType)
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation
