"""The demo's world: eight made-up outlets, served on 127.0.0.1 and polled by the real daemon."""

import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import TextIO

from aiohttp import web

from watcher.config import load
from watcher.config.settings import Settings
from watcher.errors import WatcherError
from watcher.resources import shipped
from watcher.service.daemon import Daemon
from watcher.service.in_force.watch import Watch
from watcher.service.monitoring.poll_log import Summary

#: Written as {rfc:38}: 38 minutes ago, in the manner that this kind of feed writes its dates.
PLACEHOLDER = re.compile(r"\{(rfc|iso|kst|jst|msk):(\d+)\}")
ZONES = {"kst": 9, "jst": 9, "msk": 3}
CONTENT_TYPES = {
    ".rss": "application/rss+xml",
    ".rdf": "application/rdf+xml",
    ".atom": "application/atom+xml",
    ".json": "application/feed+json",
}


async def run_demo(now: datetime, screen: TextIO) -> Summary:
    """Poll the sample feeds once with the real daemon and print the alerts to screen."""
    with tempfile.TemporaryDirectory(prefix="watcher-demo-") as folder:
        documents = _feeds(now)
        async with _served(documents) as base:
            watch = Watch.of(_settings([f"{base}/{name}" for name in documents]))
            daemon = Daemon(watch, database=Path(folder) / "watcher.db", screen=screen)
            return await daemon.run_once()


def _feeds(now: datetime) -> Mapping[str, bytes]:
    """Return file name -> document, with dates as of now."""
    folder = files("watcher") / "demo" / "feeds"
    return {
        file.name: _dated(file.read_text(encoding="utf-8"), now)
        for file in sorted(folder.iterdir(), key=str)
    }


def _dated(text: str, now: datetime) -> bytes:
    dated = PLACEHOLDER.sub(lambda place: _date(place[1], now, int(place[2])), text)
    declared = re.match(r'<\?xml[^>]*encoding="([^"]+)"', dated)
    return dated.encode(declared[1] if declared else "utf-8")


def _date(manner: str, now: datetime, minutes_ago: int) -> str:
    time = now - timedelta(minutes=minutes_ago)
    if manner == "iso":
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if manner == "rfc":
        return time.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    local = time.astimezone(timezone(timedelta(hours=ZONES[manner])))
    return local.strftime(f"%a, %d %b %Y %H:%M:%S {manner.upper()}")


@asynccontextmanager
async def _served(documents: Mapping[str, bytes]) -> AsyncIterator[str]:
    """Serve the documents on 127.0.0.1 at a free port; yield the base URL."""

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in documents:
            raise web.HTTPNotFound
        return web.Response(
            body=documents[name], content_type=CONTENT_TYPES[Path(name).suffix], charset=None
        )

    application = web.Application()
    application.router.add_get("/{name}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _settings(urls: Iterable[str]) -> Settings:
    """Return the example configuration, watching the sample feeds instead of the real ones."""
    example = load(shipped("config.example.toml")).settings
    if example is None:
        raise WatcherError(
            "config.example.toml does not pass `watcher check`; install Watcher again"
        )
    changed = {
        "feeds": [{"url": url} for url in urls],
        "channels": {"screen": {"console": True}},
        # One after the other, so that the same feed is first every time.
        "polling": {"per_host_delay": "0s", "concurrency": 1, "allow_private": ["127.0.0.0/8"]},
    }
    kept = {name: getattr(example, name) for name in ("watcher", "entities", "words", "topics")}
    return Settings.model_validate({**kept, **changed})
