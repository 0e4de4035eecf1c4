"""One entry, one story: whatever feeds do with ids, dates, addresses and headlines."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from house import TIMES, WIRE, Clock, House, Recorder
from watchlists import FERRY, MEETS, settings

from watcher.feeds.parsed import ParsedEntry, entry_key
from watcher.model import Action, MuteKind, Reason, Relation
from watcher.stories.ticking import RESTLESS

PAGE = "https://www.news.example/world/kim-meets-putin-5512"
EDITED = "Kim and Putin sign an arms treaty after talks in Vladivostok"
#: So short a headline may be of any day.
SHORT = "Kim Jong Un meets Putin in Vladivostok"
FEEDS = [{"url": WIRE, "name": "Wire"}, {"url": TIMES, "name": "Times"}]


def let_go(house: House) -> None:
    """Let the one entry there is pass its retention."""
    house.clock.forward(days=100)
    with house.database.begin() as tx:
        assert tx.retention.delete_entries(house.clock()).removed == 1


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    tables = settings(feeds=FEEDS, channels={"desk": {"console": True}})
    async with House(tmp_path, tables, Clock(), {"desk": Recorder()}) as made:
        yield await made.started()


def titles(house: House) -> list[str]:
    return [stored.entry.title for stored in house.entries()]


def met(house: House, id_: str = "1", title: str = MEETS, **changes: object) -> ParsedEntry:
    """Return an entry with the address of one article."""
    return replace(house.report(title, id_), **{"link": PAGE, **changes})  # type: ignore[arg-type]


async def rings_of(house: House, *entries: ParsedEntry, url: str = WIRE) -> int:
    """Take in a poll and return how many messages come of it."""
    taken = await house.poll(*entries, url=url)
    await house.deliver()
    await house.deliver(hours=1)
    return taken.alerts + taken.replies


async def rings_for(house: House, *summaries: str) -> list[int]:
    """Return how many messages come of each summary of a page, hours after the one before."""
    rang = []
    for summary in summaries:
        house.clock.forward(hours=2)
        rang.append(await rings_of(house, met(house, summary=summary)))
    return rang


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


async def test_an_edited_headline_that_says_something_new_is_a_reply(house: House) -> None:
    assert await rings_of(house, met(house)) == 1
    assert await rings_of(house, met(house, title=EDITED)) == 1
    assert await rings_of(house, met(house, title=EDITED)) == 0

    (stored,) = house.entries()
    assert stored.entry.title == EDITED
    assert [alert.action for alert in house.alerts()] == [Action.ALERT, Action.REPLY]
    assert house.alerts()[0].story == house.alerts()[1].story == stored.story
    (decision,) = house.decisions()
    assert (decision.action, decision.reason) == (Action.REPLY, Reason.POSSIBLY_NEW)
    with house.database.read() as tx:
        assert tx.sightings.wordings(stored.number) == [(MEETS, "")]


@pytest.mark.parametrize("is_dated", [True, False], ids=["updated", "no date of the change"])
async def test_what_an_old_page_says_anew_is_as_new_as_its_words(
    house: House, *, is_dated: bool
) -> None:
    live = met(house, title="Live: storm over the Far East")
    await rings_of(house, live)
    house.clock.forward(hours=60)
    assert await rings_of(house, replace(live, title=MEETS)) == 1
    house.clock.forward(hours=40)
    updated = house.clock() if is_dated else live.published

    assert await rings_of(house, replace(live, title=EDITED, updated=updated)) == 1


async def test_a_template_that_changes_makes_no_old_report_new(house: House) -> None:
    pages = [
        met(house, str(n), title, link=f"{PAGE}{n}", published=house.clock() - timedelta(days=5))
        for n, title in enumerate((FERRY, "Quake shakes Peru", "Bank keeps its rate"))
    ]
    await rings_of(house, *pages)

    edited = [replace(one, title=f"{MEETS} {one.title}") for one in pages]

    assert await rings_of(house, *edited) == 0
    assert await rings_of(house, replace(edited[0], title=EDITED), *edited[1:]) == 1


@pytest.mark.parametrize("count", [2, 4])
async def test_what_two_old_pages_of_a_small_feed_say_anew_is_news(
    house: House, count: int
) -> None:
    long_ago = house.clock() - timedelta(days=5)
    pages = [
        met(house, str(n), f"Live: {place}", link=f"{PAGE}{n}", published=long_ago)
        for n, place in enumerate(("the Far East", "Moscow", "Peru", "Chile")[:count])
    ]
    await rings_of(house, *pages)
    first = replace(pages[0], title=EDITED)

    assert await rings_of(house, first, replace(pages[1], title="Live: storm"), *pages[2:]) == 1


@pytest.mark.parametrize("updated", [timedelta(), timedelta(days=2)])
async def test_the_first_summary_of_an_old_page_is_as_old_as_the_page(
    house: House, updated: timedelta
) -> None:
    """Its feed dates no change: a date before that of the page is none."""
    published = house.clock() - timedelta(days=5)
    old = met(house, title=FERRY, published=published)
    await rings_of(house, old)

    brought = replace(old, summary=EDITED, updated=published - updated)

    assert await rings_of(house, brought) == 0


async def test_words_that_their_feed_dates_long_ago_are_too_old(house: House) -> None:
    live = met(house, title="Live: storm over the Far East")
    await rings_of(house, live)
    changed = house.clock() + timedelta(hours=1)
    house.clock.forward(hours=100)

    assert await rings_of(house, replace(live, title=MEETS, updated=changed)) == 0
    (decision,) = house.decisions()
    assert (decision.action, decision.reason) == (Action.SUPPRESS, Reason.TOO_OLD)


async def test_an_old_page_that_another_feed_titles_otherwise_is_no_news(house: House) -> None:
    old = met(house, title=MEETS)
    await rings_of(house, old)
    house.clock.forward(hours=100)

    assert await rings_of(house, replace(old, id="other", title=EDITED), url=TIMES) == 0


async def test_what_an_alert_told_is_shown_as_it_was_when_it_was_sent(house: House) -> None:
    await rings_of(house, met(house))
    sent = house.alerts()[0].deliveries[0].sent_at
    assert sent
    house.clock.forward(minutes=5)
    await rings_of(house, met(house, title=EDITED))

    with house.database.read() as tx:
        assert tx.sightings.titles_at([1], sent) == {1: MEETS}
        assert tx.sightings.titles_at([1], house.clock()) == {}


async def test_headlines_that_take_turns_are_told_once_each(house: House) -> None:
    """A publisher tries two headlines on its readers."""
    rang = [await rings_of(house, met(house, title=title)) for title in (MEETS, EDITED) * 4]

    assert rang == [1, 1, 0, 0, 0, 0, 0, 0]
    assert titles(house) == [EDITED]


async def test_headlines_that_take_turns_are_told_once_though_one_is_of_no_topic(
    house: House,
) -> None:
    rang = [await rings_of(house, met(house, title=title)) for title in (MEETS, FERRY) * 4]

    assert rang == [1, 0, 0, 0, 0, 0, 0, 0]
    (decision,) = house.decisions()
    assert decision.reason is Reason.FIRST_REPORT


async def test_a_summary_that_comes_and_goes_is_told_once(house: House) -> None:
    summaries = (MEETS, "") * 4
    rang = [await rings_of(house, met(house, title=FERRY, summary=text)) for text in summaries]

    assert rang == [1, 0, 0, 0, 0, 0, 0, 0]


async def test_words_of_no_topic_that_are_brought_into_it_are_told_after_others_of_it(
    house: House,
) -> None:
    """What copies words that its topic did not match is no copy of what people heard."""
    ferry = f"{FERRY} in the presence of"
    await rings_of(house, met(house))
    assert await rings_of(house, met(house, title=f"{ferry} two guests")) == 0

    assert await rings_of(house, met(house, title=f"{ferry} two guests, Kim Jong Un, Putin")) == 1


async def test_words_that_come_back_are_told_when_they_were_muted_before(house: House) -> None:
    with house.database.begin() as tx:
        tx.mutes.add(MuteKind.OUTLET, "Wire", house.clock() + timedelta(minutes=90), house.clock())
    titles = (MEETS, FERRY, MEETS, FERRY, MEETS)
    rang = [await rings_of(house, met(house, title=title)) for title in titles]

    assert rang == [0, 0, 1, 0, 0]


async def test_an_edit_that_says_the_same_tells_nothing(house: House) -> None:
    await rings_of(house, met(house, summary="Three readers commented."))

    assert await rings_of(house, met(house, summary="Four readers commented.")) == 0
    assert await rings_of(house, met(house, title=f"{MEETS}!")) == 0
    assert titles(house) == [f"{MEETS}!"]


async def test_a_counter_in_a_summary_rings_twice_at_most(house: House) -> None:
    counted = [f"Both smiled. {n} readers, {n * 2} comments." for n in (12, 15, 40, 300, 310)]
    rang = [await rings_of(house, met(house, summary=text)) for text in counted]

    assert rang == [1, 1, 1, 0, 0]
    (stored,) = house.entries()
    assert stored.entry.summary == counted[-1]


async def test_a_page_whose_words_change_at_each_poll_rings_only_for_the_first_few(
    house: House,
) -> None:
    words = ("harvest", "orchestra", "glacier", "marathon", "library", "vaccine", "harbour")
    lists = [f"{one} opens {two} {one[::-1]}" for one, two in pairwise(words)]
    rang = [await rings_of(house, met(house, summary=one)) for one in lists]

    assert rang[RESTLESS:] == [0] * len(rang[RESTLESS:])
    grave = f"{lists[0]}. A blast killed 12 people."
    assert await rings_of(house, met(house, summary=grave)) == 1


async def test_a_restless_page_rings_for_each_attack_that_it_tells(house: House) -> None:
    lines = [f"A {one} was attacked on the quay." for one in ("guard", "train", "hospital")]
    words = ("harvest", "orchestra", "glacier", "marathon", "library", "vaccine")
    await rings_for(house, *(f"{one} opens {two}" for one, two in pairwise(words)))

    assert await rings_for(house, *lines, f"{lines[0]} {lines[2]}") == [1, 1, 1, 0]


async def test_a_toll_rings_each_time_that_it_rises_however_small(house: House) -> None:
    tolls = [f"A blast on the quay killed {toll} people." for toll in range(4, 10)]

    assert await rings_for(house, *tolls) == [1] * len(tolls)


async def test_a_page_that_got_its_summary_later_rings_for_what_that_adds(house: House) -> None:
    smiled = "The two leaders sat down in the palace by the sea."

    assert await rings_for(house, "", smiled, f"{smiled} Both signed a pact.") == [1, 0, 1]


LONG = "The two leaders sat down in the palace by the sea and spoke of trade. " * 8


async def test_a_long_page_rings_for_each_grave_act_that_it_adds_at_its_foot(house: House) -> None:
    shot = f"{LONG}UPDATE: Two guards were shot. "
    tails = [f"{LONG}(12 comments)", f"{shot}(20 comments)", f"{shot}(21 comments)"]

    assert await rings_for(house, *tails, f"{shot}Kim Jong Un has died.") == [1, 1, 0, 1]


async def test_background_far_down_is_no_news_in_a_full_text(house: House) -> None:
    more = "They had met in that palace before, and in the harbour of the town. " * 16
    full = [f"{LONG}{more}In {year} a guard was murdered." for year in (2017, 2019)]

    assert await rings_for(house, LONG.strip(), *full) == [1, 0, 0]


async def test_a_second_feed_that_has_more_of_a_long_page_tells_nothing(house: House) -> None:
    assert await rings_of(house, met(house, summary=LONG.strip())) == 1
    other = met(house, "other", summary=f"{LONG}In 2017 a guard was murdered.")

    assert await rings_of(house, other, url=TIMES) == 0


async def test_a_live_ticker_does_not_ring_at_each_tick(house: House) -> None:
    titles = [f"Live: {MEETS}, updated {time}" for time in ("10:02", "10:31", "11:15")]
    rang = [await rings_of(house, met(house, title=title)) for title in titles]

    assert rang == [1, 0, 0]
    assert (await rings_of(house, met(house, title=f"Live: {EDITED}, updated 11:30"))) == 1


async def test_a_typo_put_right_tells_nothing(house: House) -> None:
    right = "Kim meets Putin and inspects a shipyard"
    assert await rings_of(house, met(house, title=right.replace("inspects", "insepcts"))) == 1

    assert await rings_of(house, met(house, title=right)) == 0

    assert titles(house) == [right]


async def test_a_repaired_encoding_tells_nothing(house: House) -> None:
    title = "Kim meets Putin – Vučić’s café visit"
    for sign in ("\ufffd", "?"):
        damaged = re.sub("[^\0-\x7f]", sign, title)
        page = {"id_": sign, "link": f"{PAGE}{ord(sign)}"}
        await rings_of(house, met(house, title=damaged, summary="A text.", **page))

        assert await rings_of(house, met(house, title=title, summary="A text.", **page)) == 0

    assert titles(house) == [title, title]


async def test_a_title_that_is_lost_for_a_poll_is_kept_and_tells_nothing(house: House) -> None:
    whole = met(house, summary="Officials gave no comment.")
    bare = replace(whole, title="")

    rang = [await rings_of(house, one) for one in (whole, bare, bare, whole, bare)]

    assert rang == [1, 0, 0, 0, 0]
    assert titles(house) == [MEETS]
    with house.database.read() as tx:
        assert tx.sightings.wordings(1) == []


async def test_a_lost_title_over_another_summary_may_be_news(house: House) -> None:
    await rings_of(house, met(house, summary="Officials gave no comment."))

    assert await rings_of(house, met(house, title="", summary=EDITED)) == 1


async def test_a_lost_title_above_words_from_before_is_the_one_that_these_had(house: House) -> None:
    await rings_of(house, met(house, summary="Officials gave no comment."))
    await rings_of(house, met(house, title=EDITED, summary="Both spoke."))

    assert await rings_of(house, met(house, title="", summary="Officials gave no comment.")) == 0
    assert titles(house) == [MEETS]


@pytest.mark.parametrize("summary", [EDITED, ""])
async def test_a_title_made_of_the_text_that_was_told_tells_nothing(
    house: House, summary: str
) -> None:
    assert await rings_of(house, met(house, title="", summary=EDITED)) == 1

    assert await rings_of(house, met(house, title=f"{EDITED[:20]}…", summary=summary)) == 0
    assert titles(house) == [f"{EDITED[:20]}…"]


async def test_an_edit_can_bring_an_entry_into_a_topic(house: House) -> None:
    assert await rings_of(house, met(house, title=FERRY)) == 0
    assert await rings_of(house, met(house, title=MEETS)) == 1

    (alert,) = house.alerts()
    assert (alert.action, alert.title) == (Action.ALERT, MEETS)
    (stored,) = house.entries()
    assert [match.topic for match in stored.reading.matches] == ["summit"]


async def test_an_edited_copy_that_adds_something_is_no_copy_any_more(house: House) -> None:
    await rings_of(house, met(house, "1", link=f"{PAGE}1"))
    await rings_of(house, met(house, "2", link=f"{PAGE}2"), url=TIMES)
    assert [one.relation for one in house.entries()] == [Relation.NEW, Relation.COPY]

    assert await rings_of(house, met(house, "2", EDITED, link=f"{PAGE}2"), url=TIMES) == 1

    copy = house.entries()[1]
    assert (copy.relation, copy.copy_of) == (Relation.SAME, None)
    assert copy.reason.startswith("edited since it was a copy")


async def test_an_edited_entry_is_found_by_its_new_words(house: House) -> None:
    await rings_of(house, met(house, title=FERRY))
    await rings_of(house, met(house, title=EDITED))
    await rings_of(house, met(house, "2", EDITED, link="https://other.example/a"), url=TIMES)

    one, other = house.entries()
    assert (other.relation, other.copy_of, other.story) == (Relation.COPY, one.number, one.story)


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
