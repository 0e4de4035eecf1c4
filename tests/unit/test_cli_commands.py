import json
import signal
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from watcher.cli import COMMANDS, EXIT_CONFIG, exit_code, group
from watcher.errors import ConfigError, FeedError, StorageError, UsageError

#: Libraries that cost more than all of click; the list of commands needs none of them.
HEAVY = (
    "aiohttp", "alembic", "apprise", "apscheduler", "asyncio", "feedparser", "lxml", "pydantic",
    "rapidfuzz", "rich", "sqlalchemy", "structlog", "telegram", "watcher.config", "watcher.service",
    "watcher.storage",
)  # fmt: skip


def command_of(name: str) -> click.Command:
    command = group.get_command(click.Context(group), name)
    assert command
    return command


def paths(command: click.Command, *path: str) -> list[tuple[str, ...]]:
    """Return the path of a command and of every one below it."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [path, *(found for name, one in below for found in paths(one, *path, name))]


EVERY = [path for name in COMMANDS for path in paths(command_of(name), name)]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    command = command_of(name)

    assert command.name == name
    assert command.get_short_help_str(limit=200) == COMMANDS[name]


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        result = CliRunner().invoke(group, [*path, flag])

        assert result.exit_code == 0
        assert result.output.startswith("Usage: ")
        assert len(result.output.splitlines()) > 3


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    command = command_of(path[0])
    for name in path[1:]:
        assert isinstance(command, click.Group)
        command = command.commands[name]

    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help


def test_all_commands_are_listed_in_their_order() -> None:
    output = CliRunner().invoke(group, ["--help"]).output
    listed = [line.split()[0] for line in output.split("Commands:\n")[1].splitlines() if line]

    assert [name for name in listed if name in COMMANDS] == list(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (["stori"], "Did you mean 'stories'?"),
        (["statsu"], "Did you mean 'status'?"),
        (["feeds", "lst"], "Did you mean 'list'?"),
        (["status", "--jsn"], "Did you mean '--json'?"),
        (["run", "--dryrun"], "Did you mean '--dry-run'?"),
    ],
)
def test_a_slip_gets_a_suggestion_and_exit_code_2(arguments: list[str], suggestion: str) -> None:
    result = CliRunner().invoke(group, arguments)

    assert result.exit_code == 2
    assert suggestion in result.output


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(group, ["--version"]).output.startswith("watcher, version 0.")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("x"), EXIT_CONFIG),
        (UsageError("x"), 2),
        (StorageError("x"), 1),
        (FeedError("x"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: FeedError, code: int) -> None:
    assert exit_code(error) == code


def test_the_list_of_commands_imports_nothing_heavy() -> None:
    program = (
        "import sys, json\n"
        "from watcher.cli import main\n"
        "sys.argv = ['watcher', '--help']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = json.loads(ended.stderr)

    assert [name for name in HEAVY if name in loaded] == []
    assert "Commands:" in ended.stdout


def test_an_interrupt_while_the_program_is_loaded_shows_no_traceback() -> None:
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # else none under nohup
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from watcher.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )

    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


@pytest.mark.parametrize("name", sorted({path[0] for path in EVERY if len(path) > 1}))
def test_a_group_tells_its_commands_by_whole_sentences(name: str) -> None:
    command = command_of(name)
    assert isinstance(command, click.Group)
    output = " ".join(CliRunner().invoke(group, [name, "--help"]).output.split())

    for one in command.commands.values():
        assert one.get_short_help_str(limit=200) in output


def test_a_word_in_the_place_of_a_number_is_told_as_such() -> None:
    ended = CliRunner().invoke(group, ["stories", "show", "kim"])

    assert (ended.exit_code, "'kim' is not a valid number." in ended.output) == (2, True)


def test_the_bounds_of_the_database_are_nobodys_business() -> None:
    assert "<=x" not in CliRunner().invoke(group, ["stories", "list", "--help"]).output
