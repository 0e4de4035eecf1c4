"""The examples that a topic carries: headlines that it must and must not match."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from watcher.config.settings import Settings
from watcher.model import Entry
from watcher.service.trials.items import START, Item
from watcher.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Result:
    """One example's outcome; `reason` says what was found or missing."""

    topic: str
    headline: str
    expected: bool
    matched: bool
    reason: str

    @property
    def passed(self) -> bool:
        """Whether the topic does what the example asks."""
        return self.expected == self.matched

    def as_record(self) -> dict[str, object]:
        """Return the result for JSON."""
        return {**asdict(self), "passed": self.passed}


def run_tests(settings: Settings) -> Iterator[Result]:
    """Yield the outcome of every example of every topic."""
    watchlist = Watchlist(settings)
    for topic in settings.topics:
        for expected, headlines in ((True, topic.tests.yes), (False, topic.tests.no)):
            for headline in headlines:
                entry = Entry(id="", title=headline, seen=START)
                yield _outcome(watchlist, topic.id, entry, expected=expected)


def run_examples(settings: Settings, items: Iterable[Item]) -> Iterator[Result]:
    """Yield what every topic makes of labelled items: each must meet those it is labelled with.

    Items without labels are passed over, and so are labels of no topic: `hardly_meant` tells.
    """
    watchlist = Watchlist(settings)
    for item in items:
        if item.labels is not None:
            for topic in settings.topics:
                yield _outcome(watchlist, topic.id, item.entry, expected=topic.id in item.labels)


def _outcome(watchlist: Watchlist, topic: str, entry: Entry, *, expected: bool) -> Result:
    (finding,) = watchlist.explain(entry, [topic])
    headline = entry.title or entry.summary
    return Result(topic, headline, expected, finding.matched, finding.reason)
