"""The feeds that a page names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.discover import feeds_of_page

URL = "https://news.example/world/"


def urls(page: str) -> list[str]:
    return [named.url for named in feeds_of_page(page.encode(), "text/html; charset=utf-8", URL)]


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

    assert [(named.title, named.url) for named in feeds_of_page(page.encode(), None, URL)] == [
        ("Kabar & Dunia", "https://news.example/feed/"),
        ("Comments Feed", "https://news.example/comments/feed/"),
    ]


@given(st.text(st.sampled_from("<>/ab\"'= \n&link href=rss"), max_size=200))
def test_no_page_breaks_it(page: str) -> None:
    assert all(url.startswith("http") for url in urls(page))
