"""Is Watcher alive, and is it well? Judged here from plain values; who asks acts on it.

Alive means that polling, the outbox and the database moved lately: only then systemd's watchdog is
pinged. Ready means that news can come in and alerts can go out: what keeps them from it are
reasons. What somebody should look after, though the rest works, are warnings.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from watcher.config.settings import Settings
from watcher.feeds.schedule import PollState
from watcher.storage.rows import FeedRow, Queues
from watcher.wording import plural

#: Polling and delivery look every second what is due; the writer may be busy with a large poll for
#: some seconds, on a Raspberry Pi for tens of them.
STALE: Final = timedelta(seconds=60)
#: A good poll is late after this many of the longest interval.
LATE_FACTOR: Final = 2
#: With intervals of seconds a busy machine is late without anything being wrong.
LATE_AT_LEAST: Final = timedelta(minutes=2)


#: A service that restarts, or a network that changes, is back by then; an alert is to be timely.
UNREACHED: Final = timedelta(minutes=15)
#: Who looks once a week, or has a heartbeat a week, hears of every message that died; what is older
#: was told, and who let it be does not want it any more. `alerts list --state dead` keeps all.
LOST: Final = timedelta(days=7)


class Part(StrEnum):
    """What has to move for Watcher to be alive."""

    POLLING = "polling"
    OUTBOX = "the outbox"
    DATABASE = "the database"


class Pulse:
    """When each part last moved.

    Args:
        clock: seconds that never jump and stand still while the machine sleeps.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moved = dict.fromkeys(Part, clock())

    def mark(self, part: Part) -> None:
        """Note that a part just moved."""
        self._moved[part] = self._clock()

    def ages(self) -> dict[Part, timedelta]:
        """Return how long ago each part moved."""
        now = self._clock()
        return {part: timedelta(seconds=now - moved) for part, moved in self._moved.items()}


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the running daemon knows of itself at one moment.

    Attributes:
        uptime: since the start.
        polls: since the start; `failed_polls` of them failed.
        loop_lag: the worst of the last minute: how late the event loop woke up.
        ages: how long ago each part moved.
        clock_behind: by how much the machine's clock is, where the hosts polled deny it; below zero
            where it is ahead.
        offline: most hosts are out of reach, so that it must be our own network.
        outage: a sentence on what keeps us from them; empty while nothing does.
        disk_short: polling is paused for want of room.
        config_loaded: when the configuration in force was read.
        config_refused: what is wrong with the one on disk; None when it is the one in force.
        channels_down: the channels that cannot be used, and why.
        database_moved: the file that we write is not the one at its place any more.
        backup_failed: why the day's backup could not be made; None when it could.
        listen: where /health and /metrics are.
    """

    version: str
    pid: int
    now: datetime
    uptime: timedelta
    polls: int
    failed_polls: int
    loop_lag: timedelta = timedelta()
    ages: Mapping[Part, timedelta] = field(default_factory=dict)
    clock_behind: timedelta = timedelta()
    offline: bool = False
    outage: str = ""
    disk_short: bool = False
    config_loaded: datetime | None = None
    config_refused: str | None = None
    channels_down: Mapping[str, str] = field(default_factory=dict)
    database_moved: bool = False
    backup_failed: str | None = None
    listen: str | None = None


def unmoved(ages: Mapping[Part, timedelta]) -> list[str]:
    """Return a sentence for each part that has not moved for too long."""
    return [
        f"{part} has not moved for {age.total_seconds():.0f} s"
        for part, age in ages.items()
        if age > STALE
    ]


def reasons(vitals: Vitals, queues: Queues, settings: Settings) -> list[str]:
    """Return why Watcher is not ready, a sentence each; nothing when it is."""
    return [
        *unmoved(vitals.ages),
        *_own_trouble(vitals),
        *_late(vitals, queues, settings),
        *_no_way_out(vitals, queues, settings),
    ]


def warnings(vitals: Vitals, queues: Queues, settings: Settings) -> list[str]:
    """Return what somebody should look after, a sentence each."""
    down = [f"the channel {name} is down: {why}" for name, why in vitals.channels_down.items()]
    refused, backup = vitals.config_refused, vitals.backup_failed
    return [
        *([wrong_clock(vitals.clock_behind)] if vitals.clock_behind else []),
        *([f"the configuration on disk is refused: {refused}"] if refused else []),
        *down,
        *delivery_warnings(queues, settings, vitals.now),
        *([f"today's backup could not be made: {backup}"] if backup else []),
    ]


def delivery_warnings(queues: Queues, settings: Settings, now: datetime) -> list[str]:
    """Return a sentence for each trouble with what goes out."""
    return [
        *channel_troubles(queues, settings, now).values(),
        *refused_recipients(queues, settings, now),
        *stray_deliveries(queues, settings),
        *dead_deliveries(queues),
    ]


def channel_troubles(queues: Queues, settings: Settings, now: datetime) -> dict[str, str]:
    """Return a sentence for each channel that alerts do not get through to."""
    failing = {
        name: f"nothing gets through to the channel {name} for {_for(now - since)}:"
        " see `watcher alerts list --state pending`"
        for name, since in queues.failing_channels.items()
        if now - since >= UNREACHED
    }
    gone = {
        name: f"the channel {name} is dead for {_for(now - since)}: nothing reaches it"
        for name, since in queues.gone_channels.items()
    }
    return {name: text for name, text in (failing | gone).items() if name in settings.channels}


def refused_recipients(queues: Queues, settings: Settings, now: datetime) -> list[str]:
    """Return a sentence for each recipient whom a channel that reaches others does not reach."""
    return [
        f"the mail server of channel {channel} refuses {recipient} for good, as it first said"
        f" {_ago(now - since)}: mend that address, or take it out"
        for channel, refused in queues.refused_recipients.items()
        for recipient, since in refused.items()
        if is_recipient(settings, channel, recipient)
    ]


def stray_deliveries(queues: Queues, settings: Settings) -> list[str]:
    """Return a sentence for each channel that messages wait for, and that is not configured."""
    return [
        f"{plural(count, 'message waits', 'messages wait')} for the channel {name},"
        " which is not in the configuration: give a channel that name again, or"
        f" `watcher alerts retry --channel {name} --to NAME`"
        for name, count in queues.waiting_channels.items()
        if name not in settings.channels
    ]


def dead_deliveries(queues: Queues) -> list[str]:
    """Return a sentence about messages that died lately and will not be tried again."""
    dead = queues.lost
    count = plural(dead, "delivery is", "deliveries are")
    return [f"{count} dead: see `watcher alerts list --state dead`"] if dead else []


def is_late(last_success: datetime, now: datetime, settings: Settings) -> bool:
    """Whether a good poll is overdue."""
    return now - last_success > max(longest_interval(settings) * LATE_FACTOR, LATE_AT_LEAST)


def longest_interval(settings: Settings) -> timedelta:
    """Return how far apart two polls of a healthy feed may be."""
    fixed = (feed.interval for feed in settings.feeds if feed.interval)
    return max(settings.polling.max_interval, *fixed, timedelta())


def feed_health(row: FeedRow, state: PollState, *, waits: bool) -> str:
    """Return one word for how a feed is; "sick" was told to the operator, "failing" not yet.

    Args:
        row: the feed as people see it.
        state: what its polls left.
        waits: its host is left alone, and for long already.
    """
    if not row.active:
        return "left"
    if state.failures or row.failures:
        return "sick" if state.sick else "failing"
    if waits:
        return "waiting"
    if state.stale:
        return "stale"
    return "well" if row.last_success else "new"


def _own_trouble(vitals: Vitals) -> Iterator[str]:
    if vitals.disk_short:
        yield "polling is paused: the disk is nearly full"
    if vitals.database_moved:
        yield "the database was moved or deleted while it was in use: restart Watcher"
    if vitals.offline:
        yield vitals.outage


def _no_way_out(vitals: Vitals, queues: Queues, settings: Settings) -> Iterator[str]:
    """Yield that no channel takes anything: a monitor elsewhere is then the only one to tell."""
    mute = {*vitals.channels_down, *channel_troubles(queues, settings, vitals.now)}
    if settings.channels and mute.issuperset(settings.channels):
        yield "no alert goes out: nothing gets through to any channel"


def is_recipient(settings: Settings, channel: str, recipient: str) -> bool:
    """Tell whether a channel of the configuration mails to a recipient, as written there."""
    table = settings.channels.get(channel)
    return bool(table and table.email and recipient in table.email.to)


def wrong_clock(behind: timedelta) -> str:
    """Return a sentence on a clock that hosts say is so much behind, below zero ahead."""
    side = "behind" if behind > timedelta() else "ahead"
    return (
        f"the clock of this machine is {_for(abs(behind))} {side}, say the hosts that are"
        " polled; Watcher goes by theirs: put it right, see `timedatectl`"
    )


def _for(span: timedelta) -> str:
    hours, rest = divmod(max(span, timedelta()), timedelta(hours=1))
    return f"{hours} h" if hours > 1 else f"{hours * 60 + rest // timedelta(minutes=1)} min"


def _ago(span: timedelta) -> str:
    return f"{_for(span)} ago" if span >= timedelta(minutes=1) else "just now"


def _late(vitals: Vitals, queues: Queues, settings: Settings) -> Iterator[str]:
    """Yield that no poll worked for too long; a daemon that just started has time yet."""
    if not queues.feeds or vitals.offline:
        return
    since = max(queues.last_success or vitals.now - vitals.uptime, vitals.now - vitals.uptime)
    if is_late(since, vitals.now, settings):
        minutes = (vitals.now - since).total_seconds() // 60
        yield f"no poll of any feed worked for {minutes:.0f} min"
