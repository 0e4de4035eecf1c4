"""The types of the configuration's keys: read from TOML, bounded, described for editors."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)

from watcher.config.suggest import did_you_mean
from watcher.config.values import (
    DURATION_PATTERN,
    LANGUAGE_PATTERN,
    QUIET_HOURS_PATTERN,
    SCHEDULE_PATTERN,
    SIZE_PATTERN,
    Network,
    QuietHours,
    Schedule,
    format_duration,
    format_size,
    parse_duration,
    parse_language,
    parse_network,
    parse_size,
)

EXAMPLE_PROXY = "http://proxy.example:3128"
#: A daemon's lock beside its database, which may therefore not be called so.
LOCK_NAME = "watcher.lock"
#: Names of lists, topics and channels stand in match lines, commands and the database.
NAME_PATTERN = r"^\w[\w.-]{0,63}$"
#: The same for editors, whose regular expressions may know no letters but ASCII.
EDITORS_NAME_PATTERN = r"^\S{1,64}$"
#: RFC 9110, section 5.6.2: what a header's name may be made of.
HEADER_NAME_PATTERN = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
#: What `use` takes, for editors; which names there are is the watchlist's to say.
PACK_PATTERN = r"^pack:\S+$"


def _text_reader(parse: Callable[[str], Any], example: str) -> Callable[[Any], Any]:
    """Return a validator that parses strings, passes values on and refuses other TOML types."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if isinstance(value, bool | int | float | list | dict | date | time):
            raise ValueError(f'must be a string in quotes, like "{example}", got {describe(value)}')  # noqa: TRY004  (pydantic collects ValueError alone)
        return value

    return read


def describe(value: object) -> str:
    """Name what TOML holds at a place; numbers and strings as they are."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return "a list"
    return "a table" if isinstance(value, Mapping) else "a date or time"


def _text_schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


def _check_text(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _read_file_name(value: Any) -> Any:
    return _check_text(value) if isinstance(value, str) else value


def _check_name(text: str) -> str:
    if not re.fullmatch(NAME_PATTERN, text):
        raise ValueError(f'must be a name of letters, digits, ".", "_" and "-", got "{text}"')
    return text


def _check_header_value(text: str) -> str:
    if "\r" in text or "\n" in text:
        raise ValueError("must stand on one line")
    return text


def _check_header_name(text: str) -> str:
    if not re.fullmatch(HEADER_NAME_PATTERN, text):
        raise ValueError(f'must be the name of a header, like "Accept-Language", got "{text}"')
    return text


def _check_country(text: str) -> str:
    if not re.fullmatch("[A-Z]{2}", text):
        hint = f'; did you mean "{text.upper()}"?' if re.fullmatch("[A-Za-z]{2}", text) else ""
        raise ValueError(f'must be a country code like "KP", got "{text}"{hint}')
    return text


def web_address(text: str, like: str = "https://example.org/rss") -> str:
    """Return an http or https address with a host, or explain what it lacks."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"must be an address like {like}") from None
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", text):
        raise ValueError(f"must be an address like {like}")
    return text


def _check_proxy(text: str) -> str:
    return web_address(text, like=EXAMPLE_PROXY)


def _check_own_proxy(text: str) -> str:
    return _check_proxy(text) if text else text


def plain_address(text: str) -> str:
    """Return an address without what no server tells apart; whatever is none stays as it is.

    That is the case of scheme and host, a port that goes without saying, and what follows "#".
    """
    try:
        parts = urlsplit(web_address(text.strip()))
    except ValueError:
        return text
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    place = host if parts.port in (None, usual) else f"{host}:{parts.port}"
    login = "".join(parts.netloc.rpartition("@")[:2])
    return urlunsplit((parts.scheme, login + place, parts.path or "/", parts.query, ""))


def sent_address(text: str) -> str:
    """Return an address as it is asked for: in ASCII, each escape spelt in one way alone."""
    if re.fullmatch(r"[\w:/.?&=~-]*", text, re.ASCII) and "/." not in text:
        return text  # as nearly all of them are, of which there may be thousands
    from yarl import URL

    try:
        return str(URL(text))
    except ValueError:
        return text


def _check_address(text: str) -> str:
    web_address(text)
    if urlsplit(text).username is not None:
        raise ValueError("must not hold a user or password, addresses are shown in listings")
    return text


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _check_database(url: str) -> str:
    dialect = url.partition(":")[0].partition("+")[0]
    if dialect != "sqlite":
        raise ValueError('must be SQLite for now, like "sqlite:///watcher.db"')
    path = url.partition(":///")[2]
    if not path or path.startswith((":memory:", "?")):
        raise ValueError('must name a file, like "sqlite:///watcher.db"')
    if "?" in path:
        raise ValueError('must name a file and no options: nothing may follow a "?"')
    if path.rpartition("/")[2] == LOCK_NAME:
        raise ValueError(f"must have another name: {LOCK_NAME} is the lock beside it")
    return url


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, a folder of zones, a path out of them
        hint = did_you_mean(name, available_timezones(), quote='"')
        message = f'must be a time zone like "Asia/Jakarta", got "{name}"{hint}'
        raise ValueError(message) from None
    return name


def _read_chat(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_chat(chat: str) -> str:
    if not re.fullmatch(r"-?[0-9]+|@\w+", chat):
        raise ValueError('must be a chat like -1001234567890 or "@channelname"')
    return chat


def _check_mail_server(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port == 0 or parts.scheme not in {"smtp", "smtps"} or parts.path.strip("/"):
        raise ValueError('must be a mail server like "smtps://user@mail.example.org:465"')
    if parts.password is not None:
        raise ValueError("must not hold the password; use `password_file`")
    return url


def _check_mail_address(address: str) -> str:
    local, _, domain = address.rpartition("@")
    if not local or not domain or re.search(r"[\r\n]", address):
        raise ValueError(f'must be a mail address like "name@example.org", got "{address}"')
    return address


Text = Annotated[str, AfterValidator(_check_text)]
Name = Annotated[
    str,
    AfterValidator(_check_name),
    WithJsonSchema({"type": "string", "pattern": EDITORS_NAME_PATTERN}),
]
FileName = Annotated[
    Path,
    BeforeValidator(_read_file_name),
    WithJsonSchema({"type": "string", "format": "path", "minLength": 1}),
]
Duration = Annotated[
    timedelta,
    BeforeValidator(_text_reader(parse_duration, "15m")),
    PlainSerializer(format_duration, when_used="json"),
    _text_schema(DURATION_PATTERN, "30s", "15m", "1h30m"),
]
Size = Annotated[
    int,
    BeforeValidator(_text_reader(parse_size, "10MB")),
    PlainSerializer(format_size, when_used="json"),
    _text_schema(SIZE_PATTERN, "500kB", "10MB"),
]
Cidr = Annotated[
    Network,
    BeforeValidator(_text_reader(parse_network, "127.0.0.0/8")),
    WithJsonSchema({"type": "string", "examples": ["127.0.0.0/8", "fd00::/8"]}),
]
Language = Annotated[
    str, AfterValidator(parse_language), _text_schema(LANGUAGE_PATTERN, "id", "en", "zh-TW")
]
Recurring = Annotated[
    Schedule,
    PlainValidator(_text_reader(Schedule.parse, "daily 07:00")),
    PlainSerializer(str, when_used="json"),
    _text_schema(SCHEDULE_PATTERN, "daily 07:00", "weekly mon 08:00", "every 2h"),
]
Quiet = Annotated[
    QuietHours,
    PlainValidator(_text_reader(QuietHours.parse, "22:00-06:00")),
    PlainSerializer(str, when_used="json"),
    _text_schema(QUIET_HOURS_PATTERN, "22:00-06:00"),
]
Timezone = Annotated[str, AfterValidator(_check_timezone)]
Database = Annotated[
    str, AfterValidator(_check_database), _text_schema("^sqlite:///.+", "sqlite:///watcher.db")
]
Country = Annotated[str, AfterValidator(_check_country), _text_schema("^[A-Z]{2}$", "KP")]
PackNames = Annotated[
    tuple[Text, ...],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": PACK_PATTERN},
                {"type": "array", "items": {"type": "string", "pattern": PACK_PATTERN}},
            ]
        }
    ),
]
WebAddress = Annotated[str, AfterValidator(_check_address), _text_schema("^https?://")]
Proxy = Annotated[str, AfterValidator(_check_proxy), _text_schema("^https?://", EXAMPLE_PROXY)]
OwnProxy = Annotated[
    str, AfterValidator(_check_own_proxy), _text_schema("^(https?://|$)", EXAMPLE_PROXY)
]
HeaderName = Annotated[str, AfterValidator(_check_header_name)]
HeaderValue = Annotated[str, AfterValidator(_check_header_value)]
Chat = Annotated[
    str,
    BeforeValidator(_read_chat),
    AfterValidator(_check_chat),
    WithJsonSchema({"type": ["string", "integer"], "examples": [-1001234567890, "@channelname"]}),
]
MailServer = Annotated[
    str,
    AfterValidator(_check_mail_server),
    _text_schema("^smtps?://", "smtps://watcher@mail.example.org:465"),
]
MailAddress = Annotated[str, AfterValidator(_check_mail_address)]
Count = Annotated[int, Strict()]
Weight = Annotated[float, Strict()]
Switch = Annotated[bool, Strict()]
