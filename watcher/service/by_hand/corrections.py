"""Stories corrected by hand: split and merge, and the labelled pairs that come of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Final

from watcher.errors import UsageError, no_story
from watcher.model import Assignment
from watcher.storage.database import Transaction

#: Of each side of a correction the founder and the newest entries are labelled, so many at most:
#: of a story with hundreds of copies more pairs say nothing more.
LABELLED: Final = 50


def split_story(
    tx: Transaction, asked: int, entries: Sequence[int], now: datetime
) -> dict[str, object]:
    """Let entries leave a story for a new one; asked again, nothing changes.

    Raises:
        UsageError: there is no such story, an entry is not in it, or none would stay.
    """
    story = _story(tx, asked)
    members = tx.corrections.members(story)
    strangers = sorted(set(entries) - set(members))
    if strangers:
        return _split_before(tx, story, members, entries) or _refuse(tx, story, strangers)
    staying = [number for number in members if number not in set(entries)]
    if not staying:
        raise UsageError(f"these are all entries of story {story}: there is nothing to split")
    opened = tx.corrections.split(story, entries, now, partial(_repeats, tx))
    tx.corrections.take_back(entries, staying)
    tx.corrections.label("different", _labelled(entries), _labelled(staying), now)
    for one, following in pairwise(_labelled(entries)):
        tx.corrections.label("same", [one], [following], now)
    return _split_result(story, opened, entries, changed=True)


def merge_stories(tx: Transaction, a: int, b: int, now: datetime) -> dict[str, object]:
    """Let the entries of the newer story join the older one; asked again, nothing changes.

    Raises:
        UsageError: there is no such story, or both are one.
    """
    if a == b:
        raise UsageError("a story cannot be merged with itself")
    kept, other = sorted((_story(tx, a), _story(tx, b)))
    if kept == other:
        return {"changed": False, "story": kept, "merged": max(a, b), "entries": []}
    ones, others = tx.corrections.members(kept), tx.corrections.members(other)
    tx.corrections.take_back(ones, others)
    tx.corrections.label("same", _labelled(ones), _labelled(others), now)
    tx.corrections.merge(kept, other)
    return {"changed": True, "story": kept, "merged": other, "entries": others}


def _repeats(tx: Transaction, entry: int, others: Sequence[int]) -> Assignment | None:
    """Return which of some entries another one repeats, by the words that they have now."""
    from watcher.stories.assign import repeated  # takes long to load

    members = tx.archive.members([entry, *others])
    return repeated(members[entry].signature, (members[other] for other in others))


def _story(tx: Transaction, asked: int) -> int:
    story = tx.corrections.story(asked)
    if story is None:
        raise no_story(asked)
    return story


def _split_before(
    tx: Transaction, story: int, members: Sequence[int], entries: Sequence[int]
) -> dict[str, object] | None:
    """Return the story that these very entries were split into before; None if they were not."""
    stories = set(tx.corrections.stories_of(entries).values())
    if len(stories) != 1:
        return None
    other = stories.pop()
    is_all = tx.corrections.members(other) == sorted(entries)
    if not is_all or not tx.corrections.was_parted(entries, members):
        return None
    return _split_result(story, other, entries, changed=False)


def _refuse(tx: Transaction, story: int, strangers: Sequence[int]) -> dict[str, object]:
    places = tx.corrections.stories_of(strangers)
    number = strangers[0]
    where = f"it is in story {places[number]}" if number in places else "there is none"
    raise UsageError(
        f"entry {number} is not in story {story} ({where});"
        f" `watcher stories show {story}` lists its entries"
    )


def _split_result(
    story: int, opened: int, entries: Sequence[int], *, changed: bool
) -> dict[str, object]:
    return {"changed": changed, "story": story, "new_story": opened, "entries": sorted(entries)}


def _labelled(entries: Sequence[int]) -> list[int]:
    """Return the founder and the newest."""
    ordered = sorted(entries)
    return ordered if len(ordered) <= LABELLED else [ordered[0], *ordered[1 - LABELLED :]]
