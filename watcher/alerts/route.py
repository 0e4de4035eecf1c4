"""Which channels hear of an entry: by topic, priority, language and the tags of its feed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.config.channels import ChannelTable, OnlyTable
from watcher.model import Action, Priority, primary_subtag


@dataclass(frozen=True, slots=True)
class Said:
    """What channels choose by.

    Attributes:
        language: the entry's, a language tag; None if unknown.
        tags: of the feed it came from.
    """

    topic: str
    priority: Priority
    language: str | None
    tags: Collection[str]


def route(
    channels: Iterable[str], tables: Mapping[str, ChannelTable], said: Said
) -> tuple[str, ...]:
    """Return those of a topic's channels that want to hear of an entry."""
    return tuple(name for name in channels if name in tables and admits(tables[name].only, said))


def admits(only: OnlyTable | None, said: Said) -> bool:
    """Tell whether an entry is what a channel wants; one without `only` wants all."""
    if only is None:
        return True
    language = primary_subtag(said.language) if said.language else None
    return (
        (only.topics is None or said.topic in only.topics)
        and (only.priorities is None or said.priority in only.priorities)
        and (only.languages is None or language in set(map(primary_subtag, only.languages)))
        and (only.tags is None or not set(only.tags).isdisjoint(said.tags))
    )


def still_open(
    channels: Iterable[str],
    tables: Mapping[str, ChannelTable],
    action: Action,
    updates: Mapping[str, int],
) -> tuple[str, ...]:
    """Return the channels that a ring of a thread goes to.

    Args:
        channels: those that want to hear of its entry.
        tables: all channels.
        action: the ring's; only replies are limited.
        updates: channel -> replies of the thread that it got, or will get.
    """
    return tuple(
        name
        for name in channels
        if action is not Action.REPLY
        or (most := tables[name].most_updates) is None
        or updates.get(name, 0) < most
    )


@dataclass(frozen=True, slots=True)
class Hearers:
    """Who was told of an entry, or of one that says the same.

    Attributes:
        by_alert: its story's alert tells of it, which comes to every channel of the thread.
        channels: those that have a message of it, or wait for one.
        muted: those that a mute kept such a message from.
        lost: those whose message of it died on its way.
    """

    by_alert: bool
    channels: frozenset[str]
    muted: frozenset[str]
    lost: frozenset[str]


def missing(
    audience: Collection[str], hearers: Hearers | None, choosing: Collection[str]
) -> tuple[str, ...]:
    """Return those of an audience to whom a copy says something that nobody tried to tell them.

    Where its message died, each further copy would only die as well.

    Args:
        audience: the channels that want to hear of the copy.
        hearers: of what it repeats; None if no message told of it.
        choosing: channels that choose by entry. Another one that is not among the hearers is
            younger than the message, or full.
    """
    if hearers is None:
        return tuple(audience)
    if hearers.by_alert:
        return ()
    wanting = hearers.muted.union(choosing) - hearers.channels - hearers.lost
    return tuple(name for name in audience if name in wanting)


def unreached(audience: Collection[str], messages: Mapping[str, bool]) -> tuple[str, ...]:
    """Return those of an audience who are to be told what a page says since it was edited.

    Unlike a copy it is news, and tried again where the message of another page died. A message that
    waits may leave in other words, and counts only where nobody else is to be told.

    Args:
        audience: the channels that want to hear of the page.
        messages: channel -> whether its message that says the same has left.
    """
    if messages.keys() >= set(audience):
        return ()
    return tuple(name for name in audience if not messages.get(name))


def read_languages(only: OnlyTable | None, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of a channel's readers, best first: those that it chooses lead.

    Args:
        only: what the channel chooses.
        languages: those of all readers, best first; among those chosen their order holds.
    """
    chosen = tuple(only.languages or ()) if only else ()
    keys = set(map(primary_subtag, chosen))
    first = [language for language in languages if primary_subtag(language) in keys]
    rest = [language for language in languages if primary_subtag(language) not in keys]
    return tuple(dict.fromkeys((*first, *chosen, *rest)))


def chooses_entries(table: ChannelTable) -> bool:
    """Tell whether a channel chooses by more than the topic: it may hear of a story only later."""
    return table.only is not None and not (table.only.languages is table.only.tags is None)
