"""The console: an alert as people read it, in colour where a terminal shows it."""

import os
import re
from html.parser import HTMLParser
from typing import TextIO

from watcher.alerts.render import plain_text, screen_html
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError

BOLD = "\x1b[1m"
DIM = "\x1b[2m"
ITALIC = "\x1b[3m"
CYAN = "\x1b[36m"
RESET = "\x1b[0m"
STYLES = {"b": BOLD, "i": ITALIC, "u": "\x1b[4m", "s": "\x1b[9m", "code": CYAN, "blockquote": ""}

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
            self._print(ansi(screen_html(outgoing)))
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


def ansi(html: str) -> str:
    """Return the HTML of a message in the colours of a terminal, links spelled out."""
    painter = _Painter()
    painter.feed(html)
    painter.close()
    return "".join(painter.parts)


class _Painter(HTMLParser):
    """Paints while it parses; an address follows its link, once for pieces of one link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[str] = []
        self._link = ""
        self._address_due = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = _CONTROL.sub("", dict(attrs).get("href") or "") if tag == "a" else ""
        if link != self._link:
            self._write_address()
        if tag == "a":
            self._link, self._address_due = link, False
        self._open.append(CYAN if tag == "a" else STYLES.get(tag, ""))
        self.parts.append(self._open[-1])

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()
        self.parts.append("".join((RESET, *self._open)))
        self._address_due = self._address_due or (tag == "a" and bool(self._link))

    def handle_data(self, data: str) -> None:
        self._write_address()
        self.parts.append(_CONTROL.sub("", data))

    def close(self) -> None:
        super().close()
        self._write_address()

    def _write_address(self) -> None:
        if self._address_due:
            self.parts.append("".join((f" {DIM}{self._link}{RESET}", *self._open)))
            self._link, self._address_due = "", False
