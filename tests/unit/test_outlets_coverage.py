"""How widely a story is told, the tree of its entries, and the search for one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import WHOLE_DAY, Entry, Relation
from watcher.outlets.coverage import Account, Coverage, coverage
from watcher.outlets.publishers import Publishers
from watcher.outlets.tree import branches
from watcher.stories.search import finder

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OURS = Publishers()
MINUTE = timedelta(minutes=1)


OWN, AGGREGATOR = "https://www.mill.example/1", "https://news.google.com/rss/articles/1"


def account(
    number: int,
    outlet: str,
    title: str = "Ferries run again",
    summary: str = "",
    *,
    copy_of: int | None = None,
    language: str | None = "en",
    minutes: int | None = None,
    url: str = "",
) -> Account:
    time = NOW + (number if minutes is None else minutes) * MINUTE
    entry = Entry(str(number), title, time, summary, url, outlet)
    relation = Relation.COPY if copy_of else Relation.SAME
    return Account(number, entry, "", language, relation, copy_of)


def told(*accounts: Account) -> Coverage:
    return coverage(accounts, OURS)


def test_editions_of_one_broadcaster_are_one_publisher_and_several_outlets() -> None:
    found = told(account(1, "BBC World"), account(2, "BBC Mundo"), account(3, "Antara"))

    assert found.publishers == ("BBC", "Antara")
    assert found.outlets == ("BBC World", "BBC Mundo", "Antara")


@pytest.mark.parametrize(
    ("first", "second", "publishers"),
    [
        pytest.param(AGGREGATOR, OWN, ("Mill Courier",), id="passed on first"),
        pytest.param(OWN, AGGREGATOR, ("mill.example",), id="its own page first"),
        pytest.param(OWN, "https://m.example/1", ("mill.example", "m.example"), id="namesakes"),
    ],
)
def test_what_an_aggregator_passes_on_of_an_outlet_counts_with_the_outlet_s_own(
    first: str, second: str, publishers: tuple[str, ...]
) -> None:
    found = told(account(1, "Mill Courier", url=first), account(2, "MILL COURIER", url=second))

    assert found.publishers == publishers


def test_who_dates_by_the_day_alone_does_not_come_first_by_it() -> None:
    midnight = NOW.replace(hour=0) + WHOLE_DAY
    hours, late = account(1, "Antara"), account(2, "The Daily")
    late = replace(late, entry=replace(late.entry, published=midnight))

    assert told(hours, late).first == "Antara"


def test_an_agency_s_reports_count_once_wherever_they_are_carried() -> None:
    wire = "LONDON, Nov 22 (Reuters) - Ferries run again"
    found = told(
        account(1, "Daily", summary=wire), account(2, "Reuters"), account(3, "Post", summary=wire)
    )

    assert found.publishers == ("Reuters",)
    assert found.agencies == (("Reuters", 3),)
    assert len(found.outlets) == 3


def test_a_copy_without_a_byline_is_the_agency_s_whose_report_it_repeats() -> None:
    reports = (account(1, "Reuters"), account(2, "Daily", copy_of=1), account(3, "Post", copy_of=2))

    assert told(*reports).publishers == ("Reuters",)
    assert told(*reports).agencies == (("Reuters", 3),)


def test_a_copy_of_another_outlet_s_own_report_stays_its_publisher_s() -> None:
    assert told(account(1, "Daily"), account(2, "Post", copy_of=1)).publishers == ("Daily", "Post")


def test_a_copy_with_a_byline_of_its_own_keeps_it() -> None:
    own = account(2, "Daily", summary="Jakarta (ANTARA) - Kapal", copy_of=1)

    assert told(account(1, "Reuters"), own).publishers == ("Reuters", "Antara")


def test_a_late_arrival_of_an_older_report_was_still_first() -> None:
    found = told(account(1, "Daily", minutes=30), account(2, "Post", minutes=5))

    assert (found.first, found.began, found.ended) == ("Post", NOW + 5 * MINUTE, NOW + 30 * MINUTE)


def test_officials_are_told_by_what_they_publish_and_by_what_others_quote() -> None:
    found = told(
        account(1, "Daily", "KCNA: ferries run again"),
        account(2, "KCNA"),
        account(3, "Post", "Kremlin says ferries run"),
    )

    assert (found.official, found.speakers) == (("KCNA",), ("Kremlin",))


def test_languages_that_are_unknown_count_for_nothing() -> None:
    assert told(account(1, "A", language=None), account(2, "B")).languages == ("en",)


def test_no_entries_have_an_empty_coverage() -> None:
    assert told() == Coverage()


OUTLETS = ("BBC World", "BBC Mundo", "Reuters", "TASS", "Daily", "Post", "", "KCNA")
SUMMARIES = ("", "LONDON (Reuters) - Ferries", "MOSCOW /TASS/. Ferries", "Kremlin said so")


@st.composite
def stories(draw: st.DrawFn) -> list[Account]:
    count = draw(st.integers(0, 9))
    return [
        account(
            number,
            draw(st.sampled_from(OUTLETS)),
            summary=draw(st.sampled_from(SUMMARIES)),
            copy_of=draw(st.one_of(st.none(), st.integers(1, max(number - 1, 1)))),
            language=draw(st.sampled_from(["en", "id", None])),
            minutes=draw(st.integers(0, 5)),
            url=draw(st.sampled_from(["", AGGREGATOR, OWN])),
        )
        for number in range(1, count + 1)
    ]


@given(stories())
def test_what_was_counted_is_never_taken_back_as_entries_come(story: list[Account]) -> None:
    grown = [coverage(story[:count], OURS) for count in range(len(story) + 1)]

    for before, after in pairwise(grown):
        assert set(before.publishers) <= set(after.publishers)
        assert set(before.outlets) <= set(after.outlets)
        assert set(before.languages) <= set(after.languages)
        assert dict(before.agencies).items() <= _at_most(before, after).items()
        assert before.began is None or (after.began is not None and after.began <= before.began)


def _at_most(before: Coverage, after: Coverage) -> dict[str, int]:
    """Return the agencies of a coverage that an earlier one knows, with its counts if fewer."""
    later = dict(after.agencies)
    return {name: min(count, later.get(name, 0)) for name, count in before.agencies}


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(story: list[Account], random: object) -> None:
    shuffled = list(story)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert coverage(shuffled, OURS) == coverage(story, OURS)


def drawn(story: Sequence[Account]) -> list[tuple[int, int, int | None]]:
    """Return the tree as (number, depth, number of the entry that it hangs from)."""
    return [
        (b.account.number, len(b.lasts), b.repeats.number if b.repeats else None)
        for b in branches(story)
    ]


def test_copies_stand_beneath_what_they_repeat() -> None:
    story = [
        account(1, "A"),
        account(2, "B"),
        account(3, "C", copy_of=1),
        account(4, "D", copy_of=3),
        account(5, "E", copy_of=1),
    ]

    assert drawn(story) == [(1, 0, None), (3, 1, 1), (4, 2, 3), (5, 1, 1), (2, 0, None)]


def test_a_copy_whose_original_is_gone_is_a_report_of_its_own() -> None:
    assert drawn([account(2, "B", copy_of=1)]) == [(2, 0, None)]


def test_a_chain_of_copies_longer_than_the_stack_is_drawn() -> None:
    chain = [account(n, "A", copy_of=n - 1 or None) for n in range(1, 3000)]

    assert drawn(chain)[-1] == (2999, 2998, 2998)


@given(stories())
def test_every_entry_stands_once_in_the_tree(story: list[Account]) -> None:
    assert sorted(number for number, _, _ in drawn(story)) == [one.number for one in story]


@pytest.mark.parametrize(
    ("words", "title", "found"),
    [
        pytest.param("putin kim", "Kim meets PUTIN", True, id="any order and case"),
        pytest.param("putin ferry", "Kim meets Putin", False, id="all words"),
        pytest.param("Путин", "Владимир путина встретил", True, id="Cyrillic, a part"),
        pytest.param("sao paulo", "Balsas em São Paulo", True, id="no accents"),
        pytest.param("são", "Balsas em Sao Paulo", True, id="accents"),
        pytest.param("金正恩", "朝鲜金正恩抵达", True, id="Chinese"),
        pytest.param("kim jong un", "Kim Jong-un arrives", True, id="hyphens"),
        pytest.param("100%", "100 ferries", False, id="no pattern of SQL"),
    ],
)
def test_a_search_finds_headlines_by_their_words(words: str, title: str, found: bool) -> None:
    assert finder(words)(title) is found
