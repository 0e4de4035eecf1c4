"""The poller under a clock of its own, with outlets that answer when the test says so."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import pytest
from poll_values import hear_nothing
from structlog.testing import capture_logs

from watcher.config.settings import FeedTable, PollingTable
from watcher.errors import FeedError, StorageError
from watcher.feeds.backoff import SICK_FAILURES
from watcher.feeds.fetch import Fetched, NotItsTurnError, Request
from watcher.feeds.hosts import host_of
from watcher.feeds.parsed import ParsedEntry, ParsedFeed
from watcher.feeds.schedule import PollState
from watcher.service.polling.outage import Outage
from watcher.service.polling.poller import Poller
from watcher.service.polling.unkept import Finish
from watcher.service.polling.visit import Fetch, PolledFeed, PollOutcome

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

LOST = FeedError("the host name cannot be found", network=True)
TROUBLE = FeedError("the server is in trouble (500)", status=500)

Answer = bytes | FeedError | Exception | Fetched


def answered(body: bytes | None = b"a", status: int = 200, **fields: Any) -> Fetched:
    blank: dict[str, Any] = {
        "etag": None,
        "last_modified": None,
        "content_type": None,
        "url": "",
        "moved_to": None,
        "max_age": None,
    }
    return Fetched(status=status, body=body, **{**blank, **fields})


@dataclass
class World:
    """Clock, outlets and storage in one; what happens is written down.

    A body is a comma-separated list of entry ids; b"html" is no feed. What comes from the address
    `refused` cannot be kept. `leads` names the host that an address leads to.
    """

    now: datetime = START
    answers: dict[str, Answer] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    in_flight: list[str] = field(default_factory=list)
    kept: list[PollOutcome] = field(default_factory=list)
    announced: list[bool] = field(default_factory=list)
    remembered: list[bytes] = field(default_factory=list)
    keeps: PollState | None = None
    broken: Exception | None = None
    refused: str = ""
    leads: dict[str, str] = field(default_factory=dict)
    turned_away: int = 0
    has_way_out: bool = True
    is_cut_off: bool = False
    on_excuse: Callable[[], Awaitable[None]] | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def poller(
        self, *, fetch: Fetch | None = None, finish: Finish | None = None, **polling: Any
    ) -> Poller:
        return Poller(
            fetch or self.fetch,
            self.parse,
            finish or self.finish,
            settings=PollingTable.model_validate({"per_host_delay": "5s", **polling}),
            clock=lambda: self.now,
            hear=hear_nothing,
            announce=self.announce,
            chance=lambda: 0.0,
            has_way_out=lambda: self.has_way_out,
        )

    async def polling(self, feeds: list[PolledFeed], **parts: Any) -> Poller:
        """Return a poller that has these feeds, and waits for its first tick."""
        poller = self.poller(**parts)
        await poller.replace(feeds)
        return poller

    async def tick(self, poller: Poller, *, kept: int) -> list[PollOutcome]:
        """Have a poller start what is due, and return all that was kept, so much of it."""
        await poller.tick()
        return await self.kept_in_all(kept)

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.asked]

    async def fetch(self, request: Request) -> Fetched:
        self.asked.append(request)
        self.in_flight.append(request.url)
        try:
            await self.notify()
            if host := self.leads.get(request.url):
                assert request.admit is not None
                if not await request.admit(host):
                    self.turned_away += 1
                    await self.notify()
                    raise NotItsTurnError(host)
            if gate := self.gates.get(request.url):
                await gate.wait()
            answer = self.answers.get(request.url, b"a")
            if isinstance(answer, Exception):
                raise answer
            fetched = answered(answer) if isinstance(answer, bytes) else answer
            return replace(fetched, url=fetched.url or request.url)
        finally:
            self.in_flight.remove(request.url)

    async def parse(
        self, body: bytes, _type: str | None, _url: str, _now: datetime, memory: bytes = b"", /
    ) -> ParsedFeed:
        self.remembered.append(memory)
        if body == b"html":
            raise FeedError("this is a web page, not a feed")
        entries = tuple(
            ParsedEntry(name, name, "", "", None, None, "", None)
            for name in body.decode().split(",")
        )
        return ParsedFeed("", "", None, entries, (), ttl=None, memory=body, cut_off=self.is_cut_off)

    async def finish(self, outcome: PollOutcome) -> PollState:
        if self.broken is not None:
            raise self.broken
        if outcome.parsed and outcome.feed.settings.url == self.refused:
            raise StorageError("the database refuses it")
        self.kept.append(outcome)
        if self.on_excuse and not outcome.is_poll:
            excuse, self.on_excuse = self.on_excuse, None
            await excuse()
        await self.notify()
        return self.keeps or outcome.state

    async def announce(self, outage: Outage | None) -> None:
        self.announced.append(outage is not None)

    async def notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(condition)

    async def kept_in_all(self, count: int) -> list[PollOutcome]:
        await self.until(lambda: len(self.kept) >= count)
        await asyncio.sleep(0)  # the poll's own task ends after it was kept
        await asyncio.sleep(0)
        assert len(self.kept) == count
        return self.kept


def feed(
    number: int = 1, url: str = "", state: PollState | None = None, **settings: Any
) -> PolledFeed:
    table = FeedTable.model_validate({"url": url or f"https://{number}.example/", **settings})
    return PolledFeed(number, table, state or PollState())


def siblings(count: int) -> list[PolledFeed]:
    return [feed(number, f"https://a.example/{number}") for number in range(1, count + 1)]


async def poll_one(world: World, polled: PolledFeed, **polling: Any) -> PollOutcome:
    await world.poller(**{"per_host_delay": "0s", **polling}).poll_due([polled])
    return world.kept[-1]


async def test_a_poll_yields_entries_and_the_state_to_keep() -> None:
    world = World()
    world.answers["https://1.example/"] = answered(b"x,y", etag='"1"', last_modified="then")

    outcome = await poll_one(world, feed())

    assert outcome.parsed is not None
    assert [entry.id for entry in outcome.parsed.entries] == ["x", "y"]
    assert outcome.error is None
    assert outcome.body_hash == blake2b(b"x,y", digest_size=16).digest() == outcome.state.body_hash
    assert (outcome.state.etag, outcome.state.last_modified) == ('"1"', "then")
    assert outcome.state.last_success == outcome.at == START
    assert outcome.state.next_due is not None
    assert 10 * MINUTE < outcome.state.next_due - START < 20 * MINUTE  # one feed has all the polls
    assert world.kept == [outcome]


async def test_the_next_request_carries_the_validators_and_the_settings() -> None:
    world = World()
    state = PollState(etag='W/"1"', last_modified="then")
    polled = feed(
        state=state,
        headers={"X-Key": "k"},
        basic_auth="ada:geheim",
        proxy="http://proxy.example:3128",
        tls_verify=False,
        allow_private=["10.0.0.0/8"],
    )

    await poll_one(world, polled)

    [request] = world.asked
    assert (request.etag, request.last_modified) == ('W/"1"', "then")
    assert (request.headers, request.basic_auth) == ({"X-Key": "k"}, "ada:geheim")
    assert (request.proxy, request.tls_verify) == ("http://proxy.example:3128", False)
    assert [str(network) for network in request.allow_private] == ["10.0.0.0/8"]


async def test_a_round_holds_no_document_that_was_kept() -> None:
    world = World()

    [outcome] = await world.poller().poll_due([feed()])

    [kept] = world.kept
    assert kept.parsed is not None
    assert outcome.fetched is not None
    assert (outcome.fetched.body, outcome.parsed) == (None, None)
    assert outcome.body_hash == kept.body_hash


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answered(None, 304, etag='"2"'), id="304"),
        pytest.param(answered(b"a", etag='"2"'), id="equal body"),
    ],
)
async def test_an_unchanged_body_is_not_parsed_but_its_validators_are_kept(answer: Fetched) -> None:
    world = World()
    known = (await poll_one(world, feed())).state
    world.answers["https://1.example/"] = answer

    outcome = await poll_one(world, feed(state=known))

    assert outcome.parsed is None
    assert outcome.error is None
    assert outcome.state.etag == '"2"'
    assert outcome.state.body_hash == known.body_hash
    assert outcome.state.rhythm.entries == known.rhythm.entries


async def test_new_ids_are_counted_and_other_bytes_alone_are_not() -> None:
    world = World()
    known = (await poll_one(world, feed())).state
    known = known._replace(body_hash=None)
    world.now += HOUR

    same = await poll_one(world, feed(state=known))
    world.answers["https://1.example/"] = b"b,c,a"
    news = await poll_one(world, feed(state=known))

    assert same.state.rhythm.entries == 0
    assert news.state.rhythm.entries == 2
    assert news.state.rhythm.last_news == world.now


async def test_a_parse_is_given_the_memory_that_was_kept_of_the_one_before() -> None:
    world = World(answers={"https://1.example/": b"a"})
    first = await poll_one(world, feed())
    world.answers["https://1.example/"] = b"b,a"
    await poll_one(world, feed(state=first.state))

    assert world.remembered == [b"", b"a"]


async def test_the_next_poll_goes_on_from_the_state_that_was_kept() -> None:
    world = World(answers={"https://1.example/": b"a"}, keeps=PollState(next_due=START + MINUTE))
    poller = await world.polling([feed()], per_host_delay="0s")
    await world.tick(poller, kept=1)
    world.answers["https://1.example/"] = b"b,a"
    world.now += MINUTE
    world.keeps = PollState(next_due=world.now + MINUTE)
    await world.tick(poller, kept=2)
    await poller.stop()

    assert world.remembered == [b"", b""]  # what was kept has no memory


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(TROUBLE, "the server is in trouble (500)", id="fetch"),
        pytest.param(b"html", "this is a web page, not a feed", id="parse"),
        pytest.param(KeyError("x"), "an unexpected fault: KeyError('x')", id="a fault of ours"),
    ],
)
async def test_whatever_goes_wrong_is_an_outcome(answer: Answer, sentence: str) -> None:
    world = World()
    known = PollState(etag='"1"', body_hash=b"h", interval=20 * MINUTE)
    world.answers["https://1.example/"] = answer

    outcome = await poll_one(world, feed(state=known))

    assert str(outcome.error) == sentence
    assert outcome.parsed is None
    assert (outcome.state.etag, outcome.state.body_hash) == ('"1"', b"h")
    assert (outcome.state.failures, outcome.state.failing_since) == (1, START)
    assert outcome.state.next_due == START + 20 * MINUTE


@pytest.mark.parametrize("failures", range(SICK_FAILURES + 1))
async def test_a_first_document_without_its_end_is_taken_only_if_it_never_comes_whole(
    failures: int,
) -> None:
    """What it lacks would be news at the next poll."""
    world = World(is_cut_off=True)
    new = feed(state=PollState(failures=failures))
    known = feed(state=PollState(failures=failures, last_success=START))

    first, later = await poll_one(world, new), await poll_one(world, known)

    assert (first.parsed is None) is (first.error is not None) is (failures < SICK_FAILURES)
    assert first.error is None or first.state.next_due == START + 5 * MINUTE  # min_interval
    assert later.parsed is not None


async def test_a_missing_secret_fails_its_feed_alone() -> None:
    world = World()
    broken = feed(1, basic_auth_file="/nowhere/at/all")

    first, second = await world.poller().poll_due([broken, feed(2)])

    outcomes = {outcome.feed.id: outcome for outcome in (first, second)}
    assert "missing" in str(outcomes[1].error)
    assert outcomes[2].error is None
    assert world.urls == ["https://2.example/"]


async def test_permanent_moves_are_remembered() -> None:
    world = World()
    world.answers["https://1.example/"] = answered(moved_to="https://new.example/")

    outcome = await poll_one(world, feed())

    assert (outcome.state.moved_to, outcome.state.moved_count) == ("https://new.example/", 1)


async def test_a_host_has_one_request_in_flight_and_others_do_not_wait_for_it() -> None:
    world = World()
    world.gates["https://a.example/1"] = gate = asyncio.Event()
    poller = world.poller(per_host_delay="0s")

    polls = asyncio.create_task(poller.poll_due([*siblings(3), feed(9)]))
    await world.until(lambda: len(world.kept) == 1)
    assert world.urls == ["https://a.example/1", "https://9.example/"]
    gate.set()

    assert len(await polls) == 4
    assert sorted(world.urls) == [
        "https://9.example/",
        "https://a.example/1",
        "https://a.example/2",
        "https://a.example/3",
    ]


async def test_in_one_round_feeds_that_are_led_to_one_host_are_asked_there_one_by_one() -> None:
    world = World(leads={f"https://{number}.example/": "common.example" for number in (1, 2, 3)})
    world.gates = {url: asyncio.Event() for url in world.leads}
    poller = world.poller(per_host_delay="0s")

    polls = asyncio.create_task(poller.poll_due([feed(number) for number in (1, 2, 3)]))
    await world.until(lambda: world.turned_away == 2)
    for gate in world.gates.values():
        gate.set()

    outcomes = await polls
    assert sorted(outcome.feed.id for outcome in outcomes) == [1, 2, 3]
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert len(world.urls) == 3 + 2  # two were led there in vain


async def test_a_poll_that_was_led_to_a_busy_host_is_no_failure_and_comes_when_it_is_free() -> None:
    world = World(leads={"https://1.example/": "2.example"})
    world.gates["https://2.example/"] = gate = asyncio.Event()
    poller = await world.polling([feed(2), feed(1)])
    await poller.tick()
    await world.until(lambda: world.turned_away == 1)
    gate.set()
    await world.kept_in_all(1)
    world.now += 5 * SECOND
    await poller.tick()

    outcome = (await world.kept_in_all(2))[-1]
    assert (outcome.feed.id, outcome.error, outcome.state.failures) == (1, None, 0)
    await poller.stop()


async def test_starts_at_one_host_are_apart_by_the_delay() -> None:
    world = World()
    poller = await world.polling(siblings(3))

    starts: list[int] = []
    for second in range(12):
        world.now = START + second * SECOND
        await poller.tick()
        await asyncio.sleep(0)
        starts += [second] * (len(world.asked) - len(starts))
        await world.kept_in_all(len(starts))

    assert starts == [0, 5, 10]


async def test_no_more_polls_run_at_once_than_configured() -> None:
    world = World()
    gate = asyncio.Event()
    feeds = [feed(number) for number in range(1, 8)]
    world.gates = {polled.settings.url: gate for polled in feeds}

    polls = asyncio.create_task(world.poller(concurrency=3).poll_due(feeds))
    await world.until(lambda: len(world.asked) == 3)
    assert len(world.in_flight) == 3
    gate.set()

    assert len(await polls) == 7


async def test_retry_after_holds_for_the_whole_host_and_is_kept() -> None:
    world = World()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=2 * HOUR)
    feeds = [*siblings(3), feed(9)]

    outcomes = await world.poller().poll_due(feeds)

    assert {outcome.feed.id for outcome in outcomes} == {1, 9}
    states = {outcome.feed.id: outcome.state for outcome in world.kept}
    assert {states[number].next_due for number in (2, 3)} == {START + 2 * HOUR}  # no jitter here
    assert START + 2 * HOUR < (states[1].next_due or START) < START + 3 * HOUR  # after the others
    assert [states[number].failures for number in (1, 2, 3)] == [1, 0, 0]
    postponed = [outcome for outcome in world.kept if outcome.feed.id in {2, 3}]
    assert all(outcome.fetched is None and outcome.error is None for outcome in postponed)


async def test_a_host_that_rests_is_left_alone_by_feeds_that_are_led_there_for_the_first_time() -> (
    None
):
    urls = [f"https://{number}.example/" for number in (1, 2, 3)]
    busy = FeedError("busy", status=429, retry_after=HOUR, host="busy.example")
    world = World(leads=dict.fromkeys(urls, "busy.example"), answers=dict.fromkeys(urls, busy))
    first, *later = [feed(number) for number in (1, 2, 3)]
    soon = [replace(one, state=PollState(next_due=START + MINUTE)) for one in later]
    poller = await world.polling([first, *soon])
    await world.tick(poller, kept=1)

    world.now += MINUTE
    await world.tick(poller, kept=3)
    assert world.turned_away == 2
    for outcome in world.kept[1:]:
        assert (outcome.error, outcome.state.failures) == (None, 0)
        assert outcome.state.next_due == outcome.state.rests_until == START + HOUR
        assert outcome.state.resting == "busy.example"

    world.answers.clear()
    world.now = START + HOUR
    await world.tick(poller, kept=4)
    await poller.stop()
    assert world.turned_away == 2


async def test_a_host_that_answers_well_before_its_time_rests_no_longer() -> None:
    led, busy = feed(1, state=PollState(next_due=START + MINUTE)), feed(2, "https://busy.example/")
    world = World(leads={led.url: "busy.example"})
    world.answers[busy.url] = FeedError("busy", status=429, retry_after=HOUR)
    poller = await world.polling([led, busy])
    for minutes in (0, 1):
        world.now = START + minutes * MINUTE
        await world.tick(poller, kept=minutes + 1)
    assert world.turned_away == 1

    world.answers.clear()
    for number in (2, 1):
        world.now += MINUTE
        poller.poll_soon(number)
        await world.tick(poller, kept=5 - number)
    await poller.stop()

    assert world.turned_away == 1
    assert [outcome.error for outcome in world.kept[2:]] == [None, None]


async def test_in_one_round_a_feed_that_is_led_to_a_host_that_rests_has_no_outcome() -> None:
    known = PollState(rests_until=START + HOUR, resting="busy.example", next_due=START + HOUR)
    world = World(leads={"https://1.example/": "busy.example"})

    outcomes = await world.poller().poll_due([feed(1)], [feed(2, state=known)])

    assert outcomes == []
    assert [outcome.state.next_due for outcome in world.kept] == [START + HOUR]


async def test_a_reload_within_retry_after_asks_no_feed_of_the_host_early() -> None:
    world = World()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=24 * HOUR)
    poller = await world.polling(siblings(3))
    await world.tick(poller, kept=3)

    await poller.replace(siblings(3))
    for _ in range(23):
        world.now += HOUR
        await poller.tick()
        await asyncio.sleep(0)
    assert world.urls == ["https://a.example/1"]

    world.answers.clear()
    world.now += HOUR
    await world.tick(poller, kept=4)
    await poller.stop()


async def test_a_feed_is_polled_again_when_it_is_due_and_not_before() -> None:
    world = World()
    poller = await world.polling([feed(state=PollState(next_due=START + MINUTE), interval="15m")])

    await poller.tick()
    assert not world.asked
    world.now = START + MINUTE
    await world.tick(poller, kept=1)
    world.now += 15 * MINUTE - SECOND
    await poller.tick()
    await asyncio.sleep(0)
    assert len(world.asked) == 1
    world.now += SECOND
    await world.tick(poller, kept=2)
    await poller.stop()


async def test_a_feed_that_somebody_waits_for_is_next_in_the_line_of_its_host() -> None:
    world = World()
    poller = await world.polling(siblings(4))
    await world.tick(poller, kept=1)
    poller.poll_soon(4)
    await poller.replace(siblings(4))  # a reload forgets nobody who waits
    assert poller.why_not_yet(4) == "others come first"

    world.now += 5 * SECOND
    await world.tick(poller, kept=2)
    assert world.urls == ["https://a.example/1", "https://a.example/4"]

    for count in (3, 4):
        world.now += 5 * SECOND
        await world.tick(poller, kept=count)
    assert len(set(world.urls)) == 4  # and then it is due as it was planned
    await poller.stop()


async def test_why_a_feed_that_somebody_waits_for_was_not_polled_yet_is_what_holds_it_up() -> None:
    world = World()
    world.gates["https://a.example/1"] = gate = asyncio.Event()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=HOUR)
    poller = await world.polling(siblings(2))
    for number in (1, 2):
        poller.poll_soon(number)
    told = [poller.why_not_yet(number) for number in (1, 2)]
    assert told == ["its poll is still under way", "others come first"]
    poller.pause(True)
    assert poller.why_not_yet(2) == "polling is paused"
    poller.pause(False)

    gate.set()
    await world.kept_in_all(2)
    assert poller.why_not_yet(2) == "its host asked for patience"
    await poller.stop()


async def test_a_feed_is_never_polled_twice_at_once() -> None:
    world = World()
    world.gates["https://1.example/"] = gate = asyncio.Event()
    poller = await world.polling([feed()])

    for _ in range(3):
        await poller.tick()
        await poller.replace([feed()])
        world.now += HOUR
        await asyncio.sleep(0)
    assert len(world.asked) == 1
    gate.set()
    await world.kept_in_all(1)
    await poller.stop()


async def test_a_page_on_another_host_keeps_neither_host_busy_when_polls_end_together() -> None:
    world, kept = World(), asyncio.Event()
    page = "https://archive.example/2"
    paged: dict[str, Any] = {"page": page, "next_due": START, "resume": START + HOUR}

    async def finish(outcome: PollOutcome) -> PollState:
        await world.finish(outcome)
        await kept.wait()  # as where they share a commit
        is_first = outcome.feed.url == "https://a.example/feed"
        return outcome.state._replace(**paged) if is_first else outcome.state

    poller = world.poller(finish=finish, per_host_delay="0s")
    feeds = [feed(1), feed(2, "https://a.example/feed")]
    await poller.replace(feeds)
    await world.tick(poller, kept=2)
    kept.set()
    await world.kept_in_all(3)
    later = PollState(next_due=START + MINUTE)
    others = [feed(3, "https://a.example/b", later), feed(4, "https://archive.example/b", later)]
    await poller.replace([*feeds, *others])
    world.now += MINUTE
    await world.tick(poller, kept=5)
    await poller.stop()

    assert world.urls[:3] == ["https://1.example/", "https://a.example/feed", page]
    assert set(world.urls[3:]) == {"https://a.example/b", "https://archive.example/b"}


async def test_stop_cuts_fetches_short_and_lets_what_is_being_kept_finish() -> None:
    world = World()
    world.gates["https://1.example/"] = asyncio.Event()
    keeping, may_end = asyncio.Event(), asyncio.Event()
    done = []

    async def finish(outcome: PollOutcome) -> PollState:
        keeping.set()
        await may_end.wait()
        done.append(outcome.feed.id)
        return outcome.state

    poller = await world.polling(
        [feed(1), feed(2), feed(3, state=PollState(next_due=START + HOUR))], finish=finish
    )
    await poller.tick()
    await keeping.wait()

    stopping = asyncio.create_task(poller.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    world.now += HOUR
    await poller.tick()
    await asyncio.sleep(0)

    assert done == [2]
    assert not world.in_flight
    assert len(world.asked) == 2


async def test_a_poll_stopped_before_its_first_step_leaves_no_trace() -> None:
    world = World()
    poller = await world.polling([feed()])

    await poller.tick()
    await poller.stop()

    assert not world.asked
    assert not world.kept


async def test_a_changed_configuration_takes_effect_without_an_early_poll() -> None:
    world = World()
    poller = await world.polling([feed(1), feed(2)])
    await world.tick(poller, kept=2)

    await poller.replace([feed(1, interval="1m"), feed(3)])
    await world.tick(poller, kept=3)
    world.now += 2 * MINUTE
    await world.tick(poller, kept=4)
    await poller.stop()

    assert world.urls == [f"https://{number}.example/" for number in (1, 2, 3, 1)]
    assert world.kept[3].state.next_due == world.now + MINUTE


REFUSED = FeedError("the outlet refuses us (403)", status=403)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"headers": {"User-Agent": "me"}}, id="headers"),
        pytest.param({"basic_auth": "ada:geheim"}, id="login"),
        pytest.param({"proxy": "http://proxy.example:3128"}, id="proxy"),
        pytest.param({"tls_verify": False}, id="certificate"),
        pytest.param({"allow_private": ["10.0.0.0/8"]}, id="address"),
    ],
)
async def test_a_feed_that_is_to_be_asked_otherwise_is_asked_at_once(
    settings: dict[str, Any],
) -> None:
    world = World(answers={"https://1.example/": REFUSED})
    poller = await world.polling([feed()])
    await world.tick(poller, kept=1)

    world.now += MINUTE
    await poller.replace([feed(tags=["other"])])
    await poller.tick()
    assert len(world.asked) == 1
    await poller.replace([feed(**settings)])
    await world.tick(poller, kept=2)
    await poller.replace([feed(**settings)])
    await poller.tick()
    await poller.stop()

    assert len(world.asked) == 2


async def test_a_feed_that_is_well_keeps_its_pace_whatever_it_is_asked_with() -> None:
    world = World()
    poller = await world.polling([feed()])
    await world.tick(poller, kept=1)

    world.now += MINUTE
    await poller.replace([feed(headers={"X-Key": "k"})])
    await poller.tick()
    await poller.stop()

    assert len(world.asked) == 1


@pytest.mark.parametrize(
    ("settings", "polling"),
    [
        pytest.param({"headers": {"X-Key": "k"}}, {}, id="its own"),
        pytest.param({}, {"user_agent": "me"}, id="those of all"),
    ],
)
async def test_settings_that_come_while_a_feed_is_asked_count_once_it_has_failed(
    settings: dict[str, Any], polling: dict[str, str]
) -> None:
    world = World(answers={"https://1.example/": REFUSED})
    gate = world.gates["https://1.example/"] = asyncio.Event()
    poller = await world.polling([feed()])
    await poller.tick()
    await world.until(lambda: bool(world.in_flight))

    await poller.replace([feed(**settings)], PollingTable.model_validate(polling))
    gate.set()
    await world.kept_in_all(1)
    for kept in (2, 2):
        world.now += MINUTE
        await world.tick(poller, kept=kept)
    await poller.stop()

    assert len(world.asked) == 2


async def test_what_was_to_be_set_for_all_feeds_helps_those_that_fail() -> None:
    world = World(answers={"https://1.example/": REFUSED})
    poller = await world.polling([feed(1), feed(2)])
    await world.tick(poller, kept=2)

    world.now += MINUTE
    await poller.replace([feed(1), feed(2)], PollingTable.model_validate({"user_agent": "me"}))
    await world.tick(poller, kept=3)
    await poller.stop()

    assert world.urls[2:] == ["https://1.example/"]


async def test_a_feed_that_is_to_be_asked_otherwise_waits_for_its_host() -> None:
    world = World()
    world.answers["https://a.example/1"] = FeedError("busy", status=429, retry_after=2 * HOUR)
    world.answers["https://a.example/2"] = REFUSED
    poller = await world.polling(siblings(2)[1:])
    await world.tick(poller, kept=1)
    world.now += MINUTE
    await poller.replace(siblings(2))
    await world.tick(poller, kept=3)  # of these one is put off

    otherwise = [
        feed(number, f"https://a.example/{number}", headers={"X-Key": "k"}) for number in (1, 2)
    ]
    await poller.replace(otherwise)
    for _ in range(119):
        world.now += MINUTE
        await poller.tick()
        await asyncio.sleep(0)
    assert len(world.asked) == 2
    world.now += MINUTE
    await poller.tick()
    await world.until(lambda: len(world.asked) == 3)
    await poller.stop()


async def test_a_removed_feed_is_cut_short_and_its_host_free_again() -> None:
    world = World()
    world.gates["https://a.example/1"] = asyncio.Event()
    first, second, *_ = siblings(2)
    poller = await world.polling([first], per_host_delay="0s")
    await poller.tick()
    await world.until(lambda: bool(world.in_flight))

    await poller.replace([second])
    await world.tick(poller, kept=1)
    await poller.stop()

    assert world.kept[0].feed.id == 2


async def test_what_cannot_be_kept_is_polled_again_from_the_old_state() -> None:
    world = World(broken=OSError("disk full"))
    world.answers["https://1.example/"] = answered(etag='"2"')
    poller = await world.polling([feed(state=PollState(etag='"1"'))])
    await poller.tick()
    await world.until(lambda: len(world.asked) == 1)
    for _ in range(5):
        await asyncio.sleep(0)

    world.broken = None
    world.now += MINUTE
    await world.tick(poller, kept=1)
    await poller.stop()

    assert [request.etag for request in world.asked] == ['"1"', '"1"']


@pytest.mark.parametrize(
    ("error", "has_traceback"),
    [(StorageError("the database is damaged; run this"), False), (ValueError("a bug"), True)],
)
async def test_that_it_cannot_be_kept_is_a_sentence_unless_it_is_a_fault_of_ours(
    error: Exception, *, has_traceback: bool
) -> None:
    world = World(broken=error)
    poller = await world.polling([feed()])
    with capture_logs() as logged:
        await poller.tick()
        await world.until(lambda: len(world.asked) == 1)
        for _ in range(5):
            await asyncio.sleep(0)
    await poller.stop()

    (line,) = logged
    assert line["error"] == str(error)
    assert line["exc_info"] is has_traceback


async def ticks(world: World, poller: Poller, minutes: int) -> None:
    """Let the feeds be polled for some minutes."""
    for _ in range(minutes):
        await poller.tick()
        for _ in range(10):
            await asyncio.sleep(0)
        world.now += MINUTE


async def test_a_feed_of_which_nothing_can_be_kept_counts_as_failing_after_some_tries() -> None:
    world = World(refused="https://1.example/")
    poller = await world.polling([feed(state=PollState(etag='"1"')), feed(2)], interval="15m")

    await ticks(world, poller, minutes=3)
    await poller.stop()

    assert world.urls.count(world.refused) == 3
    (failure,) = (outcome for outcome in world.kept if outcome.feed.id == 1)
    assert str(failure.error) == "what it brings cannot be kept: the database refuses it"
    assert (failure.state.failures, failure.state.etag) == (1, '"1"')
    assert failure.state.next_due == world.now - MINUTE + 15 * MINUTE


async def test_a_feed_of_which_something_is_kept_again_has_its_tries_anew() -> None:
    world = World(refused="https://1.example/")
    poller = await world.polling([feed()], interval="1m", min_interval="1m", max_interval="1m")

    for number in range(6):
        world.answers["https://1.example/"] = b"%d" % number
        world.refused = "" if number in {2, 5} else "https://1.example/"
        await ticks(world, poller, minutes=1)
    await poller.stop()

    assert [outcome.error for outcome in world.kept] == [None, None]


@pytest.mark.parametrize("error", [StorageError("full", is_full=True), StorageError("damaged")])
async def test_no_feed_is_blamed_for_a_database_that_takes_nothing(error: StorageError) -> None:
    world = World(broken=error)
    poller = await world.polling([feed(), feed(2)])

    await ticks(world, poller, minutes=5)
    await poller.stop()

    assert world.kept == []
    assert world.urls.count("https://1.example/") == 5


async def test_once_fails_loudly_when_an_outcome_cannot_be_kept() -> None:
    world = World(broken=OSError("disk full"))
    world.gates["https://2.example/"] = asyncio.Event()

    with pytest.raises(OSError, match="disk full"):
        await world.poller().poll_due([feed(1), feed(2)])

    assert not world.in_flight


async def test_once_starts_nothing_more_when_an_outcome_cannot_be_kept() -> None:
    world = World(broken=OSError("disk full"))
    feeds = [feed(number) for number in range(1, 60)]

    with pytest.raises(OSError, match="disk full"):
        await world.poller().poll_due(feeds)
    asked = len(world.asked)
    for _ in range(5):
        await asyncio.sleep(0)

    assert len(world.asked) == asked < len(feeds)


async def test_a_feed_that_another_host_answers_for_keeps_its_share_of_the_polls() -> None:
    unchanged = answered(None, 304, url="https://elsewhere.example/")
    world = World(answers={"https://1.example/": unchanged})
    poller = await world.polling([feed(state=PollState(last_success=START, next_due=START))])
    price = poller._verdicts._budget.price
    await world.tick(poller, kept=1)
    await poller.stop()

    assert poller._feeds[1].host == "elsewhere.example"
    assert poller._verdicts._budget.price == price


async def test_when_most_hosts_fail_at_once_no_feed_is_blamed_and_polling_resumes_at_once() -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 5)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)

    outcomes = await world.tick(poller, kept=7)  # three were blamed before the fourth, and excused
    assert poller.is_offline
    assert world.announced == [True]
    assert [outcome.feed.id for outcome in outcomes if outcome.offline] == [4]
    latest = {outcome.feed.id: outcome.state for outcome in outcomes}
    assert {state.failures for state in latest.values()} == {0}
    assert {state.next_due for state in latest.values()} == {START + 30 * SECOND}

    world.answers = {}
    world.now += 30 * SECOND
    await world.tick(poller, kept=11)
    await poller.stop()
    assert world.announced == [True, False]


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(FeedError("too slow", server=True, unanswered=True), id="silence"),
        pytest.param(FeedError("trouble (503)", status=503, stand_in="page"), id="one page"),
    ],
)
async def test_where_something_else_answers_in_place_of_all_hosts_no_feed_is_blamed(
    failure: FeedError,
) -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 5)]
    world.answers = {polled.settings.url: failure for polled in feeds}
    poller = await world.polling(feeds)

    outcomes = await world.tick(poller, kept=7)
    await poller.stop()

    assert poller.is_offline
    latest = {outcome.feed.id: outcome.state for outcome in outcomes}
    assert {state.failures for state in latest.values()} == {0}


async def test_a_reload_while_feeds_are_excused_for_our_network_ends_no_poll() -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 11)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    world.on_excuse = lambda: poller.replace(feeds[6:])

    with capture_logs() as logs:
        await poller.tick()
        await world.until(lambda: world.on_excuse is None)
        async with asyncio.timeout(20):
            await poller.idle()

    assert [one for one in logs if one["log_level"] == "error"] == []
    excused = [outcome.feed.id for outcome in world.kept if not outcome.is_poll]
    assert len(excused) == len(set(excused))
    await poller.stop()


async def test_the_return_of_the_network_makes_all_that_waited_due() -> None:
    world = World()
    feeds = [feed(number) for number in range(1, 4)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = world.poller()
    late = feed(4, state=PollState(next_due=START + 10 * SECOND))
    await poller.replace([*feeds, late])
    before = len(await world.tick(poller, kept=5))

    world.answers = {}
    world.now += 10 * SECOND
    await world.tick(poller, kept=before + 4)
    await poller.stop()

    assert {outcome.feed.id for outcome in world.kept[before:]} == {1, 2, 3, 4}
    assert all(outcome.error is None for outcome in world.kept[before:])


async def live(world: World, poller: Poller, span: timedelta) -> None:
    """Let time pass from poll to poll."""
    end = world.now + span
    while (due := await poller.idle()) is not None and due <= end:
        world.now = max(world.now, due)
        await poller.tick()
    world.now = end


def crowd(hosts: int, feeds: int) -> list[PolledFeed]:
    """Return so many feeds of each of so many hosts."""
    return [
        feed(10 * host + number, f"https://{host}.example/{number}")
        for host in range(1, hosts + 1)
        for number in range(feeds)
    ]


@pytest.mark.parametrize(
    ("failure", "most", "least_wait"),
    [
        pytest.param(LOST, 20, 30 * SECOND, id="nobody is there"),
        pytest.param(
            FeedError("certificate", network=True, certificate=True), 14, 5 * MINUTE, id="untrusted"
        ),
        pytest.param(
            FeedError("busy", status=503, stand_in="page", retry_after=HOUR), 5, HOUR, id="sent off"
        ),
    ],
)
async def test_while_offline_one_feed_of_each_host_is_tried_ever_more_seldom(
    failure: FeedError, most: int, least_wait: timedelta
) -> None:
    world = World()
    feeds = crowd(hosts=3, feeds=4)
    world.answers = {polled.settings.url: failure for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, MINUTE)
    assert poller.is_offline
    world.asked.clear()
    began = world.now
    await live(world, poller, HOUR)
    asked = Counter(host_of(request.url) for request in world.asked)
    await poller.stop()

    assert max(asked.values(), default=0) <= most
    assert world.now - began >= least_wait


async def test_when_the_network_is_back_what_was_left_out_is_asked_at_its_own_time() -> None:
    world = World()
    feeds = crowd(hosts=2, feeds=2)
    late = feed(99, "https://1.example/late", PollState(next_due=START + 50 * MINUTE))
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling([*feeds, late])
    await live(world, poller, 20 * MINUTE)
    assert late.settings.url not in world.urls
    world.answers = {}
    world.asked.clear()
    back = world.now
    await live(world, poller, 5 * MINUTE + 5 * SECOND)
    early = set(world.urls)
    await live(world, poller, START + 51 * MINUTE - world.now)
    await poller.stop()

    assert world.announced == [True, False]
    assert {polled.settings.url for polled in feeds} <= early
    assert late.settings.url not in early
    assert late.settings.url in world.urls
    assert back < START + 50 * MINUTE


async def test_while_offline_feeds_nearby_are_polled_as_ever() -> None:
    world = World()
    feeds = crowd(hosts=2, feeds=1)
    soon = PollState(next_due=START + 10 * SECOND)
    near = [feed(90 + number, f"http://10.0.0.8/{number}", soon) for number in range(3)]
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling([*feeds, *near])
    await live(world, poller, MINUTE)
    world.asked.clear()
    await live(world, poller, HOUR)
    await poller.stop()

    assert poller.is_offline
    assert {one.settings.url for one in near} <= set(world.urls)


async def test_a_probe_that_leaves_the_configuration_is_followed_by_another_of_its_host() -> None:
    world = World()
    feeds = crowd(hosts=2, feeds=2)
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 10 * MINUTE)
    last = next(url for url in reversed(world.urls) if host_of(url) == "1.example")
    probe = next(one for one in feeds[:2] if one.settings.url != last)
    await poller.replace([one for one in feeds if one is not probe])
    world.asked.clear()
    await live(world, poller, 10 * MINUTE)
    await poller.stop()

    assert "1.example" in {host_of(url) for url in world.urls}


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(FeedError("busy", status=503, stand_in="page"), id="page"),
        pytest.param(FeedError("too slow", server=True, unanswered=True), id="silence"),
    ],
)
async def test_we_are_back_though_the_feed_that_tries_has_trouble_of_its_own(
    trouble: FeedError,
) -> None:
    world = World(has_way_out=False)
    feeds = siblings(3)
    unrouted = FeedError("the network is unreachable", network=True, unrouted=True)
    world.answers = {polled.settings.url: unrouted for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 20 * MINUTE)
    assert poller.is_offline
    world.answers = {feeds[0].settings.url: trouble}
    world.asked.clear()
    await live(world, poller, 20 * MINUTE)
    await poller.stop()

    assert world.announced == [True, False]
    assert set(world.urls) == {polled.settings.url for polled in feeds}


async def test_a_single_host_is_not_blamed_where_the_machine_itself_knows_no_way_out() -> None:
    world = World(has_way_out=False)
    feeds = siblings(3)
    unrouted = FeedError("the network is unreachable", network=True, unrouted=True)
    world.answers = {polled.settings.url: unrouted for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 2 * HOUR)
    assert world.announced == [True]
    assert {outcome.state.failures for outcome in world.kept} == {0}
    world.answers = {}
    world.asked.clear()
    await live(world, poller, 6 * MINUTE)
    await poller.stop()

    assert world.announced == [True, False]
    assert set(world.urls) == {polled.settings.url for polled in feeds}


async def test_when_a_lost_host_answers_again_its_feeds_are_asked_one_by_one() -> None:
    world = World()
    feeds = siblings(6)
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, 9 * HOUR)
    assert not world.announced
    world.answers = {}
    world.asked.clear()
    before = len(world.kept)
    while not world.asked:
        await live(world, poller, MINUTE)
    await live(world, poller, MINUTE)
    await poller.stop()

    assert {request.url for request in world.asked} == {polled.settings.url for polled in feeds}
    polls = [outcome.at for outcome in world.kept[before:] if outcome.is_poll]
    assert all(later - earlier >= 5 * SECOND for earlier, later in pairwise(polls))


async def test_when_a_lost_host_is_lost_again_at_once_its_feeds_are_asked_when_it_is_back() -> None:
    world = World()
    feeds = siblings(4)
    gone: dict[str, Answer] = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    for away, back in ((9 * HOUR, SECOND), (HOUR, MINUTE)):
        world.answers = gone
        await live(world, poller, away)
        world.answers = {}
        world.asked.clear()
        while not world.asked:
            await live(world, poller, SECOND)
        await live(world, poller, back)
    await poller.stop()

    assert set(world.urls) == gone.keys()


async def test_a_feed_with_trouble_of_its_own_goes_on_waiting_when_its_host_answers_again() -> None:
    world = World()
    feeds = siblings(3)
    world.answers = {polled.settings.url: LOST for polled in feeds}
    poller = await world.polling(feeds)
    await live(world, poller, HOUR)
    gone = FeedError("not there (404)", status=404)
    world.answers = {feeds[0].settings.url: gone}
    poller.poll_soon(1)
    await poller.idle()
    world.asked.clear()
    poller.poll_soon(2)
    await live(world, poller, MINUTE)
    await poller.stop()

    assert feeds[0].settings.url not in world.urls
    assert feeds[2].settings.url in world.urls


@pytest.mark.parametrize(
    ("failing", "failure", "most"),
    [
        pytest.param(1, FeedError("slow", server=True, unanswered=True), 6, id="too slow"),
        pytest.param(1, LOST, 6, id="a name that is gone"),
        pytest.param(2, LOST, 14, id="two of them, for which the host rests"),
    ],
)
async def test_a_feed_that_fails_beside_healthy_neighbours_is_tried_ever_later(
    failing: int, failure: FeedError, most: int
) -> None:
    world = World()
    feeds = siblings(6)
    world.answers = {polled.settings.url: failure for polled in feeds[:failing]}
    poller = await world.polling(feeds, interval="15m", max_interval="15m")
    await live(world, poller, 8 * HOUR)
    await poller.stop()

    assert sum(world.urls.count(polled.settings.url) for polled in feeds[:failing]) <= most


async def test_one_dead_host_among_healthy_ones_is_its_own_fault() -> None:
    world = World()
    world.answers["https://1.example/"] = LOST

    outcomes = await world.poller().poll_due([feed(number) for number in range(1, 6)])

    assert {outcome.feed.id: outcome.state.failures for outcome in outcomes} == {
        1: 1,
        2: 0,
        3: 0,
        4: 0,
        5: 0,
    }
    assert not world.announced


async def test_ten_thousand_overdue_feeds_start_a_hundred_at_a_time_one_for_a_host() -> None:
    world = World()
    most_tasks, in_flight, crowded = 0, Counter[str](), 0

    async def fetch(request: Request) -> Fetched:
        nonlocal most_tasks, crowded
        host = host_of(request.url)
        in_flight[host] += 1
        most_tasks = max(most_tasks, len(asyncio.all_tasks()))
        crowded = max(crowded, in_flight[host])
        await asyncio.sleep(0)
        in_flight[host] -= 1
        return answered(None, 304, url=request.url)

    poller = world.poller(fetch=fetch, per_host_delay="0s")
    overdue = PollState(next_due=START - HOUR, last_success=START - DAY)
    table = FeedTable(url="https://0.example/")
    await poller.replace(
        PolledFeed(n, table.model_copy(update={"url": f"https://{n % 3000}.example/{n}"}), overdue)
        for n in range(10_000)
    )
    await poller.tick()
    await poller.idle()
    await poller.stop()

    assert len(world.kept) == 10_000
    assert most_tasks <= 110
    assert crowded == 1
    dues = [outcome.state.next_due for outcome in world.kept]
    assert min(due for due in dues if due) > START  # and none comes back at once


async def test_the_pause_between_two_requests_to_a_host_outlasts_a_restart() -> None:
    world = World()
    known = (await poll_one(world, feed())).state
    poller = world.poller()  # of the next life, a second later
    world.now += timedelta(seconds=1)
    await poller.replace([feed(2, state=known._replace(next_due=world.now))])
    asked = len(world.asked)

    await poller.tick()
    await poller.idle()
    assert len(world.asked) == asked
    world.now += timedelta(seconds=5)
    await poller.tick()
    await poller.idle()
    assert len(world.asked) == asked + 1
