"""Politeness of the installed daemon: one run of some seconds, and what each owner saw of it."""

from itertools import pairwise
from pathlib import Path

import pytest
from feed_documents import Story, rss
from feed_server import FeedServer, Received
from watcher_process import WatcherProcess, write_config

from watcher.config.settings import DEFAULT_USER_AGENT

SCREEN = "[channels.screen]\nconsole = true\n"
DOCUMENT = rss("Harbour Times", [Story("Ferry line reopens"), Story("Bridge closed")])
DELAY_S = 1.0


class Run:
    """What the servers saw of one run, and of a second one after a restart."""

    def __init__(self, folder: Path) -> None:
        with (
            FeedServer() as crowded,
            FeedServer(host="127.0.0.2") as single,
            FeedServer(host="127.0.0.3") as busy,
            FeedServer(host="127.0.0.4") as slow,
        ):
            self._serve(crowded, single, busy, slow)
            feeds = [
                *(crowded.url(f"/{number}") for number in range(4)),
                single.url("/rss"),
                single.url("/moved"),
                *(busy.url(f"/{number}") for number in range(3)),
                *(slow.url(f"/{number}") for number in range(2)),
            ]
            config = write_config(folder, feeds=feeds, channels=SCREEN)
            text = config.read_text("utf-8")
            config.write_text(
                text.replace('per_host_delay = "0s"', 'per_host_delay = "1s"\ntimeout = "3s"'),
                "utf-8",
            )
            with WatcherProcess(config) as watcher:
                for path in ("/rss", "/moved"):
                    single.wait_for(path, 4)
                crowded.wait_for("/3", 2)
                slow.wait_for("/1", 1)
                busy.wait_for("/0", 1)
                watcher.stop()
                self.log = watcher.log
            self.crowded, self.single = list(crowded.requests), list(single.requests)
            self.busy, self.slow = list(busy.requests), list(slow.requests)
            with WatcherProcess(config) as watcher:
                watcher.wait_for_log("started")
                watcher.wait_for_log("feed polled", 1)
                watcher.stop()
            self.busy_later = busy.requests[len(self.busy) :]

    @staticmethod
    def _serve(crowded: FeedServer, single: FeedServer, busy: FeedServer, slow: FeedServer) -> None:
        for number in range(4):
            crowded.put(f"/{number}", DOCUMENT)
        single.put(
            "/rss", DOCUMENT, etag='W/"1 \\"', last_modified="once",
            headers={"Set-Cookie": "id=1; Path=/"},
        )  # fmt: skip
        single.put("/moved", redirect_to="/rss", status=301)
        for number in range(3):
            busy.put(f"/{number}", status=429, headers={"Retry-After": "86400"})
        slow.put("/0", mode="hang")
        slow.put("/1", DOCUMENT)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("politeness"))


def of(requests: list[Received], path: str) -> list[Received]:
    return [request for request in requests if request.path == path]


def test_starts_at_one_host_are_apart_by_the_delay(seen: Run) -> None:
    gaps = [later.at - earlier.at for earlier, later in pairwise(seen.crowded)]

    assert len(gaps) >= 4
    assert min(gaps) > DELAY_S * 0.9


def test_every_feed_of_a_host_gets_its_turn(seen: Run) -> None:
    assert {request.path for request in seen.crowded[:4]} == {"/0", "/1", "/2", "/3"}


def test_other_hosts_do_not_wait(seen: Run) -> None:
    assert seen.single[0].at < seen.crowded[2].at


def test_a_host_has_one_request_in_flight(seen: Run) -> None:
    hangs, after = sorted(seen.slow, key=lambda request: request.at)[:2]
    held = after.at - hangs.at

    assert hangs.path != after.path
    assert held > 2.5 or hangs.path == "/1"  # the answer that never comes ends at the timeout


def test_validators_are_sent_back_exactly_and_only_when_known(seen: Run) -> None:
    first, *later = of(seen.single, "/rss")

    assert not {"if-none-match", "if-modified-since", "a-im"} & first.names
    direct = [r for r in later if "if-none-match" in r.names]
    assert direct
    assert {(r.headers["If-None-Match"], r.headers["If-Modified-Since"]) for r in direct} == {
        ('W/"1 \\"', "once")
    }


def test_no_cookies_no_referer_and_a_name_to_complain_to(seen: Run) -> None:
    for request in (*seen.crowded, *seen.single, *seen.busy):
        assert not {"cookie", "referer"} & request.names
        assert request.headers["User-Agent"] == DEFAULT_USER_AGENT
        assert "gzip" in request.headers["Accept-Encoding"]
        assert "?" not in request.path


def test_a_redirect_is_followed_at_each_poll_until_it_is_believed(seen: Run) -> None:
    assert len(of(seen.single, "/moved")) >= 3


def test_too_many_requests_silences_all_feeds_of_the_host(seen: Run) -> None:
    assert len(seen.busy) == 1


def test_a_restart_does_not_ask_again_who_asked_for_patience(seen: Run) -> None:
    assert seen.busy_later == []


def test_nothing_of_this_is_a_traceback(seen: Run) -> None:
    assert "Traceback" not in seen.log
