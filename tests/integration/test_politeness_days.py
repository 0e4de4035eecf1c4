"""Politeness over hours and days: each test is one scenario of a site owner, with its verdict."""

import json
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from clockwork import DAY, HOUR, MINUTE, SECOND, START, Town
from feed_documents import Story, rss
from feed_server import Answer, FeedServer

from watcher.storage.database import Database


def document(
    count: int, *, start: int = 1, extra: str = "", page: str = "", now: datetime = START
) -> str:
    """Return a feed of so many entries, an hour apart; the numbers tell the entries.

    `page` is where it says that older ones are.
    """
    if page:
        extra += f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{page}"/>'
    numbers = range(start, start + count)
    stories = [
        Story(f"Report {n} of the harbour office", age=(start + count - n) * HOUR) for n in numbers
    ]
    return rss("Harbour Times", stories, now=now).replace("<title>", f"{extra}<title>", 1)


def changing(
    server: FeedServer, path: str, every: timedelta, etag: str | None = None
) -> Callable[[datetime], None]:
    """Return what puts a new entry into a feed every so often."""

    def put(now: datetime) -> None:
        number = (now - START) // every
        server.put(path, document(8, start=number + 1), etag=etag)

    put(START)
    return put


# -- the schedule ---------------------------------------------------------------------------------


async def test_a_fixed_interval_is_kept_whatever_the_feed_does(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="10m")
        server.put("/rss", document(3), headers={"Cache-Control": "max-age=3000"})
        await town.live(hours=5)

    assert all(10 * MINUTE <= wait <= 11.1 * MINUTE for wait in town.waits("/rss"))


async def test_a_restart_polls_nothing_early(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="30m")
        server.put("/rss", document(3))
        for _ in range(20):
            await town.live(minutes=6)

    assert 3 <= len(town.times("/rss")) <= 5
    assert all(wait >= 30 * MINUTE for wait in town.waits("/rss"))


async def test_a_hundred_feeds_added_at_once_are_no_herd_at_their_second_poll(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, per_host_delay="0s", interval="60m", max_interval="24h")
    with FeedServer() as server:
        for number in range(60):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", document(3))
        await town.live(minutes=3)
        assert len(town.visits) == 60
        await town.live(hours=2)

    seconds = [town.times(f"/{number}")[1] for number in range(60)]
    fullest = max(sum(at <= other < at + 5 * MINUTE for other in seconds) for at in seconds)
    assert fullest < 30


async def test_a_feed_that_brings_more_is_polled_more_often_within_one_budget(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, interval="60m", min_interval="5m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        town.feed(server, "/busy")
        town.feed(other, "/quiet")
        other.put("/quiet", document(8))
        town.before_poll = changing(server, "/busy", 20 * MINUTE)
        await town.live(days=4)

    busy, quiet = len(town.times("/busy")), len(town.times("/quiet"))
    assert busy > 3 * quiet
    assert busy + quiet < 1.25 * 2 * 4 * 24  # as many as two feeds polled every hour


async def test_weight_gives_a_feed_more_of_the_polls(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        town.feed(server, "/heavy", weight=9)
        town.feed(other, "/light")
        for one, path in ((server, "/heavy"), (other, "/light")):
            one.put(path, document(8))
        await town.live(days=2)

    assert len(town.times("/heavy")) > 2 * len(town.times("/light"))


async def test_who_was_first_on_a_watched_story_is_remembered(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.watch(
        entities={"ferry": {"names": ["ferry"]}},
        topics=[{"id": "ferries", "match": "ferry"}],
        channels={"screen": {"console": True}},
    )
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", rss("Harbour Times", [Story("Ferry line reopens")], now=START))
        await town.live(minutes=1)

    assert town.state(url).firsts == 1


@pytest.mark.parametrize(
    ("headers", "extra"),
    [
        pytest.param({"Cache-Control": "public, max-age=2400"}, "", id="max-age"),
        pytest.param({}, "<ttl>40</ttl>", id="ttl"),
        pytest.param(
            {},
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly'
            '</sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/'
            'syndication/">1</sy:updateFrequency>',
            id="updatePeriod",
        ),
    ],
)
async def test_what_the_publisher_asks_for_is_a_floor(
    tmp_path: Path, headers: dict[str, str], extra: str
) -> None:
    town = Town(tmp_path, interval="5m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3, extra=extra), headers=headers)
        await town.live(hours=8)

    assert min(town.waits("/rss")) >= 40 * MINUTE
    assert max(town.waits("/rss")) <= 66.1 * MINUTE


async def test_a_304_that_is_silent_about_it_leaves_the_floor_as_it_was(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        fresh = {"Cache-Control": "max-age=2400"}
        whole = Answer(document(3).encode(), etag='"1"', headers=fresh)
        server.in_turn("/rss", [whole, Answer(status=304)])
        await town.live(hours=4)

    assert len(town.waits("/rss")) >= 3
    assert min(town.waits("/rss")) >= 40 * MINUTE


async def test_expires_is_a_floor(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="5m")
    with FeedServer() as server:
        town.feed(server, "/rss")

        def put(now: datetime) -> None:
            expires = format_datetime(now + 40 * MINUTE, usegmt=True)
            server.put("/rss", document(3), headers={"Expires": expires})

        town.before_poll = put
        await town.live(hours=8)

    assert min(town.waits("/rss")) >= 38 * MINUTE


async def test_a_wrong_ttl_cannot_silence_a_feed_and_the_conflict_is_kept(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(3, extra="<ttl>36000</ttl>"))
        await town.live(hours=10)

    assert all(60 * MINUTE <= wait <= 66.1 * MINUTE for wait in town.waits("/rss"))
    wish = town.state(url).wish
    assert wish is not None
    assert (wish.word, wish.interval) == ("ttl/updatePeriod", 7 * DAY)


async def test_hours_of_rest_are_kept_as_far_as_the_longest_interval(tmp_path: Path) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(18, 24))
    town = Town(tmp_path, max_interval="12h")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3, extra=f"<skipHours>{hours}</skipHours>"))
        await town.live(days=2)

    assert len(town.times("/rss")) > 50
    assert not [at for at in town.times("/rss") if at.hour >= 18]


async def test_days_of_rest_are_kept(tmp_path: Path) -> None:
    town = Town(tmp_path, max_interval="2d", interval="60m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(3, extra="<skipDays><day>Tuesday</day></skipDays>"))
        await town.live(days=3)

    assert not [at for at in town.times("/rss") if at.weekday() == 1]


# -- what was not modified ------------------------------------------------------------------------


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


# -- servers in trouble ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_holds_for_all_feeds_of_the_host(
    tmp_path: Path, status: int, form: str
) -> None:
    town = Town(tmp_path)
    until = format_datetime(START + 30 * MINUTE + 5 * HOUR, usegmt=True)
    with FeedServer() as server:
        for number in range(4):
            town.feed(server, f"/{number}", interval="5m")
            server.put(f"/{number}", document(3))
        await town.live(minutes=30)
        wait = "18000" if form == "seconds" else until
        server.put("/0", status=status, headers={"Retry-After": wait})
        await town.live(hours=5)
        before = len(town.visits)
        told = town.times("/0")[-1]
        await town.live(hours=2)

    late = [visit.at for visit in town.visits if told < visit.at]
    assert min(late) >= told + 4.9 * HOUR
    assert len(town.visits) > before


@pytest.mark.parametrize("wait", ["0", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1"])
async def test_too_many_requests_with_a_retry_after_that_says_nothing_spares_the_host(
    tmp_path: Path, wait: str
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for number in range(20):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", status=429, headers={"Retry-After": wait})
        await town.live(hours=2)

    assert len(town.visits) < 8


async def test_a_feed_added_to_a_host_that_rests_waits_with_its_neighbours(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/old")
        server.put("/old", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=10)
        new = town.feed(server, "/new")
        server.put("/new", document(3))
        await town.live(minutes=1)
        assert town.state(new).next_due == START + 2 * HOUR  # as `feeds list` says
        await town.live(hours=6)

    assert town.times("/new")[0] - town.times("/old")[0] >= 2 * HOUR


async def test_a_host_keeps_its_rest_when_its_only_feed_gets_another_address(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        old = town.feed(server, "/old")
        server.put("/old", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=10)
        town.drop(old)
        town.feed(server, "/new")
        server.put("/new", document(3))
        await town.live(hours=3)

    assert town.times("/new")[0] - town.times("/old")[0] >= 2 * HOUR


async def test_a_feed_that_returns_to_the_configuration_waits_for_its_host(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        once = town.feed(server, "/once")
        server.put("/once", document(3))
        await town.live(minutes=5)
        town.drop(once)
        town.feed(server, "/busy")
        server.put("/busy", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=90)
        town.feed(server, "/once")
        await town.live(hours=3)

    assert town.times("/once")[1] - town.times("/busy")[0] >= 2 * HOUR


async def test_one_feed_that_is_always_sent_away_does_not_silence_its_neighbours(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for path in ("/unwelcome", "/one", "/two"):
            town.feed(server, path)
            server.put(path, document(3))
        server.put("/unwelcome", status=429, headers={"Retry-After": "36000"})
        await town.live(days=4)

    for path in ("/one", "/two"):
        assert len(town.times(path)) >= 8
        assert max(town.waits(path)) < 12 * HOUR


async def test_a_retry_after_of_a_month_counts_for_a_day(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=429, headers={"Retry-After": "2592000"})
        await town.live(days=2.9)

    assert all(DAY <= wait < 1.3 * DAY for wait in town.waits("/rss"))
    assert len(town.times("/rss")) == 3


async def test_a_dead_server_is_asked_ever_less_for_all_its_feeds_together(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for number in range(12):
            town.feed(server, f"/{number}")
            server.put(f"/{number}", document(3))
        await town.live(hours=1)
        healthy = len(town.visits)
        for number in range(12):
            server.put(f"/{number}", status=500)
        await town.live(days=2)

    dead = town.visits[healthy:]
    assert len(dead) < 60  # 12 feeds on their own would ask 130 times
    waits = [later.at - earlier.at for earlier, later in pairwise(dead)]
    assert max(waits) > 3 * HOUR


async def test_feeds_that_failed_together_return_one_by_one(tmp_path: Path) -> None:
    town = Town(tmp_path, per_host_delay="0s")
    with FeedServer() as server:
        for number in range(10):
            town.feed(server, f"/{number}", interval="60m")
            server.put(f"/{number}", status=429, headers={"Retry-After": "7200"})
        await town.live(minutes=1)
        assert len(town.visits) == 1
        for number in range(10):
            server.put(f"/{number}", document(3))
        await town.live(hours=3)

    back = sorted(town.times(f"/{number}")[0] for number in range(1, 10))
    assert back[0] >= START + 2 * HOUR
    assert len(set(back)) == 9
    assert back[-1] - back[0] > MINUTE


async def test_one_broken_feed_does_not_silence_its_neighbours(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        for path in ("/well", "/broken"):
            town.feed(server, path, interval="15m")
        server.put("/well", document(3))
        server.put("/broken", status=503)
        await town.live(days=1)

    assert len(town.times("/well")) > 80
    assert len(town.times("/broken")) < 15


@pytest.mark.parametrize(
    ("status", "words"),
    [(410, "gone for good"), (404, "there is no feed at this address (404)")],
)
async def test_a_feed_that_is_gone_is_asked_daily_for_ever_and_told_once(
    tmp_path: Path, status: int, words: str
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=status)
        for _ in range(6):
            await town.live(days=5)

    assert len(town.notices) == 1
    assert words in town.notices[0]
    assert all(0.7 * DAY <= wait <= 1.3 * DAY for wait in town.waits("/rss")[-20:])


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "set basic_auth_file"), (403, "if it blocks our User-Agent, set user_agent")],
)
async def test_a_refusal_tells_what_to_set(tmp_path: Path, status: int, words: str) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=status)
        await town.live(days=2)

    (notice,) = town.notices
    assert words in notice
    assert len(town.times("/rss")) < 20


async def test_a_feed_is_sick_once_and_well_once_over_any_number_of_restarts(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="15m")
        server.put("/rss", document(3))
        await town.live(hours=1)
        server.put("/rss", status=500)
        await town.live(minutes=40)
        assert town.notices == []  # not for three intervals yet
        for _ in range(12):
            await town.live(hours=1)
        server.put("/rss", document(3))
        for _ in range(4):
            await town.live(hours=6)

    sick, well = town.notices
    assert "is sick" in sick
    assert "in trouble (500)" in sick
    assert "is well again" in well


async def test_no_feed_is_ever_given_up(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", status=500)
        await town.live(days=60)

    last_week = [at for at in town.times("/rss") if at > town.now - 7 * DAY]
    assert 7 * 4 <= len(last_week) <= 7 * 6


async def test_a_feed_that_answers_and_brings_nothing_is_told_as_stale_once(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/rss", interval="6h")
        put = changing(server, "/rss", 2 * HOUR)
        town.before_poll = lambda now: put(min(now, START + 3 * DAY))
        await town.live(days=6)
        assert town.notices == []
        for _ in range(3):
            await town.live(days=3)

    (notice,) = town.notices
    assert "is stale: it answers, but had nothing new for 3 days" in notice


async def test_time_in_which_nobody_looked_counts_neither_as_silence_nor_as_watched(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        url = town.feed(server, "/rss")

        def put(now: datetime) -> None:
            hours = (now - START) // HOUR
            server.put("/rss", document(8, start=hours + 1, now=START + hours * HOUR))

        town.before_poll = put
        put(START)
        await town.live(days=4)
        learned = town.state(url).rhythm
        town.now += 14 * DAY
        await town.live(hours=4)

    kept = town.state(url).rhythm
    assert kept.longest_silence
    assert kept.longest_silence < 3 * HOUR
    assert kept.entries >= 0.9 * learned.entries


async def test_a_feed_without_dates_can_be_stale_too(tmp_path: Path) -> None:
    town = Town(tmp_path)
    items = "".join(f"<item><title>Ferry line {n}</title><guid>{n}</guid></item>" for n in (1, 2))
    with FeedServer() as server:
        url = town.feed(server, "/rss", interval="6h")
        server.put("/rss", f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>')
        await town.live(days=27)
        assert town.notices == []
        await town.live(days=10)

    assert town.notices == [f"feed {url} is stale: it answers, but had nothing new for 28 days"]


# -- moves ----------------------------------------------------------------------------------------


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


# -- gaps -----------------------------------------------------------------------------------------


async def test_nothing_left_of_the_last_poll_is_a_gap_and_the_next_poll_comes_sooner(
    tmp_path: Path,
) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.in_turn(
            "/rss", [Answer(document(5).encode()), Answer(document(5, start=100).encode())]
        )
        await town.live(hours=4)

    assert town.logged("possible gap") == 1
    _, second, *_ = town.waits("/rss")
    assert second < 0.75 * 60 * MINUTE


async def test_old_entries_that_come_up_again_are_no_news_and_no_gap(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        url = town.feed(server, "/most-read")
        town.feed(other, "/steady")
        other.put("/steady", document(8))
        turns = [document(10, start=1 + 10 * turn) for turn in range(4)]

        def put(now: datetime) -> None:
            server.put("/most-read", turns[now.hour % 4])

        town.before_poll = put
        put(START)
        await town.live(days=8)

    read, steady = (len(town.times(path)) for path in ("/most-read", "/steady"))
    assert read < 3 * steady  # it was new as a whole in the beginning
    assert town.logged("possible gap") <= 4
    assert f"feed {url} is stale" in " ".join(town.notices)


@pytest.mark.parametrize("link", ["steady", "new"])
async def test_ids_that_are_new_at_every_fetch_make_no_feed_busy_and_no_gap(
    tmp_path: Path, link: str
) -> None:
    town = Town(tmp_path, interval="60m", max_interval="24h")
    with FeedServer() as server, FeedServer(host="127.0.0.2") as other:
        feeds = {server: "/random", other: "/steady"}
        for one, path in feeds.items():
            town.feed(one, path)

        def put(now: datetime) -> None:
            quiet = document(8)
            other.put("/steady", quiet)
            random = quiet.replace("<guid>", f"<guid>{now:%d%H%M%S}-")
            if link == "new":
                random = random.replace("org/report", f"org/{now:%d%H%M%S}/report")
            server.put("/random", random)

        town.before_poll = put
        put(town.now)
        await town.live(days=3)

    assert town.logged("possible gap") == 0
    random, steady = (len(town.times(path)) for path in feeds.values())
    assert random < 1.5 * steady
    assert sum(line.get("new", 0) for line in town.logs if line["event"] == "feed polled") <= 16


@pytest.mark.parametrize("kind", ["json", "damaged"])
async def test_ids_that_are_new_at_every_fetch_make_no_gap_in_any_format(
    tmp_path: Path, kind: str
) -> None:
    town = Town(tmp_path)
    with FeedServer() as server:
        town.feed(server, "/feed")

        def put(now: datetime) -> None:
            plain = document(5).replace("<guid>", f"<guid>{now:%d%H%M%S}-")
            damaged = plain.replace("</channel>", "<b></channel>")
            server.put("/feed", _as_json(now) if kind == "json" else damaged)

        town.before_poll = put
        await town.live(hours=6)

    assert town.logged("possible gap") == 0
    assert len(town.visits) < 30


def _as_json(now: datetime) -> str:
    items = [
        {
            "id": f"{now:%d%H%M%S}-{number}",
            "title": f"Report {number} of the harbour office",
            "url": f"https://harbour.example.org/report-{number}-of-the-harbour-office",
            "date_published": (START - number * HOUR).isoformat(),
        }
        for number in range(5)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


async def test_a_document_that_is_empty_for_once_takes_no_rhythm_away(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m", max_interval="2h")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        put = changing(server, "/rss", 2 * HOUR)
        town.before_poll = put
        await town.live(days=3)
        learned = town.state(url)
        town.before_poll = lambda _now: None
        server.put("/rss", document(0))
        await town.live(hours=2.5)
        assert town.logged("possible gap") == 0
        assert town.state(url).read_at != learned.read_at
        assert town.state(url).emptied
        town.before_poll = put
        await town.live(hours=2.5)

    assert not town.state(url).emptied
    assert learned.rhythm.entries > 20
    assert town.state(url).rhythm.entries > 0.9 * learned.rhythm.entries


async def test_older_pages_are_read_until_the_gap_is_closed(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        server.put("/rss", document(5, start=14, page="/page2"))
        server.put("/page2", document(5, start=9, page="/page3"))
        server.put("/page3", document(5, start=4, page="/page4"))
        await town.live(hours=2)

    assert [len(town.times(f"/page{number}")) for number in (2, 3, 4)] == [1, 1, 0]
    assert town.times("/page3")[0] - town.times("/page2")[0] >= 5 * SECOND  # as any two requests
    assert "if-none-match" not in town.of("/page2")[0].request.names
    assert town.state(url).page is None
    entries = sum(line.get("new", 0) for line in town.logs if line["event"] == "feed polled")
    assert entries == 18  # 1 to 18, none missing


@pytest.mark.parametrize("last_leads_to", ["/page3", "/page2", "/rss"])
async def test_pages_that_lead_in_a_circle_are_read_once_for_a_gap(
    tmp_path: Path, last_leads_to: str
) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        before = town.state(url).rhythm.entries
        server.put("/rss", document(5, start=120, page="/page2"))
        server.put("/page2", document(5, start=110, page="/page3"))
        server.put("/page3", document(5, start=100, page=last_leads_to))
        await town.live(hours=2)

    assert len(town.times("/page3")) == 1
    assert len(town.times("/page2")) == 1 + (last_leads_to == "/page2")
    assert town.state(url).page is None
    assert town.state(url).rhythm.entries - before <= 15


async def test_a_page_that_was_read_for_an_earlier_gap_is_no_news(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        server.put("/page2", document(5, start=100, page="/page2"))
        server.put("/rss", document(5, start=120, page="/page2"))
        await town.live(hours=2)
        before = town.state(url).rhythm.entries
        server.put("/rss", document(5, start=140, page="/page2"))
        await town.live(hours=2)

    assert len(town.times("/page2")) == 2
    assert town.state(url).rhythm.entries - before <= 5


async def test_a_feed_whose_first_page_is_itself_is_not_asked_twice(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        server.put("/rss", document(5, start=100, page="/rss"))
        await town.live(hours=2)

    assert min(town.waits("/rss")) > 5 * MINUTE


async def test_pages_that_fail_or_never_end_are_given_up(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        server.put("/rss", document(5, start=100, page="/p"))
        server.put("/p", status=500)
        await town.live(hours=2)

    assert len(town.times("/p")) == 1
    assert (town.state(url).page, town.state(url).failures) == (None, 0)
    assert len(town.times("/rss")) > 2


@pytest.mark.parametrize("answer", [{"status": 404}, {"body": "<html><p>Archive</p></html>"}])
async def test_a_page_that_cannot_be_read_is_told_by_its_own_name_and_no_trouble_of_the_feed(
    tmp_path: Path, answer: dict[str, Any]
) -> None:
    town = Town(tmp_path, interval="60m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        server.put("/rss", document(5, start=100, page="/p"))
        page = server.put("/p", **answer)
        for _ in range(24):
            if not town.times("/p"):  # nothing must follow it
                await town.live(minutes=5)

    with Database.open(tmp_path / "watcher.db") as database, database.read() as tx:
        assert [row.last_error for row in tx.feeds.all()] == [None]
    [told] = [line for line in town.logs if line["log_level"] == "warning" and "page" in line]
    assert (told["event"], told["url"], told["page"]) == (
        "an older page of the feed cannot be read",
        url,
        page,
    )
    assert town.logged("poll failed") == 0


async def test_a_page_that_sends_us_away_holds_for_its_feed_too(tmp_path: Path) -> None:
    town = Town(tmp_path, interval="30m")
    with FeedServer() as server:
        url = town.feed(server, "/rss")
        server.put("/rss", document(5))
        await town.live(minutes=5)
        server.put("/rss", document(5, start=100, page="/p"))
        server.put("/p", status=429, headers={"Retry-After": "7200"})
        await town.live(hours=4)

    (refused,) = town.times("/p")
    assert not [at for at in town.times("/rss") if refused < at < refused + 2 * HOUR]
    assert len(town.times("/rss")) > 2
    assert (town.state(url).page, town.state(url).failures) == (None, 0)


# -- our own network ------------------------------------------------------------------------------


async def test_while_we_are_offline_nothing_is_blamed_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_name_server(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_name_server)
    town = Town(tmp_path)
    urls = [town.add(f"http://outlet-{number}.invalid/rss") for number in range(6)]
    await town.live(minutes=1)
    database = tmp_path / "watcher.db"
    sizes = []
    town.before_poll = lambda _now: sizes.append(_bytes_of(database))
    await town.live(minutes=10)

    states = [town.state(url) for url in urls]
    assert [state.failures for state in states] == [0] * 6
    assert town.logged("we seem to be offline") == 2  # once a run
    assert len(sizes) > 20
    assert len(set(sizes[12:])) == 1


PORTAL = "<!DOCTYPE html><html><head><title>Hotel</title></head><body>log in</body></html>"


HANG_UP = {"body": "", "mode": "hang_up"}


@pytest.mark.parametrize(
    ("feeds", "portal"),
    [
        pytest.param(2, None, id="refused, two"),
        pytest.param(2, {"body": PORTAL}, id="a login page, two"),
        pytest.param(5, {"body": PORTAL}, id="a login page, five"),
        pytest.param(3, HANG_UP, id="closed without a byte"),
    ],
)
async def test_few_feeds_are_not_blamed_for_a_network_that_is_gone_or_a_login_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feeds: int, portal: dict[str, Any] | None
) -> None:
    monkeypatch.setattr("watcher.service.polling.network.is_near", lambda _host: False)
    town = Town(tmp_path)
    servers = [FeedServer(host=f"127.0.0.{2 + number}") for number in range(feeds)]
    urls = [town.feed(server, "/rss") for server in servers]
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
            server.put("/rss", document(5))
        await town.live(hours=3)
        for server in servers:
            server.put("/rss", **portal) if portal else server.go_away()
        await town.live(hours=8)
        assert [town.state(url).failures for url in urls] == [0] * feeds
        for server in servers:
            if not portal:
                server.come_back()
            server.put("/rss", document(6))
        await town.live(minutes=20)

    assert [text for text in town.notices if "no feed could be reached" not in text] == []
    assert len([visit for visit in town.visits if visit.at >= town.now - 20 * MINUTE]) >= feeds


def _bytes_of(database: Path) -> Sequence[int]:
    files = (database, database.with_name(f"{database.name}-wal"))
    return tuple(file.stat().st_size for file in files if file.exists())


# -- answers that break off -----------------------------------------------------------------------


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
