"""Messages that get another chance: what died, and what was for a channel that is no more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, case, literal, select

from watcher.storage.rings import delivery_key_of
from watcher.storage.rows import State
from watcher.storage.schema import alert, delivery, story
from watcher.storage.section import Section
from watcher.storage.threads import has_arrived, is_message
from watcher.storage.types import Moment


class Revival(Section):
    """Brings deliveries back, in one transaction."""

    def retry_dead(
        self,
        now: datetime,
        *,
        alerts: Collection[int] | None = None,
        channels: Collection[str] | None = None,
        since: datetime | None = None,
    ) -> int:
        """Give dead deliveries a new life, all or those that meet each condition; return how many.

        Of alerts that are named also those that were not told under a mute which is over. An edit
        has one as long as there is the message that it changes; where its alert is not named, only
        if something was reported of its story since a time: who wants to read of one of weeks ago?
        """
        ended = delivery.c.state == State.DEAD
        if alerts is not None:
            ended |= (delivery.c.state == State.MUTED) & (delivery.c.due <= now)
            ended &= delivery.c.alert.in_(alerts)
        if channels is not None:
            ended &= delivery.c.channel.in_(channels)
        edits = has_arrived()
        if alerts is None and since is not None:
            edits &= delivery.c.alert.in_(_alerts_of_stories_since(since))
        # What was one message is one again: its bundle stays.
        changes = {
            "state": State.PENDING,
            "due": now,
            "created": now,
            "attempts": 0,
            "last_error": case((delivery.c.state == State.DEAD, delivery.c.last_error), else_=None),
        }
        revived = delivery.update().where(is_message(delivery) | edits, ended)
        return self._connection.execute(revived.values(changes)).rowcount

    def hand_over(self, channel: str, other: str, now: datetime) -> int:
        """Let another channel have what waits or died for one; return how many messages.

        What waits keeps its time, and what may have arrived is a possible repeat here too: mostly
        the same readers are meant. Of an alert that the other has already it gets no second
        message.
        """
        had = select(delivery.c.alert).where(delivery.c.channel == other, is_message(delivery))
        moved = (
            is_message(delivery)
            & (delivery.c.channel == channel)
            & delivery.c.state.in_((State.PENDING, State.DEAD))
            & delivery.c.alert.not_in(had)
        )
        is_dead, at = delivery.c.state == State.DEAD, literal(now, Moment)
        changes = {
            "channel": other,
            "key": delivery_key_of(delivery.c.alert, other),
            "state": State.PENDING,
            "due": case((is_dead, at), else_=delivery.c.due),
            "created": case((is_dead, at), else_=delivery.c.created),
            "attempts": 0,
            "last_error": None,
        }
        return self._connection.execute(delivery.update().where(moved).values(changes)).rowcount


def _alerts_of_stories_since(time: datetime) -> Select[tuple[int]]:
    query = select(alert.c.id).join(story, story.c.id == alert.c.story)
    return query.where(story.c.last_seen >= time)
