"""What becomes of a delivery that did not arrive: a later try, or a death with its reason.

Exactly once cannot be had (the answer to a send may be lost), so a send that may have
arrived is repeated rarely and the repeat is marked (docs: guarantees 2 and 3). As a rule it is
repeated once: Telegram gets it again only when it answers again. Where that answer is lost too,
giving up could lose an alert, and a third copy cannot.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from watcher.errors import DeliveryError

#: The first wait is at most this long; every failure doubles it.
BACKOFF_BASE = timedelta(seconds=2)
#: A channel that comes back is noticed within this time.
BACKOFF_CAP = timedelta(minutes=15)
#: Full jitter may draw zero; even then no service is asked twice within a second.
BACKOFF_FLOOR = timedelta(seconds=1)
#: A service that names a wait is asked again then, and at most so much later: channels that it told
#: the same shall not ask in step. One that refuses so often at its own times does not mean them,
#: and a try a second for 48 hours helps nobody: from then on the back-off holds as well.
ASKED_JITTER, MOST_AT_ITS_WORD = timedelta(seconds=1), 20
#: Waits after a send whose answer was lost, quadrupling with each of these: a service that takes
#: messages and answers all but them shows a reader at most a dozen copies in 48 h instead of two
#: hundred.
AMBIGUOUS_BASE = timedelta(seconds=30)
AMBIGUOUS_CAP = timedelta(hours=12)
#: News that late helps nobody; the operator hears that it died. Counted from the first try.
GIVE_UP_AFTER = timedelta(hours=48)
#: No wait of ours is longer: what is left of a longer pause the machine slept, or was off, and
#: nobody tried. When it wakes its network is not there yet, and one more failure is no reason.
LONGEST_PAUSE = AMBIGUOUS_CAP
#: A send has at most this long; longer than any sender's own total deadline, so that a lease
#: found expired belongs to a task that is gone.
LEASE = timedelta(minutes=5)
#: So many stories of a message refused alone, and none of it taken: then its other parts are tried
#: whole and parted no further, for it seems to be refused as a whole (as spam, or for its sender).
#: That shows after some twenty tries, where eighty stories take 159. A part of two is parted all
#: the same: the last one that is tried alone may stand beside it, and two tries more save a story.
MOST_REFUSED_ALONE, LEAST_PARTED = 8, 2
#: 2 s doubled this often is beyond every cap: more would only overflow.
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again, not before `due`; `maybe_sent` marks the message as a possible repeat."""

    due: datetime
    maybe_sent: bool


@dataclass(frozen=True, slots=True)
class Dead:
    """Never again by itself; `alerts retry` may revive it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """Try again at once, in two messages: something in it is refused, and takes the rest along."""


def after_failure(
    error: DeliveryError,
    *,
    attempts: int,
    lost: int,
    tried: Sequence[datetime],
    now: datetime,
    chance: float,
    maybe_sent: bool = False,
    rings: int = 1,
    refused: int = 0,
) -> Retry | Part | Dead:
    """Decide about a delivery whose send failed.

    Args:
        error: what the sender raised.
        attempts: how often it was tried, this time included; at least 1.
        lost: how often before this time its answer was lost.
        tried: when its tries began, oldest first; what waited a week for a digest was not tried
            then.
        now: the clock.
        chance: evenly distributed in [0, 1); full jitter keeps channels from retrying in step.
        maybe_sent: an earlier try may have arrived already.
        rings: of how many alerts and replies it tells.
        refused: of a part, how many stories of its message were refused alone, and none taken.
    """
    is_worth_parting = refused < MOST_REFUSED_ALONE or rings == LEAST_PARTED
    if error.text_refused and rings >= LEAST_PARTED and is_worth_parting:
        return Part()
    if error.permanent:
        return Dead(str(error))
    if time_spent([*tried, now]) >= GIVE_UP_AFTER:
        return Dead(f"gave up after 48 h: {error}")
    return Retry(
        now + _wait(error, attempts, lost, chance), maybe_sent or error.maybe_sent or error.in_part
    )


def halves(threads: Sequence[Hashable]) -> tuple[Sequence[int], Sequence[int]]:
    """Return the places in two halves; what is of one thread stays together while it can.

    Args:
        threads: of each alert and reply of a message its thread; at least two.
    """
    places = range(len(threads))
    each = list(dict.fromkeys(threads))
    if len(each) == 1:
        return places[: len(places) // 2], places[len(places) // 2 :]
    first = set(each[: len(each) // 2])
    return (
        [place for place in places if threads[place] in first],
        [place for place in places if threads[place] not in first],
    )


def time_spent(times: Sequence[datetime]) -> timedelta:
    """Return how long something was tried, without the time that nobody could try.

    Neither a machine that sleeps nor a clock that is set adds more than a pause.
    """
    pauses = (later - earlier for earlier, later in pairwise(times))
    return sum((min(max(pause, timedelta(0)), LONGEST_PAUSE) for pause in pauses), timedelta(0))


def _wait(error: DeliveryError, attempts: int, lost: int, chance: float) -> timedelta:
    asked = error.retry_after
    if not asked:
        return _backoff(error, attempts, lost, chance)
    if error.maybe_sent or attempts > MOST_AT_ITS_WORD:
        return max(asked, _backoff(error, attempts, lost, chance))
    return asked + ASKED_JITTER * chance


def _backoff(error: DeliveryError, attempts: int, lost: int, chance: float) -> timedelta:
    if error.maybe_sent:
        # A refusal shows the reader nothing: only what may be a copy makes the next one rarer.
        ceiling = min(AMBIGUOUS_CAP, AMBIGUOUS_BASE * (1 << 2 * min(lost, _MOST_DOUBLINGS)))
        return ceiling * (1 + chance) / 2
    failures = min(max(attempts, 1) - 1, _MOST_DOUBLINGS)
    ceiling = min(BACKOFF_CAP, BACKOFF_BASE * (1 << failures))
    return max(BACKOFF_FLOOR, ceiling * chance)
