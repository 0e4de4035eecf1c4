"""Holds back what must wait, by the configuration in force; how long, alerts.timing says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.alerts.mutes import Ends, Subject, Unwanted, ends, hold_muted
from watcher.alerts.timing import Held, bundle_of, hold
from watcher.model import Hold, MuteKind, Priority
from watcher.service.in_force.watch import Watch
from watcher.service.log import get_logger
from watcher.storage.database import Transaction
from watcher.storage.rows import RingView, State, Waiting

log = get_logger(__name__)

HOUR = timedelta(hours=1)


def hold_back(tx: Transaction, watch: Watch, channel: str, now: datetime) -> None:
    """Hold all that must wait, unless the next message need not; then their turn will come.

    There may be no next one though something is due: what follows a held alert of its thread
    is to be held with it, before the alert's time comes. A digest takes along what still gathers.
    """
    held = _holds(tx, watch, channel, now)
    head = tx.claims.head(now, channel)
    if head is not None and head.bundle is None and held(head) is None:
        return
    for waiting in tx.outbox.waiting(now, channel):
        if why := held(waiting):
            _keep_back(tx, waiting, why)
    if head is not None and head.hold is Hold.DIGEST and held(head) is None:
        urgent = {t.id for t in watch.settings.topics if t.priority is Priority.HIGH}
        for one in tx.outbox.gathering(now, channel):
            if one.topic not in urgent and held(one) is None:
                tx.outbox.hold([one.delivery], Hold.DIGEST, now, head.bundle)


def replan(tx: Transaction, watch: Watch, now: datetime) -> Mapping[str, int]:
    """Hold anew what is held; return channel -> how much waits for one that is no more."""
    configured = watch.settings.channels
    waiting = tx.outbox.held(now)
    channels = {one.channel for one in waiting}
    holds = {channel: _holds(tx, watch, channel, now) for channel in channels}
    for one in waiting:
        why = holds[one.channel](one)
        if why is None and one.channel in configured:
            tx.outbox.put_back([one.delivery], now)
        elif why and (why.until != one.due or isinstance(why, Unwanted)):
            _keep_back(tx, one, why)
    pending = tx.outbox.by_channel((State.PENDING,))
    return {name: count for name, count in pending.items() if name not in configured}


def priority_now(watch: Watch, ring: Waiting | RingView) -> Priority:
    """Return the priority that a ring's topic has now: who made it urgent waits for no morning.

    All rings of a thread have the same, so none that is held back keeps an urgent one behind it.
    """
    topic = watch.topics.get(ring.topic)
    return topic.priority if topic else ring.priority


def _holds(
    tx: Transaction, watch: Watch, channel: str, now: datetime
) -> Callable[[Waiting], Held | Unwanted | None]:
    """Return what tells whether a message for a channel must wait, or is not to be told."""
    table = watch.settings.channels.get(channel)
    limited = table is not None and table.max_per_hour is not None
    recent = tx.outbox.sent_between(channel, now - HOUR, now) if limited else ()
    mutes = ends(tx.mutes.current(now))

    def held(waiting: Waiting) -> Held | Unwanted | None:
        # Whichever lasts longer: a mute till morning must not cost a digest of the morning.
        why: list[Held | Unwanted | None] = [_held(watch, waiting, now, recent)]
        why.append(_muted(tx, waiting, mutes, now))
        return max((one for one in why if one), key=lambda one: one.until, default=None)

    return held


def _held(watch: Watch, waiting: Waiting, now: datetime, recent: Sequence[datetime]) -> Held | None:
    channel = watch.settings.channels.get(waiting.channel)
    if channel is None:
        return None  # nobody to wait for
    return hold(
        channel,
        priority_now(watch, waiting),
        now,
        watch.settings.watcher.zone,
        recent,
        known=waiting.created,
        is_collected=waiting.hold is Hold.DIGEST and waiting.due <= now,
    )


def _keep_back(tx: Transaction, waiting: Waiting, why: Held | Unwanted) -> None:
    bundle = bundle_of(why.until)
    if isinstance(why, Held):
        tx.outbox.hold([waiting.delivery], why.reason, why.until, bundle)
        return
    tx.outbox.silence([waiting.delivery], why.until, why.why, bundle)
    log.info("alert not told", channel=waiting.channel, alerts=str(waiting.alert), reason=why.why)


def _muted(tx: Transaction, waiting: Waiting, mutes: Ends, now: datetime) -> Held | Unwanted | None:
    if not mutes:
        return None
    asked = any(kind is MuteKind.OUTLET for kind, _ in mutes)
    outlets = tx.alerts.outlets(waiting.alert) if asked else ()
    feeds = tx.alerts.feeds(waiting.alert) if asked else ()
    subject = Subject(waiting.topic, waiting.story, waiting.channel, outlets, feeds)
    return hold_muted(subject, mutes, now)
