from datetime import timedelta
from logging import DEBUG, WARNING

import pytest

from watcher.alerts.senders.apprise_log import may_have_arrived, wait_asked
from watcher.errors import LONGEST_RETRY_AFTER, DeliveryError

REFUSED = (WARNING, "Failed to send JSON POST notification: error=429.")
NOT_REACHED = (WARNING, "A Connection error occurred sending JSON notification to 127.0.0.1.")


def answered(text: str) -> list[tuple[int, str]]:
    return [REFUSED, (DEBUG, f"Response Details:\r\nb'{text}'")]


def broken(text: str) -> list[tuple[int, str]]:
    return [NOT_REACHED, (DEBUG, f"Socket Exception: HTTPConnectionPool(host='a', port=1): {text}")]


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        pytest.param("Too Many Requests: retry after 7", 7, id="telegram"),
        pytest.param('{"retry_after": 0.3}', 0.3, id="discord"),
        pytest.param('{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2000}', 2, id="matrix"),
        pytest.param("retry-after: 1" + "0" * 400, 24 * 3600, id="no-number"),
    ],
)
def test_a_wait_is_as_long_as_the_service_asks_up_to_a_day(answer: str, seconds: float) -> None:
    assert wait_asked(answered(answer), "Ferry sinks") == timedelta(seconds=seconds)


def test_who_asks_for_nothing_is_not_waited_for() -> None:
    assert wait_asked([REFUSED], "Ferry sinks") is None


@pytest.mark.parametrize(
    "line",
    [
        "JSON Payload: {'message': 'Retry after 99 – now'}",
        "Response Details:\r\nb'message=Retry+after+99+%E2%80%93+now'",
        'Response Details:\r\nb\'{"message": "Retry after 99 \\u2013 now"}\'',
        "Socket Exception: Max retries exceeded with url: /send?text=Retry-after-99 (Caused by x)",
    ],
)
def test_a_headline_asks_for_no_wait(line: str) -> None:
    assert wait_asked([REFUSED, (DEBUG, line)], "Retry after 99 – now") is None


@pytest.mark.parametrize(
    ("lines", "is_in_doubt"),
    [
        pytest.param(broken("Read timed out. (read timeout=20)"), True, id="no-answer"),
        pytest.param(broken("Caused by NewConnectionError(': timed out')"), False, id="no-way"),
        pytest.param(answered("the queue timed out"), False, id="our-own-words"),
        pytest.param(answered("Timeout at the backend"), True, id="the-services-words"),
        pytest.param([REFUSED], False, id="refused"),
    ],
)
@pytest.mark.parametrize("sent", ["Talks timed out: connection refused, SSLError"])
def test_a_send_is_in_doubt_when_its_answer_was_lost_whatever_it_said(
    lines: list[tuple[int, str]], sent: str, *, is_in_doubt: bool
) -> None:
    assert may_have_arrived(lines, sent) is is_in_doubt


def test_no_service_silences_a_channel_for_longer_than_a_day() -> None:
    error = DeliveryError("wait", retry_after=timedelta(days=1157))

    assert error.retry_after == LONGEST_RETRY_AFTER
