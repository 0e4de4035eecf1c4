"""One entry, one story: whatever feeds do with ids, dates, addresses and headlines."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from house import FEEDS, TIMES, WIRE, Clock, House, Recorder
from met_again import EDITED, PAGE, met, rings_of, titles
from watchlists import FERRY, MEETS, settings

from watcher.feeds.parsed import ParsedEntry, entry_key

#: So short a headline may be of any day.
SHORT = "Kim Jong Un meets Putin in Vladivostok"


def let_go(house: House) -> None:
    """Let the one entry there is pass its retention."""
    house.clock.forward(days=100)
    with house.database.begin() as tx:
        assert tx.retention.delete_entries(house.clock()).removed == 1


async def test_an_entry_with_a_new_date_or_id_is_the_entry_that_it_was(house: House) -> None:
    first = met(house)
    assert await rings_of(house, first) == 1

    assert await rings_of(house, replace(first, published=house.clock())) == 0
    assert await rings_of(house, replace(first, id="2", published=house.clock())) == 0
    assert await rings_of(house, replace(first, id="3", link=f"{PAGE}?utm_source=rss")) == 0

    assert titles(house) == [MEETS]
    with house.database.read() as tx:
        assert set(tx.sightings.known(1, ["1", "2", "3", "4"])) == {"1", "2", "3"}


async def test_an_entry_in_two_feeds_counts_once(house: House) -> None:
    assert await rings_of(house, met(house)) == 1
    other = met(house, "other", link=PAGE.replace("www.", "m.") + "/amp")

    assert await rings_of(house, other, url=TIMES) == 0

    assert titles(house) == [MEETS]
    with house.database.read() as tx:
        (story,) = tx.stories.latest()
    assert [account.entry.outlet for account in story.accounts] == ["Wire"]


async def test_the_same_article_under_another_headline_is_one_entry(house: House) -> None:
    await house.poll(met(house))
    shorter = met(house, "other", "Kim meets Putin in Vladivostok: what we know")
    await house.poll(shorter, url=TIMES)
    house.clock.forward(minutes=5)

    for url, one in ((WIRE, met(house)), (TIMES, shorter)) * 2:
        assert (await house.poll(one, url=url)).told == []

    assert len(house.entries()) == 1


async def test_one_page_under_many_entries_is_no_identity(house: House) -> None:
    """A feed links every entry to its front page, or to one page of the day."""
    same_page = [met(house, str(n), f"{MEETS} for talks no. {n}") for n in range(3)]
    await house.poll(*same_page)
    await house.poll(met(house, "9", FERRY), url=TIMES)
    await house.poll(met(house, "10", FERRY, link="https://news.example/"), url=TIMES)
    await house.poll(met(house, "11", MEETS, link="https://news.example/"), url=TIMES)
    await house.poll(met(house, "12", FERRY, link="https://news.example/"), url=TIMES)

    assert len(house.entries()) == 3 + 4


@pytest.mark.parametrize("date", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("link", ["https://n.example/world/kim-visits", "https://n.example/"])
async def test_a_page_whose_id_changes_at_every_poll_is_one_entry(
    house: House, link: str, *, date: bool
) -> None:
    page = met(house, link=link, published=house.clock() if date else None)
    steady = met(house, "steady", FERRY, link="https://n.example/ferry")
    for number in range(4):
        taken = await house.poll(replace(page, id=f"x{number}"), steady)
        house.clock.forward(minutes=5)
        await house.unchanged()
        await house.poll(replace(page, id=f"x{number}"), steady)
        house.clock.forward(minutes=5)

    assert taken.fresh == 0
    assert titles(house) == [MEETS, FERRY]


@pytest.mark.parametrize("date", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("link", ["https://alerts.example/kyiv", "https://alerts.example/"])
async def test_an_alert_that_recurs_at_a_fixed_page_is_told_each_time(
    house: House, link: str, *, date: bool
) -> None:
    rang = []
    for number in range(3):
        published = house.clock() if date else None
        alert = met(house, f"x{number}", SHORT, link=link, published=published)
        rang.append(await rings_of(house, alert))
        house.clock.forward(hours=22)
        await house.poll()
        house.clock.forward(hours=1)

    assert rang == [1, 1, 1]


@pytest.mark.parametrize("link", ["https://alerts.example/kyiv", "https://alerts.example/"])
async def test_an_undated_alert_in_place_of_one_that_stood_in_several_documents_is_another(
    house: House, link: str
) -> None:
    rang = []
    for number, id_ in enumerate(("x1", "x1", "x2")):
        alert = met(house, id_, SHORT, link=link, published=None)
        other = met(house, f"o{number}", f"{FERRY} no. {number}", link=f"{PAGE}{number}")
        rang.append(await rings_of(house, alert, other))
        house.clock.forward(hours=22)

    assert rang == [1, 0, 1]


def of_pages(house: House, ids: str) -> list[ParsedEntry]:
    """Return undated entries of one fixed page each, one for each letter."""
    titles = (MEETS, "Quake shakes Peru", "Bank keeps its rate")
    return [
        met(house, f"{letter}{number}", title, link=f"https://n.example/{number}/", published=None)
        for number, (letter, title) in enumerate(zip(ids, titles, strict=True))
    ]


async def stand_in_two_documents(house: House) -> int:
    """Return how many rings come of three pages that stand for days, while the feed is watched."""
    rang = await rings_of(house, *of_pages(house, "aaa"))
    house.clock.forward(days=4)
    ferry = met(house, "new", FERRY, link="https://n.example/ferry/")
    rang += await rings_of(house, *of_pages(house, "aaa"), ferry)
    house.clock.forward(days=4)
    await house.unchanged()
    return rang


async def test_undated_pages_that_all_get_other_ids_at_once_are_told_once(house: House) -> None:
    assert await stand_in_two_documents(house) == 1
    assert await rings_of(house, *of_pages(house, "bbb")) == 0


async def test_undated_alerts_that_recur_together_while_nobody_looks_are_told(house: House) -> None:
    await stand_in_two_documents(house)
    house.clock.forward(days=3)

    assert await rings_of(house, *of_pages(house, "bbb")) == 1


@pytest.mark.parametrize(
    ("status", "change"),
    [
        pytest.param(200, {"known": [entry_key(f"a{n}") for n in range(3)]}, id="they are there"),
        pytest.param(200, {"cut_off": True}, id="the document is cut off"),
        pytest.param(226, {}, id="it has only what changed"),
    ],
)
async def test_undated_alerts_that_recur_while_their_old_entries_may_still_stand_are_told(
    house: House, status: int, change: dict[str, Any]
) -> None:
    await stand_in_two_documents(house)
    outcome = house.outcome(*of_pages(house, "bbb"))
    assert outcome.parsed
    assert outcome.fetched
    outcome = outcome._replace(
        parsed=replace(outcome.parsed, **change), fetched=replace(outcome.fetched, status=status)
    )

    taken = await house.writer.run(lambda tx: house.pipeline.take(tx, outcome))

    assert taken.alerts == 1


@pytest.mark.parametrize(
    "between", [pytest.param(True, id="a calm document"), pytest.param(False, id="an empty one")]
)
async def test_undated_alerts_that_recur_together_after_a_calm_are_told_again(
    house: House, *, between: bool
) -> None:
    calm = [met(house, "calm", FERRY, link="https://n.example/ferry/")] if between else []
    rang = [await rings_of(house, *of_pages(house, "aaa"))]
    house.clock.forward(days=4)
    await house.poll(*calm)
    house.clock.forward(days=4)
    rang.append(await rings_of(house, *of_pages(house, "bbb")))

    assert rang == [1, 1]


async def test_ids_by_place_name_no_entry(house: House) -> None:
    """A feed calls its entries "item0" to "item2", the newest first."""
    news = [MEETS, FERRY, "Quake shakes Peru", "Bank keeps its rate", "Storm closes two airports"]
    dates = [house.clock() + timedelta(minutes=n) for n in range(len(news))]

    def listed(*numbers: int) -> list[ParsedEntry]:
        links = {n: f"https://news.example/2026/11/30/item-news-{n}-7000{n}" for n in numbers}
        return [
            met(
                house,
                f"item{place}",
                news[n],
                link=links[n],
                published=dates[n],
                lone_id=f"item{place}",
                shared_id=f"item{place}#{n}",
            )
            for place, n in enumerate(numbers)
        ]

    house.clock.forward(hours=1)
    for numbers in ((1, 0), (1, 0), (2, 1), (3, 2), (3, 2), (4, 3), (1, 0), (4, 3)):
        await house.poll(*listed(*numbers))

    assert sorted(titles(house)) == sorted(news)
    assert [alert.title for alert in house.alerts()] == [MEETS]


async def test_an_equal_title_under_an_address_of_several_is_no_identity(house: House) -> None:
    home = "https://n.example/"
    await house.poll(met(house, "1", link=home))
    house.clock.forward(minutes=5)  # under one title and date it would be the same
    await house.poll(met(house, "2", link=home), met(house, "3", FERRY, link=home))
    await house.poll(met(house, "4", link=home), url=TIMES)

    assert titles(house) == [MEETS, MEETS, FERRY, MEETS]


@pytest.mark.parametrize(
    "google", ["https://news.google.com/rss/articles/CBMiqwFBVV95cUxQ{}abcd?oc=5", ""]
)
async def test_ids_made_up_anew_beside_steady_ones_make_no_new_entries(
    house: House, google: str
) -> None:
    """Google News does so, and changes the addresses too; others have none."""
    steady = [met(house, f"s{n}", f"{FERRY} {n}", link=google.format(f"s{n}")) for n in range(4)]
    for number in range(3):
        await house.poll(met(house, f"x{number}", link=google.format(number)), *steady)

    assert len(house.entries()) == 1 + 4


async def test_a_document_that_shares_an_address_names_no_stored_entry(house: House) -> None:
    await house.poll(met(house))
    await house.poll(met(house, "2", FERRY), met(house, "3", "Quake in Peru"), url=TIMES)

    assert len(house.entries()) == 3


async def test_an_edited_entry_links_to_the_address_that_it_has_by_now(house: House) -> None:
    """An outlet spells the address after the headline."""
    moved = PAGE.replace("meets", "signs")
    await rings_of(house, met(house))

    await rings_of(house, met(house, title=EDITED, link=moved))

    (stored,) = house.entries()
    assert stored.entry.url == moved
    assert house.senders["desk"].sent[-1].views[0].reports[-1].url == moved
    with house.database.read() as tx:
        assert [tx.entries.find(url) for url in (moved, PAGE)] == [(stored,), (stored,)]


async def test_an_entry_that_moved_is_known_by_its_old_address_still(house: House) -> None:
    await rings_of(house, met(house))
    await rings_of(house, met(house, title=EDITED, link=PAGE.replace("meets", "signs")))

    assert await rings_of(house, met(house, "other"), url=TIMES) == 0

    assert titles(house) == [EDITED]


async def test_an_edit_without_an_address_or_of_another_feed_moves_nothing(house: House) -> None:
    await house.poll(met(house))
    await house.poll(met(house, title=EDITED, link=""))
    await house.poll(
        met(house, "other", "Kim leaves Vladivostok", link=f"{PAGE}?utm_source=rss"), url=TIMES
    )

    (stored,) = house.entries()
    assert stored.entry.url == PAGE


async def test_the_topics_that_a_feed_may_raise_hold_for_what_it_shares(tmp_path: Path) -> None:
    feeds = [{"url": WIRE, "name": "Wire", "topics": []}, {"url": TIMES, "name": "Times"}]
    tables = settings(feeds=feeds, channels={"desk": {"console": True}})
    async with House(tmp_path, tables, Clock(), {"desk": Recorder()}) as made:
        house = await made.started()
        assert await rings_of(house, met(house)) == 0

        assert await rings_of(house, met(house, "other"), url=TIMES) == 1
        assert await rings_of(house, met(house, title=f"{MEETS}!")) == 0

        (stored,) = house.entries()
        assert [match.topic for match in stored.reading.matches] == ["summit"]


async def test_a_late_older_entry_joins_and_renumbers_nothing(house: House) -> None:
    await house.poll(house.report(MEETS, "1"))
    before = house.entries()

    await house.poll(house.report(MEETS, "2", hours_ago=20), url=TIMES)

    assert house.entries()[:1] == before
    assert house.entries()[1].story == before[0].story


async def test_what_was_met_elsewhere_stays_known_when_it_is_deleted(house: House) -> None:
    await house.poll(met(house, title=FERRY, published=None))
    await house.poll(met(house, "other", FERRY, published=None), url=TIMES)
    let_go(house)

    again = await house.poll(met(house, "other", FERRY, published=None), url=TIMES)

    assert again.entries == 0
    assert house.entries() == []


async def test_what_has_an_old_date_is_no_news_when_it_comes_back_after_that(house: House) -> None:
    first = met(house, title=FERRY)
    await house.poll(first)
    let_go(house)

    assert await rings_of(house, replace(first, title=MEETS)) == 0
    assert titles(house) == [MEETS]


async def test_other_words_under_an_id_that_was_let_go_are_news(house: House) -> None:
    await house.poll(met(house, "item-1", FERRY, published=None))
    let_go(house)
    await house.poll(met(house, "item-1", FERRY, published=None))

    assert await rings_of(house, met(house, "item-1", published=None)) == 1
    assert await rings_of(house, met(house, "item-1", published=None)) == 0
    assert await rings_of(house, met(house, "item-1", FERRY, published=None)) == 0
    assert titles(house) == [MEETS]


async def test_what_a_feed_began_with_is_no_news_under_a_new_date_years_later(
    tmp_path: Path,
) -> None:
    tables = settings(feeds=FEEDS, channels={"desk": {"console": True}})
    async with House(tmp_path, tables, Clock(), {"desk": Recorder()}) as house:
        first = met(house, published=house.clock() - timedelta(days=2))
        assert await rings_of(house, first) == 0
        let_go(house)

        assert await rings_of(house, replace(first, published=house.clock())) == 0
        assert house.entries() == []


async def test_what_was_told_is_not_told_anew_where_its_copy_gets_a_new_date(house: House) -> None:
    copy = met(house, "copy", link="https://other.example/a")
    assert await rings_of(house, met(house)) == 1
    assert await rings_of(house, copy, url=TIMES) == 0
    house.clock.forward(days=100)
    with house.database.begin() as tx:
        tx.retention.delete_entries(house.clock())

    assert await rings_of(house, replace(copy, published=house.clock()), url=TIMES) == 0
