"""Feeds that lead elsewhere, over days: what is believed, told and followed."""

from itertools import pairwise
from pathlib import Path

from clockwork import MINUTE, Town, document
from feed_server import FeedServer


async def test_a_permanent_redirect_is_believed_after_five_polls_over_a_day_and_told(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as old, FeedServer(host="127.0.0.2") as new:
        url = town.add(old.url("/old"), old, new)
        target = new.put("/new", document(3))
        old.put("/old", redirect_to=target, status=301)
        await town.live(hours=23)
        assert town.state(url).address is None
        assert town.notices == []
        await town.live(hours=3)
        asked = len(town.times("/old"))
        await town.live(days=1)

    assert town.state(url).address == target
    assert len(town.times("/old")) == asked  # it is left in peace
    assert len(town.times("/new")) > asked
    (notice,) = town.notices
    assert f"has moved to {target} for good" in notice


async def test_a_place_that_leads_back_to_the_feeds_own_address_is_told_as_that(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/old")
        server.put("/new", document(3))
        server.put("/old", redirect_to="/new", status=301)
        await town.live(hours=26)
        server.put("/old", document(3))
        server.put("/new", redirect_to="/old", status=301)
        await town.live(hours=26)

    moved, back = town.notices
    assert "has moved to" in moved
    assert back == (
        f"feed {url} is asked at its own address again: {server.url('/new')} leads back there"
    )
    assert town.state(url).address is None


async def test_a_temporary_redirect_is_never_believed(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as old, FeedServer(host="127.0.0.2") as new:
        url = town.add(old.url("/old"), old, new)
        old.put("/old", redirect_to=new.put("/new", document(3)), status=302)
        await town.live(days=3)

    assert town.state(url).address is None
    assert len(town.times("/old")) == len(town.times("/new"))


async def test_secrets_do_not_move_along(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as old, FeedServer(host="127.0.0.2") as new:
        town.add(old.url("/old"), old, new, basic_auth="ada:geheim", headers={"X-Key": "k"})
        old.put("/old", redirect_to=new.put("/new", document(3)), status=308)
        await town.live(days=2)

    assert all("authorization" in visit.request.names for visit in town.of("/old"))
    assert town.of("/new")
    assert not any({"authorization", "x-key"} & visit.request.names for visit in town.of("/new"))


async def test_a_new_place_that_is_lost_brings_the_old_one_back(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as old, FeedServer(host="127.0.0.2") as new:
        url = town.add(old.url("/old"), old, new)
        old.put("/old", redirect_to=new.put("/new", document(3)), status=301)
        await town.live(hours=26)
        assert town.state(url).address is not None
        new.put("/new", status=404)
        old.put("/old", document(3))
        await town.live(days=1)

    assert town.state(url).address is None
    assert town.state(url).failures == 0
    assert any("at its own address again" in notice for notice in town.notices)


async def test_feeds_that_lead_to_one_host_are_polite_to_that_one(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="60s")
    with (
        FeedServer() as one,
        FeedServer(host="127.0.0.2") as other,
        FeedServer(host="127.0.0.3") as common,
    ):
        for number, server in enumerate((one, other)):
            target = common.put(f"/{number}", document(3))
            url = server.put("/rss", redirect_to=target)
            town.add(url, server, common, interval="10m")
        await town.live(hours=3)

    times = sorted(visit.at for path in ("/0", "/1") for visit in town.of(path))
    assert len(times) > 20
    assert all(later - earlier >= MINUTE for earlier, later in pairwise(times[2:]))
