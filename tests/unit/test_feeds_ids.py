"""Ids, links and language tags: unique, steady, safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.ids import MAX_ID, entry_ids
from watcher.feeds.links import absolute, language_tag
from watcher.feeds.parsed import RawEntry
from watcher.feeds.text import clean

BASE = "https://news.example/feeds/world.xml"


def test_the_feeds_own_id_comes_first_then_the_link() -> None:
    entries = [RawEntry(id="urn:1", link="https://a.example"), RawEntry(link="https://b.example")]

    assert entry_ids(entries) == ["urn:1", "https://b.example"]


def test_an_entry_without_id_and_link_is_known_by_its_words() -> None:
    kim, putin = RawEntry(title="Kim"), RawEntry(title="Putin")

    assert entry_ids([kim, putin]) == list(reversed(entry_ids([putin, kim])))
    assert entry_ids([kim]) != entry_ids([putin])


def test_a_new_entry_of_nothing_but_a_summary_does_not_pass_for_an_old_one() -> None:
    old = [RawEntry(summary=words) for words in ("Kim lands", "Putin waits")]
    new = RawEntry(content="They meet")

    assert set(entry_ids(old)) == set(entry_ids([new, *old])[1:])
    assert entry_ids([new, *old])[0] not in entry_ids(old)


def test_an_id_that_all_share_names_none_of_them() -> None:
    old = [RawEntry(id="https://site.example", title=title) for title in ("one", "two")]
    new = RawEntry(id="https://site.example", title="three")

    before, after = entry_ids(old), entry_ids([new, *old])

    assert after[1:] == before
    assert after[0] not in before


def test_twins_are_told_apart() -> None:
    assert len(set(entry_ids([RawEntry(id="same", title="same")] * 3))) == 3


def test_a_page_pasted_into_a_guid_becomes_a_digest() -> None:
    assert len(entry_ids([RawEntry(id="x" * 100_000)])[0]) <= MAX_ID


def test_ids_that_look_alike_are_alike() -> None:
    links = [f"https://a.example/2001{end}" for end in ("", "\u200b", "\xad")]

    ids = entry_ids([RawEntry(title=str(n), link=link) for n, link in enumerate(links)])

    assert len({clean(id_) for id_ in ids}) == 3
    assert all(id_.startswith("https://a.example/2001#") for id_ in ids)


def test_an_id_of_hidden_characters_alone_is_none() -> None:
    assert entry_ids([RawEntry(id=" \u200b \ufeff", link="https://a.example/1")]) == [
        "https://a.example/1"
    ]


@pytest.mark.parametrize("own", ["urn:\u200b1", "urn:\u200b 2", "\u200b urn:1"])
def test_an_id_with_hidden_characters_stays_what_it_was_without_them(own: str) -> None:
    assert entry_ids([RawEntry(id=own)]) == [clean(own)]


HIDDEN = ["a\u200b", "\xada", "\ufeff", "a#2\u200b"]
SMALL = st.sampled_from(["", "a", "b", "a#2", "a#3", *HIDDEN])
ENTRIES = st.lists(st.builds(RawEntry, id=SMALL, title=SMALL, link=SMALL), max_size=12)


@given(ENTRIES)
def test_ids_are_never_alike_and_never_empty(entries: list[RawEntry]) -> None:
    ids = entry_ids(entries)

    assert len(set(ids)) == len(entries)
    assert all(ids)
    assert [clean(id_) for id_ in ids] == ids


@given(
    st.lists(
        # Blanks around an id, and what is hidden in it, are no part of it: entries that differ in
        # them alone are twins.
        st.builds(RawEntry, id=st.text().map(clean).map(str.strip), title=st.text()),
        max_size=8,
        unique=True,
    )
)
def test_ids_do_not_hang_on_the_order(entries: list[RawEntry]) -> None:
    ids = dict(zip(entries, entry_ids(entries), strict=True))

    assert dict(zip(entries[::-1], entry_ids(entries[::-1]), strict=True)) == ids


@pytest.mark.parametrize(
    ("link", "result"),
    [
        pytest.param("https://a.example/1", "https://a.example/1", id="absolute"),
        pytest.param("/1?a=b&c=d#e", "https://news.example/1?a=b&c=d#e", id="of the host"),
        pytest.param("1", "https://news.example/feeds/1", id="of the folder"),
        pytest.param("//b.example/1", "https://b.example/1", id="of the scheme"),
        pytest.param(
            "\n  https://a.example/\n  long\t/path ", "https://a.example/long/path", id="folded"
        ),
        pytest.param("https://a.example/a b", "https://a.example/a%20b", id="blank"),
        pytest.param("https://a.example/новости", "https://a.example/новости", id="unicode stays"),
        pytest.param('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E", id="markup"),
        pytest.param("https://a.example/\u202egpj", "https://a.example/%E2%80%AEgpj", id="bidi"),
        pytest.param("javascript:alert(1)", "", id="javascript"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("file:///etc/passwd", "", id="file"),
        pytest.param("mailto:a@b.example", "", id="mail"),
        pytest.param("tag:a.example,2024:x", "", id="tag uri"),
        pytest.param("http://", "", id="no host"),
        pytest.param("http://[::1", "", id="broken address"),
        pytest.param("http://a.example:99999999/", "", id="broken port"),
        pytest.param("https://a.example/" + "x" * 5000, "", id="monstrous"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_link_becomes_a_web_address_or_nothing(link: str, result: str) -> None:
    assert absolute(link, BASE) == result


@given(st.text(max_size=60), st.sampled_from([BASE, "", "file:///tmp/feed.xml"]))
def test_a_link_is_http_or_empty_and_stays_so(link: str, base: str) -> None:
    result = absolute(link, base)

    assert not result or result.lower().startswith(("http://", "https://"))
    assert not set(result) & set(' \n<>"')
    assert absolute(result, base) == result


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        pytest.param("id", "id", id="plain"),
        pytest.param("EN-us", "en-US", id="case"),
        pytest.param("zh_tw", "zh-TW", id="underscore"),
        pytest.param("zh-hant-hk", "zh-Hant-HK", id="script"),
        pytest.param("in", "id", id="withdrawn"),
        pytest.param("rus", "ru", id="three letters"),
        pytest.param("de-DE-1996", "de-DE", id="variant"),
        pytest.param("mul", None, id="several"),
        pytest.param("Bahasa Indonesia", None, id="a name"),
        pytest.param("", None, id="none"),
    ],
)
def test_a_language_is_a_tag_or_none(declared: str, tag: str | None) -> None:
    assert language_tag(declared) == tag


@given(st.text(max_size=20))
def test_a_language_tag_stays_as_it_is(declared: str) -> None:
    tag = language_tag(declared)

    assert tag is None or language_tag(tag) == tag
