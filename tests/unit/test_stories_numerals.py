"""Numbers in the digits and characters of many scripts, as our digits."""

from unicodedata import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.numerals import western_digits, with_digits
from watcher.stories.titles import clean_title
from watcher.stories.written_numbers import find_numbers

HAN, HANGUL = "〇一二三四五六七八九", "영일이삼사오육칠팔구"
SMALL = {HAN: "十百千", HANGUL: "십백천"}
GREAT = {HAN: ("", "万", "億", "兆"), HANGUL: ("", "만", "억", "조")}
TENS = ["", *["열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]]
ONES = ["", *["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]]


def written(number: int, digits: str) -> str:
    """Return a number of up to sixteen digits in Chinese or Korean characters."""
    sections = [number // 10_000**place % 10_000 for place in range(3, -1, -1)]
    named = zip(sections, reversed(GREAT[digits]), strict=True)
    return "".join(below(section, digits) + great for section, great in named if section)


def below(section: int, digits: str) -> str:
    """Return a number below a myriad in characters, a lone one with its unit left out."""
    found = ""
    for place, unit in ((1000, 2), (100, 1), (10, 0)):
        count = section // place % 10
        found += (digits[count] if count > 1 else "") + SMALL[digits][unit] if count else ""
    return found + (digits[section % 10] if section % 10 else "")


def amounts(text: str, language: str) -> list[float]:
    return [number.value for number in find_numbers(clean_title(text), language).amounts]


@given(st.integers(2, 10**15))
def test_a_chinese_numeral_before_a_counter_is_read_back(number: int) -> None:
    assert amounts(f"砲弾{written(number, HAN)}枚を供与", "ja") == [number]


@given(st.integers(10, 10**15))
def test_a_korean_numeral_before_a_counter_is_read_back(number: int) -> None:
    assert amounts(f"포탄 {written(number, HANGUL)} 발 지원", "ko") == [number]


@given(st.integers(1, 99))
def test_a_native_korean_numeral_before_a_counter_is_read_back(number: int) -> None:
    numeral = TENS[number // 10] + ONES[number % 10]
    assert amounts(f"병사 {numeral} 명 사망", "ko") == [number]


@given(
    st.integers(0, 999_999).filter(lambda number: not 1900 <= number < 2100),
    st.sampled_from("٠۰०০๐໐၀០０"),
)
def test_digits_of_every_script_are_read_back(number: int, zero: str) -> None:
    own = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    assert western_digits(own) == "".join(str(decimal(char)) for char in own) == str(number)
    assert amounts(f"x: {own}", "ar") == [number]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("砲弾3千万発を供与", "ja", 3e7),
        ("1兆2千億円の支援", "ja", 1.2e12),
        ("五百万円を寄付", "ja", 5e6),
        ("7천만 달러", "ko", 7e7),
        ("7천억 달러", "ko", 7e11),
        ("1천600억 원", "ko", 1.6e11),
        ("1억 5천만 원", "ko", 1.5e8),
        ("포탄 2만 3000발", "ko", 23000),
        ("1.5千万元", "zh", 1.5e7),
        ("士兵二十人", "zh", 20),
        ("กระสุน 3 ล้านล้านนัด", "th", 3e12),
        ("1 แสน 2 หมื่นล้านบาท", "th", 1.2e11),
        ("ส่งทหาร ๓ พันคน", "th", 3000),
        ("៥ លាន", "km", 5e6),
        ("၃ သိန်း", "my", 3e5),
        ("3 nghìn tỷ đồng", "vi", 3e12),
        ("3 ribu triliun", "id", 3e15),
        ("3 mil millones de euros", "es", 3e9),
        ("5 тысяч миллиардов", "ru", 5e12),
        ("$5 million M&A deal", "en", 5e6),
        ("3 พันธมิตร", "th", 3),
    ],
)
def test_factors_multiply_and_what_a_greater_one_follows_is_summed(
    text: str, language: str, value: float
) -> None:
    assert amounts(text, language) == [value]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("一带一路论坛", id="Belt and Road"),
        pytest.param("千万别去", id="by no means"),
        pytest.param("第三个", id="an ordinal"),
        pytest.param("一名男子", id="an article"),
        pytest.param("数十人", id="several tens"),
        pytest.param("两国首脑", id="both countries"),
        pytest.param("四川 三峡 九州", id="places"),
        pytest.param("二三人", id="two or three"),
        pytest.param("세 번째", id="a Korean ordinal"),
        pytest.param("한 개인의 백발", id="an individual's grey hair"),
        pytest.param("일본 이사회 사천성", id="syllables of words"),
        pytest.param("수백만 명", id="several millions"),
        pytest.param("百度公司", id="Baidu"),
        pytest.param("十分重要", id="very"),
        pytest.param("四人帮 千人计划", id="names"),
        pytest.param("한 번도 없다", id="not even once"),
    ],
)
def test_what_counts_nothing_stays(text: str) -> None:
    assert with_digits(text).replace(" ", "") == text.replace(" ", "")


@given(
    st.text("0123456789.,万千만천", max_size=12).map(lambda digits: f"1{digits}千"),
    st.sampled_from(["", "万人", "천 명", "백만 달러"]),
)
def test_a_run_of_digits_marks_and_units_never_breaks_the_reading(run: str, behind: str) -> None:
    assert all(value >= 0 for value in amounts(run + behind, "ko"))


@pytest.mark.parametrize(
    "text", ["매출 1,234.5백만 달러", "17.1.2천만대", "2025.11.29천막", "1.2.3千人"]
)
def test_what_is_no_one_number_stays_as_it_is_written(text: str) -> None:
    assert with_digits(text).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("北朝鮮兵二十人が死亡", "北朝鮮兵20人が死亡"),
        ("포탄 1만 개 지원", "포탄 1만개 지원"),
        ("포탄 오백만 발", "포탄 5백만발"),
        ("九月十三日会谈", "9月13日会谈"),
        ("二〇二五年的朝鲜", "2025年的朝鲜"),
        ("เกาหลีเหนือส่งทหาร ๓๐๐ นาย", "เกาหลีเหนือส่งทหาร 300 นาย"),
        ("مقتل ١٢ جنديا", "مقتل 12 جنديا"),
        ("१५ सैनिक मारे गए", "15 सैनिक मारे गए"),
    ],
)
def test_titles_that_write_a_number_in_two_ways_are_equal(a: str, b: str) -> None:
    assert clean_title(a) == clean_title(b)


@pytest.mark.parametrize("year", ["2천20명 감축", "1천950 달러"])
def test_what_is_written_as_a_count_is_no_year(year: str) -> None:
    assert not find_numbers(year, "ko").years


@given(st.text(alphabet="〇一二十百千万億兆일이십백천만억한두열 0123.,人발명개第x", max_size=40))
def test_numerals_written_in_digits_stay_so(text: str) -> None:
    once = with_digits(text)
    assert with_digits(western_digits(once)) == with_digits(once)


@pytest.mark.parametrize("part", ["一", "3千", "3만 ", "열", "1万", "3 million ", "ล้าน", "9千,"])
def test_a_flood_of_numerals_is_read_in_one_pass(part: str) -> None:
    text = clean_title("x" + part * 2_000)
    assert len(find_numbers(text).amounts) <= len(text)
