"""What Apprise's log says of a send that failed: how long to wait, and whether it may have arrived.

The log holds the message too: in what was sent, and in answers that repeat it. A headline has no
say about its own channel, so nothing counts that stands in the message.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from logging import DEBUG

from watcher.errors import LONGEST_RETRY_AFTER

#: The level of a line, and its text.
Line = tuple[int, str]

_RETRY_AFTER = re.compile(
    r"(?P<words>retry.after)(?P<milli>.ms)?\D{0,5}(?P<number>\d+(?:\.\d+)?)", re.IGNORECASE
)
_LOST = re.compile(r"(?P<words>socket exception|connection error|timed out|timeout)", re.IGNORECASE)
#: What requests says before a byte of the request went out.
_BEFORE_THE_REQUEST = re.compile(
    r"(?P<words>NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|SSLError|"
    r"Connection refused|CERTIFICATE_VERIFY_FAILED)"
)
#: Lines about an error of the connection, which hold an address and nothing else of ours.
_EXCEPTION = re.compile(r"[^:{<'\"]{0,60}\bexception\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\burl: |://)\S+")
#: At DEBUG these tell what came back; the others tell what was sent.
_ANSWER = re.compile(r"[^:{<'\"]{0,60}\b(?:response|failed|error)\b", re.IGNORECASE)
_NOT_A_LETTER = re.compile(r"[^a-z]+")


def wait_asked(lines: Iterable[Line], sent: str) -> timedelta | None:
    """Return how long the service asks us to wait, at most `LONGEST_RETRY_AFTER`; None if unsaid.

    Args:
        lines: the log.
        sent: the message.
    """
    found = next(_found(_RETRY_AFTER, lines, sent), None)
    if found is None:
        return None
    seconds = float(found["number"]) / (1000 if found["milli"] else 1)
    return timedelta(seconds=min(seconds, LONGEST_RETRY_AFTER.total_seconds()))


def may_have_arrived(lines: Iterable[Line], sent: str) -> bool:
    """Tell whether the request went out, by the log, and its answer was lost."""
    lines = tuple(lines)
    was_lost = any(True for _ in _found(_LOST, lines, sent))
    return was_lost and not any(True for _ in _found(_BEFORE_THE_REQUEST, lines, sent))


def _found(pattern: re.Pattern[str], lines: Iterable[Line], sent: str) -> Iterator[re.Match[str]]:
    """Yield where a pattern stands in words that are not our own."""
    own = _letters(sent)
    for level, text in lines:
        if _EXCEPTION.match(text):
            yield from pattern.finditer(_ADDRESS.sub("", text))
        elif level > DEBUG or _ANSWER.match(text):
            matches = pattern.finditer(text)
            yield from (match for match in matches if _letters(match["words"]) not in own)


def _letters(text: str) -> str:
    """Return the letters alone: the words are the same however a service writes what is between."""
    return _NOT_A_LETTER.sub("", text.lower())
