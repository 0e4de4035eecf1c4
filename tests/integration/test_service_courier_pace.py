"""A chat gets messages as fast as it takes them, the urgent ones first."""

import asyncio
import time
from itertools import pairwise

from house import Recorder, titles
from newsroom import NEWS, Newsroom, report_all

from watcher.alerts.pace import Pace
from watcher.alerts.views import Outgoing


class PacedRecorder(Recorder):
    """A channel whose chat takes a message each so many seconds, and so many in a minute."""

    def __init__(self, apart_s: float, most: int | None = None) -> None:
        super().__init__()
        self.pace = Pace("chat", apart_s, most)
        self.times: list[float] = []

    async def send(self, outgoing: Outgoing) -> str | None:
        self.times.append(time.monotonic())
        return await super().send(outgoing)


async def test_alerts_that_come_together_are_sent_as_fast_as_their_chat_takes_them(
    newsroom: Newsroom,
) -> None:
    apart_s = 0.05
    desk = PacedRecorder(apart_s)
    house = await newsroom({"desk": desk})
    house.steady = time.monotonic
    await report_all(house, *NEWS)

    await house.deliver()

    assert len(desk.times) == len(NEWS)
    assert all(b - a >= apart_s for a, b in pairwise(desk.times))


async def test_a_round_sends_all_that_is_due_by_two_channels_to_one_chat(
    newsroom: Newsroom,
) -> None:
    desk, night = PacedRecorder(0.02), PacedRecorder(0.02)
    house = await newsroom({"desk": desk, "night": night})
    house.steady = time.monotonic
    await report_all(house, *NEWS)

    await house.deliver()

    assert len(desk.times) == len(night.times) == len(NEWS)


async def test_what_is_urgent_and_comes_while_a_chat_waits_goes_first(newsroom: Newsroom) -> None:
    desk = PacedRecorder(0.05)
    topics = [{"id": word, "match": f'"{word}"'} for word in ("ferry", "volcano")]
    topics.append({"id": "comet", "match": '"comet"', "priority": "high"})
    house = await newsroom({"desk": desk}, topics=topics)
    house.steady = time.monotonic
    await report_all(house, "ferry", "volcano")
    delivering = asyncio.create_task(house.deliver())
    await desk.arrived.wait()

    await report_all(house, "comet")
    await delivering

    assert [titles(one) for one in desk.sent] == [{NEWS[w]} for w in ("ferry", "comet", "volcano")]


async def test_what_is_urgent_goes_before_what_another_channel_has_for_the_same_chat(
    newsroom: Newsroom,
) -> None:
    calm, loud = PacedRecorder(0.05), PacedRecorder(0.05)
    topics: list[dict[str, object]] = [
        {"id": word, "match": f'"{word}"', "channels": ["calm"]} for word in ("ferry", "volcano")
    ]
    urgent = {"id": "comet", "match": '"comet"', "priority": "high", "channels": ["loud"]}
    house = await newsroom({"calm": calm, "loud": loud}, topics=[*topics, urgent])
    now = [0.0]
    house.steady = lambda: now[0]
    await report_all(house, "ferry", "volcano")
    delivering = asyncio.create_task(house.deliver())
    await calm.arrived.wait()
    await report_all(house, "comet")
    await house.courier.tick()
    for _ in range(5):  # until both know that they wait
        await house.writer.run(lambda _: None)

    now[0] = 0.06
    async with asyncio.timeout(10):
        await loud.arrived.wait()
    assert len(calm.sent) == 1
    now[0] = 0.12
    await delivering

    assert [titles(one) for one in (*loud.sent, calm.sent[1])] == [
        {NEWS["comet"]},
        {NEWS["volcano"]},
    ]


async def test_what_is_urgent_finds_room_in_a_minute_that_others_have_used_up(
    newsroom: Newsroom,
) -> None:
    desk = PacedRecorder(0, most=4)
    topics = [{"id": word, "match": f'"{word}"'} for word in ("ferry", "volcano")]
    topics.append({"id": "comet", "match": '"comet"', "priority": "high"})
    house = await newsroom({"desk": desk}, topics=topics)
    house.steady = lambda: 0.0  # the minute never ends
    await report_all(house, "ferry", "volcano")
    delivering = asyncio.create_task(house.deliver())
    await desk.arrived.wait()
    desk.arrived.clear()
    await asyncio.wait([delivering], timeout=0.3)
    assert not delivering.done()  # a second one would take the room that is kept

    await report_all(house, "comet")
    async with asyncio.timeout(10):
        await desk.arrived.wait()
        await house.courier.stop()
        await delivering

    assert [titles(one) for one in desk.sent] == [{NEWS[word]} for word in ("ferry", "comet")]


async def test_at_the_end_nobody_waits_for_the_turn_of_a_chat(newsroom: Newsroom) -> None:
    desk = PacedRecorder(3600)
    house = await newsroom({"desk": desk})
    house.steady = time.monotonic
    await report_all(house, "ferry", "volcano")
    delivering = asyncio.create_task(house.deliver())
    await desk.arrived.wait()

    async with asyncio.timeout(10):
        await house.courier.stop()
        await delivering

    assert len(desk.sent) == 1
