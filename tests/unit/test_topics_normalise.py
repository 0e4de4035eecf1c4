import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watcher.topics.normalise import _MARKED, _ODD, fold, normalise

#: Letters that fold to none, one or several, marks, jamo and separators, beside any text.
TRICKY = st.text(
    st.sampled_from(
        "aKßİﷺ㎞é e\u0301ёЁўЎу\u0306ىةأـ'’-–・·ー가ᄀㄱㅏᅡ\u200d\u200c\u0345ᾳ…U.S. \x00\u0300นี"
    )
)
ANY_TEXT = st.one_of(st.text(), TRICKY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kim Jong-un’s", "kim jong un s", id="hyphen and apostrophe part words"),
        pytest.param("ＫＩＭ　Ｊｏｎｇ", "kim jong", id="full width"),
        pytest.param("キム・ジョンウン", "キム ジョンウン", id="middle dot"),
        pytest.param("ｷﾑ･ｼﾞｮﾝｳﾝ", "キム ジョンウン", id="half-width katakana"),
        pytest.param("Пу́тин", "путин", id="stress mark"),
        pytest.param("Ёлка", "елка", id="Russian yo"),
        pytest.param("перадала ўзбраенні", "перадала узбраенні", id="Belarusian u after a vowel"),
        pytest.param("У\u0306зброе", "узброе", id="the same, decomposed"),
        pytest.param("й", "й", id="short i is a letter"),
        pytest.param("İstanbul", "istanbul", id="dotted capital I"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("كِيم جونغ أُون", "كيم جونغ اون", id="Arabic vowels and alef"),
        pytest.param("أسلحة", "اسلحه", id="teh marbuta"),
        pytest.param("روســـيا", "روسيا", id="tatweel"),
        pytest.param("ΠΎΛΗ πύλη", "πυλη πυλη", id="Greek accents"),
        pytest.param("U.S. and N. Korea", "u s and n korea", id="points of initials"),
        pytest.param("Inc. 3.5", "inc. 3.5", id="other points stay"),
        pytest.param("e\u0301 é", "é é", id="composed and decomposed"),
        pytest.param("so\u00adft", "soft", id="soft hyphen"),
        pytest.param("", "", id="empty"),
    ],
)
def test_spellings_fold_to_one_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(ANY_TEXT)
@example("ㄱ\u200dㅏ")
@example("e\u200d\u0301")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(ANY_TEXT)
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    folded = fold(text)
    places = [folded.span(index, index + 1) for index in range(len(folded.key))]

    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(ANY_TEXT)
def test_cutting_at_any_place_folds_to_what_was_found_there(text: str) -> None:
    folded = fold(text)
    for index in range(len(folded.key)):
        cut = text[slice(*folded.span(index, index + 1))]
        assert folded.exact[index] in fold(cut).exact or folded.exact[index] == "."


@given(st.text(), st.text())
def test_key_is_as_long_as_the_exact_form_and_gaps_are_inside(one: str, other: str) -> None:
    folded = fold(f"{one} {other}")

    assert len(folded.key) == len(folded.exact)
    assert all(0 < gap < len(folded.key) for gap in folded.gaps(0, len(folded.key)))


def test_names_meet_whatever_parts_them() -> None:
    keys = {fold(name).key for name in ("Kim Jong-un", "Kim Jong Un", "KIM JONGUN", "Kím Jong·un")}

    assert keys == {"kimjongun"}


def test_letters_that_are_not_looked_at_fold_to_their_lower_case() -> None:
    plain = [char for char in map(chr, range(0x10000)) if not _ODD.match(char)]
    folded = fold("".join(f"{char}\n" for char in plain)).spaced.split()

    assert len(plain) > 30_000
    assert folded == [char.casefold() for char in plain if char != " "]
    assert all(unicodedata.is_normalized("NFC", f"a{char}{char}") for char in plain)


def test_letters_with_marks_are_all_known_as_such() -> None:
    letters = "".join(f"{chr(code)}\n" for code in range(0x20, 0xD800))
    folded = fold(letters)

    changed = {a for a, b in zip(folded.exact, folded.key, strict=True) if a != b}
    assert changed
    assert all(map(_MARKED.match, changed))
    for letter in fold(letters).exact:
        assert fold(letter).key == letter or _MARKED.match(letter) or letter.isascii()
