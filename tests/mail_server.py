"""A mail server on 127.0.0.1 (aiosmtpd) with TLS by an authority of its own, AUTH and refusals."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Tls(StrEnum):
    """How a connection is made safe."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class Fault(StrEnum):
    """What befalls the next message once its text is there."""

    KEEP_THEN_DROP = "keep it, then drop the connection"
    DROP = "drop the connection"
    HANG = "never answer"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that was taken."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str | None
    over_tls: bool
    host_name: str

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def body(self, kind: str = "plain") -> str:
        """Return the text or the html part."""
        part = self.message.get_body((kind,))
        assert part is not None
        content = part.get_content()
        assert isinstance(content, str)
        return content


@dataclass(slots=True)
class MailServer:
    """The server; a context manager.

    Attributes:
        users: user -> password; empty means nobody need log in.
        refuse: recipient or sender -> the answer it gets, "550 no such user".
        answer: what the text of every message is answered with; None takes it.
    """

    tls: Tls = Tls.NONE
    users: Mapping[str, str] = field(default_factory=dict)
    refuse: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    attempts: int = field(default=0, init=False)
    _mails: list[Mail] = field(default_factory=list, init=False)
    _faults: list[Fault] = field(default_factory=list, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)
    _controller: Controller | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        context = _server_context() if self.tls is not Tls.NONE else None
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=context if self.tls is Tls.IMPLICIT else None,
            tls_context=context if self.tls is Tls.STARTTLS else None,
            require_starttls=self.tls is Tls.STARTTLS,
            # Without users AUTH is not even offered: aiosmtpd hides it until TLS has begun.
            auth_require_tls=self.tls is Tls.STARTTLS or not self.users,
            server_hostname="localhost",
            authenticator=self._authenticate if self.users else None,
        )
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._controller
        self._controller.stop()
        self._controller = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._controller
        return self._controller.port

    @property
    def url(self) -> str:
        """What a configuration gives as `server`, without a user."""
        scheme = "smtps" if self.tls is Tls.IMPLICIT else "smtp"
        return f"{scheme}://localhost:{self.port}"

    @property
    def messages(self) -> list[Mail]:
        """The messages taken so far, oldest first."""
        with self._changed:
            return list(self._mails)

    def fail_next(self, fault: Fault, *, times: int = 1) -> None:
        """Let something befall the next messages."""
        with self._changed:
            self._faults.extend([fault] * times)

    def wait_for(self, count: int, timeout: float = 60.0) -> list[Mail]:
        """Wait until so many messages were taken; return them all."""
        self.wait_until(lambda: len(self._mails) >= count, timeout)
        return self.messages

    def wait_until(self, condition: Callable[[], bool], timeout: float = 60.0) -> None:
        """Wait until something holds of what was recorded."""
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                subjects = [str(mail.message["Subject"]) for mail in self._mails]
                raise AssertionError(f"not so within {timeout:g} s; taken: {subjects}")

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a sender."""
        if self.users and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address in self.refuse:
            return self.refuse[address]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a message, refuse it, or fail as planned."""
        with self._changed:
            self.attempts += 1
            fault = self._faults.pop(0) if self._faults else None
            self._changed.notify_all()
        if self.answer:
            return self.answer
        if fault in {None, Fault.KEEP_THEN_DROP}:
            self._keep(session, envelope)
        if fault is Fault.HANG:
            await asyncio.Event().wait()
        if fault is not None:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = Mail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=content,
            user=session.auth_data,
            over_tls=session.ssl is not None or self.tls is Tls.IMPLICIT,
            host_name=session.host_name or "",
        )
        with self._changed:
            self._mails.append(mail)
            self._changed.notify_all()

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        user = data.login.decode()
        known = self.users.get(user) == data.password.decode()
        return AuthResult(success=known, handled=False, auth_data=user)


class _Controller(Controller):
    """Listens on any free port: the library's own knocks at port 0 when it starts."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@cache
def authority() -> trustme.CA:
    """Return the certificate authority of all mail servers of this process."""
    return trustme.CA()


def write_authority(folder: Path) -> Path:
    """Write the authority's certificate where `ca_file` can name it; return the file."""
    path = folder / "ca.pem"
    authority().cert_pem.write_to_path(str(path))
    return path


@cache
def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context
