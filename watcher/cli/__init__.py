"""The commands. Each lives in a module of its own and is imported only when it is called.

`watcher --help` so costs no more than click itself: the one-line helps stand in the table below,
and a test holds them equal to the commands' own.
"""

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from watcher import __version__
from watcher.cli import streams
from watcher.errors import ConfigError, UsageError, WatcherError

#: EX_CONFIG of sysexits.h; the systemd unit does not restart on it.
EXIT_CONFIG = 78

#: Commands that take any headline, also one with a letter that nobody can read.
_OF_HEADLINES = ("explain", "compare")


#: The commands with their one-line helps.
COMMANDS = {
    "demo": "Show Watcher at work: no network, no account, no config.",
    "init": "Write a commented config.toml to start from.",
    "check": "Check the configuration and show every problem at once.",
    "run": "Run the daemon in the foreground.",
    "status": "Show on one screen how Watcher is doing.",
    "feeds": "The feeds and their health.",
    "topics": "The topics of the watchlist.",
    "entities": "The entities and word lists: your own, and those of the pack.",
    "stories": "The stories found so far.",
    "alerts": "The alerts and their deliveries.",
    "mute": "Silence a story, topic, channel or outlet for a time, or list what is silenced.",
    "unmute": "End a mute, or all of them; what waited goes out at once, in one summary.",
    "explain": "Say why something did or did not alert.",
    "send-test": "Send a sample alert to one channel.",
    "parse": "Parse one feed document and show its entries.",
    "compare": "Say how two titles relate, and why.",
    "replay": "Run items of a file through match, story and alert.",
    "eval": "Score stories, topics or alerts on labelled items.",
    "service": "Watcher as a service of this machine: install, uninstall, status.",
    "export": "Print entries, stories or alerts as JSONL or CSV.",
    "config": "Tools around the configuration file.",
    "db": "The database: upgrade, backup, restore, check.",
}

#: Module and function of those that are not `NAME.NAME`.
_ELSEWHERE = {
    "check": ("config", "check"),
    "unmute": ("mute", "unmute"),
    "send-test": ("send_test", "send_test"),
    "eval": ("evaluate", "evaluate"),
    "config": ("config", "config_group"),
}


class Commands(click.Group):
    """A group that knows its commands by name and imports them when one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = _ELSEWHERE.get(cmd_name, (cmd_name, cmd_name))
        command: click.Command = getattr(import_module(f"watcher.cli.{module}"), name)
        if cmd_name not in _OF_HEADLINES:
            streams.demand_text(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        if args and args[0] not in COMMANDS and not ctx.resilient_parsing:
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments; here click prints helps."""
        with streams.unread():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with streams.unread():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="watcher")
def group() -> None:
    """One timely, explained alert per real-world story on the topics you watch."""


def main() -> None:
    """Run the command line: a mistake ends in one sentence and its exit code, never a traceback."""
    streams.prepare()
    try:
        group.main(prog_name="watcher", standalone_mode=True)
    except WatcherError as error:
        _fail(str(error), exit_code(error))
    except UnicodeEncodeError as error:
        told = "cannot be kept or looked for: see the arguments, names of files, and the locale"
        _fail(f"text that is not {error.encoding} {told}", 2)
    except OSError as error:
        streams.discard()
        _fail(streams.complaint(error), 1)


def _fail(sentence: str, code: int) -> None:
    with suppress(OSError):
        streams.remark(sentence)
    sys.exit(code)


def exit_code(error: WatcherError) -> int:
    """Return the exit code for an error, as docs/commands.md has them."""
    match error:
        case ConfigError():
            return EXIT_CONFIG
        case UsageError():
            return 2
        case _:
            return 1
