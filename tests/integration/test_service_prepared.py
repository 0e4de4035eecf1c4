"""Preparing entries in a second process, forked by a Python that has no other threads."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from watchlists import MEETS, SIGNS, entry, settings

from watcher.service.trials.items import Item
from watcher.service.trials.prepared import Prepared, prepare, prepared
from watcher.stories.computed import made
from watcher.topics.watchlist import Watchlist

#: Prepares in two processes, loses the second one on the way if asked to, and compares.
SCRIPT = """
import os, signal, sys
from multiprocessing import active_children
from test_service_prepared import ITEMS, WATCHLIST, known
from watcher.service.trials.prepared import prepare, prepared

ahead = prepared(ITEMS, WATCHLIST)
found = [next(ahead)]
(other,) = active_children()
if sys.argv[1] == "killed":
    os.kill(other.pid, signal.SIGKILL)
found += ahead
assert known(found) == known(prepare(item, WATCHLIST) for item in ITEMS)
assert not other.is_alive()
print(len(found))
"""

WATCHLIST = Watchlist(settings())
ITEMS = [
    Item(
        entry(f"{title} {number}", number, summary=f"{title}, on day {number} of the talks. " * 3),
        hidden=frozenset({("kim", "Kim Jong Un")} if number % 7 == 0 else ()),
    )
    for number in range(400)
    for title in (MEETS, SIGNS)
]


def known(some: Iterable[Prepared]) -> list[object]:
    """Return all that was found out about entries."""
    return [(one.reading, dict(made(one.signature)), one.signature) for one in some]


@pytest.mark.parametrize("fate", ["spared", "killed"])
def test_the_same_is_prepared_by_two_processes_as_by_one(fate: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, fate],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.stdout, ended.stderr) == (f"{len(ITEMS)}\n", "")


def test_what_the_other_process_does_not_send_is_prepared_here() -> None:
    sent = [(one.reading, made(one.signature)) for one in map(_prepare, ITEMS[:5])]

    found = list(prepared(ITEMS[:9], WATCHLIST, sent))

    assert known(found) == known(map(_prepare, ITEMS[:9]))


def _prepare(item: Item) -> Prepared:
    return prepare(item, WATCHLIST)
