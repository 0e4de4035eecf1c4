"""A large document on its way in: what takes long is done beside the event loop, never on it."""

import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from daemons import LOCAL, daemon_on
from feed_documents import Story, rss
from feed_server import FeedServer
from watchlists import settings

from watcher.feeds import workers
from watcher.service.daemon import Daemon
from watcher.service.intake import pipeline
from watcher.topics import detector

#: Together longer than what is unpacked on the loop.
COUNT, WORDS = 500, 120
TEXT = " ".join(f"word{number}" for number in range(WORDS))
STORIES = [Story(f"Harbour {n} opens quay {n * 7} of island {n}", TEXT) for n in range(COUNT)]


async def test_nothing_of_a_large_document_is_unpacked_judged_or_stored_on_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Counter[tuple[str, bool]] = Counter()
    loops = threading.get_ident()

    def watched(module: object, name: str) -> None:
        original: Any = getattr(module, name)

        def noted(*args: Any, **named: Any) -> Any:
            done[name, threading.get_ident() == loops] += 1
            return original(*args, **named)

        monkeypatch.setattr(module, name, noted)

    watched(workers, "unpack_answer")
    watched(pipeline, "judge")
    watched(pipeline.Pipeline, "take")
    async with FeedServer() as feeds:
        daemon = daemon_on(
            tmp_path / "watcher.db",
            settings(
                feeds=[{"url": feeds.put("/wire", rss("Wire", STORIES))}],
                channels={"screen": {"console": True}},
                polling=LOCAL,
            ),
        )
        async with daemon._started():
            await daemon._poller.poll_due(await daemon._feeds())

    assert daemon._poll_log.taken.entries == COUNT
    turns = done["take", False]  # some, where the machine is slow
    assert done == {("unpack_answer", False): 1, ("judge", False): COUNT, ("take", False): turns}


async def test_the_detector_of_languages_is_loaded_before_the_daemon_says_that_it_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []

    def say_ready(daemon: Daemon) -> None:
        loaded.append(detector._detector.cache_info().currsize)
        daemon.stop()

    monkeypatch.setattr(Daemon, "_say_ready", say_ready)
    detector._detector.cache_clear()
    tables = settings(feeds=[], channels={"screen": {"console": True}})
    await daemon_on(tmp_path / "watcher.db", tables).run()

    assert loaded == [1]
