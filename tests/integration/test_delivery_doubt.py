"""A message whose answer was lost: sent again ever more seldom, marked, by mail and by Apprise.

And of mail, whom its server refuses while it takes what is for others.

Telegram's rows stand in test_delivery_faults.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from house import WIRE, Clock, House, Recorder
from mail_server import Fault, MailServer
from unrelated import headline, topics
from watchlists import MEETS, settings
from webhook import Webhook

from watcher.alerts.senders import make_sender
from watcher.config import Settings
from watcher.service.in_force.channels import DownSender
from watcher.service.moments import utc_now
from watcher.storage.rows import State

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

#: Answers that are lost before one arrives.
LOST = 2


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        server.fail_next(Fault.KEEP_THEN_DROP, times=LOST)
        yield server


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as made:
        made.in_turn = ["drop"] * LOST
        yield made


async def told_by(folder: Path, channel: dict[str, Any]) -> tuple[float, int]:
    """Tell one story to a channel; return after how many seconds and tries it was known to be."""
    configured = settings(
        feeds=[{"url": WIRE}], channels={"one": channel}, alerts={"group_wait": "0s"}
    )
    clock = Clock()
    sender = make_sender("one", configured.channels["one"], console=sys.stdout, clock=clock)
    async with House(folder, configured, clock, {"one": cast("Any", sender)}) as house:
        await house.started()
        await house.poll(MEETS)
        begun = clock()
        for _ in range(LOST + 2):
            await house.deliver()
            clock.time = max(clock(), house.next_due() or clock())
        (delivery,) = house.deliveries()
        assert delivery.state is State.SENT
        assert delivery.maybe_sent
        return (clock() - begun).total_seconds(), delivery.attempts


async def test_a_mail_whose_answer_was_lost_is_repeated_marked_and_under_the_same_id(
    tmp_path: Path, mail: MailServer
) -> None:
    table = {"server": mail.url, "tls": False, "from": "w@example.org", "to": ["a@example.org"]}
    took_s, attempts = await told_by(tmp_path, {"email": table})

    subjects = [str(one.message["Subject"]) for one in mail.messages]
    assert ["(possible repeat)" in subject for subject in subjects] == [False, True, True]
    assert len({one.message["Message-ID"] for one in mail.messages}) == 1
    assert attempts == LOST + 1
    assert 75 <= took_s <= 150


async def test_a_service_of_apprise_whose_answer_was_lost_gets_marked_repeats(
    tmp_path: Path, hook: Webhook
) -> None:
    took_s, attempts = await told_by(tmp_path, {"apprise": hook.url})

    assert ["(possible repeat)" in body["title"] for body in hook.bodies] == [False, True, True]
    assert attempts == LOST + 1
    assert 75 <= took_s <= 150


def to_two(server: MailServer, second: str = "bob@example.org") -> Settings:
    """Return a configuration that mails every story to two readers."""
    readers = ["ana@example.org", second]
    table = {"server": server.url, "tls": False, "from": "w@example.org", "to": readers}
    return settings(
        feeds=[{"url": WIRE}],
        topics=topics(),
        channels={"mail": {"email": table}},
        alerts={"group_wait": "0s"},
    )


def mailbox(configured: Settings) -> Any:
    return make_sender("mail", configured.channels["mail"], console=sys.stdout, clock=utc_now)


async def told_to_two(folder: Path, server: MailServer, *numbers: int) -> list[str]:
    """Tell stories to two readers, in a run of its own; return what the operator hears."""
    configured, ops = to_two(server), Recorder()
    async with House(folder, configured, Clock(), {"mail": mailbox(configured)}) as house:
        house.ops.use("ops", {"ops": ops})
        await house.courier.channels.restore()
        await house.started()
        for number in numbers:
            await house.tell(headline(number))
        assert {delivery.state for delivery in house.deliveries()} == {State.SENT}
        await house.ops.close()
    return ops.notices


async def test_a_recipient_refused_for_good_is_told_of_once_and_once_more_when_taken_again(
    tmp_path: Path,
) -> None:
    with MailServer(refuse={"bob@example.org": "550 no such user"}) as server:
        (told,) = await told_to_two(tmp_path, server, 0, 1)
        after_a_restart = await told_to_two(tmp_path, server, 2)
        server.refuse.clear()
        (again,) = await told_to_two(tmp_path, server, 3, 4)

    assert told.startswith("the mail server of mail refuses bob@example.org for good (550 no such")
    assert after_a_restart == []
    assert again == "the mail server of mail takes mail for bob@example.org again"


async def test_a_reload_between_two_tries_sends_no_mail_again_to_who_has_it(tmp_path: Path) -> None:
    with MailServer(refuse={"bob@example.org": "451 greylisted"}) as server:
        configured = to_two(server)
        async with House(tmp_path, configured, Clock(), {"mail": mailbox(configured)}) as house:
            await house.started()
            await house.tell(headline(0))
            server.refuse.clear()
            down = DownSender("mail", "its secret was being written")
            for sender in (down, mailbox(configured)):
                house.courier.use(house.watch, {"mail": sender})
            await house.deliver(hours=1)

        recipients = [mail.recipients for mail in server.messages]
    assert recipients == [("ana@example.org",), ("bob@example.org",)]


async def test_a_recipient_taken_out_and_put_back_is_told_of_as_of_then(tmp_path: Path) -> None:
    with MailServer(refuse={"bob@example.org": "550 no such user"}) as server:
        await told_to_two(tmp_path, server, 0)
        settings = [to_two(server, "cid@example.org"), to_two(server)]
        async with House(tmp_path, settings[0], Clock(), {}) as house:
            await house.courier.channels.restore()
            for each in settings:
                house.courier.use(house.watch, {"mail": mailbox(each)})
                await house.courier.channels.forget_former(each)
            with house.database.read() as tx:
                noted = tx.notices.refused_recipients()
        (again,) = await told_to_two(tmp_path, server, 2)

    assert noted == {}
    assert "refuses bob@example.org for good" in again
