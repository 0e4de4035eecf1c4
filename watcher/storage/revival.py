"""Messages that get another chance: what died, and what was for a channel that is no more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, case, literal, select

from watcher.storage.rings import delivery_key_of
from watcher.storage.rows import State
from watcher.storage.schema import alert, channel_chat, delivery, story
from watcher.storage.section import Section
from watcher.storage.threads import has_arrived, is_kept_from, is_message
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

    def hand_over(
        self, channel: str, other: str, now: datetime, *, is_former: bool
    ) -> tuple[int, int]:
        """Let another channel have what waits or died for one.

        What waits keeps its time, and what may have arrived is a possible repeat here too: mostly
        the same readers are meant. Of an alert that the other has already, or will have, it gets no
        second message; of one that never came to it, this is the first.

        Args:
            channel: the one.
            other: the other.
            now: the present time.
            is_former: there is no such channel any more: what the other has is done with.

        Returns:
            How many messages the other gets, and how many are done with.
        """
        unsent = (
            is_message(delivery)
            & (delivery.c.channel == channel)
            & delivery.c.state.in_((State.PENDING, State.DEAD))
        )
        waits = select(delivery.c.alert).where(unsent)
        missed = (delivery.c.channel == other) & is_message(delivery) & is_kept_from()
        self._connection.execute(delivery.delete().where(missed, delivery.c.alert.in_(waits)))
        had, settled = delivery.c.alert.in_(_alerts_of(other)), 0
        if is_former:
            settled = self._connection.execute(delivery.delete().where(unsent, had)).rowcount
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
        moved = delivery.update().where(unsent, ~had)
        return self._connection.execute(moved.values(changes)).rowcount, settled

    def rename(self, channel: str, other: str) -> None:
        """Have what a former channel was sent be another one's, if both write to the same chat.

        So what is told next there answers it. Numbers of messages mean nothing in another chat.
        """
        chats = select(channel_chat.c.chat)
        one, two = (
            self._connection.scalar(chats.where(channel_chat.c.channel == name))
            for name in (channel, other)
        )
        if one is None or one != two:
            return
        key = delivery_key_of(delivery.c.alert, other)
        changes = {
            "channel": other,
            "key": case((is_message(delivery), key), else_=key.concat("-edit")),
        }
        told = delivery.update().where(
            delivery.c.channel == channel,
            ~is_message(delivery) | (delivery.c.state == State.SENT),
            delivery.c.alert.not_in(_alerts_of(other)),
        )
        self._connection.execute(told.values(changes))


def _alerts_of(channel: str) -> Select[tuple[int]]:
    return select(delivery.c.alert).where(delivery.c.channel == channel, is_message(delivery))


def _alerts_of_stories_since(time: datetime) -> Select[tuple[int]]:
    query = select(alert.c.id).join(story, story.c.id == alert.c.story)
    return query.where(story.c.last_seen >= time)
