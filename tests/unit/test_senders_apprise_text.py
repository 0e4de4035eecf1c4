import pytest

from watcher.alerts.senders.apprise_text import BREAK, as_markdown, defused


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Kraken @everyone out", "@everyone"),
        ("Kraken <!channel> out", "<!channel>"),
        ("Ask <@U024BE7LH> now", "<@U024BE7LH>"),
        ("<users/all>", "<users/all>"),
        ("@**all** @_**Ana** @ana@social.example", "@"),
        ("A [bank](http://evil.example)", "]("),
        ("A [bank][1]", "]["),
        ("[1]: http://evil.example", "]:"),
        ("See <http://evil.example|bank.example>", "<http"),
    ],
)
def test_words_of_a_feed_mention_nobody_and_hide_no_address(text: str, mention: str) -> None:
    made = defused(text)

    assert mention not in made.replace(f"@{BREAK}", "")
    assert made.replace(BREAK, "") == text


@pytest.mark.parametrize("text", ["3 < 5 & 7 > 6", "at @ 5 pm", "Mail: a, b [sic] (again)", ""])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_an_address_mentions_nobody_and_leads_to_the_same_place() -> None:
    text = "Kraken\n  https://social.example/@everyone/1?a=b"

    assert defused(text) == "Kraken\n  https://social.example/%40everyone/1?a=b"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a_b *c* `d` [e](f) <g> \\ ~h~ |i|", r"a\_b \*c\* \`d\` \[e\](f) \<g\> \\ \~h\~ \|i\|"),
        ("# 1", r"\# 1"),
        ("1. May", r"1\. May"),
        ("- 5 °C", r"\- 5 °C"),
        ("AT&T pays 3.5 (so far) - more", "AT&T pays 3.5 (so far) - more"),
        (
            "• x_y\n  https://news.example/a_b/(c)?d=1_2&e",
            "• x\\_y\n  [news.example](https://news.example/a_b/%28c%29?d=1_2&e)",
        ),
    ],
)
def test_plain_text_shows_the_same_as_markdown(text: str, markdown: str) -> None:
    assert as_markdown(text) == markdown
