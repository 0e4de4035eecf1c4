"""What a fuzzer throws things at, and what has to hold whatever it throws.

Run briefly by the suite, and for minutes each by `make fuzz`. The seeds in `fuzz_seeds/` are ours.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from watcher.alerts.buttons import decode as decode_press
from watcher.alerts.incoming import Tap, read_update, update_id
from watcher.config.load import load
from watcher.config.report import report
from watcher.errors import FeedError, UsageError
from watcher.feeds.dates import ORDERS, parse_date
from watcher.feeds.decode import decode
from watcher.feeds.discover import read_page
from watcher.feeds.opml import read_opml, write_opml
from watcher.feeds.parse import parse_feed
from watcher.topics.query import MatchLineError, format_match, parse_match

SEEDS: Final = Path(__file__).parent / "fuzz_seeds"
NOW: Final = datetime(2026, 11, 22, 21, tzinfo=UTC)
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)

#: What parsers stumble over, beside bytes at random.
DELICATE: Final = (
    *(b"<", b">", b"&", b"&#0;", b"&#x110000;", b"]]>", b"<![CDATA[", b"<!--", b"\0", b"\xff\xfe"),
    *(
        b"\xed\xa0\x80",
        b"\xf0\x9f",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&b;",
        b'encoding="utf-16"',
    ),
    *(b"</item>", b"<item>", b"{", b"}", b'"', b"\\", b"\\ud800", b"1e999", b"[[", b"'''", b'"""'),
    *(b"\r\n", b"\n", b"= ", b"#", "\u202e\u200b\u0130".encode(), b"9" * 400, b"(" * 200),
)


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> bytes:
    """Return one of the seeds of a kind with some of its bytes cut, doubled or replaced."""
    body = draw(st.sampled_from(seeds(kind)))
    piece = st.one_of(st.sampled_from(DELICATE), st.binary(max_size=12))
    for _ in range(draw(st.integers(0, 8))):
        first, second = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        second = draw(st.sampled_from((first, min(second, first + 40), second)))
        middle = draw(st.one_of(piece, st.just(body[first:second] * 2)))
        body = body[:first] + middle + body[second:]
    return body


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """Return the seed documents of a kind."""
    return tuple(path.read_bytes() for path in sorted(SEEDS.glob(f"{kind}-*")))


CONTENT_TYPES: Final = st.one_of(
    st.none(),
    st.sampled_from(["text/xml; charset=gbk", "application/json", "text/html;charset=utf-16"]),
    st.text(max_size=40),
)


def any_body_is_decoded(body: bytes, content_type: str | None) -> None:
    """Text comes of any bytes, without an error."""
    assert isinstance(decode(body, content_type), str)


def any_body_is_a_feed_or_a_clear_refusal(body: bytes, content_type: str | None) -> None:
    """Entries with a key and plain text come of any bytes, or one sentence that says why not."""
    try:
        feed = parse_feed(body, content_type=content_type, url="http://a.example/", now=NOW)
    except FeedError as error:
        _is_one_sentence(str(error))
        return
    for entry in feed.entries:
        assert entry.id
        assert not {"\0", "\n"} & set(entry.title)
        for moment in (entry.published, entry.updated):
            assert moment is None or moment.astimezone(UTC) >= EARLIEST


def any_two_polls_read_as_each_alone(first: bytes, second: bytes) -> None:
    """What a poll before leaves out of a document is what that poll had, and nothing else."""
    try:
        before = parse_feed(first, content_type=None, url="http://a.example/", now=NOW)
        whole = parse_feed(second, content_type=None, url="http://a.example/", now=NOW)
    except FeedError:
        return
    memory = before.memory
    rest = parse_feed(second, content_type=None, url="http://a.example/", now=NOW, memory=memory)
    assert rest.keys == whole.keys
    assert set(rest.entries) <= set(whole.entries)
    assert set(rest.known) <= before.keys


def any_page_names_addresses_or_nothing(body: bytes, content_type: str | None) -> None:
    """Web addresses come of any page, or none."""
    for named in read_page(body, content_type, "https://a.example/").feeds:
        assert named.url.lower().startswith(("http://", "https://"))
        assert "\n" not in named.title


def any_list_is_outlines_or_a_clear_refusal(body: bytes) -> None:
    """Outlines come of any bytes, and are written as they were read; or one sentence."""
    try:
        found = read_opml(body)
    except UsageError as error:
        _is_one_sentence(str(error))
        return
    written = read_opml(write_opml(found, NOW))
    assert sorted(one.url for one in written) == sorted(one.url for one in found)


def any_text_is_a_date_or_none(text: str) -> None:
    """A date that can be compared, of a time when there were feeds, comes of any text, or None."""
    for orders in (ORDERS, *([order] for order in ORDERS)):
        moment = parse_date(text, now=NOW, orders=orders)
        assert moment is None or moment.utcoffset() is not None


def any_match_line_is_a_tree_or_points_at_its_column(text: str) -> None:
    """A tree that prints to the same tree comes of any line, or an error inside it."""
    try:
        tree = parse_match(text)
    except MatchLineError as error:
        _is_inside(text, error.offset, error.length)
        return
    assert parse_match(format_match(tree)) == tree


def any_file_is_settings_or_problems(body: bytes) -> None:
    """Settings come of any file, or problems that are printed with their lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(body)
        loaded = load(path, {})
        assert loaded.settings is not None or loaded.problems
        assert isinstance(report(loaded.problems, loaded.document), str)


def any_update_is_read_or_ignored(body: bytes) -> None:
    """What any bytes say that come from a chat is read, or is nothing to us."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return
    for update in raw if isinstance(raw, list) else [raw]:
        found = read_update(update)
        assert update_id(update) is None or isinstance(update_id(update), int)
        if isinstance(found, Tap):
            assert decode_press(found.data) is None or found.data.startswith("w1:")
        assert found is None or found.chat.id.lstrip("-").isdecimal()


def _is_one_sentence(text: str) -> None:
    assert text
    assert "\n" not in text


def _is_inside(text: str, offset: int, length: int) -> None:
    assert 0 <= offset <= len(text)
    assert offset + length <= len(text) + 1


QUERY_WORDS: Final = (
    *("kim", "putin", "NOT", "AND", "OR", "NEAR", "NEAR/3", "BEFORE/12", "IN", "title", "2 of"),
    *("(", ")", ",", '"', '"a phrase"', "/", "*", "of", "0 of", "NEAR/", "\u3000", "金正恩"),
)
MATCH_LINES: Final = st.one_of(
    st.lists(st.sampled_from(QUERY_WORDS), max_size=20).map(" ".join), st.text(max_size=60)
)
DATE_WORDS: Final = (
    *("Wed", "13", "Sep", "2023", "06:00", "12:60", "+0700", "GMT", "T", "Z", "-", "/", "."),
    *("ماه", "янв", "2566", "令和5年", "9月", "13日", "오후", "99999999999999", "0", "-1", "１３"),
)
DATES: Final = st.one_of(
    st.lists(st.sampled_from(DATE_WORDS), max_size=9).map(" ".join),
    st.lists(st.sampled_from(DATE_WORDS), max_size=9).map("".join),
    st.text(max_size=40),
)

Target = tuple[Callable[..., None], tuple[st.SearchStrategy[object], ...]]

#: Name -> what has to hold, and what is thrown at it.
TARGETS: Final[Mapping[str, Target]] = {
    "decode": (any_body_is_decoded, (st.one_of(mutated("feed"), st.binary()), CONTENT_TYPES)),
    "parse": (any_body_is_a_feed_or_a_clear_refusal, (mutated("feed"), CONTENT_TYPES)),
    "polls": (any_two_polls_read_as_each_alone, (mutated("feed"), mutated("feed"))),
    "page": (any_page_names_addresses_or_nothing, (mutated("page"), CONTENT_TYPES)),
    "list": (any_list_is_outlines_or_a_clear_refusal, (mutated("list"),)),
    "dates": (any_text_is_a_date_or_none, (DATES,)),
    "match": (any_match_line_is_a_tree_or_points_at_its_column, (MATCH_LINES,)),
    "config": (any_file_is_settings_or_problems, (mutated("config"),)),
    "updates": (any_update_is_read_or_ignored, (mutated("updates"),)),
}
