"""Which feeds a restart finds to be asked otherwise than when they failed."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from watchlists import NOON

from watcher.config.settings import FeedTable, PollingTable
from watcher.feeds.schedule import Pace, PollState, reconsidered
from watcher.service.polling.changed_settings import (
    asked_with,
    kept_waiting,
    rests_of,
    unless_outdated,
    with_changes,
)
from watcher.service.polling.visit import PolledFeed, PollOutcome

HOUR = timedelta(hours=1)
POLLING = PollingTable()


def table(**settings: Any) -> FeedTable:
    return FeedTable.model_validate({"url": "https://wire.example/rss", **settings})


def refused(before: FeedTable, **state: Any) -> PollState:
    state = {"failures": 1, "asked_with": asked_with(before, POLLING), **state}
    return PollState(next_due=NOON + 6 * HOUR, **state)


def due(now: FeedTable, state: PollState, polling: PollingTable = POLLING) -> timedelta:
    known = [PolledFeed(1, now, state)]
    (feed,) = with_changes(known, polling, rests_of(known, NOON), NOON)
    assert feed.state.next_due is not None
    return feed.state.next_due - NOON


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"headers": {"X-Key": "k"}}, id="header"),
        pytest.param({"basic_auth": "ada:geheim"}, id="login"),
        pytest.param({"proxy": "http://proxy.example:3128"}, id="proxy"),
        pytest.param({"tls_verify": False}, id="certificate"),
        pytest.param({"allow_private": ["10.0.0.0/8"]}, id="address"),
    ],
)
def test_a_feed_that_failed_with_other_settings_is_due(settings: dict[str, Any]) -> None:
    assert due(table(**settings), refused(table())) == timedelta()
    assert due(table(**settings), refused(table(**settings))) == 6 * HOUR


@pytest.mark.parametrize(
    "settings",
    [
        {"user_agent": "me"},
        {"timeout": "90s"},
        {"max_body": "50MB"},
        {"proxy": "http://proxy.example:3128"},
    ],
)
def test_so_it_is_when_a_limit_for_all_was_changed(settings: dict[str, str]) -> None:
    polling = PollingTable.model_validate(settings)

    assert due(table(), refused(table()), polling) == timedelta()


def test_what_is_no_matter_of_fetching_changes_nothing() -> None:
    now = table(name="Wire", tags=["a"], weight=2, headers={"x-key": "k"})

    assert due(now, refused(table(headers={"X-Key": "k"}))) == 6 * HOUR


def test_a_feed_that_is_well_is_due_as_planned() -> None:
    now = table(headers={"X-Key": "k"})

    assert due(now, refused(table(), failures=0)) == 6 * HOUR


def test_a_password_file_that_was_written_anew_counts(tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("ada:falsch")
    state = refused(table(basic_auth_file=str(file)))
    assert due(table(basic_auth_file=str(file)), state) == 6 * HOUR

    os.utime(file, ns=(0, 1))
    assert due(table(basic_auth_file=str(file)), state) == timedelta()
    file.unlink()
    assert due(table(basic_auth_file=str(file)), state) == timedelta()


def test_a_credential_that_a_restart_writes_anew_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    file = tmp_path / "feed"
    file.write_text("ada:falsch")
    state = refused(table(basic_auth_credential="feed"))

    os.utime(file, ns=(0, 1))
    assert due(table(basic_auth_credential="feed"), state) == 6 * HOUR
    file.write_text("ada:richtig")
    assert due(table(basic_auth_credential="feed"), state) == timedelta()


def test_a_host_that_wants_to_be_left_alone_is() -> None:
    state = refused(table(), rests_until=NOON + HOUR, resting="wire.example")

    assert due(table(tls_verify=False), state) == HOUR


def test_a_feed_that_was_added_while_its_host_rests_waits_over_a_reload_too() -> None:
    resting = refused(table(), rests_until=NOON + 9 * HOUR, resting="wire.example")
    busy = PolledFeed(1, table(), resting)
    added = PolledFeed(2, table(url="https://wire.example/added"), PollState())

    (waiting,) = kept_waiting([added], rests_of([busy, added], NOON), NOON)
    reloaded = reconsidered(waiting.state, Pace(HOUR, HOUR, HOUR), now=NOON)

    assert reloaded == waiting.state
    assert reloaded.next_due == NOON + 9 * HOUR


def test_a_feed_that_fails_and_is_put_off_for_its_host_keeps_the_time_of_its_own() -> None:
    until = NOON + HOUR
    failing = PolledFeed(1, table(), refused(table(), rests_until=until, resting="wire.example"))
    later = failing.state._replace(next_due=until + timedelta(minutes=5))
    put_off = replace(failing, state=later)

    kept = unless_outdated(PollOutcome(failing, NOON, later), put_off, POLLING, [], NOON)

    assert kept == put_off


def test_no_secret_leaves_a_trace_in_the_mark() -> None:
    marks = {
        asked_with(table(headers={"X-Key": key}, basic_auth=f"ada:{key}"), POLLING)
        for key in ("one", "two")
    }

    assert len(marks) == 1
