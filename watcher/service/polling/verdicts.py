"""What follows from a visit: for its feed, for its host, and for what we think of our network."""

from collections.abc import Callable
from datetime import datetime, timedelta

from watcher.config.settings import PollingTable
from watcher.errors import FeedError
from watcher.feeds.backoff import excused, normal_interval, offline_retry, spared, while_offline
from watcher.feeds.budget import Budget
from watcher.feeds.rhythm import pulls
from watcher.feeds.schedule import JITTER, Pace, PollState, floor_of, worth
from watcher.service.polling.hosts import Hosts
from watcher.service.polling.network import NetworkWitness, reach_of
from watcher.service.polling.pace import pace_of
from watcher.service.polling.probes import Probes
from watcher.service.polling.settle import failed, settled
from watcher.service.polling.visit import PolledFeed, PollOutcome


class Verdicts:
    """Gives outcomes the states that follow; the rules are feeds.schedule's and feeds.backoff's.

    Args:
        settings: [polling].
        hosts: how they have been lately.
        chance: a number in [0, 1), for jitter.
        has_way_out: tells whether this machine has a route to the Internet.

    Attributes:
        witness: tells what keeps us from all outlets, if anything does.
        probes: which feeds are asked meanwhile.
    """

    def __init__(
        self,
        settings: PollingTable,
        hosts: Hosts,
        chance: Callable[[], float],
        has_way_out: Callable[[], bool],
    ) -> None:
        self.use(settings)
        self._hosts = hosts
        self._chance = chance
        self._has_way_out = has_way_out
        self.witness = NetworkWitness()
        self.probes = Probes()

    def use(self, settings: PollingTable) -> None:
        """Go by another configuration, of whose polls nobody has asked for any yet."""
        self._settings = settings
        self._budget = Budget(
            settings.interval,
            settings.min_interval,
            max(settings.max_interval, settings.min_interval),
            stretch=1 + JITTER / 2,
        )

    def count_in(self, feed: PolledFeed, now: datetime) -> None:
        """Reckon a feed among those that share the polls, unless it has an interval of its own."""
        pace = pace_of(feed.settings, self._settings)
        if pace.fixed is None:
            wanted = pulls(feed.state.rhythm, worth(feed.state, pace, now))
            self._budget.put(feed.id, wanted, floor_of(feed.state.wish, pace))

    def forget(self, feed: PolledFeed) -> None:
        """Let others have a feed's share of the polls, and its turn to be asked: it is gone.

        That it was lost keeps nobody offline any more.
        """
        self._budget.drop(feed.id)
        self.probes.forget(feed)
        self.witness.forget(feed.id)

    def judged(self, outcome: PollOutcome, *, in_flight: int) -> tuple[PollOutcome, bool]:
        """Return the outcome with its new state, and whether we went offline or came back.

        Args:
            outcome: what came of a visit.
            in_flight: how many others are being fetched or parsed.
        """
        feed, error = outcome.feed, outcome.error
        reach = reach_of(outcome, has_way_out=self._has_way_out)
        changed = self.witness.note(outcome.at, reach, in_flight=in_flight)
        if error is None:
            return settled(outcome, self._pace(feed), chance=self._chance()), changed
        if not self.witness.is_offline or reach.reached:
            return outcome._replace(state=self.failed(outcome, error)), changed
        state = while_offline(
            feed.state,
            now=outcome.at,
            chance=self._chance(),
            tries=self.probes.failed(feed),
            least=offline_retry(error, self._pace(feed)),
        )
        return outcome._replace(state=state, offline=True), changed

    def failed(self, outcome: PollOutcome, error: FeedError) -> PollState:
        """Return the state of a feed that is to blame."""
        feed = outcome.feed
        host = error.host or feed.host
        return failed(
            outcome,
            error,
            self._pace(feed),
            chance=self._chance(),
            has_neighbours=bool(self._hosts.feeds(host) - {feed.id}),
            trouble=self._hosts.trouble(host),
        )

    def spared(self, feed: PolledFeed, host: str, until: datetime, rest: timedelta) -> PollState:
        """Return the state of a feed whose host rests."""
        normal = self.normal(feed)
        return spared(feed.state, host, until, rest=rest, normal=normal, chance=self._chance())

    def excused(self, feed: PolledFeed, now: datetime) -> PollState:
        """Return the state of a feed that was blamed for what our own network failed."""
        return excused(feed.state, now=now, chance=self._chance())

    def normal(self, feed: PolledFeed) -> timedelta:
        """Return how often a feed is polled when it is well."""
        return normal_interval(feed.state, pace_of(feed.settings, self._settings))

    def _pace(self, feed: PolledFeed) -> Pace:
        return pace_of(feed.settings, self._settings, self._budget.price)
