"""`watcher topics backtest`: what an edited watchlist would have alerted about."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option, load_with_document, settings_in_use
from watcher.cli.output import (
    json_option,
    one_line,
    print_json,
    print_table,
    ticking,
)
from watcher.cli.state import database_of, demand_no_older_daemon
from watcher.cli.values import DURATION, NUMBER, Limit
from watcher.errors import StorageError
from watcher.service.moments import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, tzinfo

    from watcher.config.settings import Settings
    from watcher.service.trials.backtest import Backtest, TopicChange
    from watcher.storage.rows import Headline

_tick = ticking("reading the archive")

#: Heights of a day in the plot, from none to the most.
BARS = " ▁▂▃▄▅▆▇█"
#: Days of a plot that fit beside their label on 80 columns; more are put together.
PLOT_COLUMNS = 56


@click.command()
@config_option
@click.option("--since", default="14d", show_default=True, type=DURATION,
              help="How far back to read the archive.")  # fmt: skip
@click.option("--database", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="The archive. Default: that of --config, else the one in use.")  # fmt: skip
@click.option("--limit", cls=Limit, default=10, show_default=True, type=NUMBER, metavar="NUMBER",
              help="Headlines shown for each topic, gained and lost each.")  # fmt: skip
@json_option
def backtest(
    config: Path | None, since: timedelta, database: Path | None, limit: int, *, as_json: bool
) -> None:
    """Run an edited watchlist over the archive and show what it would change.

    Every stored entry is matched again with the topics of --config, and compared with what
    matched as it came in: alerts gained and lost with their headlines, alerts per day. Stories
    stay as they are; a topic alerts once per story. Nothing is written.
    """
    from watcher.service.trials.backtest import backtest as run
    from watcher.storage.migrate import OlderSchemaError

    settings, document = load_with_document(config)
    path = document.files[0]
    archive = database or _archive(settings, config)
    moment = utc_now()
    try:
        found = run(path, settings, archive, since=moment - since, now=moment, tick=_tick)
    except OlderSchemaError:
        demand_no_older_daemon(archive)
        raise
    except StorageError as error:
        if database is None or not error.fact:
            raise
        raise StorageError(f"{database} {error.fact}; name the archive of a Watcher") from error
    if as_json:
        print_json(_record(found))
    else:
        _print(found, settings, limit)


def _archive(settings: "Settings", config: Path | None) -> Path:
    """Return the database of an edited configuration, or of the one in use if it has none."""
    own = database_of(settings)
    if own.exists() or config is None:
        return own
    used = settings_in_use()
    return database_of(used) if used else own


def _print(found: "Backtest", settings: "Settings", limit: int) -> None:
    zone = settings.watcher.zone
    entries = "1 entry" if found.entries == 1 else f"{found.entries:,} entries"
    click.echo(f"{entries} since {found.since.astimezone(zone):%Y-%m-%d %H:%M %Z}")
    print_table(
        ("topic", "entries", "alerts", "gained", "lost", "a day"),
        [_row(topic, found.days) for topic in found.topics],
        "no topic in this configuration",
    )
    for topic in found.topics:
        _print_topic(topic, zone, limit)


def _row(topic: "TopicChange", days: float) -> tuple[str, ...]:
    then, now_ = topic.alerts
    return (
        topic.topic,
        _change(*topic.matched),
        _change(then, now_),
        f"+{len(topic.gained)}",
        f"-{len(topic.lost)}",
        _change(f"{then / days:.1f}", f"{now_ / days:.1f}"),
    )


def _change(then: object, now_: object) -> str:
    return f"{then}" if then == now_ else f"{then} → {now_}"


def _print_topic(topic: "TopicChange", zone: "tzinfo", limit: int) -> None:
    if not (topic.gained or topic.lost):
        return
    click.echo(f"\n{click.style(topic.topic, bold=True)}")
    if topic.days:
        _print_plot(topic.days)
    _print_headlines("+", "green", topic.gained, zone, limit)
    _print_headlines("-", "red", topic.lost, zone, limit)


def _print_plot(days: "Mapping[date, tuple[int, int]]") -> None:
    """Print alerts per day before and now, one column a day or a few."""
    before, after = plot(days)
    first, last = min(days), max(days)
    click.echo(f"  before  {before}")
    click.echo(f"  now     {after}  alerts a day, {first:%m-%d} to {last:%m-%d}")


def plot(days: "Mapping[date, tuple[int, int]]") -> tuple[str, str]:
    """Return alerts before and now as two lines of bars of one scale, oldest day left."""
    first, last = min(days), max(days)
    span = (last - first).days + 1
    width = -(-span // PLOT_COLUMNS)
    columns = [[0, 0] for _ in range(-(-span // width))]
    for day, (then, now_) in days.items():
        column = columns[(day - first).days // width]
        column[0] += then
        column[1] += now_
    most = max(map(max, columns)) or 1
    before, after = ("".join(_bar(column[side], most) for column in columns) for side in (0, 1))
    return before, after


def _bar(count: int, most: int) -> str:
    return BARS[-(-count * (len(BARS) - 1) // most)]


def _print_headlines(
    sign: str, colour: str, heads: "Sequence[Headline]", zone: "tzinfo", limit: int
) -> None:
    for head in heads[-limit:]:
        time = f"{head.seen.astimezone(zone):%m-%d %H:%M}"
        source = f"{head.outlet} [{head.language or '?'}]"
        line = f"{time}  {source}  {head.title}  (story {head.story})"
        click.echo(f"  {click.style(sign, fg=colour)} {one_line(line)}")
    if len(heads) > limit:
        click.echo(f"  {sign} and {len(heads) - limit} more: --limit or --json shows them")


def _record(found: "Backtest") -> dict[str, object]:
    return {
        "since": found.since,
        "until": found.until,
        "entries": found.entries,
        "topics": [
            {
                "id": topic.topic,
                "matched": {"before": topic.matched[0], "now": topic.matched[1]},
                "alerts": {"before": topic.alerts[0], "now": topic.alerts[1]},
                "gained": _headlines(topic.gained),
                "lost": _headlines(topic.lost),
                "days": {
                    day.isoformat(): {"before": then, "now": now_}
                    for day, (then, now_) in topic.days.items()
                },
            }
            for topic in found.topics
        ],
    }


def _headlines(heads: "Iterable[Headline]") -> list[dict[str, object]]:
    return [
        {
            "entry": head.number,
            "story": head.story,
            "time": head.seen,
            "outlet": head.outlet,
            "lang": head.language,
            "title": head.title,
            "url": head.url,
        }
        for head in heads
    ]
