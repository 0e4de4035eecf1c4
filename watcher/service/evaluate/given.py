"""A watchlist that never errs: it tells the stories' share of an evaluation from the topics'."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from watcher.config.settings import Settings
from watcher.model import Entry, Field, Match, Reading
from watcher.service.trials.items import Item
from watcher.topics.terms import ListTerm
from watcher.topics.watchlist import Watchlist


class GivenTopics(Watchlist):
    """A watchlist whose matches are the labels of items; what is mentioned it finds as ever."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._ids = frozenset(topic.id for topic in settings.topics)
        self._given: dict[Entry, frozenset[str]] = {}

    def know(self, items: Iterable[Item]) -> None:
        """Learn the labels of items; they replace what was known."""
        self._given = {item.entry: self._ids.intersection(item.labels or ()) for item in items}

    def read(
        self,
        entry: Entry,
        topics: Collection[str] | None = None,
        hidden: Collection[ListTerm] = frozenset(),
    ) -> Reading:
        """Return what an entry mentions, and its labels as matches."""
        reading = super().read(entry, topics, hidden)
        sentence = (Field.TITLE, 0, len(entry.title))
        given = sorted(self._given.get(entry, ()))
        matches = tuple(Match(topic, reading.mentions, sentence) for topic in given)
        lists = {evidence.list for evidence in reading.mentions}
        return replace(
            reading,
            matches=matches,
            given=self.given(dict.fromkeys(given, lists)),
            is_broad=self.is_broad(given),
        )
