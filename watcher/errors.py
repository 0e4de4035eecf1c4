"""What can go wrong, parted by whose it is to mend.

Every message is one sentence for a user: what happened, where, what to do next.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

#: A server may send us away for a day; more looks like a mistake.
LONGEST_RETRY_AFTER: Final = timedelta(hours=24)


@dataclass(eq=False, repr=False)
class WatcherError(Exception):
    """Base of every error that Watcher raises on purpose; its message is for users.

    What else is known of the trouble, those below say by name: for whoever decides by it.
    """

    message: str

    def __post_init__(self) -> None:
        """Have the message alone for the exception's text."""
        super().__init__(self.message)


class ConfigError(WatcherError):
    """The user's configuration cannot be used; the command exits with 78."""


class UsageError(WatcherError):
    """The command line asks for something that does not exist; exits with 2."""


def no_story(asked: int | str) -> UsageError:
    """Return the error for the number of a story that there is not."""
    return UsageError(f"there is no story {asked}; `watcher stories list` shows them")


def no_alert(asked: int) -> UsageError:
    """Return the error for the number of an alert that there is not."""
    return UsageError(f"there is no alert {asked}; `watcher alerts list` shows them")


@dataclass(eq=False, repr=False, kw_only=True)
class StorageError(WatcherError):
    """The database or the state directory cannot be used.

    Attributes:
        is_full: it cannot grow; everything else about it is well.
        fact: what SQLite found of the file, without what to do; empty for any other trouble.
    """

    is_full: bool = False
    fact: str = ""


class EncoderError(WatcherError):
    """The optional encoder cannot be used; everything works without it."""


@dataclass(eq=False, repr=False, kw_only=True)
class FeedError(WatcherError):
    """The remote side's: a feed could not be fetched or is not a feed.

    Attributes:
        message: one sentence without the URL.
        retry_after: what the server asked us to wait, if it did (RFC 9110 section 10.2.3).
        status: the HTTP status, if there was an answer.
        network: nothing was reached at all: DNS, connect or TLS failed. Many of these at
            once mean that our own network is down.
        unrouted: this machine knew no way there, or no name server that answers.
        certificate: somebody was reached whose certificate is not to be trusted: many of these at
            once mean that the authorities are missing here, or that a proxy looks into TLS.
        server: the server was reached and did not get its answer out: too slow, or broken off.
        unanswered: somebody was connected and not one byte of an answer came. Many of these at once
            are our own network's, too: something on the way takes connections in their place.
        unfinished: a feed's first document came without its end; another try may bring it.
        stand_in: a mark of the page that came with a status of 5xx; one for many hosts is a
            gateway's on the way.
        host: whose answer it is, where a redirect may have led from one host to another.
        refused: the closed address that we did not connect; nobody was asked there.
    """

    retry_after: timedelta | None = None
    status: int | None = None
    network: bool = False
    unrouted: bool = False
    certificate: bool = False
    server: bool = False
    unanswered: bool = False
    unfinished: bool = False
    stand_in: str = ""
    host: str | None = None
    refused: str | None = None


@dataclass(eq=False, repr=False, kw_only=True)
class DeliveryError(WatcherError):
    """A channel did not take a message.

    Attributes:
        message: one sentence, without secrets.
        permanent: repeating the same send cannot succeed (bad token, unknown chat, SMTP 5xx).
        retry_after: what the service asked us to wait; no more than a day of it counts, and what is
            no wait does not.
        maybe_sent: the message may have arrived all the same (the answer was lost).
        gone: nothing at all can be sent there (blocked, deleted, bad token).
        taken: another program receives what is written to us.
        in_part: some of its readers have it; who of them, only the sender of this run knows.
        message_gone: the message to change was deleted, or cannot be changed any more; others can.
        message_stays: it cannot be changed, and is there: it can be answered.
        text_refused: something in the message is refused, or its size; another one may pass.
    """

    permanent: bool = False
    retry_after: timedelta | None = None
    maybe_sent: bool = False
    gone: bool = False
    taken: bool = False
    in_part: bool = False
    message_gone: bool = False
    message_stays: bool = False
    text_refused: bool = False

    def __post_init__(self) -> None:
        """Let no more of the wait count than a day, and nothing that is no wait."""
        super().__post_init__()
        asked = self.retry_after or timedelta()
        self.retry_after = min(asked, LONGEST_RETRY_AFTER) if asked > timedelta() else None
