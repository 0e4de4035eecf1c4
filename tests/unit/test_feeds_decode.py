"""The right characters, whatever the feed claims."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.feeds.decode import decode

RUSSIAN = (
    "Ким Чен Ын прибыл в Россию на бронепоезде, сообщает агентство. "
    "Встреча пройдёт на Дальнем Востоке."
)
JAPANESE = "金正恩氏がロシアに到着した。プーチン大統領と会談する見通しだと、ロイター通信が伝えた。"
CHINESE = "朝鲜领导人金正恩乘专列抵达俄罗斯，将与普京总统举行会谈，路透社援引官员的话报道。"
TRADITIONAL = "北韓領導人金正恩搭乘專列抵達俄羅斯，將與普丁總統舉行會談，路透社引述官員的話報導。"
KOREAN = "김정은 국무위원장이 러시아에 도착했다. 푸틴 대통령과 회담할 예정이라고 로이터가 전했다."
FRENCH = "Kim Jong-un est arrivé en Russie à bord d’un train blindé, précise l’agence."


def document(text: str, declared: str | None) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    items = f"<item><title>{text}</title></item>" * 3
    return f'{declaration}<rss version="2.0"><channel>{items}</channel></rss>'


LEGACY = [
    pytest.param(RUSSIAN, "windows-1251", id="windows-1251"),
    pytest.param(RUSSIAN, "koi8-r", id="koi8-r"),
    pytest.param(JAPANESE, "shift_jis", id="shift_jis"),
    pytest.param(JAPANESE, "euc-jp", id="euc-jp"),
    pytest.param(CHINESE, "gb2312", id="gb2312"),
    pytest.param(TRADITIONAL, "big5", id="big5"),
    pytest.param(KOREAN, "euc-kr", id="euc-kr"),
    pytest.param(FRENCH, "windows-1252", id="windows-1252"),
    pytest.param(RUSSIAN, "utf-8", id="utf-8"),
]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_declared_encoding_is_used(text: str, encoding: str) -> None:
    assert text in decode(document(text, encoding).encode(encoding))


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_an_encoding_of_the_http_header_is_used(text: str, encoding: str) -> None:
    body = document(text, None).encode(encoding)

    assert text in decode(body, f"application/rss+xml; charset={encoding}")


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
@pytest.mark.parametrize("claim", [None, "utf-8"])
def test_a_lying_or_missing_declaration_does_no_harm(
    text: str, encoding: str, claim: str | None
) -> None:
    assert text in decode(document(text, claim).encode(encoding))


@pytest.mark.parametrize("claim", ["iso-8859-1", "us-ascii", "gb2312", "shift_jis"])
def test_utf8_under_another_name_is_utf8(claim: str) -> None:
    assert RUSSIAN in decode(document(RUSSIAN, claim).encode())


def test_a_servers_latin1_default_does_not_beat_the_document() -> None:
    body = document(RUSSIAN, "windows-1251").encode("windows-1251")

    assert RUSSIAN in decode(body, "text/xml; charset=ISO-8859-1")


def test_a_servers_latin1_default_alone_does_not_make_cyrillic_latin() -> None:
    body = document(RUSSIAN, None).encode("windows-1251")

    assert RUSSIAN in decode(body, "text/xml; charset=ISO-8859-1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("claim", [None, "utf-8", "utf-16"])
def test_wide_encodings_are_seen_without_a_true_declaration(
    encoding: str, claim: str | None
) -> None:
    assert KOREAN in decode(document(KOREAN, claim).encode(encoding))


def test_a_utf16_claim_in_ascii_bytes_is_a_lie() -> None:
    assert RUSSIAN in decode(document(RUSSIAN, "utf-16").encode())


def test_seven_bit_japanese_is_not_taken_for_ascii() -> None:
    body = document(JAPANESE, "iso-2022-jp").encode("iso-2022-jp")

    assert JAPANESE in decode(body)


def test_a_few_damaged_bytes_do_not_change_the_encoding() -> None:
    body = document(RUSSIAN, "utf-8").encode().replace("Встреча".encode(), b"\xff\xfeVstrecha", 1)

    text = decode(body)

    assert RUSSIAN in text
    assert "\ufffdVstrecha" in text


def test_a_long_run_of_letters_beside_a_damaged_byte_costs_no_time() -> None:
    body = document("x" * 2_000_000, "utf-8").encode() + b"\xff"

    assert decode(body).startswith("<?xml")


def test_bytes_that_look_like_a_marker_do_not_choose_the_encoding() -> None:
    text = RUSSIAN + " яя яя"

    assert text in decode(document(text, "utf-8").encode("windows-1251"))


@pytest.mark.parametrize("name", ["punycode", "unicode_escape", "rot13", "base64", "idna", "zip"])
def test_a_feed_cannot_choose_a_codec_that_is_no_encoding(name: str) -> None:
    assert "plain" in decode(document("plain", name).encode())


@settings(deadline=None)
@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_utf8_with_a_mark_is_read_as_it_is(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text
