"""Small things that must outlive a restart: mutes, topics as they were, notices already told."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from watcher.model import Mute, MuteKind
from watcher.storage.rows import LastRun
from watcher.storage.schema import meta, mute, notice, topic_seen
from watcher.storage.types import from_microseconds, to_microseconds

#: Made once: it is asked at every poll that brings something.
_SINCE = select(topic_seen.c.topic, topic_seen.c.since)

_INSTANCE, _RUN = "instance", "run"
_FILLER = "filler"
#: As much as a poll of some new entries needs.
_FILLER_BYTES = 256 * 1024

#: The notice that stands while we are offline.
OFFLINE = "offline"

#: What the notice of a channel that nothing reaches begins with; its name follows.
CHANNEL_GONE = "channel gone "


def instance_id(connection: Connection) -> str:
    """Return what tells this database from every other; it is made up when first asked for.

    Numbers start anew in a new database; what leaves the house under a number (a Message-ID, by
    which mail servers drop repeats) must not.
    """
    stored = connection.scalar(select(meta.c.value).where(meta.c.key == _INSTANCE))
    if stored is not None:
        return str(stored)
    made = secrets.token_hex(6)
    connection.execute(insert(meta).values(key=_INSTANCE, value=made))
    return made


def forget_instance(connection: Connection) -> None:
    """Let a database count as a new one: a copy gives numbers that its original has given too."""
    connection.execute(delete(meta).where(meta.c.key == _INSTANCE))


def fill(connection: Connection) -> None:
    """Write a row of no use."""
    row = {"key": _FILLER, "value": "x" * _FILLER_BYTES}
    query = insert(meta).values(row)
    connection.execute(query.on_conflict_do_update(index_elements=["key"], set_=row))


def unfill(connection: Connection) -> None:
    """Delete that row."""
    connection.execute(delete(meta).where(meta.c.key == _FILLER))


class Mutes:
    """What is silenced, and until when."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        kind: MuteKind,
        subject: str,
        until: datetime,
        now: datetime,
        made_by: str | None = None,
    ) -> None:
        """Silence something until a time; a mute of the same thing is replaced."""
        row = {
            "kind": kind,
            "subject": subject,
            "until": until,
            "created": now,
            "made_by": made_by,
        }
        query = insert(mute).values(row)
        self._connection.execute(query.on_conflict_do_update(["kind", "subject"], set_=row))

    def remove(self, kind: MuteKind, subject: str) -> bool:
        """End a mute; False when there was none."""
        gone = delete(mute).where(mute.c.kind == kind, mute.c.subject == subject)
        return self._connection.execute(gone).rowcount > 0

    def until(self, topic: str, story: int, now: datetime, outlet: str = "") -> datetime | None:
        """Return until when an entry is kept and not told; None when people are to hear of it.

        A mute of a topic (or channel) says "not now": what it brings waits in the outbox. One of
        a story or outlet says "not this".
        """
        subjects = [
            (MuteKind.STORY, str(story)),
            (MuteKind.THREAD, f"{topic}/{story}"),
            (MuteKind.OUTLET, outlet),
        ]
        return self._until(subjects, now)

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

    def follow_clock(self, now: datetime) -> None:
        """Have mutes that a clock made which was ahead end as long after now as they were for."""
        for one in self._mutes(mute.c.created > now):
            self.add(one.kind, one.subject, one.until - (one.created - now), now, one.made_by)

    def forget(self, before: datetime) -> int:
        """Let go of the mutes that ended before a time; return how many."""
        return self._connection.execute(delete(mute).where(mute.c.until < before)).rowcount

    def _mutes(self, wanted: ColumnElement[bool]) -> tuple[Mute, ...]:
        rows = self._connection.execute(select(mute).where(wanted).order_by(mute.c.until))
        return tuple(
            Mute(MuteKind(row.kind), row.subject, row.until, row.created, row.made_by)
            for row in rows
        )

    def _until(self, subjects: Iterable[tuple[MuteKind, str]], now: datetime) -> datetime | None:
        wanted = tuple_(mute.c.kind, mute.c.subject).in_(
            [(kind.value, name) for kind, name in subjects]
        )
        ends = self._connection.scalars(select(mute.c.until).where(wanted, mute.c.until > now))
        return max(ends, default=None)


class Topics:
    """Since when each topic stands as it does."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sync(self, digests: Mapping[str, str], now: datetime) -> dict[str, datetime]:
        """Note the topics' definitions; return since when each has been as it is."""
        row = insert(topic_seen)
        changed = row.on_conflict_do_update(
            ["topic"],
            set_={"digest": row.excluded.digest, "since": row.excluded.since},
            # A clock that was ahead would have a topic be new until then.
            where=(topic_seen.c.digest != row.excluded.digest)
            | (topic_seen.c.since > row.excluded.since),
        )
        self._connection.execute(delete(topic_seen).where(topic_seen.c.topic.not_in(digests)))
        if digests:
            rows = [
                {"topic": topic, "digest": digest, "since": now}
                for topic, digest in digests.items()
            ]
            self._connection.execute(changed, rows)
        return self.all()

    def since(self, topic: str) -> datetime | None:
        """Return since when a topic has been as it is; None if `sync` was not told of it."""
        return self.all().get(topic)

    def all(self) -> dict[str, datetime]:
        """Return since when each topic has been as it is."""
        return {row.topic: row.since for row in self._connection.execute(_SINCE)}


class Runs:
    """When a Watcher last worked on the database, and whether it ended by itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, now: datetime, *, once: bool) -> None:
        """Note that a run begins: a daemon's, or one round."""
        self._set({"once": once, "started": to_microseconds(now), "ended": None})

    def end(self, now: datetime) -> None:
        """Note that the run ends as it should."""
        last = self.last()
        if last is not None:
            started = to_microseconds(last.started)
            self._set({"once": last.once, "started": started, "ended": to_microseconds(now)})

    def last(self) -> LastRun | None:
        """Return the last run; None in a database that none worked on yet."""
        stored = self._connection.scalar(select(meta.c.value).where(meta.c.key == _RUN))
        if stored is None:
            return None
        run = json.loads(stored)
        ended = run["ended"]
        return LastRun(
            once=run["once"],
            started=from_microseconds(run["started"]),
            ended=None if ended is None else from_microseconds(ended),
        )

    def _set(self, run: Mapping[str, object]) -> None:
        value = json.dumps(run)
        query = insert(meta).values(key=_RUN, value=value)
        self._connection.execute(query.on_conflict_do_update(["key"], set_={"value": value}))


class Notices:
    """What people were told once about the program itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, key: str, now: datetime) -> bool:
        """Note that something is told; False when it was told before and not cleared since."""
        told = insert(notice).values(key=key, told=now).on_conflict_do_nothing()
        return self._connection.execute(told).rowcount > 0

    def clear(self, key: str) -> bool:
        """Forget a notice, so that it is told anew; False when it was never told."""
        return self._connection.execute(delete(notice).where(notice.c.key == key)).rowcount > 0

    def gone_channels(self) -> dict[str, datetime]:
        """Return the channels that nothing reaches, and since when."""
        return {
            key.removeprefix(CHANNEL_GONE): told
            for key, told in self.current().items()
            if key.startswith(CHANNEL_GONE)
        }

    def offline_since(self) -> datetime | None:
        """Return since when the running Watcher, or the last one, seems to be offline."""
        return self.current().get(OFFLINE)

    def current(self) -> dict[str, datetime]:
        """Return what was told and not cleared, and when."""
        return {row.key: row.told for row in self._connection.execute(select(notice))}
