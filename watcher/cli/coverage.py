"""`watcher topics coverage`: what the topics may be missing."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option
from watcher.cli.output import json_option, one_line, print_json, ticking
from watcher.cli.state import demand_topic, reading
from watcher.cli.values import DURATION
from watcher.service.moments import utc_now
from watcher.wording import plural, some_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from watcher.service.trials.coverage import LanguageCoverage, NearMiss, TopicCoverage
    from watcher.storage.rows import Rating

_tick = ticking("reading the archive")

#: Languages named on one line; the rarest of a hundred matter to nobody.
LANGUAGES = 12


@click.command()
@config_option
@click.argument("topic", required=False)
@click.option("--since", default="7d", show_default=True, type=DURATION,
              help="How far back to read the archive.")  # fmt: skip
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0, 10_000),
              metavar="NUMBER",
              help="Near misses shown for each topic.")  # fmt: skip
@json_option
def coverage(
    config: Path | None, topic: str | None, since: timedelta, limit: int, *, as_json: bool
) -> None:
    """Show what the topics (or one TOPIC) may be missing.

    The languages of the feeds' entries against those of the topic's lists; feeds that could
    report on it and fail; entries that missed it by one list, those of a story that matched
    first; words proposed from these; compounds that end with a word of the list they lack; and its
    precision, by the button "Not this topic".
    """
    from watcher.service.trials.coverage import coverage as run

    with reading(config) as (settings, tx):
        demand_topic(topic, settings)
        chosen = [one.id for one in settings.topics if topic in {None, one.id}]
        found = run(settings, tx, chosen, since=utc_now() - since, limit=limit, tick=_tick)
    if as_json:
        print_json([_record(one) for one in found])
        return
    for one in found:
        _print(one, settings.watcher.zone)


def _print(found: "TopicCoverage", zone: "tzinfo") -> None:
    entries = sum(one.entries for one in found.languages)
    title = click.style(found.topic, bold=True)
    click.echo(f"{title}: {found.matched:,} of {entries:,} entries match")
    if told := _rated(found.rating):
        click.echo(f"  {told}")
    click.echo(f"  languages: {_languages(found.languages)}")
    for name, lacking in _lacking(found.languages).items():
        click.echo(f"  {click.style('no words', fg='yellow')} of {name} in {lacking}")
    for feed in found.sick:
        error = one_line(feed.last_error or "")
        click.echo(f"  {click.style('sick feed', fg='red')} {feed.name or feed.url}: {error}")
    _print_misses(found.misses, zone)
    for proposal in found.proposals:
        click.echo(
            f"  proposed for {proposal.missing}, {proposal.language}: {one_line(proposal.word)} "
            f"({proposal.entries} entries, such as “{one_line(proposal.example)}”)"
        )
    for one in found.compounds:
        click.echo(
            f"  compound for {one.missing}, {one.language}: {one_line(one.word)} ends with "
            f"“{one.head}” ({plural(one.entries, 'entry', 'entries')}, such as "
            f"“{one_line(one.example)}”)"
        )


def _rated(rating: "Rating") -> str:
    """Return what people said of the topic's alerts; "" when it made none."""
    if rating.precision is None:
        return ""
    return (
        f"precision: {rating.precision:.0%} at most; {rating.wrong} of {rating.told} stories told"
        f" were called “not this topic”, {rating.seen} marked as seen"
    )


def _languages(languages: "Sequence[LanguageCoverage]") -> str:
    named = [f"{one.language} {one.entries:,}" for one in languages]
    return some_of(named, LANGUAGES) or "no entries"


def _lacking(languages: "Iterable[LanguageCoverage]") -> dict[str, str]:
    """Return word list -> the languages that it has no words in, with their entries."""
    named: dict[str, list[str]] = {}
    for one in languages:
        for name in one.lacking:
            named.setdefault(name, []).append(f"{one.language} ({one.entries:,} entries)")
    return {name: ", ".join(lacking) for name, lacking in named.items()}


def _print_misses(misses: "Iterable[NearMiss]", zone: "tzinfo") -> None:
    for miss in misses:
        head = miss.headline
        lacks = f"lacks {', '.join(miss.missing)}" if miss.missing else ""
        why = "; ".join(filter(None, (lacks, miss.hindrance)))
        told = ", though its story matched" if miss.told else ""
        line = f"{head.seen.astimezone(zone):%m-%d %H:%M}  {head.outlet} [{head.language or '?'}]"
        click.echo(f"  near miss {one_line(f'{line}  {head.title}')}")
        click.echo(f"            {why}; has {', '.join(miss.found)}{told}")


def _record(found: "TopicCoverage") -> dict[str, object]:
    return {
        "id": found.topic,
        "matched": found.matched,
        "feedback": {**found.rating._asdict(), "precision": found.rating.precision},
        "languages": [asdict(one) for one in found.languages],
        "sick_feeds": [
            {"url": feed.url, "name": feed.name, "error": feed.last_error} for feed in found.sick
        ],
        "near_misses": [
            {
                **miss.headline._asdict(),
                "found": miss.found,
                "missing": miss.missing,
                "hindrance": miss.hindrance,
                "story_matched": miss.told,
            }
            for miss in found.misses
        ],
        "proposals": [asdict(one) for one in found.proposals],
        "compounds": [asdict(one) for one in found.compounds],
    }
