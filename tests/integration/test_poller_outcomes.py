"""What comes of a poll, and the state that follows."""

from hashlib import blake2b

import pytest
from polled_world import HOUR, MINUTE, START, TROUBLE, Answer, World, answered, feed, poll_one

from watcher.feeds.backoff import SICK_FAILURES
from watcher.feeds.fetch import Fetched
from watcher.feeds.schedule import PollState


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
