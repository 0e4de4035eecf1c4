import copy
import os
import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from watcher.config import Settings, load
from watcher.config.channels import EmailTable, TelegramTable
from watcher.config.secrets import Form, Secret
from watcher.config.settings import FeedTable, PollingTable
from watcher.errors import ConfigError

TOKEN = "123456:Sesam-oeffne-dich"


def test_each_form_reveals_the_secret_without_its_last_line_end(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\r\n")
    environ = {"TOKEN": f"{TOKEN}\n", "CREDENTIALS_DIRECTORY": str(tmp_path)}
    secrets = [
        Secret(TOKEN),
        Secret(str(file), Form.FILE),
        Secret("TOKEN", Form.ENV),
        Secret("token", Form.CREDENTIAL),
    ]

    assert [secret.reveal(environ) for secret in secrets] == [TOKEN] * 4


def test_only_one_line_end_is_taken_off() -> None:
    assert Secret("a b \n\n").reveal() == "a b \n"


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        pytest.param(
            Secret("/nowhere/token", Form.FILE, owner="channel desk"),
            "channel desk: secret file /nowhere/token is missing",
            id="file",
        ),
        pytest.param(
            Secret("NO_TOKEN", Form.ENV),
            "secret environment variable NO_TOKEN is missing",
            id="variable",
        ),
        pytest.param(
            Secret("token", Form.CREDENTIAL),
            "secret systemd credential token is missing",
            id="credential outside of systemd",
        ),
        pytest.param(Secret("/", Form.FILE), "secret file / cannot be read", id="folder"),
        pytest.param(
            Secret("a\0b", Form.FILE),
            "secret file a\N{REPLACEMENT CHARACTER}b is missing",
            id="a name that no file can have",
        ),
        pytest.param(Secret("\n"), "secret value is empty", id="empty"),
    ],
)
def test_a_secret_that_cannot_be_had_says_why(secret: Secret, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        secret.reveal({})

    assert str(caught.value) == message


def test_a_name_that_no_file_can_have_is_the_place_of_nothing() -> None:
    assert Secret("a\0b", Form.FILE).place() == (Form.FILE, "a\0b", 0, 0)


def test_a_channel_owns_its_secret() -> None:
    settings = Settings.model_validate(
        {"channels": {"desk": {"telegram": {"chat": -100, "token_file": "/nowhere/token"}}}}
    )
    telegram = settings.channels["desk"].telegram

    assert telegram
    with pytest.raises(ConfigError, match=r"^channel desk: secret file /nowhere/token is missing$"):
        telegram.token.reveal()


def test_nothing_shows_a_secret() -> None:
    telegram = TelegramTable.model_validate({"chat": "@desk", "token": TOKEN})
    feed = FeedTable.model_validate({"url": "https://a.example/", "basic_auth": TOKEN})

    shown = [
        repr(telegram),
        str(telegram.token),
        f"{telegram.token}",
        repr(telegram.model_dump()),
        telegram.model_dump_json(),
        repr(feed),
        feed.model_dump_json(),
        repr(copy.deepcopy(telegram)),
    ]

    assert not [text for text in shown if TOKEN in text]
    with pytest.raises(TypeError, match="does not leave its process"):
        pickle.dumps(telegram.token)


def test_headers_and_proxy_are_not_shown_either() -> None:
    feed = FeedTable.model_validate(
        {
            "url": "https://a.example/",
            "headers": {"Authorization": TOKEN},
            "proxy": f"http://me:{TOKEN}@proxy:3128",
        }
    )

    polling = PollingTable(proxy=f"http://me:{TOKEN}@proxy:3128")

    assert TOKEN not in repr(feed)
    assert TOKEN not in repr(polling)


def test_a_refused_table_does_not_show_its_secret() -> None:
    with pytest.raises(ValidationError) as caught:
        EmailTable.model_validate({"password": TOKEN, "password_file": "x"})

    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value.errors())


def test_secrets_are_equal_by_what_they_name() -> None:
    assert Secret("a") == Secret("a", owner="channel desk")
    assert Secret("a") != Secret("a", Form.FILE)
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    file.chmod(mode)
    return file


def warnings_of(file: Path, environ: dict[str, str] | None = None) -> list[str]:
    loaded = load(file, environ or {})
    assert loaded.settings
    return [problem.message for problem in loaded.problems]


def test_a_secret_in_a_world_readable_configuration_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = '[channels.desk]\ntelegram = { chat = 1, token = "123:abc" }\n'

    assert warnings_of(write(tmp_path, text)) == []
    assert warnings_of(write(tmp_path, text, 0o644)) == [
        "everybody can read this secret: chmod o-r config.toml, or `token_file`"
    ]


def test_a_secret_file_is_found_beside_the_file_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inner = tmp_path / "channels"
    inner.mkdir()
    secret = inner / "telegram.token"
    secret.write_text(TOKEN)
    secret.chmod(0o600)
    write(inner, '[channels.desk]\ntelegram = { chat = 1, token_file = "telegram.token" }\n')
    file = write(tmp_path, 'include = ["channels/config.toml"]\n')

    loaded = load(file)

    assert loaded.problems == ()
    telegram = loaded.settings and loaded.settings.channels["desk"].telegram
    assert telegram
    assert telegram.token.reveal() == TOKEN
    secret.chmod(0o604)
    assert warnings_of(file) == [
        "`token_file`: everybody can read channels/telegram.token: chmod o-r"
    ]
    secret.unlink()
    assert warnings_of(file) == ["`token_file`: there is no file channels/telegram.token"]


@pytest.mark.parametrize(
    ("secret", "environ", "warning"),
    [
        pytest.param("basic_auth_env", {}, "`basic_auth_env`: AUTH is not set", id="variable"),
        pytest.param("basic_auth_env", {"AUTH": "ada:x"}, None, id="variable that is set"),
        pytest.param(
            "basic_auth_env",
            {"AUTH": "x"},
            '`basic_auth_env`: no colon in it; it is "user:password"',
            id="login without a password",
        ),
        pytest.param(
            "basic_auth_credential",
            {},
            "`basic_auth_credential`: systemd has passed no credentials, so AUTH is missing",
            id="credential outside of systemd",
        ),
        pytest.param(
            "basic_auth_credential",
            {"CREDENTIALS_DIRECTORY": "/nowhere"},
            "`basic_auth_credential`: there is no file /nowhere/AUTH",
            id="credential that is not passed",
        ),
    ],
)
def test_a_missing_secret_is_a_warning(
    tmp_path: Path, secret: str, environ: dict[str, str], warning: str | None
) -> None:
    file = write(tmp_path, f'[[feeds]]\nurl = "https://a.example/"\n{secret} = "AUTH"\n')

    assert warnings_of(file, environ) == ([warning] if warning else [])


@pytest.mark.parametrize(
    ("secret", "warning"),
    [
        ("basic_auth_file", "`basic_auth_file`: you may not look for {folder}/AUTH"),
        ("basic_auth_credential", None),  # systemd shows them to the main process alone
    ],
)
def test_a_secret_in_a_closed_folder_ends_no_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str, warning: str | None
) -> None:
    file = write(tmp_path, f'[[feeds]]\nurl = "https://a.example/"\n{secret} = "AUTH"\n')
    monkeypatch.setattr(Path, "exists", _closed)
    expected = [warning.format(folder=tmp_path)] if warning else []

    assert warnings_of(file, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == expected


@pytest.mark.parametrize(
    ("content", "trouble"), [(b"\n", "is empty"), (b"\xff\xfe:\xff", "cannot be read")]
)
def test_a_secret_file_that_holds_none_is_a_warning(
    tmp_path: Path, content: bytes, trouble: str
) -> None:
    file = write(tmp_path, '[[feeds]]\nurl = "https://a.example/"\nbasic_auth_file = "AUTH"\n')
    (tmp_path / "AUTH").write_bytes(content)

    [warning] = warnings_of(file)

    assert warning == f"`basic_auth_file`: secret file {tmp_path}/AUTH {trouble}"


def test_a_check_warns_of_a_secret_that_a_pipe_brings_and_does_not_read_it(tmp_path: Path) -> None:
    file = write(tmp_path, '[[feeds]]\nurl = "https://a.example/"\nbasic_auth_file = "AUTH"\n')
    os.mkfifo(tmp_path / "AUTH", 0o600)

    (warning,) = warnings_of(file)

    assert f"{tmp_path}/AUTH is a pipe" in warning


def test_the_place_of_a_pipe_stays_the_same_when_it_is_used(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    secret = Secret(str(tmp_path / "pipe"), Form.FILE)
    before = secret.place()
    os.utime(tmp_path / "pipe", (1, 1))

    assert secret.place() == before


def _closed(path: Path) -> bool:
    raise PermissionError(13, "Permission denied", str(path))


def test_a_missing_authority_file_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = write(
        tmp_path,
        '[channels.mail.email]\nserver = "smtp://h"\nfrom = "a@b"\nto = ["c@d"]\nca_file = "ca"\n',
    )

    assert warnings_of(file) == ["`ca_file`: there is no file ca"]
