"""E-mail by aiosmtplib and stdlib `email`: one message per alert, threaded by story.

The Message-ID comes from the delivery's key, so that a mailbox can drop a repeat. A message with
several recipients may be taken for some of them: the others are tried again alone, as long as this
process remembers who, over reloads too; after its end all get it, marked as a possible repeat.
"""

import asyncio
import hashlib
import logging
import re
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from watcher.alerts.compose import POSSIBLE_REPEAT
from watcher.alerts.render import email_parts
from watcher.alerts.senders.mail_headers import MailPolicy
from watcher.alerts.senders.wording import clean
from watcher.alerts.views import Outgoing
from watcher.config.channels import EmailTable
from watcher.errors import ConfigError, DeliveryError
from watcher.feeds.domains import ascii_domain
from watcher.model import Action
from watcher.surrogates import encodable

#: One command and its answer. RFC 5321 section 4.5.3.2 allows minutes, which no alert can wait.
COMMAND_TIMEOUT_S = 30.0
#: The whole conversation.
DEADLINE_S = 60.0
#: Saying goodbye: the message is already taken, so the answer changes nothing.
QUIT_TIMEOUT_S = 2.0
#: Deliveries whose recipients were taken in part, remembered until the rest is; then forgotten.
MAX_REMEMBERED = 1000


#: 7 bits only, so that no server needs 8BITMIME; CRLF line ends.
_POLICY = MailPolicy(cte_type="7bit", linesep="\r\n")
#: What we write ourselves, and no more: an id is never encoded, so it must need no encoding.
_MESSAGE_ID = re.compile(r"<[!-;=A-Z\[-~]{1,320}@[!-;=A-Z\[-~]{1,320}>")
#: RFC 5321 section 4.5.3.1.3, without its angle brackets.
_LONGEST_ADDRESS = 254
_PERMANENT = 500
#: Of a recipient said for "too many" (and "mailbox full"), which is to be taken for 452: RFC 5321
#: section 4.5.3.1.10.
_TOO_MUCH = 552
#: A digest is in no story's thread: how its Message-ID begins keeps later replies out of it too.
_DIGEST = "digest-"

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Memory:
    """What became of a channel's mails so far.

    Attributes:
        taken: by key of a delivery, or text of a notice, who has it while others wait for it.
        sure: of these keys the recipients that are not served yet surely had no copy.
        answers: by how the configuration writes a recipient, as `EmailSender.answers`.
    """

    taken: dict[str, frozenset[str]] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    answers: dict[str, str | None] = field(default_factory=dict)

    def remember(self, key: str, taken: frozenset[str]) -> None:
        self.taken.pop(key, None)
        if taken:
            self.taken[key] = taken
        while len(self.taken) > MAX_REMEMBERED:
            del self.taken[next(iter(self.taken))]

    def is_sure(self, key: str) -> bool:
        """Tell whether who is not served yet surely had no copy."""
        self.sure &= self.taken.keys()
        return key in self.sure


class EmailSender:
    """Sends to the mailboxes of one channel."""

    def __init__(self, name: str, table: EmailTable, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._table = table
        self._clock = clock
        self._password = table.password.reveal() if table.password else None
        if table.user and self._password is None:
            raise ConfigError(
                f"channel {name}: the server names user {table.user}, give a `password_file` too"
            )
        if table.ca_file and not table.ca_file.is_file():
            raise ConfigError(f"channel {name}: ca_file {table.ca_file} is missing")
        self._from = _address(name, table.from_)
        self._to = tuple(_address(name, recipient) for recipient in table.to)
        self._memory = _Memory()

    @property
    def limit_key(self) -> str:
        """The mail server: it counts what one host sends."""
        return f"email-{self._table.host}-{self._table.user or ''}"

    @property
    def answers(self) -> Mapping[str, str | None]:
        """Why each recipient was refused for good at the last mail, None for who was taken."""
        return {to: why for to, why in self._memory.answers.items() if to in self._table.to}

    def go_on_from(self, former: object) -> None:
        """Share what the mailbox of an earlier configuration knows, but of who is no recipient."""
        if isinstance(former, EmailSender):
            self._memory = former._memory  # noqa: SLF001 - of our own kind
            for left in self._memory.answers.keys() - set(self._table.to):
                del self._memory.answers[left]

    async def send(self, outgoing: Outgoing) -> str:
        """Send text and HTML; return the Message-ID."""
        is_repeat = outgoing.possible_repeat and not self._memory.is_sure(outgoing.key)
        message = self._compose(replace(outgoing, possible_repeat=is_repeat))
        await self._deliver(message, outgoing.key, is_repeat=is_repeat)
        return str(message["Message-ID"])

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Send one plain line: in the words of an earlier one it is another."""
        self._memory.remember(text, frozenset())
        await self._tell(text, text, is_repeat=False)

    async def repeat(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Repeating's
        """Send one again to who does not have it."""
        is_repeat = not self._memory.is_sure(text)
        await self._tell(text + POSSIBLE_REPEAT * is_repeat, text, is_repeat=is_repeat)

    async def _tell(self, text: str, key: str, *, is_repeat: bool) -> None:
        message_id = make_msgid(domain=self._from.domain)
        subject = f"Watcher: {text}"
        message = self._message(subject, text, message_id=message_id, date=self._clock())
        await self._deliver(message, key, is_repeat=is_repeat)

    async def close(self) -> None:
        """Do nothing: each message has a connection of its own."""

    def _compose(self, outgoing: Outgoing) -> EmailMessage:
        subject, text, html = email_parts(outgoing)
        message = self._message(
            subject,
            text,
            message_id=self._id(f"{_DIGEST}{outgoing.key}" if outgoing.is_digest else outgoing.key),
            date=max(view.now for view in outgoing.views),
        )
        message.add_alternative(encodable(html), subtype="html", cte="quoted-printable")
        if not outgoing.is_digest:
            self._join_thread(message, outgoing)
        return message

    def _join_thread(self, message: EmailMessage, outgoing: Outgoing) -> None:
        root = self._id(f"story-{outgoing.thread}")
        # A mailbox threads by story: one that follows another begins a thread of its own.
        first = outgoing.reply_to if outgoing.views[0].action is Action.REPLY else None
        if first and _MESSAGE_ID.fullmatch(first) and not first.startswith(f"<{_DIGEST}"):
            message["In-Reply-To"] = first
            message["References"] = f"{root} {first}"
        else:
            message["In-Reply-To"] = root
            message["References"] = root

    def _message(self, subject: str, text: str, *, message_id: str, date: datetime) -> EmailMessage:
        message = EmailMessage(policy=_POLICY)
        message["From"] = self._from
        message["To"] = self._to
        message["Subject"] = clean(encodable(subject))
        message["Date"] = format_datetime(date)
        message["Message-ID"] = message_id
        #: RFC 3834: keeps vacation responders silent.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(encodable(text), cte="quoted-printable")
        return message

    def _id(self, key: str) -> str:
        """Return a Message-ID that is the same for the same key and addresses, and only then."""
        readable = re.sub(r"[^A-Za-z0-9-]+", "-", key)[:60]
        place = "\n".join((key, str(self._from), *map(str, self._to)))
        digest = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:12]
        return f"<{readable}.{digest}@{self._from.domain}>"

    async def _deliver(self, message: EmailMessage, key: str, *, is_repeat: bool) -> None:
        progress = _Progress()
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._converse(message, key, progress)
        except (SMTPException, OSError, ValueError) as error:
            failure = self._failure(error, progress)
            if failure.maybe_sent:
                self._memory.sure.discard(key)
            raise failure from error
        except DeliveryError as error:
            if error.in_part and not is_repeat:
                self._memory.sure.add(key)
            raise

    async def _converse(self, message: EmailMessage, key: str, progress: "_Progress") -> None:
        client = await self._connect()
        try:
            deferred = await self._hand_over(client, message, key, progress)
        except BaseException:
            client.close()
            raise
        await _say_goodbye(client)
        if deferred:
            raise DeliveryError(
                f"{self._table.host} took the message for others, but not yet for "
                f"{self._refusals(deferred)}; it is tried again for them alone",
                in_part=True,
            )

    async def _connect(self) -> SMTP:
        table = self._table
        context = await asyncio.to_thread(ssl.create_default_context, cafile=table.ca_file)
        client = SMTP(
            hostname=table.host,
            port=table.port,
            #: Replaced below; left out, the library would ask DNS for our name, for seconds.
            local_hostname="localhost",
            use_tls=table.implicit_tls,
            start_tls=False,
            tls_context=context,
            timeout=COMMAND_TIMEOUT_S,
        )
        await client.connect()
        try:
            client.local_hostname = _literal(client)
            await self._secure(client)
            if table.user:
                await client.login(table.user, self._password or "")
        except BaseException:
            client.close()
            raise
        return client

    async def _secure(self, client: SMTP) -> None:
        if self._table.implicit_tls or not self._table.tls:
            return
        await client.ehlo()
        if not client.supports_extension("starttls"):
            raise DeliveryError(
                f"{self._table.host} offers no STARTTLS; use smtps://, or `tls = false` to send "
                "in the clear",
                permanent=True,
            )
        await client.starttls()

    async def _hand_over(
        self, client: SMTP, message: EmailMessage, key: str, progress: "_Progress"
    ) -> list[SMTPRecipientRefused]:
        """Send to everyone not yet served; return who is to be tried again."""
        taken = self._memory.taken.get(key, frozenset())
        await client.mail(self._from.addr_spec)
        waiting = [to.addr_spec for to in self._to if to.addr_spec not in taken]
        refused = [error for to in waiting if (error := await _offer(client, to))]
        deferred = [error for error in refused if not _is_final(error)]
        accepted = set(waiting) - {error.recipient for error in refused}
        if accepted:
            progress.writing = True
            await client.data(message.as_bytes())
        elif deferred or not taken:
            raise DeliveryError(
                f"{self._table.host} refuses every recipient: {self._refusals(refused)}",
                permanent=not deferred,
                in_part=bool(taken),
            )
        self._memory.remember(key, taken | accepted if deferred else frozenset())
        self._note(accepted, refused)
        return deferred

    def _note(self, accepted: Collection[str], refused: list[SMTPRecipientRefused]) -> None:
        final = {e.recipient: clean(_detail(e)) for e in refused if _is_final(e)}
        for written, to in zip(self._table.to, self._to, strict=True):
            if to.addr_spec in accepted or to.addr_spec in final:
                self._memory.answers[written] = final.get(to.addr_spec)
        if refused:
            _log.warning(
                "the mail server refused recipients",
                extra={"channel": self._name, "refused": self._refusals(refused)},
            )

    def _refusals(self, refused: list[SMTPRecipientRefused]) -> str:
        return clean("; ".join(f"{e.recipient} ({e.code} {e.message})" for e in refused))

    def _failure(self, error: Exception, progress: "_Progress") -> DeliveryError:
        detail = clean(_detail(error), [self._password or ""])
        if isinstance(error, SMTPResponseException):
            return self._refusal(error, detail)
        host = self._table.host
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
            return DeliveryError(
                f"the certificate of {host} is not to be trusted ({detail}); "
                "give its authority as `ca_file`"
            )
        if progress.writing:
            return DeliveryError(f"the answer of {host} was lost ({detail})", maybe_sent=True)
        if isinstance(error, OSError):
            return DeliveryError(f"{host} port {self._table.port} could not be reached ({detail})")
        return DeliveryError(f"{host} cannot do what is asked of it ({detail})")

    def _refusal(self, error: SMTPResponseException, detail: str) -> DeliveryError:
        host, permanent = self._table.host, error.code >= _PERMANENT
        match error:
            case SMTPAuthenticationError():
                return DeliveryError(
                    f"{host} refuses the login of {self._table.user} ({detail}); check the "
                    "user in `server` and the password",
                    permanent=permanent,
                )
            case SMTPSenderRefused() | SMTPDataError():
                return DeliveryError(
                    f"{host} refuses the message ({detail})",
                    permanent=permanent,
                    text_refused=permanent and isinstance(error, SMTPDataError),
                )
        return DeliveryError(f"{host} turns us away ({detail})")


class _Progress:
    """How far a conversation came: once the text goes out, silence may mean success."""

    writing = False


async def _offer(client: SMTP, recipient: str) -> SMTPRecipientRefused | None:
    try:
        await client.rcpt(recipient)
    except SMTPRecipientRefused as error:
        return error
    return None


def _is_final(refusal: SMTPRecipientRefused) -> bool:
    return refusal.code >= _PERMANENT and refusal.code != _TOO_MUCH


async def _say_goodbye(client: SMTP) -> None:
    try:
        async with asyncio.timeout(QUIT_TIMEOUT_S):
            await client.quit()
    except (SMTPException, OSError):
        client.close()


def _literal(client: SMTP) -> str:
    """Name ourselves by address, as mail programs do (RFC 5321 section 4.1.3)."""
    address = str(client.get_transport_info("sockname")[0])
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"


def _address(name: str, text: str) -> Address:
    display, spec = parseaddr(text)
    try:
        local, _, domain = spec.rpartition("@")
        # The second step refuses labels that are empty or too long.
        domain = ascii_domain(domain).encode("idna").decode()
        address = Address(clean(display), addr_spec=f"{local}@{domain}")
        address.addr_spec.encode("ascii")
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ConfigError(f"channel {name}: {clean(text)} is no mail address") from error
    if not (address.username and address.domain) or len(address.addr_spec) > _LONGEST_ADDRESS:
        raise ConfigError(f"channel {name}: {clean(text)} is no mail address")
    return address


def _detail(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    return str(error) or ("no answer in time" if isinstance(error, TimeoutError) else repr(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
