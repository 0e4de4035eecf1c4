"""Which ring tells of which entry once stories were corrected by hand.

One rule: a ring is of the story that its lead is in, and tells of what is in that story. An entry
of another story is for that one to tell: what a channel may have heard rang for it too
(`shared_ring`), what a channel has still to hear comes by a ring of its own. Of a topic's thread
the first ring that a channel hears is the alert; a further alert that nobody heard yet joins one
that waits, or answers one that was told.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from watcher.alerts.decide import MOST_TOLD
from watcher.model import Action
from watcher.storage.insert import add_row
from watcher.storage.rings import delivery_key, open_ring
from watcher.storage.rows import State
from watcher.storage.schema import alert, alert_entry, decision, delivery, entry, shared_ring
from watcher.storage.section import Section
from watcher.storage.threads import entries_told, is_message, rang_for


class Retelling(Section):
    """Lets rings follow the entries that they tell of, in one transaction."""

    def part(self, old: int, opened: int) -> None:
        """Part the rings of a story that entries just left for a new one."""
        rings = self._telling(opened)
        self._follow_leads(rings)
        for ring in rings:
            self._part(ring, old, opened)
        for topic in {self._row(ring)["topic"] for ring in rings}:
            self._settle(topic, old)
            self._settle(topic, opened)

    def join(self, kept: int, other: int) -> None:
        """Bring the rings of a story to the one that it was merged into."""
        self._connection.execute(update(alert).where(alert.c.story == other).values(story=kept))
        moved = select(literal(kept), shared_ring.c.alert).where(shared_ring.c.story == other)
        self._connection.execute(
            insert(shared_ring).from_select(["story", "alert"], moved).on_conflict_do_nothing()
        )
        self._connection.execute(delete(shared_ring).where(shared_ring.c.story == other))
        topics = select(alert.c.topic).where(alert.c.story == kept).distinct()
        for topic in list(self._connection.scalars(topics)):
            self._withdraw_doubles(topic, kept)
            self._settle(topic, kept)

    def _telling(self, story: int) -> list[int]:
        """Return the rings that tell of a story's entries."""
        told = alert_entry.join(entry, entry.c.id == alert_entry.c.entry)
        query = select(alert_entry.c.alert).select_from(told).where(entry.c.story == story)
        return list(self._connection.scalars(query.distinct().order_by(alert_entry.c.alert)))

    def _follow_leads(self, rings: Collection[int]) -> None:
        lead = select(entry.c.story).where(entry.c.id == alert.c.lead).scalar_subquery()
        self._connection.execute(update(alert).where(alert.c.id.in_(rings)).values(story=lead))

    def _part(self, number: int, old: int, opened: int) -> None:
        """Let what a ring tells of the other of two stories be told by that one."""
        ring = self._row(number)
        other = old if ring["story"] == opened else opened
        strays = self._strays(ring, other)
        if not strays:
            return
        sent = [row for row in self._deliveries(number) if _may_be_heard(row)]
        unsent = [row for row in self._deliveries(number) if row["state"] != State.SENT]
        if sent:
            self._share(ring, strays, other)
        # A third story's ring told of these before they moved: their last one has seen to them.
        if (unsent or not sent) and ring["story"] in {old, opened}:
            opening = self._open(ring, other, strays, unsent)
            if not sent:
                self._give(ring, opening, strays)

    def _strays(self, ring: RowMapping, story: int) -> list[int]:
        """Return what a ring tells of a story that is not its own."""
        told = alert_entry.join(entry, entry.c.id == alert_entry.c.entry)
        query = select(entry.c.id).select_from(told).where(alert_entry.c.alert == ring["id"])
        query = query.where(entry.c.story == story, entry.c.story != ring["story"])
        return list(self._connection.scalars(query.order_by(entry.c.id)))

    def _share(self, ring: RowMapping, strays: Sequence[int], story: int) -> None:
        """Let a ring count for a story if it rang of it; what was only edited in made no sound."""
        query = select(decision.c.entry).where(
            decision.c.topic == ring["topic"],
            decision.c.entry.in_(strays),
            decision.c.action.in_((Action.ALERT, Action.REPLY)),
        )
        rang = {*self._connection.scalars(query), ring["lead"]}
        if rang.intersection(strays):
            add_row(self._connection, shared_ring, {"story": story, "alert": ring["id"]})
        self._take_out(ring["id"], set(strays) - rang)

    def _take_out(self, ring: int, numbers: Collection[int]) -> None:
        gone = (alert_entry.c.alert == ring) & alert_entry.c.entry.in_(numbers)
        self._connection.execute(delete(alert_entry).where(gone))

    def _give(self, ring: RowMapping, other: int, numbers: Collection[int]) -> None:
        """Let another ring alone tell of entries that nobody heard of."""
        self._take_out(ring["id"], numbers)
        made = (decision.c.alert == ring["id"]) & decision.c.entry.in_(numbers)
        self._connection.execute(update(decision).where(made).values(alert=other))

    def _open(
        self,
        like: RowMapping,
        story: int,
        numbers: Sequence[int],
        deliveries: Iterable[RowMapping],
    ) -> int:
        """Open a ring that waits as another does, for the same channels."""
        kept = {name: like[name] for name in ("topic", "priority", "created", "due")}
        lead = like["lead"] if like["lead"] in numbers else numbers[0]
        values = {**kept, "story": story, "action": Action.ALERT, "lead": lead}
        opened = open_ring(self._connection, values, numbers)
        rows = [_again(row, opened) for row in deliveries]
        if rows:
            self._connection.execute(delivery.insert(), rows)
        return opened

    def _withdraw_doubles(self, topic: str, story: int) -> None:
        """Let no channel wait for a ring that says only what another one will tell it too.

        So it is where a split is taken back that opened a ring for those who had still to hear.
        """
        told = {ring: self._told(ring, story) for ring in self._own_rings(topic, story)}
        for ring in reversed(list(told)):
            for other in [one for one in told if one != ring and told[ring] <= told[one]]:
                if told[ring] and self._withdraw(ring, other):
                    del told[ring]
                    break

    def _told(self, ring: int, story: int) -> set[int]:
        """Return what a ring tells of a story."""
        told = entries_told(self._connection, ring)
        query = select(entry.c.id).where(entry.c.id.in_(told), entry.c.story == story)
        return set(self._connection.scalars(query))

    def _withdraw(self, number: int, other: int) -> bool:
        """Leave to another ring the channels that wait for both; tell whether a ring is gone."""
        there = {row["channel"]: row for row in self._deliveries(other)}
        mine = self._deliveries(number)
        double = [row["id"] for row in mine if _comes_with(row, there.get(row["channel"]))]
        self._connection.execute(delete(delivery).where(delivery.c.id.in_(double)))
        if not double or len(double) < len(mine):
            return False
        self._replace(number, other)
        return True

    def _replace(self, number: int, other: int) -> None:
        """Let another ring stand where one is that goes to nobody any more."""
        moved = update(decision).where(decision.c.alert == number)
        self._connection.execute(moved.values(alert=other))
        self._connection.execute(delete(alert).where(alert.c.id == number))

    def _settle(self, topic: str, story: int) -> None:
        """Let each ring of a thread that nobody heard yet be its alert, part of it, or a reply."""
        waiting: list[int] = []
        is_untold = not self._is_heard(topic, story)
        for number in self._own_rings(topic, story):
            if any(map(_may_be_heard, self._deliveries(number))):
                continue
            if not (is_untold and self._fold(number, waiting)):
                self._name(number, self._heard_before(number, topic, story))
                waiting.append(number)

    def _is_heard(self, topic: str, story: int) -> bool:
        return any(map(_may_be_heard, self._thread(topic, story)))

    def _fold(self, number: int, waiting: Iterable[int]) -> bool:
        """Let a ring that waits already tell what an alert would, if there is room in one."""
        mine = entries_told(self._connection, number)
        told = ((ring, len(entries_told(self._connection, ring))) for ring in waiting)
        room = (ring for ring, count in told if count + len(mine) <= MOST_TOLD)
        into = next(room, None)
        if into is None or self._row(number)["action"] != Action.ALERT:
            return False
        rows = [{"alert": into, "entry": one} for one in mine]
        self._connection.execute(insert(alert_entry).on_conflict_do_nothing(), rows)
        self._reach(into, number)
        self._replace(number, into)
        return True

    def _reach(self, ring: int, other: int) -> None:
        """Bring a ring to the channels of another, and where only that one was to come."""
        own = {row["channel"]: row for row in self._deliveries(ring)}
        for row in self._deliveries(other):
            there = own.get(row["channel"])
            if there and (there["state"] == State.PENDING or row["state"] != State.PENDING):
                continue
            if there:
                self._connection.execute(delete(delivery).where(delivery.c.id == there["id"]))
            values = {"alert": ring, "key": delivery_key(ring, row["channel"])}
            moved = update(delivery).where(delivery.c.id == row["id"])
            self._connection.execute(moved.values(values))

    def _name(self, number: int, heard: Collection[str]) -> None:
        """Let a ring be a reply if one of its channels hears another before it, else an alert."""
        channels = {row["channel"] for row in self._deliveries(number)}
        if channels:
            action = Action.ALERT if channels.isdisjoint(heard) else Action.REPLY
            changed = update(alert).where(alert.c.id == number)
            self._connection.execute(changed.values(action=action))

    def _heard_before(self, number: int, topic: str, story: int) -> set[str]:
        """Return the channels that heard another ring of a thread, or will before this one."""
        rows = self._thread(topic, story)
        return {row["channel"] for row in rows if _is_ahead(row, number, story)}

    def _thread(self, topic: str, story: int) -> Sequence[RowMapping]:
        """Return the messages of a story's rings."""
        query = select(delivery, alert.c.story).join(alert, alert.c.id == delivery.c.alert)
        query = query.where(rang_for(story), alert.c.topic == topic, is_message(delivery))
        return self._connection.execute(query).mappings().all()

    def _own_rings(self, topic: str, story: int) -> list[int]:
        own = (alert.c.topic == topic) & (alert.c.story == story)
        return list(self._connection.scalars(select(alert.c.id).where(own).order_by(alert.c.id)))

    def _row(self, ring: int) -> RowMapping:
        return self._connection.execute(select(alert).where(alert.c.id == ring)).mappings().one()

    def _deliveries(self, ring: int) -> Sequence[RowMapping]:
        query = select(delivery).where(delivery.c.alert == ring, is_message(delivery))
        return self._connection.execute(query.order_by(delivery.c.id)).mappings().all()


def _may_be_heard(row: RowMapping) -> bool:
    """Tell whether a message arrived, or perhaps did."""
    return bool(row["state"] in {State.SENT, State.SENDING} or row["maybe_sent"])


def _comes_with(row: RowMapping, other: RowMapping | None) -> bool:
    """Tell whether a channel will hear by another message what one would tell that waits too.

    Where both died, or both were muted, one of them is enough for what may yet revive them.
    """
    if other is None or _may_be_heard(row):
        return False
    return bool(other["state"] == State.PENDING or other["state"] == row["state"])


def _is_ahead(row: RowMapping, number: int, story: int) -> bool:
    """Tell whether a message of another ring is heard before that of a ring of a story."""
    is_earlier = row["story"] == story and row["alert"] < number
    return _may_be_heard(row) or (is_earlier and row["state"] != State.MUTED)


def _again(row: RowMapping, ring: int) -> dict[str, Any]:
    """Return a message for another ring that comes when this one would, to the same channel.

    What is on its way may arrive and tell of all: then the other is a possible repeat.
    """
    is_on_its_way = row["state"] == State.SENDING
    kept = {name: value for name, value in row.items() if name not in {"id", "lease_until"}}
    changes = {"alert": ring, "key": delivery_key(ring, row["channel"]), "attempts": 0}
    if is_on_its_way:
        changes |= {"state": State.PENDING, "maybe_sent": True}
    return {**kept, **changes}
