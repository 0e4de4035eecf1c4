from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from mail_server import Fault, MailServer
from sender_samples import mailbox, outgoing

from watcher.alerts.senders import Addressing, Repeating
from watcher.errors import DeliveryError


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as plain:
        yield plain


async def test_recipients_refused_for_good_leave_the_others_their_mail(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuse["bob@example.org"] = "550 no such user"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])

    await channel.send(outgoing())

    assert [mail.recipients for mail in server.messages] == [("ana@example.org",)]
    assert "the mail server refused recipients" in caplog.text


async def test_of_too_many_recipients_the_others_are_served_later(server: MailServer) -> None:
    server.refuse["bob@example.org"] = "552 5.5.3 too many recipients"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])
    with pytest.raises(DeliveryError, match=r"not yet for bob@example\.org") as caught:
        await channel.send(outgoing())
    server.refuse.clear()
    await channel.send(outgoing())

    assert not caught.value.permanent
    assert [mail.recipients for mail in server.messages] == [
        ("ana@example.org",),
        ("bob@example.org",),
    ]


async def test_a_mailbox_knows_who_was_refused_at_the_last_mail(server: MailServer) -> None:
    bob = "Bob <bob@example.org>"
    channel = mailbox(server, to=["ana@example.org", bob])
    assert isinstance(channel, Addressing)
    assert channel.answers == {}

    server.refuse["bob@example.org"] = "550 no such user"
    await channel.send(outgoing(key="1"))
    assert channel.answers == {"ana@example.org": None, bob: "550 no such user"}

    server.refuse["bob@example.org"] = "451 greylisted"
    with pytest.raises(DeliveryError):
        await channel.send(outgoing(key="2"))
    assert channel.answers[bob] == "550 no such user"

    server.refuse.clear()
    await channel.send(outgoing(key="3"))
    assert channel.answers == {"ana@example.org": None, bob: None}


async def test_a_recipient_put_off_is_served_alone_later(server: MailServer) -> None:
    server.refuse["bob@example.org"] = "451 greylisted"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])
    with pytest.raises(DeliveryError, match=r"not yet for bob@example\.org") as caught:
        await channel.send(outgoing())
    del server.refuse["bob@example.org"]
    await channel.send(outgoing())

    first, second = server.messages
    assert not caught.value.permanent
    assert (first.recipients, second.recipients) == (("ana@example.org",), ("bob@example.org",))
    assert first.message["Message-ID"] == second.message["Message-ID"]


async def test_who_has_a_mail_gets_it_again_only_after_a_restart_and_marked(
    server: MailServer,
) -> None:
    server.refuse["bob@example.org"] = "451 greylisted"
    both = ["ana@example.org", "bob@example.org"]
    before = mailbox(server, to=both)
    with pytest.raises(DeliveryError) as caught:
        await before.send(outgoing())
    assert caught.value.in_part
    del server.refuse["bob@example.org"]
    again = replace(outgoing(), possible_repeat=True)  # as the outbox has it from then on

    await mailbox(server, to=both).send(again)  # another process: nobody knows who has it
    await before.send(again)

    first, marked, alone = server.messages
    subjects = [str(mail.message["Subject"]) for mail in (first, marked, alone)]
    assert marked.recipients == tuple(both)
    assert alone.recipients == ("bob@example.org",)
    assert ["possible repeat" in subject for subject in subjects] == [False, True, False]


async def test_a_mailbox_configured_anew_sends_to_those_alone_who_wait(server: MailServer) -> None:
    server.refuse["bob@example.org"] = "451 greylisted"
    before = mailbox(server, to=["ana@example.org", "bob@example.org"])
    with pytest.raises(DeliveryError):
        await before.send(outgoing())
    server.refuse.clear()

    after = mailbox(server, to=["Ana <ana@example.org>", "bob@example.org", "cid@example.org"])
    assert isinstance(after, Addressing)
    after.go_on_from(before)
    await after.send(replace(outgoing(), possible_repeat=True))

    _, alone = server.messages
    assert alone.recipients == ("bob@example.org", "cid@example.org")
    assert "possible repeat" not in str(alone.message["Subject"])


async def test_a_mail_under_way_leaves_its_answers_to_the_mailbox_configured_anew(
    server: MailServer,
) -> None:
    server.refuse["bob@example.org"] = "550 no such user"
    both = ["ana@example.org", "bob@example.org"]
    before, after = mailbox(server, to=both), mailbox(server, to=both)
    assert isinstance(after, Addressing)
    after.go_on_from(before)
    await before.send(outgoing())

    assert after.answers == {"ana@example.org": None, "bob@example.org": "550 no such user"}


async def test_what_is_known_of_a_recipient_goes_with_its_place_in_the_configuration(
    server: MailServer,
) -> None:
    server.refuse["bob@example.org"] = "550 no such user"
    ana, bob = "ana@example.org", "bob@example.org"
    senders = [mailbox(server, to=to) for to in ([ana, bob], [ana], [ana, bob])]
    await senders[0].send(outgoing())
    for former, later in pairwise(senders):
        assert isinstance(later, Addressing)
        later.go_on_from(former)

    assert isinstance(senders[2], Addressing)
    assert senders[2].answers == {"ana@example.org": None}


async def test_a_mail_put_off_whose_next_answer_is_lost_may_be_a_repeat(server: MailServer) -> None:
    server.refuse["bob@example.org"] = "451 greylisted"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])
    with pytest.raises(DeliveryError):
        await channel.send(outgoing())
    del server.refuse["bob@example.org"]
    server.fail_next(Fault.KEEP_THEN_DROP)
    again = replace(outgoing(), possible_repeat=True)
    with pytest.raises(DeliveryError):
        await channel.send(again)

    await channel.send(again)

    subjects = [str(mail.message["Subject"]) for mail in server.messages]
    assert ["possible repeat" in subject for subject in subjects] == [False, False, True]


async def test_a_recipient_put_off_and_then_refused_ends_well_for_the_rest(
    server: MailServer,
) -> None:
    server.refuse["bob@example.org"] = "451 greylisted"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])
    with pytest.raises(DeliveryError):
        await channel.send(outgoing())
    server.refuse["bob@example.org"] = "550 no such user"
    await channel.send(outgoing())

    assert len(server.messages) == 1


async def test_a_notice_is_repeated_to_those_alone_who_were_put_off_and_surely_have_no_copy(
    server: MailServer,
) -> None:
    server.refuse["bob@example.org"] = "452 mailbox full"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])
    assert isinstance(channel, Repeating)
    with pytest.raises(DeliveryError):
        await channel.notice("feed x is sick")
    with pytest.raises(DeliveryError) as caught:
        await channel.repeat("feed x is sick")
    assert caught.value.in_part
    server.refuse.clear()
    await channel.repeat("feed x is sick")

    assert [(mail.recipients, mail.body().strip()) for mail in server.messages] == [
        (("ana@example.org",), "feed x is sick"),
        (("bob@example.org",), "feed x is sick"),
    ]


async def test_a_notice_whose_answer_was_lost_says_in_its_repeat_that_it_is_one(
    server: MailServer,
) -> None:
    server.fail_next(Fault.KEEP_THEN_DROP)
    channel = mailbox(server)
    assert isinstance(channel, Repeating)
    with pytest.raises(DeliveryError):
        await channel.notice("feed x is sick")
    await channel.repeat("feed x is sick")

    told = [mail.body().strip() for mail in server.messages]
    assert told == ["feed x is sick", "feed x is sick (possible repeat)"]


async def test_another_notice_in_the_same_words_goes_to_everyone(server: MailServer) -> None:
    server.refuse["bob@example.org"] = "452 mailbox full"
    channel = mailbox(server, to=["ana@example.org", "bob@example.org"])
    with pytest.raises(DeliveryError):
        await channel.notice("feed x is sick")
    server.refuse.clear()
    await channel.notice("feed x is sick")

    assert [len(mail.recipients) for mail in server.messages] == [1, 2]
