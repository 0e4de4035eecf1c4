"""Killed anywhere, at any time: nothing is lost, and only an unavoidable repeat is marked as one.

`WATCHER_CRASH_TABLE=file` appends a line a run, for the table in a release note.
"""

import os
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram, Message
from feed_documents import Story, rss
from feed_server import FeedServer
from warm_process import WatcherProcess
from watcher_process import write_config

from watcher.service.failpoints import FAILPOINTS

#: A story, a topic and a feed each: six messages in the first round, and six commits.
NEWS = {
    "ferry": "Ferry line to the outer islands reopens after storm repairs",
    "volcano": "Volcano in the south spits ash and flights are diverted",
    "orchid": "Rare orchid blooms in the botanical garden of Bogor",
    "chess": "Chess prodigy of eleven beats the champion of Norway",
    "comet": "Comet will be seen with the naked eye in December",
    "bridge": "Bridge over the strait is closed for a year of repairs",
}
#: Between the send and the end of its record nobody can know whether the message arrived.
UNAVOIDABLE = {"after_send", "before_record"}
#: Here deliveries go on beside: the death may fall between another message's send and record.
BESIDE = {"before_commit", "after_commit"}
#: After a death with the lease held the message may have arrived, for all the next process knows.
MARKED = UNAVOIDABLE | {"after_lease"}
HITS = (1, 3, 6)
#: Where an edit passes, as the second delivery.
OF_A_DELIVERY = sorted(FAILPOINTS - {"before_commit", "after_commit"})


def configured(folder: Path, telegram: FakeTelegram, feeds: list[str]) -> Path:
    topics = "".join(f'[[topics]]\nid = "{word}"\nmatch = \'"{word}"\'\n' for word in NEWS)
    desk = f'telegram = {{ chat = "-100", token = "{telegram.token}", api = "{telegram.url}" }}'
    return write_config(
        folder,
        feeds=feeds,
        channels=f"[channels.desk]\n{desk}\n{topics}",
        extra='edit_interval = "0s"',
    )


def killed(config: Path, failpoint: str, hit: int) -> None:
    """Run a daemon until it dies at its failpoint."""
    with WatcherProcess(config, env={"WATCHER_FAILPOINT": f"{failpoint}:{hit}"}) as watcher:
        assert watcher.wait_for_exit() == -signal.SIGKILL


def told(messages: list[Message]) -> Counter[str]:
    """Return how often each story was told."""
    return Counter(word for word, title in NEWS.items() for m in messages if title in m.visible)


def has_settled(config: Path, messages: int, edits: int = 0) -> bool:
    """Whether so many messages were sent (and edits, at least), and nothing is left to do."""
    with closing(sqlite3.connect(config.with_name("watcher.db"))) as connection:
        rows = connection.execute("SELECT kind, state FROM delivery").fetchall()
    kinds = Counter(kind for kind, _ in rows)
    is_done = {state for _, state in rows} == {"sent"}
    return is_done and kinds["message"] == messages and kinds["edit"] >= edits


def note(*cells: object) -> None:
    if path := os.environ.get("WATCHER_CRASH_TABLE"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(" | ".join(map(str, cells)) + "\n")


@pytest.mark.parametrize("hit", HITS)
@pytest.mark.parametrize("failpoint", sorted(FAILPOINTS))
def test_a_daemon_killed_anywhere_loses_no_message(
    tmp_path: Path, failpoint: str, hit: int
) -> None:
    with FeedServer() as feeds, FakeTelegram() as telegram:
        urls = [feeds.put(f"/{word}", rss(word, [Story(NEWS[word])])) for word in NEWS]
        config = configured(tmp_path, telegram, urls)
        killed(config, failpoint, hit)
        polls = {word: feeds.count(f"/{word}") for word in NEWS}
        with WatcherProcess(config) as watcher:
            watcher.wait_until(lambda: has_settled(config, len(NEWS)))
            for word in NEWS:
                # Polled twice more: what could be told again would have been.
                feeds.wait_for(f"/{word}", polls[word] + 2)
            watcher.stop()
        messages = telegram.messages

    count = told(messages)
    repeats = sum(count.values()) - len(count)
    marked = [message for message in messages if "(possible repeat)" in message.visible]
    note("message", failpoint, hit, len(NEWS) - len(count), repeats, len(marked))
    assert set(count) == set(NEWS)
    assert repeats == (failpoint in UNAVOIDABLE) or (failpoint in BESIDE and repeats == 1)
    assert len(marked) == (failpoint in MARKED) or (failpoint in BESIDE and len(marked) == 1)
    assert len(marked) >= repeats
    assert len(messages) == len(NEWS) + repeats


@pytest.mark.parametrize("failpoint", OF_A_DELIVERY)
def test_a_daemon_killed_over_an_edit_makes_it_again_and_sends_nothing(
    tmp_path: Path, failpoint: str
) -> None:
    story, copy = Story(NEWS["ferry"]), Story(f"{NEWS['ferry']}!")
    with FeedServer() as feeds, FakeTelegram() as telegram:
        urls = [feeds.put("/wire", rss("Wire", [story])), feeds.put("/times", rss("Times", []))]
        config = configured(tmp_path, telegram, urls)
        with WatcherProcess(config, env={"WATCHER_FAILPOINT": f"{failpoint}:2"}) as watcher:
            telegram.wait_for(1)
            feeds.put("/times", rss("Times", [copy]))
            assert watcher.wait_for_exit() == -signal.SIGKILL
        polls = feeds.count("/times")
        with WatcherProcess(config) as watcher:
            watcher.wait_until(lambda: has_settled(config, 1, edits=1))
            feeds.wait_for("/times", polls + 2)
            watcher.stop()
        messages = telegram.messages

    repeats = sum("(possible repeat)" in message.visible for message in messages)
    note("edit", failpoint, 2, 1 - len(messages), len(messages) - 1, repeats)
    assert (len(messages), repeats) == (1, 0)
    assert "2 outlets" in messages[0].visible
