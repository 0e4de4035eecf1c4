"""A night in compressed time: what is urgent rings, the rest is one message in the morning."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram
from house import WIRE, Clock, House
from watchlists import settings

from watcher.alerts.senders.telegram import TelegramSender

QUIET, EVENING = "22:00-06:00", datetime(2026, 11, 22, 21, 50, tzinfo=UTC)
TOKEN = "123456789:AAHcanary-canary_canary-canary_canary0"
#: Word by word of other things, so that no two tell of one event.
WHAT = """
    orchid volcano chess comet bridge ferry beaver glacier accordion lighthouse museum tram
    beehive marathon observatory windmill carnival aquarium lottery submarine pottery vineyard
    cathedral puppet harbour telescope quarry ballet dialect sawmill peacock reservoir sculpture
    cricket monastery sourdough kayak mushroom violin tunnel castle falcon tulip elevator bakery
    dinosaur meteor sailboat tapestry waterfall zebra origami skyscraper turbine canal
    laboratory seahorse trumpet
""".split()  # noqa: SIM905 - read word by word
WHERE = """
    Bogor Oslo Lima Quito Dakar Perth Turin Bergen Cusco Malmo Tampere Gdansk Porto Seville Bremen
    Nantes Ghent Leiden Basel Graz Brno Split Varna Cluj Patras Izmir Haifa Basra Shiraz Lahore
    Pune Kandy Hue Davao Kobe Daegu Harbin Lhasa Osh Tomsk Perm Tartu Kaunas Lviv Bari Nice Cork
    Leeds Derby Halifax Regina Boise Tulsa Macon Salta Natal Recife Medan
""".split()  # noqa: SIM905 - read word by word
DOES = """
    delights surprises divides unites worries inspires puzzles charms angers amuses moves
    impresses fascinates shocks comforts
""".split()  # noqa: SIM905 - read word by word
URGENT = [
    "Kim Jong Un meets Putin in Vladivostok",
    "Putin calls Xi about grain exports through the Black Sea",
    "Putin fires his minister of transport over delays of trains",
]


def headline(number: int) -> str:
    return f"{WHAT[number].title()} {DOES[number % len(DOES)]} {WHERE[number]}"


def night() -> list[str]:
    """Return sixty stories that can wait, and three that cannot, in the order of the night."""
    ordinary = [headline(number) for number in range(57)]
    stories = [*ordinary, *URGENT]
    random.Random(5).shuffle(stories)  # noqa: S311 - a reproducible night
    return stories


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[tuple[House, FakeTelegram]]:
    configured: dict[str, Any] = {
        "feeds": [{"url": WIRE, "name": "Wire"}],
        "topics": [
            # Of one topic they would be one day's reports of one event, perhaps.
            *({"id": word, "match": f'"{word}"'} for word in WHAT[:57]),
            *(
                {"id": f"urgent-{n}", "match": f'"{word}"', "priority": "high"}
                for n, word in enumerate(("Vladivostok", "grain", "minister"))
            ),
        ],
        "watcher": {"timezone": "UTC"},
    }
    with FakeTelegram(token=TOKEN) as telegram:
        table = {"chat": "-100", "token": TOKEN, "api": telegram.url}
        channels = {"desk": {"telegram": table, "quiet_hours": QUIET}}
        checked = settings(**configured, channels=channels)
        made = checked.channels["desk"].telegram
        assert made
        clock = Clock()
        clock.time = EVENING
        senders: Any = {"desk": TelegramSender("desk", made)}
        async with House(tmp_path, checked, clock, senders) as house:
            await house.poll()
            yield house, telegram


async def test_sixty_stories_of_a_night_are_three_messages_and_one_summary(
    house: tuple[House, FakeTelegram],
) -> None:
    watcher, telegram = house
    watcher.clock.forward(minutes=15)
    stories = night()
    for story in stories:
        await watcher.poll(watcher.report(story, story))
        for _ in range(4):  # the daemon looks far more often
            watcher.clock.forward(minutes=1.75)
            await watcher.deliver()
    at_night = [message.visible for message in telegram.messages]

    assert watcher.clock().hour < 6
    assert len(watcher.alerts()) == len(stories) == 60
    assert len(at_night) == 3
    for urgent in URGENT:
        assert sum(urgent in message for message in at_night) == 1

    while watcher.clock().hour < 7:
        watcher.clock.forward(minutes=2)
        await watcher.deliver()

    (summary,) = telegram.messages[3:]
    assert summary.visible.startswith("🗞 57 stories in 57 topics held back in quiet hours")
    for story in set(stories) - set(URGENT):
        assert story in summary.visible
    assert {delivery.state for delivery in watcher.deliveries()} == {"sent"}
    assert [call.status for call in telegram.calls] == [200] * 4
