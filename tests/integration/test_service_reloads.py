"""The daemon takes over configurations while it runs: which one is in force, and when."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from daemons import LOCAL, daemon_on
from feed_documents import Story, rss
from feed_server import FeedServer
from house import Recorder
from poll_values import idle
from stored import ring, store
from watchlists import settings, write_config

from watcher.config import Settings, load, pipes
from watcher.errors import StorageError, UsageError
from watcher.model import Hold
from watcher.service import daemon as daemon_room
from watcher.service.by_hand.operations import HAND_OVER, POLL
from watcher.service.daemon import Daemon, bring_up_to_date
from watcher.service.in_force.config_file import ConfigFile
from watcher.service.in_force.watch import Found, Watch, find_watch
from watcher.storage.database import Transaction
from watcher.storage.lock import database_in_use

WELL = "the configuration is well again: what its file says is in force"


def write(folder: Path, name: str) -> Path:
    """Write a configuration that calls its only topic so."""
    topic = f'[[topics]]\nid = "{name}"\nname = "Ferries"\nmatch = \'"ferry"\'\n'
    return write_config(folder, watchlist=topic)


def locked(*_: object) -> None:
    raise StorageError("the database is locked")


def faulty(*_: object) -> None:
    raise IndexError("x")


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Daemon]:
    path = write(tmp_path, "first")
    loaded = load(path).settings
    assert loaded is not None
    daemon = daemon_on(tmp_path / "watcher.db", loaded, config=ConfigFile(path))
    async with daemon._started():
        yield daemon


@pytest.fixture
def told(running: Daemon, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the operator is told of."""
    sentences: list[str] = []
    monkeypatch.setattr(running._reloading, "_tell", sentences.append)
    return sentences


async def test_of_two_reloads_at_once_the_one_that_read_last_is_in_force(
    running: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling, may_end = threading.Event(), threading.Event()
    begun: list[Path] = []

    async def slowly(path: Path) -> Found:
        begun.append(path)
        found = await find_watch(path)
        compiling.set()
        await asyncio.to_thread(may_end.wait)
        return found

    monkeypatch.setattr(running._reloading._config, "_find", slowly)
    write(tmp_path, "second")
    older = asyncio.create_task(running.reload())
    await asyncio.to_thread(compiling.wait)
    write(tmp_path, "third")
    newer = asyncio.create_task(running.reload())
    await asyncio.sleep(0)
    under_way = len(begun)
    may_end.set()
    await asyncio.gather(older, newer)

    assert under_way == 1
    assert [topic.id for topic in running.settings.topics] == ["third"]


async def test_a_reload_that_is_asked_for_during_the_start_is_made_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reloaded: list[Daemon] = []

    async def reload(daemon: Daemon) -> None:
        reloaded.append(daemon)
        daemon.stop()

    def hang_up(path: Path) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        bring_up_to_date(path)

    monkeypatch.setattr(Daemon, "reload", reload)
    monkeypatch.setattr(daemon_room, "bring_up_to_date", hang_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it would end the tests, too
    try:
        daemon = daemon_on(tmp_path / "watcher.db")
        async with asyncio.timeout(60):
            await daemon.run()
    finally:
        signal.signal(signal.SIGHUP, before)

    assert reloaded == [daemon]


def steered_by_nobody(path: Path) -> Daemon:
    loaded = load(path).settings
    assert loaded is not None
    database, config = path.with_name("watcher.db"), ConfigFile(path)
    return daemon_on(database, loaded, config=config, connect=None)


async def test_a_channel_works_once_its_secret_file_is_there(tmp_path: Path) -> None:
    path = write_config(
        tmp_path, '[channels.desk]\ntelegram = { chat = "-1", token_file = "token" }\n'
    )
    daemon = steered_by_nobody(path)
    async with daemon._started():
        before = dict(daemon._own_state.down)
        (tmp_path / "token").write_text("12345:abcdef")
        await daemon.look_at_config()
        await daemon.look_at_config()
        if daemon._reloads._asked.is_set():
            await daemon.reload()
        after = dict(daemon._own_state.down)

    assert before.keys() == {"desk"}
    assert not after


async def test_a_channel_whose_secret_a_pipe_brings_works_also_after_a_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell gives one so: `9< <(pass show bot)`."""
    monkeypatch.setattr(pipes, "_given", {})  # another test had a pipe of that number
    ours, theirs = os.pipe()
    os.write(theirs, b"12345:abcdef\n")
    os.close(theirs)
    path = write_config(
        tmp_path, f'[channels.desk]\ntelegram = {{ chat = "-1", token_file = "/dev/fd/{ours}" }}\n'
    )
    daemon = steered_by_nobody(path)
    async with daemon._started():
        at_first = dict(daemon._own_state.down)
        await daemon.reload()
    os.close(ours)

    assert (at_first, daemon._own_state.down) == ({}, {})


async def test_that_another_database_counts_after_a_restart_is_told_once(
    running: Daemon, tmp_path: Path, told: list[str]
) -> None:
    path = write(tmp_path, "second")
    text = path.read_text()
    for database in ("new", "new", "watcher", "new"):
        path.write_text(f'[watcher]\ndatabase = "sqlite:///{database}.db"\n{text}')
        await running.reload()

    in_use = tmp_path / "watcher.db"
    sentence = f"another `database` counts after a restart: until then Watcher works on {in_use}"
    assert told == [sentence] * 2
    assert database_in_use(tmp_path) == in_use


async def test_a_configuration_that_the_database_could_not_take_is_told_until_it_is_in_force(
    running: Daemon, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "second")
    with monkeypatch.context() as broken:
        broken.setattr(daemon_room, "enter", locked)
        for _ in range(2):
            with pytest.raises(StorageError):
                await running.reload()
    refused = running._own_state.vitals().config_refused
    await running.reload()

    trouble = "the database is locked; Watcher tries again by itself"
    assert (told, refused) == ([f"configuration not taken over: {trouble}", WELL], trouble)
    assert running._own_state.vitals().config_refused is None
    assert [topic.id for topic in running.settings.topics] == ["second"]


async def test_a_fault_of_ours_in_taking_over_is_told_once_and_stays_to_be_seen(
    running: Daemon, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "second")
    with monkeypatch.context() as broken:
        broken.setattr(daemon_room, "enter", faulty)
        for _ in range(2):
            with pytest.raises(IndexError):
                await running.reload()

    trouble = "a fault of Watcher: IndexError('x'); see its log"
    assert told == [f"configuration not taken over: {trouble}"]
    assert running._own_state.vitals().config_refused == trouble


async def test_that_a_refused_configuration_is_mended_is_told_once(
    running: Daemon, tmp_path: Path, told: list[str]
) -> None:
    path = write(tmp_path, "second")
    good = path.read_text()
    for text in ("one = 1\n", good, good):
        path.write_text(text)
        await running.reload()

    refused, well = told
    assert "unknown key `one`" in refused
    assert well == WELL


async def test_a_command_for_what_only_the_changed_file_has_says_that_it_is_not_in_force_yet(
    running: Daemon, tmp_path: Path
) -> None:
    wrong = {"channel": "old", "to": "second"}
    with pytest.raises(UsageError) as mistyped:
        await running._operate(HAND_OVER, wrong)
    assert "file" not in str(mistyped.value)

    path = write(tmp_path, "second")
    with pytest.raises(UsageError, match="has changed and is not taken over yet: try again soon"):
        await running._operate(HAND_OVER, wrong)

    path.write_text("one = 1\n")
    await running.reload()
    with pytest.raises(UsageError, match=r"which is not in force: .*unknown key `one`"):
        await running._operate(HAND_OVER, wrong)


async def test_that_a_configuration_is_refused_is_told_anew_for_another_reason_alone(
    running: Daemon, tmp_path: Path, told: list[str]
) -> None:
    path = write(tmp_path, "second")
    good = path.read_text()
    for text in ("one = 1\n", "one = 1\n", "two = 2\n", good, "two = 2\n"):
        path.write_text(text)
        await running.reload()

    keys = [sentence.split("`")[1] for sentence in told if sentence != WELL]
    assert keys == ["one", "two", "two"]
    assert "unknown key `two`" in (running._own_state.vitals().config_refused or "")


async def test_a_command_polls_a_feed_that_was_taken_over_and_says_when_it_is_not_yet(
    tmp_path: Path,
) -> None:
    async with FeedServer() as server:
        url = server.put("/wire", rss("Wire", [Story("Ferry line reopens")]))
        daemon = daemon_on(
            tmp_path / "watcher.db",
            settings(
                feeds=[{"url": url}],
                channels={"screen": {"console": True}},
                polling=LOCAL,
            ),
        )
        async with daemon._started():  # it listens already
            with pytest.raises(StorageError, match="just taking over its configuration"):
                await daemon._operate(POLL, {"feed": url})
            assert not daemon._awaited._waiting

            await daemon._poller.replace(await daemon._feeds())
            result = await daemon._operate(POLL, {"feed": url})
            assert result["status"] == 200


async def test_what_another_channel_gets_waits_by_the_rules_of_that_one(tmp_path: Path) -> None:
    digest = {"console": True, "digest": "daily 18:00"}
    configured = settings(channels={"old": digest, "new": {"console": True}})
    daemon = daemon_on(tmp_path / "watcher.db", configured)
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    def collect(tx: Transaction) -> None:
        ring(tx, store(tx), channels=["old"])
        tx.outbox.hold([1], Hold.DIGEST, tomorrow, "digest")

    async with daemon._started():
        await daemon._writer.run(collect)
        await daemon._operate(HAND_OVER, {"channel": "old", "to": "new"})

        due = await daemon._writer.run(lambda tx: tx.outbox.due_channels(datetime.now(UTC)))
    assert due == ("new",)


async def test_who_waits_for_a_poll_is_told_that_a_reload_took_the_feed_out(tmp_path: Path) -> None:
    async with FeedServer() as server:
        url = server.put("/wire", mode="hang")
        screen = {"screen": {"console": True}}
        daemon = daemon_on(
            tmp_path / "watcher.db",
            settings(feeds=[{"url": url}], channels=screen, polling=LOCAL),
        )
        async with daemon._started():
            await daemon._poller.replace(await daemon._feeds())
            told = asyncio.create_task(daemon._operate(POLL, {"feed": url}))
            await asyncio.to_thread(server.wait_for, "/wire", 1)
            without = settings(feeds=[], channels=screen, polling=LOCAL)
            await daemon._take_over(Watch.of(without))

            with pytest.raises(StorageError, match="it has left the configuration"):
                await told


async def test_an_address_that_is_taken_is_told_once_at_a_start(tmp_path: Path) -> None:
    desk = Recorder()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        daemon = daemon_on(
            tmp_path / "watcher.db",
            settings(
                channels={"desk": {"console": True}},
                watcher={"ops_channel": "desk"},
                http={"listen": listen},
            ),
            desk=desk,
        )
        daemon.stop()  # at once after the start
        async with asyncio.timeout(60):
            await daemon._live()

    (notice,) = desk.notices
    assert notice.startswith(f"nobody can ask for health and metrics at {listen}: ")


async def test_who_we_say_we_are_is_in_force_with_the_configuration(tmp_path: Path) -> None:
    async with FeedServer() as server:
        url = server.put("/wire", status=403)

        def configured(user_agent: str) -> Settings:
            return settings(feeds=[{"url": url}], polling={**LOCAL, "user_agent": user_agent})

        daemon = daemon_on(tmp_path / "w.db", configured("before"))
        async with daemon._started():
            await daemon._poller.replace(await daemon._feeds())
            await daemon.poll()
            await idle(daemon._poller)
            await daemon._take_over(Watch.of(configured("after")))
            await daemon.poll()
            await idle(daemon._poller)

        agents = [request.headers["User-Agent"] for request in server.requests]
    assert agents == ["before", "after"]


async def test_a_login_that_was_set_before_a_restart_is_tried_at_once(tmp_path: Path) -> None:
    async with FeedServer() as server:
        url = server.put("/wire", status=401)
        for login in ({}, {}, {"basic_auth": "ada:geheim"}):
            configured = settings(feeds=[{"url": url, **login}], polling=LOCAL)
            daemon = daemon_on(tmp_path / "w.db", configured)
            await daemon.run_once()

        logins = ["authorization" in request.names for request in server.requests]
    assert logins == [False, True]
