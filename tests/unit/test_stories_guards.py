"""What forbids a copy, and what must not: tables in several languages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.model import Entry
from watcher.stories.copies import Copy, judge_copy
from watcher.stories.features import overlap
from watcher.stories.guards import (
    contradicted,
    denied,
    directions,
    heads,
    is_correction,
    planned,
    reordered,
)
from watcher.stories.signature import Signature, sign
from watcher.stories.titles import clean_title, names
from watcher.stories.words import fold

NOON = datetime(2023, 9, 12, 12, tzinfo=UTC)
LEAD = (
    "Fishermen found the lighthouse keeper's logbook on Tuesday among the ruins of the old northern"
)


def judged(a: str, b: str, summaries: tuple[str, str] = ("", "")) -> Copy:
    """Judge two titles of two outlets, an hour apart."""
    first = sign(Entry("a", a, NOON, summary=summaries[0], outlet="Alpha"), None)
    second = sign(
        Entry("b", b, NOON + timedelta(hours=1), summary=summaries[1], outlet="Beta"), None
    )
    return judge_copy(first, second, overlap(first, second))


@pytest.mark.parametrize(
    ("a", "b", "veto"),
    [
        pytest.param(
            "Mill owner sells 40 boats",
            "Mill owner sells 60 boats",
            "numbers 40 and 60",
            id="number",
        ),
        pytest.param(
            "Pabrik jual 1.200 perahu", "Pabrik jual 1.500 perahu", "numbers 1", id="thousands"
        ),
        pytest.param(
            "Завод продал 40 лодок",
            "Завод продал 60 лодок",
            "numbers 40 and 60",
            id="Russian number",
        ),
        pytest.param(
            "Harbour talks reached a deal", "Harbour talks not reached a deal", "denies", id="not"
        ),
        pytest.param("Nelayan temukan kapal", "Nelayan tidak temukan kapal", "denies", id="tidak"),
        pytest.param("Порт закрыт для судов", "Порт не закрыт для судов", "denies", id="не"),
        pytest.param(
            "Puerto abre al público el lunes",
            "Puerto no se abre al público el lunes",
            "denies",
            id="over a small word",
        ),
        pytest.param(
            "Rupiah menguat di Jakarta", "Rupiah melemah di Jakarta", "opposite", id="naik"
        ),
        pytest.param("Рубль вырос к евро", "Рубль упал к евро", "opposite", id="Russian rise"),
        pytest.param("Bad senkt Preis für Eis", "Bad erhöht Preis für Eis", "opposite", id="de"),
        pytest.param(
            "Il comune aumenta le rette", "Il comune taglia le rette", "opposite", id="it"
        ),
        pytest.param("政府决定上调电价", "政府决定下调电价", "opposite", id="zh"),
        pytest.param(
            "City bans scooters in parks",
            "City lifts ban on scooters in parks",
            "opposite",
            id="ban",
        ),
        pytest.param(
            "Le maire augmente la taxe",
            "Le maire n'augmente pas la taxe",
            "denies",
            id="French not",
        ),
        pytest.param(
            "Belediye zammı artırdı", "Belediye zammı artırmadı", "denies", id="Turkish not"
        ),
        pytest.param(
            "정부, 정원 확대 결정", "정부, 정원 확대 안 하기로 결정", "denies", id="Korean not"
        ),
        pytest.param(
            "Gericht könnte Gesetz kippen", "Gericht kippt Gesetz", "to come", id="German may"
        ),
        pytest.param(
            "Chip plant costs $17 billion",
            "Chip plant costs 17 billion euros",
            "numbers",
            id="currency",
        ),
        pytest.param("原油先物が上昇して終了", "原油先物が下落して終了", "opposite", id="Japanese"),
        pytest.param(
            "Mayor to open the harbour", "Mayor opens the harbour", "still to come", id="to open"
        ),
        pytest.param(
            "Harbour will be closed on Friday",
            "Harbour closed on Friday",
            "still to come",
            id="will be",
        ),
        pytest.param(
            "Wali kota akan buka pelabuhan", "Wali kota buka pelabuhan", "come", id="akan"
        ),
        pytest.param("Persib beat Arema", "Arema beat Persib", "another order", id="swapped"),
        pytest.param(
            "Green Harbour Rovers beat Old Mill United at home",
            "Old Mill United beat Green Harbour Rovers at home",
            "another order",
            id="long names swapped",
        ),
        pytest.param("Зенит обыграл Спартак", "Спартак обыграл Зенит", "another order", id="Зенит"),
        pytest.param(
            "Mayor says Miller ill",
            "Miller says mayor ill",
            "another order",
            id="who says it of whom",
        ),
        pytest.param(
            "Ukraine drones hit Russia as Russian missiles hit Kyiv",
            "Russian drones hit Kyiv as Ukraine missiles hit Russia",
            "another order",
            id="two clauses",
        ),
        pytest.param(
            "Ukraine greift Russland an, Russland droht der Ukraine",
            "Russland greift Ukraine an, Ukraine droht der Russland",
            "another order",
            id="German clauses",
        ),
        pytest.param(
            "The storm hits Palu airport very hard",
            "The storm hits Ambon airport very hard",
            "another name",
            id="place",
        ),
    ],
)
def test_a_veto_says_what_forbids_the_copy(a: str, b: str, veto: str) -> None:
    verdict, turned = judged(a, b), judged(b, a)
    assert veto in verdict.veto
    assert veto in verdict.reason
    assert (verdict.chance, turned.chance) == (0, 0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(
            "Boats poised for 'steam moment,' Mill CEO says",
            "Boats poised for 'steam moment', says Mill CEO",
            id="says stands before",
        ),
        pytest.param(
            "Miller says town to impose 'toughest rules' on boats",
            "Town to impose 'toughest rules' on boats, says Miller",
            id="who says it stands behind",
        ),
        pytest.param(
            "Ferry fire off Sulawesi kills 12, rescuers say",
            "Rescuers say ferry fire off Sulawesi kills 12",
            id="a part moves",
        ),
        pytest.param(
            "Alcalde afirma que no se están celebrando obras en el puerto",
            "Alcalde afirma que no hay obras en el puerto",
            id="both deny",
        ),
        pytest.param(
            "Town needs rules for boats, not blanket bans",
            "Town needs rules around boats, not bans",
            id="both deny in English",
        ),
        pytest.param(
            "Harbour deal worth $14.8 billion", "Harbour deal worth $15 bln", id="rounded amounts"
        ),
        pytest.param("Fine of $966 million", "Fine of €825 million", id="currencies"),
        pytest.param(
            "Wall Street Week Ahead: harbour shares test the rally",
            "Wall St Week Ahead harbour shares test the rally",
            id="street",
        ),
        pytest.param(
            "Mayor calls the Channel 'American territory', says boats stay",
            "Mayor calls the Strait Channel 'US territory', says boats stay",
            id="American",
        ),
        pytest.param(
            "Canada's Miller may get 2 years to repair boats",
            "India to give Canada's Miller two years to repair boats",
            id="a name in both",
        ),
        pytest.param(
            "AS Minta Pelabuhan Dibuka", "Amerika Serikat minta pelabuhan dibuka", id="AS"
        ),
    ],
)
def test_what_is_only_told_in_other_words_is_not_forbidden(a: str, b: str) -> None:
    assert judged(a, b).veto == judged(b, a).veto == ""


def test_an_editors_own_headline_over_the_same_report_is_not_forbidden() -> None:
    a, b = "The storm hits Palu airport very hard", "The storm hits Sulawesi airport very hard"
    assert judged(a, b).veto == "another name in the same place"
    assert not judged(a, b, (LEAD, f"Sept 12 : {LEAD}")).veto


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Wall Street rises", "wall st rises"),
        ("EE.UU. impone aranceles", "us impone aranceles"),
        ("AS Minta Dewan", "us minta dewan"),
        ("as the tide turns", "as the tide turns"),
        ("AT&T grows", "at&t grows"),
        ("N. Korea fires 2 missiles", "north korea fires 2 missiles"),
        ("B'desh govt official", "bangladesh government official"),
    ],
)
def test_one_thing_has_one_writing(written: str, clean: str) -> None:
    assert clean_title(written) == clean


def test_a_name_is_known_by_its_short_form() -> None:
    assert names("Mayor calls channel American territory") >= {"us"}


words = st.lists(st.sampled_from(["a", "b", "c", "says"]), max_size=6).map(tuple)


@given(words, words)
def test_a_swap_is_one_from_both_sides(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert reordered(a, b) == reordered(b, a)
    assert not reordered(a, a)


@given(words.filter(bool), words.filter(bool))
def test_what_only_moves_is_no_swap(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    if len(set(a + b)) == len(a + b):
        assert not reordered(a + b, b + a)


@pytest.mark.parametrize(
    ("a", "b", "about_one"),
    [
        ("gempa tidak berdampak di bali", "turis bali berdesakan di bandara", False),
        ("prabowo tidak mengirim pasukan", "prabowo mengecam serangan", False),
        ("harga tidak menaikkan minat", "menteri menanggapi harga", False),
        ("polisi tidak memeriksa saksi", "polisi membawa saksi", False),
        ("warga tak terdampak", "warga terjebak banjir", False),
        ("harga tidak ditahan", "menteri dilantik", False),
        ("prabowo tidak mengirim pasukan", "prabowo kirim pasukan", True),
        ("bank tidak menahan bunga", "bank tahan bunga", True),
        ("polisi tidak memeriksa saksi", "saksi diperiksa polisi", True),
        ("menteri belum menyetujui anggaran", "menteri setujui anggaran", True),
        ("menteri tidak menilai anggaran", "menteri nilai anggaran", True),
        ("gempa tidak berpotensi tsunami", "gempa berpotensi tsunami", True),
    ],
)
def test_an_indonesian_verb_is_known_without_its_prefix(a: str, b: str, about_one: bool) -> None:
    ours, theirs = tuple(a.split()), tuple(b.split())
    sides = denied(ours, "id"), denied(theirs, "id"), heads(ours, "id"), heads(theirs, "id")
    assert contradicted(*sides) is about_one


def test_what_is_planned_in_indonesian_is_not_done_by_another_verb() -> None:
    plan = planned(("filipina", "akan", "mengirim", "kapal"), "id")
    assert plan.isdisjoint(heads(("kapal", "mendekat"), "id"))
    assert not plan.isdisjoint(heads(("filipina", "kirim", "kapal"), "id"))


def test_no_prefix_is_taken_from_words_of_other_languages() -> None:
    assert denied(("berlin", "wird", "nicht", "betreten"), "de") == {"bet"}


@pytest.mark.parametrize(
    ("language", "a", "b", "veto"),
    [
        pytest.param("ko", "시장, 부두 폐쇄 확인", "시장, 부두 폐쇄 부인", "", id="denial"),
        pytest.param("ja", "市長が港を訪問した", "市長が港を訪問しなかった", "one", id="not"),
        pytest.param("zh", "普京会见金正恩", "普京没有会见金正恩", "one", id="Chinese not"),
        pytest.param(
            "zh", "普京邀请金正恩访俄", "金正恩邀请普京访俄", "order", id="who invites whom"
        ),
        pytest.param("ja", "首相がソウルを訪問した", "首相がソウルを訪問か", "asks", id="asks"),
        pytest.param("zh", "普京取消访问平壤", "普京访问平壤", "one", id="called off"),
        pytest.param("th", "ปูตินพบคิม", "ปูตินไม่พบคิม", "one", id="Thai not"),
        pytest.param("zh", "普京抵达北京", "普京离开北京", "act", id="arrives, leaves"),
        pytest.param("ko", "푸틴, 김정은과 회담", "푸틴, 김정은과 회담 예정", "예정", id="to come"),
    ],
)
def test_what_words_without_spaces_hide_is_a_veto(language: str, a: str, b: str, veto: str) -> None:
    one, other = signed_in(language, a), signed_in(language, b)
    for copy in (
        judge_copy(one, other, overlap(one, other)),
        judge_copy(other, one, overlap(one, other)),
    ):
        assert veto in copy.veto
        assert copy.veto or not copy.chance


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [
        ("ko", "푸틴, 김정은과 회담", "푸틴·김정은 회담"),
        ("zh", "普京会见金正恩", "普京会见金正恩（更新）"),
        ("ja", "プーチン氏と金正恩氏が会談", "プーチン氏、金正恩氏と会談"),
        ("th", "ปูตินพบคิม จองอึน", "ด่วน ปูตินพบคิม จองอึน"),
    ],
)
def test_what_is_the_same_without_spaces_is_not_forbidden(language: str, a: str, b: str) -> None:
    one, other = signed_in(language, a), signed_in(language, b)
    assert judge_copy(one, other, overlap(one, other)).veto == ""


def signed_in(language: str, title: str) -> Signature:
    return sign(Entry(title, title, NOON, outlet=title, language=language), None)


@pytest.mark.parametrize(
    ("a", "b", "is_planned"),
    [
        ("Bupati temui petani, bahas apa?", "Bupati temui petani, apa yang bakal dibahas?", False),
        ("Apa pupuk ditahan bupati?", "Apa pupuk akan ditahan bupati?", False),
        ("Bupati tahan pupuk petani", "Bupati akan menahan pupuk petani", True),
        ("Bupati tahan pupuk petani", "Kapan bupati akan menahan pupuk petani?", True),
    ],
)
def test_of_two_that_ask_neither_says_what_the_other_plans(
    a: str, b: str, is_planned: bool
) -> None:
    one, other = signed_in("id", a), signed_in("id", b)
    assert ("still to come" in judge_copy(one, other, overlap(one, other)).veto) is is_planned


@pytest.mark.parametrize(
    ("title", "language", "names"),
    [
        ("lula vence no segundo turno", "pt", frozenset()),  # in the
        ("kim tak vladimir", "pl", frozenset()),  # yes
        ("menschen in not verhungern", "de", frozenset()),  # hardship
        ("lula não vai ao debate", "pt", {"vai"}),
        ("lula nunca assinou acordo", "pt", {"ass"}),
        ("no hay acuerdo", "es", {"hay"}),
        ("no deal reached", "en", {"dea"}),
        ("no deal reached", None, {"dea"}),
    ],
)
def test_what_denies_in_one_language_is_a_word_like_any_other_elsewhere(
    title: str, language: str | None, names: frozenset[str]
) -> None:
    assert denied(tuple(fold(title).split()), language) == names


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("el presidente se reúne", "es"),  # Vietnamese sẽ
        ("máy bay và tàu", "vi"),
        ("kan kaybetti", "tr"),
    ],
)
def test_what_is_to_come_in_one_language_is_a_word_like_any_other_elsewhere(
    title: str, language: str
) -> None:
    assert planned(tuple(fold(title).split()), language) == frozenset()


def test_a_side_of_one_language_is_a_word_like_any_other_elsewhere() -> None:
    assert not directions(frozenset({"no"}), "pt")  # Hungarian nő: it grows
    assert directions(frozenset({"no"}), "hu")


@pytest.mark.parametrize(
    "title",
    [
        "Correction: Kim did not meet Putin",
        "CORRECTED-Kim, Putin sign pact",
        "Corrections: the talks of Wednesday",
        "[Ralat] Kim bertemu Putin",
        "Koreksi: Kim bertemu Putin",
        "Kim meets Putin (corrected)",
        "Исправление: Путин встретился с Кимом",
        "Опровержение — Путин не встречался с Кимом",
        "更正：金正恩与普京会晤",
        "【訂正】金正恩氏がプーチン氏と会談",
        "[정정보도] 김정은, 푸틴과 회담",
        "تصحيح: كيم يلتقي بوتين",
        "Korrektur: Kim trifft Putin",
        "(Corrects name in headline) Kim meets Putin",
        "更正\uff0d金正恩访俄",
    ],
)
def test_a_headline_that_is_labelled_as_a_correction_is_one(title: str) -> None:
    assert is_correction(title)


@pytest.mark.parametrize(
    "title",
    [
        "Kim meets Putin",
        "Correction facility opens near Perth",
        "Market correction: shares fall by a tenth",
        "Kim corrects Putin at dinner",
        "Klarifikasi Menteri soal Beras",
        "Update: Kim meets Putin",
        "",
        "Salah-satunya, Kim kunjungi Rusia",
        "Salah - satu pemimpin dunia kunjungi Rusia",
    ],
)
def test_what_only_speaks_of_corrections_is_none(title: str) -> None:
    assert not is_correction(title)
