"""What is said about polls: a log line for each that tells something, notices of sick feeds."""

import structlog

from watcher.service.ops import Ops
from watcher.service.pipeline import Taken
from watcher.service.poller import PollOutcome

log = structlog.get_logger(__name__)

#: A feed that fails this often in a row is sick; one failure is weather.
SICK_AFTER = 3


class FeedTidings:
    """Logs polls, counts what they brought, and tells the operator when a feed falls sick."""

    def __init__(self, ops: Ops) -> None:
        self._ops = ops
        self._errors: dict[int, str] = {}
        self.taken = Taken()
        self.polls = 0

    def polled(self, outcome: PollOutcome, taken: Taken) -> None:
        """Say what a poll brought."""
        if outcome.fetched is None and outcome.error is None:
            return  # no poll: the host asked for patience
        self.polls += 1
        self._count(taken)
        if outcome.error:
            self._failed(outcome, str(outcome.error))
        else:
            self._worked(outcome, taken)
        for told in taken.told:
            log.info("topic matched", **told)

    async def network(self, is_offline: bool) -> None:
        """Say once that we seem to be offline, and once that we are back."""
        if is_offline:
            log.warning("we seem to be offline: most hosts are out of reach; no feed is blamed")
        else:
            log.info("we are back online")

    def _worked(self, outcome: PollOutcome, taken: Taken) -> None:
        url = outcome.feed.settings.url
        self._errors.pop(outcome.feed.id, None)
        log.info(
            "feed polled",
            url=url,
            status=outcome.fetched.status if outcome.fetched else None,
            new=taken.entries,
            ms=round(outcome.duration.total_seconds() * 1000),
        )
        if outcome.parsed:
            for problem in outcome.parsed.problems:
                log.debug("feed problem", url=url, problem=problem)
        if outcome.feed.state.failures >= SICK_AFTER:
            self._ops.tell(f"feed {url} is well again", url=url)

    def _failed(self, outcome: PollOutcome, error: str) -> None:
        """Log a failure once; the same one again says nothing new."""
        url, number = outcome.feed.settings.url, outcome.feed.id
        known = self._errors.get(number) == error
        self._errors[number] = error
        (log.debug if known else log.warning)("poll failed", url=url, error=error)
        if not outcome.offline and outcome.state.failures == SICK_AFTER:
            self._ops.tell(
                f"feed {url} is sick: {SICK_AFTER} polls failed, the last one: {error}", url=url
            )

    def _count(self, taken: Taken) -> None:
        self.taken.entries += taken.entries
        self.taken.stories += taken.stories
        self.taken.alerts += taken.alerts
        self.taken.replies += taken.replies
