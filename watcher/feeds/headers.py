"""Reading and writing the HTTP header fields that polling rests on (RFC 9110, RFC 9111).

Validators are opaque: what a server gave comes back to it byte for byte. Header text is kept as
Latin-1, one character per byte, which every byte survives. Everything here is pure.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from string import printable
from urllib.parse import quote

RawHeaders = Sequence[tuple[bytes, bytes]]

#: Nobody means more than a year; and larger numbers overflow.
LONGEST = timedelta(days=365)

#: What a header field may hold: no control characters but the tab (RFC 9110 section 5.5).
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


#: Retry-After in seconds, with what some programs add; of a list the first counts.
_SECONDS = re.compile(r"([0-9]+)(?:\.[0-9]*)?\s*(?:s|sec|seconds)?\s*(?:,|$)", re.IGNORECASE)

_UNCACHED = re.compile(r"(?:^|[\s,])no-(?:store|cache)\s*(?:,|$)", re.IGNORECASE)


def exact(headers: RawHeaders, name: str) -> str | None:
    """Return the first field of that name as Latin-1, unchanged; None if there is none."""
    return next(_values(headers, name), None)


def sendable(value: str | None) -> str | None:
    """Return the text that aiohttp writes as the bytes of a stored field; None if none does.

    It writes UTF-8 only. A validator that it would alter is better not sent: an unconditional
    request is honest, an invented validator is not.
    """
    if value is None or _FORBIDDEN.search(value):
        return None
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def location(headers: RawHeaders) -> str | None:
    """Return where a redirect leads; bytes that are not UTF-8 percent-encoded, as browsers do."""
    value = (exact(headers, "Location") or "").encode("latin-1")
    try:
        return value.decode() or None
    except UnicodeDecodeError:
        return quote(value, safe=printable)


def basic_authorization(credentials: str) -> str:
    """Return the Authorization field for "user:password" (RFC 7617, in UTF-8)."""
    return "Basic " + b64encode(credentials.encode()).decode("ascii")


def retry_after(headers: RawHeaders, now: datetime) -> timedelta | None:
    """Return how long the server asks us to wait, in seconds or until a date; None if unsaid.

    A date counts from the server's own clock where it shows one. Who writes it otherwise than RFC
    9110 says ("120.5", "120s", "2026-11-22T12:00:00Z") wants to be left alone no less.
    """
    text = (exact(headers, "Retry-After") or "").strip()
    if found := _SECONDS.match(text):
        return _seconds(found[1])
    until = _date(text) or _date(text, datetime.fromisoformat)
    return _span(until, _date(exact(headers, "Date")) or now) if until else None


def freshness(headers: RawHeaders, now: datetime) -> timedelta | None:
    """Return how long the answer stays fresh by Cache-Control or Expires; None if unsaid.

    An expiry counts from the server's own clock where it shows one, else from the receipt (RFC 9110
    section 6.6.1).
    """
    cache_control = listed(headers, "Cache-Control")
    if found := re.search(r'(?:^|[\s,])max-age\s*=\s*"?(\d+)', cache_control, re.IGNORECASE):
        return max(_seconds(found[1]) - _age(headers), timedelta())
    if _UNCACHED.search(cache_control):  # each request asks anew, whatever else is said
        return None
    expires = _date(exact(headers, "Expires"))
    return _span(expires, _date(exact(headers, "Date")) or now) if expires else None


def date_of(headers: RawHeaders) -> datetime | None:
    """Return what time it is by the clock of the server (RFC 9110 section 6.6.1); None if unsaid.

    What a cache has kept says by its Age how long ago that was.
    """
    date = _date(exact(headers, "Date"))
    try:
        return date and date + _age(headers)
    except OverflowError:
        return None


def listed(headers: RawHeaders, name: str) -> str:
    """Return a field that may be given in several lines as one list (RFC 9110 section 5.3)."""
    return ",".join(_values(headers, name))


def _values(headers: RawHeaders, name: str) -> Iterator[str]:
    wanted = name.lower().encode("ascii")
    return (value.decode("latin-1") for field, value in headers if field.lower() == wanted)


def _age(headers: RawHeaders) -> timedelta:
    """Return how long a cache on the way has kept the answer already."""
    text = (exact(headers, "Age") or "").strip()
    return _seconds(text) if text.isascii() and text.isdigit() else timedelta()


def _seconds(digits: str) -> timedelta:
    limit = int(LONGEST.total_seconds())
    # A long run of digits is slow to convert, or refused; it is more than the limit anyway.
    return timedelta(seconds=min(int(digits[:20]), limit))


def _span(until: datetime, since: datetime) -> timedelta:
    return min(max(until - since, timedelta()), LONGEST)


def _date(
    text: str | None, read: Callable[[str], datetime] = parsedate_to_datetime
) -> datetime | None:
    """Read an HTTP date; a zone is GMT even where none is named (RFC 9110 section 5.6.7)."""
    try:
        date = read(text or "")
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
