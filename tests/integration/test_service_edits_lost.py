"""What was to be named in a message that can be changed no more, with several channels or often."""

from collections.abc import Callable
from typing import Any

import pytest
from house import TIMES, WIRE, House, OpenHouse, Recorder, titles
from watchlists import MEETS, SIGNS, settings

from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError

NINE, TEN, ELEVEN = (SIGNS.format(number) for number in (9, 10, 11))
DESK, BOSS = ({"telegram": {"chat": chat, "token": "123456:token"}} for chat in ("-100", "-300"))
MAIL = {"console": True}
POST = "https://post.example/feed"
GONE = DeliveryError("message to edit not found", permanent=True, message_gone=True)
STAYS = DeliveryError(
    "message can't be edited", permanent=True, message_gone=True, message_stays=True
)


class Deleting(Recorder):
    """A chat whose reader deletes each message."""

    async def edit(self, outgoing: Outgoing, message_id: str) -> None:  # noqa: ARG002
        raise GONE


Enter = Callable[..., Any]


@pytest.fixture
def enter(open_house: OpenHouse) -> Enter:
    """Return a function that builds a house whose channels were told of the summit."""

    async def entered(
        senders: dict[str, Recorder], channels: dict[str, Any], **alerts: object
    ) -> House:
        configured = settings(
            feeds=[{"url": url, "name": url} for url in (WIRE, TIMES, POST)],
            channels=channels,
            topics=[{"id": "summit", "match": "kim NEAR putin"}],
            watcher={"timezone": "UTC"},
            alerts={"group_wait": "0s", "updates": "edit", **alerts},
        )
        house = await open_house(configured, senders)
        await house.tell(MEETS)
        return house

    return entered


async def news(house: House, title: str, url: str = POST) -> None:
    """Report something, deliver what comes of it, and what comes of that."""
    house.clock.forward(minutes=5)
    await house.tell(title, url=url)
    await house.deliver()


def read_in(channel: Recorder) -> set[str]:
    """Return what stands on a channel's screen, after the message that was deleted first."""
    shown = [titles(one) for one in channel.sent]
    for number, edited in channel.edited:
        shown[int(number) - 1] |= titles(edited)
    return set().union(*shown[1:])


@pytest.mark.parametrize("first", [NINE, MEETS], ids=["news", "a copy"])
@pytest.mark.parametrize("other", [BOSS, MAIL], ids=["beside a chat", "beside mail"])
async def test_a_chat_whose_message_was_deleted_hears_all_further_news_and_the_others_nothing_new(
    enter: Enter, first: str, other: dict[str, Any]
) -> None:
    senders = {"desk": Recorder(), "other": Recorder()}
    house = await enter(senders, {"desk": DESK, "other": other})
    senders["desk"].failures = [GONE]
    for title in (first, TEN, ELEVEN):
        await news(house, title, TIMES)

    assert read_in(senders["desk"]) == {first, TEN, ELEVEN} - {MEETS}
    assert [len(one.sent) for one in senders.values()] == [2, 1]


async def test_both_chats_hear_the_news_whose_messages_were_both_deleted(enter: Enter) -> None:
    senders = {"desk": Recorder(), "boss": Recorder()}
    house = await enter(senders, {"desk": DESK, "boss": BOSS})
    for one in senders.values():
        one.failures = [GONE]
    for title in (NINE, TEN):
        await news(house, title)

    assert [read_in(one) for one in senders.values()] == [{NINE, TEN}] * 2
    assert [len(one.sent) for one in senders.values()] == [2, 2]


async def test_news_in_the_place_of_lost_ones_are_told_again_where_that_is_lost_too(
    enter: Enter,
) -> None:
    senders = {"desk": Recorder(), "boss": Recorder()}
    house = await enter(senders, {"desk": DESK, "boss": BOSS}, reply_intervals=["1m"])
    for title in (NINE, TEN):
        senders["desk"].failures = [GONE]
        await news(house, title)

    assert [titles(one) for one in senders["desk"].sent] == [{MEETS}, {NINE}, {TEN}]
    assert len(senders["boss"].sent) == 1


async def test_who_deletes_each_message_that_was_read_hears_no_more_than_by_replies(
    enter: Enter,
) -> None:
    house = await enter(
        {"desk": (desk := Deleting())}, {"desk": DESK}, reply_intervals=["2m", "30m"]
    )
    for number in range(9, 18):
        await news(house, SIGNS.format(number))
    await house.deliver(hours=1)
    assert len(desk.sent) == 4
    assert read_in(desk) == {SIGNS.format(number) for number in range(9, 18)}


async def test_a_message_that_can_never_be_changed_is_answered_by_the_one_in_its_place(
    enter: Enter,
) -> None:
    desk = Recorder()
    house = await enter({"desk": desk}, {"desk": DESK})
    desk.failures = [STAYS]
    for title in (NINE, TEN):
        await news(house, title)

    assert [(titles(one), one.reply_to) for one in desk.sent] == [({MEETS}, None), ({NINE}, "1")]
    assert [number for number, _ in desk.edited] == ["2"]
