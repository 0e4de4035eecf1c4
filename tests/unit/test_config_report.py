from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from watcher.config import Document, Problem, load, report
from watcher.config.channels import ChannelTable, EmailTable, TelegramTable
from watcher.config.document import Source
from watcher.config.explain import keys_at
from watcher.config.redact import SECRET_KEYS, SECRET_WORDS, TABLES, redact
from watcher.config.scan import KeyPath
from watcher.config.settings import FeedTable, WatcherTable
from watcher.config.suggest import nearest


def shown(text: str, *problems: Problem) -> list[str]:
    return report(problems, Document((Source(Path("config.toml"), text),))).split("\n")


def test_a_problem_has_place_sentence_source_and_caret() -> None:
    assert shown(
        '[polling]\n\n\ntimeouts = "5m"', Problem(("polling", "timeouts"), "unknown", at_key=True)
    ) == [
        "config.toml:4:1: unknown",
        '  4 | timeouts = "5m"',
        "    | ^^^^^^^^",
        "1 problem; nothing was started",
    ]


def test_problems_are_sorted_by_place_and_shown_once() -> None:
    lines = shown(
        "a = 1\nb = [2, 3]",
        Problem(("b", 1), "third"),
        Problem(("a",), "first", warning=True),
        Problem(("b", 0), "second"),
        Problem(("b", 1), "third"),
    )

    assert [line for line in lines if line.startswith("config")] == [
        "config.toml:1:5: warning: first",
        "config.toml:2:6: second",
        "config.toml:2:9: third",
    ]
    assert lines[-1] == "2 problems, 1 warning; nothing was started"


def test_warnings_alone_stop_nothing() -> None:
    assert shown("a = 1", Problem(("a",), "odd", warning=True))[-1] == "1 warning"


def test_a_reload_says_what_follows() -> None:
    document = Document((Source(Path("config.toml"), "a = 1"),))

    text = report([Problem(("a",), "bad")], document, outcome="the running one stays")

    assert text.endswith("\n1 problem; the running one stays")


@pytest.mark.parametrize(
    ("before", "columns"),
    [
        pytest.param("abc", 3, id="narrow"),
        pytest.param("日本語", 6, id="wide"),
        pytest.param("e\u0301", 1, id="combining"),
        pytest.param("한국", 4, id="Korean"),
    ],
)
def test_the_caret_stands_below_its_text(before: str, columns: int) -> None:
    caret = shown(f'include = ["{before}", 7]', Problem(("include", 1), "bad"))[2]

    assert caret == "    | " + " " * (len('include = ["') + columns + len('", ')) + "^"


def test_wide_text_has_a_wide_caret_and_tabs_stay_tabs() -> None:
    assert shown('\tinclude = "北"', Problem(("include",), "bad"))[1:3] == [
        '  1 | \tinclude = "北"',
        "    | \t          ^^^^",
    ]


def test_a_long_line_is_cut_around_the_mistake() -> None:
    names = ", ".join(f'"name {number:03}"' for number in range(100))

    _, source, caret, _ = shown(f"include = [{names}]", Problem(("include", 50), "bad"))

    assert source.startswith("  1 | …")
    assert source.endswith("…")
    assert len(source) < 130
    assert source[caret.index("^") : caret.rindex("^") + 1] == '"name 050"'


def test_nothing_in_a_file_steers_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[watcher]\ntimezone = "\u202e\\u001b[31m"\nx = "\u001b[2J"\n')

    loaded = load(file)

    text = report(loaded.problems, loaded.document)
    assert "\u001b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        pytest.param(
            'token = "12:a"', ("channels", "d", "telegram", "x"), 'token = "****"', id="token"
        ),
        pytest.param("token = 12:a", (), "token = ****", id="unquoted"),
        pytest.param('tokn = "12:a', (), 'tokn = "****', id="misspelt and unclosed"),
        pytest.param('apprise = "ntfy://x"', ("channels", "d"), 'apprise = "********"', id="url"),
        pytest.param(
            'telegram = "12:a"', ("channels", "d", "telegram"), 'telegram = "****"', id="no table"
        ),
        pytest.param(
            '"12:a",', ("channels", "d", "telegram", "token", 0), '"****",', id="a line of a list"
        ),
        pytest.param(
            'telegram = { chat = 1, token = "1", silent = 2 }',
            ("channels", "d", "telegram", "silent"),
            'telegram = { chat = 1, token = "*", silent = 2 }',
            id="its neighbours stay",
        ),
        pytest.param(
            'headers.Authorization = "Bearer x"',
            ("feeds", 0, "headers", "Authorization"),
            'headers.Authorization = "********"',
            id="header",
        ),
        pytest.param(
            'url = "https://me:pass@a.example/"',
            ("feeds", 0, "url"),
            'url = "https://*******@a.example/"',
            id="password in an address",
        ),
        pytest.param(
            'heartbeat_url = "https://hc.example/4711"',
            ("watcher", "heartbeat_url"),
            'heartbeat_url = "***********************"',
            id="the address of a monitor",
        ),
        pytest.param(
            'heartbeat_ulr = "https://hc.example/4711"',
            ("watcher", "heartbeat_ulr"),
            'heartbeat_ulr = "***********************"',
            id="the same misspelt",
        ),
        pytest.param(
            'heartbeat = "https://hc.example/4711"',
            ("watcher", "heartbeat"),
            'heartbeat = "***********************"',
            id="at the key that is its beginning",
        ),
        pytest.param(
            'hearbeat = "https://hc.example/4711"',
            ("watcher", "hearbeat"),
            'hearbeat = "***********************"',
            id="and at that misspelt",
        ),
        pytest.param(
            'timezone = "Asia/Jakarte"',
            ("watcher", "timezone"),
            'timezone = "Asia/Jakarte"',
            id="known and harmless",
        ),
        pytest.param(
            'poll_intervall = "5m"',
            ("polling", "poll_intervall"),
            'poll_intervall = "5m"',
            id="unknown and harmless",
        ),
        pytest.param(
            'databas = "x.db"', ("watcher", "databas"), 'databas = "x.db"', id="nearly harmless"
        ),
        pytest.param(
            'interval = "5m"', ("watcher", "interval"), 'interval = "5m"', id="of another table"
        ),
        pytest.param(
            'auth = "bob:hunter2"', ("feeds", 0, "auth"), 'auth = "***********"', id="no such key"
        ),
        pytest.param('tagss = "abc"', ("feeds", 0, "tagss"), 'tagss = "abc"', id="like its own"),
        pytest.param('url = "abc"', ("watcher", "url"), 'url = "***"', id="another table's"),
        pytest.param('timeut = "a"', ("channels", "d", "timeut"), 'timeut = "*"', id="and like it"),
        pytest.param('tokens = "a"', ("polling", "tokens"), 'tokens = "*"', id="where none lives"),
        pytest.param('telegram_token = "a"', (), 'telegram_token = "*"', id="in broken TOML"),
        pytest.param(
            'topics = [{ id = "a", tests = { yes = ["b"] }, auth = "c" }]',
            ("topics", 0, "id"),
            'topics = [{ id = "a", tests = { yes = ["b"] }, auth = "*" }]',
            id="tables in a line",
        ),
        pytest.param('passport = "a"', ("words", "passport"), 'passport = "a"', id="a user's name"),
        pytest.param('token_file = "x"', ("channels", "d"), 'token_file = "x"', id="a file's name"),
        pytest.param("[channels.desk]", ("channels", "desk"), "[channels.desk]", id="header line"),
        pytest.param('names = ["a"]', ("entities", "k"), 'names = ["a"]', id="watchlist"),
    ],
)
def test_source_lines_hide_secrets(line: str, path: KeyPath, expected: str) -> None:
    assert redact(line, path) == expected


@pytest.mark.parametrize(
    "table", [WatcherTable, FeedTable, ChannelTable, TelegramTable, EmailTable]
)
def test_every_secret_of_the_configuration_is_one_to_the_report(table: type[BaseModel]) -> None:
    secrets = {n for n, field in table.model_fields.items() if "Secret" in str(field.annotation)}

    assert secrets
    assert secrets <= SECRET_KEYS


@given(
    st.sampled_from(TABLES),
    st.sampled_from(SECRET_WORDS),
    st.text("abcdeinorstuyABC_-", max_size=8),
    st.text("abcdeinorstuyABC_-", max_size=8),
)
@example(("polling",), "auth", "user_agent_", "")  # like a harmless key all the same
def test_an_unknown_key_that_sounds_secret_hides_its_value_everywhere(
    table: KeyPath, word: str, before: str, after: str
) -> None:
    key = before + word.upper() + after

    assert "hunter2" not in redact(f'{key} = "bob:hunter2"', (*table, key))


@given(st.sampled_from(TABLES), st.text("abcdeiklnoprstuwxyz_", min_size=1, max_size=16))
def test_an_unknown_key_shows_its_value_only_if_it_is_like_one_of_its_table(
    table: KeyPath, key: str
) -> None:
    if key in {known for each in TABLES for known in keys_at(each)}:
        return
    if "hunter2" in redact(f'{key} = "bob:hunter2"', (*table, key)):
        assert nearest(key, set(keys_at(table)) - SECRET_KEYS)


SECRETS = [
    "123456:telegram",
    "apprise-password",
    "smtp-password",
    "basic:auth",
    "bearer-token",
    "monitor-uuid",
]


@pytest.mark.parametrize("mistake", ["", "\n]", "\nx = ", '\n"""'])
def test_no_secret_is_ever_reported(tmp_path: Path, mistake: str) -> None:
    file = tmp_path / "config.toml"
    telegram, apprise, smtp, basic, bearer, monitor = SECRETS
    file.write_text(
        f"""
[watcher]
heartbeat_url = "https://hc.example/{monitor}"
heartbeat_url_file = "x"
[channels.a]
telegram = {{ caht = 1, token = "{telegram}", token_file = "x" }}
[channels.b]
apprise = "{apprise}"
quiet = 1
apprise_env = 5
[channels.c]
email = {{ server = "smtp://me:{smtp}@h", password = ["{smtp}"], passwort = "{smtp}" }}
[channels.d]
telegram = "{telegram}"
[channels.e.telegram]
tokn = '''{telegram}'''
token = '''
{telegram}'''
[[feeds]]
basic_auth = {{ user = "{basic}" }}
headers = {{ "X Y" = "{bearer}", Cookie = ["{bearer}"] }}
proxy = "http://me:{basic}@"
{mistake}"""
    )

    loaded = load(file)
    text = report(loaded.problems, loaded.document)

    assert loaded.settings is None
    assert not [secret for secret in SECRETS if secret in text]
