import unicodedata

import pytest
from alert_values import ugly_text, ugly_urls
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.clean import (
    FSI,
    LRM,
    PDI,
    clean,
    clean_range,
    direction,
    isolate,
    safe_url,
    shown_host,
)

SCOTLAND, WALES = (
    f"🏴{''.join(chr(0xE0000 + ord(letter)) for letter in region)}\U000e007f"
    for region in ("gbsct", "gbwls")
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\r\nb\t c", "a b c", id="line ends and tabs"),
        pytest.param("\u202eevil\u202c \u2067x\u2069", "evil x", id="bidi overrides and isolates"),
        pytest.param("Pu\u200bti\u00adn\ufeff", "Putin", id="zero-width and soft hyphen"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian keeps its joiner"),
        pytest.param("👨\u200d👩\u200d👧 🇮🇩", "👨\u200d👩\u200d👧 🇮🇩", id="emoji keep theirs"),
        pytest.param(f"{SCOTLAND} beat {WALES}", f"{SCOTLAND} beat {WALES}", id="flags of regions"),
        pytest.param(f"🏴{SCOTLAND[1:-1]}x", "🏴x", id="tags that spell no flag"),
        pytest.param(f"a{SCOTLAND[1:]}b", "ab", id="tags without a flag"),
        pytest.param("a\u200d\u200d\u200d\u200db", "a\u200db", id="one joiner is enough"),
        pytest.param("e" + "\u0301" * 30, "e" + "\u0301" * 8, id="towers of accents"),
        pytest.param("\u3164\u3164x", "x", id="Hangul fillers are blank"),
        pytest.param("a\ud83d", "a\ufffd", id="half a surrogate pair"),
        pytest.param("\x1b[31mred\x07", "[31mred", id="terminal escapes"),
        pytest.param("\u200d\u200e x\u200c", "x", id="joiners that join nothing"),
        pytest.param("\u2028\u2029 \u00a0", "", id="nothing to see"),
        pytest.param("القمّة", "القمّة", id="Arabic vowel signs stay"),
    ],
)
def test_clean_keeps_what_is_honest(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(ugly_text)
def test_clean_text_is_one_line_without_control_or_override(text: str) -> None:
    shown = clean(text)

    assert clean(shown) == shown
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
    assert shown.encode().decode() == shown


@given(ugly_text, st.lists(st.integers(0, 250)))
def test_positions_move_with_the_text(text: str, positions: list[int]) -> None:
    shown, moved = clean_range(text, sorted(positions))

    assert moved == sorted(moved)
    assert all(0 <= place <= len(shown) for place in moved)


def test_a_position_keeps_its_character() -> None:
    shown, (start, end) = clean_range("\u200b a\n\nKim\u202e x", [5, 8])

    assert shown[start:end] == "Kim"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        pytest.param("https://x.org/a?b=1&c=2#d", "https://x.org/a?b=1&c=2#d", id="as it is"),
        pytest.param("HTTP://X.org", "http://x.org", id="case of scheme and host"),
        pytest.param("https://x.org/a%20b", "https://x.org/a%20b", id="escaped once"),
        pytest.param('https://x.org/"><b>', "https://x.org/%22%3E%3Cb%3E", id="markup"),
        pytest.param("https://x.org/новости", None, id="Cyrillic path"),
        pytest.param("https://bbc.com@evil.org/x", "https://evil.org/x", id="user in front"),
        pytest.param("https://bbc.com\\@evil.org", "https://evil.org", id="backslash"),
        pytest.param("https://новости.рф/", "https://xn--b1amnebsh.xn--p1ai/", id="IDN host"),
        pytest.param("https://fußball.de/", "https://xn--fuball-cta.de/", id="not fussball.de"),
        pytest.param("https://[2001:db8::1]:8/x", "https://[2001:db8::1]:8/x", id="IPv6"),
        pytest.param("http://x.org./a", "http://x.org./a", id="dot behind the host"),
        pytest.param("javascript:alert(1)", "", id="script"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("//x.org/a", "", id="no scheme"),
        pytest.param("https:///a", "", id="no host"),
        pytest.param("https://x.org:port/", "", id="bad port"),
        pytest.param("https://[::1", "", id="bad IPv6"),
        pytest.param("https://a b.org/", "", id="blank in host"),
        pytest.param("https://x.org/" + "ก" * 900, f"https://x.org/{'%E0%B8%81' * 900}", id="long"),
        pytest.param("https://x.org:8/" + "ก" * 910, "https://x.org:8/", id="too long: the site"),
        pytest.param(f"https://{'x.' * 126}org/", "", id="host too long"),
        pytest.param("", "", id="none"),
    ],
)
def test_a_link_leads_where_a_browser_would_or_nowhere(url: str, safe: str | None) -> None:
    expected = "https://x.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8" if safe is None else safe

    assert safe_url(url) == expected


@given(ugly_urls)
def test_safe_url_is_plain_http_and_stable(url: str) -> None:
    safe = safe_url(url)

    assert safe == "" or safe.startswith(("http://", "https://"))
    assert safe.isascii()
    assert not set(safe) & set(" \"<>\\\n\t'`^{}|") - {"'"}
    assert safe_url(safe) == safe


def test_host_is_shown_without_www() -> None:
    assert shown_host("https://www.antaranews.com/x") == "antaranews.com"
    assert shown_host("https://life.ru./p/1") == "life.ru"
    assert shown_host("ftp://x.org") == ""


@pytest.mark.parametrize(
    ("text", "way"),
    [
        pytest.param("«كيم»", "rtl", id="Arabic behind a quote"),
        pytest.param("Kim كيم", "ltr", id="Latin first"),
        pytest.param("שלום", "rtl", id="Hebrew"),
        pytest.param("… 42", "ltr", id="no letter"),
    ],
)
def test_direction_is_that_of_the_first_letter(text: str, way: str) -> None:
    assert direction(text) == way


def test_only_right_to_left_text_is_isolated() -> None:
    assert isolate("Антара") == "Антара"
    assert isolate("الجزيرة") == f"{LRM}{FSI}الجزيرة{PDI}"
