"""What a configuration is read as, its defaults, and the sentence for each mistake."""

from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from config_files import load_text, messages, read, write
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.config import Settings, load, report
from watcher.config.channels import ChannelTable, EmailTable
from watcher.config.settings import PollingTable
from watcher.config.values import ChannelKind, QuietHours, Schedule, Updates
from watcher.model import Priority

CONTRACT = (Path(__file__).resolve().parents[1] / "configs" / "contract.toml").read_text("utf-8")


def test_the_whole_contract_is_read(tmp_path: Path) -> None:
    settings = read(tmp_path, CONTRACT)

    assert settings.directory == tmp_path
    assert settings.watcher.zone.key == "Asia/Jakarta"
    assert settings.watcher.heartbeat == Schedule(at=time(8))
    assert settings.polling.max_body == 10_000_000
    assert settings.polling.max_interval == timedelta(hours=1)
    assert settings.alerts.reply_intervals[-1] == timedelta(hours=2)
    assert settings.alerts.updates is Updates.EDIT_REPLY
    assert settings.feeds[0].weight == 3
    assert settings.entities["kim"].not_ == ("Kim Kardashian", "Kim Yo Jong")
    assert settings.entities["north_korea"].country == "KP"
    assert settings.words["arms"].languages["ru"] == ("оружи*", "снаряд*")
    assert settings.topics[0].priority is Priority.HIGH
    assert settings.topics[0].tests.no == ("Kim, Trump meet for historic summit in Singapore",)
    assert settings.channels["desk"].quiet_hours == QuietHours(time(22), time(6))
    assert [channel.kind for channel in settings.channels.values()] == list(ChannelKind)
    email = settings.channels["mail"].email
    assert email
    assert (email.host, email.port, email.user) == ("mail.example.org", 465, "watcher")
    assert (email.implicit_tls, email.from_) == (True, "watcher@example.org")


def test_the_contract_names_missing_secret_files_as_warnings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert messages(load_text(tmp_path, CONTRACT)) == [
        '`include`: "watchlists/*.toml" matches no file',
        "`heartbeat_url_file`: there is no file heartbeat.url",
        "`token_file`: there is no file telegram.token",
        "`password_file`: there is no file smtp.password",
    ]


def test_an_empty_file_has_the_defaults_of_the_contract(tmp_path: Path) -> None:
    settings = read(tmp_path, "")

    assert settings.watcher.retention == timedelta(days=90)
    assert settings.stories.window == timedelta(hours=72)
    assert settings.polling == PollingTable()
    assert settings.polling.interval == timedelta(minutes=15)
    assert settings.alerts.group_wait == timedelta(seconds=45)
    assert (settings.feeds, settings.topics, settings.channels) == ((), (), {})


def test_own_servers_may_be_polled_every_second_without_delay(tmp_path: Path) -> None:
    polling = read(
        tmp_path,
        '[polling]\nmin_interval = "1s"\ninterval = "1s"\nper_host_delay = "0s"\nbackfill = "0s"\n'
        'allow_private = ["127.0.0.0/8", "::1"]\n[alerts]\ngroup_wait = "0s"\n'
        'reply_intervals = ["0s"]',
    ).polling

    assert polling.min_interval == timedelta(seconds=1)
    assert polling.per_host_delay == timedelta(0)
    assert polling.allow_private == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize("chat", ["-1001234567890", '"-1001234567890"'])
def test_a_chat_is_a_number_or_a_string(tmp_path: Path, chat: str) -> None:
    settings = read(tmp_path, f'[channels.a]\ntelegram = {{ chat = {chat}, token = "1:a" }}')

    telegram = settings.channels["a"].telegram
    assert telegram
    assert telegram.chat == "-1001234567890"


@pytest.mark.parametrize(
    ("server", "tls", "expected"),
    [
        pytest.param("smtps://h", True, ("h", 465, None), id="TLS from the start"),
        pytest.param("smtp://me@h", True, ("h", 587, "me"), id="STARTTLS"),
        pytest.param("smtp://h", False, ("h", 25, None), id="plain"),
        pytest.param("smtp://127.0.0.1:8025", False, ("127.0.0.1", 8025, None), id="own port"),
        pytest.param("smtps://a%40b.org@h", True, ("h", 465, "a@b.org"), id="user with an @"),
        pytest.param("smtps://a@b.org@h", True, ("h", 465, "a@b.org"), id="the @ unescaped"),
    ],
)
def test_a_mail_server_is_host_port_and_user(
    server: str, tls: bool, expected: tuple[str, int, str | None]
) -> None:
    email = EmailTable.model_validate({"server": server, "tls": tls, "from": "a@b", "to": ["c@d"]})

    assert (email.host, email.port, email.user) == expected


def test_a_topic_is_called_by_its_id_unless_named(tmp_path: Path) -> None:
    settings = read(tmp_path, '[[topics]]\nid = "a"\nmatch = "\'x\'"\n')

    assert settings.topics[0].name == "a"


def test_files_of_secrets_and_certificates_may_lie_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    settings = read(
        tmp_path,
        """
[channels.phone]
telegram = { chat = 1, token_file = "~/telegram.token" }
[channels.desk.email]
server = "smtps://h"
from = "a@b"
to = ["c@d"]
ca_file = "~/ca.pem"
""",
    )

    telegram, email = settings.channels["phone"].telegram, settings.channels["desk"].email
    assert (telegram and telegram.token.source) == "/home/ana/telegram.token"
    assert (email and email.ca_file) == Path("/home/ana/ca.pem")


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().polling.concurrency = 5  # type: ignore[misc]  # this is what it is about


def test_a_channel_of_no_kind_is_not_built_by_load(tmp_path: Path) -> None:
    assert ChannelTable(console=True).kind is ChannelKind.CONSOLE
    assert load_text(tmp_path, "[channels.a]\n").settings is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            '[[feeds]]\nurl = "https://a.example/"\ninclude = ["x"]',
            "unknown key `include`; does it belong above the first table of the file?",
            id="include below a table",
        ),
        pytest.param(
            '[[feeds]]\nurl = "https://a.example/"\ntls_verify = "no"',
            '`tls_verify` must be true or false, got "no"',
            id="no boolean",
        ),
        pytest.param(
            '[watcher]\ntimezone = "../../etc/passwd"',
            '`timezone` must be a time zone like "Asia/Jakarta", got "../../etc/passwd"',
            id="path as a zone",
        ),
        pytest.param(
            '[watcher]\ndatabase = "sqlite://"',
            '`database` must name a file, like "sqlite:///watcher.db"',
            id="database in memory",
        ),
        pytest.param(
            '[polling]\nproxy = "socks5://proxy.example:1080"',
            "`proxy` must be an address like http://proxy.example:3128",
            id="proxy of another kind",
        ),
        pytest.param(
            '[watcher]\ndatabase = "sqlite:///state/watcher.lock"',
            "`database` must have another name: watcher.lock is the lock beside it",
            id="database named as its lock",
        ),
        pytest.param(
            "[watcher]\ntimezone = 2026-01-01",
            "`timezone` must be a string in quotes, got a date or time",
            id="date",
        ),
        pytest.param(
            "[polling]\ntimeout = 07:00:00",
            '`timeout` must be a string in quotes, like "15m", got a date or time',
            id="time as a duration",
        ),
        pytest.param(
            "[polling]\nconcurrency = true",
            "`concurrency` must be a whole number, got true",
            id="boolean as a number",
        ),
        pytest.param(
            'feeds = ["https://a.example/"]',
            "each of `feeds` must be a table, got a string",
            id="bare addresses",
        ),
        pytest.param(
            '[[entities.kim]]\nnames = ["Kim"]',
            "`kim` must be a table, write [entities.kim], got a list",
            id="list of entities",
        ),
        pytest.param(
            '[entities."kim jong"]\nnames = ["Kim"]',
            '`kim jong` must be a name of letters, digits, ".", "_" and "-", got "kim jong"',
            id="name with a blank",
        ),
        pytest.param(
            '[channels.a]\napprise = "ntfy.sh/topic"',
            '`apprise` must be a URL like "ntfy://ntfy.sh/my-topic"',
            id="Apprise without a scheme",
        ),
        pytest.param(
            '[channels.a]\napprise = "ntfy://a ntfy://b"',
            "`apprise` must be one URL: one target per channel",
            id="two Apprise targets",
        ),
        pytest.param(
            "[channels.a]\nconsole = false",
            "`console` must be true, or left out",
            id="console off",
        ),
        pytest.param(
            '[channels.a]\ntelegram = { chat = "desk", token = "1:a" }',
            '`chat` must be a chat like -1001234567890 or "@channelname"',
            id="chat without its @",
        ),
        pytest.param(
            '[channels.a]\ntelegram = { chat = 1, token = "" }',
            "`token` must not be empty",
            id="empty secret",
        ),
        pytest.param(
            "[channels.a]\ntelegram = { chat = 1, token_file = 5 }",
            "`token_file` must be a string in quotes",
            id="secret of a wrong type",
        ),
        pytest.param(
            '[polling]\ninterval = "1m"',
            '`interval` "1m" is below `min_interval` "5m", its default',
            id="interval below the least",
        ),
        pytest.param(
            '[polling]\nmax_interval = "10m"',
            '`interval` "15m" is above `max_interval` "10m" (`interval` has its default)',
            id="default interval above the most",
        ),
        pytest.param(
            "[alerts]\nreply_intervals = []", "`reply_intervals` must not be empty", id="empty list"
        ),
        pytest.param(
            '[[topics]]\nid = "a\\n"\nname = "a"\nmatch = "a"\n[channels.a]\nconsole = true',
            '`id` must be a name of letters, digits, ".", "_" and "-", got "a\n"',
            id="line end behind a name",
        ),
        pytest.param(
            '[[feeds]]\nurl = "https://a.example/"\nheaders = { "A\\n" = "x" }',
            '`A\n` must be the name of a header, like "Accept-Language", got "A\n"',
            id="line end behind a header's name",
        ),
        pytest.param(
            '[words.a]\nen = ["b"]\ninclude = ["more.toml"]',
            '`include` must be a language tag like "id" or "zh-TW", got "include";'
            " does it belong above the first table of the file?",
            id="include among languages",
        ),
        pytest.param(
            '[[feeds]]\nurl = "https://a.example/"\nheaders = { A = "x\\ny" }',
            "`A` must stand on one line",
            id="header injection",
        ),
    ],
)
def test_mistakes_have_their_sentence(tmp_path: Path, text: str, message: str) -> None:
    loaded = load_text(tmp_path, text)

    assert loaded.settings is None
    assert messages(loaded) == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            '[[feeds]]\nurl = "https://a.example/"\ntls_verify = false',
            "certificates are not checked: anybody on the way can forge entries",
            id="no certificates",
        ),
        pytest.param(
            '[watcher]\nheartbeat = "every 1h"',
            "`heartbeat` goes to `ops_channel`, and there is none",
            id="unheard heartbeat",
        ),
        pytest.param(
            '[[topics]]\nid = "a"\nmatch = "b"',
            "no channel is defined: nobody hears of it",
            id="nobody to tell",
        ),
        pytest.param(
            '[publishers]\nA = ["B"]\ninclude = ["more.toml"]',
            "`include` is a family of outlets here; it belongs above the first table",
            id="include among families",
        ),
        pytest.param(
            '[channels.a.email]\nserver = "smtp://me@h"\nfrom = "a@b"\nto = ["c@d"]',
            "`server` names a user and there is no `password_file`: nobody will log in",
            id="user without a password",
        ),
    ],
)
def test_what_is_likely_not_meant_is_a_warning(tmp_path: Path, text: str, message: str) -> None:
    loaded = load_text(tmp_path, text)

    if "topics" not in text:
        assert loaded.settings
    assert messages(loaded) == [message]
    assert loaded.problems[0].warning


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        pytest.param('[[feeds]]\nurl = "https://a.example/"', True, id="none"),
        pytest.param(
            '[polling]\nproxy = "http://p:1"\n[[feeds]]\nurl = "https://a/"', False, id="all"
        ),
        pytest.param('[[feeds]]\nurl = "https://a.example/"\nproxy = ""', False, id="meant"),
        pytest.param("[alerts]", False, id="no feeds"),
    ],
)
def test_a_proxy_that_only_the_environment_names_is_told(
    tmp_path: Path, text: str, is_told: bool
) -> None:
    loaded = load(write(tmp_path, text), {"https_proxy": "http://me:secret@p:3128"})

    assert loaded.settings
    assert [one.message.partition(",")[0] for one in loaded.problems] == (
        ["the environment names a proxy (https_proxy)"] if is_told else []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bücher.example/rss", "https://xn--bcher-kva.example/rss"),
        ("https://a.example/ü?q=ü", "https://a.example/%c3%bc?q=%C3%BC"),
        ("https://a.example/%7Eme", "https://a.example/~me"),
        ("http://[::1]/rss", "http://[0:0:0:0:0:0:0:1]:80/rss"),
    ],
)
def test_a_feed_whose_address_is_spelt_in_two_ways_is_told_and_both_are_left_as_they_are(
    tmp_path: Path, one: str, other: str
) -> None:
    loaded = load_text(tmp_path, f'[[feeds]]\nurl = "{one}"\n[[feeds]]\nurl = "{other}"')

    (problem,) = loaded.problems
    assert problem.warning
    assert problem.message.startswith("`url` is another feed's in other letters, in ")
    assert loaded.settings
    assert [feed.url for feed in loaded.settings.feeds] == [one, other]


SCALARS = """1 -1 1.5 true "" "x" "5m" [] {} ["x"] 2026-01-01 07:00:00 [[1]] [{}] {a="b"}"""
KEYS = """
    include watcher polling stories alerts feeds entities words topics channels publishers http
    watcher.timezone watcher.ops_channel watcher.retention polling.interval stories.window
    stories.encoder feeds.url entities.kim entities.kim.use words.a words.a.en topics.id channels.a
    channels.a.telegram channels.a.email channels.a.apprise channels.a.console
"""
toml_scalars, toml_keys = st.sampled_from(SCALARS.split()), st.sampled_from(KEYS.split())


@settings(deadline=None)  # files and, once, the list of time zones
@given(st.lists(st.tuples(toml_keys, toml_scalars), max_size=5))
def test_whatever_is_written_is_loaded_or_explained(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in pairs)

    loaded = load_text(tmp_path_factory.mktemp("any"), text)

    assert loaded.settings or any(not problem.warning for problem in loaded.problems)
    shown = report(loaded.problems, loaded.document)
    assert all(problem.message in shown for problem in loaded.problems)
    for problem in loaded.problems:
        place = loaded.document.locate(problem)
        assert place.source == text.split("\n")[place.line - 1]
        assert 1 <= place.column <= len(place.source) + 1


def test_the_ops_channel_may_hear_of_no_topic_and_no_other_may(tmp_path: Path) -> None:
    tables = "".join(
        f"[channels.{name}]\nconsole = true\nonly = {{ topics = [] }}\n" for name in ("ops", "desk")
    )
    loaded = load_text(tmp_path, f'[watcher]\nops_channel = "ops"\n{tables}')

    message = "`topics` is empty: this channel would hear of nothing; leave it out for all"
    assert messages(loaded) == [f"{message}; for notices alone, name it as `ops_channel`"]


@pytest.mark.parametrize("key", ["heartbeat", "hearbeat", "heartbeats", "heartbeat_ur"])
def test_the_address_of_a_monitor_at_a_wrong_key_is_not_shown(tmp_path: Path, key: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[watcher]\n{key} = "https://hc.example/canary"\n')
    loaded = load(path)

    assert loaded.settings is None
    assert "canary" not in report(loaded.problems, loaded.document)
