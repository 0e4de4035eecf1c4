"""An entry whose page says by now what another entry said, word for word."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from house import TIMES, WIRE, Clock, House, Recorder
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.errors import DeliveryError
from watcher.model import Action, Reason

SUMMARY = "The two leaders met for talks in the port of Vladivostok, the Kremlin said."
FEEDS = [{"url": WIRE, "name": "Wire"}, {"url": TIMES, "name": "Times", "tags": ["east"]}]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    tables = settings(feeds=FEEDS, channels={"desk": {"console": True}})
    async with House(tmp_path, tables, Clock(), {"desk": Recorder()}) as made:
        yield await made.started()


async def retitled(house: House, *, told: str = MEETS, summary: str = SUMMARY) -> int:
    """Have one outlet report, retitle the page of another to it, and return its messages."""
    page = replace(house.report("Breaking news", "2"), summary="More soon.")
    await house.poll(page, url=TIMES)
    await house.poll(replace(house.report(told, "1"), summary=SUMMARY), url=WIRE)
    await house.deliver(hours=1)
    edited = replace(page, title=MEETS, summary=summary)
    taken = await house.poll(edited, url=TIMES)
    await house.deliver(hours=1)
    return taken.alerts + taken.replies


async def test_a_page_retitled_to_what_was_told_is_no_news_and_stays_in_its_story(
    house: House,
) -> None:
    assert await retitled(house) == 0

    page, report = house.entries()
    assert page.entry.title == report.entry.title
    assert page.story != report.story
    assert [alert.story for alert in house.alerts()] == [report.story]
    made = next(one for one in house.decisions() if one.entry == page.number)
    assert (made.action, made.reason) == (Action.SUPPRESS, Reason.COPY)


async def test_what_it_says_beside_that_is_news(house: House) -> None:
    assert await retitled(house, summary=f"{SUMMARY} A bomb killed 14 people there.") == 1


async def test_it_is_told_where_what_it_repeats_was_not(house: House) -> None:
    assert await retitled(house, told=FERRY) == 1


async def test_it_is_told_where_the_message_of_what_it_repeats_died_on_its_way(
    house: House,
) -> None:
    house.senders["desk"].failures = [DeliveryError("mailbox full", permanent=True)]

    assert await retitled(house) == 1


async def test_it_is_told_to_people_who_did_not_hear_of_the_other_report(tmp_path: Path) -> None:
    channels = {"desk": {"console": True}, "east": {"console": True, "only": {"tags": ["east"]}}}
    tables = settings(feeds=FEEDS, channels=channels)
    senders = {"desk": Recorder(), "east": Recorder()}
    async with House(tmp_path, tables, Clock(), senders) as made:
        assert await retitled(await made.started()) == 1

    assert [len(recorder.sent) for recorder in senders.values()] == [1, 1]


async def test_it_is_not_told_again_where_it_came_for_its_death_on_the_way_to_another_channel(
    tmp_path: Path,
) -> None:
    channels = {"desk": {"console": True}, "lost": {"console": True}}
    senders = {"desk": Recorder(), "lost": Recorder()}
    async with House(tmp_path, settings(feeds=FEEDS, channels=channels), Clock(), senders) as made:
        house = await made.started()
        await house.tell(house.report(SIGNS.format(3), "page"))
        await house.deliver(hours=1)
        senders["lost"].failures = [DeliveryError("mailbox full", permanent=True)]
        await house.tell(SIGNS.format(40), url=TIMES)
        await house.tell(house.report(SIGNS.format(40), "page"))
        await house.deliver(hours=1)

    for recorder in senders.values():
        assert [one.views[0].action for one in recorder.sent] == [Action.ALERT, Action.REPLY]


@pytest.mark.parametrize("is_said_by_another", [False, True])
async def test_it_is_told_where_people_know_but_what_the_other_report_said_before(
    tmp_path: Path, *, is_said_by_another: bool
) -> None:
    channels = {"desk": {"console": True}, "east": {"console": True, "only": {"tags": ["east"]}}}
    senders = {"desk": Recorder(), "east": Recorder()}
    async with House(tmp_path, settings(feeds=FEEDS, channels=channels), Clock(), senders) as made:
        house = await made.started()
        await house.tell(house.report(SIGNS.format(3), "other"))
        await house.deliver(hours=1)
        await house.tell(house.report(SIGNS.format(3), "page"), url=TIMES)
        await house.deliver(hours=1)
        if is_said_by_another:
            await house.tell(house.report(SIGNS.format(40), "third"))
        await house.tell(house.report(SIGNS.format(40), "other"))
        await house.deliver(hours=1)
        await house.tell(house.report(SIGNS.format(40), "page"), url=TIMES)
        await house.deliver(hours=1)

    for recorder in senders.values():
        assert [one.views[0].action for one in recorder.sent] == [Action.ALERT, Action.REPLY]


async def test_where_somebody_is_told_it_whose_message_of_the_other_report_waits_is_told_as_well(
    tmp_path: Path,
) -> None:
    channels = {"desk": {"console": True}, "east": {"console": True, "only": {"tags": ["east"]}}}
    tables = settings(feeds=FEEDS, channels=channels, alerts={"group_wait": "30m"})
    senders = {"desk": Recorder(), "east": Recorder()}
    async with House(tmp_path, tables, Clock(), senders) as made:
        house = await made.started()
        page = replace(house.report("Breaking news", "page"), summary="More soon.")
        await house.poll(page, url=TIMES)
        await house.poll(house.report(SIGNS.format(3), "other"))
        await house.poll(replace(page, title=SIGNS.format(3), summary=""), url=TIMES)
        await house.poll(house.report(SIGNS.format(40), "other"))
        await house.deliver(hours=1)

    told = {one.views[0].shown.title for one in senders["desk"].sent}
    assert told == {SIGNS.format(3), SIGNS.format(40)}


async def test_where_edits_alone_tell_what_comes_next_the_alert_that_they_change_comes_to_all(
    tmp_path: Path,
) -> None:
    channels = {
        "desk": {"telegram": {"chat": "-1", "token": "123456:token"}},
        "east": {"telegram": {"chat": "-2", "token": "123456:token"}, "only": {"tags": ["east"]}},
    }
    tables = settings(feeds=FEEDS, channels=channels, alerts={"updates": "edit"})
    senders = {"desk": Recorder(), "east": Recorder()}
    async with House(tmp_path, tables, Clock(), senders) as made:
        house = await made.started()
        await retitled(house)
        page = house.report(SIGNS.format(40), "2")
        await house.poll(replace(page, summary=SUMMARY), url=TIMES)
        await house.deliver(hours=1)

    assert [len(recorder.edited) for recorder in senders.values()] == [1, 1]
