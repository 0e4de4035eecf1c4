from dataclasses import replace
from datetime import timedelta

import pytest
from health_values import HOUR, MINUTE, QUEUES, SECOND, WELL
from watchlists import NOON, settings

from watcher.service.care.health import Part, Pulse, Vitals, reasons, unmoved, warnings
from watcher.storage.rows import Queues, State

SETTINGS = settings("", polling={"interval": "15m", "max_interval": "1h"})

JUST_STARTED = replace(WELL, uptime=MINUTE)
LONG_AGO = replace(QUEUES, last_success=NOON - 3 * HOUR)
NEVER = replace(QUEUES, last_success=None)


class Ticking:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_a_part_is_as_old_as_its_last_move() -> None:
    clock = Ticking()
    pulse = Pulse(clock)
    clock.time += 90
    pulse.mark(Part.OUTBOX)
    clock.time += 5

    assert pulse.ages() == {
        Part.POLLING: 95 * SECOND,
        Part.OUTBOX: 5 * SECOND,
        Part.DATABASE: 95 * SECOND,
    }
    assert unmoved(pulse.ages()) == [
        "polling has not moved for 95 s",
        "the database has not moved for 95 s",
    ]


@pytest.mark.parametrize("part", Part)
def test_one_part_that_stands_still_is_enough(part: Part) -> None:
    stuck = replace(WELL, ages={**WELL.ages, part: 61 * SECOND})

    assert reasons(stuck, QUEUES, SETTINGS) == [f"{part} has not moved for 61 s"]


@pytest.mark.parametrize(
    ("vitals", "queues", "expected"),
    [
        pytest.param(WELL, QUEUES, [], id="well"),
        pytest.param(JUST_STARTED, LONG_AGO, [], id="it just started after a long pause"),
        pytest.param(JUST_STARTED, NEVER, [], id="it just started anew"),
        pytest.param(WELL, LONG_AGO, ["no poll of any feed worked for 180 min"], id="late"),
        pytest.param(WELL, NEVER, ["no poll of any feed worked for 300 min"], id="never"),
        pytest.param(WELL, replace(NEVER, feeds=0), [], id="no feeds"),
        pytest.param(
            replace(WELL, offline=True, outage="we seem to be offline: at 2 of 2 hosts: no route"),
            LONG_AGO,
            ["we seem to be offline: at 2 of 2 hosts: no route"],
            id="offline",
        ),
        pytest.param(
            replace(WELL, disk_short=True),
            QUEUES,
            ["polling is paused: the disk is nearly full"],
            id="disk",
        ),
    ],
)
def test_what_keeps_it_from_being_ready_is_named(
    vitals: Vitals, queues: Queues, expected: list[str]
) -> None:
    assert reasons(vitals, queues, SETTINGS) == expected


def test_intervals_of_seconds_make_nobody_late() -> None:
    hasty = settings("", polling={"interval": "1s", "min_interval": "1s", "max_interval": "1s"})
    queues = replace(QUEUES, last_success=NOON - 100 * SECOND)

    assert reasons(WELL, queues, hasty) == []


def test_what_somebody_should_look_after_is_a_warning() -> None:
    vitals = replace(
        WELL,
        config_refused="config.toml:3:1: no",
        clock_behind=timedelta(days=-365),
        channels_down={"desk": "the token is missing"},
        backup_failed="no room",
    )
    dead = replace(QUEUES, deliveries={**QUEUES.deliveries, State.DEAD: 5}, lost=2)

    assert warnings(WELL, QUEUES, SETTINGS) == []
    assert warnings(vitals, dead, SETTINGS) == [
        (
            "the clock of this machine is 8760 h ahead, say the hosts that are polled; Watcher goes"
            " by theirs: put it right, see `timedatectl`"
        ),
        "the configuration on disk is refused: config.toml:3:1: no",
        "the channel desk is down: the token is missing",
        "2 deliveries are dead: see `watcher alerts list --state dead`",
        "today's backup could not be made: no room",
    ]
    assert reasons(vitals, dead, SETTINGS) == []


TWO = settings("", channels={"desk": {"console": True}, "phone": {"console": True}})


def silent(**since: timedelta) -> Queues:
    return replace(QUEUES, failing_channels={name: NOON - span for name, span in since.items()})


@pytest.mark.parametrize(
    ("queues", "expected"),
    [
        pytest.param(silent(desk=14 * MINUTE), [], id="a service that restarts"),
        pytest.param(
            silent(desk=15 * MINUTE),
            [
                (
                    "nothing gets through to the channel desk for 15 min:"
                    " see `watcher alerts list --state pending`"
                )
            ],
            id="failing",
        ),
        pytest.param(silent(of_last_year=HOUR), [], id="not in the configuration"),
        pytest.param(
            replace(QUEUES, gone_channels={"phone": NOON - 5 * HOUR}),
            ["the channel phone is dead for 5 h: nothing reaches it"],
            id="gone",
        ),
    ],
)
def test_a_channel_that_takes_nothing_is_a_warning(queues: Queues, expected: list[str]) -> None:
    assert warnings(WELL, queues, TWO) == expected
    assert reasons(WELL, queues, TWO) == []


@pytest.mark.parametrize(
    ("age", "words"),
    [(3 * HOUR, "3 h ago"), (MINUTE, "1 min ago"), (59 * SECOND, "just now"), (-HOUR, "just now")],
)
def test_a_recipient_whom_the_mail_server_refuses_is_a_warning_while_it_is_configured(
    age: timedelta, words: str
) -> None:
    email = {"server": "smtp://mail.example.org", "from": "w@example.org", "to": ["ana@x.example"]}
    set_up = settings("", channels={"mail": {"email": email}})
    since = {"ana@x.example": NOON - age, "bob@x.example": NOON - age}
    queues = replace(QUEUES, refused_recipients={"mail": since, "of_last_year": since})

    assert warnings(WELL, queues, set_up) == [
        (
            "the mail server of channel mail refuses ana@x.example for good, as it first said"
            f" {words}: mend that address, or take it out"
        )
    ]
    assert reasons(WELL, queues, set_up) == []


def test_without_any_way_out_for_alerts_it_is_not_ready() -> None:
    queues = replace(silent(desk=HOUR), gone_channels={"phone": NOON})
    down = replace(WELL, channels_down={"phone": "no token"})
    no_way = ["no alert goes out: nothing gets through to any channel"]

    assert reasons(WELL, queues, TWO) == no_way
    assert reasons(down, silent(desk=HOUR), TWO) == no_way
    assert reasons(down, QUEUES, TWO) == []
    assert reasons(WELL, QUEUES, settings("", channels={})) == []
