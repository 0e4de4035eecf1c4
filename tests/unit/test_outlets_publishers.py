"""Whose outlet it is: families by name and host, portals, the user's own families."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry
from watcher.outlets.publishers import Publishers, bodies, folded, is_official
from watcher.topics.terms import Kind, compile_term

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OURS = Publishers()


def entry(outlet: str, url: str = "", title: str = "Kim arrives") -> Entry:
    return Entry("1", title, NOW, url=url, outlet=outlet)


@pytest.mark.parametrize(
    ("outlet", "url", "publisher"),
    [
        pytest.param("BBC World", "", "BBC", id="an edition by its name"),
        pytest.param("BBC Mundo", "", "BBC", id="another edition"),
        pytest.param("World", "https://feeds.bbci.co.uk/x", "BBC", id="by its host"),
        pytest.param("KBS Español", "https://world.kbs.co.kr/x", "KBS", id="a subdomain"),
        pytest.param("连续", "https://sputniknews.cn/x", "Rossiya Segodnya", id="any country's"),
        pytest.param("World news | The Guardian", "", "The Guardian", id="a part of a feed title"),
        pytest.param("Reuters: World News", "", "Reuters", id="before a colon"),
        pytest.param("연합뉴스TV", "", "Yonhap", id="Hangul runs on"),
        pytest.param("新华社北京", "", "Xinhua", id="Chinese runs on"),
        pytest.param("CNN Indonesia", "", "Trans Media (detik)", id="a licensed brand is its own"),
        pytest.param("CNN", "", "CNN", id="the brand's owner"),
        pytest.param("BNN Bloomberg", "", "Bell Media", id="another licensed brand"),
        pytest.param("Yahoo!ニュース日本", "https://news.yahoo.co.jp/x", "Yahoo", id="a portal"),
        pytest.param("BBCX", "", "BBCX", id="another word is no edition"),
        pytest.param("Daily Example", "https://www.daily.example/1", "daily.example", id="a host"),
        pytest.param("Daily Example", "http://127.0.0.1:80/1", "Daily Example", id="an address"),
        pytest.param("Daily Example", "http://[::1]:80/1", "Daily Example", id="IPv6"),
        pytest.param("Daily Example", "http://localhost/1", "Daily Example", id="a machine"),
        pytest.param("Daily Example", "", "Daily Example", id="no address"),
        pytest.param("", "https://a.daily.example/1", "daily.example", id="no name"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_an_outlet_is_its_publisher_s(outlet: str, url: str, publisher: str) -> None:
    assert OURS.of(entry(outlet, url)) == publisher


@pytest.mark.parametrize(
    ("outlet", "title", "publisher"),
    [
        pytest.param("Google News", "Kim arrives - BBC News", "BBC", id="the tail names it"),
        pytest.param("Google News", "Kim arrives - so far", "Google News", id="no outlet's name"),
        pytest.param("Reuters", "Kim arrives", "Reuters", id="the feed's name does"),
        pytest.param("Daily.Example", "Kim arrives", "daily.example", id="the name is a host"),
        pytest.param("bbc.co.uk", "Kim arrives", "BBC", id="the name is a known host"),
    ],
)
def test_on_a_portal_the_title_tells(outlet: str, title: str, publisher: str) -> None:
    url = "https://news.google.com/rss/articles/CBMi"

    assert OURS.of(entry(outlet, url, title)) == publisher


def test_the_user_s_families_go_first() -> None:
    own = Publishers({"My group": ["Outlet A", "outlet-b.example", "BBC Indonesia", "Kabar*"]})

    assert own.of(entry("outlet a")) == "My group"
    assert own.of(entry("B", "https://www.outlet-b.example/1")) == "My group"
    assert own.of(entry("BBC Indonesia", "https://www.bbc.com/1")) == "My group"
    assert own.of(entry("Kabar Jakarta")) == "My group"
    assert own.of(entry("Kabarnya")) == "My group"
    assert own.of(entry("Riau Post")) == "Riau Post"
    assert own.of(entry("BBC Mundo", "https://www.bbc.com/1")) == "BBC"


@pytest.mark.parametrize(
    ("outlet", "url", "official"),
    [
        pytest.param("KCNA", "", True, id="a mouthpiece by its name"),
        pytest.param("News", "http://en.kremlin.ru/x", True, id="by its host"),
        pytest.param("Siaran pers", "https://kemlu.go.id/x", True, id="a ministry"),
        pytest.param("Briefing", "https://www.mofa.go.kr/x", True, id="a public suffix"),
        pytest.param("Boletín", "https://www.sre.gob.mx/x", True, id="Mexico's"),
        pytest.param("ABC News", "https://abcnews.go.com/x", False, id="a company's go.com"),
        pytest.param("TASS", "https://tass.com/x", False, id="a state's agency reports"),
        pytest.param("KCNA Watch", "https://kcnawatch.org/x", False, id="a reader of KCNA"),
        pytest.param("Govt news", "https://gov.daily.example/x", False, id="a name alone"),
    ],
)
def test_an_official_publisher_is_known(outlet: str, url: str, official: bool) -> None:
    assert is_official(OURS.of(entry(outlet, url)), url) is official


def test_no_name_or_host_of_the_data_file_stands_twice() -> None:
    outlets = Counter(folded(pattern) for body in bodies() for pattern in set(body.outlets))
    hosts = Counter(host for body in bodies() for host in body.hosts)
    names = Counter(body.name for body in bodies())

    for counted in (outlets, hosts, names):
        assert [what for what, times in counted.items() if times > 1] == []


def test_every_name_of_the_data_file_can_be_looked_for() -> None:
    for body in bodies():
        for name in body.names + body.bylines:
            assert compile_term(name, body.name, Kind.NAME), name


@given(st.text(), st.one_of(st.text(), st.text().map("https://".__add__)), st.text())
def test_any_entry_has_a_publisher_or_nothing_to_tell_it_by(
    outlet: str, url: str, title: str
) -> None:
    publisher = OURS.of(entry(outlet, url, title))

    assert isinstance(publisher, str)
    assert publisher or not outlet
