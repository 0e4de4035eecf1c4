"""Where an entry goes among the members of the open stories."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from assigned import FERRY, NOON, WINDOW, arms, read, replay, signed
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry, Reading, Relation
from watcher.stories.archive import (
    CANDIDATES,
    LIKELIEST,
    LOOKED_UP,
    MemoryArchive,
    heaviest,
    likeliest,
    most_telling,
)
from watcher.stories.assign import assign
from watcher.stories.limits import NEWEST
from watcher.stories.relate import relate
from watcher.stories.signature import HEADLINE_CHARACTERS, Member, Signature, sign


def test_the_first_entry_opens_a_story() -> None:
    made = assign(signed(FERRY[0]), [], window=WINDOW)
    assert (made.relation, made.story, made.copy_of) == (Relation.NEW, None, None)


def test_a_copy_names_what_it_repeats_and_joins_its_story() -> None:
    made = replay([signed(FERRY[0], 0, "One"), signed(f"{FERRY[0]} - Reuters", 1, "Two")])
    assert (made[1].relation, made[1].story, made[1].copy_of) == (Relation.COPY, 0, 0)
    assert made[1].reason == "same title"


def test_an_update_joins_without_being_a_copy() -> None:
    made = replay([signed(FERRY[0], 0, "One"), signed(FERRY[0].replace("12", "31"), 5, "Two")])
    assert (made[1].relation, made[1].story, made[1].copy_of) == (Relation.SAME, 0, None)


def test_a_join_of_unlike_titles_names_the_words_they_share() -> None:
    early = signed(
        "Sulawesi ferry captain arrested after deadly blaze, owner loses licence", 0, "One"
    )
    late = signed("Twelve bodies recovered from Sulawesi ferry as divers search wreck", 2, "Two")
    made = replay([early, late])
    assert made[1].relation is Relation.SAME
    assert made[1].reason == "both say \u201csulawesi\u201d, \u201cferry\u201d"
    assert relate(late, early).reason == made[1].reason


def test_an_entry_goes_to_the_thread_of_its_topic_before_a_story_that_none_tells_of() -> None:
    told = signed("Israel and Iran agree to truce", 0, "One", read("truce", "israel", "iran"))
    unheard = signed("Trump announces absolute ceasefire of Israel and Iran", 0.1, "Two")
    members = [Member(1, 1, told), Member(2, 2, unheard)]
    title = "Trump announces ceasefire of Israel and Iran on television"

    assert assign(signed(title, 0.3, "Three"), members, window=WINDOW).story == 2
    watched = signed(title, 0.3, "Three", read("truce", "israel", "iran"))
    assert assign(watched, members, window=WINDOW).story == 1
    assert assign(watched, members[1:], window=WINDOW).story == 2


@pytest.mark.parametrize(
    ("told", "unheard", "late"),
    [
        (
            "Coup in Niger: soldiers seize power",
            "Gabon soldiers seize power",
            "Gabon soldiers seize power in coup",
        ),
        (
            "Missile strike on Kyiv kills two, Ukraine says",
            "Five killed in Odesa port",
            "Five killed in Odesa port in missile strike, Ukraine says",
        ),
        (
            "Explosion at plant in Lyon kills two",
            "Warehouse fire in Marseille",
            "Warehouse fire in Marseille after explosion, two dead",
        ),
        (
            "Explosion at plant in Puebla, Mexico, kills two",
            "Warehouse ablaze in Monterrey, Mexico",
            "Warehouse ablaze in Monterrey, Mexico, after explosion kills two",
        ),
        (
            "Flood Kills 30 in India's Assam",
            "Dam Bursts in India's Kerala",
            "Dam Bursts in India's Kerala, Flood Kills 12",
        ),
    ],
)
def test_the_thread_of_a_topic_takes_no_first_report_of_what_happened_elsewhere(
    told: str, unheard: str, late: str
) -> None:
    reading = read("danger", "danger")
    members = [
        Member(1, 1, signed(told, 0, "One", reading)),
        Member(2, 2, signed(unheard, 0.5, "Two")),
    ]
    assert assign(signed(late, 0.8, "Three", reading), members, window=WINDOW).story == 2


def test_a_post_without_a_title_goes_to_the_thread_whose_people_its_text_names() -> None:
    reading = read("truce", "truce", "israel", "iran")
    told = signed("Israel and Iran agree to truce", 0, "One", reading)
    unheard = signed("Trump announces absolute ceasefire of Israel and Iran", 0.1, "Two")
    text = "Trump announces ceasefire of Israel and Iran on television"
    post = sign(Entry("x", "", NOON + timedelta(hours=0.3), text, outlet="Three"), reading)

    members = [Member(1, 1, told), Member(2, 2, unheard)]
    assert assign(post, members, window=WINDOW).story == 1


def test_a_reason_names_what_a_topic_is_about_behind_the_other_words() -> None:
    reading = read("sulawesi", "sulawesi")
    early = signed(
        "Sulawesi ferry captain arrested after deadly blaze, owner loses licence", 0, "", reading
    )
    late = signed(
        "Twelve bodies recovered from Sulawesi ferry as divers search wreck", 2, "", reading
    )
    assert relate(late, early).reason == "both say \u201cferry\u201d, \u201csulawesi\u201d"


def test_a_watched_entry_that_opens_a_story_says_which_one_was_nearest() -> None:
    early = signed("Iran and Israel agree to a truce", 0, "One", read("iran", "iran"))
    title = "Iran opens a new university in Shiraz for engineers"
    made = assign(
        signed(title, 30, "Two", read("iran", "iran")), [Member(1, 1, early)], window=WINDOW
    )
    unwatched = assign(signed(title, 30, "Two"), [Member(1, 1, early)], window=WINDOW)

    assert made.relation is Relation.NEW
    start = "no story is close enough; nearest is \u201cIran and Israel agree to a truce\u201d, "
    assert made.reason.startswith(start)
    missed, _, needed = made.reason.removeprefix(start).partition(" of ")
    assert 0 < float(missed) < float(needed)
    assert unwatched.reason == "no story is close enough"


def test_a_reason_quotes_no_more_of_a_title_than_a_headline_has() -> None:
    long = "Iran and Israel agree to a truce" + " and to talks" * 100
    early = signed(long, 0, "One", read("iran", "iran"))
    late = signed("Iran opens a new university", 30, "Two", read("iran", "iran"))
    made = assign(late, [Member(1, 1, early)], window=WINDOW)

    quoted = made.reason.partition("\u201c")[2].partition("\u201d")[0]
    assert long.startswith(quoted)
    assert 0 < len(quoted) <= HEADLINE_CHARACTERS


def test_the_nearest_story_of_an_entry_without_a_title_is_named_by_its_text() -> None:
    text = "Iran and Israel agree to a truce"
    early = sign(Entry("x", "", NOON, text, outlet="One"), read("iran", "iran"))
    title = "Iran opens a new university in Shiraz for engineers"
    late = signed(title, 30, "Two", read("iran", "iran"))
    made = assign(late, [Member(1, 1, early)], window=WINDOW)

    assert f"nearest is \u201c{text}\u201d" in made.reason


def test_unrelated_entries_open_stories_of_their_own() -> None:
    made = replay([signed(title, hours) for hours, title in enumerate((FERRY[0], *FERRY[3:]))])
    assert [decision.relation for decision in made] == [Relation.NEW] * 3


@pytest.mark.parametrize(
    ("language", "relation"),
    [
        pytest.param("ru", Relation.SAME, id="in other languages"),
        pytest.param("en", Relation.NEW, id="in its own"),
    ],
)
def test_members_in_other_languages_do_not_speak_against_a_sure_one(
    language: str, relation: Relation
) -> None:
    foreign = ("Пожар на пароме", "Паром горит у берега", "Двенадцать погибших на пароме")
    told = [signed(title, 0, "", Reading(language, (), ())) for title in foreign]
    own = signed(FERRY[0], 1, "One", Reading("en", (), ()))
    members = [Member(number, 1, one) for number, one in enumerate((*told, own))]
    late = signed(FERRY[0].replace("12", "14"), 2, "Two", Reading("en", (), ()))
    assert assign(late, members, window=WINDOW).relation is relation


@pytest.mark.parametrize(
    ("own", "late", "relation"),
    [
        pytest.param(
            "Spain's Valencia region floods kill at least 51",
            "Spain floods: death toll rises to 158",
            Relation.SAME,
            id="a rare name",
        ),
        pytest.param(
            "Bank cuts key rate to fight slump",
            "Key rate cut by bank again",
            Relation.NEW,
            id="common words",
        ),
    ],
)
def test_a_likely_join_in_one_language_needs_a_rare_name_where_others_say_nothing(
    own: str, late: str, relation: Relation
) -> None:
    foreign = ("Наводнения", "Число жертв растёт", "Ставка снижена")
    told = [signed(title, 0, "", Reading("ru", (), ())) for title in foreign]
    told.append(signed(own, 1, "One", Reading("en", (), ())))
    members = [Member(number, 1, one) for number, one in enumerate(told)]
    signature = signed(late, 20, "Two", Reading("en", (), ()))
    assert assign(signature, members, window=WINDOW).relation is relation


def test_a_story_closes_a_window_after_its_last_entry() -> None:
    copy = signed(FERRY[0], 80, "Two")
    assert replay([signed(FERRY[0], 0, "One"), copy])[1].relation is Relation.NEW
    kept_open = [signed(FERRY[0], 0, "One"), signed(FERRY[0], 40, "Three"), copy]
    assert replay(kept_open)[2].story == 0


def test_an_older_entry_that_arrives_late_still_joins() -> None:
    made = replay([signed(FERRY[0], 5, "One"), signed(FERRY[0], 0, "Two")])
    assert made[1].story == 0


def test_one_topic_links_languages_and_repeats_only_what_adds_nothing() -> None:
    first = arms("North Korea sent 6,700 to Russia", 0, "One", "en")
    more = arms("러시아에 컨테이너 7,000개", 3, "Two", "ko")
    again = arms("北朝鮮、ロシアに6700個を供与", 4, "Three", "ja")
    made = replay([first, more, again])
    assert made[1].relation is not Relation.COPY
    assert (made[2].relation, made[2].copy_of) == (Relation.COPY, 0)


def test_how_a_language_says_it_stops_no_repetition() -> None:
    first = arms("North Korea sent 6,700 to Russia", 0, "One", "en")
    lists = read("arms", "north_korea", "russia", "giving", language="ja")
    lists = replace(lists, word_lists=frozenset({"giving"}))
    more = signed("北朝鮮、ロシアに6700個", 4, "Two", lists)
    last = signed("북한, 러시아에 6700개", 5, "Three", replace(lists, language="ko"))
    made = replay([first, more, last])
    assert made[1].reason.startswith("same topic in another language, but it adds the list")
    assert made[2].relation is Relation.COPY
    assert made[2].copy_of in {0, 1}


def summit(title: str, hours: float, language: str) -> Signature:
    reading = read("summit", "kim", "putin", language=language)
    return signed(title, hours, f"Outlet {hours:g}", reading)


@pytest.mark.parametrize(
    ("language", "title", "name"),
    [
        ("id", "China soal Pertemuan Kim Jong Un-Putin: Itu Urusan Mereka", "China"),
        ("id", "Jepang Soroti Pertemuan Kim Jong Un-Putin", "Japan"),
        ("fr", "Rencontre Poutine-Kim Jong Un : Tokyo s'inquiète", "Tokyo"),
        ("ko", '중국, 김정은·푸틴 회담에 "양국 사이의 일"', "China"),
        ("tr", "Çin'den Putin ile Kim Jong-un görüşmesi yorumu", "China"),
        ("ar", "الصين تعلق على لقاء بوتين وكيم جونغ أون", "China"),
    ],
)
def test_what_another_country_says_is_news_in_every_language(
    language: str, title: str, name: str
) -> None:
    met = summit("Putin and Kim Jong Un meet at a Russian cosmodrome", 0, "en")
    made = replay([met, summit(title, 2, language)])
    assert made[1].relation is Relation.SAME
    assert made[1].reason.endswith(f"but names {name}")


def test_who_is_named_counts_against_the_whole_story() -> None:
    met = summit("Putin and Kim Jong Un meet in Russia", 0, "en")
    china = summit("China soal Pertemuan Kim Jong Un-Putin: Itu Urusan Mereka", 2, "id")
    again = summit("Китай о встрече Путина и Ким Чен Ына", 3, "ru")
    assert replay([met, china, again])[2].relation is Relation.COPY


def test_a_country_is_no_news_where_its_capital_was_named() -> None:
    warned = summit("Seoul warns of meeting between Putin and Kim Jong Un", 0, "en")
    again = summit("Corea del Sur advierte de la reunión de Putin y Kim Jong Un", 2, "es")
    assert "names" not in replay([warned, again])[1].reason.partition(", but ")[2]


def test_what_adds_a_word_that_nothing_reads_is_told_in_every_language() -> None:
    met = summit("Путин и Ким Чен Ын встретились во Владивостоке", 0, "ru")
    faints = summit("Kim Jong Un pingsan saat bertemu Putin di Vladivostok", 2, "id")
    made = replay([met, faints])
    assert made[1].relation is Relation.SAME
    assert made[1].reason.endswith("but it adds \u201cpingsan\u201d")


def test_what_a_member_of_its_story_writes_in_the_same_letters_is_no_addition() -> None:
    met = summit("Путин и Ким Чен Ын встретились во Владивостоке", 0, "ru")
    faints = summit("Kim Jong Un pingsan saat bertemu Putin di Vladivostok", 2, "id")
    again = summit("Kim Jong Un pingsan saat bertemu Putin", 3, "ms")
    assert "it adds" not in replay([met, faints, again])[2].reason


def test_a_word_that_is_added_is_told_as_it_is_written() -> None:
    met = summit("Путин и Ким Чен Ын встретились во Владивостоке", 0, "ru")
    added = summit("Kim Jong Un, Putin ile görüştü: Cumhurbaşkanlığı", 2, "tr")
    assert replay([met, added])[1].reason.endswith("but it adds \u201cCumhurbaşkanlığı\u201d")


@pytest.mark.parametrize(
    ("language", "early", "unread"),
    [
        ("id", "Kim Jong Un enggan bertemu Putin", "enggan"),
        ("en", "Kim Jong Un shuns Putin talks", "shuns"),
        ("ko", "김정은-푸틴 회담 파투", "파투"),
        ("zh", "金正恩与普京会谈泡汤", "泡汤"),
        ("ja", "金正恩氏とプーチン氏の会談おじゃん", "おじゃん"),
    ],
)
def test_what_a_forerunner_says_and_nothing_reads_is_not_told_by_a_plain_report(
    language: str, early: str, unread: str
) -> None:
    plain = summit("Ким Чен Ын встретился с Путиным", 2, "ru")
    made = replay([summit(early, 0, language), plain])
    assert made[1].relation is Relation.SAME
    assert made[1].reason.endswith(f"but it leaves out \u201c{unread}\u201d")


@pytest.mark.parametrize("is_plain_first", [True, False])
def test_what_another_member_says_plainly_is_told_again(is_plain_first: bool) -> None:
    shuns = summit("Kim Jong Un shuns Putin at talks", 0, "en")
    plain = summit("Kim Jong Un meets Putin at talks", 1, "en")
    again = summit("金正恩会见普京", 2, "zh")
    members = [Member(1, 7, shuns), Member(2, 7, plain)]
    made = assign(again, members if is_plain_first else members[::-1], window=timedelta(days=4))
    assert (made.relation, made.story, made.copy_of) == (Relation.COPY, 7, 2)


@pytest.mark.parametrize(
    ("title", "relation"),
    [
        ("Ким Чен Ын посетил Россию 13 сентября", Relation.SAME),
        ("Ким Чен Ын посетил Россию", Relation.NEW),
    ],
)
def test_a_visit_of_the_day_that_was_announced_is_one_story_with_it(
    title: str, relation: Relation
) -> None:
    reading = read("visit", "kim", "russia", language="en")
    announced = signed("Kim Jong Un to visit Russia on September 13", 0, "One", reading)
    assert announced.acts.planned
    made = replay([announced, signed(title, 6, "Two", replace(reading, language="ru"))])
    assert made[1].relation is relation


def test_the_heaviest_terms_are_looked_up() -> None:
    rare = [f"zyx{number:02}" for number in range(LOOKED_UP)]
    assert heaviest(["the", "putin", *reversed(rare)]) == rare


def test_who_shares_most_comes_first_and_the_newer_of_equals() -> None:
    holders = {"zyxw": [1, 2, 5], "putin": [2, 3, 4], "the": [5, 6]}
    assert most_telling(holders.items()) == [2, 5, 1, 4, 3, 6]
    crowd = {"zyxw": range(NEWEST), "putin": [7]}
    assert most_telling(crowd.items()) == [7, *range(NEWEST - 1, NEWEST - CANDIDATES, -1)]


def test_the_likeliest_are_compared_and_the_first_of_equals() -> None:
    agreement = dict.fromkeys(range(LIKELIEST + 3), 0.2) | {LIKELIEST + 1: 0.9, 0: 0.1}
    assert likeliest(agreement) == [LIKELIEST + 1, *range(1, LIKELIEST)]
    agreement[LIKELIEST + 2] = 0.1 + 0.1 + 1e-16
    assert likeliest(agreement) == [LIKELIEST + 1, *range(1, LIKELIEST)]


def test_the_archive_returns_few_members_each_once_and_none_too_old() -> None:
    archive = MemoryArchive()
    for number in range(300):
        archive.add(number, number // 3, signed(f"Ferry fire number {number}", number / 10))
    found = archive.candidates(signed("Ferry fire again", 30), NOON + timedelta(hours=10))
    entries = [member.entry for member in found]
    assert len(set(entries)) == len(entries) <= LIKELIEST * 5
    assert min(entries) >= 100


titles = st.lists(st.sampled_from(FERRY), min_size=1, max_size=5).map(" ".join) | st.text(
    max_size=60
)
signatures = st.builds(
    signed,
    titles,
    st.floats(0, 90),
    st.sampled_from(["", "One", "Two"]),
    st.sampled_from([None, read("a", "x"), read("b", "x", "y")]),
)


@given(signatures, st.lists(signatures, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_members_changes_nothing(
    signature: Signature, others: list[Signature], chance: random.Random
) -> None:
    members = [Member(number, number // 2 * 2, other) for number, other in enumerate(others)]
    shuffled = members.copy()
    chance.shuffle(shuffled)
    made = assign(signature, members, window=WINDOW)
    assert assign(signature, shuffled, window=WINDOW) == made
    assert 0 <= made.score <= 100
    assert (made.story is None) == (made.relation is Relation.NEW)


@given(signatures, st.lists(signatures, max_size=8))
def test_of_several_members_the_surest_copy_is_named(
    signature: Signature, others: list[Signature]
) -> None:
    members = [Member(number, number, other) for number, other in enumerate(others)]
    alone = [assign(signature, [member], window=WINDOW) for member in members]
    copies = [made for made in alone if made.relation is Relation.COPY]
    made = assign(signature, members, window=WINDOW)
    if made.relation is Relation.COPY and signature.topics == frozenset():
        assert made.score == max(copy.score for copy in copies)
        assert made in copies
    else:
        assert signature.topics or not copies


@given(st.lists(signatures, min_size=1, max_size=8))
def test_a_second_assignment_of_the_same_entry_stays_in_its_story(of: list[Signature]) -> None:
    archive = MemoryArchive()
    for number, signature in enumerate(of):
        archive.add(number, number, signature)
    made = assign(of[-1], archive.candidates(of[-1], of[-1].time - WINDOW), window=WINDOW)
    if of[-1].words and made.relation is Relation.COPY:
        assert made.score == pytest.approx(99, abs=1)
