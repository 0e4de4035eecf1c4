"""A house for news that nothing joins: a topic and a story each, to channels of the test's."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from house import FEEDS, House
from watchlists import FERRY, settings

from watcher.config.settings import Settings

NEWS = {
    "ferry": FERRY,
    "volcano": "Volcano in the south spits ash and flights are diverted",
    "orchid": "Rare orchid blooms in the botanical garden of Bogor",
    "chess": "Chess prodigy of eleven beats the champion of Norway",
    "comet": "Comet will be seen with the naked eye in December",
}
SUMMIT = {"id": "summit", "match": "kim NEAR putin"}
TOPICS = [SUMMIT, *({"id": word, "match": f'"{word}"'} for word in NEWS)]

#: Opens a house by its senders and what is set of channels and topics; see the fixture `newsroom`.
Newsroom = Callable[..., Awaitable[House]]


def configured(
    names: Collection[str],
    channels: Mapping[str, Mapping[str, object]],
    topics: list[dict[str, Any]],
    watcher: Mapping[str, object],
) -> Settings:
    """Return the settings of these channels, each with what is set of it."""
    return settings(
        feeds=FEEDS,
        channels={name: {"console": True, **channels.get(name, {})} for name in names},
        topics=topics,
        watcher={"timezone": "UTC", **watcher},
        alerts={"group_wait": "0s"},
    )


async def report_all(house: House, *words: str) -> None:
    """Have a feed bring the news of these topics, or all of them."""
    await house.poll(*(NEWS[word] for word in words or NEWS))
