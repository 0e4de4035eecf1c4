import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from watcher.alerts import notices
from watcher.alerts.notices import MOST_AT_ONCE
from watcher.alerts.senders import Sender
from watcher.alerts.views import Outgoing
from watcher.errors import DeliveryError
from watcher.model import Priority
from watcher.service.delivery import roads
from watcher.service.delivery.ops import Ops
from watcher.service.delivery.paces import Paces


class Desk:
    """A channel that keeps notices, after failing as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.limit_key = "desk"
        self.failures = list(failures)
        self.tries = 0
        self.told: list[str] = []
        self.silent: list[bool] = []
        self.arrived = asyncio.Event()
        self.failed = asyncio.Event()
        self.meanwhile: Any = lambda: None

    async def send(self, outgoing: Outgoing) -> str | None:
        raise AssertionError(outgoing)

    async def notice(self, text: str, *, silent: bool = False) -> None:
        self.tries += 1
        if self.failures:
            error = self.failures.pop(0)
            self.meanwhile()
            if not self.failures:
                self.failed.set()
            raise error
        self.told.append(text)
        self.silent.append(silent)
        self.arrived.set()

    async def close(self) -> None:
        """Do nothing."""


class Lossy(Desk):
    """A channel whose service takes what it is sent, and loses its answers."""

    def __init__(self, lost: Exception) -> None:
        super().__init__()
        self.lost = lost
        self.asked: list[str] = []

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        self.asked.append(text)
        raise self.lost


class Hanging(Desk):
    """A channel that takes for ever."""

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002
        self.tries += 1
        self.arrived.set()
        await asyncio.Event().wait()
        self.told.append(text)


class Slow(Desk):
    """A channel that takes a notice some turns of the loop after it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def notice(self, text: str, *, silent: bool = False) -> None:
        self.asked.set()
        for _ in range(10):
            await asyncio.sleep(0)
        await super().notice(text, silent=silent)


async def test_a_notice_is_logged_and_sent() -> None:
    ops, desk = Ops(), Desk()
    ops.use("desk", {"desk": desk})

    with capture_logs() as logs:
        ops.tell("feed x is sick", url="x")
    await ops.close()

    assert desk.told == ["feed x is sick"]
    assert logs == [
        {"event": "notice", "log_level": "warning", "text": "feed x is sick", "url": "x"}
    ]


async def test_at_night_a_notice_makes_no_sound_unless_alerts_are_being_lost() -> None:
    ops, desk, other = Ops(), Desk(DeliveryError("gone", permanent=True)), Desk()
    ops.use("desk", {"desk": desk, "other": other}, is_quiet=lambda name: name == "desk")

    ops.tell("alert 1 did not arrive", anywhere=True)
    ops.tell("feed x is sick")
    await ops.close()
    desk_at_night = list(zip(desk.told, desk.silent, strict=True))

    assert desk_at_night == [("feed x is sick", True)]
    assert list(zip(other.told, other.silent, strict=True)) == [("alert 1 did not arrive", False)]


async def test_without_a_channel_a_notice_is_logged_only() -> None:
    ops = Ops()

    with capture_logs() as logs:
        ops.tell("feed x is sick")
    await ops.close()

    assert [one["event"] for one in logs] == ["notice"]


async def test_notices_that_pile_up_are_one_message_in_their_order() -> None:
    ops, desk = Ops(), Desk()
    ops.use("desk", {"desk": desk})

    for number in range(MOST_AT_ONCE + 5):
        ops.tell(f"feed {number} is sick")
    await ops.close()

    (text,) = desk.told
    assert text.startswith("5 earlier ones: see `watcher status`; feed 5 is sick; feed 6 is sick; ")
    assert text.endswith("; feed 14 is sick")


async def test_a_later_notice_follows_an_earlier_one() -> None:
    ops, desk = Ops(), Desk()
    ops.use("desk", {"desk": desk})

    ops.tell("first")
    await desk.arrived.wait()
    ops.tell("second")
    await ops.close()

    assert desk.told == ["first", "second"]


async def test_a_notice_that_fails_is_tried_again() -> None:
    ops, desk = Ops(waits_s=(0, 0)), Desk(DeliveryError("no"), DeliveryError("no"))
    ops.use("desk", {"desk": desk})

    ops.tell("feed x is sick")
    await desk.arrived.wait()
    await ops.close()

    assert desk.told == ["feed x is sick"]


async def test_a_notice_that_could_not_be_sent_for_long_goes_with_the_next_one() -> None:
    ops, desk = Ops(waits_s=(0,)), Desk(DeliveryError("no"), DeliveryError("no"))
    ops.use("desk", {"desk": desk})

    with capture_logs() as logs:
        ops.tell("feed x is sick")
        await desk.failed.wait()
        await ops.settle()
        ops.tell("feed x is well again")
        await desk.arrived.wait()
        await ops.close()

    assert desk.told == ["feed x is sick; feed x is well again"]
    assert [one["error"] for one in logs if one["event"] == "notice not sent"] == ["no"]


async def test_a_service_that_asks_for_moments_does_not_use_up_the_tries_of_a_notice() -> None:
    wait_s = 0.05
    busy = DeliveryError("slow down", retry_after=timedelta(microseconds=1))
    ops, desk = Ops(waits_s=(wait_s,)), Desk(busy)
    ops.use("desk", {"desk": desk})

    ops.tell("feed x is sick")
    await desk.failed.wait()
    failed = asyncio.get_running_loop().time()
    await desk.arrived.wait()
    await ops.close()

    assert asyncio.get_running_loop().time() - failed >= wait_s / 2


async def test_a_notice_that_could_not_be_sent_for_long_is_tried_again_without_another() -> None:
    ops, desk = Ops(waits_s=()), Desk(DeliveryError("no"))
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is sick")
    await ops.settle()

    await ops.tell_again()
    await ops.close()

    assert desk.told == ["feed x is sick"]


async def test_what_can_never_arrive_is_tried_once() -> None:
    ops, desk = Ops(waits_s=(0, 0)), Desk(DeliveryError("unknown chat", permanent=True))
    ops.use("desk", {"desk": desk})

    with capture_logs():
        ops.tell("lost")
        await ops.close()

    assert (desk.tries, desk.told) == (1, [])


async def test_an_unforeseen_fault_costs_one_notice_and_no_more() -> None:
    ops, desk = Ops(waits_s=(0,)), Desk(RuntimeError("a fault of ours"))
    ops.use("desk", {"desk": desk})

    with capture_logs() as logs:
        ops.tell("lost")
        await desk.failed.wait()
        ops.tell("kept")
        await desk.arrived.wait()
        await ops.close()

    assert desk.told == ["kept"]
    assert "notice failed unexpectedly" in [one["event"] for one in logs]


async def test_at_the_end_a_notice_that_waits_for_its_next_try_is_given_up_at_once() -> None:
    patient = DeliveryError("slow down", retry_after=timedelta(hours=1))
    ops, desk = Ops(), Desk(patient)
    ops.use("desk", {"desk": desk})

    ops.tell("lost")
    await desk.failed.wait()
    async with asyncio.timeout(60):
        await ops.close()

    assert (desk.tries, desk.told) == (1, [])


async def test_a_notice_on_its_way_may_arrive_at_the_end_after_an_earlier_end_cut_a_wait() -> None:
    ops, desk = Ops(), Desk(DeliveryError("no"))
    ops.use("desk", {"desk": desk})
    ops.tell("lost")
    await desk.failed.wait()
    await ops.close()

    slow = Slow()
    ops.use("desk", {"desk": slow})
    ops.tell("kept")
    await slow.asked.wait()
    await ops.close()

    assert slow.told == ["kept"]


async def test_at_the_end_a_channel_that_hangs_is_left() -> None:
    ops, desk = Ops(settle_s=0), Hanging()
    ops.use("desk", {"desk": desk})

    ops.tell("lost")
    await desk.arrived.wait()
    async with asyncio.timeout(60):
        await ops.close()

    assert desk.told == []


async def test_a_notice_whose_answer_is_lost_goes_along_with_a_newer_one_and_is_not_hurried() -> (
    None
):
    lost = DeliveryError("the answer was lost", maybe_sent=True)
    ops, desk = Ops(waits_s=(0, 0, 0)), Lossy(lost)
    ops.use("desk", {"desk": desk})

    ops.tell("feed x is sick")
    await ops.settle()
    await ops.tell_again()
    ops.use("desk", {"desk": desk})
    await ops.settle()
    assert desk.asked == ["feed x is sick"]

    ops.tell("feed x is well again")
    await ops.close()
    assert desk.asked[1:] == ["feed x is sick; feed x is well again (possible repeat)"]


async def test_a_reload_while_an_answer_is_lost_repeats_nothing() -> None:
    lost = DeliveryError("the answer was lost", maybe_sent=True)
    ops, desk, other = Ops(), Desk(lost), Desk()
    desk.meanwhile = lambda: ops.use("desk", {"desk": other})
    ops.use("desk", {"desk": desk})

    ops.tell("feed x is sick")
    await desk.failed.wait()
    await ops.close()

    assert other.told == []


async def test_another_road_tells_that_it_may_be_a_repeat_where_an_answer_was_lost() -> None:
    lost = DeliveryError("the answer was lost", maybe_sent=True)
    ops, desk, other = Ops(), Desk(lost), Desk()
    ops.use("desk", {"desk": desk, "other": other})

    ops.tell("channel x is dead", about="x", anywhere=True)
    await ops.close()

    assert other.told == ["channel x is dead (possible repeat)"]


async def test_what_could_not_be_told_before_a_reload_is_told_once_after_it() -> None:
    ops, desk = Ops(waits_s=(3600,)), Desk(DeliveryError("no"))
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is sick")
    await desk.failed.wait()
    ops.tell("feed y is sick")
    await ops.tell_again()

    ops.use("desk", {"desk": desk})
    await ops.settle()
    await ops.close()

    assert desk.told == ["feed x is sick; feed y is sick"]


async def test_a_way_on_which_nothing_moves_keeps_no_other_from_its_notices() -> None:
    ops, desk, other = Ops(settle_s=0), Hanging(), Desk()
    ops.use("desk", {"desk": desk, "other": other})

    ops.tell("feed x is sick")
    await desk.arrived.wait()
    ops.tell("channel desk is dead", about="desk", anywhere=True)
    async with asyncio.timeout(60):
        await other.arrived.wait()
    await ops.close()

    assert other.told == ["channel desk is dead"]


async def test_that_the_only_channel_was_in_trouble_it_tells_itself() -> None:
    ops, desk = Ops(waits_s=()), Desk(DeliveryError("blocked", permanent=True))
    ops.use("desk", {"desk": desk})

    ops.tell("channel desk is dead", about="desk", anywhere=True)
    await ops.settle()
    ops.tell("channel desk is well again", about="desk", anywhere=True)
    await ops.close()

    assert desk.told == ["channel desk is dead; channel desk is well again"]


class Crowd(Paces):
    """A chat that has no room but for alerts."""

    def __init__(self, *taking: str) -> None:
        super().__init__()
        self.taking = taking
        self.asked: list[Priority | None] = []

    def turn_s(self, sender: Sender, priority: Priority | None, who: object) -> float:  # noqa: ARG002
        self.asked.append(priority)
        return 3600.0 if priority is None and sender.limit_key not in self.taking else 0.0


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (notices, roads):
        monkeypatch.setattr(module, "PATIENCE", timedelta(milliseconds=10))


@pytest.mark.usefixtures("impatient")
async def test_a_notice_waits_no_longer_than_a_minute_for_alerts_to_leave_room() -> None:
    ops, desk = Ops(paces=(crowd := Crowd())), Desk()
    ops.use("desk", {"desk": desk})

    ops.tell("feed x is sick")
    async with asyncio.timeout(60):
        await desk.arrived.wait()
    await ops.close()

    assert (crowd.asked[0], crowd.asked[-1]) == (None, Priority.NORMAL)


class Shut(Crowd):
    """A chat that has no room at all."""

    def turn_s(self, sender: Sender, priority: Priority | None, who: object) -> float:  # noqa: ARG002
        return 0.0 if sender.limit_key in self.taking else 3600.0


@pytest.mark.usefixtures("impatient")
async def test_a_notice_that_may_go_anywhere_takes_another_road_than_a_chat_without_room() -> None:
    ops, desk, other = Ops(paces=Shut("other")), Desk(), Desk()
    other.limit_key = "other"
    ops.use("desk", {"desk": desk, "other": other})

    ops.tell("channel x is dead", about="x", anywhere=True)
    async with asyncio.timeout(60):
        await other.arrived.wait()
    await ops.close()

    assert (desk.told, other.told) == ([], ["channel x is dead"])


async def test_the_end_waits_once_for_a_service_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    wait = asyncio.wait

    async def recorded(tasks: Any, *, timeout: float) -> Any:  # noqa: ASYNC109 - as asyncio's
        waits.append(timeout)
        return await wait(tasks, timeout=timeout)

    monkeypatch.setattr(asyncio, "wait", recorded)
    ops, desk = Ops(settle_s=0.05), Hanging()
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is sick")
    for end in (ops.settle, ops.stop, ops.close):
        await end()

    assert waits == [pytest.approx(0.05), 0.0, 0.0]


async def test_what_a_channel_refuses_that_is_down_is_told_when_it_is_mended() -> None:
    ops, desk = Ops(waits_s=()), Desk()
    ops.use("desk", {"desk": Desk(DeliveryError("no token", permanent=True))})
    ops.tell("feed x is sick")
    await ops.settle()

    ops.use("desk", {"desk": desk})
    await ops.close()

    assert desk.told == ["feed x is sick"]


async def test_what_is_refused_for_its_text_is_not_tried_again() -> None:
    ops, desk = Ops(waits_s=()), Desk(DeliveryError("spam", permanent=True, text_refused=True))
    ops.use("desk", {"desk": desk})
    ops.tell("feed x is sick")
    await ops.settle()

    await ops.tell_again()
    await ops.close()

    assert (desk.tries, desk.told) == (1, [])


async def test_what_came_while_a_notice_was_tried_in_vain_is_told_after_it() -> None:
    ops, desk = Ops(waits_s=()), Desk()
    desk.failures = [DeliveryError("no")]
    desk.meanwhile = lambda: ops.tell("channel x is well again", about="x", anywhere=True)
    ops.use("desk", {"desk": desk})

    ops.tell("channel x is dead", about="x", anywhere=True)
    await desk.arrived.wait()
    await ops.close()

    assert desk.told == ["channel x is dead; channel x is well again"]


async def test_a_service_that_asks_for_long_keeps_no_notice_from_another_road() -> None:
    busy = DeliveryError("slow down", retry_after=timedelta(hours=24))
    ops, desk, other = Ops(), Desk(busy), Desk()
    other.limit_key = "other"
    ops.use("desk", {"desk": desk, "other": other, "x": Desk()})

    ops.tell("feed y is sick")
    await desk.failed.wait()
    ops.tell("channel x is dead", about="x", anywhere=True)
    async with asyncio.timeout(60):
        await other.arrived.wait()
    await ops.close()

    assert (desk.tries, other.told) == (1, ["channel x is dead"])


async def test_what_waits_for_a_channel_is_told_at_once_by_another_that_takes_its_place() -> None:
    ops, desk, other = Ops(waits_s=(3600,)), Desk(DeliveryError("no")), Desk()
    ops.use("desk", {"desk": desk, "other": other})
    ops.tell("feed x is sick")
    await desk.failed.wait()

    ops.use("other", {"other": other})
    async with asyncio.timeout(60):
        await other.arrived.wait()
    await ops.close()

    assert (desk.tries, other.told) == (1, ["feed x is sick"])


async def test_a_notice_waits_as_long_as_its_chat_has_had_its_share() -> None:
    share, ops_waits = iter([0.01, 0.01, 0.0]), []

    class Chat(Paces):
        def turn_s(self, *_: object) -> float:
            ops_waits.append(next(share))
            return ops_waits[-1]

    ops, desk = Ops(paces=Chat()), Desk()
    ops.use("desk", {"desk": desk})

    ops.tell("feed x is sick")
    await desk.arrived.wait()
    await ops.close()

    assert (ops_waits, desk.told) == ([0.01, 0.01, 0.0], ["feed x is sick"])


async def test_closing_without_notices_is_no_trouble() -> None:
    await Ops().close()
