"""What a message about a ring tells of, and what it and its thread are called by."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from watcher.alerts.views import Report
from watcher.model import Action, Match, Reason, Relation
from watcher.storage.entries import entry_of
from watcher.storage.evidence import match_from_json, news_from_json
from watcher.storage.schema import alert, alert_entry, decision, delivery, entry, match
from watcher.storage.threads import is_message, is_message_of
from watcher.storage.types import Moment

#: Entries that an alert could have been called by; a minute's wait brings no more.
MOST_OPENINGS = 50


def reports_of(connection: Connection, ring: RowMapping, channel: str) -> tuple[Report, ...]:
    """Return the entries that a ring tells a channel, its lead first, then in the order they came.

    What brought the thread's alert to a channel is named by that, and by no reply that came to the
    channel with a later entry.
    """
    told = alert_entry.join(entry, entry.c.id == alert_entry.c.entry)
    for kept in (match, decision):
        same = (kept.c.entry == entry.c.id) & (kept.c.topic == ring["topic"])
        told = told.outerjoin(kept, same)
    query = select(
        entry,
        match.c.evidence,
        match.c.sentence,
        decision.c.news,
        decision.c.reason.label("decided"),
        decision.c.time.label("decided_at"),
    )
    query = query.select_from(told)
    query = query.where(alert_entry.c.alert == ring["id"], entry.c.story == _story_of(ring))
    query = query.order_by(entry.c.id != ring["lead"], entry.c.id)
    rows = connection.execute(query).mappings().all()
    brought = connection.scalars(_brought(ring, channel)).all()
    left = [row for row in rows if row["decided_at"] not in brought]
    return tuple(_report(row, _match_of(row, ring["topic"])) for row in left or rows)


def _brought(ring: RowMapping, channel: str) -> Select[Any]:
    """Return when an entry brought a thread's alert to a channel, later than it came to others.

    That is when the entry was decided about. What came to the channel by the ring at that moment is
    not told by the alert.
    """
    came = select(delivery.c.created).where(delivery.c.channel == channel, is_message(delivery))
    own = came.where(delivery.c.alert == ring["id"]).scalar_subquery()
    alerts = came.join(alert, alert.c.id == delivery.c.alert).where(
        alert.c.story == ring["story"],
        alert.c.topic == ring["topic"],
        alert.c.action == Action.ALERT,
        alert.c.id != ring["id"],
    )
    return alerts.where(alert.c.created < delivery.c.created, delivery.c.created < own)


def others_of(connection: Connection, ring: RowMapping, channel: str) -> tuple[Report, ...]:
    """Return the first entry of the story in each language that a ring can be called by.

    Those that the ring tells of itself are left out.
    """
    firsts = select(func.min(entry.c.id)).where(_lent(ring, channel)).group_by(entry.c.language)
    query = select(entry, match.c.evidence, match.c.sentence).join(
        match, match.c.entry == entry.c.id
    )
    query = query.where(match.c.topic == ring["topic"], entry.c.id.in_(firsts))
    rows = connection.execute(query.order_by(entry.c.id)).mappings()
    return tuple(_report(row, _match_of(row, ring["topic"])) for row in rows)


def openings_of(connection: Connection, ring: RowMapping, channel: str) -> tuple[Report, ...]:
    """Return what the thread's first message in a channel had to choose a headline from."""
    first = connection.execute(_begun(ring, channel).limit(1)).mappings().one()
    told = _told(first)
    sent = _sent(first, channel)
    own = entry.c.id.in_(told) & (entry.c.story == _story_of(first))
    in_time = or_(sent.is_(None), entry.c.seen <= sent, entry.c.id == first["lead"])
    lent = and_(_lent(first, channel), entry.c.seen <= sent)
    query = select(entry).where((own & in_time) | lent)
    query = query.order_by(entry.c.id != first["lead"], entry.c.id.not_in(told), entry.c.id)
    rows = connection.execute(query.limit(MOST_OPENINGS)).mappings()
    return tuple(_report(row, None) for row in rows)


def matching(topic: str) -> Select[tuple[int]]:
    """Return the numbers of all entries that match a topic."""
    return select(match.c.entry).where(match.c.topic == topic)


def _begun(ring: RowMapping, channel: str) -> Select[Any]:
    """Return the rings of a thread, first those before this one that a channel got, by age."""
    arrived = exists().where(is_message_of(alert.c.id, channel), delivery.c.sent_at.is_not(None))
    query = select(alert).where(alert.c.story == ring["story"], alert.c.topic == ring["topic"])
    got = and_(alert.c.id < ring["id"], arrived)
    return query.order_by(case((got, 0), else_=1), alert.c.id)


def _sent(ring: RowMapping, channel: str) -> ScalarSelect[Any]:
    """Return when a ring went out to a channel; where it did not, when it first did to any."""
    own = case((delivery.c.channel == channel, delivery.c.sent_at))
    query = select(func.coalesce(func.min(own), func.min(delivery.c.sent_at)))
    return query.where(delivery.c.alert == ring["id"], is_message(delivery)).scalar_subquery()


def _lent(ring: RowMapping, channel: str) -> ColumnElement[bool]:
    """Whether an entry that a ring does not tell of can lend it a headline."""
    return and_(
        entry.c.story == ring["story"],
        entry.c.id.in_(matching(ring["topic"])),
        entry.c.id.not_in(_told(ring)),
        entry.c.id.not_in(_later(ring, channel)),
    )


def _later(ring: RowMapping, channel: str) -> Select[tuple[int]]:
    """Return what the replies in a ring's thread tell, with its copies: it is no news of the ring.

    Whom a later entry brought to the story is told the ring by that one: it may be the only one
    that they can read.
    """
    brought = select(delivery.c.created).where(is_message_of(ring["id"], channel))
    since = func.coalesce(brought.scalar_subquery(), literal(ring["created"], Moment))
    told = select(entry.c.id).join(alert_entry, alert_entry.c.entry == entry.c.id)
    told = told.join(alert, alert.c.id == alert_entry.c.alert).where(
        alert.c.story == ring["story"],
        alert.c.topic == ring["topic"],
        alert.c.action == Action.REPLY,
        alert.c.id > ring["id"],
        entry.c.seen > since,
    )
    later = told.cte("later", recursive=True)
    copies = select(entry.c.id).join(later, entry.c.copy_of == later.c.id)
    return select(later.union(copies).c.id)


def _told(ring: RowMapping) -> Select[tuple[int]]:
    return select(alert_entry.c.entry).where(alert_entry.c.alert == ring["id"])


def _story_of(ring: RowMapping) -> ScalarSelect[int]:
    """Return the story of a ring's lead: what else it told may be in another one since."""
    lead = entry.alias("lead")
    return select(lead.c.story).where(lead.c.id == ring["lead"]).scalar_subquery()


def _match_of(row: RowMapping, topic: str) -> Match | None:
    if row["evidence"] is None:
        return None
    return match_from_json(topic, row["evidence"], row["sentence"])


def _report(row: RowMapping, found: Match | None) -> Report:
    told, decided = entry_of(row), row.get("decided")
    return Report(
        number=row["id"],
        title=told.title,
        url=told.url,
        outlet=told.outlet,
        language=row["language"] or told.language,
        time=told.time,
        summary=told.summary,
        evidence=found.evidence if found else (),
        sentence=found.sentence if found else None,
        relation=Relation(row["relation"]),
        news=news_from_json(row.get("news")),
        decided=Reason(decided) if decided else None,
    )
