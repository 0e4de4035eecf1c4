"""Edits: one delivery per message on a screen, pending whenever the message is out of date.

It goes through the outbox as every delivery does. An edit is idempotent, so that one whose answer
was lost is simply made again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    bindparam,
    case,
    exists,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import Insert, insert

from watcher.model import Action, Errand
from watcher.storage import plain
from watcher.storage.rows import State
from watcher.storage.schema import alert, delivery
from watcher.storage.section import Section
from watcher.storage.threads import is_message

#: Whether a story has rings of its own: another's message does not show what it brings.
_RANG: Final = "SELECT 1 FROM alert WHERE story = ? LIMIT 1"


class Edits(Section):
    """Has messages brought up to date, in one transaction."""

    def outdate(
        self,
        story: int,
        *,
        topics: Collection[str],
        channels: Collection[str],
        interval: timedelta,
        now: datetime,
    ) -> None:
        """Have the alerts of a story edited that are on a screen.

        Args:
            story: what there is more to tell of.
            topics: those that want edits.
            channels: those that can edit.
            interval: the least time between two changes of one message.
            now: the clock.
        """
        if not (topics and channels and plain.rows(self._connection, _RANG, (story,))):
            return  # so it is for most: asking for the messages takes twenty times as long
        wanted = {"story": story, "topics": list(topics), "channels": list(channels)}
        shown = self._connection.execute(_shown(), wanted).mappings().all()
        if shown:
            self._connection.execute(_again(), [_edit(row, interval, now) for row in shown])


@cache
def _again() -> Insert:
    """Return the statement that has an edit made, for the first time or once more."""
    edit = insert(delivery)
    again = {
        "due": edit.excluded.due,
        "state": State.PENDING,
        "created": edit.excluded.created,
        "attempts": case((delivery.c.state == State.SENDING, delivery.c.attempts), else_=0),
    }
    # What refused one may be mended by now; a message that is gone is none that is shown. An edit
    # that waits is soon enough.
    return edit.on_conflict_do_update(
        ["alert", "channel", "kind"],
        set_=again,
        where=delivery.c.state != State.PENDING,
    )


@cache
def _shown() -> Select[Any]:
    """Messages of alerts that arrived or are on their way, alone; digests never change.

    Of a :story, its :topics and :channels. Made once: it is asked for each entry of a known story,
    and making it took a sixth of an entry's way through the house.
    """
    edit = delivery.alias("edit")
    its_edit = (
        (edit.c.alert == delivery.c.alert)
        & (edit.c.channel == delivery.c.channel)
        & (edit.c.kind == Errand.EDIT)
    )
    message = delivery.c["alert", "channel", "key", "sent_at", "state"]
    query = select(*message, edit.c.sent_at.label("edited"), edit.c.state.label("edit"))
    query = query.select_from(
        delivery.join(alert, alert.c.id == delivery.c.alert).outerjoin(edit, its_edit)
    )
    return query.where(
        alert.c.story == bindparam("story", type_=Integer),
        alert.c.action == Action.ALERT,
        alert.c.topic.in_(bindparam("topics", expanding=True)),
        delivery.c.channel.in_(bindparam("channels", expanding=True)),
        or_(delivery.c.state == State.SENDING, delivery.c.message_id.is_not(None)),
        or_(delivery.c.state != State.SENT, delivery.c.last_error.is_(None)),  # see `lost`
        is_alone(),
        is_message(delivery),
    )


def is_alone() -> ColumnElement[bool]:
    """Whether a message tells of one ring only, though it may have been held."""
    other = delivery.alias("other")
    together = exists(
        select(other.c.id).where(
            other.c.channel == delivery.c.channel,
            other.c.sent_at == delivery.c.sent_at,
            other.c.message_id == delivery.c.message_id,
            other.c.id != delivery.c.id,
            is_message(other),
        )
    )
    return or_(delivery.c.bundle.is_(None), (delivery.c.state == State.SENT) & ~together)


def _edit(message: RowMapping, interval: timedelta, now: datetime) -> dict[str, object]:
    under_way = State.SENDING in {message["state"], message["edit"]}
    # A clock that has been set back since would have the last change be one of tomorrow.
    changed = now if under_way else min(now, message["edited"] or message["sent_at"])
    return {
        "alert": message["alert"],
        "channel": message["channel"],
        "key": f"{message['key']}-edit",
        "kind": Errand.EDIT,
        "state": State.PENDING,
        "created": now,
        "due": max(now, changed + interval),
    }
