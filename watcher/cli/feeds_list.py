"""`watcher feeds list`: how each feed fares, and what is expected of it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.config import config_option
from watcher.cli.output import ago, json_option, print_json, print_table, span_text
from watcher.cli.state import reading
from watcher.service.moments import utc_now

if TYPE_CHECKING:
    from watcher.config.settings import FeedTable, PollingTable, Settings
    from watcher.feeds.schedule import PollState
    from watcher.storage.database import Transaction
    from watcher.storage.rows import FeedRow, LastOutage

#: The entries that a feed's lag is told from.
LAG_SINCE = timedelta(days=7)

#: Entries an hour from which a rhythm is told by the hour.
HOURLY = 1.5


@click.command("list")
@config_option
@click.option("--all", "every", is_flag=True, help="Also those that left the configuration.")
@click.option("--trouble", is_flag=True, help="Only those that are not well.")
@json_option
def list_feeds(config: Path | None, *, every: bool, trouble: bool, as_json: bool) -> None:
    """List the feeds: health, rhythm, next poll, lag, last error in plain words.

    Rhythm is how many entries a feed brings, and how long we wait between two polls. Lag is the
    time from an entry's own date to our first sight of it, the median of a week. A publisher that
    asks for longer pauses than `max_interval` is told here; its wish counts only that far.
    """
    with reading(config) as (settings, tx):
        rows = tx.feeds.all(inactive=every)
        at = utc_now()  # once the state is seen: a poll that ends before is not in its future
        states = {known.id: known.state for known in tx.feeds.states(inactive=every)}
        lags = tx.feeds.lags(at - LAG_SINCE)
        outage = _outage(tx)
    tables = {feed.url: feed for feed in settings.feeds}
    records = [
        record(row, states[row.id], lags.get(row.id), tables.get(row.url), settings, at)
        for row in rows
    ]
    if trouble:
        records = [one for one in records if one["health"] not in ("well", "new")]
    if outage:
        noticed = f"(noticed {ago(outage.since, at)}; no feed is blamed for it)"
        click.echo(f"{outage.why} {noticed}", err=as_json)
    if as_json:
        print_json([{**one, "offline_since": outage and outage.since} for one in records])
        return
    print_table(
        ("feed", "health", "rhythm", "last good poll", "next", "lag", "entries", "what is wrong"),
        [_cells(one, at) for one in records],
        _nothing_to_list(any_feeds=bool(rows), offline=outage is not None),
    )


def _outage(tx: "Transaction") -> "LastOutage | None":
    """Return what keeps us from all outlets, as far as the last run knew; None when nothing does.

    What a daemon noted that was ended since says nothing of now.
    """
    run = tx.runs.last()
    is_over = run is not None and run.ended is not None and not run.once
    return None if is_over else tx.notices.outage()


def _nothing_to_list(*, any_feeds: bool, offline: bool) -> str:
    if not any_feeds:
        return "no feeds yet: add some by `watcher feeds add`, and start `watcher run`"
    return "every feed was well before that" if offline else "every feed is well"


def record(
    row: "FeedRow",
    state: "PollState",
    lag: timedelta | None,
    table: "FeedTable | None",
    settings: "Settings",
    at: datetime,
) -> dict[str, Any]:
    """Return what is told of a feed; times are aware, spans in seconds."""
    from watcher.feeds.rhythm import rate
    from watcher.service.care.health import feed_health
    from watcher.service.polling.pace import waits_for_host

    since = row.last_success or row.added
    until = waits_for_host(table, settings.polling, state, since, at)
    return {
        **asdict(row),
        "health": feed_health(row, state, waits=until is not None),
        "waits_until": until,
        "failing_since": state.failing_since,
        "last_attempt": state.last_attempt,
        "entries_per_day": round(rate(state.rhythm) * 24, 1) if state.rhythm.hours else None,
        "interval_seconds": state.interval.total_seconds() if state.interval else None,
        "last_news": state.rhythm.last_news,
        "lag_seconds": lag.total_seconds() if lag is not None else None,
        "publisher": _wish(state, table, settings.polling),
        "moved_to": state.address or state.moved_to,
        "tags": list(table.tags) if table else [],
    }


def _wish(
    state: "PollState", table: "FeedTable | None", polling: "PollingTable"
) -> dict[str, object] | None:
    """Return the pause that the publisher asks for, and how much of it counts."""
    from watcher.feeds.schedule import floor_of
    from watcher.service.polling.pace import pace_of

    if state.wish is None or table is None:
        return None
    asked = state.wish.interval
    counts = timedelta() if table.interval else floor_of(state.wish, pace_of(table, polling))
    return {
        "word": state.wish.word,
        "asks_seconds": asked.total_seconds(),
        "counts_seconds": counts.total_seconds(),
    }


def _cells(one: Mapping[str, Any], at: datetime) -> tuple[object, ...]:
    return (
        one["name"] or one["url"],
        _health(one),
        _rhythm(one["entries_per_day"], one["interval_seconds"]),
        ago(one["last_success"], at),
        ago(one["next_due"], at) if one["next_due"] else "now",
        "" if one["lag_seconds"] is None else span_text(one["lag_seconds"]),
        one["entries"],
        _trouble(one, at),
    )


def _health(one: Mapping[str, Any]) -> str:
    failed = f"failed {one['failures']}x" if one["failures"] else ""
    word = "" if failed and one["health"] == "failing" else one["health"]
    return ", ".join(filter(None, (word, failed)))


def _rhythm(daily: float | None, interval: float | None) -> str:
    if interval is None:
        return ""
    if daily is None:  # polled once, and nothing in it had a date
        return f"every {span_text(interval)}"
    hourly = daily / 24
    entries = f"{hourly:.0f}/h" if hourly >= HOURLY else f"{daily:.0f}/day"
    return f"{entries}, every {span_text(interval)}"


def _trouble(one: Mapping[str, Any], at: datetime) -> str:
    """Say what is wrong: the host, the last error, the silence, or a wish that goes too far."""
    if one["health"] == "waiting":
        return f"waits for its host, which is left alone: to be asked {ago(one['waits_until'], at)}"
    if one["last_error"]:
        return str(one["last_error"])
    if one["health"] == "stale":
        return f"answers, but nothing new since {ago(one['last_news'], at)}"
    wish = one["publisher"]
    if wish and wish["asks_seconds"] > wish["counts_seconds"]:
        asked, counts = span_text(wish["asks_seconds"]), span_text(wish["counts_seconds"])
        granted = f"{counts} are granted" if wish["counts_seconds"] else "your interval holds"
        return f"its {wish['word']} asks for {asked}, {granted}"
    return ""
