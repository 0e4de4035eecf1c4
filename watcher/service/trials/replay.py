"""Run items through match, story and alert decision, with their times as the clock.

The same judging and deciding as the daemon's; nothing is held or baselined, and nothing is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from watcher.alerts.decide import Decision, Ring, decide
from watcher.config.settings import Settings
from watcher.model import Entry, Reason
from watcher.service.encoder.encoding import computed
from watcher.service.in_force.watch import Rules
from watcher.service.intake.judge import Judgement, find_story
from watcher.service.trials.items import Item
from watcher.service.trials.prepared import Prepared, prepare, prepared
from watcher.stories.archive import MemoryArchive
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class TopicOutcome:
    """What would be done about an entry for one topic; `ring` names the message."""

    topic: str
    decision: Decision
    ring: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """An entry's way through.

    Attributes:
        number: its place in the run, from 1; ids may stand twice in a file.
        copy_of: the id of the item it repeats.
    """

    number: int
    judgement: Judgement
    story: int
    copy_of: str | None
    told: tuple[TopicOutcome, ...]

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return self.judgement.entry


class Replay:
    """A replay in progress: what the daemon keeps in its database, kept in memory.

    Attributes:
        archive: the entries so far.
    """

    def __init__(self, settings: Settings, watchlist: Watchlist) -> None:
        self._rules, self._watchlist = Rules(settings, at_once=True), watchlist
        self._settings, self._vectors = settings, computed(settings.stories.encoder)
        self.archive = MemoryArchive()
        self._ids: dict[int, str] = {}
        self._rings: defaultdict[tuple[str, int], list[Ring]] = defaultdict(list)
        # Entry -> what it and its copies go back to; the (topic, origin) that people were told.
        self._origins: dict[int, int] = {}
        self._heard: set[tuple[str, int]] = set()
        self._numbers, self._stories, self._ring_ids = count(1), count(1), count(1)

    def run(self, items: Sequence[Item]) -> Iterator[Replayed]:
        """Yield what becomes of each item; they must come in time order."""
        return map(self._take, prepared(items, self._watchlist))

    def take(self, entry: Entry) -> Replayed:
        """Judge one entry and decide about it."""
        return self._take(prepare(Item(entry), self._watchlist))

    def _take(self, prepared: Prepared) -> Replayed:
        judgement = find_story(
            *prepared,
            self.archive,
            window=self._settings.stories.window,
            vectors=self._vectors,
        )
        for member in judgement.placed:
            self.archive.remember(member.entry, member.signature)
        assignment = judgement.assignment
        number = next(self._numbers)
        story = next(self._stories) if assignment.story is None else assignment.story
        self._ids[number] = judgement.entry.id
        copied = assignment.copy_of
        origin = self._origins[number] = number if copied is None else self._origins[copied]
        self.archive.add(number, story, judgement.signature)
        copy_of = None if copied is None else self._ids[copied]
        matches = judgement.reading.matches
        told = tuple(self._tell(match.topic, judgement, story, origin) for match in matches)
        return Replayed(number, judgement, story, copy_of, told)

    def _tell(self, topic: str, judgement: Judgement, story: int, origin: int) -> TopicOutcome:
        rings, is_told = self._rings[topic, story], (topic, origin) in self._heard
        decision = self._decide(topic, judgement, rings, is_told=is_told)
        if decision.names:
            self._heard.add((topic, origin))
        if decision.due is not None:
            rings.append(Ring(next(self._ring_ids), decision.action, decision.due))
            return TopicOutcome(topic, decision, rings[-1].id)
        if decision.reason is Reason.GATHERED:
            rings[-1] = replace(rings[-1], told=rings[-1].told + 1)
        return TopicOutcome(topic, decision, decision.ring)

    def _decide(
        self, topic: str, judgement: Judgement, rings: list[Ring], *, is_told: bool
    ) -> Decision:
        return decide(
            entry=judgement.entry,
            assignment=judgement.assignment,
            rings=rings,
            policy=self._rules.policy(topic),
            now=judgement.entry.seen,
            baseline=False,
            new_topic=False,
            muted_until=None,
            news=judgement.news,
            is_told=is_told,
        )


def as_record(replayed: Replayed) -> dict[str, object]:
    """Return the line that `watcher replay --json` prints; scripts rely on its keys."""
    assignment = replayed.judgement.assignment
    return {
        "id": replayed.entry.id,
        "lang": replayed.judgement.reading.language,
        "story": replayed.story,
        "relation": str(assignment.relation),
        "copy_of": replayed.copy_of,
        "score": round(assignment.score, 1),
        "reason": assignment.reason,
        "topics": [
            {"id": match.topic, "evidence": [one._asdict() for one in match.evidence]}
            for match in replayed.judgement.reading.matches
        ],
        "alerts": [
            {
                "topic": told.topic,
                "action": str(told.decision.action),
                "ring": told.ring,
                "reason": str(told.decision.reason),
            }
            for told in replayed.told
        ],
    }
