"""What polls brought: counted for the log, the metrics, and whoever waits for a poll."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Final

from watcher.alerts.decide import Decision
from watcher.feeds.parsed import ParsedEntry
from watcher.model import Action, Entry
from watcher.service.intake.acquaintances import Acquaintances
from watcher.service.intake.judge import Judgement
from watcher.storage.rows import Added


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a document whose turn at the writer was over.

    Attributes:
        entries: those to be taken in still, oldest first.
        known: what was known of the document when it came.
    """

    entries: Sequence[tuple[Entry, ParsedEntry]]
    known: Acquaintances


@dataclass(slots=True)
class Taken:
    """What polls brought; `told` has the log values of each decision.

    `fresh` counts the entries that their feed never had before, also those that others had.
    `failed` counts the entries that a fault of ours kept out: the next poll has to bring them anew.
    `firsts` are alerts for stories that nobody had told of before.
    `missed` are decisions against what came up while the feed was not polled, too old by now.
    `rest` is there while a document was not taken in to its end; `before` counts what of `told`
    was decided in earlier turns.
    """

    entries: int = 0
    fresh: int = 0
    failed: int = 0
    stories: int = 0
    alerts: int = 0
    replies: int = 0
    firsts: int = 0
    missed: int = 0
    told: list[dict[str, object]] = field(default_factory=list)
    delays: list[timedelta] = field(default_factory=list)  # from an entry's date to our seeing it
    before: int = 0
    rest: Rest | None = None

    def so_far(self) -> "Taken":
        """Return the same to count on from in a further turn; this one stays as it is."""
        taken = Taken(before=len(self.told))
        taken.add(self)
        return taken

    def add(self, more: "Taken") -> None:
        """Count in what more was brought, and take over what is told of it."""
        self.add_counts(more)
        self.told += more.told
        self.delays += more.delays

    def add_counts(self, more: "Taken") -> None:
        """Count in what more was brought: of a daemon's whole life nobody could keep the rest."""
        for one in _COUNTS:
            setattr(self, one, getattr(self, one) + getattr(more, one))

    def count(
        self, topic: str, judgement: Judgement, added: Added, decision: Decision, ring: int | None
    ) -> None:
        """Count in a decision about an entry, and the ring that was opened for it, if one was."""
        is_opened = decision.rings and ring != decision.ring
        self.alerts += is_opened and decision.action is Action.ALERT
        self.replies += is_opened and decision.action is Action.REPLY
        self.told.append(_log_values(topic, judgement, added, decision, ring))


_COUNTS: Final = tuple(
    one.name for one in fields(Taken) if one.type is int and one.name != "before"
)


def _log_values(
    topic: str, judgement: Judgement, added: Added, decision: Decision, ring: int | None
) -> dict[str, object]:
    return {
        "topic": topic,
        "action": str(decision.action),
        "reason": str(decision.reason),
        "story": added.story,
        "entry": added.entry,
        "alert": ring,
        "outlet": judgement.entry.outlet,
        "title": judgement.entry.title,
    }
