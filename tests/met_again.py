"""One article that feeds bring again, under other dates, addresses, headlines and texts."""

from dataclasses import replace

from house import WIRE, House
from watchlists import MEETS

from watcher.feeds.parsed import ParsedEntry

PAGE = "https://www.news.example/world/kim-meets-putin-5512"
EDITED = "Kim and Putin sign an arms treaty after talks in Vladivostok"


def titles(house: House) -> list[str]:
    """Return the titles of what is stored, oldest first."""
    return [stored.entry.title for stored in house.entries()]


def met(house: House, id_: str = "1", title: str = MEETS, **changes: object) -> ParsedEntry:
    """Return an entry with the address of one article."""
    return replace(house.report(title, id_), **{"link": PAGE, **changes})  # type: ignore[arg-type]


async def rings_of(house: House, *entries: ParsedEntry, url: str = WIRE) -> int:
    """Take in a poll and return how many messages come of it."""
    taken = await house.tell(*entries, url=url)
    await house.deliver(hours=1)
    return taken.alerts + taken.replies
