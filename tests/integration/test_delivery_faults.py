"""What arrives, how often and after how long, for each way in which Telegram can fail.

Real sender, courier and database against the strict fake; the clock is ours, so that "after how
long" is what the outbox decided and not how fast this machine is.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from fake_telegram import FakeTelegram
from house import FEEDS, TIMES, Clock, House
from newsroom import NEWS, TOPICS
from sender_samples import outgoing
from telegram_http import Fault
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.alerts.senders import Editor, make_sender, telegram
from watcher.model import Errand
from watcher.storage.rows import State

Open = Callable[..., Any]
#: Every ring is tried for 48 h; the table needs a handful of tries.
MOST_TRIES = 12


@dataclass(frozen=True)
class Case:
    """One row.

    Attributes:
        faults: what the service does with the first calls, in order.
        arrived: how often the alert arrives.
        repeats: how many of these say that they may be a repeat.
        tries: attempts that were recorded.
        least, most: seconds until it has arrived, or died.
        chat: the chat written to.
        state: what becomes of the delivery.
    """

    faults: tuple[Fault, ...] = ()
    arrived: int = 1
    repeats: int = 0
    tries: int = 1
    least: float = 0
    most: float = 0
    chat: str = "-100"
    state: State = State.SENT


CASES = {
    "nothing is wrong": Case(),
    "500 once": Case((Fault.SERVER_ERROR,), tries=2, least=1, most=2),
    "500 four times": Case((Fault.SERVER_ERROR,) * 4, tries=5, least=4, most=30),
    "502 of a gateway": Case((Fault.BAD_GATEWAY,), repeats=1, tries=2, least=15, most=30),
    "hangs": Case((Fault.HANG,), repeats=1, tries=2, least=15, most=30),
    "drips its answer": Case((Fault.DRIP,), arrived=2, repeats=1, tries=2, least=15, most=30),
    "closes before": Case((Fault.CLOSE_BEFORE,), repeats=1, tries=2, least=15, most=30),
    "takes it, then closes": Case(
        (Fault.DELIVER_THEN_CLOSE,), arrived=2, repeats=1, tries=2, least=15, most=30
    ),
    "answers no JSON": Case((Fault.GARBAGE,), arrived=2, repeats=1, tries=2, least=15, most=30),
    "loses two answers": Case(
        (Fault.DELIVER_THEN_CLOSE,) * 2, arrived=3, repeats=2, tries=3, least=75, most=150
    ),
    "refuses six times, then loses an answer": Case(
        (*(Fault.SERVER_ERROR,) * 6, Fault.DELIVER_THEN_CLOSE),
        arrived=2,
        repeats=1,
        tries=8,
        least=21,
        most=156,
    ),
    "429, wait 17 s": Case((Fault.FLOOD,), tries=2, least=17, most=18),
    "429 twice": Case((Fault.FLOOD,) * 2, tries=3, least=34, most=36),
    "refuses the markup": Case((Fault.BAD_MARKUP,)),
    "403, blocked": Case(arrived=0, chat="-500", state=State.DEAD),
    "400, no such chat": Case(arrived=0, chat="-999", state=State.DEAD),
    "the group became a supergroup": Case(chat="-200"),
    "the forum topic was deleted": Case(chat="-300"),
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[FakeTelegram]:
    with FakeTelegram(
        clock=lambda: clock().timestamp(),
        chats={"-100", "-101", "-300"},
        blocked={"-500"},
        migrated={"-200": "-100200"},
        forums={"-300": {9}},
    ) as fake:
        yield fake


@pytest.fixture
async def opened(tmp_path: Path, api: FakeTelegram, clock: Clock) -> AsyncIterator[Open]:
    """Return a function that opens a house with Telegram channels; again, after a restart."""
    async with AsyncExitStack() as stack:

        async def start(
            ops: str | None = None, group_wait: str = "0s", **channels: dict[str, object]
        ) -> House:
            table: dict[str, object] = {"chat": "-100", "token": api.token, "api": api.url}
            configured = settings(
                feeds=FEEDS,
                channels={name: {"telegram": table | own} for name, own in channels.items()},
                topics=TOPICS,
                watcher={"timezone": "UTC"},
                alerts={"group_wait": group_wait, "edit_interval": "0s"},
            )
            senders = {
                name: make_sender(name, channel, console=cast("Any", None), clock=clock)
                for name, channel in configured.channels.items()
            }
            house = House(tmp_path, configured, clock, cast("Any", senders))
            await stack.enter_async_context(house)
            await house.courier.channels.restore()
            house.ops.use(ops, house.courier.channels.all())
            if not house.decisions():
                await house.started()
            return house

        yield start


async def settled(house: House) -> float:
    """Deliver until nothing is pending, the clock going from due time to due time."""
    begun = house.clock()
    for _ in range(MOST_TRIES):
        await house.deliver()
        due = house.next_due()
        if due is None:
            return (house.clock() - begun).total_seconds()
        house.clock.time = max(house.clock(), due)
    raise AssertionError("still pending")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_arrives_how_often_and_after_how_long(
    opened: Open, api: FakeTelegram, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    if {Fault.HANG, Fault.DRIP} & set(case.faults):
        monkeypatch.setattr(telegram, "DEADLINE_S", 3.0)
    house = await opened(desk={"chat": case.chat, "thread": 7})
    for fault in case.faults:
        api.fail_next(fault, retry_after=17)
    await house.poll(MEETS)

    took_s = await settled(house)

    told = [message for message in api.messages if MEETS in message.visible]
    assert len(told) == case.arrived
    assert sum("possible repeat" in message.visible for message in told) == case.repeats
    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.attempts) == (case.state, case.tries)
    assert case.least <= took_s <= case.most
    assert api.impatient == []


async def test_a_message_is_repeated_only_when_telegram_answers_again(
    opened: Open, api: FakeTelegram
) -> None:
    house = await opened(desk={})
    api.fail_next(Fault.DELIVER_THEN_CLOSE)
    api.fail_next(Fault.CLOSE_BEFORE, times=3, method="getMe")
    api.fail_next(Fault.SERVER_ERROR, times=3, method="getMe")
    await house.poll(MEETS)

    took_s = await settled(house)

    assert ["possible repeat" in message.visible for message in api.messages] == [False, True]
    (delivery,) = house.deliveries()
    assert (delivery.state, delivery.attempts) == (State.SENT, 8)
    assert took_s < 3600


async def test_an_edit_that_says_nothing_new_to_telegram_is_done(
    opened: Open, api: FakeTelegram
) -> None:
    house = await opened(desk={})
    await house.tell(MEETS)
    for run in (house, await opened(desk={})):  # the second knows nothing of the first one's edit
        sender = run.courier.channels.get("desk")
        assert isinstance(sender, Editor)
        await sender.edit(outgoing(), "1")

    statuses = [call.status for call in api.calls if call.method == "editMessageText"]
    assert statuses == [200, 400]
    assert api.messages[0].edits == 1


async def test_a_bot_that_must_wait_is_not_asked_early_by_anybody_nor_after_a_restart(
    opened: Open, api: FakeTelegram
) -> None:
    house = await opened(one={}, two={"chat": "-101"})
    api.fail_next(Fault.FLOOD, retry_after=60, chat="-100")
    await house.poll(MEETS)
    house.courier.channels.rests.rest("another bot", timedelta(hours=1))
    await house.deliver()
    asked = len(api.calls)

    again = await opened(one={}, two={"chat": "-101"})
    house.clock.forward(seconds=59)
    await again.tell(FERRY)
    assert [call.parameters["chat_id"] for call in api.calls[asked:]] == []

    house.clock.forward(seconds=2)
    await again.deliver()
    assert {message.chat for message in api.messages} == {"-100", "-101"}
    assert api.impatient == []
    assert all(delivery.state is State.SENT for delivery in again.deliveries())


async def test_a_gone_channel_is_told_once_by_another_one_and_so_is_its_return(
    opened: Open, api: FakeTelegram
) -> None:
    house = await opened(desk={"chat": "-500"}, other={"chat": "-101"})
    await house.tell(MEETS, FERRY)
    await house.ops.close()

    notices = [m for m in api.messages if m.visible.startswith("channel desk is dead")]
    assert [message.chat for message in notices] == ["-101"]
    assert "unblock it" in notices[0].visible
    assert len(api.messages) == 3
    dead = [d for d in house.deliveries() if d.state is State.DEAD]
    assert {delivery.channel for delivery in dead} == {"desk"}

    api.blocked, api.chats = frozenset(), {"-101", "-500"}
    again = await opened(ops="other", desk={"chat": "-500"}, other={"chat": "-101"})
    await again.writer.run(lambda tx: tx.revival.retry_dead(again.clock(), channels=["desk"]))
    await again.deliver()
    await asyncio.to_thread(api.wait_until, lambda: len(api.messages) == 6)

    assert [m.visible for m in api.messages if m.chat == "-101"][-1] == "channel desk is well again"
    assert len([m for m in api.messages if m.chat == "-500"]) == 2


async def test_when_the_ops_channel_itself_is_gone_another_one_says_so(
    opened: Open, api: FakeTelegram
) -> None:
    house = await opened(ops="desk", desk={"chat": "-500"}, other={"chat": "-101"})
    await house.tell(MEETS)
    await house.ops.close()

    assert any(m.visible.startswith("channel desk is dead") for m in api.messages)


async def test_a_chat_that_moved_is_remembered_and_told_once(
    opened: Open, api: FakeTelegram
) -> None:
    house = await opened(ops="desk", desk={"chat": "-200"})
    await house.tell(MEETS)
    await house.ops.close()
    asked = len(api.calls)

    again = await opened(ops="desk", desk={"chat": "-200"})
    await again.tell(FERRY)
    await again.ops.close()

    assert [call.parameters["chat_id"] for call in api.calls[asked:]] == ["-100200"]
    notices = [m.visible for m in api.messages if "another number" in m.visible]
    (notice,) = notices
    assert notice.startswith("the chat -200 of channel desk has another number now: messages go to")
    assert notice.endswith('write chat = "-100200" in the configuration')
    assert {message.chat for message in api.messages} == {"-100200"}


def messages_named(api: FakeTelegram) -> list[int]:
    """Return the numbers of messages that calls were about: edited or replied to."""
    calls = [call.parameters for call in api.calls]
    edited = [call["message_id"] for call in calls if "message_id" in call]
    replied = [call["reply_parameters"] for call in calls if "reply_parameters" in call]
    return [*map(int, edited), *(int(json.loads(reply)["message_id"]) for reply in replied)]


@pytest.mark.parametrize("moves", ["by itself", "in the configuration"])
async def test_in_another_chat_no_message_of_the_old_one_is_edited_or_answered(
    opened: Open, api: FakeTelegram, clock: Clock, moves: str
) -> None:
    first = await opened(desk={"chat": "-100"})
    await first.tell(MEETS)
    if moves == "by itself":
        api.migrate("-100", "-100100")
    else:
        await first.courier.close()

    house = first if moves == "by itself" else await opened(desk={"chat": "-101"})
    await house.tell(FERRY)
    clock.forward(minutes=5)
    await house.poll(house.report(MEETS, "copy"), SIGNS)
    await house.deliver(minutes=5)
    # A message of the new chat is edited and answered as ever.
    await house.poll(house.report(FERRY, "another copy"), url=TIMES)
    await house.deliver(minutes=5)

    old, ferry, signs = api.messages
    assert [old.chat, ferry.chat == signs.chat != old.chat, "signs" in signs.visible.lower()] == [
        "-100", True, True
    ]  # fmt: skip
    assert set(messages_named(api)) == {ferry.message_id}
    assert {d.state for d in house.deliveries() if d.kind is Errand.MESSAGE} == {State.SENT}


async def test_one_channel_that_hangs_keeps_no_other_waiting(
    opened: Open, api: FakeTelegram
) -> None:
    api.fail_next(Fault.HANG, chat="-300", times=1_000)
    house = await opened(a={"chat": "-100"}, b={"chat": "-101"}, hanging={"chat": "-300"})
    await house.poll(*NEWS.values())

    await house.courier.tick()
    await asyncio.to_thread(api.wait_for, 2 * len(NEWS))
    await house.courier.close()

    assert len(api.messages) == 2 * len(NEWS)
    states = sorted(d.state for d in house.deliveries() if d.channel == "hanging")
    assert states == [State.PENDING] * (len(NEWS) - 1) + [State.SENDING]
