"""What is told of an entry: no "Read more", and no headlines of other reports."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.lead import lead
from watcher.feeds.parse import parse_feed
from watcher.feeds.parsed import RawEntry
from watcher.feeds.text import plain_text

KIM = "Kim arrives in Russia"
MORE = '&nbsp;<a href="/kim">Leer</a><img src="/count" alt=""/>'
CAPTION = '<media:description type="html">He came by &lt;b&gt;train&lt;/b&gt;.</media:description>'
ARTICLE = "<content:encoded>&lt;p&gt;He came by train.&lt;/p&gt;</content:encoded>"


def link(words: str, outlet: str = "") -> str:
    beside = f'&nbsp;&nbsp;<font color="#6f6f6f">{outlet}</font>' if outlet else ""
    return f'<a href="/a?oc=5" target="_blank">{words}</a>{beside}'


def listed(*items: str, list_: str = "ol") -> str:
    return f"<{list_}>{''.join(f'<li>{item}</li>' for item in items)}</{list_}>"


def summary(description: str, title: str = f"{KIM} - Antara", beside: str = "") -> str:
    """Return the summary of an item with this description."""
    document = (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>'
        f"<title>{escape(title)}</title><description>{escape(description)}</description>{beside}"
        "</item></channel></rss>"
    )
    now = datetime(2023, 9, 14, 12, tzinfo=UTC)
    [entry] = parse_feed(document.encode(), content_type=None, url="", now=now).entries
    return entry.summary


OTHERS = (link("Truce holds in Gaza", "TASS"), link("Floods in Peru", "The Times &amp; The Post"))


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(listed(link(KIM, "Antara"), *OTHERS), id="first"),
        pytest.param(listed(*OTHERS, link(KIM, "Antara"), list_="ul"), id="not first"),
        pytest.param(
            listed(link(KIM, "Antara"), *OTHERS, f"<strong>{link('Full coverage')}</strong>"),
            id="and a link to more",
        ),
        pytest.param(link(KIM, "Antara"), id="alone"),
        pytest.param(f"{link(KIM, 'Antara')}\n{listed(*OTHERS)}", id="before the list"),
    ],
)
def test_headlines_of_other_reports_are_not_told_of_an_entry_whose_own_is_among_them(
    description: str,
) -> None:
    assert summary(description) == ""


def test_its_own_headline_may_be_listed_with_an_outlet_that_its_title_leaves_out() -> None:
    assert summary(listed(link(f"“{KIM}”", "Antara"), *OTHERS), title=KIM) == ""


def test_an_article_is_told_in_place_of_other_reports() -> None:
    description = listed(link(KIM, "Antara"), *OTHERS)

    assert summary(description, beside=ARTICLE) == "He came by train."


@pytest.mark.parametrize(
    ("title", "description", "told"),
    [
        pytest.param(
            "The week in links",
            listed(link(KIM, "Antara"), *OTHERS),
            f"{KIM} Antara\nTruce holds in Gaza TASS\nFloods in Peru The Times & The Post",
            id="round-up",
        ),
        pytest.param(
            "Release 1.2",
            listed(link("Faster parse"), link("Fewer bugs"), list_="ul"),
            "Faster parse\nFewer bugs",
            id="release notes",
        ),
        pytest.param(
            KIM, listed(link(KIM), "He came by train."), f"{KIM}\nHe came by train.", id="a text"
        ),
        pytest.param(
            KIM,
            f"{link(KIM)}<p>He came by train.</p>{listed(*OTHERS)}",
            f"{KIM}\nHe came by train.\nTruce holds in Gaza TASS\n"
            "Floods in Peru The Times & The Post",
            id="a text between",
        ),
        pytest.param(
            KIM,
            f"{link(KIM)}<br><font size='-1'>He came by his own train, with a car and a cook, "
            "as his father did.</font>",
            f"{KIM}\nHe came by his own train, with a car and a cook, as his father did.",
            id="a text in the place of an outlet",
        ),
        pytest.param(KIM, f"{link(KIM)} &#20013;&#25991;", f"{KIM} 中文", id="references"),
    ],
)
def test_a_list_of_links_that_an_entry_is_about_stays(
    title: str, description: str, told: str
) -> None:
    assert summary(description, title) == told


@pytest.mark.parametrize("beside", [CAPTION, ARTICLE])
@pytest.mark.parametrize(
    "description",
    [
        MORE,
        '<p><a href="/kim"><img src="/kim.jpg"></a></p><a href="/kim">Continue reading</a> &raquo;',
        "[<a href='/kim'><b>Читать</b> далее</a>…]",
    ],
)
def test_the_words_of_a_link_give_way_to_a_text(description: str, beside: str) -> None:
    assert summary(description, beside=beside) == "He came by train."


def test_the_words_of_a_link_stand_where_there_is_no_other_text() -> None:
    assert summary("<a href='/kim'>He came by train.</a>") == "He came by train."


def test_a_lead_may_be_the_words_of_a_link_beside_a_caption() -> None:
    told = "Vladimir Putin received Kim Jong Un at the Vostochny cosmodrome on Wednesday."
    caption = "<media:description>Photo: KCNA</media:description>"
    assert summary(f'<a href="https://a.example/1">{told}</a>', beside=caption) == told


LEAD = "Vladimir Putin received Kim Jong Un at the Vostochny cosmodrome on Wednesday."
PAGE = "https://a.example/1"


def linked(words: str, page: str = PAGE) -> str:
    return f'<a href="{page}">{words}</a>'


@pytest.mark.parametrize(
    ("title", "description", "told"),
    [
        (KIM, f"<h3>{linked(KIM)}</h3><p>{linked(LEAD)}</p>", LEAD),
        (KIM, f"{linked(KIM, f'{PAGE}?utm=title')} {linked(LEAD, f'{PAGE}?utm=text')}", LEAD),
        (KIM, f"{linked(KIM)} {linked(LEAD, f'{PAGE}#lead')}", LEAD),
        (KIM, f"{linked(KIM, '/1')} {linked(LEAD)}", LEAD),
        (KIM, f"{linked(KIM)} {linked('World', '/world')} {linked(LEAD)}", LEAD),
        (KIM, f"{linked(KIM)} {linked('He met Putin')}", "He met Putin"),
        ("国际快讯", f"{linked('国际快讯')} {linked('普京抵达平壤')}", "普京抵达平壤"),
        (KIM, listed(linked(KIM), linked("He met Putin", "/2"), linked(LEAD, "/3")), LEAD),
    ],
    ids=["one page", "campaigns", "anchor", "relative", "section", "short", "Chinese", "ticker"],
)
def test_a_headline_and_links_with_no_outlet_beside_them_are_the_reports_own(
    title: str, description: str, told: str
) -> None:
    assert told in summary(description, title)


@pytest.mark.parametrize("more", ["", linked("Read more")])
def test_a_headline_and_a_label_give_way_to_an_article(more: str) -> None:
    assert summary(linked(KIM) + more, KIM, beside=ARTICLE) == "He came by train."


def test_a_link_with_the_headline_alone_tells_nothing_of_it() -> None:
    assert summary(linked(KIM) + linked(KIM), KIM) == ""


def test_several_links_do_not_give_way_to_a_caption() -> None:
    told = summary(listed(*OTHERS), title="The week in links", beside=CAPTION)

    assert told.startswith("Truce holds")


PIECE = st.sampled_from(
    ["<a href='x'>", "<a", "</a>", ">", "<font>", "</font>", "&nbsp;", "Kim", "<li>", "»."]
)


@given(st.lists(PIECE, max_size=12).map("".join), st.lists(PIECE, max_size=12).map("".join))
def test_what_is_told_is_one_of_its_texts_or_nothing(description: str, content: str) -> None:
    raw = RawEntry(title="Kim", summary=description, content=content)

    assert lead(raw, "Kim") in {plain_text(description), plain_text(content), ""}
