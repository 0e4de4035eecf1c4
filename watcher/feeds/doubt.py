"""Whether silence is to be believed: a feed with no news for long, or with 304 for long; pure."""

from datetime import datetime, timedelta

from watcher.feeds.schedule import PollState

#: "Not modified" is doubted after so many times the longest silence that is usual with the feed,
#: and no sooner than an hour: even a feed of the minute may pause.
DOUBT_FACTOR, DOUBT_TIME = 3, timedelta(hours=1)

#: And then at most so often (an unconditional request costs the outlet its whole feed).
DOUBT_PAUSE = timedelta(days=1)

#: A feed is stale after so many times its longest usual silence, but not within three days: a feed
#: added on a Tuesday has not shown us its weekend.
STALE_FACTOR, STALE_TIME = 4, timedelta(days=3)

#: The longest silence of a feed that has not shown us one.
UNKNOWN_SILENCE = timedelta(days=7)


def doubts_304(state: PollState, now: datetime) -> bool:
    """Tell whether the server's "not modified" outlasts the feed's rhythm by far.

    Then one request goes out without validators, and the body decides whether they lie.
    """
    if state.unchanged_since is None:
        return False
    if state.last_full is not None and now - state.last_full < DOUBT_PAUSE:
        return False
    heard = (state.last_success or now) - state.unchanged_since  # later we did not ask
    return heard > max(DOUBT_FACTOR * _usual_silence(state), DOUBT_TIME)


def after_doubt(state: PollState, at: datetime) -> PollState:
    """Return the state of a feed that was asked for all of its document, whatever came of it."""
    return state._replace(last_full=at)


def is_stale(state: PollState, now: datetime) -> bool:
    """Tell whether a feed that answers has had nothing new for far longer than is usual with it."""
    if state.rhythm.last_news is None:
        return False
    silence = now - state.rhythm.last_news
    return silence > max(STALE_FACTOR * _usual_silence(state), STALE_TIME)


def _usual_silence(state: PollState) -> timedelta:
    return state.rhythm.longest_silence or UNKNOWN_SILENCE
