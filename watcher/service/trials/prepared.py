"""Entries prepared ahead of their judgement, by a second process where that pays.

Which story an entry joins depends on all before it, but what it mentions, and what of it is
compared, on nothing but itself: nearly half of a replay's work. The other process has all from the
fork, sends what it made, and waits where nobody takes it. Whatever it does not send is made here.
"""

import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from os import cpu_count
from typing import Final, NamedTuple

from watcher.model import Reading
from watcher.service.trials.items import Item
from watcher.stories.computed import made, take_over
from watcher.stories.signature import Signature, sign
from watcher.topics.watchlist import Watchlist

#: A fork takes some twenty milliseconds, as long as thirty entries; fewer than ten times as many
#: are as soon done without.
_WORTH_A_PROCESS: Final = 300
#: Prepared entries sent at once: sending costs little then, and what waits is small.
_AT_ONCE: Final = 32


class Prepared(NamedTuple):
    """What can be known of an entry without any other."""

    reading: Reading
    signature: Signature


#: What is sent of one.
Made = tuple[Reading, Mapping[str, object]]


def prepare(item: Item, watchlist: Watchlist) -> Prepared:
    """Read the entry of one item, and make it comparable."""
    reading = watchlist.read(item.entry, hidden=item.hidden)
    return Prepared(reading, sign(item.entry, reading, hidden=item.hidden))


def prepared(
    items: Sequence[Item], watchlist: Watchlist, sent: Iterable[Made] | None = None
) -> Iterator[Prepared]:
    """Yield the entries of all items prepared, in their order.

    Args:
        items: with the entries.
        watchlist: reads them.
        sent: what is made of them elsewhere; by default by another process, where that pays.
    """
    if sent is None:
        sent = _sent(items, watchlist) if _pays(len(items)) else ()
    done = 0
    for item, (reading, values) in zip(items, sent, strict=False):
        yield Prepared(reading, take_over(sign(item.entry, reading, hidden=item.hidden), values))
        done += 1
    yield from (prepare(item, watchlist) for item in islice(items, done, None))


def _pays(entries: int) -> bool:
    """Tell whether a second process has enough to do, a core to do it on, and can be forked.

    A fork copies one thread: what another one holds, nobody would ever let go.
    """
    can_fork = "fork" in get_all_start_methods() and threading.active_count() == 1
    return can_fork and entries >= _WORTH_A_PROCESS and (cpu_count() or 1) > 1


def _sent(items: Sequence[Item], watchlist: Watchlist) -> Iterator[Made]:
    """Yield what another process makes of entries, until it ends."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(items, watchlist, here, there), daemon=True)
    process.start()
    there.close()
    try:
        while some := here.recv():
            yield from some
    except (EOFError, OSError):
        return  # it was killed, maybe while it sent: the caller does the rest
    finally:
        here.close()
        process.join()


def _send(items: Sequence[Item], watchlist: Watchlist, here: Connection, there: Connection) -> None:
    """Prepare entries for the process at the other end, as long as it listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the other one, which hangs up
    here.close()
    try:
        for first in range(0, len(items), _AT_ONCE):
            some = (prepare(one, watchlist) for one in items[first : first + _AT_ONCE])
            there.send([(one.reading, made(one.signature)) for one in some])
        there.send([])
    except BrokenPipeError:
        return
