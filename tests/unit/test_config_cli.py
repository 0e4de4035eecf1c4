import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli import group
from watcher.cli.config import load_with_document

GOOD = """
[channels.screen]
console = true

[entities.kim]
names = ["Kim Jong Un"]

[[topics]]
id = "kim"
match = "kim"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, where no other configuration is found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCHER_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return tmp_path


def test_a_good_configuration_is_summed_up_in_a_line(here: Path) -> None:
    (here / "config.toml").write_text(GOOD)

    result = CliRunner().invoke(group, ["check"])

    assert result.exit_code == 0
    assert result.stdout == (
        "config.toml: ok: 0 feeds (`watcher feeds add URL` adds those of a page), "
        "1 topic, 1 entity, 0 word lists, 1 channel\n"
    )


def test_lists_of_the_file_itself_that_no_topic_names_are_noted(here: Path) -> None:
    unused = '[entities.putin]\nnames = ["Putin"]\n[words.arms]\nen = ["arms"]\n'
    (here / "config.toml").write_text(f'include = ["shared.toml"]\n{GOOD}{unused}')
    (here / "shared.toml").write_text('[entities.xi]\nnames = ["Xi Jinping"]\n')

    result = CliRunner().invoke(group, ["check"])

    assert result.exit_code == 0
    assert result.stdout.endswith(" channel\nno topic names `putin`, `arms`\n")


def test_warnings_are_shown_and_stop_nothing(here: Path) -> None:
    (here / "config.toml").write_text(f'{GOOD}tests.no = ["Kim Jong Un in Moscow"]\n')

    result = CliRunner().invoke(group, ["check"])

    assert result.exit_code == 0
    first, *_, summary, ok = result.stdout.splitlines()
    assert first.startswith("config.toml:11:13: warning: ")
    assert (summary, ok[:16]) == ("1 warning", "config.toml: ok:")


def test_a_match_line_is_marked_where_it_is_wrong(here: Path) -> None:
    (here / "config.toml").write_text(GOOD.replace('match = "kim"', 'match = "kim AND putni"'))

    result = CliRunner().invoke(group, ["check"])

    assert result.exit_code == 78
    head, source, caret, _ = result.stdout.splitlines()
    assert head.startswith("config.toml:10:18: ")
    assert source[caret.index("^") : caret.rindex("^") + 1] == "putni"


def test_problems_come_as_json(here: Path) -> None:
    (here / "config.toml").write_text("[polling]\nintervall = '5m'\n")

    result = CliRunner().invoke(group, ["check", "--json"])

    assert result.exit_code == 78
    assert json.loads(result.stdout) == {
        "ok": False,
        "problems": [
            {
                "file": str(here / "config.toml"),
                "line": 2,
                "column": 1,
                "length": 9,
                "severity": "error",
                "path": ["polling", "intervall"],
                "message": "unknown key `intervall`; did you mean `interval`?",
            }
        ],
    }


def test_a_named_file_that_is_missing_is_a_problem(here: Path) -> None:
    result = CliRunner().invoke(group, ["check", "-c", "no.toml"])

    assert result.exit_code == 78
    assert result.stdout.startswith("no.toml:1:1: cannot be read: no such file or directory\n")
    assert not list(here.iterdir())


def test_commands_go_on_with_warnings_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "config.toml").write_text(f'{GOOD}[watcher]\nheartbeat = "daily 08:00"\n')

    settings, document = load_with_document(None, warn=True)

    assert settings.topics[0].id == "kim"
    assert document.files == (here / "config.toml",)
    output = capsys.readouterr()
    assert "warning: `heartbeat`" in output.err
    assert output.out == ""
