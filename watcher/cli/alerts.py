"""`watcher alerts`: the alerts and their deliveries."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import (
    Group,
    ago,
    json_option,
    one_line,
    print_json,
    print_table,
)
from watcher.cli.state import demand_channel, perform, reading, unknown_topic, when_sent
from watcher.cli.streams import remark, text_of
from watcher.cli.values import NUMBER, limit_option
from watcher.errors import UsageError, no_alert
from watcher.service.moments import utc_now
from watcher.wording import plural

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from watcher.model import Entry
    from watcher.storage.rows import AlertRow, AttemptRow, DecisionRow, DeliveryRow

#: Channels that a listing names though they stand alike; of more it says how many they are.
MOST_NAMED = 2


@click.group(cls=Group)
def alerts() -> None:
    """The alerts and their deliveries."""


@alerts.command("list")
@config_option
@click.option("--topic", help="Only this topic's.")
@click.option(
    "--state",
    type=click.Choice(["pending", "sending", "sent", "dead", "muted"]),
    help="Only these.",
)
@limit_option
@json_option
def list_alerts(
    config: Path | None, topic: str | None, state: str | None, limit: int, *, as_json: bool
) -> None:
    """List the newest alerts and replies with where they went."""
    from watcher.storage.rows import State

    with reading(config) as (settings, tx):
        rows = tx.alerts.latest(topic=topic, state=State(state) if state else None, limit=limit)
    if not rows and (unknown := unknown_topic(topic, settings)):
        remark(unknown)  # one that was watched once may have some
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    at = utc_now()
    print_table(
        ("alert", "made", "topic", "kind", "story", "deliveries", "headline"),
        [_cells(row, at) for row in rows],
        "no such alerts" if topic or state else "no alerts yet",
    )


def _cells(row: "AlertRow", at: datetime) -> tuple[object, ...]:
    made = ago(row.created, at)
    return row.id, made, row.topic, row.action, row.story, _went(row, at), row.title


@alerts.command("show")
@click.argument("number", type=NUMBER)
@config_option
@json_option
def show_alert(number: int, config: Path | None, *, as_json: bool) -> None:
    """Show an alert: its entries, the reasons, its deliveries and every attempt."""
    with reading(config) as (settings, tx):
        row = tx.alerts.get(number)
        if row is None:
            raise no_alert(number)
        entries = tx.entries.by_numbers(tx.alerts.entries(number))
        decisions = [d for d in tx.alerts.decisions(tuple(entries)) if d.topic == row.topic]
        attempts = tx.alerts.attempts(number)
        titles = {n: one.entry.title for n, one in entries.items()}
        if sent := [one.sent_at for one in row.deliveries if one.sent_at]:
            titles |= tx.sightings.titles_at(tuple(entries), max(sent))
    told = [_told(d, entries[d.entry].entry, titles[d.entry]) for d in decisions]
    if as_json:
        row = replace(row, title=titles.get(row.lead, row.title))
        print_json({**asdict(row), "told": told, "attempts": [asdict(a) for a in attempts]})
        return
    what = f"{row.action} for {row.topic}, story {row.story}, {row.priority} priority"
    click.echo(f"alert {row.id}: {what}")
    for one in told:
        click.echo(f"  {one['reason']:<14} {one['outlet']}: {one['title']}")
    at, zone = utc_now(), settings.watcher.zone
    for delivery in row.deliveries:
        _print_delivery(delivery, [a for a in attempts if a.delivery == delivery.id], at, zone)


def _told(decision: "DecisionRow", entry: "Entry", title: str) -> dict[str, object]:
    return {
        "entry": decision.entry,
        "title": title,
        "outlet": entry.outlet,
        "action": str(decision.action),
        "reason": str(decision.reason),
    }


def _print_delivery(
    delivery: "DeliveryRow", attempts: Sequence["AttemptRow"], at: datetime, zone: "ZoneInfo"
) -> None:
    from watcher.alerts.times import local_time

    # All there were: a new life, and each edit, counts its own.
    tries = plural(len(attempts), "attempt")
    what = "to" if delivery.kind == "message" else "its edits in"
    click.echo(f"  {what} {delivery.channel}: {_standing(delivery, at)}, {tries}")
    for attempt in attempts:
        outcome = attempt.outcome or "under way"
        took = ""
        if attempt.ended:
            took = f", took {(attempt.ended - attempt.started).total_seconds():.1f} s"
        error = f": {one_line(attempt.error)}" if attempt.error else ""
        click.echo(f"    {local_time(attempt.started, zone, at)}: {outcome}{took}{error}")


@alerts.command("retry")
@click.argument("numbers", metavar="[ALERT]...", type=NUMBER, nargs=-1)
@config_option
@click.option("--all", "everything", is_flag=True, help="All that are dead.")
@click.option("--channel", help="Only what died on its way to this channel.")
@click.option("--to", "other", help="With --channel: let this one have it, and what waits.")
@json_option
def retry_alerts(
    numbers: tuple[int, ...],
    config: Path | None,
    channel: str | None,
    other: str | None,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """Bring dead deliveries back to life: of these alerts, of a channel, or all.

    They are sent at once, and for another 48 hours if it fails again. Of alerts that are named also
    what was not told because its story or outlet was muted, if that mute is over. Exits with 2 when
    nothing can be sent of the alerts that are named, or of all that are dead.

    After a channel got another name, `--channel OLD --to NEW` takes along what waits for it.
    """
    _demand_choice(numbers, channel, other, everything=everything)
    settings = load_or_exit(config)
    arguments: dict[str, object] = {"alerts": list(numbers)} if numbers else {}
    if channel:
        arguments["channel"] = channel = text_of(channel)
    if channel and other:
        done = perform(settings, "alerts.hand_over", {**arguments, "to": text_of(other)})
    else:
        if channel:
            demand_channel(channel, settings)
        done = perform(settings, "alerts.retry", arguments)
    print_json(done) if as_json else click.echo(
        "\n".join(_revived(done, channel, other, when_sent(settings)))
    )
    if not done["revived"] and (numbers or (everything and done.get("stray"))):
        sys.exit(2)


def _demand_choice(
    numbers: tuple[int, ...], channel: str | None, other: str | None, *, everything: bool
) -> None:
    """Raise UsageError unless it is said clearly what to retry."""
    if not numbers and not channel and not everything:
        raise UsageError("retry what? name alerts, --channel, or --all")
    if numbers and everything:
        raise UsageError("name alerts or say --all, not both")
    if other and (numbers or everything or not channel):
        raise UsageError("--to goes with --channel and nothing else")


def _revived(
    done: Mapping[str, Any], channel: str | None, other: str | None, when: str
) -> Iterator[str]:
    count, where = done["revived"], f" by the channel {other}" if other else ""
    stray, muted, settled = done.get("stray", {}), done.get("muted", 0), done.get("settled", 0)
    if settled:
        many = plural(settled, "delivery is", "deliveries are")
        yield f"{many} done with: the channel {other} has had the same"
    if count:
        many = plural(count, "delivery is", "deliveries are")
        yield f"{many} tried again{when}" if not other else f"{many} made{where}{when}"
    elif other and not settled:
        yield f"nothing waits for the channel {channel} or died on its way there"
    elif not (stray or muted or settled):
        yield "nothing of that is dead: `watcher alerts list --state dead` shows what is"
    if muted:
        many = plural(muted, "delivery is", "deliveries are")
        yield f"{many} muted with its story or outlet: `watcher unmute` sends that"
    for name, dead in stray.items():
        yield (
            f"{dead} dead for the channel {name}, which is not in the configuration:"
            f" `watcher alerts retry --channel {name} --to NAME`"
        )


def _standing(delivery: "DeliveryRow", at: datetime) -> str:
    """Return where a delivery stands, with the time that matters and why it waits."""
    from watcher.storage.rows import State

    match delivery.state:
        case State.SENT:
            repeat = ", perhaps twice" if delivery.maybe_sent else ""
            return f"sent {ago(delivery.sent_at, at)}{repeat}"
        case State.DEAD | State.MUTED:
            return _ended(delivery, at)
        case State.SENDING:
            return "being sent"
    return _waits(delivery, at)


def _waits(delivery: "DeliveryRow", at: datetime) -> str:
    if delivery.waits_for:
        return f"waits for alert {delivery.waits_for} of its thread"
    when = ago(delivery.due, at) if delivery.due > at else "now"
    if delivery.last_error:
        return f"next try {when}: {one_line(delivery.last_error)}"
    why = f"waits, {str(delivery.hold).replace('_', ' ')}, " if delivery.hold else ""
    return f"{why}goes {when}"


def _ended(delivery: "DeliveryRow", at: datetime) -> str:
    """Return why a message was not sent, and what sends it after all where that is a mute."""
    from watcher.storage.rows import State

    why = one_line(delivery.last_error or "unknown")
    if delivery.state is State.DEAD:
        return f"dead: {why}"
    if delivery.due > at:
        ends = ago(delivery.due, at)
        return f"not told: {why}; the mute ends {ends}, `watcher unmute` before that sends it"
    return f"not told: {why}; `watcher alerts retry {delivery.alert}` sends it all the same"


def _went(row: "AlertRow", at: datetime) -> str:
    """Return where each delivery stands, or most of them in a word; `show` tells of each."""
    messages = [one for one in row.deliveries if one.kind == "message"]
    alike: dict[tuple[str, bool], list[DeliveryRow]] = {}
    for one in messages:
        how = "" if one.state == "sent" else _briefly(one, at)  # a minute makes no difference
        alike.setdefault((how, one.maybe_sent), []).append(one)
    most = max(alike.values(), key=len, default=[])
    if len(most) <= MOST_NAMED:
        most = []
    told = [f"{one.channel}: {_briefly(one, at)}" for one in messages if one not in most]
    if most:
        whom = "the other" if told else "all"
        told.append(f"{whom} {len(most)}: {_briefly(most[-1], at)}")
    return "; ".join(told)


def _briefly(delivery: "DeliveryRow", at: datetime) -> str:
    return _standing(delivery, at).partition(": ")[0]
