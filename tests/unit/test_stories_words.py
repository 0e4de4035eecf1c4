"""What the words of a text are in scripts whose vowels and tones are marks."""

import pytest

from watcher.stories.words import (
    TELLING,
    counted_weight,
    fold,
    quiet_words,
    stem,
    weight,
    weight_in,
    words,
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("รัสเซียซื้อปืน", "รัสเซียซื้อปูน", id="Thai: guns, cement"),
        pytest.param("ปูตินหนี", "ปูตินหนี้", id="Thai: flees, debt"),
        pytest.param("ห้าคน", "หาคน", id="Thai: five people, looks for people"),
        pytest.param("គីមមានជួប", "គីមមិនជួប", id="Khmer: did meet, did not meet"),
        pytest.param("ໄກ", "ໄກ້", id="Lao: far, near"),
        pytest.param("ຫ້າຄົນ", "ຫາຄົນ", id="Lao: five people, looks for people"),
        pytest.param("မြန်", "မြန့်", id="Burmese: a tone mark"),
        pytest.param("လေးစီး", "လူစီး", id="Burmese: four of them, people ride"),
        pytest.param("लड़का", "लड़की", id="Hindi: boy, girl"),
    ],
)
def test_words_that_differ_in_a_mark_alone_are_others(a: str, b: str) -> None:
    assert words(fold(a)) != words(fold(b))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("ปืน", ["ปื", "ืน"], id="Thai is read in pairs, marks too"),
        pytest.param("मंत्री ने कहा", ["मंत्री", "ने", "कहा"], id="Hindi stays in words"),
        pytest.param("ബോംബ് പൊട്ടി", ["ബോംബ്", "പൊട്ടി"], id="Malayalam"),
        pytest.param("kim di ปูติน 3 คน", ["kim", "di", "ปู", "ูต", "ติ", "ิน", "3", "คน"], id="mixed"),
    ],
)
def test_marks_part_no_words(text: str, found: list[str]) -> None:
    assert words(fold(text)) == found


def test_no_mark_stands_alone() -> None:
    assert all(len(stem(word)) > 1 for word in words(fold("លោក គីម ជុងអ៊ុន မြောက်ကိုရီးယား")))


@pytest.mark.parametrize(
    "word",
    [
        *("на", "в", "и", "على", "في", "से", "के", "dans", "auf", "della", "och", "και", "של"),
        *("برای", "میں", "থেকে", "után", "mardi", "Montag", "вторник", "الاثنين", "isnin"),
    ],
)
def test_grammar_and_weekdays_tell_nothing_in_languages_whose_words_nobody_counted(
    word: str,
) -> None:
    assert weight(stem(fold(word))) < TELLING


@pytest.mark.parametrize(
    "word", ["Salah", "Ali", "Путин", "Lukoil", "war", "second", "tale", "rudal"]
)
def test_a_name_and_a_word_of_a_counted_language_still_tell(word: str) -> None:
    assert weight(stem(fold(word))) >= TELLING


@pytest.mark.parametrize("word", ["ikke", "не", "بدون", "преди"])
def test_to_leave_out_a_small_word_still_makes_another_headline(word: str) -> None:
    assert counted_weight(stem(fold(word))) >= TELLING


@pytest.mark.parametrize(
    ("language", "word"),
    [
        *(("de", "ersten"), ("de", "die"), ("fr", "après"), ("es", "más"), ("es", "con")),
        *(("ru", "уже"), ("ru", "года"), ("uk", "років"), ("ar", "منذ"), ("tr", "gün")),
        *(("pt", "há"), ("it", "più"), ("nl", "zo'n"), ("fi", "myös"), ("pt-BR", "também")),
    ],
)
def test_what_any_report_of_a_language_may_say_tells_nothing_in_it(
    language: str, word: str
) -> None:
    assert [weight_in(language, part) for part in words(fold(word))] == [0] * len(words(fold(word)))


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "gun"), ("de", "gun"), ("en", "die"), (None, "gun"), ("id", "con"), ("de", "Merz")],
)
def test_in_another_language_the_same_letters_tell_as_before(
    language: str | None, word: str
) -> None:
    assert weight_in(language, fold(word)) == weight(stem(fold(word))) >= TELLING


def test_what_is_counted_or_told_is_no_quiet_word() -> None:
    assert not quiet_words("en")
    assert not quiet_words("ms")
    assert not quiet_words(None)
    assert "erdbeben" not in quiet_words("de")
