"""The daemon's metrics, named as Prometheus asks: seconds and bytes, `_total` for what only grows.

Labels are bounded: outcomes, actions and reasons are enums; topics and channels are those of the
configuration. Feeds are no label: there may be thousands, and `watcher feeds list` names them.
"""

import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from watcher import __version__
from watcher.config.settings import Settings
from watcher.service.care.health import Vitals
from watcher.service.intake.taken import Taken
from watcher.service.polling.visit import PollOutcome
from watcher.storage.rows import Queues, State

#: A fetch takes from milliseconds on the loopback to `timeout`, 30 s by default.
_FETCH = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
#: Taking a poll in: a few milliseconds for an entry, seconds for a first poll on a small machine.
_INTAKE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
#: Outlets date their entries minutes ahead of publishing them; feeds are polled minutes later.
_PUBLICATION = (30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)
#: From a decision to its message: the group wait of 45 s lies between.
_DELIVERY = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)
#: From the millisecond that nobody notices to the seconds for which alerts wait.
_LAG = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)


class PollResult(StrEnum):
    """What came of a poll."""

    NEWS = "news"
    NOTHING_NEW = "nothing_new"
    UNCHANGED = "unchanged"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    OFFLINE = "offline"


def poll_result(outcome: PollOutcome, taken: Taken) -> PollResult:
    """Name what came of a poll."""
    error = outcome.error
    if error is None:
        if taken.entries:
            return PollResult.NEWS
        return PollResult.NOTHING_NEW if outcome.parsed else PollResult.UNCHANGED
    if outcome.offline:
        return PollResult.OFFLINE
    if error.network:
        return PollResult.UNREACHABLE
    return PollResult.REFUSED if error.status else PollResult.UNREADABLE


class Metrics:
    """Counts what happens; everything is of this daemon since its start.

    Args:
        settings: the configuration: its topics and channels are there from the start, with zero.
    """

    def __init__(self, settings: Settings) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which nobody asks for
        registry = self.registry = CollectorRegistry()
        self._standing = _Standing()
        registry.register(self._standing)
        ProcessCollector(registry=registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"watcher_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str) -> Gauge:
            return Gauge(f"watcher_{name}", text, registry=registry)

        def histogram(name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"watcher_{name}", text, labels, buckets=buckets, registry=registry)

        build = {"version": __version__, "python": platform.python_version()}
        Info("watcher_build", "The running program.", registry=registry).info(build)
        self._polls = counter("polls", "Polls by what came of them.", "outcome")
        self._poll_s = histogram("poll_duration_seconds", "Fetch and parse of a poll.", _FETCH)
        self._intake_s = histogram(
            "intake_duration_seconds", "From a parsed poll to its commit, queue included.", _INTAKE
        )
        self._publication_s = histogram(
            "entry_publication_delay_seconds",
            "From an entry's date to our seeing it; first polls of a feed left out.",
            _PUBLICATION,
        )
        self._delivery_s = histogram(
            "delivery_delay_seconds",
            "From the decision to alert to its message being handed over; held ones left out.",
            _DELIVERY,
            "channel",
        )
        self._entries = counter("entries", "New entries.")
        self._stories = counter("stories", "New stories.")
        self._matches = counter("matches", "Entries that matched a topic.", "topic")
        self._decisions = counter(
            "decisions", "Decisions to alert or not, and why.", "action", "reason"
        )
        self._deliveries = counter(
            "deliveries", "Tries to deliver a message.", "channel", "outcome"
        )
        self._lag_s = histogram("event_loop_lag_seconds", "How late the event loop wakes.", _LAG)
        self._reload_ok = gauge(
            "config_last_reload_successful", "1 if the configuration on disk is in force."
        )
        self._reload_at = gauge(
            "config_last_reload_success_timestamp_seconds", "When it was last taken over."
        )
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """Show the topics and channels of a configuration, also before anything happens."""
        for result in PollResult:
            self._polls.labels(result)
        for topic in settings.topics:
            self._matches.labels(topic.id)
        for channel in settings.channels:
            self._delivery_s.labels(channel)
            for outcome in ("sent", "retry", "dead"):
                self._deliveries.labels(channel, outcome)

    def polled(self, outcome: PollOutcome, taken: Taken, result: PollResult) -> None:
        """Count a poll and what it brought."""
        self._polls.labels(result).inc()
        self._poll_s.observe(outcome.duration.total_seconds())
        self._entries.inc(taken.entries)
        self._stories.inc(taken.stories)
        for told in taken.told:
            self._matches.labels(told["topic"]).inc()
            self._decisions.labels(told["action"], told["reason"]).inc()
        for delay in taken.delays:
            self._publication_s.observe(max(delay.total_seconds(), 0))

    def took_in(self, seconds: float) -> None:
        """Note how long a poll's transaction took, its wait for the writer included."""
        self._intake_s.observe(seconds)

    def delivered(self, channel: str, outcome: str, delay: timedelta | None) -> None:
        """Count a try to deliver; `delay` is the time since the decision of one that arrived."""
        self._deliveries.labels(channel, outcome).inc()
        if delay is not None:
            self._delivery_s.labels(channel).observe(max(delay.total_seconds(), 0))

    def lagged(self, seconds: float) -> None:
        """Note how late the event loop woke."""
        self._lag_s.observe(seconds)

    def reloaded(self, now: datetime | None) -> None:
        """Note a reload, and when it worked; None when it was refused."""
        self._reload_ok.set(now is not None)
        if now is not None:
            self._reload_at.set(now.timestamp())

    def render(self, vitals: Vitals, queues: Queues, backup: datetime | None) -> bytes:
        """Return everything in the text format of Prometheus, as of now."""
        self._standing.now = (vitals, queues, backup)
        return generate_latest(self.registry)


class _Standing(Collector):
    """What is read when somebody asks: queues, feeds, files."""

    def __init__(self) -> None:
        self.now: tuple[Vitals, Queues, datetime | None] | None = None

    def describe(self) -> Iterator[Metric]:
        """Keep the registry from collecting before there is anything."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        if self.now is None:
            return
        vitals, queues, backup = self.now
        answering = queues.feeds - queues.feeds_failing - queues.feeds_waiting
        feeds = {
            "well": answering - queues.feeds_never_polled,
            "failing": queues.feeds_failing - queues.feeds_sick,
            "sick": queues.feeds_sick,
            "waiting": queues.feeds_waiting,
            "never_polled": queues.feeds_never_polled,
        }
        yield _labelled("feeds", "Configured feeds by how they fare.", "state", feeds)
        waiting = {"waiting": queues.deliveries[State.PENDING] + queues.deliveries[State.SENDING]}
        waiting |= {"dead": queues.lost}
        text = "Messages not delivered; the dead are those of the last seven days."
        yield _labelled("outbox_messages", text, "state", waiting)
        for name, text, value in _plain(vitals, queues, backup):
            if value is not None:
                yield GaugeMetricFamily(f"watcher_{name}", text, value=float(value))


def _plain(
    vitals: Vitals, queues: Queues, backup: datetime | None
) -> Iterator[tuple[str, str, float | None]]:
    def age(time: datetime | None) -> float:
        return max((vitals.now - time).total_seconds(), 0) if time else 0.0

    yield (
        "outbox_oldest_waiting_seconds",
        "Age of the oldest waiting message.",
        age(queues.oldest_waiting),
    )
    yield "outbox_overdue_seconds", "How late the next message is.", age(queues.next_delivery)
    yield "polls_overdue_seconds", "How late the next poll is.", age(queues.next_poll)
    last = queues.last_success.timestamp() if queues.last_success else None
    yield "last_good_poll_timestamp_seconds", "The last good poll.", last
    made = backup.timestamp() if backup else None
    yield "last_backup_timestamp_seconds", "The newest backup.", made
    yield "database_size_bytes", "The database with its log.", queues.database_bytes
    yield "feeds_stale", "Feeds that answer and have nothing new for long.", queues.feeds_stale
    yield "offline", "1 while most hosts are out of reach.", vitals.offline
    behind_s = vitals.clock_behind.total_seconds()
    yield "clock_behind_seconds", "The machine's clock, where the hosts polled deny it.", behind_s
    yield "polling_paused", "1 while the disk is nearly full.", vitals.disk_short
    yield "channels_down", "Channels that cannot be used.", len(vitals.channels_down)
    failed = vitals.backup_failed is not None
    yield "backup_failed", "1 while the day's backup cannot be made.", failed


def _labelled(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"watcher_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
