"""The installed daemon with a feed and a chat, and ways to make its life hard."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from fake_telegram import FakeTelegram
from feed_documents import Story, rss
from feed_server import FeedServer
from watcher_process import WatcherProcess, run

#: Stories that have nothing in common: each is an alert of its own.
SUBJECTS = (
    "volcano ash closes airport of Kagoshima",
    "chess champion withdraws from Oslo tournament",
    "parliament passes railway budget after long night",
    "ferry runs aground near Bergen lighthouse",
    "museum finds stolen Vermeer in cellar",
    "drought empties reservoir above Athens",
    "orchestra strikes over cut of pensions",
    "glacier lake floods valley in Bhutan",
    "court frees fisherman held for piracy",
    "blackout stops trams across Lisbon",
)

#: A word of each, in the same order: a topic of its own.
WORDS = (
    *("volcano", "chess", "railway", "ferry", "museum"),
    *("drought", "orchestra", "glacier", "fisherman", "blackout"),
)
WATCHLIST = "".join(
    f'[words.{word}]\nen = ["{word}"]\n'
    f'[[topics]]\nid = "{word}"\nmatch = "{word}"\npriority = "high"\n'
    for word in WORDS
)


@dataclass
class World:
    """A feed, a chat and a state directory.

    Attributes:
        folder: of the configuration; the state lies in `state` below it.
        published: the titles of all stories that the feed has told.
    """

    folder: Path
    feeds: FeedServer
    telegram: FakeTelegram
    published: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        """Start the servers and write the configuration."""
        (folder / "state").mkdir()
        with FeedServer() as feeds, FakeTelegram() as telegram:
            world = cls(folder, feeds, telegram)
            world.configure([feeds.put("/wire", rss("Wire", []))])
            yield world

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.folder / "config.toml"

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.folder / "state"

    @property
    def database(self) -> Path:
        """The database."""
        return self.state / "watcher.db"

    def configure(self, urls: list[str], polling: str = "") -> None:
        """Write the configuration: these feeds, polled every second."""
        feeds = "".join(f'[[feeds]]\nurl = "{url}"\nlang = "en"\n' for url in urls)
        self.config.write_text(
            '[watcher]\nops_channel = "desk"\nbackups = 0\n'
            '[polling]\ninterval = "1s"\nmin_interval = "1s"\nmax_interval = "1s"\n'
            f'per_host_delay = "0s"\nallow_private = ["127.0.0.0/8"]\n{polling}\n'
            f'[alerts]\ngroup_wait = "0s"\n{WATCHLIST}\n{feeds}'
            "[channels.desk]\n"
            f'telegram = {{ chat = "-100", token = "{self.telegram.token}",'
            f' api = "{self.telegram.url}", interactive = false }}\n'
        )
        self.config.chmod(0o600)

    def daemon(self) -> WatcherProcess:
        """Return the daemon, to be started with `with`."""
        return WatcherProcess(self.config, env={"STATE_DIRECTORY": str(self.state)})

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the same state."""
        return run(*words, cwd=self.folder, env={"STATE_DIRECTORY": str(self.state)})

    def publish(self, count: int = 1) -> None:
        """Let the feed tell some more stories."""
        first = len(self.published)
        self.published += SUBJECTS[first : first + count]
        self.feeds.put("/wire", rss("Wire", [Story(title) for title in reversed(self.published)]))

    def arrive(self, timeout_s: float = 60) -> None:
        """Wait until an alert of every story arrived."""
        self.telegram.wait_until(lambda: not self._missing(), timeout_s)

    def every_story_arrived_once(self) -> None:
        """Fail unless each story was told by one alert, or by a second one marked as such."""
        self.arrive()
        for title in self.published:
            alerts = [text for text in self._alerts() if title in text]
            unmarked = [text for text in alerts if "possible repeat" not in text.lower()]
            assert len(unmarked) <= 1, (title, alerts)

    def notices(self) -> list[str]:
        """Return what the operator was told."""
        return [text for text in self._texts() if not any(title in text for title in SUBJECTS)]

    def told(self, words: str, timeout_s: float = 60) -> str:
        """Wait for a notice with some words in it, and return it."""
        self.telegram.wait_until(lambda: any(words in text for text in self._texts()), timeout_s)
        return next(text for text in self._texts() if words in text)

    def status(self) -> Mapping[str, object]:
        """Return what `watcher status` says."""
        found = json.loads(self.ask("status", "--json").stdout)
        assert isinstance(found, dict)
        return found

    def _missing(self) -> list[str]:
        texts = self._texts()
        return [title for title in self.published if not any(title in text for text in texts)]

    def _alerts(self) -> list[str]:
        return [text for text in self._texts() if any(title in text for title in SUBJECTS)]

    def _texts(self) -> list[str]:
        return [message.visible for message in self.telegram.messages]
