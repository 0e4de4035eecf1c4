"""`watcher explain`: why something did or did not alert, stage by stage."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import json_option, print_json
from watcher.cli.state import has_state, reading_of
from watcher.cli.streams import text_of

if TYPE_CHECKING:
    from watcher.config.settings import Settings
    from watcher.model import Entry, Evidence
    from watcher.storage.rows import DecisionRow, StoredEntry
    from watcher.topics.watchlist import TopicFinding


@click.command()
@click.argument("what")
@config_option
@json_option
def explain(what: str, config: Path | None, *, as_json: bool) -> None:
    """Say why something did or did not alert.

    WHAT is the URL or id of an entry that was polled, our number of it, or any text: a headline is
    matched as if it had just come in.
    """
    from watcher.service.items import bare
    from watcher.topics.watchlist import Watchlist

    what = text_of(what)
    settings, _ = load_or_exit(config, warn=False)
    stored, decisions = _look_up(what, settings)
    entry = stored.entry if stored else bare(what)
    findings = Watchlist(settings).explain(entry)
    if as_json:
        print_json(_record(entry, findings, stored, decisions))
        return
    click.echo(entry.title or entry.summary[:160])
    if stored:
        _print_story(stored)
    for finding in findings:
        _print_finding(finding, entry)
        for decision in decisions:
            if decision.topic == finding.topic:
                click.echo(f"    decided: {decision.action}, {decision.reason}")


def _look_up(
    what: str, settings: "Settings"
) -> "tuple[StoredEntry | None, tuple[DecisionRow, ...]]":
    """Return the newest entry that is meant, if any, with what was decided about it."""
    if not has_state(settings):
        return None, ()  # the text is explained all the same
    with reading_of(settings) as tx:
        stored = next(iter(tx.entries.find(what)), None)
        return stored, tx.alerts.decisions([stored.number]) if stored else ()


def _print_story(stored: "StoredEntry") -> None:
    language = stored.reading.language or "unknown"
    click.echo(f"  entry {stored.number} of {stored.entry.outlet}, language {language}")
    copy = f" of entry {stored.copy_of}" if stored.copy_of else ""
    click.echo(f"  story {stored.story}: {stored.relation}{copy}, {stored.reason}")


def _print_finding(finding: "TopicFinding", entry: "Entry") -> None:
    colour = "green" if finding.matched else "yellow"
    verdict = "matches" if finding.matched else "does not match"
    click.echo(f"  {click.style(finding.topic, bold=True)}: {click.style(verdict, fg=colour)}")
    click.echo(f"    {finding.reason}")
    for evidence in finding.found:
        click.echo(f"    found {_shown(evidence, entry)}")
    for name in finding.missing:
        click.echo(f"    missing {name}")
    for veto in finding.vetoes:
        click.echo(f"    {click.style('veto', fg='red')} {_shown(veto, entry)}")


def _shown(evidence: "Evidence", entry: "Entry") -> str:
    """Return a piece of evidence with the words around it."""
    text = entry.text(evidence.field)
    before, after = text[max(0, evidence.start - 25) : evidence.start], text[evidence.end :][:25]
    marked = click.style(text[evidence.start : evidence.end], bold=True, underline=True)
    return f"{evidence.list}: …{before}{marked}{after}… ({evidence.field}, {evidence.rule})"


def _record(
    entry: "Entry",
    findings: "tuple[TopicFinding, ...]",
    stored: "StoredEntry | None",
    decisions: "tuple[DecisionRow, ...]",
) -> dict[str, object]:
    from watcher.service.replay import evidence_record

    reasons = {d.topic: {"action": str(d.action), "reason": str(d.reason)} for d in decisions}
    story = stored and {
        "entry": stored.number,
        "story": stored.story,
        "relation": str(stored.relation),
        "copy_of": stored.copy_of,
        "score": stored.score,
        "reason": stored.reason,
    }
    return {
        "title": entry.title,
        "url": entry.url or None,
        "story": story,
        "topics": [
            {
                "id": finding.topic,
                "matched": finding.matched,
                "reason": finding.reason,
                "found": [evidence_record(e) for e in finding.found],
                "missing": list(finding.missing),
                "vetoes": [evidence_record(e) for e in finding.vetoes],
                "decision": reasons.get(finding.topic),
            }
            for finding in findings
        ],
    }
