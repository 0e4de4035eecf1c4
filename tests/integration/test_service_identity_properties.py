"""Whatever feeds bring, in whatever order and however often: one entry, one story."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest
from house import FEEDS, TIMES, WIRE, Clock, House, Recorder
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from watchlists import FERRY, MEETS, SIGNS, settings

from watcher.feeds.parsed import ParsedEntry
from watcher.service.by_hand.corrections import merge_stories

TITLES = (MEETS, SIGNS.format(40), FERRY, f"{FERRY}, harbour master says", "Quake shakes Peru")


@dataclass(frozen=True, slots=True)
class Met:
    """One entry of one poll."""

    feed: str
    id: str
    title: str
    page: int


MEETINGS = st.builds(
    Met,
    feed=st.sampled_from([WIRE, TIMES]),
    id=st.sampled_from("abcde"),
    title=st.sampled_from(TITLES),
    page=st.integers(0, 3),
)


def entry_of(house: House, met: Met) -> ParsedEntry:
    """Return what a feed says; page 0 is its front page."""
    page = f"https://news.example/world/{met.page}551" if met.page else "https://news.example/"
    return replace(house.report(met.title, met.id), link=page)


def outlets(house: House) -> dict[int, set[str]]:
    """Return the outlets of each story."""
    with house.database.read() as tx:
        rows = tx.stories.latest(limit=1000)
    return {row.id: {account.entry.outlet for account in row.accounts} for row in rows}


@settings_of_hypothesis(max_examples=25)
@given(st.lists(MEETINGS, min_size=1, max_size=12))
def test_an_entry_is_in_one_story_and_taking_it_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, meetings: list[Met]
) -> None:
    async def check() -> None:
        tables = settings(feeds=FEEDS, channels={"desk": {"console": True}})
        folder = tmp_path_factory.mktemp("house")
        async with House(folder, tables, Clock(), {"desk": Recorder()}) as house:
            before: dict[int, set[str]] = {}
            for met in meetings:
                await house.poll(entry_of(house, met), url=met.feed)
                now = outlets(house)
                assert all(known <= now[story] for story, known in before.items())
                before = now
            await _the_last_again(house, meetings)
            _check_counts(house)
            _check_outlets_of_a_merge(house, before)

    asyncio.run(check())


async def _the_last_again(house: House, meetings: Iterable[Met]) -> None:
    """Poll once more what the feeds hold by now: the last words under each id."""
    held = {(met.feed, met.id): met for met in meetings}
    entries, rings = house.entries(), len(house.alerts())
    for met in held.values():
        taken = await house.poll(entry_of(house, met), url=met.feed)
        assert (taken.entries, taken.told) == (0, [])
    assert [(one.number, one.story) for one in house.entries()] == [
        (one.number, one.story) for one in entries
    ]
    assert len(house.alerts()) == rings


def _check_counts(house: House) -> None:
    with house.database.read() as tx:
        rows = tx.stories.latest(limit=1000)
    held = [account.number for row in rows for account in row.accounts]
    assert sorted(held) == [one.number for one in house.entries()]
    assert all(row.entries == len(row.accounts) for row in rows)


def _check_outlets_of_a_merge(house: House, before: dict[int, set[str]]) -> None:
    stories = sorted(before)
    if len(stories) > 1:
        with house.database.begin() as tx:
            merge_stories(tx, stories[0], stories[1], house.clock())
        assert outlets(house)[stories[0]] == before[stories[0]] | before[stories[1]]
