"""What every table of the configuration has in common."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from watcher.config.secrets import Form, gather_secret


class Table(BaseModel):
    """A table of the configuration: no unknown keys, never changed after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretTable(Table):
    """A table that holds a secret, in one of its four forms."""

    secret: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _gather_secret(cls, table: Any) -> Any:
        return gather_secret(table, cls.secret) if isinstance(table, dict) else table

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        table = handler.resolve_ref_schema(handler(schema))
        forms = {
            cls.secret + Form.FILE: "a file that holds it; relative to this file",
            cls.secret + Form.ENV: "an environment variable that holds it",
            cls.secret + Form.CREDENTIAL: "a systemd credential that holds it (LoadCredential=)",
        }
        for key, description in forms.items():
            table["properties"][key] = {
                "type": "string",
                "description": f"Instead of `{cls.secret}`: {description}.",
            }
        if cls.secret in table.get("required", []):
            table["required"].remove(cls.secret)
            table["oneOf"] = [{"required": [key]} for key in (cls.secret, *forms)]
        return table
