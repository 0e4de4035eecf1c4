import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import FeedError
from watcher.feeds.redirects import (
    MOST_HOPS,
    REDIRECTS,
    Hop,
    first_hop,
    may_share_secrets,
    next_hop,
)

URL = "https://example.org/rss"
KEY = {"X-Key": "k"}


def start(url: str = URL) -> Hop:
    return first_hop(url, KEY, "ada:secret")


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        pytest.param([301], True, id="301"),
        pytest.param([308], True, id="308"),
        pytest.param([301, 308], True, id="a permanent chain"),
        pytest.param([302], False, id="302"),
        pytest.param([303], False, id="303"),
        pytest.param([307], False, id="307"),
        pytest.param([301, 302], False, id="ends with a lent address"),
        pytest.param([302, 301], False, id="begins with a lent address"),
        pytest.param([301, 302, 301], False, id="lent in between"),
    ],
)
def test_a_feed_has_moved_only_if_the_whole_chain_is_permanent(
    statuses: list[int], moved: bool
) -> None:
    hop = start()
    for number, status in enumerate(statuses):
        hop = next_hop(hop, status, f"/{number}")

    assert hop.moved is moved


@pytest.mark.parametrize(
    ("base", "location", "goes_along"),
    [
        pytest.param(URL, "/other", True, id="same origin"),
        pytest.param("http://example.org/", "https://example.org/", True, id="to TLS"),
        pytest.param("http://example.org/", "https://other.example/", False, id="to another's TLS"),
        pytest.param("http://example.org/", "https://example.org:8443/", False, id="to TLS aside"),
        pytest.param("https://example.org/", "http://example.org/", False, id="away from TLS"),
        pytest.param(URL, "https://www.example.org/rss", False, id="other name"),
        pytest.param(URL, "https://example.org:8443/rss", False, id="other port"),
        pytest.param("http://example.org:81/", "https://example.org/", False, id="TLS elsewhere"),
        pytest.param(URL, "//evil.example/rss", False, id="without scheme"),
    ],
)
def test_secrets_stay_with_the_host_they_are_for(
    base: str, location: str, goes_along: bool
) -> None:
    hop = next_hop(start(base), 302, location)

    assert (hop.headers == KEY) is goes_along
    assert (hop.authorization is not None) is goes_along


@pytest.mark.parametrize(
    ("own", "other", "may"),
    [
        pytest.param(URL, URL, True, id="itself"),
        pytest.param(URL, "https://example.org/page/2", True, id="same origin"),
        pytest.param("http://example.org/rss", URL, True, id="its TLS twin"),
        pytest.param(URL, "https://example.net/rss", False, id="another host"),
        pytest.param("http://[", "http://[", True, id="itself, no URL"),
        pytest.param(URL, "http://[", False, id="no URL"),
    ],
)
def test_secrets_of_a_feed_are_for_addresses_of_its_own_host(
    own: str, other: str, *, may: bool
) -> None:
    assert may_share_secrets(own, other) is may


def test_secrets_dropped_on_the_way_do_not_come_back() -> None:
    away = next_hop(start(), 302, "https://other.example/")

    assert next_hop(away, 302, "https://example.org/private").authorization is None


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        pytest.param(None, "without saying where", id="no location"),
        pytest.param("", "without saying where", id="empty"),
        pytest.param("ftp://example.org/", "does not begin with http", id="ftp"),
        pytest.param("file:///etc/passwd", "does not begin with http", id="file"),
        pytest.param("javascript:alert(1)", "does not begin with http", id="script"),
        pytest.param("http:///rss", "names no host", id="no host"),
        pytest.param("https://[::1/", "no URL", id="no URL"),
        pytest.param(URL, "in a circle", id="to itself"),
        pytest.param(URL + "#top", "in a circle", id="to itself, elsewhere on the page"),
    ],
)
def test_redirects_that_lead_nowhere(location: str | None, sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence):
        next_hop(start(), 302, location)


def test_five_redirects_are_followed_and_no_more() -> None:
    hop = start()
    for number in range(MOST_HOPS):
        hop = next_hop(hop, 301, f"/{number}")

    with pytest.raises(FeedError, match="redirects more than 5 times"):
        next_hop(hop, 301, "/once-more")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        pytest.param("ftp://example.org/rss", "does not begin with http", id="ftp"),
        pytest.param("/etc/passwd", "does not begin with http", id="path"),
        pytest.param("http:///rss", "names no host", id="no host"),
        pytest.param("http://[::1/", "cannot be read", id="no URL"),
        pytest.param("", "does not begin with http", id="empty"),
    ],
)
def test_feeds_have_http_addresses(url: str, sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence):
        first_hop(url, {}, None)


def test_a_login_in_the_url_becomes_a_header_and_leaves_the_url() -> None:
    hop = first_hop("https://ada:secret@example.org/rss", {}, None)

    assert str(hop.url) == URL
    assert hop.authorization == "Basic YWRhOnNlY3JldA=="


@pytest.mark.parametrize(
    ("login", "authorization"),
    [("ada@", "Basic YWRhOg=="), (":secret@", "Basic OnNlY3JldA=="), ("", None)],
)
def test_half_a_login_is_one(login: str, authorization: str | None) -> None:
    assert first_hop(f"https://{login}example.org/", {}, None).authorization == authorization


def test_a_login_in_a_redirect_is_not_ours_to_use() -> None:
    hop = next_hop(first_hop(URL, {}, None), 302, "https://eve:x@example.org/other")

    assert hop.authorization is None
    assert hop.url.user is None


@given(st.sampled_from(sorted(REDIRECTS)), st.text())
def test_any_location_leads_to_http_or_to_a_sentence(status: int, location: str) -> None:
    try:
        hop = next_hop(start(), status, location)
    except FeedError as error:
        assert str(error)  # noqa: PT017 - either way is right
    else:
        assert hop.url.scheme in {"http", "https"}
        assert hop.url.host
