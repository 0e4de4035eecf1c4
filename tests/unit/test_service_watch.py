import signal
import subprocess
import sys
from pathlib import Path

import pytest
from watchlists import WATCHLIST, settings, write_config

from watcher.config import Settings
from watcher.service.failpoints import FAILPOINTS
from watcher.service.in_force.watch import Watch, digest, examine
from watcher.service.trials.topic_tests import run_tests
from watcher.topics.pack import load_pack


def test_a_topic_speaks_in_every_channel_unless_it_names_some() -> None:
    channels = {"desk": {"console": True}, "mail": {"console": True}}
    base = settings(channels=channels)
    topic = base.topics[0]
    some = topic.model_copy(update={"id": "some", "channels": ("mail",)})
    none = topic.model_copy(update={"id": "none", "channels": ()})
    watch = Watch.of(base.model_copy(update={"topics": (topic, some, none)}))

    assert watch.channels_by_topic == {"summit": ("desk", "mail"), "some": ("mail",), "none": ()}
    assert list(watch.topics) == ["summit", "some", "none"]


def test_only_what_a_topic_looks_for_makes_it_new() -> None:
    watched = settings()
    topic = watched.topics[0]

    def changed(**values: object) -> bool:
        return digest(watched, topic.model_copy(update=values)) != digest(watched, topic)

    assert not changed(name="Other", channels=("x",))
    assert not changed(match=f"# who\n{topic.match}  # both")
    assert changed(match="kim")
    assert changed(never=("Kim Kardashian",))


@pytest.mark.parametrize(
    ("entities", "new"),
    [
        pytest.param({"kim": {"names": ["Kim Jong Un", "Kim Jong-un"]}}, True, id="a name"),
        pytest.param({"kim": {"names": ["Kim Jong Un"], "not": ["Kim K"]}}, True, id="not"),
        pytest.param({"kim": {"names": ["Kim Jong Un"], "country": "KP"}}, True, id="country"),
        pytest.param({"kim": {"use": "pack:kim-jong-un"}}, True, id="a pack"),
        pytest.param({"kim": {"names": ["Kim Jong Un"], "label": "K"}}, False, id="label"),
        pytest.param({"xi": {"names": ["Xi Jinping"]}}, False, id="an entity of no topic"),
    ],
)
def test_a_changed_list_of_a_topic_makes_it_new(entities: dict[str, object], new: bool) -> None:
    tables = {
        "entities": {"kim": {"names": ["Kim Jong Un"]}, "xi": {"names": ["Xi"]}},
        "topics": [{"id": "t", "match": "kim"}],
    }
    changed = {**tables, "entities": {**tables["entities"], **entities}}  # type: ignore[dict-item]
    digests = {
        digest(watched, watched.topics[0])
        for watched in map(Settings.model_validate, (tables, changed))
    }

    assert (len(digests) == 2) is new


def test_a_changed_pack_makes_its_topics_new(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"words": {"w": {"use": "pack:arms"}}, "topics": [{"id": "t", "match": "w"}]}
    watched = Settings.model_validate(tables)
    before = digest(watched, watched.topics[0])
    monkeypatch.setattr("watcher.topics.pack.find_pack", lambda _: load_pack("munitions"))

    assert digest(watched, watched.topics[0]) != before


def test_problems_of_file_and_watchlist_are_found_together(tmp_path: Path) -> None:
    path = write_config(tmp_path, watchlist=WATCHLIST.replace("kim NEAR putin", "kim NEAR putn"))

    loaded, problems = examine(path)

    assert loaded.settings
    assert any("putn" in problem.message for problem in problems)


def test_the_watchlist_is_examined_also_when_the_file_has_other_errors(tmp_path: Path) -> None:
    watchlist = WATCHLIST.replace("kim NEAR putin", "kim NEAR putn")
    path = write_config(tmp_path, "intervall = 3", watchlist)

    loaded, problems = examine(path)

    assert loaded.settings is None
    assert [word for word in ("intervall", "putn") if any(word in p.message for p in problems)] == [
        "intervall",
        "putn",
    ]


def test_examples_of_topics_pass_or_say_what_was_found_or_missing() -> None:
    wrong = WATCHLIST.replace('no = ["', 'no = ["Putin calls Kim Jong Un", "')
    wrong = wrong.replace('yes = ["', 'yes = ["Putin speaks", "')

    results = list(run_tests(settings(wrong)))

    assert [(one.headline, one.expected, one.matched, one.passed) for one in results] == [
        ("Putin speaks", True, False, False),
        ("Kim Jong Un meets Putin", True, True, True),
        ("Putin calls Kim Jong Un", False, True, False),
        ("Kim Kardashian opens a shop", False, False, True),
    ]
    assert results[0].reason == "nothing found of Kim Jong Un"
    assert results[0].as_record() == {
        "topic": "summit",
        "headline": "Putin speaks",
        "expected": True,
        "matched": False,
        "reason": results[0].reason,
        "passed": False,
    }


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [("after_send", 0), ("after_send:3", 2), ("after_record", 9), ("no_such_place", 9)],
)
def test_a_failpoint_kills_the_process_at_its_name_and_pass(wanted: str, passes: int) -> None:
    program = (
        "from watcher.service.failpoints import failpoint\n"
        "for number in range(9):\n"
        "    failpoint('before_commit')\n"
        "    failpoint('after_send')\n"
        "    print(number, flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"WATCHER_FAILPOINT": wanted},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert len(ended.stdout.split()) == passes
    assert ended.returncode == (0 if passes == 9 else -signal.SIGKILL)


def test_every_failpoint_in_the_code_has_a_known_name() -> None:
    service = Path(__file__).resolve().parents[2] / "watcher" / "service"
    code = "".join(file.read_text(encoding="utf-8") for file in service.rglob("*.py"))

    for name in FAILPOINTS:
        assert f'failpoint("{name}")' in code
    assert code.count('failpoint("') == len(FAILPOINTS)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own
@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("ntfy://ntfy.example.org/my-topic", []),
        ("ntfi://ntfy.example.org/made-up-secret", ["ntfi"]),
        ("tgram://made-up-secret", ["tgram"]),
    ],
)
def test_an_address_that_apprise_does_not_understand_is_told_before_an_alert_is_lost(
    tmp_path: Path, address: str, warned: list[str]
) -> None:
    (tmp_path / "phone.url").write_text(address)
    (tmp_path / "phone.url").chmod(0o600)
    path = tmp_path / "config.toml"
    path.write_text('[channels.phone]\napprise_file = "phone.url"\n')

    loaded, problems = examine(path)

    assert loaded.settings
    assert [(p.path, p.warning) for p in problems] == [(("channels", "phone"), True)] * len(warned)
    for problem, scheme in zip(problems, warned, strict=True):
        assert f"Apprise does not understand this {scheme}:// address" in problem.message
        assert "made-up-secret" not in problem.message
    assert not examine(path, warnings=False)[1]


@pytest.mark.parametrize("token", ["made-up-secret", "123:made up secret"])
def test_what_can_be_no_telegram_token_is_told_before_an_alert_is_lost(
    tmp_path: Path, token: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[channels.desk]\ntelegram = {{ chat = "-100", token = "{token}" }}\n')
    path.chmod(0o600)

    [problem] = examine(path)[1]

    assert (problem.path, problem.warning) == (("channels", "desk"), True)
    assert problem.message.startswith("channel desk: this is no Telegram token")
    assert token not in problem.message


def test_check_warns_of_feeds_that_would_be_refused_for_their_address(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        """
        feeds = [
          { url = "https://news.example/rss" },
          { url = "http://127.0.0.1:8000/rss" },
          { url = "http://localhost/rss" },
          { url = "http://10.0.0.7/rss", allow_private = ["10.0.0.0/8"] },
        ]
        """
    )
    _, problems = examine(path)

    assert [problem.path for problem in problems] == [("feeds", 1, "url"), ("feeds", 2, "url")]
    for problem in problems:
        assert problem.warning
        assert "the address 127.0.0.1 is private; set allow_private" in problem.message
