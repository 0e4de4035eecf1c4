"""What is said about polls: a log line for each that tells something, notices of sick feeds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.alerts.notices import Notice
from watcher.feeds.backoff import is_sick_as_its_host
from watcher.service.care.clock import since_boot
from watcher.service.delivery.ops import Ops
from watcher.service.intake.pipeline import kept
from watcher.service.intake.taken import Taken
from watcher.service.log import get_logger
from watcher.service.monitoring.metrics import Metrics, PollResult, poll_result
from watcher.service.polling.outage import Outage
from watcher.service.polling.visit import PollOutcome
from watcher.storage.database import Transaction
from watcher.wording import plural

log = get_logger(__name__)

#: Shorter outages are weather too.
LONG_OUTAGE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Summary:
    """What one round of polling and delivering brought."""

    feeds: int = 0
    failed: int = 0
    entries: int = 0
    stories: int = 0
    alerts: int = 0
    replies: int = 0


def note_network(tx: Transaction, now: datetime, outage: Outage | None) -> None:
    """Note what keeps us from all outlets, or that nothing does, for those who ask how we are."""
    if outage is None:
        tx.notices.back_online()
    else:
        tx.notices.offline(str(outage), now)


class PollLog:
    """Logs polls, counts what they brought, and tells the operator when a feed falls sick.

    Args:
        ops: tells the operator.
        metrics: counts; None counts nowhere.
        steady: a time that nobody sets: a clock is often put right when the network comes.
    """

    def __init__(
        self,
        ops: Ops,
        metrics: Metrics | None = None,
        steady: Callable[[], timedelta] = since_boot,
    ) -> None:
        self._ops = ops
        self._metrics = metrics
        self._steady = steady
        self._offline_since: timedelta | None = None
        self._is_outage_told = False
        self._errors: dict[int, str] = {}
        self.taken = Taken()
        self._missed_told = 0
        self.polls = 0
        self.failed = 0

    def polled(self, outcome: PollOutcome, taken: Taken) -> None:
        """Say what a poll brought."""
        if not outcome.is_poll:
            return  # the host asked for patience
        result = poll_result(outcome, taken)
        self.polls += 1
        self.failed += outcome.error is not None
        self.taken.add_counts(taken)
        if self._metrics:
            self._metrics.polled(outcome, taken, result)
        if outcome.error:
            self._failed(outcome, str(outcome.error), result)
        else:
            self._worked(outcome, taken, result)
        for text in notices_of(outcome):
            self._ops.tell(text, url=outcome.feed.settings.url)
        self._matched(taken)

    def turned(self, taken: Taken) -> None:
        """Say what was decided of a document that is not yet taken in to its end."""
        if taken.rest:
            self._matched(taken)

    def network(self, outage: Outage | None) -> None:
        """Say once what keeps us from all outlets, and once that we are back."""
        now, began = self._steady(), self._offline_since
        if outage is not None:
            self._offline_since, self._is_outage_told = now, False
            log.warning(outage.head, blamed="no feed", **_details(outage))
            return
        self._offline_since = None
        log.info("we are back online")
        if began is not None and now - began >= LONG_OUTAGE:
            minutes = (now - began) // timedelta(minutes=1)
            self._ops.tell(f"no feed could be reached for {minutes} minutes; they answer again")

    def lasting(self, outage: Outage | None) -> bool:
        """Tell the operator of what keeps us from all outlets for long; whether that was now.

        Where the network is gone as a whole it cannot be sent. Where only names or certificates
        fail, it is the only word of it for who reads nothing but alerts.
        """
        began, now = self._offline_since, self._steady()
        if outage is None or began is None or self._is_outage_told or now - began < LONG_OUTAGE:
            return False
        self._is_outage_told = True
        minutes = (now - began) // timedelta(minutes=1)
        self._ops.tell(f"no feed could be reached for {minutes} minutes: {outage}")
        return True

    def summary(self, outcomes: Sequence[PollOutcome]) -> Summary:
        """Return what the polls of one round brought."""
        return Summary(
            feeds=len(outcomes),
            failed=sum(outcome.error is not None for outcome in outcomes),
            entries=self.taken.entries,
            stories=self.taken.stories,
            alerts=self.taken.alerts,
            replies=self.taken.replies,
        )

    def _worked(self, outcome: PollOutcome, taken: Taken, result: PollResult) -> None:
        url = outcome.feed.settings.url
        self._errors.pop(outcome.feed.id, None)
        log.info(
            "feed polled",
            url=url,
            outcome=str(result),
            status=outcome.fetched.status if outcome.fetched else None,
            new=taken.entries,
            ms=round(outcome.duration.total_seconds() * 1000),
        )
        if outcome.parsed:
            for problem in outcome.parsed.problems:
                log.debug("feed problem", url=url, problem=problem)
        if outcome.gap:
            log.warning("possible gap: nothing of the last poll is left in the feed", url=url)
        if outcome.doubted and outcome.parsed:
            log.warning("the server said 'not modified' of a feed that was", url=url)

    def _failed(self, outcome: PollOutcome, error: str, result: PollResult) -> None:
        """Log a failure, and warn of it once; the same one again says nothing new."""
        url, number = outcome.feed.settings.url, outcome.feed.id
        known = self._errors.get(number) == error
        self._errors[number] = error
        page = outcome.feed.state.page
        (log.info if known else log.warning)(
            "an older page of the feed cannot be read" if page else "poll failed",
            url=url,
            **({"page": page} if page else {}),
            outcome=str(result),
            error=error,
            ms=round(outcome.duration.total_seconds() * 1000),
        )

    def _matched(self, taken: Taken) -> None:
        for told in taken.told[taken.before :]:
            log.info("topic matched", **told)

    def tell_missed(self) -> None:
        """Tell the operator, all at once, of what had grown too old while feeds went unpolled."""
        if missed := self.taken.missed - self._missed_told:
            self._missed_told = self.taken.missed
            found = plural(missed, "report on a watched topic", "reports on watched topics")
            self._ops.tell(
                f"{found} came up while the feeds were not polled, too long ago to be told now"
                " (`too_old`): see `watcher status`, `watcher explain`"
            )


def keep_notices(tx: Transaction, outcome: PollOutcome, taken: Taken, now: datetime) -> None:
    """Keep what the operator is to hear of a feed, with the state that says so, until it is told.

    Args:
        tx: keeps the poll.
        outcome: what the poll brought.
        taken: what became of that.
        now: the clock.
    """
    tx.notices.keep(map(Notice, notices_of(kept(outcome, taken))), now)


def notices_of(outcome: PollOutcome) -> Iterator[str]:
    """Yield what the operator is to hear of a feed after a poll."""
    if not outcome.is_poll:
        return
    url, before, after = outcome.feed.settings.url, outcome.feed.state, outcome.state
    if outcome.error:
        if after.sick and not before.sick:
            yield _sick(url, outcome, str(outcome.error))
        if before.address is not None and after.address is None:
            yield _lost(url, before.address)
        return
    if before.sick:
        yield f"feed {url} is well again"
    if after.address != before.address:
        yield _moved(url, before.address, after.address)
    if after.stale and not before.stale and before.last_success:
        yield _stale(url, outcome)


def proof_of_life(poll_log: PollLog, *, sick: int, lost: int) -> str:
    """Return the heartbeat's line.

    Args:
        poll_log: what was done since the start.
        sick: feeds that are.
        lost: messages that died on their way lately and were not brought back to life.
    """
    taken = poll_log.taken
    done = (
        plural(poll_log.polls, "poll"),
        plural(taken.entries, "entry", "entries"),
        plural(taken.stories, "story", "stories"),
        plural(taken.alerts, "alert"),
        plural(taken.replies, "reply", "replies"),
    )
    more = ": see `watcher status`" if sick or lost else ""
    since = ", ".join(done)
    return (
        f"Watcher is alive; since the start {since}; sick feeds {sick}, messages lost {lost}{more}"
    )


def _sick(url: str, outcome: PollOutcome, error: str) -> str:
    failures = outcome.state.failures
    if outcome.error and is_sick_as_its_host(outcome.state, outcome.error):
        return f"feed {url} is sick: its host fails, whichever feed it is asked for: {error}"
    polls = "a poll failed" if failures == 1 else f"{failures} polls failed, the last one"
    return f"feed {url} is sick: {polls}: {error}"


def _moved(url: str, before: str | None, after: str | None) -> str:
    if after is None:
        return f"feed {url} is asked at its own address again: {before} leads back there"
    return (
        f"feed {url} has moved to {after} for good and is asked there from now on; write its new"
        " address into [[feeds]], or take this feed out if that one is there already"
    )


def _lost(url: str, address: str) -> str:
    return (
        f"feed {url} is asked at its own address again: {address}, to which it had moved, fails;"
        " if that stands in [[feeds]] by now, take it out"
    )


def _stale(url: str, outcome: PollOutcome) -> str:
    rhythm = outcome.state.rhythm
    days = (outcome.at - (rhythm.last_news or outcome.at)) // timedelta(days=1)
    usual = "" if rhythm.longest_silence is None else f"; {_span(rhythm.longest_silence)} is usual"
    return f"feed {url} is stale: it answers, but had nothing new for {days} days{usual}"


def _span(length: timedelta) -> str:
    days, hours = round(length / timedelta(days=1)), round(length / timedelta(hours=1))
    return f"{plural(days, 'day') if hours >= 48 else plural(max(hours, 1), 'hour')} at most"  # noqa: PLR2004 - as people say


def _details(outage: Outage) -> dict[str, str]:
    said = {"error": outage.where, "led_to": outage.closed, "advice": outage.advice}
    return {name: value for name, value in said.items() if value}
