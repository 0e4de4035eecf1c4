"""A daemon that is well, as it and its database tell."""

from datetime import timedelta

from watchlists import NOON

from watcher.service.care.health import Part, Vitals
from watcher.storage.rows import Queues, State

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

WELL = Vitals(
    version="1",
    pid=7,
    now=NOON,
    uptime=5 * HOUR,
    polls=100,
    failed_polls=3,
    loop_lag=SECOND,
    ages=dict.fromkeys(Part, SECOND),
)
QUEUES = Queues(
    feeds=3,
    feeds_failing=1,
    feeds_sick=0,
    feeds_waiting=0,
    feeds_stale=0,
    feeds_never_polled=0,
    last_success=NOON - MINUTE,
    next_poll=NOON,
    deliveries=dict.fromkeys(State, 0),
    next_delivery=None,
    oldest_waiting=None,
    failing_channels={},
    gone_channels={},
    refused_recipients={},
    waiting_channels={},
    lost=0,
    database_bytes=1,
)
