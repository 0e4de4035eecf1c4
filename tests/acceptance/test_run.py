"""The installed daemon, from feeds to Telegram and e-mail."""

import signal
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from feed_documents import Story, rss
from feed_server import FeedServer
from mail_server import MailServer, Tls, write_authority
from telegram_http import Fault
from watcher_process import WatcherProcess, run, write_config

SUMMIT = Story(
    "Kim Jong Un meets Putin in Vladivostok for talks on military cooperation",
    "North Korean leader Kim Jong Un met Russian President Vladimir Putin on Wednesday.",
)
RETITLED = Story(
    "Exclusive: Kim Jong Un meets Putin in Vladivostok, talks on military cooperation",
    "North Korean leader Kim Jong Un met Russian President Vladimir Putin on Wednesday.",
)
UNRELATED = [
    Story("Ferry line reopens after storm repairs"),
    Story("Kim Kardashian opens a shop in Milan"),
    Story("Putin and Xi speak by telephone about grain"),
]


def desk(telegram: FakeTelegram) -> str:
    return (
        "[channels.desk]\n"
        f'telegram = {{ chat = "-100", token = "{telegram.token}", api = "{telegram.url}" }}\n'
    )


def test_copies_and_a_retitle_of_one_story_give_one_telegram_message_and_one_mail(
    tmp_path: Path,
) -> None:
    authority = write_authority(tmp_path)
    users = {"watcher": "s3cret"}
    with (
        FeedServer() as feeds,
        FakeTelegram() as telegram,
        MailServer(tls=Tls.STARTTLS, users=users) as mail,
    ):
        urls = [
            feeds.put("/wire", rss("Pacific Wire", [SUMMIT, *UNRELATED])),
            feeds.put("/times", rss("Harbour Times", [SUMMIT])),
            feeds.put("/post", rss("Morning Post", [RETITLED, UNRELATED[0]])),
        ]
        server = mail.url.replace("smtp://", "smtp://watcher@")
        mailbox = (
            "[channels.mail]\n"
            f'email = {{ server = "{server}", password = "s3cret", ca_file = "{authority}", '
            'from = "watcher@example.org", to = ["analyst@example.org"] }\n'
        )
        config = write_config(tmp_path, feeds=urls, channels=desk(telegram) + mailbox)

        with WatcherProcess(config) as watcher:
            telegram.wait_for(1)
            mail.wait_for(1)
            for path in ("/wire", "/times", "/post"):
                feeds.wait_for(path, 2)  # a second poll comes after the first was taken in
            assert watcher.stop() == 0

    assert [message.chat for message in telegram.messages] == ["-100"]
    assert "meets Putin" in telegram.messages[0].visible
    assert "Kim–Putin summit" in telegram.messages[0].visible
    assert len(mail.messages) == 1
    assert "meets Putin" in mail.messages[0].body()


def test_a_report_that_may_be_new_is_told_by_a_reply_in_the_storys_thread(tmp_path: Path) -> None:
    later = Story(
        "Kim Jong Un and Putin sign 5 agreements on military cooperation in Vladivostok",
        "North Korean leader Kim Jong Un and Russian President Vladimir Putin signed them.",
    )
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        config = write_config(
            tmp_path, feeds=[url], channels=desk(telegram), extra='reply_intervals = ["1s"]'
        )
        with WatcherProcess(config) as watcher:
            telegram.wait_for(1)
            feeds.put("/wire", rss("Pacific Wire", [SUMMIT, later]))
            first, reply = telegram.wait_for(2)
            watcher.stop()

    assert reply.reply_to == first.message_id
    assert "sign 5 agreements" in reply.visible


def test_a_service_that_fails_at_first_gets_the_message_later(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        telegram.fail_next(Fault.SERVER_ERROR, times=2)
        config = write_config(tmp_path, feeds=[url], channels=desk(telegram))
        with WatcherProcess(config) as watcher:
            (message,) = telegram.wait_for(1)
            watcher.wait_for_log("alert sent")
            watcher.stop()

    assert "possible repeat" not in message.visible


def test_the_token_stands_in_no_log(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram(token="123456:CANARY-token-value") as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        telegram.fail_next(Fault.SERVER_ERROR)
        config = write_config(tmp_path, feeds=[url], channels=desk(telegram))
        with WatcherProcess(config, "--debug") as watcher:
            telegram.wait_for(1)
            watcher.wait_for_log("alert sent")
            watcher.stop()

    assert "alert sent" in watcher.log
    assert "CANARY" not in watcher.log


def test_a_changed_watchlist_is_taken_over_and_a_broken_one_refused(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [UNRELATED[0]]))
        config = write_config(tmp_path, feeds=[url], channels=desk(telegram))
        good = config.read_text(encoding="utf-8")
        with WatcherProcess(config) as watcher:
            feeds.wait_for("/wire", 1)
            config.write_text(good.replace("kim NEAR putin", "kim NEAR purin"), encoding="utf-8")
            watcher.wait_for_log("configuration refused")
            config.write_text(good.replace('"Kim Jong Un", ', '"Ferry line", '), encoding="utf-8")
            watcher.signal(signal.SIGHUP)
            watcher.wait_for_log("configuration reloaded")
            ferry = Story("Ferry line praised by Putin")
            feeds.put("/wire", rss("Pacific Wire", [UNRELATED[0], ferry]))
            (message,) = telegram.wait_for(1)
            assert watcher.process.poll() is None
            watcher.stop()

    assert "Ferry line praised by Putin" in message.visible


def test_a_second_daemon_on_the_same_state_is_refused(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", []))
        config = write_config(tmp_path, feeds=[url], channels=desk(telegram))
        with WatcherProcess(config) as watcher:
            feeds.wait_for("/wire", 1)
            second = run("run", "--config", config, cwd=tmp_path)
            watcher.stop()

    assert second.returncode == 1
    assert f"another Watcher (pid {watcher.process.pid})" in second.stderr


def test_without_network_each_feed_says_so_once_and_sigterm_ends_it(tmp_path: Path) -> None:
    hosts = [f"http://outlet-{number}.invalid/rss" for number in range(5)]
    config = write_config(tmp_path, feeds=hosts, channels="[channels.screen]\nconsole = true\n")
    with WatcherProcess(config) as watcher:
        watcher.wait_for_log("we seem to be offline")
        watcher.wait_for_log("poll failed", count=len(hosts))
        assert watcher.stop(timeout_s=10) == 0

    assert watcher.log.count("we seem to be offline") == 1
    assert all(watcher.log.count(host) == 1 for host in hosts)
    assert "Traceback" not in watcher.log


def test_once_polls_delivers_and_exits(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT, *UNRELATED]))
        screen = "[channels.screen]\nconsole = true\n"
        config = write_config(tmp_path, feeds=[url], channels=screen)
        once = run("run", "--once", "--config", config, cwd=tmp_path)

    assert once.returncode == 0
    assert "Kim Jong Un meets Putin in Vladivostok" in once.stdout
    assert "1 feed polled (0 failed): 4 entries, 4 stories, 1 alert, 0 replies" in once.stdout


def test_an_emptied_database_is_refused_and_nothing_is_told_again(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        write_config(tmp_path, feeds=[url], channels=desk(telegram))
        first = run("run", "--once", cwd=tmp_path)
        (tmp_path / "watcher.db").write_bytes(b"")
        second = run("run", "--once", cwd=tmp_path)
        told = len(telegram.messages)

    assert "new database made" in first.stderr
    assert second.returncode == 1
    assert "is empty, and copies of it are not: bring the newest back" in second.stderr
    assert told == 1


def test_a_daemon_that_is_stopped_while_it_starts_ends_as_it_should(tmp_path: Path) -> None:
    with FeedServer() as feeds:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        config = write_config(tmp_path, feeds=[url], channels="[channels.screen]\nconsole = true\n")
        with WatcherProcess(config) as watcher:
            watcher.wait_for_log("started")
            assert watcher.stop() == 0
            watcher.wait_for_log("stopped")


def test_a_dry_run_sends_and_stores_nothing(tmp_path: Path) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        url = feeds.put("/wire", rss("Pacific Wire", [SUMMIT]))
        config = write_config(tmp_path, feeds=[url], channels=desk(telegram))
        dry = run("run", "--once", "--dry-run", "--config", config, cwd=tmp_path)

    assert dry.returncode == 0
    assert "would send" in dry.stderr
    assert telegram.messages == []
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize("once", [["--once"], []])
def test_a_dry_run_that_is_ended_early_leaves_no_copy_of_the_database(
    tmp_path: Path, once: list[str]
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with FeedServer() as feeds:
        url = feeds.put("/wire", mode="hang")
        config = write_config(tmp_path, feeds=[url], channels="[channels.screen]\nconsole = true\n")
        with WatcherProcess(config, *once, "--dry-run", env={"TMPDIR": str(scratch)}) as watcher:
            watcher.wait_for_log("new database made")
            assert watcher.stop() in {0, -signal.SIGTERM}

    assert list(scratch.iterdir()) == []
