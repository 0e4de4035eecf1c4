"""From bytes to entries: every format, every damage, and no news made of error pages."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import FeedError
from watcher.feeds.parse import parse_feed
from watcher.feeds.parsed import MAX_ENTRIES, ParsedFeed

NOW = datetime(2023, 9, 14, 12, tzinfo=UTC)
URL = "https://news.example/feeds/world.xml"
DATA = Path(__file__).resolve().parents[1] / "data" / "feeds"


def parse(body: str | bytes, content_type: str | None = None) -> ParsedFeed:
    raw = body if isinstance(body, bytes) else body.encode()
    return parse_feed(raw, content_type=content_type, url=URL, now=NOW)


def rss(items: str, channel: str = "<title>World</title>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{items}</channel></rss>'


FLOOD = "<rss><item " + " ".join(f"a{number}=''" for number in range(9000)) + "/></rss>"
ITEM = """<item><title>Kim tiba</title><link>/kim</link><guid isPermaLink="false">n-1</guid>
<description>&lt;p&gt;Naik &lt;b&gt;kereta&lt;/b&gt;.&lt;/p&gt;</description>
<pubDate>Rabu, 13 September 2023 21:05 WIB</pubDate><author>a@b.example (Antara)</author></item>"""


@pytest.mark.parametrize("name", ["rss20.xml", "atom10.xml", "rdf10.xml", "feed11.json"])
def test_one_event_reads_the_same_in_every_format(name: str) -> None:
    feed = parse((DATA / name).read_bytes())

    assert (feed.title, feed.link, feed.language) == ("Dunia", "https://news.example/", "id")
    assert feed.problems == ()
    [first, second] = feed.entries
    assert first.title == "Kim Jong Un tiba di Rusia & disambut"
    assert first.summary == "Pemimpin Korea Utara naik kereta.\nIa disambut."
    assert first.link == "https://news.example/kim?a=1&b=2"
    assert first.time == datetime(2023, 9, 13, 14, 5, tzinfo=UTC)
    assert first.language == "id"
    assert second.title == "Putin menunggu"
    assert second.language == "en"


def test_a_feed_with_all_its_parts() -> None:
    channel = (
        "<title>World</title><link>https://news.example</link><language>in</language><ttl>15</ttl>"
    )

    feed = parse(rss(ITEM, channel))

    assert feed.ttl == timedelta(minutes=15)
    assert feed.language == "id"
    [entry] = feed.entries
    assert entry.id == "n-1"
    assert entry.link == "https://news.example/kim"
    assert entry.summary == "Naik kereta."
    assert entry.author == "a@b.example (Antara)"
    assert entry.published == datetime(2023, 9, 13, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("\n\n   ", "", id="blanks before"),
        pytest.param("\ufeff", "", id="mark"),
        pytest.param("<br />\n<b>Notice</b>: Undefined index in <b>/a.php</b>\n", "", id="php"),
        pytest.param("", "\n<script>x()</script><!-- cached -->", id="tail"),
        pytest.param("<!-- made by hand -->", "", id="comment"),
        pytest.param("<!-- İİİİİİİİİİİİ -->", "<p>İ</p>", id="letters that grow in lower case"),
    ],
)
def test_junk_around_a_feed_is_ignored(before: str, after: str) -> None:
    [entry] = parse(before + rss(ITEM) + after).entries

    assert entry.title == "Kim tiba"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("A & B", "A & B", id="bare ampersand"),
        pytest.param("A &nbsp;&eacute;&mdash; B", "A é— B", id="entities of HTML"),
        pytest.param("A\x0b\x00B", "AB", id="control characters"),
        pytest.param("A&#0;&#x1f;B", "A\ufffdB", id="references to them"),
        pytest.param("5 < 6", "5 < 6", id="bare less-than"),
        pytest.param("<![CDATA[A & <b>B</b>]]>", "A & B", id="cdata"),
        pytest.param("<![CDATA[A &amp; B]]>", "A & B", id="cdata escaped again"),
        pytest.param("Putin&amp;#8217;s", "Putin’s", id="escaped twice"),
    ],
)
def test_a_title_with_a_fault_is_read_all_the_same(written: str, read: str) -> None:
    feed = parse(rss(f"<item><title>{written}</title><guid>1</guid></item>"))

    assert [entry.title for entry in feed.entries] == [read]


def test_a_document_that_was_cut_off_gives_its_whole_entries() -> None:
    text = rss(ITEM + "<item><title>Half</title><pubDate>Wed, 13")

    feed = parse(text[: text.index("Wed, 13") + 4])

    assert [entry.title for entry in feed.entries] == ["Kim tiba"]
    assert "the document is cut off" in feed.problems
    assert feed.cut_off


@pytest.mark.parametrize(
    "end", ["", "</item", "<", "</title></item><item><guid>half</guid><title>Kim J"]
)
def test_half_a_headline_is_no_headline(end: str) -> None:
    text = rss(ITEM + "<item><guid>x</guid><title>Half").partition("Half")[0] + f"Ki{end}"

    feed = parse(text)

    assert [entry.title for entry in feed.entries][:1] == ["Kim tiba"]
    assert "half" not in [entry.id for entry in feed.entries]
    assert len(feed.entries) == (2 if "</item>" in end else 1)


@pytest.mark.parametrize(
    ("end", "entries"),
    [
        ("<guid>x</guid><title>Kim arr", 1),
        ("<guid>x</guid><title><![CDATA[Kim arr", 1),
        ("<title>Kim arrives</title><guid isPermaLink='false'>12", 1),
        ("<title>Kim arrives</title><link>https://news.example/12", 1),
        ("<title>Kim arrives</title><guid>12</guid><description>By tr", 2),
        ("<title>Kim arrives</title><guid>12</guid>", 2),
    ],
)
def test_an_entry_is_kept_where_its_title_and_id_came_before_the_cut(
    end: str, entries: int
) -> None:
    whole = rss(ITEM)

    feed = parse(whole[: whole.index("</item>") + len("</item>")] + f"<item>{end}")

    assert len(feed.entries) == entries


@pytest.mark.parametrize("fault", ["<!-- cached -->", "<!-- cached & kept -->junk & <b>", "\n\0"])
def test_what_stands_behind_a_document_does_not_make_it_cut_off(fault: str) -> None:
    feed = parse(rss(ITEM) + fault)

    assert [entry.title for entry in feed.entries] == ["Kim tiba"]
    assert not feed.cut_off


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    f"<channel><title>t</title></channel>{ITEM}{ITEM}"
)


@pytest.mark.parametrize(
    ("text", "cut_off"),
    [
        pytest.param(rss(ITEM).replace("</rss>", ""), False, id="no end of the root"),
        pytest.param(rss(ITEM).replace("</rss>", "</ rss>"), False, id="one spelled wrong"),
        pytest.param(rss(ITEM).partition("</channel>")[0], True, id="more entries may follow"),
        pytest.param(RDF, True, id="a channel that ends before the entries"),
    ],
)
def test_a_document_is_whole_where_all_its_entries_are(text: str, *, cut_off: bool) -> None:
    feed = parse(text)

    assert {entry.title for entry in feed.entries} == {"Kim tiba"}
    assert feed.cut_off is cut_off


def test_xml_base_and_xml_lang_reach_the_entry() -> None:
    [entry] = parse(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://other.example/a/">
        <title>T</title><entry xml:lang="ko"><id>1</id><title>김정은</title>
        <link href="b"/><updated>2023-09-13T14:05:00Z</updated></entry></feed>"""
    ).entries

    assert (entry.link, entry.language) == ("https://other.example/a/b", "ko")
    assert entry.time == entry.updated


def test_an_article_stands_in_for_a_summary_that_is_only_a_picture() -> None:
    [entry] = parse(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<item><description>&lt;img src='x'&gt;</description><content:encoded>The text."
        "</content:encoded></item></channel></rss>"
    ).entries

    assert entry.summary == "The text."


MEDIA = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>x</title>{}</item>
</channel></rss>"""
CAPTION = '<media:group><media:description type="plain">A cap.</media:description></media:group>'
LEAD = "<description>The lead.</description>"
ARTICLE = "<content:encoded>All of it.</content:encoded>"


@pytest.mark.parametrize(
    ("parts", "summary"),
    [
        (CAPTION + LEAD + ARTICLE, "The lead."),
        (LEAD + ARTICLE + CAPTION, "The lead."),
        (CAPTION + ARTICLE, "All of it."),
        (CAPTION, "A cap."),
    ],
)
def test_a_caption_stands_for_the_lead_only_where_there_is_no_text(
    parts: str, summary: str
) -> None:
    assert parse(MEDIA.format(parts)).entries[0].summary == summary


@pytest.mark.parametrize(
    ("parts", "link"),
    [
        pytest.param(
            '<link>/a</link><a:link href="/b" title="related"/>', "/a", id="related article"
        ),
        pytest.param(
            '<a:link href="/en" hreflang="en"/><a:link href="/ru" hreflang="ru"/>',
            "/en",
            id="languages",
        ),
        pytest.param('<a:link rel="enclosure" href="/x.mp3"/><link>/a</link>', "/a", id="podcast"),
        pytest.param("<guid>http://news.example/g</guid>", "/g", id="permalink"),
        pytest.param(
            '<link/><guid isPermaLink="true">http://news.example/g</guid>', "/g", id="empty link"
        ),
        pytest.param("<guid>abc123</guid>", "", id="id that is no address"),
    ],
)
def test_an_entry_links_to_its_own_page(parts: str, link: str) -> None:
    item = f'<item xmlns:a="http://www.w3.org/2005/Atom"><title>x</title>{parts}</item>'

    assert urlsplit(parse(rss(item)).entries[0].link).path == link


@pytest.mark.parametrize(
    ("ttl", "period", "wish"),
    [
        ("5", "daily", timedelta(days=1)),
        ("90", "hourly", timedelta(minutes=90)),
        ("1000000", "", timedelta(days=7)),
        ("9" * 300, "", timedelta(days=7)),
        ("soon", "never", None),
    ],
)
def test_the_longer_of_two_wishes_holds(ttl: str, period: str, wish: timedelta | None) -> None:
    feed = parse(
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<ttl>{ttl}</ttl><sy:updatePeriod>{period}</sy:updatePeriod>{ITEM}</channel></rss>"
    )

    assert feed.ttl == wish


def test_an_update_period_is_a_ttl() -> None:
    feed = parse(
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        f"{ITEM}</channel></rss>"
    )

    assert feed.ttl == timedelta(minutes=30)


def test_a_date_that_cannot_be_read_is_a_problem_and_none() -> None:
    feed = parse(rss("<item><title>x</title><pubDate>soon</pubDate></item>"))

    assert feed.entries[0].published is None
    assert feed.problems == ('dates that could not be read: 1, such as "soon"',)


def test_dates_in_the_future_are_told_by_how_far() -> None:
    dates = ("Thu, 14 Sep 2023 19:00:00 GMT", "2099-01-01T00:00:00Z", "2098-01-01", "soon")
    feed = parse(
        rss("".join(f"<item><title>{d}</title><pubDate>{d}</pubDate></item>" for d in dates))
    )

    assert [entry.published for entry in feed.entries] == [NOW, None, None, None]
    assert feed.problems == (
        'dates that could not be read: 1, such as "soon"',
        'dates in the future, taken as now: 1, such as "Thu, 14 Sep 2023 19:00:00 GMT"',
        'dates far in the future, ignored: 2, such as "2099-01-01T00:00:00Z"',
    )


def test_a_dangerous_link_is_a_problem_and_empty() -> None:
    feed = parse(rss("<item><title>x</title><link>javascript:alert(1)</link></item>"))

    assert feed.entries[0].link == ""
    assert feed.problems == ("links that are no web addresses, left out: 1",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param(" \n\t ", "empty", id="blank"),
        pytest.param(
            "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
            'a web page titled "Just a moment...", not a feed$',
            id="web page",
        ),
        pytest.param(
            '<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>',
            "the feed it names is /feed",
            id="web page that names its feed",
        ),
        pytest.param('<?xml version="1.0"?><html xmlns="x"><body/></html>', "web page", id="xhtml"),
        pytest.param('{"error": "rate limited"}', "it says: rate limited", id="json error"),
        pytest.param('{"error": ', "cannot be read", id="broken json"),
        pytest.param("[" * 100_000, "cannot be read", id="deep json"),
        pytest.param("[1, 2]", "no JSON Feed", id="json list"),
        pytest.param("[watcher]\nx = 1", r"begins with \"\[watcher\]", id="toml"),
        pytest.param("[[feeds]]\nx = 1", r"begins with \"\[\[feeds\]\]", id="toml list"),
        pytest.param("/etc/passwd", "begins with", id="a path"),
        pytest.param("http://169.254.169.254/latest", "begins with", id="a url"),
        pytest.param("<opml><body/></opml>", 'begins with "<opml><body/></opml>"', id="opml"),
        pytest.param("<link rel=icon\x1b href=/x>\n<script>x</script>",
                     'begins with "<link rel=icon href=/x> <script>x', id="page without words"),
        pytest.param(rss("<item><title>Bridge returned error 403! (19612)</title></item>"),
                     "error report: Bridge returned error 403", id="rss-bridge"),
        pytest.param("<rss>" + "<x>" * 5000, "elements more than 256 deep", id="deep nesting"),
        pytest.param(FLOOD, "more than 500 attributes", id="attributes"),
        pytest.param(rss(f"<item><title>{'&' * 300_000}</title></item>"), "stray", id="ampersands"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_said_plainly(body: str, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        parse(body)


def test_error_reports_among_news_are_left_out() -> None:
    feed = parse(rss(ITEM + "<item><title>Bridge returned error 500! (1)</title></item>"))

    assert [entry.title for entry in feed.entries] == ["Kim tiba"]
    assert feed.problems == ("error reports left out: 1, such as: Bridge returned error 500! (1)",)


@pytest.mark.parametrize("name", ["links", "content", "title_detail", "link", "entries", "tags"])
def test_a_strangers_element_named_as_the_parsers_own_is_no_error(name: str) -> None:
    odd = f"<{name}>odd</{name}>"
    item = f"<item><title>Ferry</title><link>https://a.example/1</link>{odd}</item>"
    feed = parse(f'<rss version="2.0"><channel><title>A</title>{odd}{item}</channel></rss>')

    assert [entry.title for entry in feed.entries] == ["Ferry"]


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss("")).entries == ()
    assert parse('{"version": "https://jsonfeed.org/version/1.1", "items": []}').entries == ()


ENTITIES = "<!DOCTYPE rss [{}]>"


@pytest.mark.parametrize(
    ("declarations", "title"),
    [
        pytest.param('<!ENTITY co "Antara">', "Antara", id="a harmless one is filled in"),
        pytest.param('<!ENTITY a "x"><!ENTITY co "&a;&a;">', "&co;", id="one of others is not"),
        pytest.param('<!ENTITY co SYSTEM "file:///etc/hostname">', "&co;", id="a file is not"),
        pytest.param(f'<!ENTITY co "{"x" * 1000}">', "&co;", id="a long one is not"),
    ],
)
def test_entities_of_the_documents_own(declarations: str, title: str) -> None:
    body = ENTITIES.format(declarations) + rss("<item><title>&co;</title></item>").split("?>")[1]

    assert parse(body).entries[0].title == title


@pytest.mark.parametrize(
    ("body", "source"),
    [
        pytest.param(
            rss(
                "<item><title>a</title><source url='https://m.example'>Mill Courier</source></item>"
            ),
            "Mill Courier",
            id="RSS",
        ),
        pytest.param(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>a</title>"
            "<source><title>Mill Courier</title></source></entry></feed>",
            "Mill Courier",
            id="Atom",
        ),
        pytest.param(rss("<item><title>a</title><source/></item>"), "", id="empty"),
        pytest.param(rss("<item><title>a</title></item>"), "", id="none"),
    ],
)
def test_an_aggregator_names_where_it_has_an_entry_from(body: str, source: str) -> None:
    assert parse(body).entries[0].source == source


def test_authors_of_a_json_feed_without_a_name_are_left_out() -> None:
    item = {"id": "1", "title": "x", "authors": [{"name": "Ada"}, {"name": None}, {}, "Bo"]}
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})

    assert parse(text).entries[0].author == "Ada"


def test_of_a_json_feed_as_many_entries_are_read_as_of_any_other() -> None:
    items = [{"id": str(number), "title": "a"} for number in range(MAX_ENTRIES + 1)]
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})

    assert len(parse(text).entries) == MAX_ENTRIES


def test_json_feed_of_version_one_with_numbers_as_ids() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1",
        "title": "T",
        "items": [
            {"id": 7, "url": "/a", "content_html": "<p>Hi</p>", "author": {"name": "Ann"}},
            {"id": "8", "title": "B", "date_published": "2023-09-13T21:05:00+07:00", "tags": None},
            "no item",
        ],
    }

    first, second = parse(json.dumps(document)).entries

    assert (first.id, first.link, first.summary) == ("7", "https://news.example/a", "Hi")
    assert first.author == "Ann"
    assert second.published == datetime(2023, 9, 13, 14, 5, tzinfo=UTC)


#: What feeds are made of, whole and broken; feedparser's corners among them.
PIECES = r"""<?xml version='1.0'?> | <rss version='2.0'> | <channel> | <item> | </item> | <title> |
</title> | <link> | </link> | <guid> | <feed xmlns='http://www.w3.org/2005/Atom'> | <entry> |
]]> | </entry> | <content type='xhtml'> | <div> | <![CDATA[ | & | &#x1; | &#99999999; |
<rdf:RDF | > | { | <!DOCTYPE x [<!ENTITY a 'b'>]> | &a; | \x00 | <pubDate>13 Sep 2023 | <!-- |
--> | a:b=' | ' | <image> | <summary type='application/octet-stream'> |
<georss:point>1 2</georss:point> | <textinput> | <link href='http://[x' rel='enclosure'/> |
xml:base='//' | <itunes:duration>x | <source url='x'> | <media:content url=' | <dc:date> |
<content mode='base64' type='a/b'>QQ"""
PIECE = st.sampled_from([piece.strip() for piece in PIECES.split("|")])


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECE, PIECE, st.text(max_size=5)), max_size=25).map("".join))
def test_any_text_gives_a_feed_or_a_feed_error(text: str) -> None:
    try:
        feed = parse(text.encode("utf-8", "surrogatepass"))
    except FeedError:
        return
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    json.dumps([entry.title for entry in feed.entries], ensure_ascii=False).encode()


@settings(deadline=None)
@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=30)))
def test_any_bytes_give_a_feed_or_a_feed_error(body: bytes, content_type: str | None) -> None:
    with suppress(FeedError):
        parse(body, content_type)
