"""Explainers, schedules and round-ups: what reports no one event."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import signed

from watcher.model import Relation
from watcher.stories.assign import assign
from watcher.stories.background import is_background
from watcher.stories.signature import Member, Signature


@pytest.mark.parametrize(
    "title",
    [
        "Why the Houthis are attacking ships again",
        "Ebola in Kasai: why outbreaks keep happening",
        "Explained: what the rate cut means",
        "Warum die Huthi wieder Schiffe angreifen",
        "Pourquoi l’Etna entre si souvent en éruption",
        "Neden faiz indirdi?",
        "Почему цены растут",
        "Tuesday’s transfer gossip: Fernandes, Osimhen, Rodrygo, Isak",
        "This week’s recalls: Toyota, Ford, Hyundai, BMW",
        "Maritime security weekly: Red Sea, Gulf of Guinea, Malacca",
        "Launch schedule: Starship, H3, Long March",
        "How Ukraine struck the plant in Moscow",
        "Who is the Moscow attack suspect?",
        "Who are the attack suspects? What we know",
        "Who is behind the attack",
        "Timeline of attacks in Moscow",
        "A timeline of the war",
        "Key takeaways from the Moscow attack hearing",
        "Five takeaways from the debate",
        "Кто стоит за терактом в Москве",
        "Кто такой Песков",
        "Хто такий Єрмак",
        "Хто стоїть за вибухом",
        "Ce qu’on sait de l’attentat",
        "Siapa pelaku serangan di Moskow",
        "Profil pelaku serangan",
        "Kronologi serangan di Moskow",
        "5 Fakta serangan di Moskow",
        "Qui est le suspect de l’attentat",
        "Wer ist der Attentäter",
        "Quién es el detenido",
        "Chi è l’attentatore",
        "Morning briefing: September 12",
        "Jadwal: Liga 1 pekan ini",
        "Обзор: главное в мире",
        "[오늘의 주요 일정] 6월 4일 목요일",
        "[사설] 항소심의 경고",
        "今日の予定",
        "早报：六月四日",
    ],
)
def test_what_explains_or_lists_is_background(title: str) -> None:
    assert is_background(title)


@pytest.mark.parametrize(
    "title",
    [
        "WHO sends vaccines to Kasai as Ebola cases rise to 31",
        "Hyundai recalls 42,137 vehicles in US over seat belt anchors",
        "White House briefing: president to fly to Oslo",
        "Gempa Hari Ini: Magnitudo 5,2 Guncang Tual",
        "Remaja Mengenang Kekerasan di Penjara: Dihina, Ditendang, Diancam",
        "This week the central bank cut its rate",
        "Three dead in Paris, Lyon and Nice",
        "WHO: Ebola outbreak kills 12 in Congo",
        "WHO-Chef Tedros warnt vor Pandemie",
        "WHO's Tedros survives strike on Sanaa airport",
        "US bombs three Iranian sites: Fordow, Natanz, Esfahan",
        "Cyberattack hits airports: Heathrow, Brussels, Berlin",
        "Column of Russian tanks attacked near Kupiansk",
        "View from the White House: Trump meets Kim",
        "What is believed to be a missile lands in the sea",
        "Как сообщил Песков, Путин прибыл в Пекин",
        "WHO is ready to send vaccines",
        "However small, the strike hit",
        "How dare you: Greta arrested",
        "Quien es detenido por la policía",
        "Kim sa stretol s Putinom",
        "Kim jest w Rosji",
        "Trump takes from Canada what he gave",
        "Last week in Gaza: 300 dead",
        "The week's deadliest strike kills 40: officials",
        "윤석열 항소심도 무기징역",
        "",
    ],
)
def test_a_report_is_none(title: str) -> None:
    assert not is_background(title)


def test_an_act_before_what_is_known_of_it_is_reported() -> None:
    assert not is_background("Explosion on tanker off Yemen: what we know", "en")
    assert not is_background("Взрыв на танкере: что известно", "ru")
    assert not is_background("Теракт в Москве: что известно", "ru")
    assert not is_background("Attentat à Paris : ce que l'on sait", "fr")
    assert is_background("Red Sea: what we know", "en")
    assert is_background("Red Sea: how it closed", "en")
    assert is_background("Tanker attacked: why the Houthis are back", "en")
    assert is_background("Attentat à Paris : pourquoi maintenant", "fr")


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Moscow blast kills general: Who was Igor Kirillov?", "en"),
        ("Anschlag in Moskau: Wer steckt hinter der Tat?", "de"),
        ("North Korea says it fired hypersonic missile: How Kim's new weapon works", "en"),
        ("Kim Jong Un arrives in Russia: what is on the agenda?", "en"),
        ("Explosion in Tehran: What do we know?", "en"),
        ("Pesawat jatuh di Papua: kronologi lengkap", "id"),
    ],
)
def test_a_report_may_end_in_a_question(title: str, language: str) -> None:
    assert not is_background(title, language)


@pytest.mark.parametrize(
    "title", ["Column: Trump and Kim", "View | Trump and Kim", "What is Ebola?"]
)
def test_a_label_and_a_question_are_background(title: str) -> None:
    assert is_background(title, "en")


def told(title: str, hours: float) -> Signature:
    return signed(title, "en", hours, lists=("hyundai",))


def test_a_round_up_draws_no_report_into_its_story() -> None:
    early = told("This week's recalls: Toyota, Ford, Hyundai, BMW", 0)
    late = told("Hyundai recalls 42,137 vehicles", 1)
    made = assign(late, [Member(1, 1, early)], window=timedelta(hours=72))
    assert made.relation is Relation.NEW


def test_an_explainer_joins_the_story_of_a_report_and_leaves_it_open_to_others() -> None:
    first = told("Hyundai recalls 42,137 cars over seat belt anchors", 0)
    explainer = told("Why Hyundai recalls 42,137 cars over seat belt anchors", 1)
    member = Member(1, 1, first)
    made = assign(explainer, [member], window=timedelta(hours=72))
    assert (made.relation, made.story) == (Relation.SAME, 1)
    late = told("Hyundai recalls 42,137 vehicles over seat belt anchors", 2)
    made = assign(late, [member, Member(2, 1, explainer)], window=timedelta(hours=72))
    assert made.story == 1


def test_a_repeated_round_up_is_still_a_copy() -> None:
    title = "This week's recalls: Toyota, Ford, Hyundai, BMW"
    made = assign(told(title, 1), [Member(1, 1, told(title, 0))], window=timedelta(hours=72))
    assert made.relation is Relation.COPY


@given(st.text(max_size=40))
def test_any_text_is_accepted(title: str) -> None:
    assert is_background(title) in {True, False}
