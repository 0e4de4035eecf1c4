"""Any Apprise URL, in daemon threads of our own: a hanging service holds up nobody else.

Apprise is told what the text is (plain) and escapes it for each service; measured with titles of
`<x> & _y_` on JSON, form, ntfy, Mattermost and Telegram targets, nothing is lost that way. It is
never given attachments: a `file://` of a feed's would be uploaded.
"""

import asyncio
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import apprise

from watcher.alerts.render import plain_text
from watcher.alerts.senders.apprise_log import Line, may_have_arrived, wait_asked
from watcher.alerts.senders.wording import clean
from watcher.alerts.views import Outgoing
from watcher.config.secrets import Secret
from watcher.daemon_threads import in_daemon_thread
from watcher.errors import ConfigError, DeliveryError

#: One send; services answer in seconds, mail servers after some tens.
DEADLINE_S = 60.0
#: Threads that may hang in one channel before it is declared stuck. Apprise's own pool would be
#: shared by all channels, and six stuck sends would stop it.
MAX_THREADS = 4
#: Apprise's own 4 s are short for a busy server, and each needless timeout is a possible repeat.
ANSWER_TIMEOUT_S = 20.0
#: Of what Apprise logs about one send; a payload or an answer may be long.
MAX_LINES = 50
MAX_LINE_LENGTH = 2000
TITLE = "Watcher"

#: Whether all was taken, how many parts were (a long text goes in several), and what was said.
Answer = tuple[bool, int, list[Line]]

_SECRET_PARTS = re.compile(r"[^/:@?&=#,\s]{6,}")


class AppriseSender:
    """Sends to the one target of an Apprise URL."""

    def __init__(self, name: str, secret: Secret) -> None:
        self._name = name
        self._url = secret.reveal()
        self._service = _service(name, self._url)
        self._secrets = (self._url, *_SECRET_PARTS.findall(self._url.partition("://")[2]))
        self._threads = threading.BoundedSemaphore(MAX_THREADS)

    @property
    def limit_key(self) -> str:
        """A digest of the URL: channels with the same target share its limits."""
        return "apprise-" + hashlib.sha256(self._url.encode()).hexdigest()[:16]

    async def send(self, outgoing: Outgoing) -> None:
        """Send the plain text; Apprise tells no message id."""
        title, body = plain_text(outgoing)
        await self._notify(title, body)

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Send one plain line."""
        await self._notify(TITLE, text)

    async def close(self) -> None:
        """Do nothing: threads that still hang are daemons and end with the process."""

    async def _notify(self, title: str, body: str) -> None:
        if not self._threads.acquire(blocking=False):
            raise DeliveryError(
                f"{MAX_THREADS} earlier messages to {self._service_name} still hang; "
                "is the service well?"
            )
        call = in_daemon_thread(lambda: self._call(title, body), "apprise")
        try:
            accepted, parts, lines = await asyncio.wait_for(call, DEADLINE_S)
        except TimeoutError as error:
            raise DeliveryError(
                f"{self._service_name} did not answer within {DEADLINE_S:g} s", maybe_sent=True
            ) from error
        if not accepted:
            raise self._failure(lines, f"{title}\n{body}", in_part=parts > 0)

    def _call(self, title: str, body: str) -> Answer:
        """Hand a message to Apprise, in a thread that is free again afterwards."""
        try:
            return self._handed_over(title, body)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            return False, 0, [(logging.ERROR, f"{type(error).__name__}: {error}")]
        finally:
            self._threads.release()

    def _handed_over(self, title: str, body: str) -> Answer:
        target = apprise.Apprise(asset=self._service.asset)
        target.add(self._service)
        with _captured() as (lines, taken):
            accepted = target.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
        return bool(accepted), len(taken), lines

    def _failure(self, lines: list[Line], sent: str, *, in_part: bool) -> DeliveryError:
        detail = clean(_telling(lines), self._secrets)
        wait = wait_asked(lines, sent)
        return DeliveryError(
            f"{self._service_name} did not take the message ({detail})",
            retry_after=wait,
            maybe_sent=in_part or (wait is None and may_have_arrived(lines, sent)),
        )

    @property
    def _service_name(self) -> str:
        return str(self._service.service_name)


def _service(name: str, url: str) -> apprise.NotifyBase:
    _listen()
    asset = apprise.AppriseAsset(app_id=TITLE, app_desc=TITLE, async_mode=False)
    if hasattr(asset, "_service_timeout"):
        asset = apprise.AppriseAsset(
            app_id=TITLE, app_desc=TITLE, async_mode=False, service_timeout=0
        )
    # Whom a message goes to is for the configuration to say, not for the service. A POST that is
    # redirected mostly ends as a GET without its message, which then would count as sent.
    asset.http_redirects = False
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise ConfigError(
            f"channel {name}: Apprise does not understand this {url.partition('://')[0][:20]}:// "
            "address; see https://appriseit.com/services/"
        )
    if "rto=" not in url:
        service.socket_read_timeout = ANSWER_TIMEOUT_S
    if "overflow=" not in url:
        service.overflow_mode = apprise.OverflowMode.SPLIT
    service.send = _counted(service.send)  # type: ignore[method-assign]
    return service


def _counted(send: Callable[..., bool]) -> Callable[..., bool]:
    """Note each part that a service takes: Apprise says no more than whether it took them all."""

    def counted(*args: object, **values: object) -> bool:
        accepted = send(*args, **values)
        if accepted and (taken := getattr(_listener.heard, "taken", None)) is not None:
            taken.append(True)
        return accepted

    return counted


class _Listener(logging.Handler):
    """Collects what Apprise says in the thread that sends, down to DEBUG: only there are causes.

    Those lines hold tokens and whole messages, so nothing else hears them.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        lines = getattr(self.heard, "lines", None)
        if lines is not None and len(lines) < MAX_LINES:
            lines.append((record.levelno, record.getMessage()[:MAX_LINE_LENGTH]))


_listener = _Listener()


def _listen() -> None:
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    if _listener not in logger.handlers:
        logger.addHandler(_listener)


@contextmanager
def _captured() -> Iterator[tuple[list[Line], list[bool]]]:
    """Yield what is said in this thread, and an item for each part that is taken."""
    lines: list[Line] = []
    taken: list[bool] = []
    _listener.heard.lines, _listener.heard.taken = lines, taken
    try:
        yield lines, taken
    finally:
        del _listener.heard.lines, _listener.heard.taken


def _telling(lines: list[Line]) -> str:
    """Return the line that says most: the last warning or error, else the last of all."""
    loud = [text for level, text in lines if level >= logging.WARNING]
    return (loud or [text for _, text in lines] or ["it gave no reason"])[-1]
