"""Real mail, in `make test-mail`: through Postfix by STARTTLS and AUTH, read back from Dovecot.

Both run from a folder of their own, on ports of their own: nothing in /etc is touched. Needs root,
as both give up their rights to users of theirs.
"""

import email
import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from alert_values import outgoing, report, view
from mail_server import authority, write_authority
from sender_samples import sender

from watcher.errors import DeliveryError
from watcher.model import Action, Hold

PASSWORD = "s3cret"
SUBJECTS = {
    "id": "Kim Jong Un Temui Putin di Rusia, Apa yang Bakal Dibahas?",
    "ko": "김정은·푸틴, 블라디보스토크서 정상회담…군사협력 논의 <속보> 🇰🇵🤝🇷🇺",
    "ar": "كيم جونغ أون يلتقي بوتين في فلاديفوستوك: ماذا بعد؟",
}
#: Both answer within a second on a machine that is not asleep.
STARTS_WITHIN_S = 30.0

pytestmark = pytest.mark.skipif(
    not os.environ.get("WATCHER_MAIL"),
    reason="run `make test-mail` as root: it installs and starts Postfix and Dovecot",
)

DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {base}/run
log_path = {base}/dovecot.log
ssl = required
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
mail_location = maildir:{base}/mail/%n
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={base}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {base}/queue/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""
POSTFIX = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
maillog_file = {base}/postfix.log
maillog_file_prefixes = {base}
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = example.org
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:no outside mail here
smtpd_tls_cert_file = {base}/cert.pem
smtpd_tls_key_file = {base}/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_relay_restrictions = permit_sasl_authenticated,reject
"""


@dataclass(frozen=True, slots=True)
class System:
    """A running pair of servers, and where to reach them."""

    base: Path
    smtp: int
    imaps: int

    def mailbox(self, **table: Any) -> Any:
        """Return a sender to the analyst's mailbox."""
        values = {
            "server": f"smtp://watcher@127.0.0.1:{self.smtp}",
            "password": PASSWORD,
            "from": "Watcher <watcher@example.org>",
            "to": ["analyst@example.org"],
            "ca_file": str(self.base / "ca.pem"),
            **table,
        }
        return sender({"email": values})

    def read(self, count: int) -> list[EmailMessage]:
        """Return the analyst's mails by IMAPS once there are so many, oldest first."""
        context = ssl.create_default_context(cafile=str(self.base / "ca.pem"))
        with imaplib.IMAP4_SSL("127.0.0.1", self.imaps, ssl_context=context) as client:
            client.login("analyst", PASSWORD)
            _wait_until(lambda: int(client.select()[1][0] or 0) >= count, self.base)
            numbers = client.search(None, "ALL")[1][0].split()
            fetched = [client.fetch(number.decode(), "(RFC822)")[1][0] for number in numbers]
            return [
                email.message_from_bytes(part[1], policy=default)
                for part in fetched
                if isinstance(part, tuple)
            ]


@pytest.fixture
def base() -> Iterator[Path]:
    """Make a folder that the servers' users can enter, as pytest's own they cannot."""
    with tempfile.TemporaryDirectory(prefix="watcher-mail-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def system(base: Path) -> Iterator[System]:
    """Start both servers, and stop them after."""
    smtp, imaps, lmtp = _free_ports(3)
    _write_certificate(base)
    places = {"base": base, "imaps": imaps, "lmtp": lmtp, "password": PASSWORD}
    (base / "dovecot.conf").write_text(DOVECOT.format(**places), encoding="utf-8")
    _write_postfix(base, POSTFIX.format(**places), smtp)
    dovecot = ["dovecot", "-c", str(base / "dovecot.conf")]
    postfix = ["postfix", "-c", str(base / "etc")]
    _run(dovecot)
    try:
        _run([*postfix, "start"])
        try:
            _wait_until(lambda: all(map(_answers, (smtp, imaps, lmtp))), base)
            yield System(base, smtp, imaps)
        finally:
            _run([*postfix, "stop"])
    finally:
        _run([*dovecot, "stop"])


async def test_mails_arrive_valid_in_one_thread_a_story_with_subjects_intact(
    system: System,
) -> None:
    mailbox = system.mailbox()
    for number, (language, title) in enumerate(SUBJECTS.items()):
        told = view(report(title, language=language), story=number, topic_name="Summit")
        thread = f"summit-{number}"
        first = await mailbox.send(_message(f"a{number}", thread, told))
        reply = view(
            report(f"{title} (2)", language=language),
            story=number,
            action=Action.REPLY,
            topic_name="Summit",
            opening=title,
        )
        await mailbox.send(_message(f"b{number}", thread, reply, reply_to=first))

    wanted = [f"{re}[Summit] {title}" for title in SUBJECTS.values() for re in ("", "Re: ")]
    found = {str(mail["Subject"]): mail for mail in system.read(6)}

    assert sorted(found) == sorted(wanted)
    mails = [found[subject] for subject in wanted]  # Postfix delivers side by side, in any order
    for opening, answer in zip(mails[::2], mails[1::2], strict=True):
        root = opening["References"]
        assert answer["In-Reply-To"] == opening["Message-ID"]
        assert answer["References"].split() == [root, opening["Message-ID"]]
    assert len({mail["References"].split()[0] for mail in mails}) == len(SUBJECTS)
    for mail in mails:
        _assert_valid(mail)


async def test_a_digest_is_in_no_storys_thread(system: System) -> None:
    first, second = (view(report(title), story=n) for n, title in enumerate(SUBJECTS.values(), 7)
                     if n < 9)  # fmt: skip
    await system.mailbox().send(_message("d1", "summit-7", first, second, hold=Hold.DIGEST))

    (mail,) = system.read(1)

    assert (mail["References"], mail["In-Reply-To"]) == (None, None)
    assert "<table" in _part(mail, "html")
    _assert_valid(mail)


async def test_a_header_in_a_headline_stays_in_the_subject(system: System) -> None:
    told = view(report("Kim\r\nBcc: eve@example.org\r\n\r\n.\r\nQUIT", outlet="A\r\nX-Evil: 1"))
    await system.mailbox().send(_message("a1", "summit-1", told))

    (mail,) = system.read(1)

    assert "Kim Bcc: eve@example.org" in mail["Subject"]
    assert (mail["Bcc"], mail["X-Evil"]) == (None, None)
    assert "QUIT" in _part(mail, "plain")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param({"password": "wrong"}, "refuses the login", id="password"),
        pytest.param({"to": ["eve@elsewhere.example"]}, "elsewhere", id="outside"),
    ],
)
async def test_what_the_servers_refuse_is_dead_with_their_reason(
    system: System, table: dict[str, Any], said: str
) -> None:
    with pytest.raises(DeliveryError, match=said) as caught:
        await system.mailbox(**table).send(_message("a1", "summit-1", view(report("Kim"))))

    assert caught.value.permanent == ("to" not in table or caught.value.permanent)
    assert PASSWORD not in str(caught.value)


def _message(key: str, thread: str, *views: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(outgoing(*views, **changes), key=key, thread=thread)


def _assert_valid(mail: EmailMessage) -> None:
    """RFC 5322: what has to be there is, once; nothing was found broken while it was read."""
    assert not mail.defects
    for header in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version"):
        assert len(mail.get_all(header, [])) == 1
        assert not mail[header].defects
    assert mail["From"].addresses == (Address("Watcher", "watcher", "example.org"),)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _write_certificate(base: Path) -> None:
    write_authority(base)
    issued = authority().issue_cert("localhost", "127.0.0.1")
    issued.private_key_pem.write_to_path(str(base / "key.pem"))
    for place, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(str(base / "cert.pem"), append=place > 0)


def _write_postfix(base: Path, main: str, port: int) -> None:
    for name in ("etc", "queue", "data"):
        (base / name).mkdir()
    shutil.chown(base / "data", "postfix")
    (base / "etc" / "main.cf").write_text(main, encoding="utf-8")
    proto = Path("/etc/postfix/master.cf.proto")
    source = proto if proto.exists() else proto.with_suffix("")
    lines = source.read_text(encoding="utf-8").splitlines()
    (base / "etc" / "master.cf").write_text("".join(map(_service(port), lines)), encoding="utf-8")
    (base / "queue" / "private").mkdir()
    shutil.chown(base / "queue" / "private", "postfix")
    (base / "mail").mkdir()
    shutil.chown(base / "mail", "nobody")


def _service(port: int) -> Any:
    """Return what makes a line of master.cf ours: our port, and no chroot."""

    def changed(line: str) -> str:
        fields = line.split()
        if line[:1].isalpha() and len(fields) >= 8:
            fields[4] = "n"
            fields[0] = f"127.0.0.1:{port}" if fields[:2] == ["smtp", "inet"] else fields[0]
            line = " ".join(fields)
        return line + "\n"

    return changed


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait_until(condition: Any, base: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while not condition():
        logs = "".join(log.read_text("utf-8") for log in sorted(base.glob("*.log")))
        assert time.monotonic() < end, logs
        time.sleep(0.1)


def _run(command: Sequence[str]) -> None:
    """Run a command whose children live on, with what it writes to: a pipe would never end."""
    with tempfile.TemporaryFile("w+") as said:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=60, check=False
        )
        said.seek(0)
        assert ended.returncode == 0, said.read()
