import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.senders.wording import MAX_LENGTH, clean


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        pytest.param("two\r\nlines\t of  text", [], "two lines of text", id="one-line"),
        pytest.param("password hunter22!", ["hunter22"], "password ***!", id="given-secret"),
        pytest.param("abc and abcdef", ["abc", "abcdef"], "*** and ***", id="longest-first"),
        pytest.param("nothing to hide", ["", "x" * 9], "nothing to hide", id="empty-secret"),
        pytest.param(
            "https://api.telegram.org/bot123456789:AAF-abcdefghijklmnopqrstuvwxyz_1234/getMe",
            [],
            "https://api.telegram.org/bot***/getMe",
            id="any-bot-token",
        ),
        pytest.param("\x1b[31mred\x9b0m", [], "[31mred 0m", id="terminal-escapes"),
        pytest.param("no \u202eevil\u2066 text", [], "no evil text", id="turned-around"),
    ],
)
def test_words_of_a_service_become_one_line_without_secrets(
    text: str, secrets: list[str], shown: str
) -> None:
    assert clean(text, secrets) == shown


@given(st.text(), st.lists(st.text(min_size=4)))
def test_clean_text_is_short_printable_and_stays_the_same(text: str, secrets: list[str]) -> None:
    once = clean(text, secrets)

    assert len(once) <= MAX_LENGTH
    assert "\n" not in once
    assert "\x1b" not in once
    assert clean(once) == once
