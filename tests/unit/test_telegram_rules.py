import re

import pytest
from telegram_rules import check_html, utf16_length

LINK = f'<a href="https://x.org/{"a" * 9_470}">'


@pytest.mark.parametrize(
    ("source", "visible"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("<b>a <i>b</i></b> &lt;c&gt;", "a b <c>", id="nested"),
        pytest.param('<a href="https://x.org/?a=1&amp;b=2">x</a>', "x", id="link"),
        pytest.param("&#8206;&#x41;&quot;", '\u200eA"', id="numeric entities"),
        pytest.param("😀" * 2048, "😀" * 2048, id="exactly 4,096 units"),
        pytest.param("<b>" + "a" * 4096 + "</b>", "a" * 4096, id="tags do not count"),
        pytest.param("&#x00000041;" * 2730 + "a" * 8, "A" * 2730 + "a" * 8, id="32,768 bytes"),
        pytest.param(f"{LINK}a</a>", "a", id="9,500 bytes of entities"),
    ],
)
def test_takes_what_telegram_takes(source: str, visible: str) -> None:
    assert check_html(source) == visible


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        pytest.param("1 < 2", "Unsupported start tag", id="bare less-than"),
        pytest.param("<x>a</x>", 'Unsupported start tag "x" at byte offset 0', id="unknown tag"),
        pytest.param("é<br>", 'Unsupported start tag "br" at byte offset 2', id="byte offset"),
        pytest.param("<b>a", 'corresponding to start tag "b"', id="unclosed"),
        pytest.param("a</b>", 'Unexpected end tag "b"', id="end without start"),
        pytest.param("<b><i>a</b></i>", 'expected "</i>"', id="crossed"),
        pytest.param("AT&T", "Unsupported entity", id="bare ampersand"),
        pytest.param("&nbsp;", "Unsupported entity", id="unknown entity"),
        pytest.param("&#xD83D;", "Unsupported entity", id="surrogate entity"),
        pytest.param('<a href="javascript:x()">a</a>', "not an http(s)", id="script link"),
        pytest.param('<a href="https://x" onclick="y">a</a>', "onclick", id="attribute"),
        pytest.param("<code><b>a</b></code>", "inside", id="tag in code"),
        pytest.param("<b><b>a</b></b>", "inside itself", id="bold in bold"),
        pytest.param("<a", "Unsupported start tag", id="cut inside a tag"),
        pytest.param("a &am", "Unsupported entity", id="cut inside an entity"),
        pytest.param("a\ud83d", "UTF-8", id="half a surrogate pair"),
        pytest.param("😀" * 2049, "too long", id="4,098 units"),
        pytest.param("&#x00000041;" * 2730 + "a" * 9, "text is too long", id="32,769 bytes"),
        pytest.param(f"{LINK}<b>a</b></a>", "ENTITIES_TOO_LONG", id="9,512 bytes of entities"),
        pytest.param("<b> </b>", "empty", id="nothing to see"),
    ],
)
def test_refuses_what_telegram_refuses(source: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        check_html(source)


def test_counts_utf16_units() -> None:
    assert utf16_length("a😀é") == 4
