"""The remote control of the installed daemon, over a crash and beside the command line."""

import json
import signal
from pathlib import Path

from fake_telegram import FakeTelegram
from feed_documents import Story, rss
from feed_server import FeedServer
from warm_process import WatcherProcess, run
from watcher_process import write_config

SUMMIT = Story(
    "Kim Jong Un meets Putin in Vladivostok for talks on military cooperation",
    "North Korean leader Kim Jong Un met Russian President Vladimir Putin on Wednesday.",
)


def test_a_tap_during_a_crash_is_done_by_the_next_run_and_seen_on_the_command_line(
    tmp_path: Path,
) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        desk = (
            "[channels.desk]\n"
            f'telegram = {{ chat = "-100", token = "{telegram.token}", api = "{telegram.url}" }}\n'
        )
        config = write_config(tmp_path, feeds=[url], channels=desk)
        with WatcherProcess(config) as watcher:
            telegram.wait_for(1)
            watcher.wait_for_log("alert sent")
            watcher.signal(signal.SIGKILL)
            watcher.wait_for_exit()
        telegram.tap(1, "Not this topic")
        with WatcherProcess(config) as watcher:
            telegram.wait_until(lambda: "Not this topic · Ana" in telegram.labels(1)[0])
            rated = json.loads(run("topics", "coverage", "--json", cwd=tmp_path).stdout)
            muted = json.loads(run("mute", "--json", cwd=tmp_path).stdout)
            telegram.tap(1, "It is this topic")
            telegram.wait_until(lambda: "Mute story" in telegram.labels(1)[0])
            assert run("mute", "topic", "kim-putin-summit", cwd=tmp_path).returncode == 0
            telegram.wait_until(lambda: "Topic snoozed till" in telegram.labels(1)[0])
            assert run("unmute", "topic", "kim-putin-summit", cwd=tmp_path).returncode == 0
            telegram.wait_until(lambda: "Mute story" in telegram.labels(1)[0])
            watcher.wait_for_log("feed polled")  # by now it listens to signals, too
            assert watcher.stop() == 0
        assert "Traceback" not in watcher.log

    assert rated[0]["feedback"] == {"told": 1, "wrong": 1, "seen": 0, "precision": 0.0}
    assert [(one["kind"], one["subject"], one["by"]) for one in muted] == [
        ("thread", "kim-putin-summit/1", "Ana")
    ]
    assert json.loads(run("mute", "--json", cwd=tmp_path).stdout) == []
    assert len(telegram.messages) == 1
    text = run("topics", "coverage", cwd=tmp_path).stdout
    assert "precision: 100% at most; 0 of 1 stories told were called “not this topic”" in text


def test_a_single_run_and_a_dry_run_listen_to_nobody(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        desk = (
            "[channels.desk]\n"
            f'telegram = {{ chat = "-100", token = "{telegram.token}", api = "{telegram.url}" }}\n'
        )
        config = write_config(tmp_path, feeds=[url], channels=desk)
        assert run("run", "--once", "--dry-run", "-c", config, cwd=tmp_path).returncode == 0
        assert run("run", "--once", "-c", config, cwd=tmp_path).returncode == 0

    assert telegram.labels(1) == []
    assert {call.method for call in telegram.calls} == {"sendMessage"}
