"""`watcher explain`: why something did or did not alert, stage by stage."""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import json_option, one_line, print_json
from watcher.cli.state import demand_topic, has_state, reading_of
from watcher.cli.story_record import coverage_record
from watcher.cli.streams import remark, text_of
from watcher.service.moments import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.config.settings import Settings
    from watcher.model import Assignment, Entry, Evidence
    from watcher.outlets.coverage import Coverage
    from watcher.storage.database import Transaction
    from watcher.storage.rows import DecisionRow, StoredEntry
    from watcher.topics.findings import TopicFinding
    from watcher.topics.watchlist import Watchlist

URL = re.compile(r"https?://\S+", re.IGNORECASE)

#: What names an entry, and is no headline: a URL, or our number.
_NAMES_AN_ENTRY = re.compile(rf"(?:{URL.pattern}|#?[0-9]+)\Z", re.IGNORECASE)


@click.command()
@click.argument("what", metavar="URL-or-ID-or-text")
@click.option("--topic", "topics", multiple=True, metavar="TOPIC",
              help="Only what this topic makes of it; may be given again.")  # fmt: skip
@config_option
@json_option
def explain(what: str, topics: tuple[str, ...], config: Path | None, *, as_json: bool) -> None:
    """Say why something did or did not alert.

    Name the URL of an entry that was polled, our number of it (7 or '#7') or its feed's id, or give
    any text: a headline is matched, and its story found, as if it had just come in.

    The topics that it meets come first, then those that it misses by least; of many topics the
    farther ones are counted. `--json` has them all.
    """
    from watcher.topics.watchlist import Watchlist

    what = text_of(what).strip()
    if not what:
        raise click.BadParameter("there is nothing to explain", param_hint="URL-or-ID-or-text")
    settings = load_or_exit(config)
    for topic in topics:
        demand_topic(topic, settings)
    watchlist = Watchlist(settings)
    known = _look_up(what, watchlist, settings)
    if known is None:
        _no_such_entry(what, as_json=as_json)
    findings = watchlist.explain(known.entry, topics or None)
    if as_json:
        print_json(_record(known, findings))
    else:
        _print(known, findings, whole=bool(topics))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an entry, or thought of a headline that was never polled.

    Attributes:
        number: ours of the entry; None for a headline.
        assignment: its story; None where there is no database to look into.
        told: who has told that story; None when there is none yet.
    """

    entry: "Entry"
    language: str | None
    number: int | None = None
    assignment: "Assignment | None" = None
    decisions: "tuple[DecisionRow, ...]" = ()
    told: "Coverage | None" = None


def _look_up(what: str, watchlist: "Watchlist", settings: "Settings") -> _Known | None:
    """Return the newest entry that is meant, else the text as a headline.

    None for the URL or the number of no entry.
    """
    if not has_state(settings):
        return None if _NAMES_AN_ENTRY.match(what) else _headline(what, watchlist)
    with reading_of(settings) as tx:
        found = tx.entries.find(what)
        if not found:
            return None if _NAMES_AN_ENTRY.match(what) else _judged(what, watchlist, tx, settings)
        _tell_of_others(what, found)
        stored = found[0]
        return _Known(
            stored.entry,
            stored.reading.language,
            stored.number,
            stored.assignment,
            tx.alerts.decisions([stored.number]),
            _coverage(tx, stored.story, settings),
        )


def _tell_of_others(what: str, found: "Sequence[StoredEntry]") -> None:
    """Say whose feed's id a number is, too."""
    if what == str(found[0].number) and len(found) > 1:
        other = found[1]
        remark(
            f"this is entry {what}; `watcher explain '#{other.number}'` explains the one whose feed"
            f" calls it {what}"
        )


def _headline(text: str, watchlist: "Watchlist") -> _Known:
    from watcher.service.trials.items import bare

    entry = bare(text)
    return _Known(entry, watchlist.read(entry).language)


def _judged(text: str, watchlist: "Watchlist", tx: "Transaction", settings: "Settings") -> _Known:
    """Return a headline with the story that it would join if it came in now."""
    from watcher.service.intake.judge import judge
    from watcher.service.trials.items import bare

    entry = replace(bare(text), seen=utc_now())
    found = judge(entry, watchlist, tx.archive, window=settings.stories.window)
    told = _coverage(tx, found.assignment.story, settings)
    return _Known(entry, found.reading.language, assignment=found.assignment, told=told)


def _coverage(tx: "Transaction", story: int | None, settings: "Settings") -> "Coverage | None":
    from watcher.outlets.coverage import coverage
    from watcher.outlets.publishers import Publishers

    if story is None:
        return None
    return coverage(tx.stories.accounts(story), Publishers(settings.publishers))


def _no_such_entry(what: str, *, as_json: bool) -> NoReturn:
    url = what if URL.match(what) else None
    if as_json:
        print_json({"url": url, "known": False, "story": None, "topics": []})
    else:
        named = f"with the URL {url}" if url else f"of the number {what.removeprefix('#')}"
        remark(f"no entry {named} is known; explain its headline instead")
    sys.exit(1)


def _print(known: _Known, findings: "tuple[TopicFinding, ...]", *, whole: bool) -> None:
    from watcher.topics.findings import MISSES_SHOWN, most_telling

    click.echo(one_line(known.entry.title or known.entry.summary[:160]))
    _print_story(known)
    decided = {decision.topic for decision in known.decisions}
    telling = most_telling(findings, decided, len(findings) if whole else MISSES_SHOWN)
    for finding in telling.shown:
        _print_finding(finding, known.entry)
        for decision in known.decisions:
            if decision.topic == finding.topic:
                click.echo(f"    decided: {decision.action}, {decision.reason}")
    if telling.left_out:
        click.echo(f"  and {telling.left_out}; --topic TOPIC shows one, --json all")


def _print_story(known: _Known) -> None:
    from watcher.alerts.credits import officials, spread

    polled = f"entry {known.number} of {known.entry.outlet}"
    what = polled if known.number else "not polled: judged as if it came in now"
    click.echo(f"  {what}; language {known.language or 'unknown'}")
    found = known.assignment
    if found is None:
        return
    if found.story is None:
        click.echo("  would open a new story")
        return
    would = "" if known.number else "would join "
    copy = f" of entry {found.copy_of}" if found.copy_of else ""
    click.echo(f"  {would}story {found.story}: {found.relation}{copy}, {one_line(found.reason)}")
    if known.told:
        parts = (spread(known.told), f"first: {known.told.first}", *officials(known.told))
        click.echo(f"  told by {' · '.join(parts)}")


def _print_finding(finding: "TopicFinding", entry: "Entry") -> None:
    colour = "green" if finding.matched else "yellow"
    verdict = "matches" if finding.matched else "does not match"
    click.echo(f"  {click.style(finding.topic, bold=True)}: {click.style(verdict, fg=colour)}")
    click.echo(f"    {finding.reason}")
    for evidence in finding.found:
        click.echo(f"    found {_shown(evidence, entry)}")
    if finding.missing:
        click.echo(f"    missing {', or '.join(' and '.join(way) for way in finding.ways)}")
    for veto in finding.vetoes:
        click.echo(f"    {click.style('veto', fg='red')} {_shown(veto, entry)}")


def _shown(evidence: "Evidence", entry: "Entry") -> str:
    """Return a piece of evidence with the words around it; «it» is seen without colours too."""
    text = entry.text(evidence.field)
    before, after = text[max(0, evidence.start - 25) : evidence.start], text[evidence.end :][:25]
    term = click.style(one_line(text[evidence.start : evidence.end]), bold=True)
    before = f"…{before}" if evidence.start > len(before) else before
    after = f"{after}…" if evidence.end + len(after) < len(text) else after
    place = f"{one_line(before)}«{term}»{one_line(after)}"
    return f"{evidence.list}: {place} ({evidence.field}, {evidence.rule})"


def _record(known: _Known, findings: "tuple[TopicFinding, ...]") -> dict[str, object]:
    decided = {decision.topic: decision for decision in known.decisions}
    return {
        "title": known.entry.title,
        "url": known.entry.url or None,
        "known": known.number is not None,
        "lang": known.language,
        "story": _story_record(known),
        "topics": [_finding_record(one, decided.get(one.topic)) for one in findings],
    }


def _story_record(known: _Known) -> dict[str, object] | None:
    found = known.assignment
    if found is None:
        return None
    return {
        "entry": known.number,
        "story": found.story,
        "relation": str(found.relation),
        "copy_of": found.copy_of,
        "score": found.score,
        "reason": found.reason,
        "coverage": known.told and coverage_record(known.told),
    }


def _finding_record(finding: "TopicFinding", decision: "DecisionRow | None") -> dict[str, object]:
    return {
        "id": finding.topic,
        "matched": finding.matched,
        "reason": finding.reason,
        "found": [one._asdict() for one in finding.found],
        "missing": list(finding.missing),
        "ways": [list(way) for way in finding.ways if way],
        "vetoes": [one._asdict() for one in finding.vetoes],
        "decision": decision and {"action": decision.action, "reason": decision.reason},
    }
