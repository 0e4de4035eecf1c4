"""One message in every format a channel takes: Telegram HTML, mail, plain text."""

from collections.abc import Iterable

from watcher.alerts.clean import clean
from watcher.alerts.compose import POSSIBLE_REPEAT, compose, topic_name
from watcher.alerts.digest import NAMED, compose_brief, compose_digest, stories_of, topic_names
from watcher.alerts.evidence import headline_text
from watcher.alerts.fitting import fit, linked, plainer
from watcher.alerts.lines import Line, Role, cut, message_html, text_of, utf16_length
from watcher.alerts.mail import mail_html
from watcher.alerts.views import Outgoing, View
from watcher.model import Action
from watcher.wording import plural

#: Telegram's limit is 4,096 UTF-16 units after entities; the rest is for what a sender appends.
TELEGRAM_UNITS = 4000
#: Telegram shows so many styles and links, and leaves off all others without a word (as the Bot API
#: libraries know; its documentation does not say so).
TELEGRAM_STYLES = 100
#: Telegram takes 32,768 bytes of text, markup and all, however little of it shows (the Bot API
#: server's `get_formatted_text`; its documentation does not say so); the rest is for a note.
TELEGRAM_BYTES = 32_600
#: Telegram refuses more styles and links than about 9,500 bytes ("ENTITIES_TOO_LONG"), however few
#: there are: tdlib/telegram-bot-api issue 165, where its author calls that a good approximation.
TELEGRAM_ENTITY_BYTES = 9_000
#: Reports of one story begin alike: in fewer units they lose the number that sets them apart. The
#: stories of a digest are cut further before one is left out.
LEAST_REPORT = 60
#: Mail clients show less; longer subjects only fold into more header lines.
SUBJECT_UNITS = 180


def telegram_html(outgoing: Outgoing) -> str:
    """Return the message in Telegram's HTML, within its limit of 4,096 UTF-16 units."""
    return _telegram(telegram_lines(outgoing))


def telegram_text(outgoing: Outgoing) -> str:
    """Return the message without markup: with its addresses, unless that would be too long."""
    whole = "\n\n".join(plain_text(outgoing))
    if utf16_length(whole) <= TELEGRAM_UNITS:
        return whole
    return text_of(telegram_lines(outgoing))


def lines_html(lines: Iterable[Line]) -> str:
    """Return lines in Telegram's HTML, within its limits."""
    return _telegram(fit(lines, TELEGRAM_UNITS, TELEGRAM_STYLES))


def _telegram(fitted: Iterable[Line]) -> str:
    plain = plainer(fitted, TELEGRAM_STYLES)
    return message_html(linked(plain, TELEGRAM_BYTES, TELEGRAM_ENTITY_BYTES))


def email_parts(outgoing: Outgoing) -> tuple[str, str, str]:
    """Return subject, text part and HTML part; the subject is one line."""
    lines = all_lines(outgoing)
    subject = _subject(outgoing)
    return subject, _plain(lines), mail_html(lines, subject)


def plain_text(outgoing: Outgoing, limit: int | None = None) -> tuple[str, str]:
    """Return title and body, for consoles and services without markup.

    A digest whose body is longer than `limit` characters names fewer reports of each story.
    """
    title, *lines = all_lines(outgoing)
    body = _plain(lines)
    for most in NAMED[1:] if outgoing.is_digest else ():
        if limit is None or len(body) <= limit:
            break
        body = _plain(compose_digest(outgoing, most)[1:])
    return title.text, body


def telegram_lines(outgoing: Outgoing) -> tuple[Line, ...]:
    """Return the lines that Telegram shows, within its limit of 4,096 UTF-16 units.

    A long digest has few words for each story.
    """
    if outgoing.is_digest:
        return fit(compose_brief(outgoing, TELEGRAM_UNITS), TELEGRAM_UNITS, TELEGRAM_STYLES)
    return fit(compose(outgoing), TELEGRAM_UNITS, TELEGRAM_STYLES, LEAST_REPORT)


def all_lines(outgoing: Outgoing) -> tuple[Line, ...]:
    """Return the lines of a message where there is no limit: in a mail, on a screen."""
    return compose_digest(outgoing) if outgoing.is_digest else compose(outgoing)


def _plain(lines: Iterable[Line]) -> str:
    return "\n".join(part for line in lines for part in _plain_line(line)).strip("\n") + "\n"


def _plain_line(line: Line) -> list[str]:
    """Return the line and, below it, the address it links."""
    indent = "  " if line.role in {Role.ITEM, Role.DETAIL, Role.ADDS, Role.BARS} else ""
    text = line.text if line.role is Role.ITEM else f"{indent}{line.text}"
    return [*([""] if line.gap else []), text, *(indent + href for href in line.hrefs[:1])]


def _subject(outgoing: Outgoing) -> str:
    repeat = POSSIBLE_REPEAT if outgoing.possible_repeat else ""
    if outgoing.is_digest:
        return cut(_topics(outgoing), SUBJECT_UNITS) + repeat
    return _story(outgoing.views[0]) + repeat


def _topics(outgoing: Outgoing) -> str:
    count = len(stories_of(outgoing.views))
    names = ", ".join(topic_names(outgoing.views))
    return f"{plural(count, 'story', 'stories')}: {names}"


def _story(view: View) -> str:
    """Return the subject of one ring; a reply keeps its thread's, which is how Gmail threads."""
    opening = clean(view.opening) if view.action is Action.REPLY else ""
    told = opening or headline_text(view.shown)
    if view.action is Action.REPLY and not opening:
        told = f"New in story {view.story}: {told}"
    subject = cut(f"[{topic_name(view)}] {told}", SUBJECT_UNITS)
    return f"Re: {subject}" if opening else subject
