"""A night in compressed time: what is urgent rings, the rest is one message in the morning."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram
from house import WIRE, Clock, House
from unrelated import headline, topics
from watchlists import settings

from watcher.alerts.senders.telegram import TelegramSender

QUIET, EVENING = "22:00-06:00", datetime(2026, 11, 22, 21, 50, tzinfo=UTC)
TOKEN = "123456789:AAHcanary-canary_canary-canary_canary0"
URGENT = [
    "Kim Jong Un meets Putin in Vladivostok",
    "Putin calls Xi about grain exports through the Black Sea",
    "Putin fires his minister of transport over delays of trains",
]


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
            *topics(57),
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
            await watcher.deliver(minutes=1.75)
    at_night = [message.visible for message in telegram.messages]

    assert watcher.clock().hour < 6
    assert len(watcher.alerts()) == len(stories) == 60
    assert len(at_night) == 3
    for urgent in URGENT:
        assert sum(urgent in message for message in at_night) == 1

    while watcher.clock().hour < 7:
        await watcher.deliver(minutes=2)

    (summary,) = telegram.messages[3:]
    assert summary.visible.startswith("🗞 57 stories in 57 topics held back in quiet hours")
    for story in set(stories) - set(URGENT):
        assert story in summary.visible
    assert {delivery.state for delivery in watcher.deliveries()} == {"sent"}
    assert [call.status for call in telegram.calls] == [200] * 4
