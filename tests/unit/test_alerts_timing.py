from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alerts.timing import bundle_of, hold, is_quiet, next_time
from watcher.config.channels import ChannelTable
from watcher.config.values import QuietHours, Schedule
from watcher.model import Hold, Priority

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    JAKARTA,
    BERLIN,
    *map(
        ZoneInfo,
        ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"],
    ),
]
HOUR = timedelta(hours=1)


def table(
    quiet_hours: QuietHours | None = None,
    max_per_hour: int | None = None,
    digest: Schedule | None = None,
) -> ChannelTable:
    return ChannelTable.model_construct(
        quiet_hours=quiet_hours, max_per_hour=max_per_hour, digest=digest
    )


NIGHT = table(QuietHours.parse("22:00-06:00"))
MORNING = table(digest=Schedule.parse("daily 07:00"))


def local(text: str, zone: ZoneInfo = JAKARTA, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def held(
    channel: ChannelTable,
    at: datetime,
    priority: Priority = Priority.NORMAL,
    sent: Sequence[datetime] = (),
    zone: ZoneInfo = JAKARTA,
) -> tuple[Hold, datetime] | None:
    found = hold(channel, priority, at, zone, sent)
    return (found.reason, found.until) if found else None


@pytest.mark.parametrize(
    ("at", "until"),
    [
        pytest.param("2026-11-23 22:00", "2026-11-24 06:00", id="the first minute"),
        pytest.param("2026-11-24 02:30", "2026-11-24 06:00", id="after midnight"),
        pytest.param("2026-11-24 06:00", None, id="the end is loud"),
        pytest.param("2026-11-23 21:59:59", None, id="just before"),
    ],
)
def test_quiet_hours_hold_until_their_end(at: str, until: str | None) -> None:
    expected = (Hold.QUIET_HOURS, local(until)) if until else None

    assert held(NIGHT, local(at)) == expected


def test_quiet_hours_within_one_day() -> None:
    siesta = table(QuietHours.parse("13:00-14:30"))

    assert held(siesta, local("2026-11-23 13:10")) == (Hold.QUIET_HOURS, local("2026-11-23 14:30"))
    assert held(siesta, local("2026-11-23 23:00")) is None


def test_equal_start_and_end_never_silence_anything() -> None:
    broken = table(QuietHours(time(8), time(8)))

    assert held(broken, local("2026-11-23 08:00")) is None


def test_high_priority_passes_quiet_hours_and_digests() -> None:
    channel = table(NIGHT.quiet_hours, digest=MORNING.digest)

    assert held(channel, local("2026-11-23 23:00"), Priority.HIGH) is None


def test_a_digest_collects_until_its_time() -> None:
    assert held(MORNING, local("2026-11-23 07:00")) == (Hold.DIGEST, local("2026-11-24 07:00"))


def test_a_digest_due_in_quiet_hours_waits_for_their_end() -> None:
    channel = table(NIGHT.quiet_hours, digest=Schedule.parse("daily 03:00"))

    assert held(channel, local("2026-11-23 12:00")) == (Hold.DIGEST, local("2026-11-24 06:00"))


def test_the_hourly_limit_holds_until_the_hour_has_room() -> None:
    now = local("2026-11-23 12:00")
    sent = [now - timedelta(minutes=minutes) for minutes in (5, 50, 20, 90)]

    assert held(table(max_per_hour=4), now, sent=sent) is None
    assert held(table(max_per_hour=3), now, sent=sent) == (
        Hold.RATE_LIMITED,
        now + timedelta(minutes=10),
    )
    assert held(table(max_per_hour=2), now, sent=sent) == (
        Hold.RATE_LIMITED,
        now + timedelta(minutes=40),
    )


def test_the_hourly_limit_holds_high_priority_too() -> None:
    now = local("2026-11-23 23:00")

    assert held(table(NIGHT.quiet_hours, max_per_hour=1), now, Priority.HIGH, [now]) == (
        Hold.RATE_LIMITED,
        now + HOUR,
    )


def test_the_hourly_limit_holds_a_digest_too() -> None:
    now = local("2026-11-23 07:00")
    channel = table(digest=MORNING.digest, max_per_hour=1)
    sent = [now - timedelta(minutes=10)]
    found = hold(channel, Priority.NORMAL, now, JAKARTA, sent, is_collected=True)
    late = hold(channel, Priority.NORMAL, now, JAKARTA, sent, known=now - HOUR)

    assert found
    assert found == late
    assert (found.reason, found.until) == (Hold.DIGEST, now + timedelta(minutes=50))
    assert held(channel, now, sent=sent) == (Hold.DIGEST, local("2026-11-24 07:00"))


def test_what_a_clock_that_was_ahead_noted_comes_with_the_next_digest() -> None:
    now = local("2026-11-23 06:00")

    found = hold(MORNING, Priority.NORMAL, now, JAKARTA, (), known=now + timedelta(days=2))

    assert found
    assert found.until == local("2026-11-23 07:00")


def test_a_limit_reached_before_the_night_lasts_until_morning() -> None:
    now = local("2026-11-23 21:30")

    assert held(table(NIGHT.quiet_hours, max_per_hour=1), now, sent=[now]) == (
        Hold.RATE_LIMITED,
        local("2026-11-24 06:00"),
    )


def test_a_whole_night_ends_in_one_bundle() -> None:
    minutes = range(0, 8 * 60, 7)
    start = local("2026-11-23 22:00")
    found = [hold(NIGHT, Priority.LOW, start + timedelta(minutes=m), JAKARTA, ()) for m in minutes]

    assert len({bundle_of(one.until) for one in found if one}) == 1
    assert None not in found


@pytest.mark.parametrize(
    ("schedule", "now", "expected"),
    [
        pytest.param("daily 07:00", "2026-11-23 06:59", "2026-11-23 07:00", id="today"),
        pytest.param("daily 07:00", "2026-11-23 07:00", "2026-11-24 07:00", id="tomorrow"),
        pytest.param("weekly mon 08:00", "2026-11-23 07:00", "2026-11-23 08:00", id="this Monday"),
        pytest.param("weekly mon 08:00", "2026-11-23 08:00", "2026-11-30 08:00", id="next Monday"),
        pytest.param("every 2h", "2026-11-23 13:05", "2026-11-23 14:00", id="even hours"),
        pytest.param("every 2h", "2026-11-23 14:00", "2026-11-23 16:00", id="strictly later"),
        pytest.param("every 24h", "2026-11-23 14:00", "2026-11-24 00:00", id="midnight"),
    ],
)
def test_a_schedule_names_the_first_time_after_now(schedule: str, now: str, expected: str) -> None:
    assert next_time(Schedule.parse(schedule), local(now), JAKARTA) == local(expected)


@pytest.mark.parametrize(
    ("schedule", "now", "expected"),
    [
        pytest.param(
            "daily 02:30",
            local("2026-03-29 00:00", BERLIN),
            datetime(2026, 3, 29, 1, tzinfo=UTC),
            id="skipped by the clocks: at the gap's end",
        ),
        pytest.param(
            "daily 02:30",
            local("2026-10-25 00:00", BERLIN),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            id="shown twice: the first time",
        ),
        pytest.param(
            "daily 02:30",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            local("2026-10-26 02:30", BERLIN),
            id="shown twice: not again",
        ),
        pytest.param(
            "every 6h",
            local("2026-10-25 00:10", BERLIN),
            local("2026-10-25 06:00", BERLIN),
            id="a grid over a longer night",
        ),
        pytest.param(
            "every 6h",
            local("2026-03-29 00:10", BERLIN),
            local("2026-03-29 06:00", BERLIN),
            id="a grid over a shorter night",
        ),
        pytest.param(
            "every 2h",
            local("2026-03-29 00:10", BERLIN),
            datetime(2026, 3, 29, 1, tzinfo=UTC),
            id="a point of the grid that is skipped",
        ),
        pytest.param(
            "every 2h",
            local("2026-10-25 02:00", BERLIN),
            local("2026-10-25 04:00", BERLIN),
            id="a point of the grid that is shown twice",
        ),
        pytest.param(
            "every 5m",
            local("2026-10-25 02:55", BERLIN),
            local("2026-10-25 02:00", BERLIN, fold=1),
            id="a fine grid goes on in the hour that comes twice",
        ),
    ],
)
def test_next_time_where_clocks_change(schedule: str, now: datetime, expected: datetime) -> None:
    assert next_time(Schedule.parse(schedule), now, BERLIN) == expected


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        pytest.param(
            "22:00-02:30",
            local("2026-03-28 23:00", BERLIN),
            datetime(2026, 3, 29, 1, tzinfo=UTC),
            id="end skipped by the clocks",
        ),
        pytest.param(
            "22:00-02:30",
            local("2026-10-25 02:10", BERLIN, fold=1),
            local("2026-10-25 02:30", BERLIN, fold=1),
            id="end shown a second time",
        ),
        pytest.param(
            "22:00-06:00",
            local("2026-03-28 23:00", BERLIN),
            local("2026-03-29 06:00", BERLIN),
            id="a night of seven hours",
        ),
        pytest.param(
            "02:30-04:00",
            local("2026-10-25 02:45:10.5", BERLIN),
            local("2026-10-25 02:00", BERLIN, fold=1),
            id="begun, and set back to before it",
        ),
        pytest.param(
            "22:00-06:00",
            local("2026-10-24 23:00", BERLIN),
            local("2026-10-25 06:00", BERLIN),
            id="a night of nine hours",
        ),
    ],
)
def test_quiet_hours_where_clocks_change(hours: str, at: datetime, until: datetime) -> None:
    channel = table(QuietHours.parse(hours))

    assert held(channel, at, zone=BERLIN) == (Hold.QUIET_HOURS, until)


def test_a_day_that_a_zone_skips_is_survived() -> None:
    apia = ZoneInfo("Pacific/Apia")
    now = local("2011-12-29 23:30", apia)

    assert next_time(Schedule.parse("weekly fri 08:00"), now, apia) > now


clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0))
schedules = st.one_of(
    st.builds(Schedule, at=clocks, weekday=st.one_of(st.none(), st.integers(0, 6))),
    st.builds(Schedule, every=st.timedeltas(timedelta(seconds=1), timedelta(days=40))),
)
quiet = st.builds(QuietHours, clocks, clocks)
channels = st.builds(table, st.none() | quiet, st.none() | st.integers(1, 5), st.none() | schedules)
#: Half of them within a day of a change of clocks in one of the zones.
instants = st.one_of(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
    st.builds(
        lambda day, minutes: local(f"2026-{day}", BERLIN) + timedelta(minutes=minutes),
        st.sampled_from(["03-29", "10-25", "03-08", "11-01", "04-05", "10-04"]),
        st.integers(-1440, 1440),
    ),
)


@given(schedules, instants, st.sampled_from(ZONES))
def test_next_time_is_later_and_not_beyond_one_period(
    schedule: Schedule, now: datetime, zone: ZoneInfo
) -> None:
    found = next_time(schedule, now, zone)

    period = schedule.every or timedelta(days=1 if schedule.weekday is None else 7)
    # Samoa once skipped a whole day; elsewhere clocks move by at most an hour.
    assert now < found <= now + period + (25 * HOUR if zone.key == "Pacific/Apia" else HOUR)


@given(instants, st.sampled_from(ZONES), st.sampled_from([2, 3, 6, 7, 24]), st.integers(0, 400))
def test_all_that_waits_for_one_point_of_a_grid_waits_for_the_same(
    now: datetime, zone: ZoneInfo, hours: int, minutes: int
) -> None:
    every = Schedule(every=hours * HOUR)
    found = next_time(every, now, zone)
    later = min(now + timedelta(minutes=minutes), found - timedelta(seconds=1))

    assert next_time(every, later, zone) == found


@given(channels, st.sampled_from(Priority), instants, st.sampled_from(ZONES), st.data())
def test_held_messages_go_out_later_and_never_in_quiet_hours(
    channel: ChannelTable, priority: Priority, now: datetime, zone: ZoneInfo, data: st.DataObject
) -> None:
    ages = data.draw(st.lists(st.timedeltas(timedelta(0), 2 * HOUR), max_size=8))
    found = hold(
        channel,
        priority,
        now,
        zone,
        [now - age for age in ages],
        known=now + data.draw(st.timedeltas(-30 * timedelta(days=1), timedelta(days=1))),
        is_collected=data.draw(st.booleans()),
    )
    until = found.until if found else now

    assert found is None or found.until > now
    if channel.quiet_hours and priority is not Priority.HIGH:
        assert not is_quiet(channel.quiet_hours, until, zone)


@given(schedules, st.sampled_from(Priority), instants, st.sampled_from(ZONES), st.data())
def test_what_missed_its_digest_waits_for_no_other(
    digest: Schedule, priority: Priority, now: datetime, zone: ZoneInfo, data: st.DataObject
) -> None:
    planned = now - data.draw(st.timedeltas(timedelta(0), timedelta(days=30)))
    due = next_time(digest, planned, zone)
    found = hold(table(digest=digest), priority, now, zone, (), known=planned)

    if priority is Priority.HIGH or due <= now:
        assert found is None
    else:
        assert found
        assert (found.reason, found.until) == (Hold.DIGEST, due)
