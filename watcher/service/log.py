"""Logging: structlog through stdlib logging, so that libraries share our one format.

A terminal gets colours; in systemd's journal a line is logfmt behind its `<N>` priority
(sd-daemon(3)); elsewhere logfmt with time and level; `--log-format json` is for collectors.
Secrets are cut out of every line, and nothing from outside can begin a line of its own.
"""

import json
import logging
import os
import re
import sys
import threading
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import Literal, TextIO
from urllib.parse import quote

from watcher.lean import without

with without("rich"):
    import structlog
    from structlog.typing import Processor

#: Whoever has something to log gets the logger of its module here.
get_logger = structlog.get_logger

Format = Literal["auto", "console", "logfmt", "json"]
Event = MutableMapping[str, object]

#: syslog(3) severities for the journal.
PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
#: Whose lines are logged below WARNING: ours alone. Libraries tell there what is ours to say, and
#: whole addresses with their tokens (httpx at INFO, urllib3 at DEBUG).
OURS = "watcher"
#: What turns the text behind it around or sets it apart (UAX #9), and shows nothing itself.
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
#: Characters that would begin a line or steer a terminal, and what stands for them in a line.
VISIBLE = {
    **dict.fromkeys(_TURNING, ""),
    **dict.fromkeys(
        (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), "\N{REPLACEMENT CHARACTER}"
    ),
    ord("\n"): " ⏎ ",
    ord("\r"): " ",
    ord("\t"): " ",
}
#: What JSON allows in a string though some readers end a line there.
JSON_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *_TURNING)}


class Redactor:
    """Replaces known secrets wherever they stand in a log line."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def know(self, secrets: Collection[str]) -> None:
        """Remember secrets; longer ones first, so that no tail of one survives."""
        spellings = {spelling for secret in secrets if secret for spelling in _spellings(secret)}
        self._secrets = tuple(sorted(spellings, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return the text without any known secret."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


redactor = Redactor()


def configure(
    form: Format = "auto",
    *,
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> None:
    """Set up logging for this process; call it once, before anything logs."""
    stream = stream or sys.stderr
    if form == "auto":
        form = "console" if stream.isatty() else "logfmt"
    renderers = _renderers(form, stream)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
        _timestamper(form),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _install(stream, shared, renderers, level)


def _install(
    stream: TextIO, shared: list[Processor], renderers: list[Processor], level: int
) -> None:
    handler = logging.StreamHandler(stream)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        _RedactingFormatter(foreign_pre_chain=shared, processors=[remove_meta, *renderers])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger(OURS).setLevel(level)


def tell_crashes() -> None:
    """Have what nobody caught logged as all else: Python's own traceback may show a secret."""

    def crashed(error: BaseException | None) -> None:
        logging.getLogger(OURS).critical("crashed", exc_info=error)

    sys.excepthook = lambda _kind, error, _trace: crashed(error)
    threading.excepthook = lambda thread: crashed(thread.exc_value)


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return redactor.clean(super().format(record))


def _renderers(form: Format, stream: TextIO) -> list[Processor]:
    if form == "json":
        return [_redact, _json_line]
    if form == "console":
        colors = stream.isatty() and "NO_COLOR" not in os.environ
        return [_redact, _tame, structlog.dev.ConsoleRenderer(colors=colors)]
    return [_redact, _journal_line if _is_journal(stream) else _logfmt_line]


def _timestamper(form: Format) -> structlog.processors.TimeStamper:
    """Return what sets the time: people read the clock on their wall, programs read UTC."""
    if form == "console":
        return structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False)
    return structlog.processors.TimeStamper(fmt="iso", utc=True)


def _is_journal(stream: TextIO) -> bool:
    """Tell whether a stream leads to the journal.

    JOURNAL_STREAM alone does not say so: a terminal opened from a service inherits it, and it names
    device and inode of the stream that it means (systemd.exec(5)).
    """
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


def _redact(_logger: object, _name: str, event: Event) -> Event:
    """Cut secrets out before values are escaped, after which they would not be recognised."""
    return {key: _without_secrets(value) for key, value in event.items()}


def _without_secrets(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _without_secrets(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_secrets(one) for one in value]
    return redactor.clean(str(value))


def _json_line(_logger: object, _name: str, event: Event) -> str:
    return json.dumps(event, ensure_ascii=False).translate(JSON_ESCAPES)


def _journal_line(_logger: object, _name: str, event: Event) -> str:
    event.pop("timestamp", None)  # the journal has its own
    priority = PRIORITY.get(str(event.pop("level", "")), PRIORITY["info"])
    return f"<{priority}>{_logfmt({'event': event.pop('event', ''), **event})}"


def _logfmt_line(_logger: object, _name: str, event: Event) -> str:
    head = {"time": event.pop("timestamp", ""), "level": event.pop("level", "")}
    return _logfmt({**head, "event": event.pop("event", ""), **event})


def _logfmt(pairs: Event) -> str:
    render = structlog.processors.LogfmtRenderer(bool_as_flag=False)
    return render(None, "", {_key(key): _plain(value) for key, value in pairs.items()})


def _tame(_logger: object, _name: str, event: Event) -> Event:
    """Make values fit for a terminal; a traceback keeps its lines, but none begins at the left."""
    exception = event.pop("exception", None)
    plain: Event = {key: _plain(value) for key, value in event.items()}
    if exception is not None:
        lines = str(exception).split("\n")
        plain["exception"] = "\n".join(f"    {_plain(line)}" for line in lines)
    return plain


def _plain(value: object) -> object:
    """Return a value whose text is one line without characters that steer a terminal."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value).translate(VISIBLE)


def _key(key: str) -> str:
    """Return a key that logfmt can bear; those of libraries may hold anything."""
    return re.sub(r"[\x00- =\"\x7f-\x9f]+", "_", key) or "_"


def _spellings(secret: str) -> Iterator[str]:
    """Yield a secret as it may stand in a line: plain, on one line, escaped, inside a URL."""
    yield secret
    yield secret.translate(VISIBLE)
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret, safe="")
    yield b64encode(secret.encode(errors="replace")).decode()  # as a login stands in its header
