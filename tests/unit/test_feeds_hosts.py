import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watcher.feeds.hosts import host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param("https://www.idxchannel.com/rss", "idxchannel.com", id="registrable domain"),
        pytest.param("https://en.antaranews.co.id/rss", "antaranews.co.id", id="second level"),
        pytest.param("https://Feeds.BBCi.CO.UK/news", "bbci.co.uk", id="case"),
        pytest.param("http://example.org:8080/rss", "example.org", id="port does not matter"),
        pytest.param("http://user:pass@example.org/", "example.org", id="login does not matter"),
        pytest.param("https://example.org./rss", "example.org", id="trailing dot"),
        pytest.param("https://россия.рф/rss", "xn--h1alffa9f.xn--p1ai", id="IDNA"),
        pytest.param("https://xn--h1alffa9f.xn--p1ai/", "xn--h1alffa9f.xn--p1ai", id="as ASCII"),
        pytest.param("https://me.github.io/feed", "me.github.io", id="shared domain"),
        pytest.param("http://127.0.0.1:8000/", "127.0.0.1", id="IPv4 literal"),
        pytest.param("http://[::FFFF:1.2.3.4]/", "1.2.3.4", id="mapped literal is its IPv4"),
        pytest.param("http://[2001:DB8::0:1]:80/", "2001:db8::1", id="IPv6 literal"),
        pytest.param("http://localhost/", "localhost", id="single label"),
        pytest.param("http://co.uk/", "co.uk", id="a public suffix itself"),
        pytest.param("http://example.org:99999/rss", "example.org", id="impossible port"),
        pytest.param("file:///etc/passwd", "", id="no host"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_host_of_a_url(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text() | st.text(alphabet="htps:/[]@.%0123456789-_\x00é漢").map("http://{}".format))
@example("0://[]@")
def test_any_text_has_a_host_and_the_same_one_twice(text: str) -> None:
    assert host_of(text) == host_of(text)


@given(st.integers(1, 65535), st.sampled_from(["/", "/rss", "?a=b", "#c", ""]))
def test_ports_and_paths_do_not_matter(port: int, rest: str) -> None:
    assert host_of(f"https://www.example.com:{port}{rest}") == "example.com"
