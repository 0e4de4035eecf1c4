"""What no feed needs is taken off before anything reads it, and only that."""

import xml.sax
from collections.abc import Sequence
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.expat_reader import create_parser
from watcher.feeds.mend import BLANK_RUN, FORBIDDEN, MAX_BLANKS, trim

#: Ends of what XML forbids and neighbours that it allows, among letters of one to four bytes.
NEARBY = st.sampled_from("\x00\x08\t\n\x0b\x1f \ud7ff\ud800\udfff\ue000\ufffd\ufffe\uffffaжあ😀")


@given(st.text(NEARBY, max_size=12))
def test_every_forbidden_character_goes_and_no_other(text: str) -> None:
    around = f"<rss>.{text}.</rss>"
    assert trim(around).text == FORBIDDEN.sub("", around)


@given(st.lists(st.sampled_from([1, MAX_BLANKS - 1, MAX_BLANKS, 2 * MAX_BLANKS]), max_size=4))
def test_every_long_run_of_blanks_goes_wherever_it_stands(runs: Sequence[int]) -> None:
    text = "<rss>" + "x".join("\t" * length for length in runs) + "</rss>"
    assert trim(text).text == BLANK_RUN.sub("\n", text)


class Heard(xml.sax.ContentHandler):
    """Notes each piece of text as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def characters(self, content: str) -> None:
        self.pieces.append(content)


def test_a_text_of_many_lines_and_entities_is_heard_as_one() -> None:
    heard, reader = Heard(), create_parser()
    reader.setContentHandler(heard)
    reader.parse(BytesIO(b"<a>one\ntwo &amp; <![CDATA[three\n<b>]]>\n</a>"))
    assert heard.pieces == ["one\ntwo & three\n<b>\n"]
