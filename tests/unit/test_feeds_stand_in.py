from time import process_time

import pytest
from yarl import URL

from watcher.feeds import stand_in
from watcher.feeds.stand_in import MOST_BYTES, mark_of

SQUID = """<html><head><title>ERROR: The requested URL could not be retrieved</title></head><body>
<p>The following error was encountered for the URL: <a href="{url}">{url}</a></p>
<p>Connection to {host} failed. The system returned: (101) Network is unreachable</p>
<p>Generated Mon, 30 Nov 2026 {time} GMT by gw (squid/5.7)</p>
<a href="mailto:root?subject=CacheErrorInfo&body=Host%3A%20{host}%0D%0AGET%20%2Ff%20HTTP">x</a>"""


def squid(url: str, time: str) -> str:
    address = URL(url)
    page = SQUID.format(url=url, host=address.host, time=time)
    return mark_of(503, page.encode(), address)


def test_a_gateway_writes_one_page_whatever_was_asked_for() -> None:
    pages = {
        squid("http://a.example/rss?full=1", "10:00:00"),
        squid("http://news.b.example/", "10:00:41"),
    }

    assert len(pages) == 1


@pytest.mark.parametrize(
    ("status", "page"),
    [(503, b"<h1>We are rebuilding the site</h1>"), (502, b"<h1>Service unavailable</h1>")],
)
def test_pages_that_say_other_things_are_of_others(status: int, page: bytes) -> None:
    url = URL("http://a.example/")

    assert mark_of(status, page, url) != mark_of(503, b"<h1>Service unavailable</h1>", url)


@pytest.mark.parametrize("page", [b"", b"<html></html>", b"503"])
def test_who_says_nothing_is_nobody_in_particular(page: bytes) -> None:
    assert mark_of(503, page, URL("http://a.example/")) == ""


@pytest.mark.parametrize("word", [b"a", b"<", b"%61"])
def test_a_page_of_one_word_or_of_no_tag_takes_no_time(
    word: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sixteen times as long as any that is read: what looks again from each place takes a minute.
    monkeypatch.setattr(stand_in, "MOST_BYTES", 16 * MOST_BYTES)
    began_s = process_time()
    mark_of(503, word * 16 * MOST_BYTES, URL("http://a.example/"))

    assert process_time() - began_s < 5
