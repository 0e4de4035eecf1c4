"""The table at the end of `make test-faults`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults import World

ROWS: list[tuple[str, str, str]] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these to `make test-faults`: they take minutes, and one mounts a disk of its own."""
    if os.environ.get("WATCHER_FAULTS"):
        return
    skip = pytest.mark.skip(reason="run `make test-faults`")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the user sees of each fault, and that nothing was lost."""
    if not ROWS:
        return
    terminalreporter.section("faults")
    for fault, seen, outcome in ROWS:
        terminalreporter.write_line(f"{fault}\n    the user sees: {seen}\n    {outcome}")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a daemon's world: a feed, a chat, a state directory."""
    with World.opened(tmp_path) as made:
        yield made


@pytest.fixture
def report(request: pytest.FixtureRequest, world: World) -> Callable[[str], None]:
    """Return what notes a line of the table, after every story was seen to arrive just once."""

    def note(seen: str) -> None:
        world.every_story_arrived_once()
        told = f"{len(world.published)} stories, {len(world.telegram.messages)} messages: none lost"
        ROWS.append((str(request.node.name), seen.strip(), told))

    return note
