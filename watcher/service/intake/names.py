"""The names of the cast, made ready before the first headline is read."""

import asyncio

from watcher.service.apart import apart
from watcher.stories.cast import compile_names, is_loaded, load_cast


async def load_names() -> None:
    """Have the names compiled by a process of its own, and take them over."""
    if not is_loaded():
        names = await apart(compile_names)
        await asyncio.to_thread(load_cast, names)
