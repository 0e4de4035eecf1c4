from pathlib import Path

from stored import DAY, FEED, MINUTE, NOW, an_entry, open_in, store

from watcher.feeds.schedule import PollState
from watcher.model import WHOLE_DAY

OTHER = "https://other.example/rss"
POLLED = PollState(
    next_due=NOW + 5 * MINUTE,
    last_attempt=NOW,
    last_success=NOW,
    interval=5 * MINUTE,
    etag='W/"0815"',
    body_hash=b"\xff\x00",
)


def test_the_feeds_are_those_of_the_configuration(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        first = tx.feeds.sync([(FEED, "Antara", "id"), (OTHER, None, None)], NOW)
        second = tx.feeds.sync([(OTHER, None, "en")], NOW + DAY)

        assert second == {OTHER: first[OTHER]}
        (row,) = tx.feeds.all()
        assert (row.url, row.language, row.added) == (OTHER, "en", NOW)
        assert [row.active for row in tx.feeds.all(inactive=True)] == [False, True]


def test_a_feed_that_returns_goes_on_where_it_stood(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = tx.feeds.sync([(FEED, "Antara", None)], NOW)[FEED]
        tx.feeds.save_state(number, POLLED, None)
        tx.feeds.sync([], NOW)
        assert tx.feeds.states() == ()
        tx.feeds.sync([(FEED, "Antara", None)], NOW)

        (known,) = tx.feeds.states()
        assert (known.id, known.state) == (number, POLLED)


def test_a_feed_listed_twice_is_one_feed(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        assert tx.feeds.sync([(FEED, "A", None), (FEED, "B", None)], NOW) == {FEED: 1}


def test_many_feeds_are_no_trouble(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        listed = [(f"https://news.example/{number}", None, None) for number in range(5000)]

        assert len(tx.feeds.sync(listed, NOW)) == 5000
        assert len(tx.feeds.states()) == 5000


def test_a_feeds_own_title_names_it_only_when_nobody_else_did(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        numbers = tx.feeds.sync([(FEED, "Antara", None), (OTHER, None, None)], NOW)
        for number in numbers.values():
            tx.feeds.name(number, "Latest news")
        tx.feeds.sync([(FEED, "Antara", None), (OTHER, None, None)], NOW)

        assert [row.name for row in tx.feeds.all()] == ["Antara", "Latest news"]


def test_the_first_poll_that_works_is_the_baseline(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        number = tx.feeds.sync([(FEED, None, None)], NOW)[FEED]
        failed = POLLED._replace(last_success=None, failures=3, failing_since=NOW)
        tx.feeds.save_state(number, failed, "HTTP 503: the server is busy")

        assert not tx.feeds.polled_before(number)
        (row,) = tx.feeds.all()
        assert (row.failures, row.last_error) == (3, "HTTP 503: the server is busy")

        tx.feeds.save_state(number, POLLED, None)
        assert tx.feeds.polled_before(number)
        (row,) = tx.feeds.all()
        assert (row.failures, row.last_error, row.last_success) == (0, None, NOW)


def test_the_feed_longest_overdue_comes_first(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        numbers = tx.feeds.sync(
            [(url, None, None) for url in ("http://a", "http://b", "http://c")], NOW
        )
        tx.feeds.save_state(numbers["http://a"], POLLED._replace(next_due=NOW + MINUTE), None)
        tx.feeds.save_state(numbers["http://b"], POLLED._replace(next_due=NOW), None)

        assert [known.url[-1] for known in tx.feeds.states()] == ["c", "b", "a"]


def test_a_feed_shows_what_it_brought(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx)
        store(tx, an_entry("2", seen=NOW + MINUTE))

        (row,) = tx.feeds.all()
        assert (row.entries, row.newest) == (2, NOW + MINUTE)


def test_a_feed_never_stored_has_the_empty_state(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.read() as tx:
        assert tx.feeds.state(7) == PollState()


def test_a_feeds_lag_is_the_median_of_what_came_after_its_first_poll(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        store(tx, an_entry("baseline", seen=NOW, published=NOW - 9 * DAY))
        for minutes in (1, 5, 60):
            seen = NOW + minutes * MINUTE
            store(tx, an_entry(str(minutes), seen=seen, published=seen - minutes * MINUTE))
        store(tx, an_entry("undated", seen=NOW + MINUTE))
        store(tx, an_entry("a day", seen=NOW + MINUTE, published=NOW - DAY + WHOLE_DAY))

        assert list(tx.feeds.lags(NOW - DAY).values()) == [5 * MINUTE]
        assert tx.feeds.lags(NOW + 2 * DAY) == {}


def test_a_feed_that_moved_goes_on_under_its_new_address(tmp_path: Path) -> None:
    moved = POLLED._replace(address=OTHER)
    with open_in(tmp_path) as database, database.begin() as tx:
        number = tx.feeds.sync([(FEED, "Antara", None)], NOW)[FEED]
        tx.feeds.save_state(number, moved, None)
        assert tx.feeds.sync([(FEED, "Antara", None)], NOW) == {FEED: number}  # not listed yet

        assert tx.feeds.sync([(OTHER, "Antara", None)], NOW) == {OTHER: number}
        assert tx.feeds.state(number) == POLLED


def test_a_feed_that_moved_where_another_is_does_not_displace_it(tmp_path: Path) -> None:
    with open_in(tmp_path) as database, database.begin() as tx:
        numbers = tx.feeds.sync([(FEED, "A", None), (OTHER, "B", None)], NOW)
        tx.feeds.save_state(numbers[FEED], POLLED._replace(address=OTHER), None)

        assert tx.feeds.sync([(OTHER, "B", None)], NOW) == {OTHER: numbers[OTHER]}
