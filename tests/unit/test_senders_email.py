"""Whatever feeds and databases hold, a mail has our headers alone."""

from email import message_from_bytes, policy

from hypothesis import given
from hypothesis import strategies as st
from sender_samples import NOW, outgoing, sender

from watcher.alerts.senders.email import EmailSender

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
