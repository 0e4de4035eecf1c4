"""Any Apprise URL, in daemon threads of our own: a hanging service holds up nobody else.

Apprise is told what the text is (plain) and escapes it for each service; measured with titles of
`<x> & _y_` on JSON, form, ntfy, Mattermost and Telegram targets, nothing is lost that way. For
services of Markdown it would escape addresses too, so they get Markdown of ours. It is never given
attachments: a `file://` of a feed's would be uploaded.
"""

import asyncio
import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import apprise

from watcher.alerts.compose import POSSIBLE_REPEAT
from watcher.alerts.render import plain_text
from watcher.alerts.senders.apprise_log import Line, may_have_arrived, wait_asked
from watcher.alerts.senders.apprise_text import as_markdown, defused
from watcher.alerts.senders.wording import clean
from watcher.alerts.views import Outgoing
from watcher.config.secrets import Secret
from watcher.daemon_threads import in_daemon_thread
from watcher.errors import ConfigError, DeliveryError

#: Since the service took the last part, or the whole was handed over: services answer in seconds,
#: mail servers after some tens. A long text goes in parts, between which Apprise waits for seconds.
DEADLINE_S = 60.0
#: Parts that a digest may have, and the length of a story in it (headline, outlets, bars, address):
#: what goes wrong in the last part repeats all of them.
MOST_PARTS = 4
STORY_LENGTH = 400
#: Calls that nobody waits for any more, remembered until their message is tried again.
MAX_REMEMBERED = 100
#: Threads that may hang in one channel before it is declared stuck. Apprise's own pool would be
#: shared by all channels, and six stuck sends would stop it.
MAX_THREADS = 4
#: Apprise's own 4 s are short for a busy server, and each needless timeout is a possible repeat.
ANSWER_TIMEOUT_S = 20.0
#: Of what Apprise logs about one send; a payload or an answer may be long.
MAX_LINES = 50
MAX_LINE_LENGTH = 2000
TITLE = "Watcher"

#: Whether all was taken, and what was said.
Answer = tuple[bool, list[Line]]
#: What a message tells, whatever the hour and the words around it.
Told = tuple[object, ...]

_SECRET_PARTS = re.compile(r"[^/:@?&=#,\s]{6,}")


@dataclass(frozen=True, slots=True)
class _Call:
    """One message that was handed to Apprise.

    Attributes:
        told: what it tells.
        answer: what comes of it; whoever gave up waiting asks for it at the next try.
        taken: when the service took each part, in seconds of `time.monotonic`.
    """

    told: Told
    answer: asyncio.Future[Answer]
    taken: list[float]


class AppriseSender:
    """Sends to the one target of an Apprise URL."""

    def __init__(self, name: str, secret: Secret) -> None:
        self._name = name
        self._url = secret.reveal()
        self._service = _service(name, self._url)
        self._secrets = (self._url, *_SECRET_PARTS.findall(self._url.partition("://")[2]))
        self._threads = threading.BoundedSemaphore(MAX_THREADS)
        self._late: dict[str, _Call] = {}

    @property
    def limit_key(self) -> str:
        """A digest of the URL: channels with the same target share its limits."""
        return "apprise-" + hashlib.sha256(self._url.encode()).hexdigest()[:16]

    @property
    def most_stories(self) -> int:
        """Stories whose text the service takes in a few parts."""
        return max(1, MOST_PARTS * int(self._service.body_maxlen) // STORY_LENGTH)

    async def send(self, outgoing: Outgoing) -> None:
        """Send the plain text; Apprise tells no message id."""
        title, body = plain_text(outgoing, MOST_PARTS * int(self._service.body_maxlen))
        await self._notify(outgoing.key, _told(outgoing), title, body)

    async def notice(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Sender's
        """Send one plain line: in the words of an earlier one it is another."""
        self._late.pop(text, None)
        await self._notify(text, (), TITLE, text)

    async def repeat(self, text: str, *, silent: bool = False) -> None:  # noqa: ARG002 - a Repeating's
        """Send one again, if nothing came of its last try: an answer may have come late."""
        await self._notify(text, (), TITLE, text + POSSIBLE_REPEAT)

    async def close(self) -> None:
        """Do nothing: threads that still hang are daemons and end with the process."""

    async def _notify(self, key: str, told: Told, title: str, body: str) -> None:
        """Send a message, or wait for what became of it when it was tried before."""
        call = self._earlier(key, told) or self._begin(told, title, body)
        if not await _is_answered(call):
            self._remember(key, call)
            raise DeliveryError(
                f"{self._service_name} did not answer within {DEADLINE_S:g} s", maybe_sent=True
            )
        accepted, lines = call.answer.result()
        if not accepted:
            raise self._failure(lines, f"{title}\n{body}", in_part=bool(call.taken))

    def _earlier(self, key: str, told: Told) -> _Call | None:
        """Return the last try of a message, where nobody knows yet what became of it."""
        call = self._late.get(key)
        if call and call.told != told and not call.answer.done():
            raise DeliveryError(f"{self._service_name} is still being given this message")
        self._late.pop(key, None)
        return call if call and call.told == told else None

    def _remember(self, key: str, call: _Call) -> None:
        self._late[key] = call
        while len(self._late) > MAX_REMEMBERED:
            del self._late[next(iter(self._late))]

    def _begin(self, told: Told, title: str, body: str) -> _Call:
        if not self._threads.acquire(blocking=False):
            raise DeliveryError(
                f"{MAX_THREADS} earlier messages to {self._service_name} still hang; "
                "is the service well?"
            )
        taken: list[float] = []
        answer = in_daemon_thread(lambda: self._call(title, body, taken), "apprise")
        return _Call(told, answer, taken)

    def _call(self, title: str, body: str, taken: list[float]) -> Answer:
        """Hand a message to Apprise, in a thread that is free again afterwards."""
        try:
            return self._handed_over(title, body, taken)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            return False, [(logging.ERROR, f"{type(error).__name__}: {error}")]
        finally:
            self._threads.release()

    def _handed_over(self, title: str, body: str, taken: list[float]) -> Answer:
        target = apprise.Apprise(asset=self._service.asset)
        target.add(self._service)
        body, kind = defused(body), apprise.NotifyFormat.TEXT
        if _is_for_markdown(self._service):
            body, kind = as_markdown(body), apprise.NotifyFormat.MARKDOWN
            # Without a place of its own the title is a part of the text.
            title = as_markdown(title) if self._service.title_maxlen <= 0 else title
        with _captured(taken) as lines:
            accepted = target.notify(title=title, body=body, body_format=kind)
        return bool(accepted), lines

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


async def _is_answered(call: _Call) -> bool:
    """Wait for an answer as long as the service goes on taking parts; tell whether it came."""
    since = time.monotonic()
    while not call.answer.done():
        left = max([since, *call.taken]) + DEADLINE_S - time.monotonic()
        if left <= 0:
            return False
        await asyncio.wait([call.answer], timeout=left)
    return True


def _told(outgoing: Outgoing) -> Told:
    return tuple(
        (view.topic, view.story, view.action, *(report.number for report in view.reports))
        for view in outgoing.views
    )


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


def _is_for_markdown(service: apprise.NotifyBase) -> bool:
    """Tell whether a service would get plain text as Markdown; older Apprises say it plainly."""
    resolve = getattr(service, "resolve_format", None)
    kind = resolve(apprise.NotifyFormat.TEXT) if resolve else service.notify_format
    return bool(kind == apprise.NotifyFormat.MARKDOWN)


def _counted(send: Callable[..., bool]) -> Callable[..., bool]:
    """Note when a service takes each part: Apprise says no more than whether it took them all."""

    def counted(*args: object, **values: object) -> bool:
        accepted = send(*args, **values)
        if accepted and (taken := getattr(_listener.heard, "taken", None)) is not None:
            taken.append(time.monotonic())
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
def _captured(taken: list[float]) -> Iterator[list[Line]]:
    """Yield what is said in this thread, and note when each part is taken."""
    lines: list[Line] = []
    _listener.heard.lines, _listener.heard.taken = lines, taken
    try:
        yield lines
    finally:
        del _listener.heard.lines, _listener.heard.taken


def _telling(lines: list[Line]) -> str:
    """Return the line that says most: the last warning or error, else the last of all."""
    loud = [text for level, text in lines if level >= logging.WARNING]
    return (loud or [text for _, text in lines] or ["it gave no reason"])[-1]
