"""Whether two titles in different languages say the same of the same."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_values import signed

from watcher.model import Relation
from watcher.stories.assign import assign
from watcher.stories.roles import (
    goes_another_way,
    is_done_by_another,
    leaves_out_what_is_done,
    says_of_another,
)
from watcher.stories.signature import Member, Signature

#: A language and a title.
Title = tuple[str, str]


def told(title: Title, minutes: int = 0) -> Signature:
    language, text = title
    return signed(text, language, minutes / 60, lists=("who", "whom"))


def told_again(early: Title, late: Title, minutes: int = 20) -> tuple[Relation, str]:
    member = Member(1, 1, told(early))
    made = assign(told(late, minutes), [member], window=timedelta(days=3))
    return made.relation, made.reason


SHELLS = ("en", "North Korea sends 100,000 shells and 2,500 missiles to Russia")
TRADE = ("en", "Japan's exports rise 15.2% and imports fall 3.4%")


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (SHELLS, ("ru", "КНДР отправила России 100 тысяч ракет и 2500 снарядов")),
        (SHELLS, ("ko", "북한, 러시아에 미사일 10만발·포탄 2500발 지원")),
        (TRADE, ("zh", "日本出口下降3.4% 进口增长15.2%")),
        (("en", "Police arrest 1,250 students"), ("es", "Estudiantes detienen a 1.250 policías")),
        (("en", "Soldiers kill 1,250 civilians"), ("pt", "Civis matam 1.250 soldados")),
    ],
)
def test_what_is_said_of_another_is_no_copy(early: Title, late: Title) -> None:
    assert says_of_another(told(late), told(early))


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (SHELLS, ("ru", "КНДР отправила России 100 тысяч снарядов и 2500 ракет")),
        (SHELLS, ("ru", "КНДР отправила России 2500 ракет и 100 тысяч снарядов")),
        (TRADE, ("zh", "日本出口增长15.2% 进口下降3.4%")),
        (("en", "Talks on military cooperation"), ("es", "Diálogo sobre cooperación militar")),
        (("en", "10,000 containers of munitions"), ("ko", "탄약 컨테이너 1만개")),
    ],
)
def test_figures_that_turn_with_their_subjects_say_the_same(early: Title, late: Title) -> None:
    assert not says_of_another(told(late), told(early))


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (("en", "Kim Jong Un arrives in Russia"), ("de", "Kim Jong Un aus Russland angekommen")),
        (("en", "Kim Jong Un arrives in Russia"), ("es", "Kim Jong-un llega de Rusia")),
        (("ru", "Ким Чен Ын прибыл в Россию"), ("en", "Kim Jong Un arrives from Russia")),
        (("en", "Ammunition sent to Russia"), ("it", "Munizioni inviate dalla Russia")),
        (("en", "Ammunition sent to Moscow"), ("pt", "Munições da região de Moscou")),
    ],
)
def test_whence_is_not_whither(early: Title, late: Title) -> None:
    assert goes_another_way(told(late), told(early))
    assert goes_another_way(told(early), told(late))


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (("en", "Kim Jong Un arrives in Russia"), ("de", "Kim Jong Un in Russland angekommen")),
        (("en", "Kim Jong Un leaves Russia"), ("es", "Kim Jong-un sale de Rusia")),
        (("en", "Kim Jong Un arrives from Russia"), ("ja", "金正恩氏、ロシアから到着")),
        (("en", "620 drones at Moscow region"), ("pt", "620 drones contra região de Moscou")),
        (("en", "Drones sent to Moscow region"), ("fr", "Drones contre la région de Moscou")),
        (("en", "Drones sent to Moscow region"), ("pt", "Drones para a região de Moscou")),
    ],
)
def test_one_way_or_none_raises_no_doubt(early: Title, late: Title) -> None:
    assert not goes_another_way(told(late), told(early))


ATTACK = ("en", "Russia attacks Ukraine with 100 drones")


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (ATTACK, ("de", "Russland von Ukraine mit 100 Drohnen angegriffen")),
        (ATTACK, ("es", "Rusia, atacada por Ucrania con 100 drones")),
        (ATTACK, ("fr", "La Russie attaquée par l'Ukraine avec 100 drones")),
        (ATTACK, ("id", "Rusia diserang Ukraina dengan 100 drone")),
        (ATTACK, ("ru", "Россию Украина атаковала 100 дронами")),
        (ATTACK, ("ja", "ロシア「ウクライナが無人機100機で攻撃」")),
        (("en", "Kim Jong Un invites Putin"), ("ru", "Ким Чен Ына пригласил Путин")),
        (("en", "Iran's president invites Putin"), ("ru", "Президента Ирана пригласил Путин")),
        (("en", "Iran's president invites Putin"), ("uk", "Президента Ірану запросив Путін")),
        (("en", "Iran's president invites Putin"), ("pl", "Prezydenta Iranu zaprosił Putin")),
    ],
)
def test_who_does_it_to_whom_may_be_told_by_more_than_the_order(early: Title, late: Title) -> None:
    assert is_done_by_another(told(late), told(early))


@pytest.mark.parametrize(
    "late",
    [
        ("de", "Russland greift Ukraine mit 100 Drohnen an"),
        ("es", "Rusia ataca a Ucrania con 100 drones"),
        ("id", "Rusia serang Ukraina dengan 100 drone"),
        ("ru", "Россия атаковала Украину 100 дронами"),
        ("ja", "ロシアがウクライナを無人機100機で攻撃"),
    ],
)
def test_the_same_order_in_the_active_voice_raises_no_doubt(late: Title) -> None:
    assert not is_done_by_another(told(late), told(ATTACK))


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (("en", "Zelensky visits Turkey"), ("ru", "Зеленский посетил Турцию")),
        (("en", "Netanyahu arrives in Washington"), ("ru", "Нетаньяху прибыл в Вашингтон")),
        (("en", "China sends missiles to Russia"), ("pl", "Chiny wysłały rakiety do Rosji")),
        (("en", "Japan sends drones to Ukraine"), ("pl", "Japonia wysłała drony na Ukrainę")),
        (("en", "Brazil invites Putin"), ("ru", "Бразилия пригласила Путина")),
        (("en", "Iran's president visits Russia"), ("ru", "Президент Ирана посетил Россию")),
        (("en", "Vietnam's president visits Russia"), ("uk", "Президент В'єтнаму відвідав Росію")),
        (("en", "Iran's president visits Russia"), ("cs", "Prezident Íránu navštívil Rusko")),
        (("en", "Iran's president visits Russia"), ("sk", "Prezident Iránu navštívil Rusko")),
        (("en", "Israel's army attacks Iran"), ("pl", "Armia Izraela zaatakowała Iran")),
        (("en", "Trump's aide visits Russia"), ("ru", "Помощник Трампа посетил Россию")),
        (("en", "EU sanctions Russia"), ("cs", "EU uvalila sankce na Rusko")),
    ],
)
def test_a_name_that_ends_like_an_object_but_is_none_raises_no_doubt(
    early: Title, late: Title
) -> None:
    assert not is_done_by_another(told(late), told(early))


def test_who_says_so_may_be_told_by_a_word_or_by_a_mark() -> None:
    early = told(("en", "North Korea shipped 3,000 containers to Russia, Seoul says"))

    assert not is_done_by_another(told(("zh", "韩国：朝鲜向俄罗斯运送3000个集装箱")), early)
    assert not is_done_by_another(told(("zh", "韩国称朝鲜向俄罗斯运送3000个集装箱")), early)
    assert is_done_by_another(told(("zh", "朝鲜向俄罗斯运送3000个集装箱")), early)


def test_an_act_that_is_left_out_may_have_been_kept_from_happening() -> None:
    raised = told(("en", "Russia raises interest rates to 18.25%"))
    kept = told(("es", "Rusia: tipos de interés, 18,25 %"))

    assert leaves_out_what_is_done(kept, raised)
    assert not leaves_out_what_is_done(raised, kept)


@pytest.mark.parametrize(
    ("late", "doubt"),
    [
        (("es", "Rusia mantiene las tasas de interés en el 18,25 %"), "leaves out"),
        (("fr", "La Russie relèverait ses taux d'intérêt à 18,25 %"), ""),
    ],
)
def test_what_is_kept_or_only_said_is_told(late: Title, doubt: str) -> None:
    relation, reason = told_again(("en", "Russia raises interest rates to 18.25%"), late)
    assert relation is not Relation.COPY
    assert doubt in reason


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (
            ("en", "North Korean leader and Putin hold military talks"),
            ("fr", "Le dirigeant militaire de la Corée du Nord rencontre Poutine"),
        ),
        (
            ("en", "North Korean leader arrives in Russia"),
            ("nl", "Mensen uit Noord-Korea in Rusland aangekomen"),
        ),
        (
            ("en", "Kim Jong Un and Putin hold talks"),
            ("id", "Pertemuan Kim Jong Un dan Putin usai"),
        ),
        (
            ("en", "North Korea supplies Russia with 100,000 shells"),
            ("fr", "La Corée du Nord livrerait 100.000 obus d'artillerie à la Russie"),
        ),
        (
            ("en", "Kim Jong Un and Putin hold talks"),
            ("nl", "Kim Jong-un en Poetin houden op met gesprekken"),
        ),
    ],
)
def test_another_one_of_the_same_words_is_told(early: Title, late: Title) -> None:
    assert told_again(early, late)[0] is not Relation.COPY


def test_a_small_count_of_one_subject_in_one_place_is_one_event_for_two_hours() -> None:
    early = ("en", "North Korea fires 3 ballistic missiles")
    late = ("ja", "北朝鮮、弾道ミサイル3発発射")

    assert told_again(early, late, minutes=90)[0] is Relation.COPY
    assert told_again(early, late, minutes=150)[0] is Relation.SAME
    assert told_again(early, ("ja", "北朝鮮、巡航ミサイル3発発射"))[0] is not Relation.COPY


WORDS = st.sampled_from(
    ["Russia", "Rusia", "from", "de", "to", "a", "3,000", "missiles", "misiles", "tanks", "meets"]
)
TITLES = st.tuples(st.sampled_from(["en", "es", "ja"]), st.lists(WORDS, max_size=8).map(" ".join))


@given(TITLES, TITLES)
def test_doubts_about_order_and_way_are_mutual_and_none_of_a_title_itself(
    one: Title, other: Title
) -> None:
    ours, theirs = told(one), told(other)

    assert goes_another_way(ours, theirs) == goes_another_way(theirs, ours)
    assert not goes_another_way(ours, ours)
    assert not leaves_out_what_is_done(ours, ours)
