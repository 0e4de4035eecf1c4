import io
import socket
import ssl
import traceback
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from alert_values import NOW
from mail_server import Fault, MailServer, Tls, write_authority
from sender_samples import TITLE, mailbox, outgoing

from watcher.alerts.senders import email, make_sender
from watcher.config.channels import ChannelTable
from watcher.errors import ConfigError, DeliveryError
from watcher.model import Action

PASSWORD = "canary-password"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as plain:
        yield plain


async def failure(server: MailServer | str, **table: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await mailbox(server, **table).send(outgoing())
    return caught.value


async def test_an_alert_arrives_as_text_and_html_with_its_headers(server: MailServer) -> None:
    message_id = await mailbox(server).send(outgoing())

    (mail,) = server.messages
    message = mail.message
    assert (mail.sender, mail.recipients) == ("watcher@example.org", ("ana@example.org",))
    assert message["From"] == "watcher@example.org"
    assert message["To"] == "ana@example.org"
    assert TITLE in str(message["Subject"])
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message["Message-ID"] == message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert TITLE in mail.body("plain")
    assert "href=" in mail.body("html")


async def test_the_same_delivery_has_the_same_message_id_and_no_other_has(
    server: MailServer,
) -> None:
    channel = mailbox(server)
    ids = [await channel.send(outgoing(key=key)) for key in ("a1-mail", "a1-mail", "a2-mail")]
    elsewhere = await mailbox(server, to=["bob@example.org"]).send(outgoing(key="a1-mail"))

    assert ids[0] == ids[1]
    assert len({*ids, elsewhere}) == 3


async def test_mails_of_one_story_form_a_thread(server: MailServer) -> None:
    channel = mailbox(server)
    first = await channel.send(outgoing(key="a1-mail"))
    await channel.send(
        outgoing("Putin Beri Kim Mobil", key="a2-mail", reply_to=first, action=Action.REPLY)
    )
    await channel.send(outgoing("Lain", key="a3-mail", thread="other"))

    opening, reply, other = (mail.message for mail in server.messages)
    root = opening["References"]
    assert reply["In-Reply-To"] == first
    assert reply["References"].split() == [root, first]
    assert other["References"] != root


async def test_a_story_that_follows_another_begins_a_thread_of_its_own(server: MailServer) -> None:
    channel = mailbox(server)
    first = await channel.send(outgoing(key="a1-mail"))
    await channel.send(outgoing("Lain", key="a2-mail", thread="kim-putin-9", reply_to=first))

    preview, event = (mail.message for mail in server.messages)
    assert event["References"] != preview["References"]
    assert str(first) not in event.as_string()


async def test_what_is_no_message_id_never_becomes_a_header(server: MailServer) -> None:
    await mailbox(server).send(
        outgoing(reply_to="42>\r\nBcc: eve@example.org", action=Action.REPLY)
    )

    message = server.messages[0].message
    assert message["Bcc"] is None
    assert message["In-Reply-To"] == message["References"]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param(
            "Kim bertemu Putin\r\nBcc: eve@example.org\r\n\r\nbody", id="header-injection"
        ),
        pytest.param("푸틴·김정은 회담, 金正恩 встретился 🇰🇵" * 3, id="many-scripts"),
        pytest.param("x" * 3000, id="very-long"),
        pytest.param("a\x00b\ud800c\x1b[31m", id="not-text"),
        pytest.param("=?utf-8?q?Bcc:_eve?= ,;<a@b>", id="encoded-words"),
        pytest.param("=?utf-8?q?x=0D=0ABcc=3A_eve=0D=0A=0D=0Abody?=", id="encoded-line-ends"),
    ],
)
async def test_any_headline_makes_one_sound_mail(server: MailServer, title: str) -> None:
    await mailbox(server, **{"from": "Wächter <watcher@example.org>"}).send(
        outgoing(title, summary=title, key="a1\r\nX-Evil: 1")
    )

    (mail,) = server.messages
    assert mail.message["Bcc"] is None
    assert mail.message["X-Evil"] is None
    assert mail.recipients == ("ana@example.org",)
    assert mail.message["From"] == "Wächter <watcher@example.org>"
    assert mail.content.isascii()
    assert max(map(len, mail.content.splitlines())) <= 998
    assert not mail.message.defects


@pytest.mark.parametrize(
    "word",
    [
        pytest.param(
            "=?utf-8?q?x=0D=0AReply-To=3A_eve=40example.org=0D=0A=0D=0A?=", id="line-ends"
        ),
        pytest.param("=?utf-8?b?4oCu?=", id="direction"),
        pytest.param("=?utf-8?q?a=1B[31m?=", id="escape"),
    ],
)
async def test_what_a_headline_or_a_page_has_encoded_stays_encoded(
    server: MailServer, word: str
) -> None:
    sender = mailbox(server)
    await sender.send(outgoing(f"Kim bertemu Putin {word} today"))
    await sender.notice(f"the body is a web page titled {word}")

    for mail in server.messages:
        assert mail.message["Reply-To"] is None
        subject = message_from_bytes(mail.content, policy=policy.compat32)["Subject"]
        assert word in str(make_header(decode_header(subject)))


async def test_subjects_and_bodies_in_any_script_read_back_the_same(server: MailServer) -> None:
    title = "푸틴·김정은 회담 金正恩 встретился"
    await mailbox(server).send(outgoing(title))

    (mail,) = server.messages
    assert title in str(mail.message["Subject"])
    assert title in mail.body("plain")


async def test_a_notice_is_dated_by_the_clock_that_is_believed(server: MailServer) -> None:
    table = ChannelTable.model_validate(
        {
            "email": {
                "server": server.url,
                "from": "watcher@example.org",
                "to": ["ana@example.org"],
                "tls": False,
            }
        }
    )
    channel = make_sender("mail", table, console=io.StringIO(), clock=lambda: NOW)

    await channel.notice("feed Antara is sick")

    (mail,) = server.messages
    assert parsedate_to_datetime(str(mail.message["Date"])) == NOW


async def test_a_notice_is_one_line_with_a_subject(server: MailServer) -> None:
    await mailbox(server).notice("feed Antara is sick")

    (mail,) = server.messages
    assert mail.message["Subject"] == "Watcher: feed Antara is sick"
    assert mail.body().strip() == "feed Antara is sick"


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
async def test_a_server_with_tls_and_a_login_takes_mail(tls: Tls, tmp_path: Path) -> None:
    ca_file = write_authority(tmp_path)
    with MailServer(tls, users={"wat cher": PASSWORD}) as server:
        url = server.url.replace("://", "://wat%20cher@")
        await mailbox(url, tls=True, password=PASSWORD, ca_file=str(ca_file)).send(outgoing())

        (mail,) = server.messages
        assert mail.over_tls
        assert mail.user == "wat cher"
        assert mail.host_name == "[127.0.0.1]"


async def test_ssl_cert_file_names_the_authorities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(write_authority(tmp_path)))
    with MailServer(Tls.IMPLICIT) as server:
        await mailbox(server, tls=True).send(outgoing())

        assert len(server.messages) == 1


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
async def test_a_certificate_of_an_unknown_authority_is_refused(tls: Tls, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    with MailServer(tls) as server:
        error = await failure(server, tls=True, ca_file=str(other))

        assert not server.messages
    assert "certificate of localhost is not to be trusted" in str(error)
    assert not error.permanent
    assert not error.maybe_sent


async def test_a_server_without_starttls_gets_neither_mail_nor_password(
    server: MailServer,
) -> None:
    error = await failure(server, tls=True)

    assert "offers no STARTTLS" in str(error)
    assert error.permanent
    assert not server.messages


async def test_a_server_without_login_is_not_sent_to_in_another_name(server: MailServer) -> None:
    url = server.url.replace("://", "://watcher@")
    error = await failure(url, password=PASSWORD)

    assert "localhost cannot do what is asked of it" in str(error)
    assert not error.maybe_sent
    assert not server.messages


async def test_a_wrong_password_is_permanent_and_not_told(tmp_path: Path) -> None:
    ca_file = write_authority(tmp_path)
    with MailServer(Tls.STARTTLS, users={"watcher": "other"}) as server:
        url = server.url.replace("://", "://watcher@")
        error = await failure(url, tls=True, password=PASSWORD, ca_file=str(ca_file))

    assert error.permanent
    assert "refuses the login of watcher" in str(error)
    assert PASSWORD not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("refusing", "answer", "permanent"),
    [
        pytest.param("ana@example.org", "550 5.1.1 no such user", True, id="recipient-550"),
        pytest.param("ana@example.org", "451 4.7.1 greylisted", False, id="recipient-451"),
        pytest.param("watcher@example.org", "553 5.7.1 not yours", True, id="sender-553"),
        pytest.param("watcher@example.org", "421 4.3.2 going down", False, id="sender-421"),
        pytest.param(None, "554 5.7.1 spam", True, id="text-554"),
        pytest.param(None, "452 4.3.1 disk full", False, id="text-452"),
    ],
)
async def test_refusals_are_permanent_by_their_first_digit(
    server: MailServer, refusing: str | None, answer: str, *, permanent: bool
) -> None:
    if refusing:
        server.refuse[refusing] = answer
    else:
        server.answer = answer

    error = await failure(server)

    assert error.permanent is permanent
    assert answer.split(" ", 1)[1] in str(error)
    assert not error.maybe_sent
    assert not server.messages


@pytest.mark.parametrize(
    ("fault", "kept"), [(Fault.KEEP_THEN_DROP, 1), (Fault.DROP, 0), (Fault.HANG, 0)]
)
async def test_an_answer_lost_after_the_text_may_mean_success(
    server: MailServer, fault: Fault, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "COMMAND_TIMEOUT_S", 4 if fault is Fault.HANG else 30)
    server.fail_next(fault)

    error = await failure(server)

    assert error.maybe_sent
    assert not error.permanent
    assert len(server.messages) == kept


async def test_the_deadline_ends_a_conversation_that_drags_on(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "DEADLINE_S", 4)
    server.fail_next(Fault.HANG)

    error = await failure(server)

    assert error.maybe_sent


async def test_a_server_that_says_nothing_has_surely_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(email, "COMMAND_TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        error = await failure(f"smtp://127.0.0.1:{mute.getsockname()[1]}")

    assert not error.maybe_sent
    assert not error.permanent


async def test_a_server_that_is_not_there_has_surely_sent_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        error = await failure(f"smtp://127.0.0.1:{port}")

    assert f"127.0.0.1 port {port} could not be reached" in str(error)
    assert not error.maybe_sent
    assert not error.permanent


def test_a_user_without_a_password_is_the_configurations_fault() -> None:
    with pytest.raises(ConfigError, match="names user watcher"):
        mailbox("smtp://watcher@mail.example.org")


def test_a_missing_ca_file_is_the_configurations_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is missing"):
        mailbox("smtp://mail.example.org", ca_file=str(tmp_path / "none.pem"))


@pytest.mark.parametrize("address", ["a b@example.org", "<@example.org", "ä@example.org"])
def test_what_is_no_address_is_the_configurations_fault(address: str) -> None:
    with pytest.raises(ConfigError, match="is no mail address"):
        mailbox("smtp://mail.example.org", to=[address])


async def test_an_international_domain_is_written_in_ascii(server: MailServer) -> None:
    await mailbox(server, to=["ana@bücher.example"]).send(outgoing())

    assert server.messages[0].recipients == ("ana@xn--bcher-kva.example",)


def test_the_authority_of_the_test_server_is_a_real_one(tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=write_authority(tmp_path))

    assert context.cert_store_stats()["x509_ca"] == 1


@pytest.mark.parametrize("length", [60, 70, 71, 78, 120, 160])
async def test_a_subject_begins_on_its_own_line_whatever_its_length(
    server: MailServer, length: int
) -> None:
    title = ("Kim Jong Un temui Putin di Vladivostok " * 9)[:length].strip()
    told = outgoing(title)
    views = (replace(told.views[0], topic_name="Summit"),)
    await mailbox(server).send(replace(told, views=views))

    (mail,) = server.messages
    assert mail.message["Subject"] == f"[Summit] {title}"
    assert b"\r\nSubject:\r\n" not in mail.content
