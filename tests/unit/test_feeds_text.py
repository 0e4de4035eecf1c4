"""Plain text: what a reader sees, and nothing that hides."""

import html
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.flags import REGION_FLAG
from watcher.feeds.text import MARKUP, SILENT, UNSAFE, clean, one_line, plain_text

WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("<p>One.</p><p>Two.</p>", "One.\nTwo.", id="paragraphs"),
        pytest.param("One<br/>Two", "One\nTwo", id="line break"),
        pytest.param("<li>a<li>b", "a\nb", id="unclosed items"),
        pytest.param("<td>a</td><td>b</td>", "a b", id="cells"),
        pytest.param("<b>North</b>\nKorea", "North Korea", id="soft wrap"),
        pytest.param("One.\n\nTwo.", "One.\nTwo.", id="blank line"),
        pytest.param("Mc<b>Donald</b>", "McDonald", id="inline tags join"),
        pytest.param("a<script>b<c</script>d<style>e</style>f", "adf", id="script and style"),
        pytest.param("<style>never closed", "", id="unclosed style"),
        pytest.param("a<!-- b -->c", "ac", id="comment"),
        pytest.param("<![CDATA[a]]>b", "ab", id="a wrapper that is part of the text"),
        pytest.param("<![CDATA[Kim & <b>Putin</b>]]>", "Kim & Putin", id="markup in a wrapper"),
        pytest.param("&lt;![CDATA[&lt;p&gt;a]]&gt;", "a", id="an escaped wrapper"),
        pytest.param("&lt;![CDATA[a", "a", id="a wrapper that was cut"),
        pytest.param("<p>a</p> ]]>\n]]>", "a", id="the end of a wrapper"),
        pytest.param("<script>//<![CDATA[\nb\n//]]></script>a", "a", id="a wrapped script"),
        pytest.param("AT&amp;T", "AT&T", id="entity"),
        pytest.param("AT&T", "AT&T", id="bare ampersand"),
        pytest.param("a &lt; b", "a < b", id="less than"),
        pytest.param("Putin&amp;#8217;s", "Putin’s", id="escaped twice"),
        pytest.param("&lt;p&gt;a&lt;/p&gt;", "a", id="escaped markup"),
        pytest.param("&amp;lt;p&amp;gt;a", "a", id="markup escaped twice"),
        pytest.param("&bogus; x", "&bogus; x", id="unknown entity"),
        pytest.param("a&nbsp;&#160;b", "a b", id="hard spaces"),
        pytest.param("<속보> 김정은", "<속보> 김정은", id="korean brackets are no tag"),
        pytest.param("Judul <x> & y", "Judul <x> & y", id="an unknown name is no tag"),
        pytest.param("5 < 6 > 4", "5 < 6 > 4", id="comparisons"),
        pytest.param("a <b c", "a <b c", id="a tag that nothing ends"),
        pytest.param("a <b <i>c</i>", "a <b c", id="a tag that another interrupts"),
        pytest.param('a <a href="http://', "a", id="a tag that was cut"),
        pytest.param("I <3 <b>a</b>", "I <3 a", id="a heart beside markup"),
        pytest.param("1 </3 <b>a</b> > 2", "1 </3 a > 2", id="a broken heart beside markup"),
        pytest.param("<Kim> meets <b>Xi</b>", "<Kim> meets Xi", id="a name beside markup"),
        pytest.param("<o:p>a</o:p><x y=1>b<i/><z/>", "ab", id="unknown tags beside markup"),
        pytest.param("<!wow a <b>c</b>", "<!wow a c", id="no declaration"),
        pytest.param("<!DOCTYPE html><?xml v?>a", "a", id="declarations"),
        pytest.param("<![if !x]>a<![endif]>", "a", id="conditions of a word processor"),
        pytest.param("a\u202eb\u200bc\u0007d\ufeff", "abcd", id="hidden characters"),
        pytest.param("کتاب\u200cها", "کتاب\u200cها", id="persian joiner stays"),
        pytest.param("क्\u200dष", "क्\u200dष", id="hindi joiner stays"),
        pytest.param("a\ud800b", "ab", id="lone surrogate"),
        pytest.param(f"a{WALES}\u200b{WALES}b", f"a{WALES * 2}b", id="flags of regions stay"),
        pytest.param(f"🏴{WALES[1:-1]} a{WALES[1:]}", "🏴 a", id="hidden tags"),
        pytest.param("", "", id="empty"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain_text(markup) == text


SUMMARY = '<p>He spoke.</p> <a href="http://example.org/x" class="y">more</a><br/>'


@pytest.mark.parametrize("place", range(2, len(SUMMARY)))  # a "<" alone may be anything
def test_a_summary_cut_anywhere_shows_no_part_of_a_tag(place: int) -> None:
    text = plain_text(SUMMARY[:place])

    assert "<" not in text
    assert "He spoke. more".startswith(" ".join(text.split()))


@pytest.mark.parametrize(
    "tag",
    [
        *("<a", "</a", "<br/", "<br /", "<div ", "<a hre", "<a href", "<img sr", "<div cla"),
        *("<img src=http://x.org/a", "<div class=a id", "<a\nhref='a", "<p <br"),
    ],
)
def test_a_tag_that_breaks_off_at_the_end_is_not_shown(tag: str) -> None:
    assert plain_text(f"a {tag}") == "a"


@pytest.mark.parametrize(
    "tag",
    ["<", "</", "<!", "<!-", "<d", "<str", "<scri", "</spa", "<a h", "<path d=M0", "<str <a"],
)
def test_beside_markup_also_the_beginning_of_a_tag_is_not_shown(tag: str) -> None:
    assert plain_text(f"<b>a</b> b {tag}") == "a b"


@pytest.mark.parametrize(
    "text",
    [
        *("a <b c", "I <3", "a <", "a </", "a <str", "a <scri", "a <b and c=5", "a <b talks"),
        *("a <Kim", "a <Kim class", "5 <6 =", ">_<", "a <속보", "a <x"),
    ],
)
def test_a_text_that_is_no_markup_keeps_its_end(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize("tail", ["<Kim", "<x", "<b talks", "<3", "<b yz"])
def test_beside_markup_words_at_the_end_are_kept(tail: str) -> None:
    assert plain_text(f"<b>a</b> {tail}") == f"a {tail}"


def test_a_long_text_is_cut_at_a_word() -> None:
    cut = plain_text("word " * 2000, 50)

    assert len(cut) <= 50
    assert cut.endswith("word…")


def test_a_title_has_no_line_ends() -> None:
    assert one_line("<p>One</p><p>two</p>") == "One two"


def test_a_hundred_thousand_nested_elements_are_no_trouble() -> None:
    assert plain_text("<div>" * 90_000 + "deep") == "deep"


@pytest.mark.parametrize("title", ["<title>Kim</title>", "<!-- x>Kim", "<noscript>Kim"])
def test_a_title_with_letters_beside_its_tags_is_never_empty(title: str) -> None:
    assert one_line(title) == "Kim"


def test_a_title_of_tags_alone_is_empty() -> None:
    assert one_line('<img alt="Kim" src="kim.png"><!-- Kim --><script>kim()</script>') == ""


WORDS = st.text(alphabet="abc 김ё<>&;#/'\"=!-\n", max_size=12)
TAGS = st.sampled_from(["p", "br", "b", "script", "style", "div", "a href=x", "!--", "textarea"])
MARKUPS = st.lists(
    st.one_of(WORDS, TAGS.map("<{}>".format), TAGS.map("</{}>".format), st.text(max_size=4)),
    max_size=30,
).map("".join)


@given(MARKUPS)
def test_nothing_that_should_go_is_left(markup: str) -> None:
    text = plain_text(markup)

    assert not MARKUP.search(text)
    assert not UNSAFE.search(REGION_FLAG.sub("", text))
    assert text == text.strip()


LETTERS = st.text(alphabet="xyzКи", min_size=1, max_size=4)
BROKEN = ["<3", "</3", "<", "<!", "<!foo", "<?", "<b", "</p", "<Kim", "<!doctype", "<?xml"]
OTHERS = ["&", "&amp;", '"', "'", " ", "<![CDATA[", "<![CDATA[]]>"]
SIGNS = st.sampled_from([*OTHERS, *BROKEN, *(f"{sign} " for sign in BROKEN)])
PLAIN_TAGS = st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<br/>", '<a href="/u">', "<!-- q -->"])


@given(st.lists(st.one_of(LETTERS, SIGNS, PLAIN_TAGS), max_size=12))
def test_letters_beside_tags_never_vanish(pieces: list[str]) -> None:
    alphabet = set("xyzКи")
    written = [letter for piece in pieces if "<" not in piece for letter in piece]

    text = plain_text("".join(pieces))

    assert _among(alphabet, text) >= _among(alphabet, written)


def _among(alphabet: set[str], text: Iterable[str]) -> Counter[str]:
    return Counter(letter for letter in text if letter in alphabet)


@given(MARKUPS)
def test_plain_text_stays_as_it_is(markup: str) -> None:
    once = one_line(markup)

    assert one_line(once) == once


@given(MARKUPS)
def test_escaping_once_more_changes_no_word(markup: str) -> None:
    text = one_line(markup)

    assert one_line(html.escape(text)) == text


@given(st.sampled_from(sorted(SILENT - {"head"})), st.text(alphabet="abc ", max_size=20))
def test_what_is_not_for_readers_is_dropped(element: str, inside: str) -> None:
    assert plain_text(f"<p>x</p><{element}>{inside}</{element}>") == "x"


@given(st.text(max_size=300), st.integers(1, 50))
def test_the_limit_holds(text: str, limit: int) -> None:
    assert len(plain_text(text, limit)) <= limit


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
