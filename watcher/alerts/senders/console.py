"""The console: an alert as people read it, in colour where a terminal shows it."""

import os
import re
from collections.abc import Iterable
from itertools import groupby
from typing import TextIO

from watcher.alerts.lines import Line, Span, message_of
from watcher.alerts.render import all_lines, plain_text
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError

BOLD = "\x1b[1m"
DIM = "\x1b[2m"
ITALIC = "\x1b[3m"
CYAN = "\x1b[36m"
RESET = "\x1b[0m"

#: Everything that could move the cursor or forge a line; a feed must not steer a terminal.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066\u2067]")
#: A line that begins so is of that urgency to systemd's journal (sd-daemon(3)); <0> goes to every
#: terminal of the machine.
_URGENCY = re.compile(r"^<", re.MULTILINE)


class ConsoleSender:
    """Prints alerts to a stream, one blank line after each."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self._name = name
        self._stream = stream

    @property
    def limit_key(self) -> str:
        """The channel itself: a console has no limit."""
        return f"console-{self._name}"

    async def send(self, outgoing: Outgoing) -> None:
        """Print one alert."""
        if self._is_colourful():
            self._print(ansi(all_lines(outgoing)))
        else:
            self._print("\n".join(_CONTROL.sub("", part) for part in plain_text(outgoing)))

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Print one plain line."""
        text = _CONTROL.sub("", text)
        self._print(f"{DIM}{text}{RESET}" if self._is_colourful() else text)

    async def close(self) -> None:
        """Do nothing: the stream is not ours."""

    def _is_colourful(self) -> bool:
        """See no-color.org for the variable."""
        stream = self._stream
        return not stream.closed and stream.isatty() and not os.environ.get("NO_COLOR")

    def _print(self, text: str) -> None:
        text = _URGENCY.sub(" <", text.rstrip())
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "replace").decode(encoding) + "\n\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the console does not take output ({error})") from error


def ansi(lines: Iterable[Line]) -> str:
    """Return a message in the colours of a terminal, links spelled out."""
    return message_of(lines, _painted)


def _painted(line: Line) -> str:
    """Return a line in colours; an address follows its link, once for pieces of one link."""
    parts: list[str] = []
    for href, spans in groupby(line.spans, key=lambda span: span.href):
        parts += map(_coloured, spans)
        parts += [f" {DIM}{_CONTROL.sub('', href)}{RESET}"] if href else []
    return "".join(parts)


def _coloured(span: Span) -> str:
    marks = ((CYAN, span.code or span.href), (ITALIC, span.italic), (BOLD, span.bold))
    style = "".join(mark for mark, wanted in marks if wanted)
    text = _CONTROL.sub("", span.text)
    return f"{style}{text}{RESET}" if style else text
