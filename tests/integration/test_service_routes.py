"""Who hears of what: channels that choose, and services that get one update."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from house import TIMES, WIRE, House, OpenHouse, Recorder
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.alerts.render import email_parts, plain_text
from watcher.errors import DeliveryError
from watcher.model import Action
from watcher.service.moments import rfc3339
from watcher.storage.rows import State

POST = "https://post.example/feed"
FEEDS: list[dict[str, Any]] = [
    {"url": WIRE, "name": "Wire", "lang": "en", "tags": ["wires"]},
    {"url": TIMES, "name": "Times", "lang": "en"},
    {"url": POST, "name": "Post", "tags": ["jakarta"]},
]
INDONESIAN = "Kim Jong Un bertemu Putin di Vladivostok dan menandatangani perjanjian dagang"
GENERALS = "Kim Jong Un bertemu Putin di Vladivostok, 3 jenderal ikut hadir"
BY_THE_SEA = "Kedua pemimpin bertemu di tepi laut, kata Kremlin"
TOPICS = [
    {"id": "summit", "match": "kim NEAR putin", "priority": "high"},
    {"id": "ferry", "match": '"ferry"'},
]

Enter = Callable[..., Any]


@pytest.fixture
def enter(open_house: OpenHouse) -> Enter:
    """Return a function that builds a house with channels, polled before."""

    async def entered(
        alerts: Mapping[str, object] | None = None,
        *,
        languages: Sequence[str] = (),
        **channels: dict[str, Any],
    ) -> tuple[House, dict[str, Recorder]]:
        senders = {name: Recorder(limit_key=name) for name in channels}
        configured = settings(
            feeds=FEEDS,
            topics=TOPICS,
            channels={name: {"console": True, **table} for name, table in channels.items()},
            alerts={"group_wait": "0s", "reply_intervals": ["0s"], **(alerts or {})},
            watcher={"languages": list(languages)},
        )
        house = await open_house(configured, senders)
        return house, senders

    return entered


async def report(
    house: House, title: str, url: str = WIRE, id_: str = "", summary: str = ""
) -> None:
    house.clock.forward(minutes=5)
    await house.tell(replace(house.report(title, id_), summary=summary), url=url)


def told(recorder: Recorder) -> list[Action]:
    return [message.views[0].action for message in recorder.sent]


async def test_channels_choose_by_topic_priority_and_tag(enter: Enter) -> None:
    house, senders = await enter(
        desk={},
        urgent={"only": {"priorities": ["high"]}},
        ships={"only": {"topics": ["ferry"]}},
        wires={"only": {"tags": ["wires"]}},
    )
    await report(house, MEETS)
    await report(house, FERRY, TIMES)

    topics = {
        name: [message.views[0].topic for message in recorder.sent]
        for name, recorder in senders.items()
    }
    assert topics == {
        "desk": ["summit", "ferry"],
        "urgent": ["summit"],
        "ships": ["ferry"],
        "wires": ["summit"],
    }


async def test_channels_choose_by_language(enter: Enter) -> None:
    house, senders = await enter(
        english={"only": {"languages": ["en"]}}, jakarta={"only": {"languages": ["id"]}}
    )
    await report(house, INDONESIAN)
    await report(house, FERRY)

    topics = [[one.views[0].topic for one in recorder.sent] for recorder in senders.values()]
    assert topics == [["ferry"], ["summit"]]


async def test_a_channel_that_chooses_a_language_reads_it(enter: Enter) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"languages": ["id"]}})
    await report(house, MEETS)
    await report(house, INDONESIAN, POST)

    shown = {name: recorder.sent[0].views[0].shown.title for name, recorder in senders.items()}
    assert shown == {"desk": MEETS, "jakarta": INDONESIAN}


async def test_what_heads_the_alert_that_it_brought_to_a_channel_is_not_told_it_again(
    enter: Enter,
) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"languages": ["id"]}})
    await report(house, MEETS)
    await report(house, GENERALS, POST)
    await report(house, f"{GENERALS}!", POST)

    assert told(senders["desk"]) == [Action.ALERT, Action.REPLY]
    assert told(senders["jakarta"]) == [Action.ALERT]


async def test_a_reply_names_nothing_that_heads_the_alert_of_its_channel(enter: Enter) -> None:
    house, senders = await enter(
        {"reply_intervals": ["30m"]}, desk={}, jakarta={"only": {"languages": ["id"]}}
    )
    treaty = f"{INDONESIAN} senilai 40 juta dolar"
    await report(house, MEETS)
    await report(house, SIGNS.format(9))
    await report(house, GENERALS, POST)
    await report(house, treaty, POST)
    house.clock.forward(hours=1)
    await house.deliver()

    replies = {name: recorder.sent[1].views[0].reports for name, recorder in senders.items()}
    named = {name: {one.title for one in reports} for name, reports in replies.items()}
    assert named["jakarta"] == {SIGNS.format(9), treaty}
    assert named["desk"] == {SIGNS.format(9), GENERALS, treaty}
    assert senders["jakarta"].sent[0].views[0].shown.title == GENERALS


async def test_what_brings_an_alert_with_another_headline_to_a_channel_is_told_it_by_a_reply(
    enter: Enter,
) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"tags": ["jakarta"]}})
    await report(house, MEETS)
    await report(house, SIGNS.format(9), POST)

    alert, reply = (message.views[0] for message in senders["jakarta"].sent)
    assert alert.shown.title == MEETS
    assert [one.title for one in reply.reports] == [SIGNS.format(9)]


async def test_what_the_alert_of_a_channel_may_bear_no_longer_when_it_goes_is_told_by_a_reply(
    enter: Enter,
) -> None:
    jakarta = {"only": {"languages": ["id", "en"], "tags": ["jakarta"]}, "digest": "daily 07:00"}
    house, senders = await enter(desk={}, jakarta=jakarta)
    await report(house, FERRY)
    await report(house, f"{FERRY}, 40 rescued", POST)
    house.clock.forward(days=1)
    await house.deliver()

    (digest,) = senders["jakarta"].sent
    assert "40 rescued" in plain_text(digest)[1]


@pytest.mark.parametrize("only", [{"languages": ["en"]}, {"tags": ["wires"]}])
async def test_what_a_page_says_anew_is_told_where_it_heads_the_alert_with_what_it_said_before(
    enter: Enter, only: dict[str, Any]
) -> None:
    house, senders = await enter(languages=["en"], desk={}, english={"only": only})
    await report(house, SIGNS.format(3), id_="page")
    await report(house, SIGNS.format(40), id_="page")
    await report(house, SIGNS.format(40), TIMES)

    assert told(senders["english"]) == told(senders["desk"]) == [Action.ALERT, Action.REPLY]


async def test_what_a_page_says_anew_before_the_alert_that_it_heads_is_sent_is_told_by_that(
    enter: Enter,
) -> None:
    wires = {"only": {"tags": ["wires"]}, "digest": "daily 07:00"}
    house, senders = await enter(languages=["en"], desk={}, wires=wires)
    await report(house, f"{FERRY}, 3 rescued", id_="page")
    await report(house, f"{FERRY}, 40 rescued", id_="page")
    house.clock.forward(days=1)
    await house.deliver()

    (told_late,) = senders["wires"].sent
    assert len(told_late.views) == 1
    assert "40 rescued" in plain_text(told_late)[1]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([(GENERALS, f"{BY_THE_SEA}.")], id="a full stop"),
        pytest.param([("Berita terkini", "Nanti."), (GENERALS, BY_THE_SEA)], id="there and back"),
        pytest.param(
            [("Berita terkini", "Nanti."), (GENERALS, f"{BY_THE_SEA}.")],
            id="there and back and a full stop",
        ),
    ],
)
async def test_what_heads_the_alert_of_a_channel_is_not_told_it_again_for_an_edit_that_adds_nothing(
    enter: Enter, edits: list[tuple[str, str]]
) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"languages": ["id"]}})
    await report(house, MEETS)
    await report(house, GENERALS, POST, "page", BY_THE_SEA)
    for title, summary in edits:
        await report(house, title, POST, "page", summary)
    await report(house, GENERALS, POST, summary=BY_THE_SEA)

    assert told(senders["desk"]) == [Action.ALERT, Action.REPLY]
    assert told(senders["jakarta"]) == [Action.ALERT]


async def test_what_was_told_to_others_of_the_page_that_heads_an_alert_comes_with_its_first_copy(
    enter: Enter,
) -> None:
    house, senders = await enter(languages=["id"], desk={}, wires={"only": {"tags": ["wires"]}})
    more = GENERALS.replace("3", "40")
    await report(house, MEETS, TIMES)
    await report(house, GENERALS, POST, "page")
    await report(house, GENERALS)
    assert told(senders["wires"]) == [Action.ALERT]

    await report(house, more, POST, "page")
    await report(house, more)

    assert told(senders["wires"]) == [Action.ALERT, Action.REPLY]
    assert senders["wires"].sent[1].views[0].reports[0].title == more


async def another_says_it_first(house: House) -> None:
    await report(house, GENERALS.replace("3", "40"), TIMES)


async def its_outlet_is_muted(house: House) -> None:
    until = rfc3339(house.clock() + timedelta(hours=1))
    await house.do("mutes.add", kind="outlet", subject="Post", until=until)


@pytest.mark.parametrize("before", [another_says_it_first, its_outlet_is_muted])
async def test_what_the_page_that_heads_an_alert_says_anew_comes_with_a_copy_though_it_did_not_ring(
    enter: Enter, before: Callable[[House], Awaitable[None]]
) -> None:
    house, senders = await enter(languages=["id"], desk={}, wires={"only": {"tags": ["wires"]}})
    more = GENERALS.replace("3", "40")
    await report(house, MEETS, TIMES)
    await report(house, GENERALS, POST, "page")
    await report(house, GENERALS)
    await before(house)
    await report(house, more, POST, "page")
    await house.deliver(hours=2)
    await report(house, more)

    assert told(senders["wires"]) == [Action.ALERT, Action.REPLY]
    assert senders["wires"].sent[1].views[0].reports[0].title == more


async def test_copies_of_a_reply_that_died_on_its_way_are_not_tried_in_its_place(
    enter: Enter,
) -> None:
    house, senders = await enter(desk={}, english={"only": {"languages": ["en"]}})
    await report(house, MEETS)
    senders["english"].failures = [DeliveryError("mailbox full", permanent=True)]
    await report(house, SIGNS.format(9))
    await report(house, SIGNS.format(9), TIMES)
    await report(house, SIGNS.format(9) + "!", TIMES)

    came = [one.state for one in house.deliveries() if one.channel == "english"]
    assert came == [State.SENT, State.DEAD]


async def test_an_alert_that_went_out_under_another_headline_keeps_no_later_report_from_a_channel(
    enter: Enter,
) -> None:
    jakarta = {"only": {"tags": ["jakarta"]}}
    house, senders = await enter(languages=["id"], desk={}, jakarta=jakarta)
    await report(house, MEETS)
    await report(house, MEETS, POST)
    await report(house, GENERALS, POST)
    await report(house, f"{GENERALS}!", POST)

    assert told(senders["jakarta"]) == told(senders["desk"]) == [Action.ALERT, Action.REPLY]
    assert senders["jakarta"].sent[1].views[0].reports[0].title == GENERALS


async def test_a_reply_bears_the_subject_that_its_own_channel_had_the_alert_under(
    enter: Enter,
) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"languages": ["id"]}})
    await report(house, MEETS)
    await report(house, INDONESIAN, POST)
    await report(house, f"{INDONESIAN} senilai 40 juta dolar", POST)

    for name, title in (("desk", MEETS), ("jakarta", INDONESIAN)):
        alert, *replies = (email_parts(message)[0] for message in senders[name].sent)
        assert alert == f"[summit] {title}"
        assert replies
        assert set(replies) == {f"Re: {alert}"}


async def test_a_channel_hears_of_a_story_with_the_first_entry_that_it_wants(
    enter: Enter,
) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"tags": ["jakarta"]}})
    await report(house, MEETS)
    await report(house, MEETS, TIMES)
    assert told(senders["jakarta"]) == []

    await report(house, MEETS, POST)
    await report(house, MEETS + "!", POST)

    assert told(senders["jakarta"]) == [Action.ALERT]
    assert told(senders["desk"]) == [Action.ALERT]


async def test_a_channel_hears_of_what_was_told_to_others_with_the_first_copy_that_it_wants(
    enter: Enter,
) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"tags": ["jakarta"]}})
    await report(house, MEETS, POST)
    await report(house, SIGNS.format(9), TIMES)
    assert told(senders["jakarta"]) == [Action.ALERT]

    await report(house, SIGNS.format(9), POST)
    await report(house, SIGNS.format(9) + "!", POST)

    for recorder in senders.values():
        assert told(recorder) == [Action.ALERT, Action.REPLY]
        assert recorder.sent[1].views[0].reports[0].title == SIGNS.format(9)


@pytest.mark.parametrize("updates", ["none", "edit", "edit+reply"])
@pytest.mark.parametrize("title", [MEETS, SIGNS.format(9)])
async def test_to_a_channel_that_had_nothing_of_a_story_its_first_entry_is_an_alert_at_once(
    enter: Enter, updates: str, title: str
) -> None:
    house, senders = await enter(
        {"updates": updates, "reply_intervals": ["30m"]},
        desk={},
        jakarta={"only": {"tags": ["jakarta"]}},
    )
    await report(house, MEETS)
    await report(house, title, POST)

    assert told(senders["jakarta"]) == [Action.ALERT]
    assert told(senders["desk"]) == [Action.ALERT]


async def test_what_joins_a_message_that_waits_brings_its_channels_along(enter: Enter) -> None:
    house, senders = await enter(desk={}, jakarta={"only": {"tags": ["jakarta"]}})
    await house.poll(MEETS)
    await house.tell(SIGNS.format(9), url=POST)

    assert [len(recorder.sent) for recorder in senders.values()] == [1, 1]


async def test_a_service_that_can_neither_edit_nor_thread_gets_one_update_and_says_so(
    enter: Enter,
) -> None:
    house, senders = await enter(
        desk={}, phone={"console": False, "apprise": "ntfy://ntfy.example/x"}
    )
    for number in (3, 9, 20, 31):
        await report(house, SIGNS.format(number))

    assert told(senders["desk"]) == [Action.ALERT, *[Action.REPLY] * 3]
    assert told(senders["phone"]) == [Action.ALERT, Action.REPLY]
    _, body = plain_text(senders["phone"].sent[1])
    assert body.rstrip().endswith("The only update of this story that comes here.")
    assert "only update" not in plain_text(senders["desk"].sent[1])[1]
