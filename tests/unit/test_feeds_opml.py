"""OPML: read as other readers write it, written as they read it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from watcher.errors import UsageError
from watcher.feeds.opml import Outline, read_opml, write_opml
from watcher.feeds.text import one_line

NOW = datetime(2023, 9, 14, 12, tzinfo=UTC)


def opml(inner: str) -> bytes:
    return f'<opml version="1.1"><head/><body>{inner}</body></opml>'.encode()


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('<outline text="A" xmlUrl="https://a.example"/>', [("https://a.example", "A", ())]),
        ('<outline TITLE="A" XMLURL="https://a.example"/>', [("https://a.example", "A", ())]),
        (
            '<outline text="t" title="A" xmlurl=" https://a.example "/>',
            [("https://a.example", "A", ())],
        ),
        (
            '<outline text="Asia"><outline text="Id"><outline xmlUrl="https://a.example"/></outline></outline>',
            [("https://a.example", "", ("Asia", "Id"))],
        ),
        (
            '<outline xmlUrl="https://a.example" category="/news/asia,/wires,/news"/>',
            [("https://a.example", "", ("news", "asia", "wires"))],
        ),
        ('<outline text="empty"/>', []),
        (
            '<outline text="a & b" xmlUrl="https://a.example/?x=1&y=2"/>',
            [("https://a.example/?x=1&y=2", "a & b", ())],
        ),
    ],
)
def test_feeds_are_read_from_outlines_however_these_are_written(
    inner: str, found: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert read_opml(opml(inner)) == tuple(Outline(*one) for one in found)


def test_a_feed_below_a_feed_is_not_lost_and_names_have_an_end() -> None:
    inner = '<outline text="Asia" xmlUrl="https://b.example"/>'
    outer = f'<outline text="{"x" * 999}" xmlUrl="https://a.example">{inner}</outline>'

    assert read_opml(opml(outer)) == (
        Outline("https://a.example", "x" * 200),
        Outline("https://b.example", "Asia"),
    )


def test_a_feed_in_more_folders_than_are_read_is_not_lost() -> None:
    tags = tuple(f"tag {number}" for number in range(300))
    written = write_opml([Outline("https://a.example/", "A", tags)], NOW)

    assert read_opml(written) == (Outline("https://a.example/", "A", tags[:20]),)


def test_a_declared_encoding_is_heeded() -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1251"?>'
        + opml('<outline text="Новости" xmlUrl="https://a.example"/>').decode()
    )

    assert read_opml(text.encode("windows-1251"))[0].title == "Новости"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b" \n", "it is empty"),
        (b"<opml", "its XML cannot be read: line 1"),
        (b"\n<opml>\n<body>\n</opml>", "its XML cannot be read: line 4: .*body"),
        (b"\x00\xff", "it begins with"),
        (b"https://news.example/rss\n", 'it begins with "https://news.example/rss"'),
        (b'{"feeds": []}', "it is JSON"),
        (b'["a"]', "it is JSON"),
        (b"[watcher]", r'it begins with "\[watcher\]"'),
        (b"<!DOCTYPE html><p>log in<br>", "it is a web page"),
        (b"<html/>", "it is a web page"),
        (b"<rss/>", "it is a feed itself; `watcher feeds add`"),
        (b"<x:RDF xmlns:x='y'/>", "it is a feed itself"),
        (b"<config/>", "its root is <config>"),
    ],
)
def test_what_is_no_opml_is_told(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_opml(data)


@pytest.mark.parametrize("data", [b"<o\x00pml/>", b"<!-- <opml>"], ids=["NUL", "comment"])
def test_what_is_wrong_is_one_sentence_on_one_line(data: bytes) -> None:
    with pytest.raises(UsageError) as told:
        read_opml(data)

    assert "\n" not in str(told.value)


def test_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    declared = f'<!DOCTYPE opml [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]>'
    outline = opml('<outline text="x &a;" xmlUrl="https://a.example"/>')

    try:
        found = read_opml(declared.encode() + outline)
    except UsageError:
        found = ()
    assert all("hush" not in one.title for one in found)


WORDS = st.text(max_size=12).map(one_line).filter(bool)
FEEDS = st.lists(
    st.builds(
        Outline,
        st.integers(1, 10**6).map("https://a.example/?a=1&b={}".format),
        WORDS,
        st.lists(WORDS, max_size=3, unique=True).map(tuple),
    ),
    unique_by=lambda one: one.url,
)


@given(FEEDS)
def test_what_is_written_reads_back(feeds: list[Outline]) -> None:
    document = write_opml(feeds, NOW)

    assert set(read_opml(document)) == set(feeds)


def test_a_name_is_no_markup() -> None:
    named = Outline("https://a.example/", "AT&T <b>news</b> &amp; P < 0", ("R&D <1>",))

    assert read_opml(write_opml([named], NOW)) == (named,)


def test_other_readers_find_what_opml_2_names() -> None:
    feeds = [
        Outline("https://a.example/rss", "A", ("Asia", "Wires")),
        Outline("https://b.example/rss", "B", ("Asia",)),
    ]
    root = etree.fromstring(write_opml(feeds, NOW))
    (asia,) = root.findall("body/outline")

    assert (root.get("version"), root.findtext("head/dateCreated")) == (
        "2.0",
        "Thu, 14 Sep 2023 12:00:00 GMT",
    )
    assert asia.get("text") == "Asia"
    assert [one.get("xmlUrl") or one.get("text") for one in asia] == [
        "Wires",
        "https://b.example/rss",
    ]
    assert {key: asia[1].get(key) for key in ("type", "text", "title", "category")} == {
        "type": "rss",
        "text": "B",
        "title": "B",
        "category": "/Asia",
    }
