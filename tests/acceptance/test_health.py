"""Proof of life: what a user sees of a running, a killed and a stopped daemon."""

import json
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from feed_documents import Story, rss
from feed_server import FeedServer
from free_address import free_address
from warm_process import WatcherProcess, run
from watcher_process import write_config

from watcher.cli import EXIT_CONFIG

SCREEN = "[channels.screen]\nconsole = true\n"
SUMMIT = Story("Kim Jong Un meets Putin in Vladivostok")


def get(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ask_status(config: Path) -> subprocess.CompletedProcess[str]:
    return run("status", "--config", config, cwd=config.parent)


def test_a_running_daemon_shows_its_health_its_metrics_and_itself(tmp_path: Path) -> None:
    address = free_address()
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        config = write_config(
            tmp_path, feeds=[url], channels=SCREEN, extra=f'[http]\nlisten = "{address}"\n'
        )
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("alert sent")
            health = get(address, "/health")
            status, metrics = get(address, "/metrics")
            shown = ask_status(config)
            record = json.loads(run("status", "--json", "--config", config, cwd=tmp_path).stdout)
            watcher.stop()

    assert health == (200, '{"ready": true, "reasons": [], "warnings": []}')
    assert status == 200
    for series in (
        'watcher_polls_total{outcome="news"} 1.0',
        'watcher_matches_total{topic="kim-putin-summit"} 1.0',
        'watcher_decisions_total{action="alert",reason="first_report"} 1.0',
        'watcher_deliveries_total{channel="screen",outcome="sent"} 1.0',
        'watcher_feeds{state="well"} 1.0',
        "watcher_config_last_reload_successful 1.0",
    ):
        assert f"\n{series}\n" in metrics
    assert shown.returncode == 0, shown
    assert f"pid {watcher.process.pid}" in shown.stdout
    assert f"http://{address}" in shown.stdout
    assert "1 sent, 0 waiting, 0 dead" in shown.stdout
    assert len(shown.stdout.splitlines()) <= 24  # one screen
    assert record["daemon"]["polls"] >= 1
    assert record["healthy"] is True


def test_a_refused_configuration_is_shown_until_it_is_mended(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", []))
        config = write_config(tmp_path, feeds=[url], channels=SCREEN)
        good = config.read_text(encoding="utf-8")
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("feed polled")
            config.write_text(good.replace("kim NEAR putin", "kim NEAR purin"), encoding="utf-8")
            watcher.wait_for_log("configuration refused")
            refused = ask_status(config)
            config.write_text(f"{good}\nno toml", encoding="utf-8")
            unreadable = ask_status(config)
            config.write_text(good, encoding="utf-8")
            watcher.wait_for_log("configuration reloaded")
            mended = ask_status(config)
            watcher.stop()

    for shown in (refused, unreadable):
        assert shown.returncode == EXIT_CONFIG
        assert f"pid {watcher.process.pid}" in shown.stdout
        assert "!  the configuration on disk is refused: " in shown.stdout
        assert "1 problem" in shown.stderr
    assert mended.returncode == 0, mended


def test_a_daemon_whose_first_poll_is_under_way_is_well(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", []), mode="hang")
        config = write_config(tmp_path, feeds=[url], channels=SCREEN)
        with WatcherProcess(config) as watcher:
            feeds.wait_for("/wire")
            begun = ask_status(config)
            watcher.stop()
        feeds.put("/wire", "", status=500)
        run("run", "--once", "--config", config, cwd=tmp_path)
        in_vain = ask_status(config)

    assert begun.returncode == 0, begun
    assert in_vain.returncode == 1
    assert "no feed was ever polled with success" in in_vain.stdout


def test_a_daemon_that_hangs_is_told_before_a_monitor_loses_patience(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", []))
        config = write_config(tmp_path, feeds=[url], channels=SCREEN)
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("feed polled")
            watcher.signal(signal.SIGSTOP)
            hangs = ask_status(config)
            watcher.signal(signal.SIGCONT)
            back = ask_status(config)
            watcher.stop()

    assert hangs.returncode == 1, hangs
    assert "daemon  does not answer" in hangs.stdout
    assert "!  the running Watcher did not answer within 10 s: see its log\n" in hangs.stdout
    assert back.returncode == 0, back


def test_a_daemon_that_died_is_missed_and_one_round_is_not(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", []))
        config = write_config(tmp_path, feeds=[url], channels=SCREEN)
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("feed polled")
            watcher.process.kill()
            watcher.wait_for_exit()
        died = ask_status(config)
        run("run", "--once", "--config", config, cwd=tmp_path)
        once = ask_status(config)
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("feed polled")
            watcher.stop()
        stopped = ask_status(config)

    assert died.returncode == stopped.returncode == 1
    assert "the daemon is not running" in died.stdout
    assert "it did not end by itself" in died.stdout
    assert (once.returncode, "none; last round" in once.stdout) == (0, True), once
    assert "it ended " in stopped.stdout
