"""What the remote control remembers: feedback on alerts, where bots stand, chats that moved."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, distinct, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from watcher.model import FeedbackKind
from watcher.storage.insert import add_row, put_row
from watcher.storage.lost import Lost
from watcher.storage.rows import Rating, State
from watcher.storage.schema import alert, bot, channel_chat, delivery, feedback, moved_chat
from watcher.storage.section import Section


class Feedback(Section):
    """What people said of alerts by a button."""

    def add(
        self,
        kind: FeedbackKind,
        *,
        ring: int,
        topic: str,
        story: int,
        channel: str,
        person: int,
        name: str,
        now: datetime,
    ) -> None:
        """Keep what a person said of an alert, once."""
        row = {
            "alert": ring,
            "topic": topic,
            "story": story,
            "kind": kind,
            "channel": channel,
            "person": person,
            "name": name,
            "made": now,
        }
        add_row(self._connection, feedback, row)

    def take_back(self, kind: FeedbackKind, topic: str, story: int) -> None:
        """Forget what was said of a story for a topic, by anybody.

        The alert and each of its replies show what was said under any of them.
        """
        rings = select(alert.c.id).where(alert.c.topic == topic, alert.c.story == story)
        gone = delete(feedback).where(feedback.c.kind == kind, feedback.c.alert.in_(rings))
        self._connection.execute(gone)

    def names(self, kind: FeedbackKind, ring: int) -> tuple[str, ...]:
        """Return who said something of an alert, the first one first."""
        query = select(feedback.c.name).where(feedback.c.kind == kind, feedback.c.alert == ring)
        return tuple(self._connection.scalars(query.order_by(feedback.c.id)))

    def ratings(self, topics: Collection[str], since: datetime) -> Mapping[str, Rating]:
        """Return for each topic how many stories it told since a time, and what was said of them.

        A story counts once, however many rings it had and people said it.
        """
        told = self._stories(topics, _told_since(alert, since))
        wrong = self._stories(topics, _said(FeedbackKind.NOT_TOPIC, since))
        seen = self._stories(topics, _said(FeedbackKind.SEEN, since))
        return {
            topic: Rating(told.get(topic, 0), wrong.get(topic, 0), seen.get(topic, 0))
            for topic in topics
        }

    def _stories(self, topics: Collection[str], wanted: ColumnElement[bool]) -> dict[str, int]:
        """Return by topic how many stories have rings of which something holds."""
        query = select(alert.c.topic, func.count(distinct(alert.c.story)))
        query = query.where(alert.c.topic.in_(topics), wanted).group_by(alert.c.topic)
        return {row[0]: row[1] for row in self._connection.execute(query)}


def _said(kind: FeedbackKind, since: datetime) -> ColumnElement[bool]:
    """Whether something was said of a ring whose story was told since a time.

    By that time, so that wrong ones are a part of those told. The story is that which the ring is
    of by now: a correction may have moved it.
    """
    told = alert.alias("told")
    of_thread = (told.c.story == alert.c.story) & (told.c.topic == alert.c.topic)
    return and_(
        alert.c.id.in_(select(feedback.c.alert).where(feedback.c.kind == kind)),
        exists(select(told.c.id).where(of_thread, _told_since(told, since))),
    )


def _told_since(ring: Any, since: datetime) -> ColumnElement[bool]:
    """Whether a ring was made since a time, and arrived somewhere."""
    arrived = select(delivery.c.alert).where(delivery.c.state == State.SENT)
    return and_(ring.c.created >= since, ring.c.id.in_(arrived))


class Bots(Section):
    """Where each bot stands: what it has taken in, and until when it must rest."""

    def next_update(self, key: str) -> int | None:
        """Return the first update that was not taken in; None for a bot that never asked."""
        found: int | None = self._connection.scalar(
            select(bot.c.next_update).where(bot.c.key == key)
        )
        return found

    def advance(self, key: str, next_update: int) -> None:
        """Note that everything before an update was taken in."""
        self._set(key, next_update=next_update)

    def rests(self, now: datetime) -> Mapping[str, datetime]:
        """Return the bots that must rest, and until when."""
        query = select(bot.c.key, bot.c.rest_until).where(bot.c.rest_until > now)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def rest(self, key: str, until: datetime) -> None:
        """Note that a service asked a whole bot to wait."""
        self._set(key, rest_until=until)

    def end_rests(self) -> None:
        """Let every bot speak again: until when they rest was told by a clock that was wrong."""
        self._connection.execute(bot.update().values(rest_until=None))

    def _set(self, key: str, **values: object) -> None:
        put_row(self._connection, bot, {"key": key, **values})


class Chats(Section):
    """Chats that got another number."""

    def moved(self) -> Mapping[str, str]:
        """Return configured chat -> where it is now."""
        return {row.chat: row.moved_to for row in self._connection.execute(select(moved_chat))}

    def move(self, chat: str, to: str, now: datetime) -> bool:
        """Note where a chat is now; False when that was known."""
        row = {"chat": chat, "moved_to": to, "moved": now}
        query = insert(moved_chat).values(row)
        query = query.on_conflict_do_update(
            ["chat"], set_=row, where=moved_chat.c.moved_to != query.excluded.moved_to
        )
        return self._connection.execute(query).rowcount > 0

    def settle(self, chats: Mapping[str, str], now: datetime) -> None:
        """Note to which chat each channel writes now, as the configuration or a move has it.

        The numbers of messages in another chat are forgotten: here they are those of other
        messages, that would be edited and answered in their place.
        """
        moved = self.moved()
        known = {row.channel: row.chat for row in self._connection.execute(select(channel_chat))}
        for channel, chat in chats.items():
            row = {"channel": channel, "chat": moved.get(chat, chat)}
            if known.get(channel, row["chat"]) != row["chat"]:
                Lost(self._connection).forget_messages(channel, now)
            put_row(self._connection, channel_chat, row)
