"""One key for the addresses of one page, and never one key for two articles."""

import base64
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watcher.feeds.urls import canonical_url, is_article, is_opaque

PAGE = "https://news.example/world/kim-meets-putin-5512"
OPAQUE = "CBMiVEFVX3lxTE1abcdefghijklmnop"


def google_id(url: str) -> str:
    """Pack an address as Google News did until 2024."""
    text = url.encode()
    length = (
        bytes([len(text)]) if len(text) < 128 else bytes([len(text) & 127 | 128, len(text) >> 7])
    )
    packed = b'\x08\x13"' + length + text + b"\xd2\x01\x00"
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


LONG = f"{PAGE}-{'and-a-long-slug-' * 9}end"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("", "", id="none"),
        pytest.param(f"  {PAGE}\n", PAGE, id="space around it"),
        pytest.param("tag:news.example,2026:1", "tag:news.example,2026:1", id="no web address"),
        pytest.param(
            "http://News.Example:80/world/kim-meets-putin-5512", PAGE, id="http, case, port"
        ),
        pytest.param(
            "https://www.news.example./world/kim-meets-putin-5512/", PAGE, id="www, slash"
        ),
        pytest.param(f"{PAGE}#comments", PAGE, id="fragment"),
        pytest.param(
            f"{PAGE}?utm_source=rss&UTM_medium=feed&fbclid=x&gclid=1", PAGE, id="tracking"
        ),
        pytest.param(f"{PAGE}?at_medium=RSS&at_campaign=rss", PAGE, id="BBC"),
        pytest.param(f"{PAGE}?ref=rss", PAGE, id="ref=rss"),
        pytest.param(f"{PAGE}?ref=5512", f"{PAGE}?ref=5512", id="ref that may name a page"),
        pytest.param(f"{PAGE}?b=2&a=1", f"{PAGE}?a=1&b=2", id="order of the query"),
        pytest.param(f"{PAGE}?&", PAGE, id="empty query"),
        pytest.param("https://m.news.example/world/kim-meets-putin-5512", PAGE, id="mobile"),
        pytest.param("https://amp.news.example/world/kim-meets-putin-5512", PAGE, id="amp host"),
        pytest.param(f"{PAGE}/amp/", PAGE, id="amp at the end"),
        pytest.param(
            "https://news.example/amp/world/kim-meets-putin-5512", PAGE, id="amp in front"
        ),
        pytest.param(f"{PAGE}.amp.html", f"{PAGE}.html", id="amp before html"),
        pytest.param(f"{PAGE}?outputType=amp", PAGE, id="amp in the query"),
        pytest.param(
            "https://news-example.cdn.ampproject.org/c/s/news.example/world/kim-meets-putin-5512",
            PAGE,
            id="amp cache",
        ),
        pytest.param(f"{PAGE};jsessionid=0A1B", PAGE, id="session"),
        pytest.param("https://news.example/%7ekim/a", "https://news.example/~kim/a", id="escapes"),
        pytest.param(
            "https://news.example/%e4%b8%ad", "https://news.example/%E4%B8%AD", id="hex case"
        ),
        pytest.param(
            "https://news.example/中", "https://news.example/%E4%B8%AD", id="Unicode path"
        ),
        pytest.param("https://straße.de/1", "https://xn--strae-oqa.de/1", id="not strasse.de"),
        pytest.param("https://例え.jp/1", "https://xn--r8jz45g.jp/1", id="Unicode host"),
        pytest.param("https://kim:secret@news.example/1", "https://news.example/1", id="login"),
        pytest.param(f"https://www.google.com/url?sa=t&url={PAGE}&ct=ga", PAGE, id="Google alert"),
        pytest.param(
            f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&url={PAGE}", PAGE, id="Bing News"
        ),
        pytest.param(
            f"https://news.google.com/rss/articles/{google_id(PAGE)}?oc=5",
            PAGE,
            id="Google, packed",
        ),
        pytest.param(
            f"https://news.google.com/articles/{google_id(LONG)}?hl=id", LONG, id="Google, long"
        ),
        pytest.param(
            f"https://news.google.com/rss/articles/{OPAQUE}?oc=5&hl=en-US&gl=US&ceid=US:en",
            f"https://news.google.com/articles/{OPAQUE}",
            id="Google, opaque",
        ),
        pytest.param(
            f"https://news.google.com/read/{OPAQUE}?hl=id&ceid=ID:id",
            f"https://news.google.com/articles/{OPAQUE}",
            id="Google, other edition",
        ),
    ],
)
def test_a_page_has_one_key(url: str, key: str) -> None:
    assert canonical_url(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://a.example/?p=1", "https://a.example/?p=2", id="query id"),
        pytest.param("https://a.example/1", "https://b.example/1", id="sites"),
        pytest.param("https://a.example:8080/1", "https://a.example/1", id="ports"),
        pytest.param("https://a.example/A1", "https://a.example/a1", id="case of the path"),
        pytest.param("https://a.example/amp", "https://a.example/", id="a page about amps"),
        pytest.param("https://m.co.uk/1", "https://co.uk/1", id="m is the site"),
        pytest.param("https://amp.dev/1", "https://dev/1", id="amp is the site"),
        pytest.param("https://id.a.example/1", "https://en.a.example/1", id="editions"),
        pytest.param("https://a.example/a%2Fb", "https://a.example/a/b", id="escaped slash"),
        pytest.param("https://a.example/#!/1", "https://a.example/#!/2", id="hash-bang pages"),
        pytest.param(
            f"https://news.google.com/articles/{OPAQUE}",
            f"https://news.google.com/articles/{OPAQUE}x",
            id="Google ids",
        ),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("url", "article"),
    [
        pytest.param(PAGE, True, id="slug and number"),
        pytest.param("https://news.example/kim-meets-putin", True, id="slug of three words"),
        pytest.param("https://news.example/?p=5512", True, id="query id"),
        pytest.param("https://news.example/", False, id="home page"),
        pytest.param("https://news.example/world-news", False, id="section"),
        pytest.param("https://news.example/2026/live", False, id="live page"),
        pytest.param("", False, id="none"),
        ("https://www.bbc.com/news/articles/c1d64p3q2d0o", True),
        ("https://edition.cnn.com/2023/09/12/asia/kim-putin-summit-intl-hnk/index.html", True),
        ("https://www3.nhk.or.jp/nhkworld/en/news/backstories", False),
        ("https://a.example/world/index.html", False),
        ("https://a.example/index.php", False),
        ("https://a.example/election", False),
        ("https://a.example/season10", False),
        ("https://www.youtube.com/watch?v=Ejoi-fLVCcq", True),
        ("https://m.youtube.com/watch?feature=youtu.be&v=OtmEBYQbTe_", True),
        ("https://youtu.be/tqbhed-CwgO?t=12", True),
        ("https://www.youtube.com/shorts/lCkEuOolrCg", True),
        ("https://www.youtube.com/watch?v=short", False),
        ("https://www.youtube.com/watch?list=PLabcdefghij", False),
        ("https://www.youtube.com/channelname", False),
        ("https://www.youtube.com/@outlet/live", False),
        ("https://notyoutube.example/watch?v=Ejoi-fLVCcq", False),
        ("https://a.example/?id=5", False),
        ("https://a.example/index.php?page=2", False),
    ],
)
def test_an_article_is_told_from_a_section(url: str, article: bool) -> None:
    assert is_article(url) is article


WORDS = (
    "http:// HTTPS:// www. m. amp. news.example co.uk :80 / // amp /amp/ a-slug-of-words ? & = #"
    " #! utm_source=x id=7 %41 %2f % ;jsessionid=1 中 İ ß [::1] @ .amp.html google.com/url?url="
    " /c/s/ news.google.com/articles/ cdn.ampproject.org"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "\ud800", OPAQUE, google_id(PAGE)])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
@example("http://[")
@example("https://a.example/a-b-c-1/amp/amp")
@example("https://www.www.www.com")
@example("http://\ud800")
@example("http://http://\ud800")
def test_any_text_has_a_key_that_is_its_own_key(url: str) -> None:
    key = canonical_url(url)

    assert canonical_url(key) == key


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_article_ids_stay_apart_wherever_they_stand(one: int, other: int) -> None:
    forms = ("https://a.example/n/{}", "https://a.example/?id={}", "https://m.a.example/{}-a-b/amp")
    for form in forms:
        keys = [canonical_url(form.format(number)) for number in (one, other)]
        assert (keys[0] == keys[1]) == (one == other)


@given(st.text("abcdef0123456789-", min_size=1, max_size=200))
def test_what_google_packs_is_unpacked(slug: str) -> None:
    url = f"https://news.example/{slug}"

    assert canonical_url(f"https://news.google.com/rss/articles/{google_id(url)}?oc=5") == url
    assert urlsplit(canonical_url(url)).hostname == "news.example"


@pytest.mark.parametrize(
    ("url", "opaque"),
    [
        ("https://news.google.com/rss/articles/CBMiqwFBVV95cUxQ1abcd?oc=5", True),
        ("https://news.example/rss/articles/CBMiqwFBVV95cUxQ1abcd", False),
        ("", False),
    ],
)
def test_an_id_of_google_news_names_no_page(url: str, *, opaque: bool) -> None:
    assert is_opaque(url) is opaque
