"""Polls whose outcome could not be kept: from when on that counts as the feed's own failure."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from watcher.errors import FeedError, StorageError, WatcherError
from watcher.feeds.schedule import PollState
from watcher.service.log import get_logger
from watcher.service.polling.visit import PollOutcome

log = get_logger(__name__)

#: Keeps an outcome, and returns the state that it kept.
Finish = Callable[[PollOutcome], Awaitable[PollState]]

#: A database that is busy takes it the next time. What one feed brings three times in vain, while
#: the failure itself can be kept, is this feed's trouble, and nobody would hear of it otherwise.
PATIENCE: Final = 3


class Unkept:
    """Counts the polls in a row that could not be kept, by feed.

    Args:
        finish: keeps an outcome.
        after: returns the state of a feed after a failure.
    """

    def __init__(
        self, finish: Finish, after: Callable[[PollOutcome, FeedError], PollState]
    ) -> None:
        self._finish, self._after = finish, after
        self._times: Counter[int] = Counter()

    def over(self, feed: int) -> None:
        """Note that a poll of a feed was kept."""
        self._times.pop(feed, None)

    async def blamed(self, outcome: PollOutcome, error: Exception) -> PollState | None:
        """Have a feed count as failing, and return its state then.

        None while the database may be to blame: it is full, takes nothing else either, or had too
        few tries.
        """
        number = outcome.feed.id
        self._times[number] += outcome.is_poll
        is_full = isinstance(error, StorageError) and error.is_full
        if not outcome.is_poll or is_full or self._times[number] < PATIENCE:
            return None
        failure = FeedError(f"what it brings cannot be kept: {_told(error)}")
        state = self._after(outcome, failure)
        try:
            return await self._finish(outcome._replace(parsed=None, error=failure, state=state))
        except Exception as other:  # noqa: BLE001 - whatever it is, the poll's own was told already
            log.debug("nor could its failure", url=outcome.feed.settings.url, error=str(other))
            return None


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, WatcherError) else f"{type(error).__name__}: {error}"
