"""Dates of real feeds, read right whatever the newsroom's language and habits."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watcher.feeds.date_words import MONTH_WORDS, MONTHS, fold
from watcher.feeds.dates import (
    DAY_FIRST,
    MAX_DATE,
    MONTH_FIRST,
    ORDERS,
    is_ahead,
    orders_of,
    parse_date,
)
from watcher.feeds.zones import LONG_NAMES
from watcher.model import WHOLE_DAY

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
AFTERNOON = datetime(2023, 9, 13, 14, 5, tzinfo=UTC)
DAY = datetime(2023, 9, 13, tzinfo=UTC) + WHOLE_DAY


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("Wed, 13 Sep 2023 14:05:00 +0000", AFTERNOON, id="rfc 5322"),
        pytest.param("Wed, 13 Sep 2023 14:05:00 GMT", AFTERNOON, id="rfc 5322 with a name"),
        pytest.param("Wed, 13 Sep 23 14:05 UT", AFTERNOON, id="rfc 822, year of two digits"),
        pytest.param("13 Sep 2023 14:05", AFTERNOON, id="no zone is UTC"),
        pytest.param("Wednesday, 13-Sep-23 14:05:00 GMT", AFTERNOON, id="rfc 850"),
        pytest.param("Wed Sep 13 14:05:00 2023", AFTERNOON, id="asctime"),
        pytest.param("Wed Sep 13 21:05:00 WIB 2023", AFTERNOON, id="unix date"),
        pytest.param("2023-09-13T14:05:00Z", AFTERNOON, id="iso 8601"),
        pytest.param("2023-09-13T21:05+0700", AFTERNOON, id="iso 8601, short"),
        pytest.param("2023-09-13T09:05:00.123456789-05:00", AFTERNOON, id="iso 8601, nanoseconds"),
        pytest.param("2023-09-13 14:05:00 +0000 UTC", AFTERNOON, id="zone twice"),
        pytest.param("20230913T140500Z", AFTERNOON, id="compact"),
        pytest.param("20230913140500", AFTERNOON, id="compact without letters"),
        pytest.param("20230913", DAY, id="compact day"),
        pytest.param("2023-09-13", DAY, id="iso day"),
        pytest.param("1694613900", AFTERNOON, id="epoch seconds"),
        pytest.param("1694613900000", AFTERNOON, id="epoch milliseconds"),
        pytest.param("Thu,28 Jul 2022 4:35:5 GMT+9", utc(2022, 7, 27, 19, 35, 5), id="korea times"),
        pytest.param("2020/1/10 14:33:00", utc(2020, 1, 10, 14, 33), id="slashes, year first"),
        pytest.param("13/09/2023 14:05", AFTERNOON, id="day first"),
        pytest.param("09/13/2023 2:05 PM", AFTERNOON, id="month first, past doubt"),
        pytest.param("13.09.2023, 14.05 Uhr", AFTERNOON, id="dots all over"),
        pytest.param("Sept. 13, 2023 10:05 a.m. EDT", AFTERNOON, id="associated press"),
        pytest.param("September 13, 2023 2:05 PM", AFTERNOON, id="american"),
        pytest.param("Sep 13, 2023, 12:05 AM", utc(2023, 9, 13, 0, 5), id="after midnight"),
        pytest.param("am 13. September 2023 um 12:05", utc(2023, 9, 13, 12, 5), id="german am"),
        pytest.param("13 Sep 2023 21.05 WIB", AFTERNOON, id="jakarta, dotted time"),
        pytest.param("13 Sep 2023 2.05 PM", AFTERNOON, id="dotted time after noon"),
        pytest.param("2023/09/13 PM 02:05", AFTERNOON, id="half of the day first"),
        pytest.param("Rabu, 13 September 2023 21:05 WIB", AFTERNOON, id="jakarta"),
        pytest.param("Rabu, 13 September 2023 | 22:05 WITA", AFTERNOON, id="makassar"),
        pytest.param("Selasa, 5 Des 2023 08:00 WIT", utc(2023, 12, 4, 23), id="jayapura"),
        pytest.param("Wed, 13 Sep 2023 23:05:00 KST", AFTERNOON, id="seoul"),
        pytest.param("2023년 9월 13일 14시 5분", AFTERNOON, id="korean"),
        pytest.param("2023년 9월 13일 (수) 오후 2:05", AFTERNOON, id="korean afternoon"),
        pytest.param("2023. 9. 13. 오후 2:05", AFTERNOON, id="korean with dots"),
        pytest.param("2023年9月13日 14:05", AFTERNOON, id="chinese"),
        pytest.param("２０２３年９月１３日１４時５分", AFTERNOON, id="japanese, full width"),
        pytest.param("令和5年9月13日 14:05", AFTERNOON, id="japanese era"),
        pytest.param("下午2:05 2023/9/13", AFTERNOON, id="chinese afternoon"),
        pytest.param("Ср, 13 сен 2023 17:05:00 +0300", AFTERNOON, id="russian"),
        pytest.param("13 сентября 2023 г., 17:05 МСК", AFTERNOON, id="russian with a zone"),
        pytest.param("середа, 13 вересня 2023, 14:05", AFTERNOON, id="ukrainian"),
        pytest.param("13. März 2023 14:05", utc(2023, 3, 13, 14, 5), id="german"),
        pytest.param("mar. 13 sept. 2023 14:05", AFTERNOON, id="french weekday like a month"),
        pytest.param("13 septembre 2023 à 14h05", AFTERNOON, id="french hour"),
        pytest.param("13/09/2023 às 14 h 05 min", AFTERNOON, id="portuguese hour"),
        pytest.param("13 sept. 2023, 14h", utc(2023, 9, 13, 14), id="hour alone"),
        pytest.param("Wed, 13 Sep 2023 00:00:00 GMT", DAY, id="midnight for want of an hour"),
        pytest.param("13 Sep 2023 07:00:00 +0700", utc(2023, 9, 13), id="midnight elsewhere"),
        pytest.param("13 août 2023", utc(2023, 8, 13) + WHOLE_DAY, id="french"),
        pytest.param("13 de septiembre de 2023 14:05", AFTERNOON, id="spanish"),
        pytest.param("Seg, 24 Set 2018 19:42:40 -0300", utc(2018, 9, 24, 22, 42, 40), id="brazil"),
        pytest.param("13 Eylül 2023 Çarşamba 14:05", AFTERNOON, id="turkish"),
        pytest.param("13 września 2023 14:05", AFTERNOON, id="polish"),
        pytest.param("١٣ سبتمبر ٢٠٢٣ ١٤:٠٥", AFTERNOON, id="arabic digits"),
        pytest.param("13 كانون الثاني 2023", utc(2023, 1, 13) + WHOLE_DAY, id="levantine month"),
        pytest.param("13 tháng 9, 2023 14:05", AFTERNOON, id="vietnamese"),
        pytest.param("13 กันยายน 2566 14:05", AFTERNOON, id="thai year"),
        pytest.param("Mon, 06 Sep 2021 24:00:00 GMT", utc(2021, 9, 7), id="end of the day"),
        pytest.param("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59), id="leap second"),
    ],
)
def test_a_date_of_a_real_feed_is_read(text: str, moment: datetime) -> None:
    assert parse_date(text, now=NOW) == moment


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("now", id="a word"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", id="the epoch"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 +0000", id="the year one"),
        pytest.param("2023-13-45", id="no such day"),
        pytest.param("Wed, 13 Sep 2023 25:61:00 GMT", id="no such time"),
        pytest.param("Fri, 11 Mar 2016 01:15:00 +3000", id="no such zone"),
        pytest.param("2099-01-01T00:00:00Z", id="far future"),
        pytest.param("Tue, 24 Nov 2026 21:01:00 GMT", id="more than two days ahead"),
        pytest.param("1" * 100_000, id="a hundred thousand digits"),
    ],
)
def test_what_names_no_sane_moment_is_no_date(text: str) -> None:
    assert parse_date(text, now=NOW) is None


def test_a_date_just_ahead_of_the_clock_is_now() -> None:
    assert parse_date("Sun, 22 Nov 2026 21:59:00 GMT", now=NOW) == NOW


@pytest.mark.parametrize(
    ("text", "moment", "ahead"),
    [
        pytest.param("Sun, 22 Nov 2026 21:00:00 GMT", NOW, False, id="now"),
        pytest.param("Sun, 22 Nov 2026 21:59:00 GMT", NOW, False, id="clocks differ"),
        pytest.param("Sun, 22 Nov 2026 22:01:00 GMT", NOW, True, id="a wrong zone"),
        pytest.param("Mon, 23 Nov 2026 04:00:00 GMT", NOW, True, id="local time called GMT"),
        pytest.param("24 Nov 2026", NOW, True, id="an embargo"),
        pytest.param("Tue, 24 Nov 2026 21:00:00 GMT", NOW, True, id="two days"),
        pytest.param("2099-01-01T00:00:00Z", None, True, id="absurd"),
        pytest.param("soon", None, False, id="no date"),
    ],
)
def test_a_date_ahead_is_now_for_two_days_and_then_none(
    text: str, moment: datetime | None, ahead: bool
) -> None:
    assert parse_date(text, now=NOW) == moment
    assert is_ahead(text, now=NOW) is ahead


def test_a_day_that_began_in_the_east_is_now() -> None:
    assert parse_date("23 Nov 2026", now=NOW) == NOW


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        pytest.param("Mon Nov 23 04:50:00 CST 2026", timedelta(minutes=10), id="beijing"),
        pytest.param("Sun Nov 22 14:50:00 CST 2026", timedelta(minutes=10), id="chicago"),
        pytest.param("Mon, 23 Nov 2026 02:20 IST", timedelta(minutes=10), id="india"),
        pytest.param("Sun, 22 Nov 2026 22:50 IST", timedelta(minutes=10), id="israel"),
    ],
)
def test_an_ambiguous_zone_is_the_latest_that_is_not_in_the_future(
    text: str, ago: timedelta
) -> None:
    assert parse_date(text, now=NOW) == NOW - ago


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("Sep 13, 2023 10:05 am ET", AFTERNOON, id="eastern"),
        pytest.param("Jan 13, 2023 10:05 am (ET)", utc(2023, 1, 13, 15, 5), id="eastern, winter"),
        pytest.param("Wed Sep 13 2023 10:05 Eastern Daylight Time", AFTERNOON, id="long name"),
        pytest.param("13 Sep 2023 17:05 Arabia Standard Time", AFTERNOON, id="java's long name"),
        pytest.param("13 Sep 2023 14:05 Greenwich Mean Time", AFTERNOON, id="greenwich"),
        pytest.param("2023-09-13 17:05 Europe/Moscow", AFTERNOON, id="region"),
        pytest.param("2023-09-13T21:05:00[Asia/Jakarta]", AFTERNOON, id="region in brackets"),
        pytest.param("13 Sep 2023 21:05 (GMT+7)", AFTERNOON, id="offset in brackets"),
        pytest.param("13 Sep 2023 21:05 (UTC+07:00)", AFTERNOON, id="iso offset in brackets"),
        pytest.param("13 Sep 2023 09:05 - 0500", AFTERNOON, id="offset behind a space"),
        pytest.param("14:05 - 13/09/2023", AFTERNOON, id="a dash is no offset"),
        pytest.param("śr, 13 wrz 2023 14:05", AFTERNOON, id="polish"),
        pytest.param("pt, 15 wrz 2023 14:05", utc(2023, 9, 15, 14, 5), id="a friday, not pacific"),
        pytest.param("13 Sep 2023 14:05 Europe/Nowhere", AFTERNOON, id="unknown region"),
    ],
)
def test_a_zone_is_read_however_it_is_spelled(text: str, moment: datetime) -> None:
    assert parse_date(text, now=NOW) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("11/12/2026 2:00 PM", utc(2026, 11, 12, 14), id="american"),
        pytest.param("12/11/2026 14:00", utc(2026, 11, 12, 14), id="european"),
        pytest.param("26.11.12 14:00", utc(2026, 11, 12, 14), id="korean"),
        pytest.param("26/11/12", utc(2026, 11, 12) + WHOLE_DAY, id="japanese"),
        pytest.param("12.11.26 14:00", utc(2026, 11, 12, 14), id="german, short year"),
        pytest.param("07.02.2025", utc(2025, 2, 7) + WHOLE_DAY, id="turkish, long ago"),
        pytest.param("9.13.2023", DAY, id="month first with dots, past doubt"),
        pytest.param("9/10/2023", utc(2023, 10, 9) + WHOLE_DAY, id="long ago"),
        pytest.param("13/9/2023", DAY, id="no month 13"),
        pytest.param("9/13/2023", DAY, id="nor so"),
    ],
)
def test_numbers_are_read_as_the_latest_day_that_was(text: str, moment: datetime) -> None:
    assert parse_date(text, now=NOW) == moment


def test_other_dates_of_a_feed_decide_the_order_of_day_and_month() -> None:
    assert orders_of(["9/10/2023", "9/13/2023"]) == [MONTH_FIRST]
    assert orders_of(["9/10/2023", "13/9/2023"]) == [DAY_FIRST]
    assert orders_of(["9/10/2023", "Wed, 13 Sep 2023"]) == [DAY_FIRST, MONTH_FIRST]
    assert orders_of(["13/9/2023", "9/13/2023"]) == ORDERS
    assert parse_date("10/9/2023", now=NOW, orders=[MONTH_FIRST]) == utc(2023, 10, 9) + WHOLE_DAY
    assert parse_date("10/9/2023", now=NOW, orders=[DAY_FIRST]) == utc(2023, 9, 10) + WHOLE_DAY


def test_no_word_means_two_months() -> None:
    words = [fold(word) for month in MONTH_WORDS.values() for word in month.split()]

    assert len(MONTHS) == len(set(words))
    assert all(MONTHS[fold(w)] == month for month, ws in MONTH_WORDS.items() for w in ws.split())


DATE_LIKE = st.text(alphabet="0123456789 :-/.,+TZGMTpmSepWIB年月日오후de", max_size=MAX_DATE)


@given(st.one_of(st.text(max_size=200), DATE_LIKE), st.sampled_from([*ORDERS, ORDERS]))
@example("9999-12-31T23:59:59-23:59", ORDERS)
@example("0000-00-00", ORDERS)
@example("00.00.00", ORDERS)
def test_any_text_gives_a_sane_date_or_none(text: str, orders: str | tuple[str, ...]) -> None:
    moment = parse_date(text, now=NOW, orders=[orders] if isinstance(orders, str) else orders)

    assert moment is None or utc(1990, 1, 1) <= moment <= NOW


#: Seconds since the epoch: 631238400 is 2 January 1990.
@given(st.integers(631_238_400, int(NOW.timestamp())))
def test_every_usual_spelling_of_a_moment_gives_that_moment(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    spellings = [
        moment.isoformat(),
        moment.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        moment.strftime("%Y/%m/%d %H:%M:%S"),
        moment.strftime("%d.%m.%Y %H:%M:%S"),
        f"{moment:%Y}年{moment.month}月{moment.day}日 {moment:%H:%M:%S}",
        f"{seconds:010}",
    ]

    read = [parse_date(text, now=NOW, orders=[DAY_FIRST]) for text in spellings]
    assert {one and one.replace(microsecond=0) for one in read} == {moment}


@pytest.mark.parametrize("name", sorted(LONG_NAMES))
def test_every_long_name_of_a_zone_is_that_of_a_region(name: str) -> None:
    assert ZoneInfo(LONG_NAMES[name]).key == LONG_NAMES[name]
