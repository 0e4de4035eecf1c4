"""The channels: where alerts go."""

import re
from urllib.parse import unquote, urlsplit

from pydantic import Field

from watcher.config.fields import (
    Chat,
    Count,
    FileName,
    Language,
    MailAddress,
    MailServer,
    Quiet,
    Recurring,
    Switch,
    Text,
    WebAddress,
)
from watcher.config.secrets import Secret
from watcher.config.tables import SecretTable, Table
from watcher.config.values import ChannelKind
from watcher.errors import ConfigError
from watcher.model import Priority

#: The ports of mail submission: RFC 8314 (TLS from the start), RFC 6409 (STARTTLS), RFC 5321.
SMTPS_PORT, SUBMISSION_PORT, SMTP_PORT = 465, 587, 25

#: Stories in one Telegram message of 4,096 characters: each has half a line for its headline. A
#: night has fewer; what comes after a weekend's mute has no message to fit into.
MOST_STORIES = 80

#: The bot's number and its key, as @BotFather gives them.
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


class TelegramTable(SecretTable):
    """telegram = { ... }: a chat that a bot writes to."""

    secret = "token"  # noqa: S105  (the key's name)

    chat: Chat = Field(
        description='The chat: its number, like -1001234567890, or "@channelname". Required.'
    )
    token: Secret = Field(
        description="The bot's token from @BotFather; better in a file: `token_file`. Required."
    )
    thread: Count | None = Field(
        None, ge=1, description="Number of the forum topic to write to. From 1. Default: none."
    )
    silent: Switch = Field(False, description="true: messages make no sound. Default: false.")
    interactive: Switch = Field(
        True,
        description="false: no buttons, and the bot's incoming messages are left to another "
        "program. Default: true.",
    )
    api: WebAddress | None = Field(
        None,
        description='Address of a Bot API server of your own, like "http://127.0.0.1:8081". '
        "Default: Telegram's.",
    )

    def bot_token(self, channel: str) -> str:
        """Return the token, for which a channel of this name has its bot.

        Raises:
            ConfigError: it is missing, or cannot be one.
        """
        token = self.token.reveal()
        if not _TOKEN.fullmatch(token):
            raise ConfigError(
                f"channel {channel}: this is no Telegram token; one looks like 123456:ABC-DEF, "
                "ask @BotFather for yours"
            )
        return token


class EmailTable(SecretTable):
    """email = { ... }: mailboxes, and the server that takes the mail."""

    secret = "password"  # noqa: S105  (the key's name)

    server: MailServer = Field(
        description='Mail server, like "smtps://user@mail.example.org:465": smtps is TLS from the '
        "start (default port 465), smtp demands STARTTLS (587). Required."
    )
    password: Secret | None = Field(
        None,
        description="Password of the server's user; better in a file: `password_file`. "
        "Default: none, no login.",
    )
    from_: MailAddress = Field(alias="from", description="Sender's address. Required.")
    to: tuple[MailAddress, ...] = Field(
        min_length=1, description="Receivers' addresses, at least one. Required."
    )
    tls: Switch = Field(
        True,
        description="false: plain text, on smtp only (default port 25): anybody on the way reads "
        "mail and password. Default: true.",
    )
    ca_file: FileName | None = Field(
        None,
        description="File of the authorities (PEM) that the server's certificate must come from. "
        "Default: the system's, or SSL_CERT_FILE.",
    )

    @property
    def implicit_tls(self) -> bool:
        """Whether TLS starts with the connection (smtps) rather than by STARTTLS."""
        return urlsplit(self.server).scheme == "smtps"

    @property
    def host(self) -> str:
        """The mail server's name or address."""
        return urlsplit(self.server).hostname or ""

    @property
    def port(self) -> int:
        """The mail server's port, by default the one of its kind of TLS."""
        default = SUBMISSION_PORT if self.tls else SMTP_PORT
        return urlsplit(self.server).port or (SMTPS_PORT if self.implicit_tls else default)

    @property
    def user(self) -> str | None:
        """Who logs in; None for nobody."""
        user = urlsplit(self.server).username
        return unquote(user) if user else None


class OnlyTable(Table):
    """only = { ... }: what a channel wants to hear of; every key given must hold."""

    topics: tuple[str, ...] | None = Field(
        None,
        description="Ids of topics; [] for an `ops_channel` that hears of no alert. Default: all "
        "that name the channel.",
    )
    priorities: tuple[Priority, ...] | None = Field(
        None, description='Of low, normal and high, like ["high"]. Default: all.'
    )
    languages: tuple[Language, ...] | None = Field(
        None,
        description='Languages of entries, like ["id", "en"]; a story is told here with its first '
        "entry in one of them. Language tags. Default: all.",
    )
    tags: tuple[Text, ...] | None = Field(
        None, description="`tags` of feeds: one of them is enough. Default: all."
    )


class ChannelTable(SecretTable):
    """[channels.NAME]: a destination of exactly one kind."""

    secret = "apprise"  # noqa: S105  (the key's name)

    telegram: TelegramTable | None = Field(
        None, description="A Telegram chat. One of telegram, email, apprise and console."
    )
    email: EmailTable | None = Field(
        None, description="Mailboxes. One of telegram, email, apprise and console."
    )
    apprise: Secret | None = Field(
        None,
        description='One Apprise URL, like "ntfy://ntfy.sh/my-topic"; with a secret in it better '
        "in a file: `apprise_file`. One of telegram, email, apprise and console.",
    )
    console: Switch = Field(
        False,
        description="true: print alerts on standard output. One of telegram, email, apprise and "
        "console.",
    )
    only: OnlyTable | None = Field(
        None,
        description='What it hears of, like { priorities = ["high"], languages = ["id"] }; '
        "topics, priorities, languages, tags. Default: all that its topics bring.",
    )
    quiet_hours: Quiet | None = Field(
        None,
        description='Hours in [watcher] timezone, like "22:00-06:00", when only alerts of '
        "priority high pass; the rest is held, then comes as one summary. Default: none.",
    )
    max_per_hour: Count | None = Field(
        None, ge=1, description="Messages an hour; beyond it: a digest. From 1. Default: no limit."
    )
    digest: Recurring | None = Field(
        None,
        description="When to deliver what was collected, except priority high, which goes at "
        'once. Schedule, like "daily 07:00". Default: each alert at its time.',
    )

    def secrets(self) -> list[Secret]:
        """Return its secrets."""
        telegram, email = self.telegram, self.email
        secrets = (self.apprise, telegram and telegram.token, email and email.password)
        return [secret for secret in secrets if secret]

    @property
    def kind(self) -> ChannelKind:
        """How it delivers."""
        given = (kind for kind in ChannelKind if getattr(self, kind))
        return next(given, ChannelKind.CONSOLE)

    @property
    def most_updates(self) -> int | None:
        """Replies of a story that it gets: one where nothing keeps them together; None for all."""
        return 1 if self.kind is ChannelKind.APPRISE else None

    @property
    def most_stories(self) -> int | None:
        """Stories that one message tells of at most, the others follow in another; None for all."""
        return MOST_STORIES if self.kind is ChannelKind.TELEGRAM else None

    @property
    def can_edit(self) -> bool:
        """Whether a message that arrived can be changed."""
        return self.kind is ChannelKind.TELEGRAM
