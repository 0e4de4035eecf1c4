"""Answers over hours and days: "not modified", a part of the entries, or a document cut off."""

from itertools import pairwise
from pathlib import Path

import pytest
from clockwork import DAY, HOUR, Town, changing, document
from feed_server import Answer, FeedServer


async def test_validators_come_back_byte_for_byte_also_over_restarts(tmp_path: Path) -> None:
    town = Town(tmp_path)
    etag, date = 'W/"a b,c"', "Tuesday, some time ago"
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3), etag=etag, last_modified=date)
        for _ in range(4):
            await town.live(minutes=30)

    first, *later = [visit.request.headers for visit in town.of("/rss")]
    assert "If-None-Match" not in first
    assert {(headers["If-None-Match"], headers["If-Modified-Since"]) for headers in later} == {
        (etag, date)
    }


async def test_not_modified_that_outlasts_the_rhythm_is_doubted_once_a_day(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(8), etag='"1"')
        await town.live(days=4)

    full = [visit.at for visit in town.of("/rss") if "If-None-Match" not in visit.request.headers]
    assert 3 <= len(full) <= 5  # the first, and one a day from then on
    assert all(later - earlier >= DAY for earlier, later in pairwise(full[1:]))


async def test_lying_validators_lose_no_entry_for_longer_than_a_day(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        town.before_poll = changing(server, "/rss", HOUR, etag='"never changes"')
        await town.live(days=3)

    news = town.state(url).rhythm.last_news
    assert news is not None
    assert town.now - news < 1.2 * DAY
    assert town.logged("the server said 'not modified'") >= 2


async def test_a_server_that_always_sends_all_costs_no_second_parse(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.in_turn("/rss", [Answer(document(3).encode(), etag=f'"{n}"') for n in range(500)])
        await town.live(hours=6)

    assert town.state(url).etag == f'"{len(town.times("/rss")) - 1}"'
    assert town.state(url).rhythm.entries == pytest.approx(0, abs=3)


async def test_a_document_that_was_cut_off_is_asked_for_again_as_a_whole(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="15m", max_interval="15m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        whole = document(6)
        part = whole[: whole.index("<item>", whole.index("</item>")) + 40]
        cut = Answer(part.encode(), etag='"1"')
        server.in_turn("/rss", [cut, cut, Answer(whole.encode(), etag='"1"')])
        await town.live(hours=2)

    assert len(town.state(url).keys) == 4 * 6
    sent = ["If-None-Match" in visit.request.headers for visit in town.of("/rss")]
    assert sent[:4] == [False, False, False, True]


async def test_a_226_means_no_gap_and_no_vanished_entry(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss", interval="60m")
        whole, change = document(5).encode(), document(2, start=6).encode()
        server.in_turn(
            "/rss", [Answer(whole, etag='"1"'), Answer(change, 226, headers={"ETag": '"2"'})]
        )
        await town.live(minutes=70)

    first, second = [visit.request.headers for visit in town.of("/rss")]
    assert "A-IM" not in first
    assert second["A-IM"] == "feed"
    assert town.logged("possible gap") == 0
    assert len(town.state(url).keys) == 4 * 7


async def test_a_whole_document_in_an_answer_that_miscounts_is_read_and_not_asked_for_again(
    tmp_path: Path,
) -> None:
    with FeedServer() as server:
        town = Town(tmp_path)
        url = town.feed(server, "/rss")
        server.put("/rss", document(5), declared_length=99_999, etag='"1"')
        await town.live(hours=3)

    state = town.state(url)
    assert (state.failures, state.etag) == (0, '"1"')
    assert {visit.request.headers.get("If-None-Match") for visit in town.of("/rss")[1:]} == {'"1"'}


async def test_the_part_that_came_of_a_document_is_read_and_the_whole_asked_for_anew(
    tmp_path: Path,
) -> None:
    with FeedServer() as server:
        town = Town(tmp_path)
        url = town.feed(server, "/rss")
        server.put("/rss", document(3))  # a first document has to come whole
        await town.live(hours=1)
        server.put("/rss", document(6), mode="cut", etag='"1"')
        await town.live(hours=1)
        part = town.state(url)
        server.put("/rss", document(6), etag='"1"')
        await town.live(hours=1)

    assert (part.failures, part.etag, part.body_hash) == (0, None, None)
    assert 0 < len(part.keys) < len(town.state(url).keys)
    assert town.state(url).etag == '"1"'


async def test_an_answer_of_which_nothing_can_be_read_is_told_to_have_broken_off(
    tmp_path: Path,
) -> None:
    with FeedServer() as server:
        town = Town(tmp_path)
        url = town.feed(server, "/rss")
        server.put("/rss", document(1)[:200], mode="cut")
        await town.live(hours=1)

    assert town.state(url).failures > 0
    assert any("broke off after 100 bytes" in str(line.get("error")) for line in town.logs)
