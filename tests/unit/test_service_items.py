import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.service.trials.items import (
    START,
    STEP,
    ItemsError,
    hardly_meant,
    is_pairs_file,
    read_items,
    read_pairs,
)

Write = Callable[[str | bytes], Path]
NOON = datetime(2023, 9, 13, 12, tzinfo=UTC)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> Path:
        path = tmp_path / "items.jsonl"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_every_field_of_an_item_is_read(write: Write) -> None:
    record = {
        "id": "a",
        "time": "2023-09-13T19:00:00+07:00",
        "lang": "id",
        "outlet": "Antara",
        "url": "https://x.org/1",
        "title": "Kim temui Putin",
        "summary": "Di Rusia.",
        "cluster": "c1",
        "labels": ["summit", "arms", "summit"],
        "something": "else",
    }
    (item,) = read_items(write(lines(record)))

    entry = item.entry
    assert (entry.id, entry.title, entry.summary) == ("a", "Kim temui Putin", "Di Rusia.")
    assert (entry.outlet, entry.url, entry.language) == ("Antara", "https://x.org/1", "id")
    assert entry.seen == entry.published == entry.time == NOON
    assert item.cluster == "c1"
    assert item.labels == frozenset({"summit", "arms"})


def test_labels_that_no_topic_has_and_ids_of_several_items_are_named(write: Write) -> None:
    path = write(
        lines(
            {"id": "a", "labels": ["summit", "eu-sanction"]},
            {"id": "b", "labels": ["eu-sanction", "weather"]},
            {"id": "a", "labels": ["eu-sanctions"]},
            {"id": "c"},
            {"id": "a", "labels": ["eu-sanction"]},
        )
    )

    assert list(hardly_meant(read_items(path), ["summit", "eu-sanctions"])) == [
        f"{path}:1: no topic `eu-sanction`; did you mean `eu-sanctions`? (and 2 more items)",
        f"{path}:2: no topic `weather`",
        f"{path}:3: the id `a` is that of {path}:1 (and 1 more item)",
    ]


def test_a_wrapper_that_an_export_left_is_no_part_of_the_text(write: Write) -> None:
    title, summary = "<![CDATA[Kim & <Putin>]]>", "<![CDATA[In Russia.]]>"
    (item,) = read_items(write(lines({"id": "a", "title": title, "summary": summary})))
    (pair,) = read_pairs(write(lines({"a": title, "b": {"title": title}})))

    assert (item.entry.title, item.entry.summary) == ("Kim & <Putin>", "In Russia.")
    assert pair.a.title == pair.b.title == "Kim & <Putin>"


@pytest.mark.parametrize("empty", [{}, None, ""], ids=["missing", "null", "empty"])
def test_all_but_the_id_may_be_missing_null_or_empty(write: Write, empty: object) -> None:
    keys = ("time", "lang", "outlet", "url", "title", "summary", "cluster")
    record = {"id": "a"} if empty == {} else {"id": "a", **dict.fromkeys(keys, empty)}

    (item,) = read_items(write(lines(record)))

    entry = item.entry
    assert (entry.title, entry.summary, entry.outlet, entry.url) == ("", "", "", "")
    assert (entry.language, item.cluster, item.labels) == (None, None, None)
    assert entry.seen == START


def test_numbers_serve_as_ids_and_clusters(write: Write) -> None:
    first, second = read_items(write(lines({"id": 0, "cluster": 0}, {"id": 1.5, "cluster": 7})))

    assert (first.entry.id, first.cluster) == ("0", "0")
    assert (second.entry.id, second.cluster) == ("1.5", "7")


def test_no_labels_are_an_answer_and_missing_ones_are_none(write: Write) -> None:
    empty, missing, null = read_items(
        write(lines({"id": "a", "labels": []}, {"id": "b"}, {"id": "c", "labels": None}))
    )

    assert (empty.labels, missing.labels, null.labels) == (frozenset(), None, None)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        pytest.param("2023-09-13T12:00:00Z", NOON, id="UTC"),
        pytest.param("2023-09-13t12:00:00z", NOON, id="small letters"),
        pytest.param("2023-09-13 12:00:00+00:00", NOON, id="a space"),
        pytest.param("2023-09-13T21:00:00+09:00", NOON, id="an offset"),
        pytest.param("2023-09-13T06:30:00.000-05:30", NOON, id="a fraction"),
        pytest.param("2023-09-13T12:00:00", NOON, id="no zone is UTC"),
        pytest.param("2023-09-13", NOON.replace(hour=0), id="a bare date"),
        pytest.param("2023-09-13T11:59:60Z", NOON - timedelta(seconds=1), id="a leap second"),
    ],
)
def test_times_are_read_as_they_come(write: Write, text: str, time: datetime) -> None:
    (item,) = read_items(write(lines({"id": "a", "time": text})))

    assert item.entry.seen == time


def test_items_without_a_time_follow_each_other_a_minute_apart(write: Write) -> None:
    items = read_items(
        write(
            lines(
                {"id": "a"},
                {"id": "b"},
                {"id": "c", "time": "2023-09-13T12:00:00Z"},
                {"id": "d"},
                {"id": "e", "time": ""},
            )
        )
    )

    assert [item.entry.seen for item in items] == [
        START,
        START + STEP,
        NOON,
        NOON + timedelta(minutes=1),
        NOON + timedelta(minutes=2),
    ]


def test_items_come_in_time_order_and_equal_times_in_file_order(write: Write) -> None:
    day = "2023-09-13"
    items = read_items(
        write(
            lines(
                {"id": "late", "time": "2023-09-14"},
                {"id": "z", "time": day},
                {"id": "a", "time": day},
                {"id": "early", "time": "2023-09-12"},
            )
        )
    )

    assert [item.entry.id for item in items] == ["early", "z", "a", "late"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"id": "a"}\r\n\r\n{"id": "b"}\r\n', id="CRLF and an empty line"),
        pytest.param('\ufeff{"id": "a"}\n{"id": "b"}', id="a byte order mark, no last newline"),
        pytest.param('{"id": "a", "title": "x\u2028y"}\n   \n{"id": "b"}', id="a line separator"),
    ],
)
def test_lines_are_those_that_end_in_a_newline(write: Write, content: str) -> None:
    assert [item.entry.id for item in read_items(write(content))] == ["a", "b"]


def test_an_empty_file_has_no_items_and_no_pairs(write: Write) -> None:
    path = write("")

    assert read_items(path) == []
    assert read_pairs(path) == []
    assert not is_pairs_file(path)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        pytest.param("{", "not JSON: ", id="cut off"),
        pytest.param("title", "not JSON: ", id="no JSON"),
        pytest.param("[" * 100_000, "not an item: nested too deeply", id="a bomb"),
        pytest.param("[]", "expected a JSON object, got a list", id="a list"),
        pytest.param("null", "expected a JSON object, got null", id="null"),
        pytest.param('"x"', "expected a JSON object, got a text", id="a text"),
        pytest.param("3", "expected a JSON object, got a number", id="a number"),
        pytest.param("{}", "the item has no `id`", id="no id"),
        pytest.param('{"id": ""}', "the item has no `id`", id="an empty id"),
        pytest.param('{"id": null}', "the item has no `id`", id="a null id"),
        pytest.param('{"id": ["a"]}', "`id` is a text, not a list", id="a list as id"),
        pytest.param('{"id": "a", "title": {}}', "`title` is a text, not an object", id="title"),
        pytest.param(
            '{"id": "a", "summary": true}', "`summary` is a text, not a truth value", id="summary"
        ),
        pytest.param(
            '{"id": "a", "labels": "summit"}', "`labels` is a list of topic ids", id="labels"
        ),
        pytest.param('{"id": "a", "labels": [1]}', "`labels` is a list of topic ids", id="label"),
        pytest.param(
            '{"id": "a", "time": "yesterday"}', "`time` 'yesterday' is not RFC 3339", id="time"
        ),
        pytest.param(
            '{"id": "a", "time": "2023-02-30"}', "`time` '2023-02-30' is not RFC 3339", id="day"
        ),
        pytest.param(
            '{"id": "a", "time": 1694606400}', "`time` '1694606400' is not RFC 3339", id="seconds"
        ),
        pytest.param(
            '{"id": "a", "time": "9999-12-31T23:59:59-14:00"}', "is beyond every", id="late"
        ),
        pytest.param('{"id": "a", "time": "0001-01-01T00:00:00+14:00"}', "is beyond", id="early"),
    ],
)
def test_a_malformed_line_gets_one_sentence_with_its_place(
    write: Write, line: str, complaint: str
) -> None:
    path = write(f'{{"id": "fine"}}\n\n{line}\n')

    with pytest.raises(ItemsError) as caught:
        read_items(path)

    assert str(caught.value).startswith(f"{path}:3: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf_8_are_named_by_their_line(write: Write) -> None:
    path = write(b'{"id": "a"}\n{"id": "caf\xe9"}\n')

    with pytest.raises(ItemsError, match=r"items\.jsonl:2: not UTF-8$"):
        read_items(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ItemsError, match=r"none\.jsonl: No such file or directory$"):
        read_items(tmp_path / "none.jsonl")


def test_lone_surrogates_are_replaced(write: Write) -> None:
    path = write('{"id": "a\\ud800", "title": "x\\udfff", "a": "\\ud800", "b": ""}')

    (item,), (pair,) = read_items(path), read_pairs(path)

    assert (item.entry.id, item.entry.title, pair.a.title) == ("a?", "x?", "?")


def test_a_pair_holds_items_or_bare_titles(write: Write) -> None:
    path = write(
        lines(
            {"label": "copy", "a": "One title", "b": {"id": "b", "title": "Two", "lang": "en"}},
            {"a": {"title": "no id", "time": "2023-09-13T12:00:00Z"}, "b": ""},
        )
    )
    first, second = read_pairs(path)

    assert is_pairs_file(path)
    assert (first.a.title, first.b.title, first.b.language, first.label) == (
        "One title",
        "Two",
        "en",
        "copy",
    )
    assert (second.a.title, second.a.time, second.label) == ("no id", NOON, None)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        pytest.param('{"a": "x"}', "a pair needs both `a` and `b`", id="one side"),
        pytest.param('{"a": "x", "b": 3}', "`b` is a title or an item, not a number", id="number"),
        pytest.param(
            '{"a": null, "b": "x"}', "`a` is a title or an item, not null", id="a null side"
        ),
        pytest.param(
            '{"a": {"title": []}, "b": "x"}', "`a`: `title` is a text, not a list", id="title"
        ),
        pytest.param('{"a": "x", "b": "y", "label": {}}', "`label` is a text", id="label"),
        pytest.param(
            '{"a": "x", "b": "y", "label": "DIFFERENT"}',
            '`label` is "copy", "same" or "different", not "DIFFERENT"',
            id="unknown label",
        ),
        pytest.param('{"a": {"time": "x"}, "b": ""}', "`time` 'x' is not RFC 3339", id="time"),
    ],
)
def test_a_malformed_pair_gets_one_sentence_with_its_place(
    write: Write, line: str, complaint: str
) -> None:
    path = write(f"{line}\n")

    with pytest.raises(ItemsError) as caught:
        read_pairs(path)

    assert str(caught.value).startswith(f"{path}:1: ")
    assert complaint in str(caught.value)


def test_a_file_of_items_is_no_pairs_file(write: Write) -> None:
    assert not is_pairs_file(write('{"id": "a"}\n'))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
records = st.dictionaries(
    st.sampled_from(["id", "time", "lang", "title", "labels", "cluster", "a", "b"]), json_values
)


@given(st.lists(records.map(json.dumps) | st.text(), max_size=4))
def test_any_file_is_read_or_refused_with_its_place(
    tmp_path_factory: pytest.TempPathFactory, content: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes("\n".join(content).encode("utf-8", "surrogatepass"))

    for read in (read_items, read_pairs):
        try:
            read(path)
        except ItemsError as error:
            assert str(error).startswith(f"{path}:")  # noqa: PT017 - most files are refused
