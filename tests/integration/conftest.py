"""What tests of several rooms together share."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from house import Clock, House, OpenHouse, Recorder

from watcher.config.settings import Settings


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """Return what opens a house whose feeds were polled before; the test's end closes it."""
    async with AsyncExitStack() as stack:

        async def opened(
            settings: Settings, senders: Mapping[str, Recorder], clock: Clock | None = None
        ) -> House:
            house = House(tmp_path, settings, clock or Clock(), senders)
            await stack.enter_async_context(house)
            return await house.started()

        yield opened
