from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.headers import (
    LONGEST,
    RawHeaders,
    basic_authorization,
    date_of,
    exact,
    freshness,
    location,
    retry_after,
    sendable,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = (b"Date", b"Sun, 22 Nov 2026 12:00:00 GMT")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        pytest.param(b"120", 2 * MINUTE, id="seconds"),
        pytest.param(b" 120 ", 2 * MINUTE, id="blanks"),
        pytest.param(b"0", timedelta(), id="at once"),
        pytest.param(b"Sun, 22 Nov 2026 12:10:00 GMT", 10 * MINUTE, id="date"),
        pytest.param(b"Sunday, 22-Nov-26 12:10:00 GMT", 10 * MINUTE, id="date of RFC 850"),
        pytest.param(b"Sun Nov 22 12:10:00 2026", 10 * MINUTE, id="date of asctime"),
        pytest.param(b"Sun, 22 Nov 2026 11:00:00 GMT", timedelta(), id="date gone by"),
        pytest.param(b"9" * 5000, LONGEST, id="more digits than a number may have"),
        pytest.param(b"Fri, 31 Dec 9999 23:59:59 GMT", LONGEST, id="end of time"),
        pytest.param(b"-5", None, id="negative"),
        pytest.param(b"120.5", 2 * MINUTE, id="fraction"),
        pytest.param(b"120s", 2 * MINUTE, id="unit"),
        pytest.param(b"120, 240", 2 * MINUTE, id="list"),
        pytest.param(b"2026-11-22T12:10:00Z", 10 * MINUTE, id="ISO date"),
        pytest.param(b"2026-11-22 soon", None, id="half a date"),
        pytest.param("٣".encode(), None, id="other digits"),
        pytest.param(b"soon", None, id="words"),
        pytest.param(b"", None, id="empty"),
    ],
)
def test_retry_after_in_seconds_or_until_a_date(value: bytes, wait: timedelta | None) -> None:
    assert retry_after([(b"Retry-After", value)], NOW) == wait


def test_a_retry_after_date_counts_from_the_servers_own_clock() -> None:
    headers = [DATE, (b"Retry-After", b"Sun, 22 Nov 2026 12:05:00 GMT")]

    assert retry_after(headers, NOW - timedelta(days=300)) == 5 * MINUTE


def test_no_retry_after_means_none() -> None:
    assert retry_after([DATE], NOW) is None


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        pytest.param([(b"Cache-Control", b"max-age=300")], 5 * MINUTE, id="max-age"),
        pytest.param([(b"cache-control", b"public, MAX-AGE = 300")], 5 * MINUTE, id="any case"),
        pytest.param([(b"Cache-Control", b'max-age="60"')], MINUTE, id="quoted"),
        pytest.param([(b"Cache-Control", b"s-maxage=300")], None, id="for shared caches only"),
        pytest.param([(b"Cache-Control", b"no-cache")], None, id="unsaid"),
        pytest.param(
            [(b"Cache-Control", b"max-age=300"), (b"Age", b"240")], MINUTE, id="less its age"
        ),
        pytest.param(
            [(b"Cache-Control", b"max-age=300"), (b"Age", b"\xb2")], 5 * MINUTE, id="no age"
        ),
        pytest.param(
            [(b"Cache-Control", b"max-age=300"), (b"Age", b"900")], timedelta(), id="stale"
        ),
        pytest.param([DATE, (b"Expires", b"Sun, 22 Nov 2026 12:01:00 GMT")], MINUTE, id="expires"),
        pytest.param(
            [
                (b"Date", b"Mon, 01 Mar 2027 12:00:00 GMT"),
                (b"Expires", b"Mon, 01 Mar 2027 12:01:00 GMT"),
            ],
            MINUTE,
            id="expires by the server's own clock",
        ),
        pytest.param([DATE, (b"Expires", b"0")], None, id="expires, no date"),
        pytest.param(
            [
                DATE,
                (b"Expires", b"Sun, 22 Nov 2026 13:00:00 GMT"),
                (b"Cache-Control", b"private, no-cache"),
            ],
            None,
            id="no-cache voids expires",
        ),
        pytest.param(
            [DATE, (b"Expires", b"Sun, 22 Nov 2020 12:01:00 GMT")], timedelta(), id="expired"
        ),
        pytest.param(
            [
                DATE,
                (b"Expires", b"Sun, 22 Nov 2026 13:00:00 GMT"),
                (b"Cache-Control", b"max-age=60"),
            ],
            MINUTE,
            id="max-age goes first",
        ),
        pytest.param(
            [(b"Expires", b"Sun, 22 Nov 2026 12:10:00 GMT")], timedelta(minutes=10), id="no date"
        ),
        pytest.param([], None, id="nothing"),
    ],
)
def test_an_answer_is_fresh_as_long_as_its_headers_say(
    headers: list[tuple[bytes, bytes]], fresh: timedelta | None
) -> None:
    assert freshness(headers, NOW) == fresh


def of_bytes(values: Iterable[int]) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(sorted(values))).map(bytes)


PRINTABLE = {9, *range(32, 127), *range(128, 256)}


@given(of_bytes(PRINTABLE))
def test_a_validator_goes_back_byte_for_byte_or_not_at_all(value: bytes) -> None:
    stored = exact([(b"ETag", value)], "etag")
    assert stored is not None

    sent = sendable(stored)

    assert sent is None or sent.encode() == value  # aiohttp writes UTF-8


@given(of_bytes(PRINTABLE.intersection(range(128))))
def test_every_ascii_validator_goes_back(value: bytes) -> None:
    assert sendable(exact([(b"ETag", value)], "ETag")) == value.decode()


@pytest.mark.parametrize("control", ["\r", "\n", "\x00", "\x7f"])
def test_a_validator_that_would_break_the_request_is_not_sent(control: str) -> None:
    assert sendable(f'"a{control}b"') is None


@given(st.lists(st.tuples(st.binary(), st.binary())), st.datetimes(timezones=st.just(UTC)))
def test_any_headers_are_read_without_error(
    headers: list[tuple[bytes, bytes]], now: datetime
) -> None:
    named = [
        (name, value)
        for _, value in headers
        for name in (b"Retry-After", b"Expires", b"Date", b"Age", b"Cache-Control")
    ]

    assert (retry_after(named, now) or LONGEST) <= LONGEST
    assert (freshness(named, now) or LONGEST) <= LONGEST


@pytest.mark.parametrize(
    ("value", "leads_to"),
    [
        pytest.param(b"/rss", "/rss", id="plain"),
        pytest.param("/новости".encode(), "/новости", id="UTF-8"),
        pytest.param(b"/caf\xe9?a=%20&b=c", "/caf%E9?a=%20&b=c", id="Latin-1"),
        pytest.param(b"", None, id="empty"),
    ],
)
def test_where_a_redirect_leads(value: bytes, leads_to: str | None) -> None:
    assert location([(b"Location", value)]) == leads_to


def test_basic_authorization_is_utf_8() -> None:
    assert basic_authorization("ада:пароль") == "Basic 0LDQtNCwOtC/0LDRgNC+0LvRjA=="


@pytest.mark.parametrize(
    ("headers", "time"),
    [
        pytest.param([DATE], NOW, id="its date"),
        pytest.param([DATE, (b"Age", b"300")], NOW + 5 * MINUTE, id="as a cache has kept it"),
        pytest.param([(b"Date", b"now")], None, id="no date"),
        pytest.param([(b"Age", b"300")], None, id="unsaid"),
        pytest.param(
            [(b"Date", b"Fri, 31 Dec 9999 23:59:59 GMT"), (b"Age", b"300")], None, id="no such time"
        ),
    ],
)
def test_a_server_tells_its_time(headers: RawHeaders, time: datetime | None) -> None:
    assert date_of(headers) == time


def test_a_field_in_several_lines_is_one_list() -> None:
    headers = [(b"Cache-Control", b"public"), (b"cache-control", b"max-age=600")]

    assert freshness(headers, NOW) == timedelta(minutes=10)
