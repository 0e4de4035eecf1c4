"""The rings (alerts and replies in their threads), and what was decided about each entry."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    RowMapping,
    Select,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from watcher.alerts.decide import Decision, Ring
from watcher.alerts.route import Hearers
from watcher.alerts.views import Report
from watcher.model import Action, Hold, Priority, Reason
from watcher.storage.deliveries import delivery_rows
from watcher.storage.evidence import news_from_json, news_to_json
from watcher.storage.insert import add_row, put_row
from watcher.storage.reports import matching, openings_of, others_of, reports_of
from watcher.storage.rings import new_delivery, open_ring
from watcher.storage.rows import (
    AlertRow,
    AttemptRow,
    DecisionRow,
    DeliveryRow,
    MessageOf,
    Outcome,
    RingView,
    SentMessage,
    State,
)
from watcher.storage.schema import (
    alert,
    alert_entry,
    attempt,
    decision,
    delivery,
    entry,
    feed,
    wording,
)
from watcher.storage.section import Section
from watcher.storage.stories import Stories
from watcher.storage.texts import SHOWN
from watcher.storage.threads import (
    begins,
    entries_told,
    is_kept_from,
    is_message,
    is_message_of,
    rang_for,
)


class Alerts(Section):
    """Reads and writes rings and decisions in one transaction."""

    def rings(self, topic: str, story: int, channel: str | None = None) -> tuple[Ring, ...]:
        """Return the rings of a topic's thread, or a channel's of them, oldest first."""
        tried = exists(_tried().where(delivery.c.alert == alert.c.id))
        told = select(func.count()).where(alert_entry.c.alert == alert.c.id).scalar_subquery()
        query = select(alert, or_(tried, _was_told_before()).label("tried"), told.label("told"))
        query = query.where(rang_for(story), alert.c.topic == topic)
        if channel is not None:
            its = select(delivery.c.alert).where(delivery.c.channel == channel)
            query = query.where(alert.c.id.in_(its))
        rows = self._connection.execute(query.order_by(alert.c.id)).all()
        is_parted = any(row.story != story for row in rows)
        return tuple(
            Ring(
                row.id,
                Action(row.action),
                row.due,
                # Beside a shared ring an alert tells what that one told on other channels.
                tried=bool(row.tried) or (is_parted and row.action == Action.ALERT),
                told=row.told,
                is_shared=row.story != story,
            )
            for row in rows
        )

    def add(
        self,
        *,
        topic: str,
        story: int,
        action: Action,
        priority: Priority,
        now: datetime,
        due: datetime,
        lead: int,
        channels: Iterable[str],
    ) -> int:
        """Open a ring about an entry, with one delivery per channel; return its number."""
        values = {
            "topic": topic,
            "story": story,
            "action": action,
            "priority": priority,
            "created": now,
            "due": due,
            "lead": lead,
        }
        number = open_ring(self._connection, values, [lead])
        hold = _first_hold(action) if due > now else None
        rows = [
            new_delivery(number, channel, now, due, hold) for channel in dict.fromkeys(channels)
        ]
        if rows:
            self._connection.execute(delivery.insert(), rows)
        return number

    def adopt(self, ring: int, number: int) -> None:
        """Let a ring tell of one more entry, though it went out: its message is to be edited."""
        add_row(self._connection, alert_entry, {"alert": ring, "entry": number})

    def gather(self, ring: int, number: int) -> bool:
        """Add an entry to a ring that is not on its way yet.

        Returns:
            False, and nothing is changed, when a channel was already tried: what is added now
            might never be told, so it needs a ring of its own.
        """
        if self._connection.execute(_tried().where(delivery.c.alert == ring).limit(1)).first():
            return False
        self.adopt(ring, number)
        return True

    def record(
        self, number: int, topic: str, made: Decision, ring: int | None, now: datetime
    ) -> None:
        """Keep what was decided about an entry for a topic; `ring` is the one that tells it."""
        values = _decided(made, ring, now)
        self._connection.execute(decision.insert().values(entry=number, topic=topic, **values))

    def revise(
        self, number: int, topic: str, made: Decision, ring: int | None, now: datetime
    ) -> None:
        """Keep what was decided about an entry met again; silence replaces no earlier decision."""
        row = {"entry": number, "topic": topic, **_decided(made, ring, now)}
        store = add_row if made.action is Action.SUPPRESS else put_row
        store(self._connection, decision, row)

    def muted(self, since: datetime) -> tuple[DecisionRow, ...]:
        """Return what nobody was told because of a mute, decided at a time or later."""
        query = select(decision).where(decision.c.time >= since)
        query = query.where(decision.c.reason == Reason.MUTED).order_by(decision.c.entry)
        return tuple(map(_decision_row, self._connection.execute(query).mappings()))

    def decisions(self, numbers: Collection[int]) -> tuple[DecisionRow, ...]:
        """Return what was decided about these entries."""
        query = select(decision).where(decision.c.entry.in_(numbers))
        rows = self._connection.execute(query.order_by(decision.c.entry, decision.c.topic))
        return tuple(_decision_row(row) for row in rows.mappings())

    def view(self, ring: int, channel: str) -> RingView:
        """Return what a message about a ring tells to a channel.

        Raises:
            KeyError: there is no such ring.
        """
        row = self._connection.execute(select(alert).where(alert.c.id == ring)).mappings().first()
        if row is None:
            raise KeyError(ring)
        is_reply = row["action"] == Action.REPLY and not begins(self._connection, row, channel)
        return RingView(
            alert=ring,
            topic=row["topic"],
            story=row["story"],
            action=Action.REPLY if is_reply else Action.ALERT,
            priority=Priority(row["priority"]),
            reports=reports_of(self._connection, row, channel),
            others=others_of(self._connection, row, channel),
            accounts=Stories(self._connection).accounts(row["story"]),
            openings=openings_of(self._connection, row, channel) if is_reply else (),
            follows=Stories(self._connection).followed(row["story"]),
        )

    def headings(self, ring: int, channel: str) -> tuple[Report, ...]:
        """Return what an alert had to choose its headline from when it came to a channel.

        The lead is first.
        """
        row = self._connection.execute(select(alert).where(alert.c.id == ring)).mappings().one()
        others = others_of(self._connection, row, channel)
        came = select(delivery.c.created).where(is_message_of(ring, channel))
        query = select(entry.c.id).where(entry.c.id.in_([one.number for one in others]))
        known = set(self._connection.scalars(query.where(entry.c.seen <= came.scalar_subquery())))
        lent = (one for one in others if one.number in known)
        return (*reports_of(self._connection, row, channel), *lent)

    def words_borne(self, number: int, ring: int, channel: str) -> tuple[str, str] | None:
        """Return the title and summary that an entry had when a ring's message left for a channel.

        None if it has them still, or the message has not left.
        """
        sent = select(delivery.c.sent_at).where(is_message_of(ring, channel)).scalar_subquery()
        since = select(wording).where(wording.c.entry == number, wording.c.until > sent)
        then = since.order_by(wording.c.until, wording.c.text_key).limit(1).subquery()
        is_other = (then.c.title != entry.c.title) | (then.c.summary != entry.c.summary)
        query = select(then.c.title, then.c.summary).join(entry, entry.c.id == then.c.entry)
        row = self._connection.execute(query.where(is_other)).first()
        return None if row is None else (row.title, row.summary)

    def reach(self, ring: int, channels: Iterable[str], now: datetime) -> None:
        """Bring a ring to further channels; those that it goes to already stay as they are."""
        due = self._connection.scalar(select(alert.c.due).where(alert.c.id == ring))
        due = max(now, due or now)
        rows = [new_delivery(ring, name, now, due, None) for name in dict.fromkeys(channels)]
        if rows:
            row = insert(delivery).on_conflict_do_nothing()
            self._connection.execute(row, rows)

    def thread_updates(self, topic: str, story: int) -> dict[str, int]:
        """Return how many replies of a thread each channel got or will; those with none too.

        What was not told under a mute, or died, does not count, nor the first one of a channel
        without an alert: to it that is the alert.
        """
        alerts = func.count(case((alert.c.action == Action.ALERT, 1)))
        replies = func.count() - case((alerts == 0, 1), else_=alerts)
        query = select(delivery.c.channel, replies.label("replies")).join(
            alert, alert.c.id == delivery.c.alert
        )
        told = is_message(delivery) & ~is_kept_from()
        query = query.where(rang_for(story), alert.c.topic == topic, told)
        rows = self._connection.execute(query.group_by(delivery.c.channel))
        return {row.channel: row.replies for row in rows}

    def hearers(self, topic: str, number: int) -> Hearers | None:
        """Return who was told of an entry or of its like for a topic; None if no message told."""
        like = _like(number)
        told = alert_entry.join(alert, alert.c.id == alert_entry.c.alert).outerjoin(
            delivery, (delivery.c.alert == alert.c.id) & is_message(delivery)
        )
        has_message = delivery.c.state.is_not(None) & ~is_kept_from()
        columns = (alert.c.action, delivery.c.channel, delivery.c.state)
        query = select(*columns, has_message.label("has_message")).select_from(told)
        query = query.where(alert_entry.c.entry.in_(select(like.c.id)), alert.c.topic == topic)
        rows = self._connection.execute(query).all()
        return _hearers(rows) if rows else None

    def messages_of(self, topic: str, number: int) -> tuple[MessageOf, ...]:
        """Return the messages for a topic that tell of an entry or of its like, or will."""
        like = _like(number)
        told = alert_entry.join(alert, alert.c.id == alert_entry.c.alert)
        told = told.join(delivery, delivery.c.alert == alert.c.id)
        told = told.join(entry, entry.c.id == alert_entry.c.entry)
        has_left = delivery.c.sent_at.is_not(None)
        columns = (entry.c.id, alert.c.id, delivery.c.channel, entry.c.title, entry.c.summary)
        query = select(*columns, has_left).select_from(told)
        query = query.where(entry.c.id.in_(select(like.c.id)), alert.c.topic == topic)
        query = query.where(is_message(delivery), ~is_kept_from())
        return tuple(MessageOf(*row) for row in self._connection.execute(query))

    def alike(self, number: int) -> frozenset[int]:
        """Return an entry with all that says the same."""
        return frozenset(self._connection.scalars(select(_like(number).c.id)))

    def reached(self, ring: int) -> frozenset[str]:
        """Return the channels that a ring was told to, or will be."""
        query = select(delivery.c.channel).where(delivery.c.alert == ring, ~is_kept_from())
        return frozenset(self._connection.scalars(query.where(is_message(delivery))))

    def untold(self, ring: int) -> tuple[str, ...]:
        """Return the channels that a ring was not told to under a mute."""
        query = select(delivery.c.channel).where(
            delivery.c.alert == ring, delivery.c.state == State.MUTED
        )
        return tuple(self._connection.scalars(query))

    def tell_after_all(self, ring: int, channels: Collection[str], now: datetime) -> None:
        """Tell a ring to channels that it was not told to under a mute."""
        muted = (delivery.c.alert == ring) & (delivery.c.state == State.MUTED)
        changes = {"state": State.PENDING, "due": now, "last_error": None}
        again = delivery.update().where(muted, delivery.c.channel.in_(channels))
        self._connection.execute(again.values(changes))

    def get(self, ring: int) -> AlertRow | None:
        """Return a ring by its number."""
        return next(iter(self._rows(alert.c.id == ring, limit=1)), None)

    def latest(
        self,
        *,
        topic: str | None = None,
        story: int | None = None,
        until: datetime | None = None,
        state: State | None = None,
        limit: int = 50,
    ) -> tuple[AlertRow, ...]:
        """Return the newest rings that meet every condition given; `state` of any delivery."""
        conditions: list[ColumnElement[bool]] = []
        if topic is not None:
            conditions.append(alert.c.topic == topic)
        if story is not None:
            conditions.append(alert.c.story == story)
        if until is not None:
            conditions.append(alert.c.created <= until)
        if state is not None:
            there = select(delivery.c.alert).where(delivery.c.state == state, is_message(delivery))
            conditions.append(alert.c.id.in_(there))
        return self._rows(*conditions, limit=limit)

    def messages(self, ring: int) -> tuple[SentMessage, ...]:
        """Return where a ring arrived as a message, with every ring that the message tells."""
        query = select(delivery.c.channel, delivery.c.message_id, delivery.c.bundle).where(
            delivery.c.alert == ring, delivery.c.message_id.is_not(None), is_message(delivery)
        )
        return tuple(
            SentMessage(channel, message, self.of_message(channel, message) if bundle else (ring,))
            for channel, message, bundle in self._connection.execute(query)
        )

    def of_message(self, channel: str, message_id: str) -> tuple[int, ...]:
        """Return the rings that a message tells, oldest first; none when it is none of ours."""
        query = select(delivery.c.alert).where(
            delivery.c.channel == channel, delivery.c.message_id == message_id
        )
        return tuple(self._connection.scalars(query.distinct().order_by(delivery.c.alert)))

    def threads(self, rings: Collection[int]) -> dict[int, tuple[str, int]]:
        """Return the topic and story of each of these rings."""
        query = select(alert.c.id, alert.c.topic, alert.c.story).where(alert.c.id.in_(rings))
        return {row.id: (row.topic, row.story) for row in self._connection.execute(query)}

    def counts(self, since: datetime) -> dict[str, int]:
        """Return how many alerts each topic made since a time; replies are not counted."""
        query = select(alert.c.topic, func.count()).where(
            alert.c.created >= since, alert.c.action == Action.ALERT
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(alert.c.topic))}

    def entries(self, ring: int) -> tuple[int, ...]:
        """Return the numbers of a ring's entries, in the order they came."""
        return entries_told(self._connection, ring)

    def outlets(self, ring: int) -> tuple[str, ...]:
        """Return who reports what a ring tells, or has reported of its story since."""
        return tuple(self._connection.scalars(self._reports(ring, entry.c.outlet).distinct()))

    def feeds(self, ring: int) -> tuple[str, ...]:
        """Return the names of the feeds that these reports came by; "" of one without a name."""
        reports = self._reports(ring, func.coalesce(feed.c.name, ""))
        query = reports.outerjoin_from(entry, feed, feed.c.id == entry.c.feed)
        return tuple(self._connection.scalars(query.distinct()))

    def _reports(self, ring: int, column: ColumnElement[str]) -> Select[str]:
        """Return a query for a column of the entries of a ring, and of its story's since."""
        own = select(alert_entry.c.entry).where(alert_entry.c.alert == ring)
        thread = select(alert.c.topic, alert.c.story).where(alert.c.id == ring)
        topic, number = self._connection.execute(thread).one()
        begun = select(func.min(own.subquery().c.entry)).scalar_subquery()
        since = (entry.c.story == number) & (entry.c.id > begun) & entry.c.id.in_(matching(topic))
        return select(column).where(entry.c.id.in_(own) | since)

    def attempts(self, ring: int) -> tuple[AttemptRow, ...]:
        """Return every try of a ring's deliveries, in the order they began."""
        query = select(attempt).join(delivery, delivery.c.id == attempt.c.delivery)
        rows = self._connection.execute(
            query.where(delivery.c.alert == ring).order_by(attempt.c.id)
        )
        return tuple(_attempt_row(row) for row in rows.mappings())

    def _rows(self, *conditions: ColumnElement[bool], limit: int) -> tuple[AlertRow, ...]:
        told = select(func.count()).where(alert_entry.c.alert == alert.c.id).scalar_subquery()
        query = select(alert, SHOWN.label("title"), told.label("entries")).join(
            entry, entry.c.id == alert.c.lead
        )
        query = query.where(*conditions).order_by(alert.c.id.desc()).limit(limit)
        rows = self._connection.execute(query).mappings().all()
        sent = defaultdict(list)
        for one in delivery_rows(self._connection, [row["id"] for row in rows]):
            sent[one.alert].append(one)
        return tuple(_alert_row(row, tuple(sent[row["id"]])) for row in rows)


def _tried() -> Select[tuple[int]]:
    """Deliveries that are on their way or were: what their ring tells can no longer grow."""
    return select(delivery.c.id).where(
        (delivery.c.state != State.PENDING) | (delivery.c.attempts > 0)
    )


def _was_told_before() -> ColumnElement[bool]:
    """Whether another ring told some channels what one says: by a correction, for who had not it.

    What is gathered into such a ring would bring to them again what they heard.
    """
    query = _tried().join(decision, decision.c.alert == delivery.c.alert)
    query = query.join(alert_entry, alert_entry.c.entry == decision.c.entry)
    query = query.where(
        alert_entry.c.alert == alert.c.id,
        decision.c.topic == alert.c.topic,
        decision.c.alert != alert.c.id,
    )
    return exists(query.correlate(alert))


def _hearers(rows: Sequence[Any]) -> Hearers:
    return Hearers(
        by_alert=any(row.action == Action.ALERT for row in rows),
        channels=frozenset(row.channel for row in rows if row.has_message),
        muted=frozenset(row.channel for row in rows if row.state == State.MUTED),
        lost=frozenset(row.channel for row in rows if row.state == State.DEAD),
    )


def _like(number: int) -> CTE:
    """Return an entry with all that says the same: up to what it goes back to, and its copies."""
    own = select(entry.c.id, entry.c.copy_of).where(entry.c.id == number).cte("up", recursive=True)
    older = select(entry.c.id, entry.c.copy_of).join(own, entry.c.id == own.c.copy_of)
    up = own.union(older)
    origins = select(up.c.id).cte("alike", recursive=True)
    return origins.union(select(entry.c.id).join(origins, entry.c.copy_of == origins.c.id))


def _first_hold(action: Action) -> Hold:
    return Hold.REPLY_INTERVAL if action is Action.REPLY else Hold.GROUP_WAIT


def _decided(made: Decision, ring: int | None, now: datetime) -> dict[str, Any]:
    return {
        "action": made.action,
        "reason": made.reason,
        "alert": ring,
        "time": now,
        "news": news_to_json(made.news),
    }


def _decision_row(row: RowMapping) -> DecisionRow:
    return DecisionRow(
        entry=row["entry"],
        topic=row["topic"],
        action=Action(row["action"]),
        reason=Reason(row["reason"]),
        ring=row["alert"],
        news=news_from_json(row["news"]),
    )


def _attempt_row(row: RowMapping) -> AttemptRow:
    return AttemptRow(
        delivery=row["delivery"],
        started=row["started"],
        ended=row["ended"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        error=row["error"],
    )


def _alert_row(row: RowMapping, deliveries: tuple[DeliveryRow, ...]) -> AlertRow:
    kinds = {"action": Action(row["action"]), "priority": Priority(row["priority"])}
    return AlertRow(**{**row, **kinds, "deliveries": deliveries})
