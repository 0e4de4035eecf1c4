"""Secrets: given in one of four forms, revealed only where they are used, never shown."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from stat import S_ISREG
from typing import Any, NoReturn, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from watcher.config.pipes import given, is_pipe
from watcher.errors import ConfigError


class Form(StrEnum):
    """Where a secret comes from: the end of its key (`token`, `token_file`, ...)."""

    VALUE = ""
    FILE = "_file"
    ENV = "_env"
    CREDENTIAL = "_credential"


#: How each form reads in an error or a listing.
FORM_NAMES = {
    Form.VALUE: "value",
    Form.FILE: "file",
    Form.ENV: "environment variable",
    Form.CREDENTIAL: "systemd credential",
}


class Secret:
    """A secret that nothing prints: not repr, str, a dump, a pickle or an error.

    Attributes:
        owner: whose it is, for errors: "channel desk"; empty when unknown.
    """

    __slots__ = ("_source", "form", "owner")

    def __init__(self, source: str, form: Form = Form.VALUE, *, owner: str = "") -> None:
        self._source = source
        self.form = form
        self.owner = owner

    @property
    def source(self) -> str | None:
        """The file, variable or credential it comes from; None for a secret given itself."""
        return None if self.form is Form.VALUE else self._source

    def reveal(self, environ: Mapping[str, str] = os.environ) -> str:
        """Return the secret without one trailing newline; of a pipe what was kept of it.

        Raises:
            ConfigError: the file, variable or credential is missing, unreadable or empty.
        """
        try:
            text = self._read(environ)
        except (OSError, KeyError, ValueError) as error:
            raise self._error("cannot be read" if _exists(error) else "is missing") from None
        text = text.removesuffix("\n").removesuffix("\r")
        if not text:
            raise self._error("is empty")
        return text

    def path(self, environ: Mapping[str, str] = os.environ) -> Path | None:
        """Return the file that holds it; None when no file does.

        Raises:
            KeyError: it is a credential and systemd gave us none.
        """
        if self.form is Form.FILE:
            return Path(self._source)
        if self.form is Form.CREDENTIAL:
            return Path(environ["CREDENTIALS_DIRECTORY"]) / self._source
        return None

    def is_lasting(self, environ: Mapping[str, str] = os.environ) -> bool:
        """Whether it may be read here, and again: a pipe gives it once, `<(pass show bot)`.

        systemd hides a service's credentials from all but its main process, `reload` included.
        """
        try:
            path = self.path(environ)
            return path is None or path.is_file()
        except (OSError, KeyError):
            return False

    def place(self, environ: Mapping[str, str] = os.environ) -> tuple[str, str | None, int, int]:
        """Return its form and source; of a file, if it is there, also when written and how large.

        A credential's is written anew at each start of the service: its time tells nothing.
        """
        with suppress(OSError, KeyError, ValueError):
            if path := self.path(environ):
                found = path.stat()
                if not S_ISREG(found.st_mode):  # a pipe has a new time whenever it is used
                    return self.form, self.source, 0, 0
                written = 0 if self.form is Form.CREDENTIAL else found.st_mtime_ns
                return self.form, self.source, written, found.st_size
        return self.form, self.source, 0, 0

    def _read(self, environ: Mapping[str, str]) -> str:
        if self.form is Form.ENV:
            return environ[self._source]
        path = self.path(environ)
        if path is None:
            return self._source
        return given(path).decode() if is_pipe(path) else path.read_text("utf-8")

    def _error(self, trouble: str) -> ConfigError:
        owner = f"{self.owner}: " if self.owner else ""
        source = f" {self.source}".replace("\0", "\N{REPLACEMENT CHARACTER}") if self.source else ""
        return ConfigError(f"{owner}secret {FORM_NAMES[self.form]}{source} {trouble}")

    def __repr__(self) -> str:
        shown = "hidden" if self.source is None else f"{FORM_NAMES[self.form]} {self.source}"
        return f"Secret({shown})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return (self.form, self._source) == (other.form, other._source)

    def __hash__(self) -> int:
        return hash((self.form, self._source))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not leave its process")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validate,
            serialization=core_schema.plain_serializer_function_ser_schema(repr, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class SecretForms:
    """One secret's keys and values as they stand in a table, in order; one alone is legal."""

    name: str
    values: dict[str, Any] = field(repr=False)


def gather_secret(table: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the raw table with the four keys of the secret `name` gathered under `name`."""
    keys = [name + form for form in Form]
    values = {key: value for key, value in table.items() if key in keys}
    if not values or isinstance(values.get(name), Secret):
        return table
    rest = {key: value for key, value in table.items() if key not in keys}
    return rest | {name: SecretForms(name, values)}


def _validate(value: Any) -> Secret:
    if isinstance(value, Secret):
        return value
    forms = value if isinstance(value, SecretForms) else SecretForms("", {"": value})
    (key, source), *others = forms.values.items()
    if others:
        again = others[-1][0]
        trouble = "gives the secret that `{first}` gives already; keep one of the two"
        raise PydanticCustomError("secret", trouble, {"key": again, "first": key})
    if not isinstance(source, str):
        raise PydanticCustomError("secret", "must be a string in quotes", {"key": key})
    if not source.strip():
        raise PydanticCustomError("secret", "must not be empty", {"key": key})
    return Secret(source, Form(key.removeprefix(forms.name)))


def _exists(error: Exception) -> bool:
    """Tell whether there is something to read; a ValueError is of a name that no file can have."""
    if isinstance(error, ValueError):
        return isinstance(error, UnicodeDecodeError)
    return not isinstance(error, FileNotFoundError | KeyError)
