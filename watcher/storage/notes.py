"""Small things that must outlive a restart: notices told, runs, topics as they were, our name."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from watcher.alerts.notices import Notice
from watcher.storage.insert import add_row, put_row
from watcher.storage.meta import forget, note, noted
from watcher.storage.rows import LastOutage, LastRun
from watcher.storage.schema import notice, topic_seen
from watcher.storage.section import Section
from watcher.storage.types import from_microseconds, to_microseconds
from watcher.surrogates import encodable

#: Made once: it is asked at every poll that brings something.
_SINCE = select(topic_seen.c.since).where(topic_seen.c.topic == bindparam("topic"))

_INSTANCE, _RUN = "instance", "run"
#: What the notice begins with that stands while we are offline; a sentence on why follows.
OFFLINE = "offline "

#: Since when a heartbeat is owed: when the last one was told, or first came to be.
HEARTBEAT = "heartbeat"

#: What the notice of a channel that nothing reaches begins with; its name follows.
CHANNEL_GONE = "channel gone "
#: Followed by a channel whose messages cannot be changed, though others may reach it.
EDITS_REFUSED = "edits refused "

#: What the notice of a recipient begins with whom a channel's service refuses for good; the names
#: of the channel, which holds no space, and of the recipient follow.
RECIPIENT_REFUSED = "recipient refused "

#: What a notice begins with that is to be told still; the notice as JSON follows.
_DUE = "due "


def instance_id(connection: Connection) -> str:
    """Return what tells this database from every other; it is made up when first asked for.

    Numbers start anew in a new database; what leaves the house under a number (a Message-ID, by
    which mail servers drop repeats) must not.
    """
    stored = noted(connection, _INSTANCE)
    if stored is None:
        stored = secrets.token_hex(6)
        note(connection, _INSTANCE, stored)
    return stored


def forget_instance(connection: Connection) -> None:
    """Let a database count as a new one: a copy gives numbers that its original has given too."""
    forget(connection, _INSTANCE)


class Topics(Section):
    """Since when each topic stands as it does."""

    def sync(self, digests: Mapping[str, str], now: datetime) -> None:
        """Note the topics' definitions."""
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

    def since(self, topic: str) -> datetime | None:
        """Return since when a topic has been as it is; None if `sync` was not told of it."""
        return self._connection.scalar(_SINCE, {"topic": topic})


class Runs(Section):
    """When a Watcher last worked on the database, and whether it ended by itself."""

    def begin(self, now: datetime, *, once: bool) -> None:
        """Note that a run begins: a daemon's, or one round."""
        self._note({"once": once, "started": to_microseconds(now), "ended": None})

    def end(self, now: datetime) -> None:
        """Note that the run ends as it should."""
        if run := self._noted():
            self._note({**run, "ended": to_microseconds(now)})

    def last(self) -> LastRun | None:
        """Return the last run; None in a database that none worked on yet."""
        run = self._noted()
        if run is None:
            return None
        ended = None if run["ended"] is None else from_microseconds(run["ended"])
        return LastRun(run["once"], from_microseconds(run["started"]), ended)

    def _noted(self) -> dict[str, Any] | None:
        run: dict[str, Any] | None = json.loads(noted(self._connection, _RUN) or "null")
        return run

    def _note(self, run: Mapping[str, object]) -> None:
        note(self._connection, _RUN, json.dumps(run))


class Notices(Section):
    """What people were told once about the program itself."""

    def tell(self, key: str, now: datetime) -> bool:
        """Note that something is told; False when it was told before and not cleared since."""
        return add_row(self._connection, notice, {"key": key, "told": now})

    def remember(self, key: str, now: datetime) -> None:
        """Note that something is told now, whenever it was told before."""
        put_row(self._connection, notice, {"key": key, "told": now})

    def clear(self, key: str) -> bool:
        """Forget a notice, so that it is told anew; False when it was never told."""
        return self._connection.execute(delete(notice).where(notice.c.key == key)).rowcount > 0

    def keep(self, notices: Iterable[Notice], now: datetime) -> None:
        """Keep what is to be told until it is, in this order; what is so again comes last."""
        for place, one in enumerate(notices):
            self.remember(_due(one), now + timedelta(microseconds=place))

    def due(self) -> tuple[Notice, ...]:
        """Return what is to be told still, oldest first."""
        kept = sorted(self._under(_DUE).items(), key=lambda item: item[1])
        return tuple(_notice(key) for key, _ in kept)

    def settle(self, notices: Iterable[Notice]) -> None:
        """Let go of what was told, or never can be."""
        for one in notices:
            self.clear(_due(one))

    def gone_channels(self) -> dict[str, datetime]:
        """Return the channels that nothing reaches, and since when."""
        return self._under(CHANNEL_GONE)

    def refused_edits(self) -> set[str]:
        """Return the channels whose messages cannot be changed."""
        return set(self._under(EDITS_REFUSED))

    def refused_recipients(self) -> dict[str, dict[str, datetime]]:
        """Return by channel the recipients that its service refuses for good, and since when."""
        found: dict[str, dict[str, datetime]] = {}
        for key, told in self._under(RECIPIENT_REFUSED).items():
            channel, _, recipient = key.partition(" ")
            found.setdefault(channel, {})[recipient] = told
        return found

    def offline(self, why: str, now: datetime) -> None:
        """Note what keeps the running Watcher from all outlets; since when, if it was not noted."""
        known = self.outage()
        self.back_online()
        self.tell(OFFLINE + why, known.since if known else now)

    def back_online(self) -> None:
        """Forget it."""
        self._connection.execute(delete(notice).where(notice.c.key.startswith(OFFLINE.strip())))

    def outage(self) -> LastOutage | None:
        """Return what keeps the running Watcher, or kept the last one, from all outlets."""
        found = (LastOutage(told, why) for why, told in self._under(OFFLINE).items())
        return next(found, None)

    def current(self) -> dict[str, datetime]:
        """Return what was told and not cleared, and when."""
        return {row.key: row.told for row in self._connection.execute(select(notice))}

    def _under(self, prefix: str) -> dict[str, datetime]:
        """Return what follows a prefix in the keys of such notices, and when they were told."""
        current = self.current().items()
        return {key.removeprefix(prefix): told for key, told in current if key.startswith(prefix)}


def _due(one: Notice) -> str:
    doubt = [one.lost, one.due.isoformat(), one.has_come] if one.due else []
    return _DUE + encodable(json.dumps([*one[:3], *doubt], ensure_ascii=False))


def _notice(kept: str) -> Notice:
    text, about, anywhere, *doubt = json.loads(kept)
    if not doubt:
        return Notice(text, about, anywhere)
    lost, due, has_come = doubt
    return Notice(text, about, anywhere, lost, datetime.fromisoformat(due), has_come)
