import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from alert_values import NOW, covered, outgoing, report, view
from hypothesis import given
from hypothesis import strategies as st
from telegram_rules import MAX_ENTITIES, check_html, utf16_length

from watcher.alerts.bars import CELLS, LEVELS, blocks, heights
from watcher.alerts.decide import MOST_TOLD
from watcher.alerts.digest import group
from watcher.alerts.mail import MAX_DRAWN
from watcher.alerts.render import TELEGRAM_UNITS, email_parts, plain_text, telegram_html
from watcher.alerts.views import Outgoing, Report, View
from watcher.model import Action, Addition, Adds, Hold, News, Priority, Relation

HOUR = timedelta(hours=1)
MORNING = NOW + timedelta(hours=10)


def story(number: int, **changes: object) -> View:
    """Return an alert of a story whose headline is as long as real ones are."""
    title = (
        f"Laporan {number:02}: pejabat senior membahas kerja sama ekonomi dan pertahanan di Jakarta"
    )
    told = report(title, number=number, url=f"https://www.antaranews.com/berita/{number}")
    return view(told, **{"story": number, "now": MORNING, **changes})


def night(stories: int) -> Outgoing:
    topics = [{"topic": f"t{n}", "topic_name": f"Topic {n}"} for n in range(4)]
    views = [story(n, **topics[n % 4]) for n in range(stories)]
    return outgoing(*views, hold=Hold.QUIET_HOURS)


@pytest.mark.parametrize("stories", [2, 20, 60, 100])
def test_a_night_fits_into_one_message_with_every_story_named_and_linked(stories: int) -> None:
    source = telegram_html(night(stories))
    shown = check_html(source)

    assert utf16_length(shown) <= TELEGRAM_UNITS
    for number in range(stories):
        assert f"Laporan {number:02}" in shown
        assert f'href="https://www.antaranews.com/berita/{number}"' in source
    assert shown.startswith(f"🗞 {stories} stories in ")
    assert source.count("</") <= MAX_ENTITIES


@pytest.mark.parametrize("length", [420, 2000])
def test_a_night_of_long_links_is_taken_with_as_many_links_as_a_message_holds(length: int) -> None:
    told = [report(f"Laporan {n:02}", number=n, url=long_url(n, length)) for n in range(76)]
    views = [view(one, story=one.number, now=MORNING) for one in told]
    source = telegram_html(outgoing(*views, hold=Hold.QUIET_HOURS))
    shown = check_html(source)

    links = source.count("<a ")
    assert all(f"• Laporan {number:02}" in shown for number in range(76))
    assert links >= 8_500 // (length + 60)
    assert shown.endswith(f"(links left out for want of room: {76 - links})")


def long_url(number: int, length: int) -> str:
    """Return an address such as those of Google News."""
    return f"https://news.google.com/rss/articles/{'A' * length}{number}?oc=5"


def developed(number: int, developments: int) -> tuple[View, View]:
    """Return a story's alert and a reply that brought so much since."""
    told = [
        report(
            f"Perkembangan {number}-{n}: korban bertambah, kata juru bicara kementerian di Jakarta",
            number=1000 * (number + 1) + n,
            relation=Relation.SAME,
            news=News((Addition(Adds.NUMBER, f"{n}40"),)),
        )
        for n in range(developments)
    ]
    return story(number), view(*told, story=number, action=Action.REPLY, now=MORNING)


def test_what_a_story_brought_is_found_out_once_however_often_a_digest_is_composed() -> None:
    ((told,),) = group(developed(1, 3))

    assert told.developments is told.developments
    assert told.reports is told.reports


def test_a_busy_night_fits_into_one_message_with_every_development_named() -> None:
    views = [one for number in range(18) for one in developed(number, 1)]
    shown = check_html(telegram_html(outgoing(*views, hold=Hold.QUIET_HOURS)))

    assert utf16_length(shown) <= TELEGRAM_UNITS
    for number in range(18):
        assert f"• Laporan {number:02}" in shown
        assert f"+ Perkembangan {number}-0: korban" in shown


def test_a_mail_names_as_much_of_what_a_story_brought_as_a_reply_does() -> None:
    _, text, _ = email_parts(outgoing(*developed(1, MOST_TOLD + 2), story(2)))

    assert text.count("+ Perkembangan 1-") == MOST_TOLD
    assert "  … and 2 more\n" in text


def counted(shown: str) -> int:
    """Return how many developments are named or counted."""
    unnamed = re.findall(r"^ *… and (\d+) more(?: report| reports|$)", shown, re.MULTILINE)
    return shown.count("+ Perkembangan") + sum(map(int, unnamed))


@pytest.mark.parametrize("stories", [1, 8, 20, 30, 45])
@pytest.mark.parametrize("developments", [4, 15, 60])
def test_developments_without_room_in_a_message_are_counted(
    stories: int, developments: int
) -> None:
    views = [one for number in range(stories) for one in developed(number, developments)]
    shown = check_html(telegram_html(outgoing(*views, hold=Hold.QUIET_HOURS)))

    assert utf16_length(shown) <= TELEGRAM_UNITS
    assert all(f"• Laporan {number:02}" in shown for number in range(stories))
    assert counted(shown) == stories * developments


def test_no_story_loses_all_its_developments_to_one_that_has_many() -> None:
    views = [*developed(0, 50), *(one for number in range(1, 9) for one in developed(number, 1))]
    shown = check_html(telegram_html(outgoing(*views)))

    assert all(f"+ Perkembangan {number}-0: korban" in shown for number in range(9))
    assert counted(shown) == 58


def test_a_message_is_filled_with_developments_before_others_are_counted() -> None:
    views = [one for number in range(30) for one in developed(number, 3)]
    shown = check_html(telegram_html(outgoing(*views)))

    named = [number for number in range(30) if f"+ Perkembangan {number}-0" in shown]
    assert TELEGRAM_UNITS - 160 < utf16_length(shown) <= TELEGRAM_UNITS
    assert named == list(range(len(named)))
    assert "Perkembangan 0-1" not in shown


def test_a_service_with_a_limit_gets_fewer_developments_of_each_story_and_their_number() -> None:
    message = outgoing(*developed(0, 30), *developed(1, 4))

    whole, short = plain_text(message)[1], plain_text(message, 4000)[1]

    assert counted(whole) == counted(short) == 34
    assert len(short) <= 4000 < len(whole)
    assert all(f"+ Perkembangan 1-{n}: " in short for n in range(4))


def test_more_than_a_message_can_name_is_counted() -> None:
    shown = check_html(telegram_html(night(400)))

    named = shown.count("• Laporan")
    assert named > 60
    assert shown.endswith(f"… and {400 - named} more")


def test_a_mail_names_every_story_whatever_their_number() -> None:
    _, text, page = email_parts(night(400))

    for part in (text, page):
        assert all(f"berita/{number}" in part for number in range(400))


def update(*told: Report, **changes: object) -> View:
    """Return a reply of a story that its channel was told of before."""
    values = {"action": Action.REPLY, "story": 1, "now": MORNING, "opening": "Awal", **changes}
    return view(*told, **values)


def added(title: str, number: int, language: str, addition: Addition) -> Report:
    news = News((addition,))
    return report(title, number=number, relation=Relation.SAME, language=language, news=news)


DOUBT = added("Lain", 92, "id", Addition(Adds.DOUBT))
FOREIGN = added("Корабль затонул", 93, "ru", Addition(Adds.LANGUAGE, "ru"))
TOLL = added("Death toll at 40", 94, "en", Addition(Adds.NUMBER, "40"))


def test_an_update_is_headed_by_what_it_brings_and_not_by_what_was_told_before() -> None:
    before = report("Feri karam", number=3)
    changed = update(FOREIGN, others=(before,), reader_languages=("id",))
    message = outgoing(changed, story(2))

    for shown in (plain_text(message)[1], check_html(telegram_html(message))):
        assert "• Корабль затонул — Antara" in shown
        assert "first in Russian\n" in shown
        assert "Feri karam" not in shown


def test_an_update_in_a_digest_names_all_that_a_reply_names_the_most_telling_first() -> None:
    _, body = plain_text(outgoing(update(DOUBT, FOREIGN, TOLL), story(2)))

    told = [body.index(line) for line in ("• Death toll at 40", "+ Корабль затонул", "+ Lain")]
    assert told == sorted(told)
    assert "  new number: 40\n" in body
    assert "+ Корабль затонул — first in Russian\n" in body
    assert "+ Lain — perhaps new\n" in body


def test_of_what_an_update_brings_the_reader_sees_first_what_he_can_read() -> None:
    _, body = plain_text(outgoing(update(TOLL, DOUBT, reader_languages=("id",)), story(2)))

    assert "• Lain — " in body
    assert "+ Death toll at 40 — new number: 40\n" in body


@pytest.mark.parametrize("lent", [True, False])
def test_an_alert_in_a_digest_names_what_it_is_led_by(lent: bool) -> None:
    lead = report("Паром сел на мель", number=5, language="ru")
    other = report("Feri karam", number=6)
    told = (lead,) if lent else (lead, other)
    alert = view(
        *told, story=1, now=MORNING, reader_languages=("id",), others=(other,) if lent else ()
    )
    many = [story(number) for number in range(2, 30)]

    for shown in (
        plain_text(outgoing(alert, story(2)))[1],
        check_html(telegram_html(outgoing(alert, *many))),
    ):
        assert "• Feri karam" in shown
        assert "Original: Паром сел на мель" in shown
        assert shown.count("Feri karam") == shown.count("Паром") == 1


def test_an_alert_in_a_digest_names_other_reports_but_no_copies() -> None:
    copy = report("Salinan", number=95, relation=Relation.COPY)
    _, body = plain_text(outgoing(view(story(1).shown, DOUBT, copy, now=MORNING), story(2)))

    assert "+ Lain — perhaps new\n" in body
    assert "Salinan" not in body


def test_what_a_story_brought_since_is_named_with_what_it_adds() -> None:
    number = report(
        "Korban bertambah menjadi 40",
        number=91,
        relation=Relation.SAME,
        news=News((Addition(Adds.NUMBER, "40"),)),
    )
    reply = story(1, action=Action.REPLY)
    reply = view(DOUBT, number, action=Action.REPLY, story=1, now=MORNING, coverage=reply.coverage)

    _, body = plain_text(outgoing(story(1), reply, story(2)))

    assert "+ Korban bertambah menjadi 40 — new number: 40" in body
    assert body.index("+ Korban") < body.index("+ Lain — perhaps new")
    assert "1 update" in body


def test_an_update_names_the_story_that_the_reader_was_told_before() -> None:
    update = story(1, action=Action.REPLY, opening="Kim <dan> Putin bertemu")

    _, body = plain_text(outgoing(update, story(2)))
    brief = check_html(telegram_html(outgoing(update, *(story(n) for n in range(2, 40)))))

    for shown in (body, brief):
        place = shown.index("Story: Kim <dan> Putin bertemu\n")
        assert shown.index("Laporan 01") < place
        assert shown.count("Story: ") == 1


def test_a_story_whose_first_headline_the_digest_shows_is_named_once() -> None:
    first = story(1, opening="Lain")
    reply = story(1, action=Action.REPLY, opening=first.shown.title)

    for views in ((first, story(1, action=Action.REPLY, opening="Lain")), (reply,)):
        _, body = plain_text(outgoing(*views, story(2)))
        assert "Story: " not in body


@pytest.mark.parametrize("action", [Action.ALERT, Action.REPLY])
def test_what_opened_a_story_that_was_merged_is_named_though_nobody_asked_what_it_adds(
    action: Action,
) -> None:
    opened = report("Korban di kota lain", number=91, relation=Relation.SAME)
    merged = view(opened, action=action, story=1, now=MORNING)

    _, body = plain_text(outgoing(story(1), merged, story(2)))

    assert "+ Korban di kota lain\n" in body


def test_urgent_topics_and_widely_told_stories_come_first() -> None:
    low = story(1, topic="low", topic_name="Low", priority=Priority.LOW)
    high, wide = story(2), story(3, coverage=covered(*[report("x")] * 5))

    _, body = plain_text(outgoing(low, high, wide))

    places = [body.index(f"Laporan 0{number}") for number in (3, 2, 1)]
    assert places == sorted(places)


def test_a_story_of_two_topics_is_counted_once() -> None:
    both = outgoing(story(1), story(1, topic="arms", topic_name="Arms"), hold=Hold.DIGEST)
    subject, text, _ = email_parts(both)

    assert subject == "1 story: Kim–Putin summit, Arms"
    assert text.startswith("🗞 1 story in 2 topics\n")


def test_a_mail_draws_bars_of_coverage_without_an_image() -> None:
    told = [report("x", minutes_ago=60 * hours) for hours in (9, 9, 1)]
    many = story(1, coverage=covered(*told), now=NOW)

    _, text, page = email_parts(outgoing(many, story(2, now=NOW)))

    assert "<img" not in page
    assert page.count("<table") == 3  # all together, and each story
    assert page.count("<td") == 3 * CELLS
    assert "█" in text
    assert "3 outlets" in text


#: Gmail hides what follows behind a link.
GMAIL_BYTES = 102_400


@pytest.mark.parametrize("stories", [24, 40, 150])
def test_a_mail_of_many_stories_is_not_clipped_by_gmail(stories: int) -> None:
    _, _, page = email_parts(night(stories))

    assert len(page.encode()) < GMAIL_BYTES
    assert all(f"berita/{number}" in page for number in range(stories))


def test_bars_of_many_stories_are_written_but_for_those_of_all_together() -> None:
    few, many = (email_parts(night(stories))[2] for stories in (MAX_DRAWN - 1, MAX_DRAWN))

    assert (few.count("<table"), few.count("▁")) == (MAX_DRAWN, 0)
    assert many.count("<table") == 1
    assert many.count("▁") > 20 * MAX_DRAWN


@pytest.mark.parametrize(
    ("hours", "drawn"),
    [
        pytest.param([], "▁" * CELLS, id="nothing"),
        pytest.param(range(CELLS), "█" * CELLS, id="even"),
        pytest.param([0, 0, 0, 0, CELLS - 1], f"█{'▁' * (CELLS - 2)}▃", id="one is never nothing"),
        pytest.param([-5, CELLS + 5], f"█{'▁' * (CELLS - 2)}█", id="outside"),
    ],
)
def test_bars_show_how_much_was_told_when(hours: Iterable[int], drawn: str) -> None:
    times = [NOW + hour * HOUR for hour in hours]

    assert blocks(heights(times, NOW, NOW + CELLS * HOUR)) == drawn


@given(st.lists(st.timedeltas(-HOUR, 30 * HOUR)), st.timedeltas(-HOUR, 30 * HOUR))
def test_bars_are_of_full_width_and_bounded(ages: list[timedelta], span: timedelta) -> None:
    levels = heights([NOW - age for age in ages], NOW - span, NOW)

    assert len(levels) == CELLS
    assert all(0 <= level < LEVELS for level in levels)
    assert (max(levels) > 0) == bool(ages)
