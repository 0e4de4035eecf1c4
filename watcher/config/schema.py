"""The JSON schema of the configuration, for editors that complete and check TOML."""

from typing import Any

from watcher.config.settings import Settings

#: Bounds of durations, which pydantic writes under names that JSON Schema does not know.
OUR_RULES = ("ge", "le", "gt")


def json_schema() -> dict[str, object]:
    """Return the schema of config.toml (JSON Schema 2020-12); each key has a description."""
    schema = _tidy(Settings.model_json_schema(by_alias=True))
    _write_defaults(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Configuration of Watcher",
    }


def _write_defaults(schema: dict[str, Any]) -> None:
    """Write the tables' defaults as a user does ("15m"): pydantic has them as ISO 8601 says."""
    for table in schema["properties"].values():
        if "$ref" in table and "default" in table:
            set_keys = {key: value for key, value in table["default"].items() if value is not None}
            table["default"] = set_keys
            fields = schema["$defs"][table["$ref"].rpartition("/")[2]]["properties"]
            for key, value in set_keys.items():
                fields[key]["default"] = value


def _tidy(node: Any) -> Any:
    """Drop what TOML does not know (null) and what tells an editor's user nothing (titles)."""
    if isinstance(node, list):
        return [_tidy(element) for element in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: {name: _tidy(inner) for name, inner in value.items()}
        if key in {"$defs", "properties"}
        else _tidy(value)
        for key, value in node.items()
        if key not in {"title", *OUR_RULES} and not (key == "default" and value is None)
    }
    return _merge_optional(tidy)


def _merge_optional(node: dict[str, Any]) -> dict[str, Any]:
    """Write `X or null` as X."""
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) != 1:
        return node
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return {**choices[0], **rest}
