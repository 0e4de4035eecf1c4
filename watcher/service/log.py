"""Logging: structlog through stdlib logging, so that libraries share our one format.

A terminal gets colours; under systemd (JOURNAL_STREAM) a line is logfmt behind its `<N>` priority
(sd-daemon(3)); `--log-format json` is for collectors. Secrets are cut out of every line.
"""

import logging
import os
import sys
from collections.abc import Collection, MutableMapping
from typing import Literal, TextIO

import structlog

Format = Literal["auto", "console", "logfmt", "json"]
Event = MutableMapping[str, object]

#: syslog(3) severities for the journal.
PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
#: Libraries that log what is ours to say, or whole URLs with tokens at INFO (httpx).
QUIET = (
    "httpx",
    "httpcore",
    "apprise",
    "aiosmtplib",
    "telegram",
    "apscheduler",
    "alembic",
    "aiohttp",
)


class Redactor:
    """Replaces known secrets wherever they stand in a log line."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def know(self, secrets: Collection[str]) -> None:
        """Remember secrets; longer ones first, so that no tail of one survives."""
        self._secrets = tuple(sorted({s for s in secrets if s}, key=len, reverse=True))

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
    form = _choose(form, stream)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
    ]
    if form != "logfmt":
        shared.append(structlog.processors.TimeStamper(fmt="iso", utc=form == "json"))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _install(stream, form, shared, level)


def _choose(form: Format, stream: TextIO) -> Format:
    if form != "auto":
        return form
    if os.environ.get("JOURNAL_STREAM"):
        return "logfmt"
    return "console" if stream.isatty() else "logfmt"


def _install(
    stream: TextIO, form: Format, shared: list[structlog.typing.Processor], level: int
) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(form, stream),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return redactor.clean(super().format(record))


def _renderer(form: Format, stream: TextIO) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        return structlog.dev.ConsoleRenderer(
            colors=stream.isatty() and "NO_COLOR" not in os.environ
        )
    return _journal_line


def _journal_line(logger: object, name: str, event: Event) -> str:
    level = str(event.pop("level", "info"))
    pairs = {"event": event.pop("event", ""), **event}
    line = structlog.processors.LogfmtRenderer(bool_as_flag=False)(
        logger, name, {key: _plain(value) for key, value in pairs.items()}
    )
    priority = (
        f"<{PRIORITY.get(level, 6)}>" if os.environ.get("JOURNAL_STREAM") else f"level={level} "
    )
    return f"{priority}{line}"


def _plain(value: object) -> object:
    """Return text on one line: nothing from outside may begin a line of its own in the log."""
    return value.replace("\r", " ").replace("\n", " ⏎ ") if isinstance(value, str) else value
