"""An entry that is met again in other words: what is told of them, and what of them is kept."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from house import TIMES, House
from met_again import EDITED, PAGE, met, rings_of, titles
from watchlists import FERRY, MEETS

from watcher.model import Action, MuteKind, Reason, Relation
from watcher.stories.ticking import RESTLESS


async def rings_for(house: House, *summaries: str) -> list[int]:
    """Return how many messages come of each summary of a page, hours after the one before."""
    rang = []
    for summary in summaries:
        house.clock.forward(hours=2)
        rang.append(await rings_of(house, met(house, summary=summary)))
    return rang


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
