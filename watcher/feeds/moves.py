"""Where a feed is asked: at its URL, or where that has led for good; pure."""

from datetime import datetime, timedelta

from watcher.errors import FeedError
from watcher.feeds.schedule import PollState

#: Permanent redirects are believed when so many polls running led to one place, over so long: a
#: wrong 301, sent for an hour by mistake, must not take a feed away.
STABLE_POLLS, STABLE_TIME = 5, timedelta(days=1)

#: When so many polls in a row fail at the new place, the feed is sought at its old one again.
LOST_AFTER = 3


def with_move(state: PollState, moved_to: str | None, *, own: str, now: datetime) -> PollState:
    """Return the state after a poll that permanent redirects led elsewhere, or that none did.

    `address` is set once they have led to the same place for long enough; none is needed where
    that is the feed's `own` URL.
    """
    if moved_to is None:
        if state.moved_to is None:  # as with nearly every poll
            return state
        return state._replace(moved_to=None, moved_count=0, moved_since=None)
    if moved_to != state.moved_to or state.moved_since is None:
        return state._replace(moved_to=moved_to, moved_count=1, moved_since=now)
    counted = state._replace(moved_count=state.moved_count + 1)
    if counted.moved_count < STABLE_POLLS or now - state.moved_since < STABLE_TIME:
        return counted
    address = None if moved_to == own else moved_to
    return counted._replace(address=address, moved_to=None, moved_count=0, moved_since=None)


def with_refuser(state: PollState, error: FeedError, *, asked: str) -> PollState:
    """Return the state of a feed whose poll failed at the host that it was led to, if so.

    One that gives no answer is waited for in common as well as one that refuses. A host that fails
    by itself led nowhere this time: where it leads otherwise is as it was. A closed address is no
    host to wait for: it is never asked.
    """
    if error.host in (None, asked) or error.refused is not None:
        return state
    return state._replace(host=error.host)


def without_lost_address(state: PollState) -> PollState:
    """Return the state of a failing feed: asked at its own URL again if the new one is no good."""
    if state.address is None or state.failures < LOST_AFTER:
        return state
    return state._replace(address=None, host=None)
