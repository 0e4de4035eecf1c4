"""The command with the streams and numbers that shells and people give it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from stored import an_entry, open_in, store
from watchlists import write_config

from watcher.cli import group

ASCII = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
#: Click writes UTF-8 where a locale knows only ASCII; others it takes at their word.
LATIN = {"PYTHONIOENCODING": "latin-1"}
NAME = "金正恩"
#: As the shell spells a word of an old disk.
NOT_UTF_8 = r"$'L\334berwachung'"
HUGE = "9" * 23
TOPIC = """
[[topics]]
id = "kim"
match = "kim"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a configuration, and a database with one story."""
    folder = tmp_path_factory.mktemp("streams")
    write_config(folder, watchlist=f'[entities.kim]\nnames = ["{NAME}"]\n' + TOPIC)
    with open_in(folder) as database, database.begin() as tx:
        store(tx, an_entry(title=f"{NAME} 访问"))
    return folder


def shell(folder: Path, command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `watcher` is our command."""
    kept = {k: v for k, v in os.environ.items() if k not in {"WATCHER_CONFIG", "STATE_DIRECTORY"}}
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; watcher() {{ "{sys.executable}" -m watcher "$@"; }}; '
         + command],
        cwd=folder,
        env={**kept, **env},
        capture_output=True,
        encoding=env.get("PYTHONIOENCODING", "utf-8"),
        errors="backslashreplace",
        timeout=60,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize("locale", [ASCII, LATIN], ids=["ascii", "latin 1"])
@pytest.mark.parametrize("command", ["stories list", "alerts list", "topics list", "explain 1"])
def test_a_locale_without_the_letters_is_no_failure(
    folder: Path, command: str, locale: dict[str, str]
) -> None:
    ended = shell(folder, f"watcher {command}", **locale)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_letters_that_the_output_lacks_are_shown_as_escapes(folder: Path) -> None:
    assert NAME in shell(folder, "watcher stories list", **ASCII).stdout
    assert "\\u91d1\\u6b63\\u6069" in shell(folder, "watcher stories list", **LATIN).stdout


@pytest.mark.parametrize("locale", [ASCII, LATIN], ids=["ascii", "latin 1"])
def test_json_is_whole_in_any_locale(folder: Path, locale: dict[str, str]) -> None:
    ended = shell(folder, f'watcher explain "{NAME} 访问" --json', **locale)

    assert ended.stdout.isascii()
    record = json.loads(ended.stdout)
    assert record["title"] == f"{NAME} 访问"
    assert record["topics"][0]["matched"] is True


@pytest.mark.parametrize(
    "command",
    [
        "stories list --topic {}",
        "stories list --topic={}",
        "feeds add http://a.example/ --unchecked --name {}",
        "parse {}",
    ],
)
def test_an_argument_that_is_no_utf_8_is_wrong_usage(folder: Path, command: str) -> None:
    ended = shell(folder, f"watcher {command.format(NOT_UTF_8)}")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("watcher: the argument “L�berwachung” is not UTF-8")
    assert ended.stderr.count("\n") == 1


def test_an_argument_that_the_locale_cannot_read_is_no_traceback(folder: Path) -> None:
    ended = shell(folder, "watcher stories list --topic Überwachung", **ASCII)

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "is not utf-8 cannot be kept" in ended.stderr


@pytest.mark.parametrize("command", ["run --once", "feeds list", "db backup", "stories list"])
@pytest.mark.parametrize("from_where", ["cd {0} && {1}", "{1} --config {0}/config.toml"])
def test_a_folder_may_have_a_name_that_is_no_utf_8(
    folder: Path, tmp_path: Path, from_where: str, command: str
) -> None:
    shell(folder, f"cp -r . {tmp_path}/{NOT_UTF_8}")

    ended = shell(tmp_path, from_where.format(NOT_UTF_8, f"watcher {command}"))

    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)


@pytest.mark.parametrize(
    "command",
    [
        "export entries -o {0}.jsonl",
        "export entries -o{0}.jsonl",
        "export entries --output={0}.jsonl",
        "db backup {0}/new.db",
        "feeds export {0}.opml 2>/dev/null",
        "init {0}.toml",
        "topics list --config={0}/config.toml",
    ],
)
def test_a_file_may_have_a_name_that_is_no_utf_8(
    folder: Path, tmp_path: Path, command: str
) -> None:
    shell(folder, f"cp -r . {tmp_path}; cp -r . {tmp_path}/{NOT_UTF_8}")

    ended = shell(tmp_path, f"watcher {command.format(NOT_UTF_8)}")

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system has no /proc")
@pytest.mark.parametrize(
    "command",
    [
        "watcher export -o /dev/stdout >> kept",
        "watcher export -o /proc/self/fd/1 >> kept",
        "watcher export -o /dev/fd/9 9>> kept",
        "exec 9>> kept; watcher export -o /proc/$$/fd/9",
        "ln -s /dev/stdout link; watcher export -o link >> kept",
        "ln -s /dev/fd fd; watcher export -o fd/1 >> kept",
        "{ cat kept; watcher export -o /dev/stdout; } > new; mv new kept",
    ],
)
def test_an_output_that_the_shell_opened_is_added_to(
    folder: Path, tmp_path: Path, command: str
) -> None:
    shell(folder, f"cp -r . {tmp_path}")
    tmp_path.joinpath("kept").write_text("before\n")

    assert shell(tmp_path, command).returncode == 0
    before, entry = tmp_path.joinpath("kept").read_text("utf-8").splitlines()

    assert (before, json.loads(entry)["id"]) == ("before", "1")


def test_a_descriptor_that_the_shell_did_not_open_is_not_written_to(folder: Path) -> None:
    before = folder.joinpath("watcher.db").read_bytes()

    for number in range(3, 9):
        ended = shell(folder, f"watcher export -o /dev/fd/{number} {number}>&-")
        assert (ended.returncode, ended.stdout) == (2, "")
    assert folder.joinpath("watcher.db").read_bytes() == before


@pytest.mark.parametrize("command", ["stories list", "config schema", "--help", "check --json"])
def test_a_closed_output_is_no_failure(folder: Path, command: str) -> None:
    ended = shell(folder, f"watcher {command} >&-")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_closed_streams_never_reach_a_file(folder: Path) -> None:
    before = folder.joinpath("watcher.db").read_bytes()

    assert shell(folder, "watcher explain 1 <&- >&- 2>&-").returncode == 0
    assert folder.joinpath("watcher.db").read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["stories list", "config schema", "--help", "check --json"])
def test_a_full_disk_is_one_sentence(folder: Path, command: str) -> None:
    ended = shell(folder, f"watcher {command} >/dev/full")

    assert ended.returncode == 1
    assert ended.stderr == "watcher: the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", ["stories list", "config schema", "--help", "db --help"])
def test_a_reader_that_has_enough_is_no_failure(folder: Path, command: str) -> None:
    ended = shell(folder, f"watcher {command} | true")

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    "command",
    ["stories show {}", "alerts show {}", "stories list --limit {}", "alerts list --limit {}"],
)
@pytest.mark.parametrize("number", [HUGE, "0"])
def test_a_number_beyond_all_numbers_is_wrong_usage(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, number: str
) -> None:
    monkeypatch.chdir(folder)

    ended = CliRunner().invoke(group, command.format(number).split())

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert f"{number} is not in the range" in ended.stderr
