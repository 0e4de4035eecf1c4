"""Hosts over days: those that lead elsewhere, that send us away, and that fail as a whole."""

from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from clockwork import HOUR, MINUTE, START, Town, document
from feed_server import FeedServer

from watcher.storage.database import Database


async def test_a_host_that_leads_to_many_others_is_asked_for_one_feed_at_a_time(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, per_host_delay="5s")
    with ExitStack() as stack:
        leading = stack.enter_context(FeedServer(host="127.0.0.2"))
        for number in range(8):
            other = stack.enter_context(FeedServer(host=f"127.0.1.{number + 1}"))
            target = other.put("/rss", document(3))
            url = leading.put(f"/{number}", redirect_to=target)
            town.add(url, leading, other, interval="10m")
        await town.live(hours=1)
        town.now += 8 * HOUR  # all are overdue
        await town.live(minutes=5)

    asked = sorted(visit.at for visit in town.visits if visit.path != "/rss")
    assert len(asked) > 40
    assert all(later - earlier >= 5 * MINUTE / 60 for earlier, later in pairwise(asked))


async def test_who_sends_us_away_is_spared_and_not_whom_it_used_to_lead_to(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="1s")
    with (
        FeedServer(host="127.0.0.2") as leading,
        FeedServer(host="127.0.0.3") as own,
        FeedServer(host="127.0.0.4") as other,
    ):
        town.add(own.put("/own", document(3)), own, interval="10m")
        for path, server in (("/a", own), ("/b", other)):
            target = server.put("/led", document(3))
            town.add(leading.put(path, redirect_to=target), leading, server, interval="10m")
        await town.live(hours=1)
        leading.put("/a", status=429, headers={"Retry-After": "86400"})
        before = {path: len(town.times(path)) for path in ("/own", "/a", "/b")}
        await town.live(hours=12)

    asked = {path: len(town.times(path)) - before[path] for path in before}
    assert asked["/own"] > 60
    assert asked["/a"] == 1
    assert asked["/b"] <= 1  # it may have been on its way


async def test_a_host_that_a_first_poll_was_led_to_keeps_its_rest_over_restarts(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, per_host_delay="1s")
    with FeedServer(host="127.0.0.2") as leading, FeedServer(host="127.0.0.3") as busy:
        target = busy.put("/led", status=429, headers={"Retry-After": "7200"})
        town.add(leading.put("/away", redirect_to=target), leading, busy)
        await town.live(minutes=5)
        town.add(leading.put("/own", document(3)), leading)
        town.add(busy.put("/late", document(3)), busy)
        await town.live(hours=3)

    assert town.times("/own")[0] < START + 10 * MINUTE
    assert town.times("/late")[0] >= START + 2 * HOUR


async def test_a_host_that_leads_elsewhere_keeps_its_rest_over_restarts_and_the_other_is_free(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, per_host_delay="1s")
    with FeedServer(host="127.0.0.2") as leading, FeedServer(host="127.0.0.3") as other:
        for path in ("/a", "/b"):
            target = other.put("/led", document(3))
            town.add(leading.put(path, redirect_to=target), leading, other)
        await town.live(hours=1)
        leading.put("/a", status=429, headers={"Retry-After": "36000"})
        leading.put("/b", status=429, headers={"Retry-After": "36000"})
        await town.live(hours=1.5)
        since = town.now
        town.add(other.put("/free", document(3)), other)
        town.add(leading.put("/spared", document(3)), leading)
        await town.live(hours=2)

    assert town.times("/free")[0] < since + MINUTE
    assert town.times("/spared") == []


async def test_a_doubt_that_cannot_be_settled_is_raised_once_a_day(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(8), etag='"1"')
        await town.live(hours=2)
        server.put("/rss", document(8), etag='"1"', declared_length=10**12)  # too long for us
        await town.live(days=3)

    plain = [visit for visit in town.of("/rss") if "If-None-Match" not in visit.request.headers]
    assert 2 <= len(plain) <= 1 + 3
    assert town.state(url).failures <= 1
    assert not town.state(url).sick


async def test_a_host_that_fails_as_a_whole_is_told_of_on_the_first_day(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for number in range(10):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", document(3, start=10 * number + 1))
        await town.live(hours=6)
        for number in range(10):
            server.put(f"/{number}", status=500)
        await town.live(days=1)

    assert any("is sick" in notice for notice in town.notices)


async def test_what_was_wrong_with_a_feed_is_shown_while_its_host_rests(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        gone = town.feed(server, "/gone")
        town.feed(server, "/busy")
        for path in ("/gone", "/busy"):
            server.put(path, document(3))
        await town.live(hours=1)
        server.put("/gone", status=404)
        await town.live(hours=1)
        server.put("/busy", status=429, headers={"Retry-After": "40000"})
        await town.live(hours=2)

    with Database.open(town._database) as database, database.read() as tx:
        errors = {row.url: row.last_error for row in tx.feeds.all()}
    assert "404" in str(errors[gone])


async def test_a_host_in_the_middle_of_a_way_is_asked_at_its_pace(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="5s")
    with ExitStack() as stack:
        middle = stack.enter_context(FeedServer(host="127.0.0.2"))
        for number in range(6):
            own = stack.enter_context(FeedServer(host=f"127.0.1.{number + 1}"))
            real = own.put("/real", document(3))
            by = middle.put(f"/{number}", redirect_to=real)
            town.add(own.put("/rss", redirect_to=by), own, middle, interval="10m")
        await town.live(hours=1)
        town.now += 8 * HOUR  # all are overdue
        await town.live(hours=1)

    asked = sorted(visit.at for visit in town.visits if visit.path not in ("/rss", "/real"))
    assert len(asked) >= 6 * 2 * 5
    assert all(later - earlier >= 5 * MINUTE / 60 for earlier, later in pairwise(asked))
    first_round = [visit for visit in town.of("/rss") if visit.at < START + 5 * MINUTE]
    assert len(first_round) <= 6 * 2  # who was led there in vain came once more


@pytest.mark.parametrize("page", ["", "<html><title>Out of order</title></html>"])
async def test_a_host_that_all_are_led_to_in_vain_is_asked_at_its_pace(
    tmp_path: Path, page: str
) -> None:
    town = Town(tmp_path, per_host_delay="5s", timeout="1s")
    with ExitStack() as stack:
        target = stack.enter_context(FeedServer(host="127.0.0.2"))
        for number in range(6):
            own = stack.enter_context(FeedServer(host=f"127.0.1.{number + 1}"))
            to = target.put(f"/{number}", page, mode="whole" if page else "hang_up")
            town.add(own.put("/rss", redirect_to=to), own, target, interval="10m")
        await town.live(hours=1)

    asked = sorted(visit.at for visit in town.visits if visit.path != "/rss")
    assert len(asked) >= 5
    assert all(later - earlier >= 5 * MINUTE / 60 for earlier, later in pairwise(asked))


async def test_a_target_that_gives_no_answer_is_waited_for_in_common(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="1s")
    with ExitStack() as stack:
        target = stack.enter_context(FeedServer(host="127.0.0.2"))
        for number in range(6):
            own = stack.enter_context(FeedServer(host=f"127.0.1.{number + 1}"))
            to = target.put(f"/{number}", mode="hang_up")
            town.add(own.put("/rss", redirect_to=to), own, target, interval="10m")
        await town.live(minutes=9)

    assert sum(visit.path != "/rss" for visit in town.visits) == 2  # the others wait with them


async def test_hosts_that_lead_to_each_other_are_both_asked_at_their_pace(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="5s")
    with FeedServer(host="127.0.0.2") as one, FeedServer(host="127.0.0.3") as other:
        for number in range(3):
            for name, own, led_to in (("one", one, other), ("other", other, one)):
                target = led_to.put(f"/from/{name}/{number}", document(3))
                url = own.put(f"/{name}/{number}", redirect_to=target)
                town.add(url, one, other, interval="10m")
        await town.live(hours=1)

    for paths in (("/one", "/from/other"), ("/other", "/from/one")):
        asked = sorted(visit.at for visit in town.visits if visit.path.startswith(paths))
        assert len(asked) >= 2 * 3 * 5
        assert all(later - earlier >= 5 * MINUTE / 60 for earlier, later in pairwise(asked))
