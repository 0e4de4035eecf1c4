from typing import Any, cast

import pytest
from poll_values import outcome
from watchlists import settings

from watcher.service.delivery.ops import Ops
from watcher.service.intake.taken import Taken
from watcher.service.monitoring.own_state import OwnState
from watcher.service.monitoring.poll_log import PollLog


@pytest.mark.parametrize(
    ("feeds", "polls", "text"),
    [
        (0, 0, "watching 0 feeds for 1 topic; since the start 0 polls, 0 alerts"),
        (1, 1, "watching 1 feed for 1 topic; since the start 1 poll, 1 alert"),
        (2, 3, "watching 2 feeds for 1 topic; since the start 3 polls, 3 alerts"),
    ],
)
def test_systemd_is_shown_in_plain_words_what_is_watched(feeds: int, polls: int, text: str) -> None:
    poll_log = PollLog(Ops())
    for _ in range(polls):
        poll_log.polled(outcome(), Taken(alerts=1))
    nobody = cast("Any", None)
    own_state = OwnState(
        nobody, poll_log, poller=nobody, disk=nobody, backups=nobody, reloading=nobody
    )
    urls = [{"url": f"https://wire.example/{number}"} for number in range(feeds)]

    assert own_state.summary(settings(feeds=urls)) == text
