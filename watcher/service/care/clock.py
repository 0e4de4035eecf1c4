"""A clock that is wrong, and what becomes of plans when it is set back.

A machine that has no battery for its clock starts in 1970, or where it was switched off, or a year
ahead, and polls before the network has put it right. By such a time news is judged too old, a mute
has ended, and a year of entries is past its retention. So the hosts that are polled bear witness:
each answer says what time it is there.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Final

from watcher.service.care.health import wrong_clock
from watcher.service.log import get_logger
from watcher.service.moments import Clock
from watcher.storage.database import Transaction

log = get_logger(__name__)


#: Clocks are put right by less than this all the time, and then a plan comes so much later.
LEAST_BACK: Final = timedelta(minutes=1)
LOOK_S: Final = 1.0
#: A server whose zone is set wrongly is off by up to 14 hours. We are not hurt by less: a date may
#: be two days ahead, and news three days old.
LEAST_WRONG: Final = timedelta(hours=15)
#: A host that lives in another year does not know the time; and sums with the year 9999 overflow.
PLAUSIBLE_YEARS: Final = range(2020, 2200)
#: So many hosts are asked what time it is, those that answered last.
WITNESSES: Final = 20
#: A single host whose clock is wrong would have all news of the others be too old.
LEAST_WITNESSES: Final = 2
#: No right clock shows less: this was written later.
WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC)
#: What a host brings that alone denies the clock waits so often for another host to speak.
PATIENCE: Final = 3


def since_boot() -> timedelta:
    """Return a time that nobody sets and that goes on while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(seconds=time.clock_gettime(clock))


class CheckedClock:
    """The machine's clock, or the time at the hosts that we poll where most of them deny it.

    Args:
        system: the machine's clock, aware UTC.
        steady: a time that nobody sets.
    """

    def __init__(self, system: Clock, steady: Callable[[], timedelta] = since_boot) -> None:
        self._system, self._steady = system, steady
        self._begun = system() - steady()
        self._behind: dict[str, timedelta] = {}
        self._doubts = 0
        #: How much the machine's clock is behind; zero while it is believed.
        self.behind = timedelta(0)
        #: When an earlier life was seen last, before which it cannot be; None where none was.
        self.worked: datetime | None = None
        #: Told when the machine is not believed any more.
        self.tell: Callable[[str], None] = _say_nothing

    def __call__(self) -> datetime:
        """Return the present time."""
        now = self._system()
        self._forget_after_a_leap(now)
        return now + self.behind

    def hear(self, host: str, date: datetime) -> bool:
        """Take in what time it is at a host; return whether it is clear what time it is.

        It is not while one host alone denies a clock that may be right. Where no other one speaks
        when it was heard some times, the machine is believed.

        Of all it said the word counts that is nearest to us: our clock has not leapt since, so
        that a host which then says otherwise has changed itself, or is one of several.
        """
        if date.year not in PLAUSIBLE_YEARS:
            return True
        now = self._system()
        self._forget_after_a_leap(now)
        said = date - now
        self._behind[host] = min(said, self._behind.pop(host, said), key=abs)
        if len(self._behind) > WITNESSES:
            del self._behind[next(iter(self._behind))]
        self._judge()
        if self.behind or abs(said) < LEAST_WRONG or len(self._behind) >= LEAST_WITNESSES:
            return True
        self._doubts += 1
        if self._doubts == PATIENCE:
            log.warning("one host alone denies the clock of this machine", host=host, by=str(said))
        return self._doubts > PATIENCE

    @property
    def is_confirmed(self) -> bool:
        """Whether the hosts that were heard say that it is now, to the minute."""
        said = list(self._behind.values())
        return bool(said) and abs(most_say(said) - self.behind) < LEAST_BACK

    def _forget_after_a_leap(self, now: datetime) -> None:
        """Start anew when the clock was set: what hosts said of it is true no more."""
        begun, before = now - self._steady(), self._begun
        if abs(begun - before) < LEAST_BACK:
            return
        self._begun, self._doubts = begun, 0
        self._behind.clear()
        self._judge()

    def _judge(self) -> None:
        before, by = self.behind, most_say(list(self._behind.values()))
        enough = len(self._behind) >= LEAST_WITNESSES or self._is_impossible()
        self.behind = by if enough and abs(by) >= LEAST_WRONG else timedelta(0)
        if self.behind and not before:
            self.tell(wrong_clock(self.behind))
        elif before and not self.behind:
            log.info("the clock of this machine is right again")

    def _is_impossible(self) -> bool:
        """Tell whether the machine shows a time that was over long ago."""
        return self._system() < max(WRITTEN, self.worked or WRITTEN)


def _say_nothing(_text: str) -> None:
    """Stand in where nobody is told."""


def most_say(behind: Sequence[timedelta]) -> timedelta:
    """Return by how much a clock is behind, of what hosts say: of two in the middle the lesser."""
    low = median_low(behind) if behind else timedelta(0)
    high = -median_low([-by for by in behind]) if behind else timedelta(0)
    return min(low, high, key=abs)


async def set_back_before(end: asyncio.Event, *clocks: Clock) -> Sequence[Clock]:
    """Wait for the end of a run; return at once those of the clocks that are set back before.

    One that jumps ahead, as after a machine slept, asks for nothing: what is due then is late.
    """
    begun = _begun(clocks)
    while not end.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await end.wait()
        begun, before = _begun(clocks), begun
        by = [was - is_now for was, is_now in zip(before, begun, strict=True)]
        if max(by) >= LEAST_BACK:
            log.warning("the clock was set back; all is planned anew", by=str(max(by)))
            return [clock for clock, back in zip(clocks, by, strict=True) if back >= LEAST_BACK]
    return ()


def _begun(clocks: Sequence[Clock]) -> list[datetime]:
    """Return when each clock says that the machine was started: earlier once it was set back."""
    steady = timedelta(seconds=time.monotonic())
    return [clock() - steady for clock in clocks]


def resume(tx: Transaction, now: datetime) -> datetime | None:
    """Take up what an earlier run left, whose clock may have been ahead of ours.

    Return when that run was seen last; None where there was none.
    """
    tx.outbox.reclaim(now)
    tx.outbox.follow_clock(now)
    tx.notices.back_online()
    last = tx.runs.last()
    if last is None:
        return None
    seen = last.ended or last.started
    if seen - now >= LEAST_BACK:
        tx.bots.end_rests()
    return seen


def follow(tx: Transaction, now: datetime) -> None:
    """Forget until when bots rest and mutes hold by a clock that was ahead, as we have seen."""
    tx.bots.end_rests()
    tx.mutes.follow_clock(now)
