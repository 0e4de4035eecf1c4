"""What the tables of a configuration must agree on.

These look at the raw TOML, so that they speak up also when the models refuse something else.
Whatever has the wrong type is left to the models.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta

from watcher.config.fields import plain_address, sent_address
from watcher.config.http import is_loopback
from watcher.config.problems import Problem
from watcher.config.raw import Raw, elements, named_tables, table, tables
from watcher.config.scan import KeyPath
from watcher.config.secrets import Form
from watcher.config.settings import PollingTable, StoriesTable, WatcherTable
from watcher.config.suggest import did_you_mean, nearest
from watcher.config.values import ChannelKind, format_duration, parse_duration

Where = Callable[[KeyPath], str]

#: Where other programs look for a proxy.
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")

#: What a channel of any kind may have.
_RULES = {"quiet_hours", "max_per_hour", "digest", "only"}

#: So many names are listed when none is near enough to suggest.
MOST_LISTED = 6


def check_names(raw: Raw) -> Iterator[Problem]:
    """Find channels and topics that are named and not defined."""
    channels = list(table(raw, "channels"))
    topics = [topic["id"] for _, topic in tables(raw, "topics") if "id" in topic]
    ops_channel = table(raw, "watcher").get("ops_channel")
    yield from _unknown("channel", ops_channel, ("watcher", "ops_channel"), channels)
    for path, topic in tables(raw, "topics"):
        for index, name in enumerate(elements(topic, "channels")):
            yield from _unknown("channel", name, (*path, "channels", index), channels)
    for path, feed in tables(raw, "feeds"):
        for index, name in enumerate(elements(feed, "topics")):
            yield from _unknown("topic", name, (*path, "topics", index), topics)


def _unknown(thing: str, name: object, path: KeyPath, known: list[str]) -> Iterator[Problem]:
    if isinstance(name, str) and name not in known:
        names = [str(name) for name in known]
        listed = f"; defined: {', '.join(names)}" if 0 < len(names) <= MOST_LISTED else ""
        hint = did_you_mean(name, names) or listed
        yield Problem(path, f"no {thing} named `{name}`{hint}")


def check_doubles(raw: Raw, where: Where) -> Iterator[Problem]:
    """Find ids, addresses and names that stand for two things; `where` names a place."""
    yield from _doubles(raw, "topics", "id", where)
    yield from _doubles(raw, "feeds", "url", where, plain_address)
    yield from _spelt_twice(raw, where)
    for name in table(raw, "words"):
        if name in table(raw, "entities"):
            first = where(("entities", name))
            message = f"`{name}` is the name of an entity already, in {first}"
            yield Problem(("words", name), message, at_key=True)


def _doubles(
    raw: Raw, list_name: str, key: str, where: Where, plain: Callable[[str], str] = str
) -> Iterator[Problem]:
    first: dict[str, KeyPath] = {}
    for path, one in tables(raw, list_name):
        value = one.get(key)
        if not isinstance(value, str):
            continue
        value = plain(value)
        if value in first:
            thing = list_name.removesuffix("s")
            message = f"`{key}` is another {thing}'s already, in {where(first[value])}"
            yield Problem((*path, key), message)
        first.setdefault(value, (*path, key))


def _spelt_twice(raw: Raw, where: Where) -> Iterator[Problem]:
    """Warn of feeds that are asked for alike; each has a history of its own, and may go on."""
    first: dict[str, tuple[str, KeyPath]] = {}
    for path, feed in tables(raw, "feeds"):
        if isinstance(url := feed.get("url"), str):
            plain = plain_address(url)
            sent = sent_address(plain)
            known, place = first.setdefault(sent, (plain, (*path, "url")))
            if known != plain:
                message = f"`url` is another feed's in other letters, in {where(place)}: {sent}"
                yield Problem((*path, "url"), message, warning=True)


def check_lists(raw: Raw) -> Iterator[Problem]:
    """Find entities and word lists without any term."""
    for path, entity in named_tables(raw, "entities"):
        if not entity.keys() & {"country", "names", "roles", "short", "use"} and not _odd(entity):
            yield Problem(
                path, f"`{path[-1]}` has no `names`, no `country` and no `use`: nothing to find"
            )
    for path, words in named_tables(raw, "words"):
        if not any(terms for key, terms in words.items() if key != "not"):
            yield Problem(path, f"`{path[-1]}` has no terms in any language")


def _odd(entity: Raw) -> bool:
    """Whether it has a key that the models refuse, which may be a misspelt `names`."""
    return bool(entity.keys() - {"label", "not"})


def check_publishers(raw: Raw, where: Where) -> Iterator[Problem]:
    """Find families without outlets, and outlets of two families; `where` names a place."""
    first: dict[str, KeyPath] = {}
    families = table(raw, "publishers")
    for family, outlets in families.items():
        path: KeyPath = ("publishers", family)
        if family == "include":
            message = "`include` is a family of outlets here; it belongs above the first table"
            yield Problem(path, message, at_key=True, warning=True)
        if outlets == []:
            yield Problem(path, f"`{family}` has no outlets")
        for index, outlet in enumerate(elements(families, family)):
            if isinstance(outlet, str):
                yield from _check_outlet(outlet, (*path, index), first, where)


def _check_outlet(
    outlet: str, path: KeyPath, first: dict[str, KeyPath], where: Where
) -> Iterator[Problem]:
    if "://" in outlet:
        yield Problem(path, 'must be an outlet or a host like "news.example.org", not an address')
    earlier = first.setdefault(outlet.casefold().strip(), path)
    if earlier is not path:
        message = f'"{outlet}" is in the family `{earlier[1]}` already, in {where(earlier)}'
        yield Problem(path, message)


def check_channels(raw: Raw) -> Iterator[Problem]:
    """Find channels that are of no kind or of several, and mail settings that contradict."""
    for path, channel in named_tables(raw, "channels"):
        yield from _check_kind(path, channel)
        yield from _check_apprise(path, channel.get("apprise"))
        yield from _check_only(raw, path, table(channel, "only"))
        yield from _check_email((*path, "email"), table(channel, "email"))


def _check_kind(path: KeyPath, channel: Raw) -> Iterator[Problem]:
    kinds = {kind + form: kind for kind in ChannelKind for form in Form}
    given = [key for key in channel if key in kinds]
    allowed = f"{', '.join(list(ChannelKind)[:-1])} or {list(ChannelKind)[-1]}"
    if channel.get("console") is False:
        yield Problem((*path, "console"), "`console` must be true, or left out")
    elif not given and not any(nearest(key, kinds) for key in channel.keys() - _RULES):
        yield Problem(path, f"channel `{path[-1]}` goes nowhere: it needs {allowed}")
    elif len({kinds[key] for key in given}) > 1:
        other = next(key for key in given if kinds[key] != kinds[given[0]])
        message = f"one channel is one of {allowed}, and `{path[-1]}` has `{given[0]}` already"
        yield Problem((*path, other), message, at_key=True)


def _check_only(raw: Raw, path: KeyPath, only: Raw) -> Iterator[Problem]:
    """Find topics and tags that nothing has: such a channel would stay silent for ever."""
    tags = {tag for _, feed in tables(raw, "feeds") for tag in map(str, elements(feed, "tags"))}
    topics = {str(topic.get("id")) for _, topic in tables(raw, "topics")}
    is_for_notices = table(raw, "watcher").get("ops_channel") == path[-1]
    for key in (key for key in only if only[key] == []):
        if key == "topics" and is_for_notices:
            continue  # no alerts: what it is for comes all the same
        notices = "; for notices alone, name it as `ops_channel`" if key == "topics" else ""
        message = f"`{key}` is empty: this channel would hear of nothing; leave it out for all"
        yield Problem((*path, "only", key), message + notices)
    for key, known, whose in (("tags", tags, "feed has the tag"), ("topics", topics, "topic is")):
        for place, name in enumerate(elements(only, key)):
            if isinstance(name, str) and name not in known:
                message = f'no {whose} "{name}"{did_you_mean(name, known)}'
                yield Problem((*path, "only", key, place), message)


def _check_apprise(path: KeyPath, url: object) -> Iterator[Problem]:
    if not isinstance(url, str) or not url.strip():
        return
    if "://" not in url:
        yield Problem((*path, "apprise"), '`apprise` must be a URL like "ntfy://ntfy.sh/my-topic"')
    elif len(url.split()) > 1:
        yield Problem((*path, "apprise"), "`apprise` must be one URL: one target per channel")


def _check_email(path: KeyPath, email: Raw) -> Iterator[Problem]:
    server = email.get("server")
    if not isinstance(server, str) or "://" not in server:
        return
    if email.get("tls") is False and server.startswith("smtps:"):
        yield Problem((*path, "tls"), "`tls` = false is for smtp:// only, the server says smtps://")
    has_password = any("password" + form in email for form in Form)
    if has_password and "@" not in server:
        message = "`server` names nobody to log in with the password; write smtps://user@host"
        yield Problem((*path, "server"), message)
    if re.search("^[^:]*://[^:]+@", server) and not has_password:
        message = "`server` names a user and there is no `password_file`: nobody will log in"
        yield Problem((*path, "server"), message, warning=True)


def check_service(raw: Raw) -> Iterator[Problem]:
    """Find an address of a monitor that is none, and an open door."""
    url = table(raw, "watcher").get("heartbeat_url")
    if isinstance(url, str) and url.strip() and not re.match(r"https?://[^\s/]+\S*$", url):
        message = "`heartbeat_url` must be an address like https://hc-ping.com/..."
        yield Problem(("watcher", "heartbeat_url"), message)
    listen = table(raw, "http").get("listen")
    with suppress(ValueError):
        if isinstance(listen, str) and not is_loopback(listen):
            message = "not only this machine can read health and metrics there"
            yield Problem(("http", "listen"), message, warning=True)


def check_times(raw: Raw) -> Iterator[Problem]:
    """Find durations that contradict each other."""
    polling = table(raw, "polling")
    low = _duration(polling, "min_interval", PollingTable().min_interval)
    start = _duration(polling, "interval", PollingTable().interval)
    high = _duration(polling, "max_interval", PollingTable().max_interval)
    if low and high and low > high:
        yield _contradiction(polling, "min_interval", low, "above", "max_interval", high)
    elif low and start and start < low:
        yield _contradiction(polling, "interval", start, "below", "min_interval", low)
    elif start and high and start > high:
        yield _contradiction(polling, "interval", start, "above", "max_interval", high)
    retention = _duration(table(raw, "watcher"), "retention", WatcherTable().retention)
    window = _duration(table(raw, "stories"), "window", StoriesTable().window)
    if retention and window and retention < window:
        shown = f'"{format_duration(retention)}" is below `window` in [stories], '
        message = f'`retention` {shown}"{format_duration(window)}"'
        yield Problem(("watcher", "retention"), message)


def _contradiction(
    polling: Raw, key: str, value: timedelta, relation: str, other: str, other_value: timedelta
) -> Problem:
    """Return a problem at one of two keys of [polling] that the user wrote."""
    default = "" if other in polling else ", its default"
    message = (
        f'`{key}` "{format_duration(value)}" is {relation} '
        f'`{other}` "{format_duration(other_value)}"{default}'
    )
    if key in polling:
        return Problem(("polling", key), message)
    return Problem(("polling", other), f"{message} (`{key}` has its default)")


def _duration(within: Raw, key: str, default: timedelta) -> timedelta | None:
    """Return the duration at a key; None when the models refuse it anyway."""
    value = within.get(key)
    if value is None:
        return default
    try:
        return parse_duration(value)
    except (TypeError, ValueError):
        return None


def check_loudly(raw: Raw) -> Iterator[Problem]:
    """Warn of what is legal and likely not meant."""
    watcher = table(raw, "watcher")
    if "heartbeat" in watcher and "ops_channel" not in watcher:
        message = "`heartbeat` goes to `ops_channel`, and there is none"
        yield Problem(("watcher", "heartbeat"), message, warning=True)
    if tables(raw, "topics") and not table(raw, "channels"):
        yield Problem(("topics",), "no channel is defined: nobody hears of it", warning=True)
    for path, feed in tables(raw, "feeds"):
        if feed.get("tls_verify") is False:
            message = "certificates are not checked: anybody on the way can forge entries"
            yield Problem((*path, "tls_verify"), message, warning=True)
    yield from _check_empty_choices(raw)


def check_proxy(raw: Raw, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Warn where the environment names a proxy, as for other programs, and feeds go without one."""
    named = next((name for name in _PROXIES if environ.get(name)), None)
    has_own = all("proxy" in feed for _, feed in tables(raw, "feeds"))
    if named and not has_own and "proxy" not in table(raw, "polling"):
        message = (
            f"the environment names a proxy ({named}), and feeds are fetched without one: it counts"
            ' only as `proxy = "..."` in [polling]'
        )
        yield Problem(("polling",), message, warning=True)


def _check_empty_choices(raw: Raw) -> Iterator[Problem]:
    """Warn of a list of none where the key left out means all."""
    for name, key, message in (
        ("topics", "channels", "no channel is named: nobody hears of this topic"),
        ("feeds", "topics", "no topic is named: this feed is read for nothing"),
    ):
        for path, one in tables(raw, name):
            if one.get(key) == []:
                yield Problem((*path, key), f"{message}; leave it out for all", warning=True)
