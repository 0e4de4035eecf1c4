"""The outbox: deliveries from `pending` over `sending` to `sent` or `dead`.

What nobody wants to hear any more, by a mute of its story or outlet, is `muted` instead of sent.
A claim is committed before anything is sent. So a message may have gone out if, and only if, its
delivery is `sending`; after a crash it is repeated and marked as a possible repeat.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, or_, select

from watcher.model import Hold
from watcher.storage.claims import PART, is_due, waiting_of, with_ring
from watcher.storage.rows import OPEN, Outcome, State, Waiting
from watcher.storage.schema import attempt, delivery
from watcher.storage.section import Section
from watcher.storage.threads import has_arrived, is_message

#: What a channel's own settings, or a mute, hold back; a ring that gathers is not ready yet.
HELD = (Hold.QUIET_HOURS, Hold.RATE_LIMITED, Hold.DIGEST, Hold.MUTED)


class Outbox(Section):
    """Moves deliveries on in one transaction."""

    def due_channels(self, now: datetime) -> tuple[str, ...]:
        """Return the channels that have something due."""
        free = or_(is_message(delivery), has_arrived())
        query = select(delivery.c.channel).where(is_due(delivery, now), free).distinct()
        return tuple(self._connection.scalars(query.order_by(delivery.c.channel)))

    def waiting(self, now: datetime, channel: str) -> tuple[Waiting, ...]:
        """Return all that is due on a channel, oldest first, for the decision to hold it back.

        Also those that another of their thread is ahead of: what holds the one holds the other.
        """
        query = with_ring().where(
            is_due(delivery, now), is_message(delivery), delivery.c.channel == channel
        )
        return self._waiting(query.order_by(delivery.c.due, delivery.c.id))

    def gathering(self, now: datetime, channel: str) -> tuple[Waiting, ...]:
        """Return every message to a channel whose time has not come for want of more reports."""
        query = with_ring().where(
            is_message(delivery),
            delivery.c.state == State.PENDING,
            delivery.c.channel == channel,
            delivery.c.due > now,
            delivery.c.attempts == 0,
            func.coalesce(delivery.c.hold, "").not_in(HELD),
        )
        return self._waiting(query.order_by(delivery.c.id))

    def held(self, now: datetime) -> tuple[Waiting, ...]:
        """Return every message that a channel holds until later and that was not tried yet."""
        query = with_ring().where(
            is_message(delivery),
            delivery.c.state == State.PENDING,
            delivery.c.due > now,
            delivery.c.attempts == 0,
            delivery.c.hold.in_(HELD),
        )
        return self._waiting(query.order_by(delivery.c.id))

    def sent(
        self,
        deliveries: Collection[int],
        message_id: str | None,
        now: datetime,
        but: str | None = None,
    ) -> None:
        """Record that a message arrived, under the channel's own id of it.

        An edit that became out of date on its way stays pending.

        Args:
            deliveries: being sent.
            message_id: the channel's own.
            now: the clock.
            but: whom of its readers it did not reach, and why.
        """
        arrived = delivery.c.id.in_(deliveries) & (delivery.c.state == State.SENDING)
        values = {
            "state": State.SENT,
            "message_id": message_id,
            "sent_at": now,
            "lease_until": None,
            "last_error": None,
        }
        self._connection.execute(delivery.update().where(arrived).values(values))
        self._close(deliveries, Outcome.SENT, but, now)

    def retry(
        self,
        deliveries: Collection[int],
        due: datetime,
        error: str,
        *,
        maybe_sent: bool,
        now: datetime,
        is_answer_lost: bool = False,
    ) -> None:
        """Record that a message did not arrive, or perhaps did, and when to try again.

        Args:
            deliveries: being sent.
            due: when to try again.
            error: what went wrong.
            maybe_sent: this try, or an earlier one, may have reached a reader.
            now: the clock.
            is_answer_lost: whether this try arrived nobody knows.
        """
        maybe = {"maybe_sent": True} if maybe_sent else {}
        self._set(
            deliveries, state=State.PENDING, due=due, last_error=error, lease_until=None, **maybe
        )
        outcome = Outcome.LOST if is_answer_lost else Outcome.RETRY
        self._close(deliveries, outcome, error, now)

    def part(self, halves: Sequence[Collection[int]], error: str, now: datetime) -> None:
        """Record that a message did not arrive, and have it go out at once in several.

        They stay due when the message was: the first is parted further before the second is sent,
        so that what is refused for itself shows after few tries.

        Args:
            halves: the deliveries of each, being sent.
            error: what went wrong.
            now: the clock.
        """
        waits = {"state": State.PENDING, "last_error": error, "lease_until": None}
        for numbers in halves:
            self._set(numbers, bundle=f"{PART}{min(numbers)}", **waits)
            self._close(numbers, Outcome.RETRY, error, now)

    def dead(self, deliveries: Collection[int], error: str, now: datetime) -> None:
        """Record that a message will never be tried again by itself."""
        self._set(deliveries, state=State.DEAD, last_error=error, lease_until=None)
        self._close(deliveries, Outcome.DEAD, error, now)

    def hold(
        self, deliveries: Collection[int], reason: Hold, until: datetime, bundle: str | None
    ) -> None:
        """Send later, in one message with all that the channel holds under the same bundle.

        One that was claimed but not sent counts as not tried.
        """
        self.put_back(deliveries, until)
        self._set(deliveries, hold=reason, bundle=bundle)

    def silence(self, deliveries: Collection[int], until: datetime, why: str, bundle: str) -> None:
        """Do not send; only if the mute is ended before its end does it come after all.

        Args:
            deliveries: not on their way.
            until: the end of the mute.
            why: for the record.
            bundle: under which it would come in one message with others.
        """
        self.hold(deliveries, Hold.MUTED, until, bundle)
        self._set(deliveries, state=State.MUTED, last_error=why)

    def put_back(self, deliveries: Collection[int], until: datetime) -> None:
        """Send later; one that was claimed but not sent counts as not tried."""
        claimed = select(delivery.c.id).where(
            delivery.c.id.in_(deliveries), delivery.c.state == State.SENDING
        )
        unsent = attempt.c.delivery.in_(claimed) & attempt.c.ended.is_(None)
        self._connection.execute(delete(attempt).where(unsent))
        self._set(
            deliveries,
            attempts=delivery.c.attempts - case((delivery.c.state == State.SENDING, 1), else_=0),
            state=State.PENDING,
            due=until,
            lease_until=None,
        )

    def release(self, reason: Hold, now: datetime, why: str | None = None) -> int:
        """Let go at once what waits for a reason; return how many deliveries that were.

        Also what was not to be told at all for it, while that holds.

        Args:
            reason: why it waits.
            now: the clock.
            why: of what was not to be told, only what has this on record; None for all.
        """
        silenced = delivery.c.state == State.MUTED
        if why is not None:
            silenced &= delivery.c.last_error == why
        waiting = (delivery.c.hold == reason) & ((delivery.c.state == State.PENDING) | silenced)
        freed = delivery.update().where(waiting, delivery.c.due > now)
        error = case((delivery.c.state == State.PENDING, delivery.c.last_error), else_=None)
        changes = {"state": State.PENDING, "due": now, "last_error": error}
        return self._connection.execute(freed.values(changes)).rowcount

    def reclaim(self, now: datetime) -> None:
        """Take back all that is being sent, at start: the state lock proves its process dead."""
        self._reclaim(now, delivery.c.state == State.SENDING)

    def reclaim_expired(self, now: datetime, in_hand: Collection[int] = ()) -> None:
        """Take back what is being sent by nobody while we run: its lease ended.

        Args:
            now: the clock.
            in_hand: deliveries that somebody does send; a clock that jumps ends every lease.
        """
        expired = (delivery.c.state == State.SENDING) & (delivery.c.lease_until < now)
        self._reclaim(now, expired & delivery.c.id.not_in(in_hand))

    def _reclaim(self, now: datetime, lost: ColumnElement[bool]) -> None:
        numbers = list(self._connection.scalars(select(delivery.c.id).where(lost)))
        self._set(numbers, state=State.PENDING, maybe_sent=True, due=now, lease_until=None)
        self._close(numbers, Outcome.LOST, None, now)

    def follow_clock(self, now: datetime) -> None:
        """Bring near what was planned by a clock that was ahead.

        By how much the newest of them shows; all by the same, so that what waits for one digest
        still comes in one. What was tried in vain by that clock is tried again at once.
        """
        self._try_again_what_was_tried_after(now)
        query = select(delivery.c.id, delivery.c.created, delivery.c.due)
        ahead = query.where(delivery.c.state == State.PENDING, delivery.c.created > now)
        rows = self._connection.execute(ahead).all()
        by = max((row.created for row in rows), default=now) - now
        for row in rows:
            self._set([row.id], created=now, due=row.due - by)

    def _try_again_what_was_tried_after(self, now: datetime) -> None:
        """Have what was tried in the future, and waits, be tried now."""
        later = attempt.c.started > now
        tried = delivery.c.id.in_(select(attempt.c.delivery).where(later))
        waits = (delivery.c.state == State.PENDING) & (delivery.c.due > now)
        self._connection.execute(delivery.update().where(tried, waits).values(due=now))
        self._connection.execute(attempt.update().where(later).values(started=now, ended=now))

    def doubt_open(self) -> None:
        """Let whatever is on its way go out as a possible repeat: it may have arrived already."""
        open_ = delivery.c.state.in_(OPEN)
        self._connection.execute(delivery.update().where(open_).values(maybe_sent=True))

    def by_channel(self, states: Collection[State]) -> dict[str, int]:
        """Return how many messages each channel has in these states."""
        query = select(delivery.c.channel, func.count()).where(
            is_message(delivery), delivery.c.state.in_(states)
        )
        rows = self._connection.execute(query.group_by(delivery.c.channel))
        return {row[0]: row[1] for row in rows}

    def sent_between(self, channel: str, start: datetime, end: datetime) -> tuple[datetime, ...]:
        """Return when a channel's messages went out, of those times; a bundle is one message."""
        query = select(func.max(delivery.c.sent_at)).where(
            delivery.c.channel == channel,
            delivery.c.sent_at.between(start, end),
            is_message(delivery),
        )
        query = query.group_by(func.coalesce(delivery.c.bundle, delivery.c.key), delivery.c.sent_at)
        return tuple(sorted(self._connection.scalars(query)))

    def tried(self, deliveries: Collection[int]) -> tuple[datetime, ...]:
        """Return when these were tried, oldest first; tries of a former life don't count."""
        return tuple(self._connection.scalars(_tries(deliveries)))

    def lost_answers(self, deliveries: Collection[int]) -> int:
        """Return how many of their tries went out and got no answer; a crash is no service's."""
        is_lost = (attempt.c.outcome == Outcome.LOST) & attempt.c.error.is_not(None)
        return len(self._connection.scalars(_tries(deliveries).where(is_lost)).all())

    def _waiting(self, query: Select[Any]) -> tuple[Waiting, ...]:
        return tuple(map(waiting_of, self._connection.execute(query).mappings()))

    def _set(self, numbers: Collection[int], **values: Any) -> None:
        changed = delivery.update().where(delivery.c.id.in_(numbers))
        self._connection.execute(changed.values(values))

    def _close(
        self, numbers: Collection[int], outcome: Outcome, error: str | None, now: datetime
    ) -> None:
        running = attempt.update().where(attempt.c.delivery.in_(numbers), attempt.c.ended.is_(None))
        self._connection.execute(running.values(ended=now, outcome=outcome, error=error))


def _tries(deliveries: Collection[int]) -> Select[Any]:
    """Return when these were tried in this life of theirs; a bundle is tried as one."""
    query = select(attempt.c.started).join(delivery).distinct()
    own = delivery.c.id.in_(deliveries) & (attempt.c.started >= delivery.c.created)
    return query.where(own).order_by(attempt.c.started)
