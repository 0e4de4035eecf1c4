"""Stories corrected by hand, and what was said of their entries, kept as labelled data."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from watcher.model import Entry, MuteKind, Relation
from watcher.storage.entries import Entries
from watcher.storage.insert import insert_row
from watcher.storage.retelling import Retelling
from watcher.storage.schema import corrected, correction, entry, mute, story
from watcher.storage.section import Section
from watcher.storage.threads import story_now
from watcher.stories.corrected import Change, Judge, Kept, related_anew

Label = Literal["same", "different"]


class Corrections(Section):
    """Corrects stories in one transaction."""

    def story(self, number: int) -> int | None:
        """Return where a story's entries are: itself, or the story it was merged into."""
        query = select(story_now()).where(story.c.id == number)
        found: int | None = self._connection.scalar(query)
        return found

    def members(self, number: int) -> list[int]:
        """Return the numbers of a story's entries, the founder first."""
        query = select(entry.c.id).where(entry.c.story == number).order_by(entry.c.id)
        return list(self._connection.scalars(query))

    def stories_of(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return the story of each of these entries; unknown ones are missing."""
        query = select(entry.c.id, entry.c.story).where(entry.c.id.in_(numbers))
        return {row.id: row.story for row in self._connection.execute(query)}

    def split(self, number: int, leaving: Sequence[int], now: datetime, judge: Judge) -> int:
        """Move entries of a story into a new one and return its number.

        Nothing is told again, and what waits is told by the story that it is in now; the new one
        is silenced as long as the old one is. The judge is asked about copies whose original is
        in the other story now.
        """
        empty = {"opened": now, "last_seen": now, "entries": 0}
        opened = insert_row(self._connection, story, empty)
        self._move(leaving, opened)
        Retelling(self._connection).part(number, opened)
        self._mute_alike(number, opened)
        apart = f"set apart from story {number} by hand"
        self._relate_anew(opened, apart, judge)
        self._found(opened, apart)
        self._relate_anew(number, f"story {opened} was set apart by hand", judge)
        return opened

    def merge(self, kept: int, other: int) -> None:
        """Move all entries and rings of a story to another; its number leads there from now on."""
        self._move(self.members(other), kept)
        Retelling(self._connection).join(kept, other)
        self._mute_alike(other, kept)
        self._connection.execute(delete(mute).where(_about(other)))
        leads_here = or_(story.c.id == other, story.c.merged_into == other)
        self._connection.execute(update(story).where(leads_here).values(merged_into=kept))
        self._relate_anew(kept, f"merged with story {other} by hand", lambda *_: None)
        self._recount(other)

    def label(
        self, label: Label, ones: Sequence[int], others: Sequence[int], now: datetime
    ) -> None:
        """Keep that each of these entries and each of the others were said to relate so.

        A later word about the same two entries replaces an earlier one.
        """
        pairs = {(min(a, b), max(a, b)) for a in ones for b in others if a != b}
        rows = [{"a": a, "b": b, "label": label, "made": now} for a, b in sorted(pairs)]
        if not rows:
            return
        self._keep_items({number for pair in pairs for number in pair})
        row = insert(correction)
        changes = {"label": row.excluded.label, "made": row.excluded.made}
        self._connection.execute(row.on_conflict_do_update(["a", "b"], set_=changes), rows)

    def take_back(self, ones: Collection[int], others: Collection[int]) -> None:
        """Forget what was said of these entries and the others: it holds no more."""
        self._connection.execute(delete(correction).where(_between(ones, others)))

    def was_parted(self, ones: Collection[int], others: Collection[int]) -> bool:
        """Tell whether an entry of the ones was set apart from one of the others."""
        said = _between(ones, others)
        query = select(correction.c.a).where(said, correction.c.label == "different").limit(1)
        return self._connection.scalar(query) is not None

    def pairs(self) -> list[dict[str, object]]:
        """Return every labelled pair as a line of a pairs file, the oldest first."""
        a, b = corrected.alias("one"), corrected.alias("other")
        query = select(correction.c.label, a.c.item.label("a"), b.c.item.label("b"))
        query = query.join(a, a.c.entry == correction.c.a).join(b, b.c.entry == correction.c.b)
        query = query.order_by(correction.c.made, correction.c.a, correction.c.b)
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def _move(self, numbers: Sequence[int], to: int) -> None:
        self._connection.execute(update(entry).where(entry.c.id.in_(numbers)).values(story=to))

    def _mute_alike(self, like: int, number: int) -> None:
        """Silence a story, and its threads, as long as another if that is longer."""
        rows = [
            {**row, "subject": row["subject"].removesuffix(str(like)) + str(number)}
            for row in self._connection.execute(select(mute).where(_about(like))).mappings()
        ]
        if not rows:
            return
        row = insert(mute)
        new = {"until": row.excluded.until, "made_by": row.excluded.made_by}
        longer = row.excluded.until > mute.c.until
        keys = ["kind", "subject"]
        self._connection.execute(row.on_conflict_do_update(keys, set_=new, where=longer), rows)

    def _relate_anew(self, number: int, reason: str, judge: Judge) -> None:
        """Count a story's entries, and let them relate as they do since it was corrected."""
        query = select(entry.c.id, entry.c.relation, entry.c.copy_of)
        rows = self._connection.execute(query.where(entry.c.story == number).order_by(entry.c.id))
        members = [Kept(row.id, Relation(row.relation), row.copy_of) for row in rows]
        for change in related_anew(members, judge):
            self._set_relation(change, reason)
        self._recount(number)

    def _found(self, number: int, reason: str) -> None:
        """Say why a story was opened: of its founder, also where that was the old one's."""
        founder = select(func.min(entry.c.id)).where(entry.c.story == number).scalar_subquery()
        values = {"relation": Relation.NEW, "copy_of": None, "reason": reason}
        self._connection.execute(update(entry).where(entry.c.id == founder).values(values))

    def _set_relation(self, change: Change, reason: str) -> None:
        values = {
            "relation": change.relation,
            "copy_of": change.copy_of,
            "reason": change.reason or reason,
        }
        self._connection.execute(update(entry).where(entry.c.id == change.entry).values(values))

    def _recount(self, number: int) -> None:
        mine = entry.c.story == number
        query = select(func.count(), func.min(entry.c.seen), func.max(entry.c.seen)).where(mine)
        count, opened, last_seen = self._connection.execute(query).one()
        values = {"entries": count}
        if count:
            values |= {"opened": opened, "last_seen": last_seen}
        self._connection.execute(update(story).where(story.c.id == number).values(values))

    def _keep_items(self, numbers: Iterable[int]) -> None:
        stored = Entries(self._connection).by_numbers(list(numbers))
        rows = [{"entry": n, "item": _item(n, one.entry)} for n, one in stored.items()]
        row = insert(corrected)
        renewed = row.on_conflict_do_update(["entry"], set_={"item": row.excluded.item})
        self._connection.execute(renewed, rows)


def _about(story: int) -> ColumnElement[bool]:
    """Mutes of a story and of its threads."""
    own = (mute.c.kind == MuteKind.STORY) & (mute.c.subject == str(story))
    thread = (mute.c.kind == MuteKind.THREAD) & mute.c.subject.endswith(f"/{story}")
    return or_(own, thread)


def _between(ones: Collection[int], others: Collection[int]) -> ColumnElement[bool]:
    """Corrections about one of these and one of the others."""
    return or_(
        and_(correction.c.a.in_(ones), correction.c.b.in_(others)),
        and_(correction.c.b.in_(ones), correction.c.a.in_(others)),
    )


def _item(number: int, kept: Entry) -> dict[str, object]:
    """Return an entry as a line of an items file."""
    return {
        "id": str(number),
        "time": kept.time.isoformat(),
        "lang": kept.language,
        "outlet": kept.outlet,
        "url": kept.url,
        "title": kept.title,
        "summary": kept.summary,
    }
