"""The stories, for reading: they change as entries join them, and by corrections."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Row, RowMapping, Select, select

from watcher.model import Relation
from watcher.outlets.coverage import Account
from watcher.storage.entries import entry_of
from watcher.storage.rows import Neighbour, StoryRow
from watcher.storage.schema import entry, match, story
from watcher.storage.section import Section
from watcher.storage.texts import LONGEST_SHOWN, SHOWN
from watcher.storage.threads import followed, story_now

#: Titles that a search looks through: some seconds' worth, months of a hundred feeds.
MOST_SEARCHED = 500_000


class Stories(Section):
    """Reads stories in one transaction."""

    def get(self, number: int) -> StoryRow | None:
        """Return a story by its number, or by that of a story that was merged into it."""
        asked = select(story_now()).where(story.c.id == number)
        query = select(story).where(story.c.id == asked.scalar_subquery())
        return next(iter(self._rows(query)), None)

    def latest(self, *, topic: str | None = None, limit: int = 50) -> tuple[StoryRow, ...]:
        """Return the stories that an entry joined last, newest first."""
        query = select(story).where(story.c.entries > 0)
        if topic is not None:
            watched = select(entry.c.story).join(match, match.c.entry == entry.c.id)
            query = query.where(story.c.id.in_(watched.where(match.c.topic == topic)))
        query = query.order_by(story.c.last_seen.desc(), story.c.id.desc())
        return self._rows(query.limit(limit))

    def search(
        self, wanted: Callable[[str], bool], *, since: datetime | None = None, limit: int = 50
    ) -> tuple[tuple[StoryRow, str], ...]:
        """Return stories with the newest title of each that is wanted, newest first.

        Looks through the newest `MOST_SEARCHED` titles.
        """
        query = select(entry.c.story, entry.c.title).order_by(entry.c.id.desc())
        if since is not None:
            query = query.where(entry.c.seen >= since)
        found: dict[int, str] = {}
        for number, title in self._connection.execute(query.limit(MOST_SEARCHED)):
            if number not in found and wanted(title):
                found[number] = title
                if len(found) == limit:
                    break
        rows = {row.id: row for row in self._rows(select(story).where(story.c.id.in_(found)))}
        return tuple((rows[number], title) for number, title in found.items())

    def accounts(self, number: int) -> tuple[Account, ...]:
        """Return a story's entries, in the order they were seen."""
        query = select(entry).where(entry.c.story == number).order_by(entry.c.id)
        return tuple(_account(row) for row in self._connection.execute(query).mappings())

    def followed(self, number: int) -> tuple[Neighbour, ...]:
        """Return the stories that a story follows, the one just before it first."""
        found: dict[int, Neighbour] = {}
        following = followed(self._connection, number)
        while following is not None and following not in found and following != number:
            found[following] = self._neighbour(following)
            following = followed(self._connection, following)
        return tuple(found.values())

    def followers(self, number: int) -> tuple[Neighbour, ...]:
        """Return the stories that follow a story, in the order they were opened."""
        led_here = select(story.c.id).where(story.c.merged_into == number)
        follows = (story.c.follows == number) | story.c.follows.in_(led_here)
        query = select(story_now()).where(follows)
        numbers = sorted(set(self._connection.scalars(query)) - {number})
        return tuple(self._neighbour(one) for one in numbers)

    def _neighbour(self, number: int) -> Neighbour:
        query = select(SHOWN).where(entry.c.story == number).order_by(entry.c.id).limit(1)
        return Neighbour(number, self._connection.scalar(query) or "")

    def matched(self, number: int) -> Mapping[int, tuple[str, ...]]:
        """Return the topics of those of a story's entries that match any, by our numbers."""
        query = select(match.c.entry, match.c.topic).join(entry, match.c.entry == entry.c.id)
        query = query.where(entry.c.story == number).order_by(match.c.entry, match.c.topic)
        found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        for row in self._connection.execute(query):
            found[row.entry] += (row.topic,)
        return found

    def _rows(self, query: Select[tuple[object, ...]]) -> tuple[StoryRow, ...]:
        return tuple(self._row(row) for row in self._connection.execute(query).all())

    def _row(self, row: Row[tuple[object, ...]]) -> StoryRow:
        accounts = self.accounts(row.id)
        first = accounts[0].entry
        return StoryRow(
            id=row.id,
            title=first.title or first.summary[:LONGEST_SHOWN],
            founder=accounts[0].number,
            entries=row.entries,
            topics=self._topics(row.id),
            opened=row.opened,
            last_seen=row.last_seen,
            accounts=accounts,
        )

    def _topics(self, number: int) -> tuple[str, ...]:
        query = select(match.c.topic).join(entry, match.c.entry == entry.c.id).distinct()
        query = query.where(entry.c.story == number).order_by(match.c.topic)
        return tuple(self._connection.scalars(query))


def _account(row: RowMapping) -> Account:
    told = entry_of(row)
    return Account(
        number=row["id"],
        entry=told,
        author=row["author"],
        language=row["language"] or told.language,
        relation=Relation(row["relation"]),
        copy_of=row["copy_of"],
        score=row["score"],
        reason=row["reason"],
    )
