"""What a document repeats is left out, and nothing else changes by it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.delta import MAX_REMEMBERED, recall
from watcher.feeds.parse import parse_feed
from watcher.feeds.parsed import ParsedFeed, entry_key

NOW = datetime(2023, 9, 14, 12, tzinfo=UTC)
URL = "https://news.example/feed"


@dataclass(frozen=True, slots=True)
class Item:
    """An item as a document spells it; what is empty is not there."""

    title: str
    guid: str = ""
    link: str = ""
    date: str = ""
    more: str = ""

    def xml(self) -> str:
        named = {"title": self.title, "guid": self.guid, "link": self.link, "pubDate": self.date}
        inner = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in named.items() if text)
        return f"<item>{inner}{self.more}</item>"


def document(items: Sequence[Item], *, head: str = "", namespaces: str = "") -> bytes:
    inner = "\n".join(item.xml() for item in items)
    channel = f"<channel><title>T</title>{head}{inner}</channel>"
    return f'<rss version="2.0" {namespaces}>{channel}</rss>'.encode()


def read(body: bytes, memory: bytes = b"") -> ParsedFeed:
    return parse_feed(body, content_type=None, url=URL, now=NOW, memory=memory)


def titles(feed: ParsedFeed) -> list[str]:
    return [entry.title for entry in feed.entries]


ONE, TWO = Item("one", guid="1"), Item("two", guid="2")


def test_an_entry_that_did_not_change_is_left_out() -> None:
    before = read(document([ONE, TWO]))

    after = read(document([Item("new", guid="3"), ONE]), before.memory)

    assert titles(after) == ["new"]
    assert after.known == (entry_key("1"),)


def test_the_keys_of_the_document_are_the_same_either_way() -> None:
    body = document([Item("new", guid="3"), ONE, TWO])

    after = read(body, read(document([ONE, TWO])).memory)

    assert after.keys == read(body).keys
    assert after.memory == read(body).memory


def test_a_document_of_which_only_the_head_changed_brings_nothing() -> None:
    before = read(document([ONE, TWO], head="<lastBuildDate>1</lastBuildDate>"))

    after = read(document([ONE, TWO], head="<lastBuildDate>2</lastBuildDate>"), before.memory)

    assert (after.title, after.entries) == ("T", ())


@pytest.mark.parametrize(
    "edited",
    [
        replace(ONE, title="one!"),
        replace(ONE, more="<description>more</description>"),
        replace(ONE, date="Wed, 13 Sep 2023 14:05:00 GMT"),
        replace(ONE, more="<comments>1</comments>"),
    ],
)
def test_an_edit_of_any_kind_brings_the_entry_again(edited: Item) -> None:
    before = read(document([ONE, TWO]))

    assert titles(read(document([edited, TWO]), before.memory)) == [edited.title]


@pytest.mark.parametrize(
    "namespaces", ['xml:lang="id"', 'xml:base="https://other.example/"', 'xmlns:x="urn:x"']
)
def test_what_stands_around_an_entry_is_part_of_it(namespaces: str) -> None:
    before = read(document([ONE, TWO]))

    assert titles(read(document([ONE, TWO], namespaces=namespaces), before.memory)) == [
        "one",
        "two",
    ]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (Item("new", guid="1"), "an id shared with a known entry names neither"),
        (Item("new", link="1"), "the link stands in for the id"),
        (Item("new", guid="1\u200b"), "what is hidden in an id is no part of it"),
        (Item("new", guid="3", date="9/13/2023"), "the other dates tell day from month"),
        (Item("Bridge returned error 500!", guid="3"), "an error report among news"),
    ],
)
def test_in_doubt_the_whole_document_is_read(new: Item, why: str) -> None:
    before, body = read(document([ONE, TWO])), document([new, ONE, TWO])

    after = read(body, before.memory)

    assert after == read(body), why
    assert after.known == ()


def test_a_prefix_that_a_known_entry_declares_may_mean_something_to_the_next_one() -> None:
    """Where a prefix is declared nowhere feedparser takes those that it saw before."""
    declared = "<q:creator xmlns:q='http://purl.org/dc/elements/1.1/'>Kim</q:creator>"
    known = [replace(ONE, more=declared), replace(TWO, more="<nowhere:x>y</nowhere:x>")]
    body = document([known[0], Item("new", guid="3", more="<q:creator>Xi</q:creator>"), known[1]])

    after = read(body, read(document(known)).memory)

    assert after == read(body)
    assert after.entries[1].author == "Xi"


def test_an_address_shared_with_a_known_entry_is_told() -> None:
    link = "https://news.example/2023/09/13/kim-meets-putin-123456"
    one = replace(ONE, link=link)
    body = document([Item("new", guid="3", link=f"{link}?utm_source=rss"), one])

    after = read(body, read(document([one])).memory)

    assert titles(after) == ["new", "one"]


def test_entries_that_share_an_id_are_not_remembered() -> None:
    twins = [Item("one", guid="same"), Item("two", guid="same")]

    assert read(document([*twins, TWO])).memory == read(document([TWO])).memory


def test_entries_without_id_and_link_are_remembered_by_their_words() -> None:
    bare = Item("Kim meets Putin")
    before = read(document([bare]))

    assert titles(read(document([Item("another"), bare]), before.memory)) == ["another"]


def test_a_damaged_document_is_remembered_where_it_can_be_mended() -> None:
    stray = replace(ONE, more="<description>a & b</description>")
    broken = document([stray, TWO]).replace(b"&amp;", b"&")
    before = read(broken)

    after = read(document([Item("new", guid="3")]).replace(b"</channel>", b"", 0), before.memory)

    assert len(list(recall(before.memory))) == 2
    assert titles(after) == ["new"]


def test_an_entry_that_comes_twice_is_two_as_in_the_whole_document() -> None:
    nameless = Item("Kim", guid="")
    before = read(document([nameless]))

    after = read(document([nameless, nameless]), before.memory)

    assert after == read(document([nameless, nameless]))


@pytest.mark.parametrize(
    "body",
    [
        b'<rss version="2.0"><channel><item/><item><guid>1</guid></item></channel></rss>',
        b'<rss version="2.0"><channel><item><item><guid>1</guid></item></item></channel></rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>',
        b'<rss xmlns:x="urn:x"><x:item><guid>1</guid></x:item><item><guid>2</guid></item></rss>',
    ],
)
def test_odd_documents_say_the_same_twice(body: bytes) -> None:
    before = read(body)
    after = read(body, before.memory)

    assert after.keys == before.keys
    assert all(entry in before.entries for entry in after.entries)


def test_a_document_of_very_many_entries_is_read_whole_each_time() -> None:
    many = [Item("x", guid=str(number)) for number in range(MAX_REMEMBERED + 1)]

    first = read(document(many))
    again = read(document(many), first.memory)

    assert len(list(recall(first.memory))) == MAX_REMEMBERED
    assert (len(again.entries), again.known) == (len(many), ())


@given(st.binary(max_size=100))
def test_a_damaged_memory_does_no_harm(memory: bytes) -> None:
    body = document([ONE, TWO])

    assert read(body, memory) == read(body)


ITEMS = st.builds(
    Item,
    title=st.sampled_from(["Kim", "Putin", "Xi & co"]),
    guid=st.sampled_from(["", "1", "2", "3", " 1 ", "4", "1\u200b", "\xad"]),
    link=st.sampled_from(
        ["", "https://a.example/kim-meets-putin-1", "https://a.example/kim-meets-putin-1#x", "1"]
    ),
    date=st.sampled_from(["", "Wed, 13 Sep 2023 14:05:00 GMT", "13/09/2023", "9/13/2023"]),
    more=st.sampled_from(["", "<dc:language>id</dc:language>", "<description>d</description>"]),
)


@given(st.lists(st.lists(ITEMS, max_size=6), min_size=2, max_size=4))
def test_left_out_is_only_what_came_before_and_the_rest_reads_as_ever(
    polls: list[list[Item]],
) -> None:
    memory = b""
    told: dict[str, tuple[str, str]] = {}
    for items in polls:
        body = document(items, namespaces='xmlns:dc="http://purl.org/dc/elements/1.1/"')
        whole, rest = read(body), read(body, memory)
        left_out = [entry for entry in whole.entries if entry_key(entry.id) in rest.known]

        assert [entry for entry in whole.entries if entry not in left_out] == list(rest.entries)
        assert all(told[entry.id] == (entry.title, entry.summary) for entry in left_out)
        assert (rest.keys, rest.memory) == (whole.keys, whole.memory)
        memory = rest.memory
        told = {entry.id: (entry.title, entry.summary) for entry in whole.entries}
