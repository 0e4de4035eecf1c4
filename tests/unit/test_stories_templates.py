"""Headlines that an outlet fills in anew are of different things, however alike they are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config.settings import Settings
from watcher.model import Entry, Relation
from watcher.service.trials.items import Item
from watcher.service.trials.replay import Replay, Replayed
from watcher.stories.signature import Member, Signature, sign
from watcher.stories.templates import REASON, without_siblings
from watcher.stories.titles import mask
from watcher.topics.watchlist import Watchlist

MORNING = datetime(2023, 9, 12, 6, 24, tzinfo=UTC)


def report(title: str, days: float, outlet: str = "Mill Courier") -> Entry:
    return Entry(f"{outlet} {days}", title, MORNING + timedelta(days=days), outlet=outlet)


def replayed(entries: Sequence[Entry]) -> list[Replayed]:
    settings = Settings()
    return list(
        Replay(settings, Watchlist(settings)).run(
            [Item(e) for e in sorted(entries, key=lambda e: e.time)]
        )
    )


@pytest.mark.parametrize(
    ("title", "masked"),
    [
        pytest.param("Trading halt at 15:41", "trading halt at #", id="clock"),
        pytest.param("TRADING HALT AT 15:41 PM", "trading halt at # pm", id="capitals"),
        pytest.param("Stocks to watch: Alpha, Beta Corp", "stocks to watch @", id="names"),
        pytest.param("Rice prices in Palu today, 12 May", "rice prices in @ today # @", id="both"),
        pytest.param(
            "Jadwal Salat Palu, 12 September 2023",
            "jadwal salat palu # september #",
            id="title case",
        ),
        pytest.param(
            "5 Detik-detik Kapal yang Karam", "# detik-detik kapal yang karam", id="hyphen"
        ),
        pytest.param("欧州市場サマリー(17日)", "欧州市場サマリー # 日", id="Japanese"),
        pytest.param("Погода в Палу на 12 августа", "погода в @ на # августа", id="Russian"),
        pytest.param("Trading halt 15:41", "trading halt #", id="two words and figures"),
        pytest.param("Прогноз погоды", "прогноз погоды", id="two words, Russian"),
        pytest.param("Mayor: Alpha Beta Gamma harbour", "", id="too little stays"),
        pytest.param("Briefing 12", "", id="one word"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_mask_is_what_stays_without_figures_and_names(title: str, masked: str) -> None:
    assert mask(title) == masked


@pytest.mark.parametrize(
    "titles",
    [
        pytest.param([f"Rice and fish prices in Palu on {day} May" for day in range(4)], id="date"),
        pytest.param(["Harbour weather and tides for today"] * 4, id="the same every day"),
        pytest.param(["Morning briefing"] * 4, id="two words"),
        pytest.param(["오늘의 날씨"] * 4, id="two words, Korean"),
        pytest.param(
            [f"Stocks to watch today: {name}" for name in ("Alpha", "Beta", "Gamma", "Delta")],
            id="names",
        ),
    ],
)
def test_the_third_of_a_kind_opens_a_story_of_its_own(titles: Sequence[str]) -> None:
    made = replayed([report(title, day) for day, title in enumerate(titles)])
    assert [one.judgement.assignment.reason for one in made[2:]] == [REASON] * 2
    assert made[3].story not in {one.story for one in made[:3]}


def test_the_same_title_on_the_same_day_is_still_a_copy() -> None:
    days = [report("Harbour weather and tides for today", day) for day in (0, 1, 2, 3)]
    *_, again = replayed([*days, report("Harbour weather and tides for today", 3.2)])
    assert again.judgement.assignment.relation is Relation.COPY
    assert again.copy_of == "Mill Courier 3"


def test_two_of_a_kind_or_three_within_a_month_are_no_family() -> None:
    made = replayed([report("Harbour weather and tides for today", day) for day in (0, 20, 21)])
    assert REASON not in {one.judgement.assignment.reason for one in made}
    assert made[2].judgement.assignment.relation is Relation.COPY


def test_times_of_day_are_occasions_of_one_day() -> None:
    titles = [f"Trading halt of harbour shares at {hour}:41" for hour in (10, 11, 12)]
    made = replayed([report(title, place / 24) for place, title in enumerate(titles)])
    assert made[2].judgement.assignment.reason == REASON


def test_a_toll_that_rises_through_the_day_stays_one_story() -> None:
    titles = [f"Ferry fire off Sulawesi coast kills {toll} people" for toll in (12, 19, 31, 40)]
    made = replayed([report(title, place / 24) for place, title in enumerate(titles)])
    assert len({one.story for one in made}) == 1


def test_another_outlets_family_keeps_nobody_apart() -> None:
    family = [report("Harbour weather and tides for today", day) for day in range(3)]
    others = [
        report("Harbour weather and tides for today", 3.1, "Port Herald"),
        report("Harbour weather and tides for today", 3.2, "Bay Times"),
    ]
    *_, copy = replayed([*family, *others])
    assert copy.judgement.assignment.relation is Relation.COPY


titles = st.sampled_from(["Trading halt at 15:41", "Trading halt at 15:52", "Ferry fire kills 12"])
signatures = st.builds(
    lambda title, days, outlet: sign(report(title, days, outlet), None),
    titles,
    st.integers(0, 3),
    st.sampled_from(["", "One", "Two"]),
)


@given(signatures, st.lists(signatures, max_size=6))
def test_only_an_outlets_own_entries_are_kept_apart(
    signature: Signature, others: list[Signature]
) -> None:
    members = [Member(number, number, other) for number, other in enumerate(others)]
    kept = without_siblings(signature, members)
    for member in members:
        own = bool(signature.outlet) and member.signature.outlet == signature.outlet
        repeats = member.signature.title == signature.title
        assert member in kept or (own and member.signature.mask == signature.mask)
        assert member in kept or not (repeats and member.signature.time == signature.time)
