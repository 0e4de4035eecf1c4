"""Secrets that are easy to find: wherever Watcher writes, none of them may turn up.

Everything goes wrong that can: refused logins, servers that fail, a fault of ours with its
traceback, a broken configuration; all at the highest log level.
"""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from feed_documents import Story, rss
from feed_server import FeedServer
from mail_server import MailServer, Tls, write_authority
from telegram_http import Fault
from warm_process import run
from watcher_process import WatcherProcess, write_config

TOKEN = "4711:CANARYtelegramTokenCANARYtelegramTok"
CANARIES = {
    "Telegram token": TOKEN,
    "SMTP password": "CANARY-smtp-p\u00e4ss word",
    "Apprise URL": "CANARY-apprise-key",
    "Apprise path": "CANARY-apprise-path",
    "basic auth": "CANARY-basic-auth",
    "header": "CANARY-header-value",
    "proxy": "CANARY-proxy-password",
    "feed address": "CANARY-in-the-address",
    "monitor": "CANARY-of-the-monitor",
}
SUMMIT = Story("Kim Jong Un meets Putin in Vladivostok for talks on military cooperation")
ASKED = (
    ("check",),
    ("status", "--json"),
    ("feeds", "list", "--json"),
    ("alerts", "list", "--json"),
    ("alerts", "show", "1", "--json"),
    ("stories", "show", "1"),
    ("topics", "list"),
    ("explain", "Kim meets Putin"),
    ("send-test", "desk"),
    ("send-test", "mail"),
    ("send-test", "hook"),
    ("send-test", "nobody"),
    ("run", "--once", "--debug", "--dry-run"),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Path, FeedServer, FakeTelegram, MailServer]]:
    """Return a configuration full of secrets, and the servers that it names."""
    authority = write_authority(tmp_path)
    with (
        FeedServer() as feeds,
        FakeTelegram(token=TOKEN) as telegram,
        MailServer(tls=Tls.STARTTLS, users={"watcher": "another one"}) as mail,
    ):
        server = mail.url.replace("smtp://", "smtp://watcher@")
        secrets = tmp_path / "secrets"
        secrets.mkdir(mode=0o700)
        for name in ("Telegram token", "SMTP password", "basic auth"):
            (secrets / name).write_text(_secret(name), encoding="utf-8")
            (secrets / name).chmod(0o600)
        channels = (
            "[channels.desk]\n"
            f'telegram = {{ chat = "-100", token_file = "secrets/Telegram token",'
            f' api = "{telegram.url}" }}\n'
            "[channels.mail]\n"
            f'email = {{ server = "{server}", password_file = "secrets/SMTP password",'
            f' ca_file = "{authority}", from = "w@example.org", to = ["a@example.org"] }}\n'
            "[channels.hook]\n"
            f'apprise = "json://user:{CANARIES["Apprise URL"]}@127.0.0.1:{feeds.port}'
            f'/{CANARIES["Apprise path"]}"\n'
        )
        config = write_config(
            tmp_path,
            feeds=[feeds.put("/wire", rss("Wire", [SUMMIT]))],
            channels=channels,
            extra='[watcher]\nops_channel = "desk"\n'
            f'heartbeat_url = "http://127.0.0.1:{feeds.port}/{CANARIES["monitor"]}"\n',
        )
        locked = feeds.put("/locked", status=401)
        with config.open("a", encoding="utf-8") as file:
            file.write(
                f'[[feeds]]\nurl = "{locked}"\nbasic_auth_file = "secrets/basic auth"\n'
                f'headers = {{ "X-Api-Key" = "{CANARIES["header"]}" }}\n'
                f'[[feeds]]\nurl = "{locked}?by=proxy"\n'
                f'proxy = "http://user:{CANARIES["proxy"]}@127.0.0.1:9"\n'
            )
        config.chmod(0o644)  # each of its secrets is warned of, with its line
        yield config, feeds, telegram, mail


def _secret(name: str) -> str:
    return f"reader:{CANARIES[name]}" if name == "basic auth" else CANARIES[name]


def test_no_secret_turns_up_in_any_output_log_database_or_message(
    world: tuple[Path, FeedServer, FakeTelegram, MailServer],
) -> None:
    config, feeds, telegram, mail = world
    written: dict[str, str] = {}
    for fault in (Fault.SERVER_ERROR, Fault.GARBAGE, Fault.CLOSE_BEFORE):
        telegram.fail_next(fault, method="sendMessage")
    with WatcherProcess(config, "--debug") as watcher:
        telegram.wait_for(1)
        feeds.wait_for("/locked")
        watcher.wait_until(lambda: "channel=hook" in watcher.log and "channel=mail" in watcher.log)
        written["ps"] = _arguments(watcher.process.pid)
        good = config.read_bytes()
        with config.open("a", encoding="utf-8") as file:
            file.write(f'[[feeds]]\nurl = "http://me:{CANARIES["feed address"]}@127.0.0.1/feed"\n')
        watcher.wait_for_log("configuration refused")
        watcher.signal(signal.SIGABRT)  # as the watchdog does; the stack goes to the log
        watcher.wait_for_exit()
        written["log"] = watcher.log
    broken = run("check", cwd=config.parent)
    assert broken.returncode == 78
    written["check of a broken file"] = broken.stdout + broken.stderr
    config.write_bytes(good)
    for words in ASKED:
        ended = run(*words, cwd=config.parent)
        written["watcher " + " ".join(words)] = ended.stdout + ended.stderr
    written |= {f"message {m.message_id}": m.text for m in telegram.messages}
    written |= {f"mail {n}": str(m.message) for n, m in enumerate(mail.messages)}
    written |= dict(_files(config.parent))

    assert len(written) > len(ASKED) + 3
    assert leaks(written) == []


def leaks(written: dict[str, str]) -> list[str]:
    """Return where which secret was found, in plain letters or without its ends."""
    return [
        f"{name} in {place}: {_around(text, canary[2:-2])}"
        for place, text in written.items()
        for name, canary in CANARIES.items()
        if canary[2:-2] in text
    ]


def test_a_leak_would_be_found() -> None:
    assert leaks({"log": f"a line with {TOKEN} in it"}) != []


def _around(text: str, found: str) -> str:
    at = text.index(found)
    return text[max(0, at - 80) : at + len(found) + 40]


def _arguments(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what lies in the state directory, without the user's own files."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "config.toml" and path.parent.name != "secrets":
            yield path.name, path.read_bytes().decode("utf-8", "replace")
