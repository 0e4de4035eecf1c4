"""`watcher mute` and `watcher unmute`: silence with an end."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import ago, json_option, print_json, print_table
from watcher.cli.state import database_of, now_by, perform, reading, vitals, when_sent
from watcher.cli.streams import text_of
from watcher.cli.values import Parsed, parse_duration
from watcher.errors import UsageError
from watcher.model import MuteKind
from watcher.wording import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watcher.config.settings import Settings

kind_argument = click.argument(
    "kind", metavar="[KIND]", required=False, type=click.Choice([kind.value for kind in MuteKind])
)
subject_argument = click.argument("subject", metavar="[NAME]", required=False)


def _length(text: str) -> str:
    """Return a duration as it was written: a running Watcher may know the time better than we."""
    parse_duration(text)
    return text


@click.command()
@kind_argument
@subject_argument
@config_option
@click.option(
    "--for", "length", type=Parsed("duration", _length), help='How long, e.g. "2h" or "3d".'
)
@click.option(
    "--until", metavar="TIME", help='Until when: "08:00", "morning", "2026-12-01" or RFC 3339.'
)
@json_option
def mute(
    kind: str | None,
    subject: str | None,
    config: Path | None,
    length: str | None,
    until: str | None,
    *,
    as_json: bool,
) -> None:
    """Silence a story, topic, channel or outlet for a time, or list what is silenced.

    KIND and NAME are "story 12", "topic kim-putin-summit", "channel desk", "outlet TASS", or
    "thread kim-putin-summit/12": one story for one topic. Without --for and --until a story or
    thread is muted for a week, anything else for a day. It is morning when the quiet hours of the
    channel end (of the first that has some in the night), else at seven.

    What a muted topic or channel gets meanwhile, and what waits for it already, comes when the
    mute ends, in one summary. What there is of a muted story or outlet is kept and not told, also
    what waited already, unless `watcher unmute` ends the mute: then that comes.
    """
    if kind is None:
        if length is not None or until is not None:
            raise UsageError("mute what? `watcher mute KIND NAME`")
        _list(config, as_json=as_json)
        return
    if subject is None:
        raise UsageError(f"which {kind}? `watcher mute {kind} NAME`")
    if length is not None and until is not None:
        raise UsageError("--for and --until exclude each other")
    settings = load_or_exit(config)
    end = length if until is None else text_of(until)
    arguments = {"kind": kind, "subject": text_of(subject), "until": end}
    done = perform(settings, "mutes.add", arguments)
    print_json(done) if as_json else click.echo(f"muted {_shown(done, settings)}")


@click.command()
@kind_argument
@subject_argument
@config_option
@click.option("--all", "everything", is_flag=True, help="End every mute.")
@json_option
def unmute(
    kind: str | None, subject: str | None, config: Path | None, *, everything: bool, as_json: bool
) -> None:
    """End a mute, or all of them; what waited goes out at once, in one summary."""
    settings = load_or_exit(config)
    if everything and kind is None:
        done = perform(settings, "mutes.clear", {})
        print_json(done) if as_json else click.echo(_cleared(done, when_sent(settings)))
        return
    if kind is None or subject is None or everything:
        raise UsageError("say what: `watcher unmute KIND NAME` or `--all`; `watcher mute` lists")
    done = perform(settings, "mutes.remove", {"kind": kind, "subject": text_of(subject)})
    if as_json:
        print_json(done)
    elif done["changed"]:
        click.echo(f"{kind} {done['subject']} is heard again{_released(done, when_sent(settings))}")
    else:
        click.echo(f"{kind} {done['subject']} was not muted")


def _list(config: Path | None, *, as_json: bool) -> None:
    from watcher.service.by_hand.mutes import mute_record

    with reading(config) as (settings, tx):
        at = now_by(vitals(database_of(settings))[0])
        mutes = tx.mutes.current(at)
    if as_json:
        print_json([mute_record(mute) for mute in mutes])
        return
    zone = settings.watcher.zone
    print_table(
        ("kind", "name", "until", "", "since", "by"),
        [
            (
                mute.kind,
                mute.subject,
                f"{mute.until.astimezone(zone):%Y-%m-%d %H:%M %Z}",
                ago(mute.until, at),
                ago(mute.created, at),
                mute.made_by,
            )
            for mute in mutes
        ],
        "nothing is muted",
    )


def _shown(done: "Mapping[str, Any]", settings: "Settings") -> str:
    end = datetime.fromisoformat(done["until"]).astimezone(settings.watcher.zone)
    return f"{done['kind']} {done['subject']} until {end:%Y-%m-%d %H:%M %Z}"


def _cleared(done: "Mapping[str, Any]", when: str) -> str:
    count = len(done["ended"])
    return f"ended {plural(count, 'mute')}{_released(done, when)}" if count else "nothing is muted"


def _released(done: "Mapping[str, Any]", when: str) -> str:
    count = done["released"]
    return f"; {plural(count, 'message goes', 'messages go')} out{when}" if count else ""
