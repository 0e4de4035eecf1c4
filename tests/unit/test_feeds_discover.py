"""The feeds that a page names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.discover import read_page

URL = "https://news.example/world/"


def urls(page: str, links: str = "") -> list[str]:
    read = read_page(page.encode(), "text/html; charset=utf-8", URL, links)
    return [named.url for named in read.feeds]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', ["/rss"]),
        ("<LINK REL=alternate TYPE='application/atom+xml' HREF='/atom'>", ["/atom"]),
        ('<link rel="ALTERNATE home" type="application/feed+json" href="/f">', ["/f"]),
        ('<link rel="feed" href="/f">', ["/f"]),
        ('<link rel="alternate" type="application/rss+xml;charset=utf-8" href="f">', ["/world/f"]),
        ('<base href="/x/"><link rel=alternate type=application/rss+xml href="f">', ["/x/f"]),
        ('<link rel="alternate" type="text/xml" href="/feed.xml">', ["/feed.xml"]),
        ('<link rel="alternate" type="application/json" href="/wp-json/v2/1">', []),
        ('<link rel="alternate" hreflang="id" href="/id">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/rss">', []),
        ('<link rel="alternate" type="application/rss+xml">', []),
        ('<link rel=alternate type=application/rss+xml href="javascript:x">', []),
        ('<a href="/rss.xml">RSS</a> <a href="/rsslings">no</a>', ["/rss.xml"]),
        ('<a href="/feed/">F</a><link rel="feed" href="/f">', ["/f"]),
        ('<link rel=feed href="/f#x"><link rel=feed href="/f">', ["/f"]),
        ('<link rel=feed href="feed:https://news.example/f">', ["/f"]),
        ('<link rel=feed href=" FEED://news.example/f">', ["/f"]),
        ('<a href="feed:https://news.example/f">Subscribe</a>', ["/f"]),
        ('<link rel=feed href="feed:javascript:x">', []),
        ("no page at all", []),
        ("", []),
    ],
)
def test_feeds_of_a_page(page: str, found: list[str]) -> None:
    assert urls(page) == [f"https://news.example{path}" for path in found]


def test_feeds_have_the_pages_titles_and_comments_come_last() -> None:
    page = """
        <link rel="feed" title="Comments Feed" href="/comments/feed/">
        <link rel="alternate" type="application/rss+xml" title="Kabar &amp; Dunia" href="/feed/">
    """

    assert [(named.title, named.url) for named in read_page(page.encode(), None, URL).feeds] == [
        ("Kabar & Dunia", "https://news.example/feed/"),
        ("Comments Feed", "https://news.example/comments/feed/"),
    ]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ('</rss>; rel="alternate"; type="application/rss+xml"', ["/rss"]),
        ("<f>; rel=alternate; type=application/atom+xml; title=News", ["/world/f"]),
        ('</a,b>; rel="x", </rss?a=1,2>; REL="alternate"; type="text/xml"', ["/rss?a=1,2"]),
        ('</1>; title="a, <b>; c"; rel="feed", </2>; rel=feed', ["/1", "/2"]),
        ('</wp-json/>; rel="alternate"; title="JSON"; type="application/json"', []),
        ("</style.css>; rel=preload; as=style", []),
        ('<javascript:x>; rel="feed"', []),
        ("rubbish; rel=feed", []),
        ("<", []),
    ],
)
def test_feeds_that_the_link_header_names(links: str, found: list[str]) -> None:
    assert urls("<p>no link in here</p>", links) == [f"https://news.example{p}" for p in found]


def test_what_page_and_header_name_is_named_once() -> None:
    page = '<link rel="feed" href="/rss"><link rel="feed" href="/atom">'

    assert urls(page, "</rss>; rel=feed, </more>; rel=feed") == [
        f"https://news.example/{name}" for name in ("rss", "atom", "more")
    ]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("0; url=/id/", "https://news.example/id/"),
        ("0;URL='https://other.example/'", "https://other.example/"),
        ("0.5, /id/", "https://news.example/id/"),
        ("300", ""),
        ("0; url=javascript:x", ""),
        (f"60; url={URL}", ""),
        ("", ""),
    ],
)
def test_where_a_page_leads_its_readers(content: str, place: str) -> None:
    page = f'<META HTTP-EQUIV="Refresh" content="{content}">'

    assert read_page(page.encode(), None, URL).leads_to == place


@given(st.text(st.sampled_from('<>/ab"; ,=rel feed'), max_size=200))
def test_no_link_header_breaks_it(links: str) -> None:
    assert all(url.startswith("http") for url in urls("", links))


@given(st.text(st.sampled_from("<>/ab\"'= \n&link href=rss"), max_size=200))
def test_no_page_breaks_it(page: str) -> None:
    assert all(url.startswith("http") for url in urls(page))
