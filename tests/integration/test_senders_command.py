import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from fake_telegram import FakeTelegram
from mail_server import MailServer
from telegram_http import Fault
from warm_process import run

TOKEN = "123456789:AAHcanary-canary_canary-canary_canary0"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "telegram.token").write_text(TOKEN + "\n")
    (tmp_path / "telegram.token").chmod(0o600)
    path = tmp_path / "config.toml"
    path.write_text('[channels.screen]\nconsole = true\n[watcher]\ntimezone = "Asia/Jakarta"\n')
    return path


def add_desk(config: Path, api: str, chat: str = "-100", token: str = "telegram.token") -> None:
    with config.open("a") as file:
        file.write(
            f'\n[channels.desk]\ntelegram = {{ chat = "{chat}", token_file = "{token}", '
            f'api = "{api}" }}\n'
        )


def send_test(config: Path, *arguments: str) -> CompletedProcess[str]:
    return run("send-test", "--config", config, *arguments, cwd=config.parent)


def test_a_sample_alert_goes_to_telegram_and_says_that_it_is_a_test(config: Path) -> None:
    with FakeTelegram(token=TOKEN) as api:
        add_desk(config, api.url)
        ended = send_test(config, "desk")

        (message,) = api.messages
    assert (ended.returncode, ended.stdout) == (0, "sent to desk (telegram), message 1\n")
    assert ended.stderr == ""
    assert "TEST" in message.visible
    assert "Kim Jong Un Temui Putin di Rusia" in message.visible


def test_a_refusal_is_one_sentence_that_says_what_to_do(config: Path) -> None:
    with FakeTelegram(token=TOKEN) as api:
        add_desk(config, api.url, chat="-999")
        ended = send_test(config, "desk")

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == (
        "not sent to desk (telegram): Telegram finds no chat -999; check `chat`, and write to "
        "the bot or add it to the group first\n"
    )


def test_json_tells_success_and_failure_in_the_same_fields(config: Path) -> None:
    with FakeTelegram(token=TOKEN) as api:
        add_desk(config, api.url)
        good = send_test(config, "desk", "--json")
        api.fail_next(Fault.SERVER_ERROR)
        bad = send_test(config, "desk", "--json")

    assert (good.returncode, bad.returncode) == (0, 1)
    assert json.loads(good.stdout) == {
        "channel": "desk",
        "kind": "telegram",
        "sent": True,
        "message": "1",
        "error": None,
    }
    assert json.loads(bad.stdout)["sent"] is False
    assert "Internal Server Error" in json.loads(bad.stdout)["error"]


def test_a_sample_alert_goes_to_a_mailbox(config: Path) -> None:
    with MailServer() as server:
        with config.open("a") as file:
            file.write(
                f'\n[channels.mail]\nemail = {{ server = "{server.url}", tls = false, '
                'from = "watcher@example.org", to = ["ana@example.org"] }\n'
            )
        ended = send_test(config, "mail")

        (mail,) = server.messages
    assert ended.returncode == 0
    assert ended.stdout.startswith("sent to mail (email), message <test-")
    assert "TEST" in str(mail.message["Subject"])


def test_the_console_shows_the_sample_itself(config: Path) -> None:
    ended = send_test(config, "screen")

    assert ended.returncode == 0
    assert "Kim Jong Un Temui Putin di Rusia" in ended.stdout
    assert ended.stdout.endswith("sent to screen (console)\n")


def test_json_of_the_console_stays_json(config: Path) -> None:
    ended = send_test(config, "screen", "--json")

    assert json.loads(ended.stdout)["sent"] is True
    assert "Kim Jong Un Temui Putin di Rusia" in ended.stderr


@pytest.mark.parametrize(
    ("channel", "hint"),
    [
        pytest.param("scren", "did you mean `screen`?", id="nearly"),
        pytest.param("xyzzy", "configured: screen", id="not-at-all"),
    ],
)
def test_an_unknown_channel_is_wrong_usage_with_a_suggestion(
    config: Path, channel: str, hint: str
) -> None:
    ended = send_test(config, channel)

    assert ended.returncode == 2
    assert f"there is no channel `{channel}`; {hint}" in ended.stderr


def test_a_missing_token_is_a_bad_configuration(config: Path) -> None:
    add_desk(config, "http://127.0.0.1:1", token="none.token")
    ended = send_test(config, "desk")

    assert ended.returncode == 78
    assert "missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_is_said_of_one_channel_is_not_buried_in_warnings_of_others(config: Path) -> None:
    add_desk(config, "http://127.0.0.1:1", token="none.token")
    ended = send_test(config, "screen")

    assert (ended.returncode, ended.stderr) == (0, "")
