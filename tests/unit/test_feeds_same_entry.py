from datetime import UTC, datetime, timedelta

import pytest

from watcher.feeds.parsed import entry_key
from watcher.feeds.same_entry import (
    LEAST_REWRITTEN,
    Met,
    Namesake,
    Page,
    are_strange,
    by_heading,
    edit,
    heading,
    new_template,
    same_entry,
    took_over,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KIM = "Kim meets  Putin"


@pytest.mark.parametrize(
    ("stored", "present", "document", "found"),
    [
        pytest.param([(1, "KIM meets Putin", NOON)], (), [KIM], [1], id="in other capitals"),
        pytest.param([(1, KIM, NOON - timedelta(minutes=1))], (), [KIM], [], id="another date"),
        pytest.param([(1, KIM, None), (2, "", NOON)], (), [KIM, ""], [], id="half a heading"),
        pytest.param([(1, KIM, NOON)], (1,), [KIM], [], id="still there under its own id"),
        pytest.param([(1, KIM, NOON), (2, KIM, NOON)], (), [KIM], [], id="two of them stored"),
        pytest.param([(1, KIM, NOON)], (), [KIM, KIM], [], id="two of them in the document"),
    ],
)
def test_a_heading_tells_an_entry_where_it_stands_for_one_alone(
    stored: list[tuple[int, str, datetime | None]],
    present: tuple[int, ...],
    document: list[str],
    found: list[int],
) -> None:
    headings = [heading(title, NOON) for title in document]

    assert list(by_heading(stored, present, headings).values()) == found


@pytest.mark.parametrize(
    ("strangers", "entries", "strange"), [(1, 1, False), (2, 4, True), (2, 5, False), (9, 9, True)]
)
def test_headings_are_asked_only_where_most_ids_are_unknown(
    strangers: int, entries: int, strange: bool
) -> None:
    assert are_strange(strangers, entries) is strange


@pytest.mark.parametrize(
    "written",
    [
        "Kim\u2019s \u201csummit\u201d \u2013 caf\u00e9",
        "Kim\u2019s \u201csummit\u201d \u2013 cafe\u0301",
        'KIM\'S  "Summit" - caf\u00e9',
    ],
    ids=["typographic", "decomposed", "plain"],
)
def test_a_heading_is_the_same_in_another_systems_signs(written: str) -> None:
    assert heading(written, NOON) == heading('Kim\'s "summit" - caf\u00e9', NOON)


HERE = "https://n.example/kim-visits"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("namesakes", "shared", "found"),
    [
        pytest.param([(5, "KIM meets Putin", {1, 2})], False, 5, id="in the feed before"),
        pytest.param([(5, KIM, {1})], True, None, id="others of the document have the address"),
        pytest.param([(5, KIM, {2})], False, None, id="of another feed"),
        pytest.param([(5, KIM, {1}), (6, "Ferry", {1})], False, None, id="a page of several"),
        pytest.param([], False, None, id="an unknown address"),
    ],
)
def test_a_page_under_one_title_is_one_entry_of_its_feed(
    namesakes: list[tuple[int, str, set[int]]], found: int | None, *, shared: bool
) -> None:
    known = [
        Namesake(number, title, NOON, dict.fromkeys(feeds, Met("x", NOON)))
        for number, title, feeds in namesakes
    ]
    same, none = (
        same_entry(1, title, HERE, known, published=NOON, last_read=None, renamed=(), shared=shared)
        for title in (KIM, "")
    )

    assert (same and same.number) == found
    assert none is None


@pytest.mark.parametrize("url", ["https://n.example/", HERE])
@pytest.mark.parametrize(
    ("before", "published", "last_read", "renamed", "same"),
    [
        pytest.param(NOON, NOON, NOON + HOUR, (), True, id="the same date"),
        pytest.param(NOON, NOON + 24 * HOUR, NOON, ("x5",), False, id="another date"),
        pytest.param(NOON, None, NOON, ("x5",), False, id="no date any more"),
        pytest.param(None, None, NOON, (), True, id="undated, its id new in the last document"),
        pytest.param(None, None, NOON + HOUR, ("x4",), False, id="undated, its id older than that"),
        pytest.param(None, None, None, (), False, id="undated, and no document was read"),
        pytest.param(None, None, NOON + HOUR, ("x5",), True, id="undated, all ids are others now"),
    ],
)
def test_what_recurs_under_one_title_at_a_fixed_page_is_another_entry(
    url: str,
    before: datetime | None,
    published: datetime | None,
    last_read: datetime | None,
    renamed: tuple[str, ...],
    *,
    same: bool,
) -> None:
    known = [
        Namesake(4, KIM, NOON - HOUR, {1: Met("x4", NOON)}),
        Namesake(5, KIM, before, {1: Met("x5", NOON)}),
    ]

    found = same_entry(
        1,
        KIM,
        url,
        known,
        published=published,
        last_read=last_read,
        renamed=[entry_key(id_) for id_ in renamed],
        shared=False,
    )

    assert (found and found.number) == (5 if same else None)


@pytest.mark.parametrize(
    ("added", "known", "is_new"),
    [
        pytest.param(["Wire:"], 1, False, id="one"),
        pytest.param(["Wire:"] * 2, 4, True, id="half of them"),
        pytest.param(["Wire:"] * 2, 5, False, id="less than half"),
        pytest.param(["Wire:"] * 3 + ["Storm:"], 5, True, id="one edited beside them"),
        pytest.param(["Storm:", "Quake:", "Flood:"], 3, False, id="each edited by itself"),
        pytest.param(["Ann", "Bob", "Cleo", "Dan"], 4, False, id="few entries of a small feed"),
        pytest.param([], 0, False, id="none"),
    ],
)
def test_where_most_entries_are_edited_alike_their_template_changed(
    added: list[str], known: int, *, is_new: bool
) -> None:
    edits = [edit(f"Title {n}", f"{words} title {n}") for n, words in enumerate(added)]

    assert list(new_template(edits, known)) == ([edit("", "wire:")] if is_new else [])


def test_where_many_entries_are_edited_at_once_it_is_their_template_whatever_each_gained() -> None:
    edits = [edit(f"Title {n}", f"By author {n}: title {n}") for n in range(LEAST_REWRITTEN)]

    assert set(new_template(edits, 2 * LEAST_REWRITTEN)) == set(edits)
    assert not new_template(edits, 2 * LEAST_REWRITTEN + 1)


HAD = Page("Kim meets Putin in Vladivostok", "https://n.example/kim-meets-putin-5512")
QUAKE = "https://n.example/quake-in-peru-5513"


@pytest.mark.parametrize(
    ("title", "url", "elsewhere", "taken"),
    [
        pytest.param("Quake in Peru", QUAKE, (), True, id="all is another"),
        pytest.param(HAD.title, QUAKE, (), False, id="the same title"),
        pytest.param("Quake in Peru", HAD.url, (), False, id="the same article"),
        pytest.param("Quake in Peru", "https://n.example/", (), False, id="an address of none"),
        pytest.param("Pact signed", QUAKE.replace("5513", "5512"), (), False, id="one number"),
        pytest.param("Kim and Putin sign", QUAKE, (), False, id="words of the headline"),
        pytest.param("Kim and Putin sign", QUAKE, (HAD.url,), True, id="it stands elsewhere"),
    ],
)
def test_an_id_is_taken_over_where_title_and_article_are_others(
    title: str, url: str, elsewhere: tuple[str, ...], *, taken: bool
) -> None:
    assert took_over(Page(title, url), HAD, elsewhere) is taken
