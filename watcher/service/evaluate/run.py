"""A replay of labelled items, and the groups that come out of it."""

from collections.abc import Callable, Iterable, Sequence

from watcher.config.settings import Settings
from watcher.model import Relation
from watcher.service.trials.items import Item
from watcher.service.trials.replay import Replay, Replayed
from watcher.topics.watchlist import Watchlist

#: Wraps what is gone through, to show progress.
Tick = Callable[[Iterable[Item]], Iterable[Item]]


def replay_items(
    items: Sequence[Item],
    settings: Settings,
    tick: Tick = iter,
    watchlist: Watchlist | None = None,
) -> list[Replayed]:
    """Return what becomes of items in time order; a compiled watchlist saves its compilation."""
    replay = Replay(settings, watchlist or Watchlist(settings))
    return [one for _, one in zip(tick(items), replay.run(items), strict=True)]


def copy_groups(replayed: Sequence[Replayed]) -> list[int]:
    """Return each entry's group: the number of the entry that its chain of copies ends in."""
    groups: dict[int, int] = {}
    for one in replayed:
        original = one.judgement.assignment.copy_of
        is_copy = one.judgement.assignment.relation is Relation.COPY and original is not None
        groups[one.number] = groups[original] if is_copy and original else one.number
    return list(groups.values())
