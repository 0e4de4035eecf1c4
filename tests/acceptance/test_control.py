"""Commands that change state, beside a running daemon, without one, and against its socket."""

import json
import os
import shutil
import socket
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

import pytest
from feed_documents import Story, rss
from feed_server import FeedServer
from warm_process import WatcherProcess, run
from watcher_process import write_config

from watcher.storage.lock import state_lock

SCREEN = "[channels.screen]\nconsole = true\n"
STORIES = [
    Story("Ferry line reopens after storm repairs"),
    Story("Parliament passes the budget at the third attempt"),
    Story("Volcano on Kamchatka sends ash nine kilometres high"),
    Story("Chess champion withdraws from Oslo tournament"),
]
NOBODY = 65534


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """Return a configuration whose database holds a story for each report."""
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", STORIES))
        path = write_config(tmp_path, feeds=[url], channels=SCREEN)
        assert run("run", "--once", cwd=tmp_path).returncode == 0
        yield path


def ask(folder: Path, *arguments: object, **env: str) -> tuple[int, dict[str, object], str]:
    """Run a command with --json; return its exit code, what it printed and what it complained."""
    ended = run(*arguments, "--json", cwd=folder, env=env)
    return ended.returncode, json.loads(ended.stdout or "{}"), ended.stderr


def story_ids(folder: Path) -> list[int]:
    listed = json.loads(run("stories", "list", "--json", cwd=folder).stdout)
    return sorted(row["id"] for row in listed)


def test_stories_are_corrected_by_the_running_daemon(config: Path) -> None:
    folder = config.parent
    with WatcherProcess(config) as watcher:
        watcher.wait_for_log("feed polled")  # by now it listens to signals, too
        assert stat.S_IMODE((folder / "watcher.sock").stat().st_mode) == 0o600

        code, merged, _ = ask(folder, "stories", "merge", 1, 2)
        assert (code, merged["changed"], merged["story"]) == (0, True, 1)
        code, parted, _ = ask(folder, "stories", "split", 2, *merged["entries"])  # type: ignore[misc]
        assert (code, parted["story"], parted["new_story"]) == (0, 1, 5)
        code, _, complaint = ask(folder, "stories", "merge", 1, 99)
        assert (code, complaint) == (
            2,
            "watcher: there is no story 99; `watcher stories list` shows them\n",
        )

        assert watcher.stop() == 0
        assert "Traceback" not in watcher.log
    assert not (folder / "watcher.sock").exists()
    assert story_ids(folder) == [1, 3, 4, 5]


def test_without_a_daemon_the_command_corrects_them_itself(config: Path) -> None:
    folder = config.parent

    assert ask(folder, "stories", "merge", 1, 2)[1]["changed"] is True
    assert ask(folder, "stories", "merge", 2, 1)[1]["changed"] is False
    _, shown, remark = ask(folder, "stories", "show", 2)
    assert (shown["id"], remark) == (1, "story 2 was merged into story 1\n")
    code, _, complaint = ask(folder, "stories", "split", 1, 99)
    assert code == 2
    assert "entry 99 is not in story 1 (there is none)" in complaint
    assert story_ids(folder) == [1, 3, 4]


def test_where_the_database_is_empty_there_is_none_to_correct(config: Path) -> None:
    folder = config.parent
    for file in folder.glob("watcher.db*"):
        file.unlink()
    (folder / "watcher.db").touch()

    code, _, complaint = ask(folder, "stories", "merge", 1, 2)
    assert (code, "watcher db restore" in complaint) == (1, True)

    (folder / "backups").rename(folder / "away")
    for change in (("merge", 1, 2), ("split", 1, 2)):
        code, _, complaint = ask(folder, "stories", *change)
        assert (code, complaint[:28]) == (1, "watcher: no database yet at ")
    assert (folder / "watcher.db").stat().st_size == 0


def test_what_was_corrected_is_scored_and_written_as_pairs(config: Path) -> None:
    folder = config.parent
    nothing = run("eval", "stories", "--from-corrections", cwd=folder)
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert nothing.stderr.startswith("watcher: there are no corrections yet")

    ask(folder, "stories", "merge", 1, 2)
    code, score, _ = ask(folder, "eval", "stories", "--from-corrections", "--write", "pairs.jsonl")

    assert (code, score["pairs"]) == (0, 1)
    again = json.loads(run("eval", "stories", "pairs.jsonl", "--json", cwd=folder).stdout)
    assert again["pairs"] == 1
    (line,) = (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["label"] == "same"


def test_the_score_of_corrections_takes_what_a_pairs_file_takes_and_refuses_the_rest(
    config: Path,
) -> None:
    folder = config.parent
    ask(folder, "stories", "merge", 1, 2)
    corrections = ("eval", "stories", "--from-corrections")

    score = json.loads(run(*corrections, "--explain", "--json", cwd=folder).stdout)
    alone = json.loads(run(*corrections, "--no-baselines", "--json", cwd=folder).stdout)
    assert len(score["mistakes"]) == 1
    assert any("NewsBlur" in name for name in score["baselines"])
    assert not {"baselines", "mistakes"} & alone.keys()
    for wrong in (["--shuffle", "1m"], ["config.toml"]):
        ended = run(*corrections, *wrong, cwd=folder)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert len(ended.stderr.splitlines()) == 1


def test_mutes_are_made_listed_and_ended_beside_the_daemon_and_without_it(config: Path) -> None:
    folder = config.parent
    with WatcherProcess(config) as watcher:
        watcher.wait_for_log("started")
        code, made, _ = ask(folder, "mute", "topic", "kim-putin-summit", "--for", "2h")
        assert (code, made["kind"], made["by"]) == (0, "topic", "the command line")
        assert ask(folder, "mute", "story", 1, "--until", "morning")[0] == 0
        code, _, complaint = ask(folder, "mute", "topic", "kim-putin-sumit")
        assert (code, complaint) == (
            2,
            "watcher: there is no topic kim-putin-sumit; did you mean `kim-putin-summit`?\n",
        )
        watcher.stop()

    listed = run("mute", cwd=folder).stdout
    assert "kim-putin-summit" in listed
    assert "the command line" in listed
    assert run("unmute", "story", "1", cwd=folder).stdout == "story 1 is heard again\n"
    assert run("unmute", "story", "1", cwd=folder).stdout == "story 1 was not muted\n"
    assert run("unmute", "--all", cwd=folder).stdout == "ended 1 mute\n"
    assert json.loads(run("mute", "--json", cwd=folder).stdout) == []
    assert run("mute", cwd=folder).stdout == "nothing is muted\n"
    assert ask(folder, "alerts", "retry", "--all")[:2] == (0, {"revived": 0})
    assert run("alerts", "retry", "--all", cwd=folder).stdout.startswith("nothing of that is dead")
    assert "there is no channel `x`" in run("alerts", "retry", "--channel", "x", cwd=folder).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("mute", "story"),
        ("mute", "--for", "2h"),
        ("mute", "story", "1", "--for", "2h", "--until", "08:00"),
        ("mute", "story", "1", "--until", "never"),
        ("mute", "story", "1", "--for", "0s"),
        ("unmute",),
        ("unmute", "story", "1", "--all"),
        ("alerts", "retry"),
        ("alerts", "retry", "1", "--all"),
    ],
    ids=" ".join,
)
def test_half_a_command_is_wrong_usage(
    daemon: tuple[Path, WatcherProcess], arguments: tuple[str, ...]
) -> None:
    ended = run(*arguments, cwd=daemon[0])

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr


def test_a_socket_that_a_killed_daemon_left_is_in_nobodys_way(config: Path) -> None:
    folder = config.parent
    with WatcherProcess(config) as watcher:
        watcher.wait_for_log("started")
        watcher.process.kill()
        watcher.wait_for_exit()
    assert (folder / "watcher.sock").exists()

    assert ask(folder, "stories", "merge", 1, 2)[0] == 0
    with WatcherProcess(config) as watcher:
        watcher.wait_for_log("started")
        assert ask(folder, "stories", "merge", 1, 3)[0] == 0


def test_a_state_directory_of_any_length_works(config: Path, tmp_path: Path) -> None:
    state = tmp_path / ("deep" * 20) / ("deeper" * 20)
    state.mkdir(parents=True)
    shutil.copy(tmp_path / "watcher.db", state)
    environment = {"STATE_DIRECTORY": str(state)}
    with WatcherProcess(config, env=environment) as watcher:
        watcher.wait_for_log("started")

        code, merged, complaint = ask(tmp_path, "stories", "merge", 1, 2, **environment)

        assert (code, merged.get("changed"), complaint) == (0, True, "")
        assert (state / "watcher.sock").exists()
        assert "no control socket" not in watcher.log


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"\x00\xff" * 5_000 + b"\r\n\r\n", id="no HTTP"),
        pytest.param(b"POST /2/stories.merge HTTP/1.1\r\nHost: x\r\n", id="cut short"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", id="wrong method"),
        pytest.param(
            b"POST /2/stories.merge HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{" + b"[" * 8,
            id="no JSON",
        ),
        pytest.param(
            b"POST /2/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n" + b" " * 2_000_000,
            id="too long",
        ),
        pytest.param(
            b"POST /2/stories.split HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n"
            b'{"story": 1e999, "entries": [{}, 1]}',
            id="wrong kinds",
        ),
        pytest.param(
            b"POST /2/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
            id="unknown operation",
        ),
    ],
)
def test_garbage_on_the_socket_hurts_nobody(
    daemon: tuple[Path, WatcherProcess], garbage: bytes
) -> None:
    folder, watcher = daemon
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(str(folder / "watcher.sock"))
        try:
            client.sendall(garbage)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
        except OSError:
            pass  # it hung up on us

    code, _, complaint = ask(folder, "stories", "merge", 98, 99)
    assert (code, "there is no story 98" in complaint) == (2, True)
    assert "Traceback" not in watcher.log


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, WatcherProcess]]:
    folder = tmp_path_factory.mktemp("daemon")
    with FeedServer() as feeds:
        config = write_config(folder, feeds=[feeds.put("/w", rss("Wire", []))], channels=SCREEN)
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("started")
            yield folder, watcher


def test_a_client_that_says_nothing_delays_no_end(config: Path) -> None:
    with WatcherProcess(config) as watcher, socket.socket(socket.AF_UNIX) as client:
        watcher.wait_for_log("feed polled")  # by now it listens to signals, too
        client.connect(str(config.parent / "watcher.sock"))
        client.sendall(b"POST /2/stories.merge HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")

        assert watcher.stop(timeout_s=40) == 0  # a minute, if it were waited for


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")


@pytest.fixture
def others_state(config: Path) -> Path:
    """Return a state directory that belongs to another user, as under systemd's DynamicUser."""
    state = config.parent / "state"
    state.mkdir(mode=0o700)
    shutil.copy(config.parent / "watcher.db", state)
    for path in (state, state / "watcher.db"):
        os.chown(path, NOBODY, NOBODY)
    return state


@as_root
def test_root_corrects_another_users_stories_and_leaves_no_file_of_its_own(
    config: Path, others_state: Path
) -> None:
    with closing(sqlite3.connect(others_state / "watcher.db")) as other:
        other.execute("SELECT count(*) FROM entry").fetchone()  # the log stays while it is open
        code, merged, complaint = ask(
            config.parent, "stories", "merge", 1, 2, STATE_DIRECTORY=str(others_state)
        )
        owners = {path.name: path.stat().st_uid for path in others_state.iterdir()}

    assert (code, merged.get("changed"), complaint) == (0, True, "")
    assert owners.keys() >= {"watcher.db", "watcher.db-wal", "watcher.db-shm", "watcher.lock"}
    assert set(owners.values()) == {NOBODY}


@as_root
def test_the_socket_is_its_owners_and_roots_alone(config: Path, others_state: Path) -> None:
    environment = {"STATE_DIRECTORY": str(others_state)}
    with WatcherProcess(config, env=environment) as watcher:
        watcher.wait_for_log("started")
        path = others_state / "watcher.sock"
        os.chown(path, NOBODY, NOBODY)  # as if the daemon ran as its user

        code, merged, complaint = ask(config.parent, "stories", "merge", 1, 2, **environment)

        assert (code, merged.get("changed"), complaint) == (0, True, "")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def older_daemon(config: Path) -> Iterator[Path]:
    """Hold the state as a daemon of before there were protocols, which tells how it is at least."""
    folder = config.parent

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            is_known = self.path == "/vitals"
            body = b'{"result": {"status": "ok"}}' if is_known else b"404: Not Found"
            self.send_response(200 if is_known else 404)
            self.send_header("Content-Type", "application/json" if is_known else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "a command"

    with state_lock(folder), UnixStreamServer(str(folder / "watcher.sock"), Answering) as server:
        threading.Thread(target=server.serve_forever).start()
        yield folder
        server.shutdown()


def test_a_daemon_of_another_version_is_to_be_restarted(older_daemon: Path) -> None:
    for command in (
        ["mute", "topic", "kim-putin-summit", "--for", "1h"],
        ["stories", "merge", 1, 2],
        ["feeds", "poll", "Pacific Wire"],
    ):
        code, _, complaint = ask(older_daemon, *command)
        assert (code, complaint) == (
            1,
            "watcher: the running daemon is another version of Watcher: restart it\n",
        )
    assert story_ids(older_daemon) == [1, 2, 3, 4]
    assert ask(older_daemon, "mute")[0] == 0


@pytest.mark.parametrize("path", ["/stories.merge", "/1/stories.merge", "/999/stories.merge"])
def test_a_command_of_another_version_is_refused_and_changes_nothing(
    daemon: tuple[Path, WatcherProcess], path: str
) -> None:
    status, answer = post(daemon[0], path)

    assert status == 500
    assert answer == {"error": "the running daemon is another version of Watcher: restart it"}


def test_commands_of_every_version_may_ask_how_the_daemon_is(
    daemon: tuple[Path, WatcherProcess],
) -> None:
    status, answer = post(daemon[0], "/vitals")

    assert status == 200
    assert "result" in answer


def post(folder: Path, path: str) -> tuple[int, dict[str, object]]:
    """Ask the daemon as a program would that knows other ways than ours."""
    connection = HTTPConnection("watcher", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX)
    with closing(connection):
        connection.sock.connect(str(folder / "watcher.sock"))
        connection.request("POST", path, b'{"a": 1, "b": 2}')
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    write_config(tmp_path, feeds=[], channels=SCREEN)

    ended = run("stories", "merge", "1", "2", cwd=tmp_path)

    assert ended.returncode == 1
    assert ended.stderr.startswith("watcher: no database yet at ")


def test_a_feed_added_beside_the_daemon_is_polled_by_it(config: Path) -> None:
    folder = config.parent
    fresh = rss("Harian", [Story("Kim Jong Un meets Putin in Vladivostok")])
    with FeedServer(host="127.0.0.2") as server, WatcherProcess(config) as watcher:
        url = server.put("/rss", fresh)
        watcher.wait_for_log("started")

        code, added, _ = ask(folder, "feeds", "add", url)
        assert (code, added["daemon"]) == (0, True)
        watcher.wait_for_log("configuration reloaded")
        watcher.wait_until(lambda: f"url={url}" in watcher.log)

        code, polled, _ = ask(folder, "feeds", "poll", url)
        assert (code, polled["status"], polled["error"]) == (0, 200, None)
        assert watcher.stop() == 0
        assert "Traceback" not in watcher.log
