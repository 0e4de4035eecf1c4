"""Entries that have one id, now alone and now together."""

from dataclasses import dataclass
from email.utils import format_datetime

from house import WIRE, House
from watchlists import FERRY, MEETS, NOON

from watcher.feeds.parse import parse_feed

HOME = "https://news.example/"
SINKS = "Ferry sinks off Peru"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed that gives all of its items one guid."""

    title: str
    summary: str = ""
    is_dated: bool = True

    def xml(self) -> str:
        date = f"<pubDate>{format_datetime(NOON)}</pubDate>" if self.is_dated else ""
        text = f"<title>{self.title}</title><description>{self.summary}</description>{date}"
        return f'<item>{text}<guid isPermaLink="false">G</guid><link>{HOME}</link></item>'


async def poll(house: House, *items: Item) -> int:
    """Take in a document and return how many messages come of it."""
    inner = "".join(item.xml() for item in items)
    body = f'<rss version="2.0"><channel><title>T</title>{inner}</channel></rss>'.encode()
    parsed = parse_feed(body, content_type=None, url=WIRE, now=house.clock())
    taken = await house.poll(*parsed.entries)
    house.clock.forward(hours=1)
    return taken.alerts + taken.replies


def stored(house: House) -> list[tuple[str, str]]:
    """Return title and summary of what is stored, oldest first."""
    return [(one.entry.title, one.entry.summary) for one in house.entries()]


OLDER, NEWER = Item(FERRY), Item(MEETS)


async def test_an_entry_stays_what_it_is_while_its_id_is_shared_and_when_it_is_not_any_more(
    house: House,
) -> None:
    rang = [
        await poll(house, *document)
        for document in ([OLDER], [NEWER, OLDER], [NEWER], [NEWER, OLDER], [OLDER], [NEWER])
    ]

    assert sum(rang) == 1
    assert stored(house) == [(FERRY, ""), (MEETS, "")]


async def test_an_edit_goes_to_the_entry_that_shared_its_id(house: House) -> None:
    for document in ([OLDER], [NEWER, OLDER], [Item(MEETS, "They talk.")]):
        await poll(house, *document)

    assert stored(house) == [(FERRY, ""), (MEETS, "They talk.")]


async def test_what_an_entry_says_tells_which_of_those_without_a_date_had_the_id_first(
    house: House,
) -> None:
    old, new = (Item("", words, is_dated=False) for words in (FERRY, MEETS))

    await poll(house, old)
    await poll(house, new, old)
    await poll(house, new)

    assert stored(house) == [("", FERRY), ("", MEETS)]


async def test_an_entry_that_has_its_id_to_itself_is_edited_as_ever(house: House) -> None:
    await poll(house, OLDER)
    await poll(house, Item(SINKS))

    assert stored(house) == [(SINKS, "")]
