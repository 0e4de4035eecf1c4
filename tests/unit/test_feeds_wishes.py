from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.parse import parse_feed
from watcher.feeds.wishes import end_of_rest, skipped

MONDAY = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("hours", "days", "end"),
    [
        pytest.param((), (), MONDAY, id="nothing asked"),
        pytest.param((9, 11), (), MONDAY, id="another hour"),
        pytest.param((10,), (), MONDAY.replace(hour=11, minute=0), id="this hour"),
        pytest.param((10, 11, 12), (), MONDAY.replace(hour=13, minute=0), id="three hours"),
        pytest.param((), (0,), MONDAY.replace(hour=0, minute=0) + DAY, id="this day"),
        pytest.param((0,), (0,), MONDAY.replace(hour=1, minute=0) + DAY, id="day, then hour"),
        pytest.param(range(24), (), MONDAY, id="who skips all says nothing"),
    ],
)
def test_when_a_rest_ends(hours: tuple[int, ...], days: tuple[int, ...], end: datetime) -> None:
    assert end_of_rest(MONDAY, hours, days) == end


@given(
    st.integers(0, 60 * 24 * 14).map(lambda minutes: MONDAY + minutes * HOUR / 60),
    st.sets(st.integers(0, 23), max_size=23),
    st.sets(st.integers(0, 6), max_size=6),
)
def test_a_rest_ends_outside_of_it_and_within_a_week(
    at: datetime, hours: set[int], days: set[int]
) -> None:
    end = end_of_rest(at, hours, days)

    assert end.hour not in hours
    assert end.weekday() not in days
    assert at <= end <= at + 7 * DAY


@pytest.mark.parametrize(
    ("text", "hours", "days"),
    [
        ("<skipHours><hour>3</hour><hour> 1 </hour></skipHours>", (1, 3), ()),
        ("<skiphours><hour>24</hour></skiphours>", (0,), ()),
        ("<skipHours><hour>25</hour><hour>3</hour></skipHours>", (3,), ()),
        ("<skipHours><hour>noon</hour><hour>-1</hour></skipHours>", (), ()),
        ("<skipDays>\n<day>Sunday</day><day>monday</day><day>Xday</day></skipDays>", (), (0, 6)),
        ("<skipDays><day>Frıday</day><day>Sunday</day></skipDays>", (), (6,)),
        ("<title>none</title>", (), ()),
    ],
)
def test_hours_and_days_are_read(text: str, hours: tuple[int, ...], days: tuple[int, ...]) -> None:
    assert skipped(text) == (hours, days)


def test_a_document_tells_its_rests_and_its_next_page() -> None:
    body = (
        b'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>x</title>'
        b"<skipHours><hour>1</hour><hour>2</hour></skipHours><skipDays><day>Friday</day></skipDays>"
        b'<a:link rel="next" href="?page=2"/><item><title>t</title></item></channel></rss>'
    )

    feed = parse_feed(body, content_type=None, url="https://a.example/feed", now=MONDAY)

    assert (feed.skip_hours, feed.skip_days) == ((1, 2), (4,))
    assert feed.next_page == "https://a.example/feed?page=2"


def test_a_json_feed_tells_its_next_page() -> None:
    body = (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "next_url": "/2", '
        b'"items": [{"id": "1", "title": "t"}]}'
    )

    feed = parse_feed(body, content_type=None, url="https://a.example/feed", now=MONDAY)

    assert feed.next_page == "https://a.example/2"
