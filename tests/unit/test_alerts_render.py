import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from alert_values import NOW, covered, messages, outgoing, report, view
from hypothesis import given, settings
from telegram_rules import MAX_ENTITIES, MAX_MESSAGE_UTF16, check_html, utf16_length

from watcher.alerts.compose import byline, compose
from watcher.alerts.decide import MOST_TOLD
from watcher.alerts.fitting import fit
from watcher.alerts.languages import language_name
from watcher.alerts.lines import text_of
from watcher.alerts.render import (
    TELEGRAM_UNITS,
    email_parts,
    plain_text,
    telegram_html,
    telegram_lines,
)
from watcher.alerts.views import Outgoing
from watcher.model import Action, Addition, Adds, Hold, News, Priority, Relation

#: A drawn message has some fifty texts: few examples already hold many.
few = settings(max_examples=30)
SNAPSHOTS = Path(__file__).parents[1] / "data" / "alerts"

LATIN = report(
    "Kim Jong Un Temui Putin di Rusia, Apa yang Bakal Dibahas?",
    "Pemimpin Korea Utara Kim dan Putin bertemu dalam pertemuan puncak di Vladivostok <hari ini>.",
    found=(("kim", "Kim"), ("putin", "Putin"), ("meeting", "pertemuan puncak")),
)
CYRILLIC = report(
    "Ким Чен Ын и Путин встретились во Владивостоке",
    found=(("kim", "Ким Чен Ын"), ("putin", "Путин"), ("meeting", "встретились")),
    number=2,
    url="https://tass.ru/politika/2",
    outlet="ТАСС",
    language="ru",
    minutes_ago=130,
    relation=Relation.SAME,
    news=News((Addition(Adds.LANGUAGE, "ru"),)),
)
ARABIC = report(
    "كيم جونغ أون يلتقي بوتين في روسيا",
    "التقى كيم جونغ أون بوتين في فلاديفوستوك، وفق وكالة TASS.",
    found=(("kim", "كيم جونغ أون"), ("putin", "بوتين")),
    number=3,
    url="https://www.aljazeera.net/news/3",
    outlet="الجزيرة",
    language="ar",
    minutes_ago=0,
    relation=Relation.SAME,
    news=News((Addition(Adds.OFFICIAL, "Kremlin"), Addition(Adds.NUMBER, "3,000"))),
)
CHINESE = report(
    "金正恩與普京在海參崴會晤",
    found=(("kim", "金正恩"), ("putin", "普京"), ("meeting", "會晤")),
    number=4,
    url="https://news.example.tw/4?from=rss&id=4",
    outlet="中央社",
    language="zh-TW",
    minutes_ago=60 * 24 * 3,
    relation=Relation.SAME,
)
ARMS = {"topic": "arms", "topic_name": "Arms & <ammunition>", "story": 40, "labels": {}}

CASES = {
    "latin": outgoing(view(LATIN)),
    "cyrillic": outgoing(view(CYRILLIC, priority=Priority.NORMAL)),
    "arabic": outgoing(view(ARABIC, priority=Priority.LOW)),
    "chinese": outgoing(view(CHINESE)),
    "reader_language": outgoing(
        view(ARABIC, LATIN, CYRILLIC, reader_languages=("id",)), possible_repeat=True
    ),
    "reply": outgoing(
        view(
            CYRILLIC,
            ARABIC,
            action=Action.REPLY,
            coverage=covered(*[LATIN] * 4, CYRILLIC),
            opening="Kim Temui",
        )
    ),
    "reply_in_doubt": outgoing(
        view(
            replace(LATIN, news=News((Addition(Adds.DOUBT),))),
            action=Action.REPLY,
            opening=ARABIC.title,
        )
    ),
    "follows": outgoing(
        view(LATIN, follows=((7, "Kremlin: Путин примет Ким Чен Ына"), (3, "Older")))
    ),
    "spread": outgoing(
        view(
            LATIN,
            coverage=covered(
                *[LATIN] * 8,
                CYRILLIC,
                publishers=("Reuters", "Antara", "TASS", "BBC", "KCNA"),
                official=("KCNA",),
                speakers=("Kremlin", "White House", "UN", "NATO", "foreign ministry"),
            ),
        )
    ),
    "digest": outgoing(
        view(
            CHINESE, action=Action.REPLY, priority=Priority.LOW, opening="習近平將訪問朝鮮", **ARMS
        ),
        view(LATIN),
        view(ARABIC, CYRILLIC, action=Action.REPLY, coverage=covered(*[LATIN] * 3)),
        hold=Hold.QUIET_HOURS,
    ),
}


def snapshot(message: Outgoing) -> str:
    subject, text, _ = email_parts(message)
    parts = {"telegram": telegram_html(message), "subject": subject, "text": text}
    return "".join(f"== {name}\n{part.rstrip()}\n" for name, part in parts.items())


@pytest.mark.parametrize("name", CASES)
def test_a_message_reads_as_on_record(name: str) -> None:
    # To renew after a wanted change: delete the file, run this test, read the difference.
    path = SNAPSHOTS / f"{name}.txt"
    found = snapshot(CASES[name])
    if not path.exists():
        path.write_text(found, encoding="utf-8")
        pytest.fail(f"{path.name} was missing; it is written now: read it")

    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("message", CASES.values(), ids=CASES)
def test_plain_text_says_the_same_as_mail(message: Outgoing) -> None:
    title, body = plain_text(message)

    assert f"{title}\n\n{body}" == email_parts(message)[1]


@few
@given(messages)
def test_telegram_takes_any_message_and_shows_what_was_meant(message: Outgoing) -> None:
    source = telegram_html(message)

    shown = check_html(source)
    assert shown == text_of(telegram_lines(message))
    assert utf16_length(shown) <= MAX_MESSAGE_UTF16


@few
@given(messages)
def test_a_single_alert_is_never_shortened_by_its_format(message: Outgoing) -> None:
    for one in message.views:
        lines = compose(outgoing(one))
        if one.action is Action.ALERT:
            assert fit(lines, MAX_MESSAGE_UTF16, MAX_ENTITIES) == lines


@few
@given(messages)
def test_mail_subject_is_one_clean_line(message: Outgoing) -> None:
    subject, _, _ = email_parts(message)

    assert subject.strip()
    assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in subject)
    assert utf16_length(subject) < 220


class Page(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open += [] if tag == "meta" else [tag]
        names = dict(attrs)
        assert set(names) <= {
            "href",
            "style",
            "dir",
            "lang",
            "charset",
            "name",
            "content",
            "aria-hidden",
            "cellpadding",
            "valign",
        }
        self.addresses += [names["href"] or ""] if "href" in names else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "body" in self.open:
            self.shown += data


@few
@given(messages)
def test_mail_page_holds_our_tags_alone_and_loads_nothing(message: Outgoing) -> None:
    _, text, source = email_parts(message)
    page = Page()
    page.feed(source)
    page.close()

    assert page.open == []
    known = "html head meta title body div p a b i code table tr td"
    assert page.tags <= set(known.split())
    assert all(re.match("https?://", address) for address in page.addresses)
    for address in page.addresses:
        assert address in text


@few
@given(messages)
def test_plain_text_cannot_drive_a_terminal(message: Outgoing) -> None:
    title, body = plain_text(message)

    assert title.strip()
    assert not {c for c in title + body if unicodedata.category(c) == "Cc"} - {"\n"}


def test_right_to_left_lines_say_so_in_mail() -> None:
    _, _, source = email_parts(CASES["arabic"])

    assert 'dir="rtl" lang="ar"><a href="https://www.aljazeera.net/news/3"' in source
    assert '<html lang="en" dir="ltr">' in source


def test_a_reply_keeps_the_subject_of_its_thread() -> None:
    assert email_parts(CASES["reply"])[0] == "Re: [Kim–Putin summit] Kim Temui"


def test_a_reply_of_an_unknown_thread_names_its_story() -> None:
    subject, _, _ = email_parts(outgoing(view(LATIN, action=Action.REPLY)))

    assert subject.startswith("[Kim–Putin summit] New in story 12: Kim Jong Un Temui Putin")


@pytest.mark.parametrize("message", [CASES["latin"], CASES["reply"], CASES["digest"]])
def test_every_format_marks_a_possible_repeat(message: Outgoing) -> None:
    repeat = outgoing(*message.views, possible_repeat=True)
    subject, text, source = email_parts(repeat)

    for part in (telegram_html(repeat), subject, text, source, plain_text(repeat)[0]):
        assert "(possible repeat)" in part
    assert "possible repeat" not in telegram_html(message)


def test_an_injected_header_stays_inside_the_subject() -> None:
    told = report("Kim\r\nBcc: everybody@example.org")

    assert email_parts(outgoing(view(told)))[0] == (
        "[Kim–Putin summit] Kim Bcc: everybody@example.org"
    )


def test_a_gathered_alert_lists_other_headlines_but_no_copies() -> None:
    others = [report(f"Laporan {n}", relation=Relation.SAME, number=n) for n in range(2, 10)]
    copy = report("Salinan", relation=Relation.COPY)
    shown = check_html(
        telegram_html(outgoing(view(LATIN, copy, *others, coverage=covered(*[LATIN] * 10))))
    )

    assert "• Laporan 2 — Antara (antaranews.com), 13:53, Indonesian\n" in shown
    assert "• Laporan 9 — Antara (antaranews.com)\n" in shown
    assert all(f"• Laporan {n} — Antara" in shown for n in range(2, 10))
    assert "Salinan" not in shown
    assert "10 outlets" in shown


def long_reply(headlines: int) -> str:
    told = [
        report(f"Laporan panjang {n} " + "kata " * 40, number=n, url=f"https://x.org/{n}/")
        for n in range(headlines)
    ]
    return telegram_html(outgoing(view(*told, action=Action.REPLY)))


def test_forty_replies_are_all_named_and_linked_in_fewer_words() -> None:
    source = long_reply(40)

    shown = check_html(source)
    assert all(f"• Laporan panjang {n} kata" in shown for n in range(40))
    assert all(f'href="https://x.org/{n}/"' in source for n in range(40))
    assert "more" not in shown
    assert "story 12" in shown


def test_as_many_replies_as_are_gathered_are_all_named() -> None:
    shown = check_html(long_reply(MOST_TOLD))

    assert shown.count("• Laporan") == MOST_TOLD
    assert "more" not in shown


def test_more_replies_than_a_message_can_name_are_counted() -> None:
    shown = check_html(long_reply(200))

    named = [line for line in shown.splitlines() if line.startswith("• Laporan")]
    assert len(named) > 55
    assert all(utf16_length(line) > 50 for line in named)
    assert shown.endswith(f"… and {200 - len(named)} more")


def test_an_alert_of_fifty_reports_says_why_and_what_the_first_add() -> None:
    titles = ["Laporan {}: kapal feri tenggelam", "Laporan {}: " + "korban bertambah, " * 3]
    others = [
        report(
            titles[n % 2].format(n),
            number=n,
            outlet=f"Kantor berita nomor {n}",
            relation=Relation.SAME,
            news=News((Addition(Adds.NUMBER, f"{n}00"),)),
        )
        for n in range(2, 51)
    ]
    shown = check_html(telegram_html(outgoing(view(LATIN, *others))))

    assert "Why: Kim Jong Un + Vladimir Putin in one sentence" in shown
    assert shown.count("new number") == 5
    assert all(f"• Laporan {n}: " in shown for n in range(2, 51))
    assert utf16_length(shown) > TELEGRAM_UNITS - 100


def test_the_host_is_left_out_where_it_is_the_outlet() -> None:
    told = report("Kim", outlet="antaranews.com")

    assert "antaranews.com · 13:53 WIB" in check_html(telegram_html(outgoing(view(told))))
    assert "antaranews.com · antaranews.com" not in telegram_html(outgoing(view(told)))


def test_a_report_of_another_year_says_so() -> None:
    last_year = report("Kim", minutes_ago=60 * 24 * 327)

    assert (
        byline(last_year, view(last_year))
        == "Antara (antaranews.com), 31 Dec 2025 14:05, Indonesian"
    )


def test_a_headline_that_came_by_an_edit_is_not_of_just_now() -> None:
    later = replace(report("Kim Temui Putin"), time=NOW + timedelta(minutes=20))
    shown = telegram_html(outgoing(view(CYRILLIC, others=(later,), reader_languages=("id",))))

    assert "· 14:25 WIB · Indonesian" in shown


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        pytest.param("id", "Indonesian", id="primary subtag"),
        pytest.param("pt_BR", "Portuguese", id="underscore"),
        pytest.param("zh-TW", "Chinese (traditional)", id="by region"),
        pytest.param("zh-Hans-HK", "Chinese", id="script beats region"),
        pytest.param("tlh", "tlh", id="no name known"),
        pytest.param("<b>", "", id="no language tag"),
        pytest.param(None, "", id="unknown"),
    ],
)
def test_a_language_is_named_by_its_tag(tag: str | None, name: str) -> None:
    assert language_name(tag) == name
