"""Whatever feeds and databases hold, a mail has our headers alone."""

import re
import string
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from alert_values import NOW
from hypothesis import assume, given
from hypothesis import strategies as st
from sender_samples import outgoing, sender

from watcher.alerts.senders.email import EmailSender
from watcher.errors import ConfigError
from watcher.feeds.domains import ascii_domain
from watcher.model import Action

HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("In-Reply-To", "References", "MIME-Version", "Content-Type"),
]

made = sender(
    {
        "email": {
            "server": "smtp://mail.example.org",
            "from": "Watcher <watcher@example.org>",
            "to": ["ana@example.org", "Bob <bob@example.org>"],
        }
    }
)
assert isinstance(made, EmailSender)
mailbox = made

#: Text with what ends a header, beside any other.
texts = st.text(
    st.sampled_from("\r\n\t :<>@=?\x00\ud800a한🇰\u202e") | st.characters(), max_size=200
)

names = st.text(st.sampled_from("abc  рус بوتين 金正恩 é😀-[]:=?_.,;@<>()\"\\'"), max_size=150).map(
    lambda name: " ".join(name.split())
)
labels = st.text(string.ascii_lowercase + "é한", min_size=1, max_size=50)
domains = st.lists(labels, min_size=1, max_size=5).map(lambda parts: ".".join((*parts, "example")))
locals_ = st.text(string.ascii_letters + string.digits + "+-_", min_size=1, max_size=64)


@st.composite
def mailboxes(draw: st.DrawFn) -> tuple[str, str]:
    """Return a name, perhaps none, and an address."""
    domain = draw(domains)
    try:
        ascii_domain(domain).encode("idna")
    except UnicodeError:
        assume(False)
    return draw(names), f"{draw(locals_)}@{domain}"


def configured(name: str, address: str) -> str:
    """Return a mailbox as a configuration gives it."""
    quoted = re.sub(r'([\\"])', r"\\\1", name)
    return f'"{quoted}" <{address}>' if name else address


def writer(author: str, readers: list[str]) -> EmailSender:
    table = {"server": "smtp://mail.example.org", "from": author, "to": readers}
    made = sender({"email": table})
    assert isinstance(made, EmailSender)
    return made


def pairs(raw: bytes, header: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a header.

    By the older parser: the newer one keeps the space between encoded words until Python 3.12.9.
    """
    found = getaddresses(message_from_bytes(raw, policy=policy.compat32).get_all(header, []))
    return [(str(make_header(decode_header(name))), address) for name, address in found]


@given(title=texts, key=texts, thread=texts, reply_to=st.none() | texts)
def test_no_input_adds_a_header_or_spoils_the_mail(
    title: str, key: str, thread: str, reply_to: str | None
) -> None:
    message = outgoing(title or "x", key=key, thread=thread, reply_to=reply_to, summary=title)
    raw = mailbox._compose(message).as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)

    assert sorted(parsed.keys()) == sorted(HEADERS)
    assert parsed["To"] == "ana@example.org, Bob <bob@example.org>"
    assert raw.isascii()
    assert b"\r\n" in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert not parsed.defects


@given(key=texts)
def test_a_message_id_is_stable_and_well_formed(key: str) -> None:
    one = mailbox._compose(outgoing(key=key))["Message-ID"]
    again = mailbox._compose(outgoing("Another title", key=key))["Message-ID"]

    assert one == again
    assert one.startswith("<")
    assert one.endswith("@example.org>")
    assert one.isascii()


@given(st.text(st.sampled_from("abc  рус بوتين 金正恩 é😀-[]:=?_"), max_size=120))
def test_any_subject_reads_back_as_it_was(title: str) -> None:
    subject = f"Re: [Summit] {title}"
    sent = mailbox._message(subject, "x", message_id="<a@b.c>", date=NOW).as_bytes()

    assert message_from_bytes(sent, policy=policy.default)["Subject"] == " ".join(subject.split())
    assert b"\r\nSubject:\r\n" not in sent
    assert max(map(len, sent.splitlines())) < 998


@given(mailboxes(), st.lists(mailboxes(), min_size=1, max_size=4))
def test_any_names_and_addresses_read_back_as_they_were(
    author: tuple[str, str], readers: list[tuple[str, str]]
) -> None:
    try:
        mailbox = writer(configured(*author), [configured(*one) for one in readers])
    except ConfigError:
        assume(False)
    raw = mailbox._compose(outgoing(key="a1-mail")).as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)

    for header, sent in (("From", (mailbox._from,)), ("To", mailbox._to)):
        written = [(one.display_name, one.addr_spec) for one in sent]
        assert pairs(raw, header) == written
        assert [one.addr_spec for one in parsed[header].addresses] == [spec for _, spec in written]
        assert not parsed[header].defects
    assert not re.search(rb"[\r\n]", raw.replace(b"\r\n", b""))
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@given(mailboxes(), texts, texts)
def test_ids_are_never_encoded_however_long(author: tuple[str, str], key: str, thread: str) -> None:
    try:
        mailbox = writer(configured(*author), ["ana@example.org"])
    except ConfigError:
        assume(False)
    opening = mailbox._compose(outgoing(key=key, thread=thread))
    first = str(opening["Message-ID"])
    reply = outgoing(key=key + "2", thread=thread, reply_to=first, action=Action.REPLY)
    raw = mailbox._compose(reply).as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)

    assert parsed["In-Reply-To"] == first
    assert parsed["References"].split() == [mailbox._id(f"story-{thread}"), first]
    assert f"\r\nIn-Reply-To: {first}\r\n".encode() in raw
    assert str(parsed["Message-ID"]).encode() in raw
    assert not parsed["Message-ID"].defects


@pytest.mark.parametrize(
    "reply_to",
    [
        pytest.param(f"<{'a' * 999}@example.org>", id="too long for a line"),
        pytest.param("<푸틴@example.org>", id="not ASCII"),
        pytest.param("<=?utf-8?q?a?=@example.org>", id="an encoded word"),
        pytest.param("<a\x00b@example.org>", id="a control character"),
    ],
)
def test_what_cannot_be_written_as_an_id_is_none(reply_to: str) -> None:
    message = mailbox._compose(outgoing(reply_to=reply_to, action=Action.REPLY))

    assert message["In-Reply-To"] == message["References"]


def test_an_address_longer_than_mail_can_carry_is_the_configurations_fault() -> None:
    with pytest.raises(ConfigError, match="is no mail address"):
        writer("watcher@example.org", [f"a@{'b.' * 150}example"])


def test_a_recipient_under_an_international_domain_is_not_somebody_elses() -> None:
    made = writer("w@example.org", ["Ana <ana@straße.de>"])
    raw = made._compose(outgoing()).as_bytes()

    assert pairs(raw, "To") == [("Ana", "ana@xn--strae-oqa.de")]
