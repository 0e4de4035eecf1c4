from collections.abc import Callable
from datetime import time, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config.values import (
    QuietHours,
    Schedule,
    format_duration,
    format_size,
    parse_duration,
    parse_language,
    parse_network,
    parse_size,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        pytest.param("0s", timedelta(0), id="none"),
        pytest.param("30s", timedelta(seconds=30), id="seconds"),
        pytest.param("15m", timedelta(minutes=15), id="minutes"),
        pytest.param("1h30m", timedelta(minutes=90), id="two units"),
        pytest.param("1h 30m", timedelta(minutes=90), id="two units with a space"),
        pytest.param("90d", timedelta(days=90), id="days"),
        pytest.param("2w", timedelta(days=14), id="weeks"),
    ],
)
def test_a_duration_is_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "5", "5 minutes", "1.5h", "-5m", "m", "5M", "٥m5", "PT5M"])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r'must be a duration like "30s", "15m"'):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "is_hinted"), [("0.5s", True), ("500ms", True), ("1,5h", True), ("5 minutes", False)]
)
def test_a_part_of_a_second_is_told_what_a_duration_counts(text: str, is_hinted: bool) -> None:
    with pytest.raises(ValueError, match="must be a duration") as caught:
        parse_duration(text)

    assert str(caught.value).endswith("; whole numbers, of seconds at least") is is_hinted


def test_a_duration_that_would_overflow_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be longer than 3660d"):
        parse_duration("999999999w")


@given(st.integers(min_value=0, max_value=3660 * 86400))
def test_a_written_duration_reads_back(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "size"),
    [
        pytest.param("10MB", 10_000_000, id="megabytes"),
        pytest.param("500kB", 500_000, id="kilobytes"),
        pytest.param("1 GiB", 1024**3, id="binary"),
        pytest.param("7b", 7, id="bytes"),
    ],
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "10", "10 megabytes", "1.5MB", "-1MB", "MB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a size like"):
        parse_size(text)


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_written_size_reads_back(size: int) -> None:
    assert parse_size(format_size(size)) == size


def test_a_bare_address_is_a_network_of_one() -> None:
    assert parse_network("127.0.0.1") == ip_network("127.0.0.1/32")


def test_an_address_with_a_prefix_names_its_network() -> None:
    with pytest.raises(ValueError, match=r'did you mean "10\.1\.0\.0/16"'):
        parse_network("10.1.2.3/16")


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "10.0.0", ""])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a network like"):
        parse_network(text)


@pytest.mark.parametrize("tag", ["id", "EN", "zh-TW", "sr-Latn-RS", "min"])
def test_a_language_tag_stays_as_written(tag: str) -> None:
    assert parse_language(tag) == tag


@pytest.mark.parametrize(
    ("country", "language"), [("jp", "ja"), ("cn", "zh"), ("UA", "uk"), ("us", "en")]
)
def test_a_country_is_no_language(country: str, language: str) -> None:
    with pytest.raises(ValueError, match=f'did you mean "{language}"'):
        parse_language(country)


def test_a_language_goes_by_its_shortest_code() -> None:
    with pytest.raises(ValueError, match='did you mean "id"'):
        parse_language("ind")


@pytest.mark.parametrize("tag", ["zz", "xx-TW"])
def test_two_letters_that_name_no_language_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match=f'no language is "{tag}"'):
        parse_language(tag)


@pytest.mark.parametrize("tag", ["", "e", "english", "en_US", "12"])
def test_what_is_no_language_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="must be a language tag"):
        parse_language(tag)


def test_quiet_hours_are_two_times_across_midnight() -> None:
    assert QuietHours.parse("22:00-6:30") == QuietHours(time(22), time(6, 30))


def test_quiet_hours_that_never_end_are_refused() -> None:
    with pytest.raises(ValueError, match="must start and end at different times"):
        QuietHours.parse("22:00-22:00")


@pytest.mark.parametrize("text", ["", "22-06", "24:00-06:00", "22:00", "22:60-06:00", "always"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be two times like"):
        QuietHours.parse(text)


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        pytest.param("daily 07:00", Schedule(at=time(7)), id="daily"),
        pytest.param("weekly mon 08:00", Schedule(at=time(8), weekday=0), id="weekly"),
        pytest.param("every 2h", Schedule(every=timedelta(hours=2)), id="interval"),
        pytest.param("every 1h 30m", Schedule(every=timedelta(minutes=90)), id="long interval"),
    ],
)
def test_a_schedule_is_read(text: str, schedule: Schedule) -> None:
    assert Schedule.parse(text) == schedule
    assert Schedule.parse(str(schedule)) == schedule


@pytest.mark.parametrize(
    "text", ["", "daily", "daily 7", "daily 25:00", "weekly monday 08:00", "hourly", "every day"]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a schedule like"):
        Schedule.parse(text)


def test_a_schedule_without_a_pause_is_refused() -> None:
    with pytest.raises(ValueError, match="more than no time"):
        Schedule.parse("every 0s")


@given(st.text(max_size=20))
@pytest.mark.parametrize(
    "parse",
    [
        parse_duration,
        parse_size,
        parse_network,
        parse_language,
        QuietHours.parse,
        Schedule.parse,
    ],
)
def test_any_text_is_read_or_refused_with_a_predicate(
    parse: Callable[[str], object], text: str
) -> None:
    trouble = "must be read"
    try:
        parse(text)
    except ValueError as error:
        trouble = str(error)

    assert trouble.startswith("must ")
