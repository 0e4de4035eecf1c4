"""How `watcher stories show` prints a story: the tree for people, the same as JSON for programs."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import click

from watcher.alerts.credits import counts
from watcher.alerts.languages import language_name
from watcher.alerts.times import local_time
from watcher.cli.output import UNFOLDED, one_line, span_text
from watcher.cli.story_record import story_record
from watcher.cli.streams import is_unicode
from watcher.config.settings import Settings
from watcher.model import Relation
from watcher.outlets.attribution import Attribution
from watcher.outlets.coverage import Account, Coverage, attributions, coverage
from watcher.outlets.publishers import Publishers, by_name
from watcher.outlets.tree import Branch, branches
from watcher.service.moments import rfc3339
from watcher.storage.rows import Neighbour, StoryRow
from watcher.wording import plural

#: Levels that are indented; copies of copies beyond hang at this one.
DEEPEST = 4
#: What is left of a line however deep it hangs.
NARROWEST = 30
#: Where a branch begins, goes on and ends; what stands below one that goes on.
FORK, LAST, DOWN, NOTHING = "├─ ", "└─ ", "│  ", "   "
#: For output that knows no such lines.
ASCII = str.maketrans("├└│─", "|`|-")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    bold: bool = False
    dim: bool = False

    def styled(self, width: int) -> str:
        return click.style(_fit(self.text, width), bold=self.bold, dim=self.dim)


@dataclass(frozen=True)
class Shown:
    """A story with all that is told about it.

    Attributes:
        topics: entry -> the topics that it matches.
        follows: the stories that this one comes after, the nearest first.
        followed_by: those that come after it.
    """

    row: StoryRow
    topics: Mapping[int, tuple[str, ...]]
    settings: Settings
    now: datetime
    follows: Sequence[Neighbour]
    followed_by: Sequence[Neighbour]

    @cached_property
    def publishers(self) -> Publishers:
        """The families, the user's first."""
        return Publishers(self.settings.publishers)

    @cached_property
    def told(self) -> Coverage:
        """How widely it is told."""
        return coverage(self.row.accounts, self.publishers)

    @cached_property
    def said(self) -> Mapping[int, Attribution]:
        """Who says what each entry says."""
        return attributions(self.row.accounts, self.publishers)

    @cached_property
    def tree(self) -> tuple[Branch, ...]:
        """The entries, top down."""
        return tuple(branches(self.row.accounts))


def record(shown: Shown) -> dict[str, Any]:
    """Return the story for JSON; `members` come in the order that they were seen."""
    members = [_member(account, shown) for account in shown.row.accounts]
    return {
        **story_record(shown.row, shown.told),
        "follows": [one._asdict() for one in shown.follows],
        "followed_by": [one._asdict() for one in shown.followed_by],
        "members": members,
    }


def _member(account: Account, shown: Shown) -> dict[str, Any]:
    entry, said = account.entry, shown.said[account.number]
    return {
        "number": account.number,
        "title": entry.title,
        "url": entry.url,
        "outlet": entry.outlet,
        "publisher": said.publisher,
        "agency": said.agency,
        "quoted": list(said.quoted),
        "official": said.official,
        "citing": list(said.speakers),
        "lang": account.language,
        "time": rfc3339(entry.time),
        "seen": rfc3339(entry.seen),
        "relation": str(account.relation),
        "copy_of": account.copy_of,
        "score": account.score,
        "reason": account.reason,
        "topics": list(shown.topics.get(account.number, ())),
    }


def print_story(shown: Shown) -> None:
    """Print the story's facts and its tree, no line wider than the terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else UNFOLDED
    for line in _facts(shown):
        click.echo(line.styled(width))
    for branch in shown.tree:
        if not branch.lasts:
            click.echo()
        for number, line in enumerate(_entry(branch, shown)):
            indent = _indent(branch.lasts[-DEEPEST:], begins=number == 0)
            click.echo(indent + line.styled(max(width - len(indent), NARROWEST)))


def _facts(shown: Shown) -> Iterator[_Line]:
    row, told = shown.row, shown.told
    yield _Line(f"story {row.id}: {one_line(row.title)}", bold=True)
    entries = plural(row.entries, "entry", "entries")
    yield _Line(f"{entries} · {counts(told)} · {_languages(shown)}")
    began, ended = (_time(time, shown) for time in (told.began, told.ended))
    yield _Line(f"first: {one_line(told.first)} {began} · last: {ended}")
    agencies = (f"{name} ({count})" for name, count in told.agencies)
    for label, names in (
        ("agencies", agencies),
        ("official", told.official),
        ("citing", told.speakers),
        ("topics", row.topics),
    ):
        if listed := ", ".join(map(one_line, names)):
            yield _Line(f"{label}: {listed}")
    for label, others in (("follows", shown.follows), ("followed by", shown.followed_by)):
        for other in others:
            yield _Line(f"{label}: story {other.story}: {one_line(other.title)}")


def _languages(shown: Shown) -> str:
    """Return "Indonesian 4, Russian 2"."""
    spoken = [account.language for account in shown.row.accounts]
    names = {one: language_name(one) or "unknown language" for one in dict.fromkeys(spoken)}
    return ", ".join(f"{name} {spoken.count(one)}" for one, name in names.items())


def _entry(branch: Branch, shown: Shown) -> Iterator[_Line]:
    """Yield an entry's lines: who and when; the headline, unless it is its original's; and why."""
    account, original = branch.account, branch.repeats
    yield _Line(_who(branch, shown))
    if original is None or account.entry.title != original.entry.title:
        yield _Line(one_line(account.entry.title or account.entry.url), bold=original is None)
    yield _Line(_why(account, shown.row.founder), dim=True)


def _who(branch: Branch, shown: Shown) -> str:
    account, said = branch.account, shown.said[branch.account.number]
    time = _time(account.entry.time, shown)
    if branch.repeats is not None:
        time += f" ({_later(account, branch.repeats)})"
    outlet = account.entry.outlet or said.publisher or "unknown outlet"
    parts = (
        f"#{account.number}",
        time,
        f"{outlet}{_family(outlet, said, shown)} [{account.language or '?'}]",
        said.agency and said.agency != said.publisher and f"agency {said.agency}",
        said.official and f"official: {said.official}",
        _named("quotes", [name for name in said.quoted if name not in said.speakers]),
        _named("citing", said.speakers),
    )
    return one_line(" · ".join(part for part in parts if part))


def _family(outlet: str, said: Attribution, shown: Shown) -> str:
    """Return the family that an outlet belongs to, where its name does not say so."""
    known = said.publisher in by_name() or said.publisher in shown.settings.publishers
    plain = said.publisher.casefold() not in outlet.casefold()
    return f" ({said.publisher})" if known and plain else ""


def _named(label: str, names: Sequence[str]) -> str:
    return f"{label} {', '.join(names)}" if names else ""


def _why(account: Account, founder: int) -> str:
    """Return how an entry came into the story: "copy of #41, 99: same title"."""
    relation = f"copy of #{account.copy_of}" if account.copy_of else str(account.relation)
    if account.relation is Relation.NEW:
        relation = "founder" if account.number == founder else "founder of its own"
    return one_line(f"{relation}, {account.score:.0f}: {account.reason}")


def _later(account: Account, original: Account) -> str:
    """Return how long after its original a copy was reported: "+6 min"."""
    passed = (account.entry.time - original.entry.time).total_seconds()
    return f"{'-' if passed < 0 else '+'}{span_text(abs(passed))}"


def _time(time: datetime | None, shown: Shown) -> str:
    return local_time(time, shown.settings.watcher.zone, shown.now) if time else "never"


def _indent(lasts: Sequence[bool], *, begins: bool) -> str:
    """Return the lines of the tree before an entry's text."""
    if not lasts:
        return ""
    *above, last = lasts
    own = (LAST if last else FORK) if begins else (NOTHING if last else DOWN)
    drawn = "".join(NOTHING if one else DOWN for one in above) + own
    return drawn if is_unicode() else drawn.translate(ASCII)


def _fit(text: str, width: int) -> str:
    """Return text that fills no more cells of a terminal; Chinese letters fill two."""
    from rich.cells import cell_len, chop_cells

    if cell_len(text) <= width:
        return text
    return chop_cells(text, width - 1)[0] + "…"
