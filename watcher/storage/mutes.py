"""What is silenced, and until when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, literal, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from watcher.alerts.mutes import thread
from watcher.model import Mute, MuteKind
from watcher.storage.schema import mute
from watcher.storage.section import Section
from watcher.storage.types import Moment


class Mutes(Section):
    """The mutes in the database."""

    def add(
        self,
        kind: MuteKind,
        subject: str,
        until: datetime,
        now: datetime,
        made_by: str | None = None,
    ) -> None:
        """Silence something until a time; one that holds lasts until then, from when it began."""
        row = {
            "kind": kind,
            "subject": subject,
            "until": until,
            "created": now,
            "made_by": made_by,
        }
        goes_on = case((mute.c.until > now, mute.c.created), else_=literal(now, Moment))
        query = insert(mute).values(row)
        changed = {**row, "created": goes_on}
        self._connection.execute(query.on_conflict_do_update(["kind", "subject"], set_=changed))

    def remove(self, kind: MuteKind, subject: str) -> bool:
        """End a mute; False when there was none."""
        gone = delete(mute).where(mute.c.kind == kind, mute.c.subject == subject)
        return self._connection.execute(gone).rowcount > 0

    def until(
        self, topic: str, story: int, now: datetime, outlets: Collection[str] = ()
    ) -> datetime | None:
        """Return until when an entry is kept and not told; None when people are to hear of it.

        A mute of a topic (or channel) says "not now": what it brings waits in the outbox. One of
        a story or outlet says "not this".

        Args:
            topic: that it is for.
            story: that it is of.
            now: the clock.
            outlets: who published it, and the feed that it came by.
        """
        subjects = [
            (MuteKind.STORY, str(story)),
            (MuteKind.THREAD, thread(topic, story)),
            *((MuteKind.OUTLET, outlet) for outlet in outlets),
        ]
        wanted = tuple_(mute.c.kind, mute.c.subject).in_(subjects)
        ends = self._connection.scalars(select(mute.c.until).where(wanted, mute.c.until > now))
        return max(ends, default=None)

    def get(self, kind: MuteKind, subject: str, now: datetime) -> Mute | None:
        """Return the mute of something; None when none holds now."""
        wanted = (mute.c.kind == kind) & (mute.c.subject == subject) & (mute.c.until > now)
        return next(iter(self._mutes(wanted)), None)

    def current(self, now: datetime) -> tuple[Mute, ...]:
        """Return the mutes that hold now, the first to end first."""
        return self._mutes(mute.c.until > now)

    def ended(self, since: datetime, now: datetime) -> tuple[Mute, ...]:
        """Return the mutes whose time was up after a moment, but those ended by hand."""
        return self._mutes((mute.c.until > since) & (mute.c.until <= now))

    def subjects(self, kind: MuteKind) -> tuple[str, ...]:
        """Return everything of a kind that a mute was made for and not ended by hand."""
        return tuple(self._connection.scalars(select(mute.c.subject).where(mute.c.kind == kind)))

    def follow_clock(self, now: datetime) -> int:
        """Have mutes that a clock made which was ahead end as long after now as they were for.

        Returns:
            How many there were.
        """
        ahead = self._mutes(mute.c.created > now)
        for one in ahead:
            self.add(one.kind, one.subject, one.until - (one.created - now), now, one.made_by)
        return len(ahead)

    def forget(self, before: datetime) -> None:
        """Let go of the mutes that ended before a time."""
        self._connection.execute(delete(mute).where(mute.c.until < before))

    def _mutes(self, wanted: ColumnElement[bool]) -> tuple[Mute, ...]:
        rows = self._connection.execute(select(mute).where(wanted).order_by(mute.c.until))
        return tuple(
            Mute(MuteKind(row.kind), row.subject, row.until, row.created, row.made_by)
            for row in rows
        )
