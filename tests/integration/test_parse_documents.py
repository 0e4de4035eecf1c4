"""`watcher parse` and the parser on the shared documents, real and hostile."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from warm_process import run

from watcher.errors import FeedError
from watcher.feeds.delta import recall
from watcher.feeds.parse import parse_feed
from watcher.feeds.parsed import ParsedFeed, entry_key

FEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds"
NOW = datetime(2026, 11, 22, 21, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not FEEDS.is_dir(), reason="the shared feed documents are not on this machine"
)


def rows(name: str) -> list[dict[str, Any]]:
    path = FEEDS / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


REAL, HOSTILE = rows("manifest.jsonl"), rows("hostile.jsonl")


def read(file: str) -> ParsedFeed:
    return parse_feed((FEEDS / file).read_bytes(), content_type=None, url="", now=NOW)


@cache
def outcome(file: str) -> ParsedFeed | str:
    try:
        return read(file)
    except FeedError as error:
        return str(error)


@pytest.mark.parametrize("part", range(4))
def test_real_documents_give_as_many_entries_as_feedparser_finds(part: int) -> None:
    counts = {row["file"]: len(read(row["file"]).entries) for row in REAL[part::4]}

    assert counts == {row["file"]: row["entries"] for row in REAL[part::4]}


def test_hostile_documents_give_the_entries_that_are_known_to_be_in_them() -> None:
    for row in HOSTILE:
        if row["expect_entries"] is not None:
            found = outcome(row["file"])
            count = 0 if isinstance(found, str) else len(found.entries)
            assert count == row["expect_entries"], (row["file"], found)


def test_every_bomb_ends_as_a_clear_problem() -> None:
    bombs = [row["file"] for row in HOSTILE if "bomb" in row["kind"]]
    found = {file: outcome(file) for file in bombs}

    assert len(found) == 15
    assert all(feed if isinstance(feed, str) else feed.problems for feed in found.values())


def variants() -> Iterator[tuple[str, dict[str, str]]]:
    """Group the documents that are one text in one encoding, declared, lying and undeclared."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for row in HOSTILE:
        if row["kind"].startswith("enc-"):
            stem, number = row["file"].removesuffix(".xml").rsplit("_", 1)
            encoding, claim = stem.removesuffix("_utf8").rsplit("_", 1)
            groups[f"{encoding}_{number}"][claim] = row["file"]
    yield from groups.items()


def test_a_lying_or_missing_encoding_changes_no_title() -> None:
    for name, files in variants():
        found = {claim: titles(outcome(file)) for claim, file in files.items()}
        assert found["declared"]
        assert found == dict.fromkeys(found, found["declared"]), name


def titles(feed: ParsedFeed | str) -> list[str]:
    return [] if isinstance(feed, str) else [entry.title for entry in feed.entries]


@pytest.mark.parametrize(
    "row",
    [row for number, row in enumerate(HOSTILE) if number % 25 == 0 or row["kind"] == "gzip-bomb"],
    ids=lambda row: row["file"],
)
def test_the_command_always_prints_the_object(row: dict[str, Any]) -> None:
    done = run("parse", row["file"], "--json", cwd=FEEDS)
    code, printed = done.returncode, json.loads(done.stdout)

    assert set(printed) == {"feed", "entries", "problems"}
    assert code == (printed["feed"] is None)
    assert printed["feed"] or printed["problems"]


@pytest.mark.parametrize("part", range(4))
def test_a_delta_parse_of_every_real_document_reads_what_a_whole_one_does(part: int) -> None:
    cut = 0
    for row in REAL[part::4]:
        body, whole = (FEEDS / row["file"]).read_bytes(), read(row["file"])
        remembered = list(recall(whole.memory))
        for new in {0, 1, 2, len(remembered) // 2}:
            before = b"".join(b"".join(known) for known in remembered[new:])
            rest = parse_feed(body, content_type=None, url="", now=NOW, memory=before)
            left = [entry for entry in whole.entries if entry_key(entry.id) not in rest.known]

            assert list(rest.entries) == left, row["file"]
            assert (rest.title, rest.link, rest.language, rest.ttl, rest.keys, rest.memory) == (
                *(whole.title, whole.link, whole.language, whole.ttl),
                *(whole.keys, whole.memory),
            ), row["file"]
            cut += bool(rest.known)
    assert cut > len(REAL[part::4]) * 3  # else the cases above say little


def test_hostile_documents_read_the_same_with_a_memory_of_themselves() -> None:
    for row in HOSTILE:
        whole = outcome(row["file"])
        if isinstance(whole, ParsedFeed) and whole.memory:
            body = (FEEDS / row["file"]).read_bytes()
            rest = parse_feed(body, content_type=None, url="", now=NOW, memory=whole.memory)

            assert (rest.keys, rest.memory) == (whole.keys, whole.memory), row["file"]
            assert set(rest.entries) <= set(whole.entries)
