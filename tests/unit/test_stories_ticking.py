"""What of a page ticks while its report stands still."""

from datetime import UTC, datetime

import pytest

from watcher.model import Entry, Evidence, Field, Rule
from watcher.stories.ticking import tells_anew, ticks_since

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TITLE = "Kim meets Putin"
TEXT = "The two leaders sat down in Vladivostok."
DIED = "A blast on the quay killed {} people."


def place(*summaries: str, titles: tuple[str, ...] = (TITLE, TITLE), named: str = "") -> int | None:
    """Return what the last of some versions of a page repeats of those before it."""
    *known, last = summaries
    start = last.find(named) if named else 0
    evidence = Evidence("x", "x", named, Field.SUMMARY, start, start + len(named), Rule.EXACT)
    words = [(titles[0], summary) for summary in known]
    met = Entry("1", titles[1], NOON, summary=last)
    if tells_anew(met, words, "en"):
        return None
    return ticks_since(met, words, [evidence] if named else [], "en")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("Points: {0} # Comments: {1}", id="points and comments"),
        pytest.param("{0} views. " + TEXT, id="views before the text"),
        pytest.param(TEXT + " Visits: {0}. Viewed {1} times.", id="visits behind it"),
        pytest.param(TEXT + " Read {0} comments. Updated {1} min ago.", id="comments behind it"),
        pytest.param(TEXT + " {0},{1}00 readers", id="thousands"),
    ],
)
def test_a_counter_that_went_on_before_tells_nothing_by_going_on(written: str) -> None:
    pairs = ((12, 3), (15, 7), (18, 9), (180, 90), (195, 98))
    versions = [written.format(*pair) for pair in pairs]

    assert place(*versions[:2]) is None
    assert place(*versions[:3]) is None
    assert place(*versions[:4]) == 2
    assert place(*versions) == 3


def test_a_line_that_rotates_beside_the_text_tells_nothing_the_next_time() -> None:
    also = [f"{TEXT} Read also: {line}" for line in ("Rain ahead", "A cup is won", "Rates fall")]

    assert place(*also[:2]) is None
    assert place(*also) == 1


def test_what_is_matched_by_is_told_where_others_rotated() -> None:
    also = [f"{TEXT} Read also: {line}" for line in ("Rain ahead", "A cup is won", "Kim is ill")]

    assert place(*also, named="Kim is ill") is None


def test_another_figure_is_told_though_a_counter_goes_on() -> None:
    counted = [f"{TEXT} They signed {n} papers. {views} views." for n, views in ((2, 7), (2, 9))]

    assert place(*counted, f"{TEXT} They signed 5 papers. 11 views.") is None


@pytest.mark.parametrize("news", ["both leaders killed in a blast", "A minister resigns"])
def test_a_grave_act_is_told_in_a_line_that_rotates(news: str) -> None:
    lines = [f"{TEXT} Read also: {line}" for line in ("Rain ahead", "A cup is won", news)]

    assert place(*lines) is None


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("President of {} shot dead.", ("Mali", "Niger", "Chad")),
        ("{} strikes a port.", ("Iran", "Israel", "Oman")),
    ],
)
def test_of_whom_a_grave_act_is_told_is_told_where_its_words_stand_still(
    line: str, named: tuple[str, ...]
) -> None:
    assert place(*(f"{TEXT} {line.format(one)}" for one in named)) is None


def test_a_counter_beside_an_act_that_is_not_grave_goes_on_ticking() -> None:
    counted = [f"Kim met Putin today. Join {n} readers who support us." for n in (7, 9, 12, 15)]

    assert place(*counted) == 2


@pytest.mark.parametrize("sign", "|·•")
def test_a_counter_behind_a_sign_stands_beside_no_act(sign: str) -> None:
    assert place(*(f"Kim met Putin today {sign} {n:,} views" for n in (7, 90, 1_234, 5_678))) == 2


def test_a_restless_page_tells_no_figure_beside_an_act_that_is_not_grave() -> None:
    counts = [f"{TEXT[:-1]} before {n} fired shells." for n in (2, 7, 12, 40, 71, 190)]

    assert place(*counts[:-1]) is None
    assert place(*counts) == 4


@pytest.mark.parametrize(
    "age",
    [
        *("struck {} minutes ago", "{} menit lalu", "{} минут назад", "vor {} Minuten"),
        *("il y a {} minutes", "hace {} minutos", "{}分钟前", "{}분 전", "{} hours ago"),
    ],
)
def test_how_long_ago_something_was_is_no_news(age: str) -> None:
    assert place(*(f"{TEXT} {age.format(n)}" for n in (2, 12))) == 0


def test_ages_that_fall_and_rise_tell_nothing() -> None:
    ages = (9, 2, 14, 7, 19, 12)
    assert place(*(f"{TEXT} An attack was reported {n} minutes ago." for n in ages)) == 4


def test_hours_of_a_battle_are_no_age() -> None:
    assert place(*(f"{TEXT} {n}시간 전투 끝에" for n in (12, 14))) is None


def test_a_restless_page_tells_a_grave_act_that_it_had_in_other_words_alone() -> None:
    lines = ("Rain falls", "A cup is won", "Rates fall", "Guards attacked a man", "Snow lies")
    known = [f"{TEXT} Read also: {line}" for line in lines]

    assert place(*known, f"{TEXT} Read also: Guards attacked a hospital") is None
    assert place(*known, f"{TEXT} Read also: Guards attacked a man") == 4


def test_headlines_in_another_order_tell_nothing_anew() -> None:
    met = Entry("1", TITLE, NOON, summary="Rain falls Bus crash kills 12 A cup is won")

    assert not tells_anew(met, [(TITLE, "A cup is won Rain falls Bus crash kills 12")], "en")


def test_a_figure_beside_a_grave_act_is_told_each_time() -> None:
    counts = [f"{TEXT} Police arrested {n} people." for n in (2, 4, 7, 190)]

    assert place(*counts) is None


@pytest.mark.parametrize(
    "told",
    [
        "Pyongyang fired {} ballistic missiles.",
        "Kim has sent {} artillery shells.",
        "Confirmed Ebola cases have risen to {}.",
    ],
)
def test_a_figure_beside_any_act_is_told_each_time(told: str) -> None:
    assert place(*(f"{TEXT} {told.format(n)}" for n in (2, 4, 7, 190))) is None


def test_a_figure_that_changed_but_once_is_told() -> None:
    assert place(*(f"{TEXT} {n} are missing." for n in (2, 3, 300))) is None


def test_a_toll_that_rises_is_told_each_time() -> None:
    assert place(*(DIED.format(toll) for toll in (3, 8, 12))) is None


def test_a_text_that_is_written_anew_is_told() -> None:
    assert place(TEXT, "They left for the port.", "A pact was signed there.") is None


@pytest.mark.parametrize(
    ("titles", "tick"),
    [
        (("Live: the summit, updated 10:02", "Live: the summit, updated 11:45"), True),
        (("Live: KTT, pukul 10.02 WIB", "Live: KTT, pukul 11.45 WIB"), True),
        (("Live: the summit, 9:58 a.m.", "Live: the summit, 1:02 p.m."), True),
        (("Bank sets its rate at 5.25", "Bank sets its rate at 5.50"), False),
        (("The hosts win 2:1", "The hosts win 3:1"), False),
        (("Live: the summit, 10:02", "Live: the pact, 10:02"), False),
    ],
)
def test_a_time_of_day_alone_tells_nothing(titles: tuple[str, str], *, tick: bool) -> None:
    assert place("", "", titles=titles) == (0 if tick else None)
    assert place(TEXT, TEXT, titles=titles) == (0 if tick else None)


def test_another_headline_over_a_counter_is_told() -> None:
    counted = [f"{TEXT} {views} views." for views in (1, 2, 3)]

    assert place(*counted, titles=(TITLE, "Kim leaves Putin waiting")) is None
