"""The remote control decided: what a tap or a command means, and what becomes of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from watcher.alerts.buttons import Standing, Verb, state_text
from watcher.alerts.incoming import Person
from watcher.alerts.mutes import STORY_MUTE, end_of, morning, thread
from watcher.alerts.times import local_end
from watcher.config.suggest import did_you_mean
from watcher.config.values import QuietHours
from watcher.model import FeedbackKind, Mute, MuteKind

SNOOZE: Final = timedelta(hours=1)
#: Telegram shows up to 200 characters over the chat; some phones cut sooner.
TOAST_CHARACTERS: Final = 180

STRANGE_BUTTON: Final = "This button is not of this Watcher, or its alert is gone."
BROADCAST: Final = "Buttons work in groups and private chats, not in broadcast channels."
TOO_FAST: Final = "Too much at once; try again in a minute."
NOT_STORED: Final = "This could not be stored; the log says why. Try again later."
NOT_LOOKED_UP: Final = "This could not be looked up; the log says why. Try again later."

#: The menu of commands: what follows the slash, and its line of help.
COMMANDS: Final = {
    "status": "how Watcher is doing",
    "recent": "the latest alerts",
    "topics": "what is watched for, and what is muted",
    "mute": "list mutes, or mute: /mute topic NAME 2h, /mute story 12, or as a reply to an alert",
    "unmute": "end a mute: /unmute topic NAME, /unmute all",
    "explain": "why something did or did not alert: /explain LINK",
    "help": "this list",
}

_KINDS: Final = frozenset(MuteKind)
_LINK_WORDS: Final = frozenset({"for", "till", "until"})


@dataclass(frozen=True, slots=True)
class TappedAlert:
    """The alert that a button belongs to."""

    alert: int
    topic: str
    topic_name: str
    story: int


@dataclass(frozen=True, slots=True)
class TapOutcome:
    """What a tap does.

    Attributes:
        toast: what the person reads at once.
        mute: to be made.
        unmute: to be ended.
        feedback: to be kept as what this person said.
        take_back: what was said of the alert, by anybody, and holds no more.
        sources: the story's sources are to be listed.
    """

    toast: str
    mute: Mute | None = None
    unmute: tuple[MuteKind, str] | None = None
    feedback: FeedbackKind | None = None
    take_back: FeedbackKind | None = None
    sources: bool = False


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap, and how things stood when it came.

    Attributes:
        told: the alert that the button belongs to.
        standing: what was decided about it so far.
        person: who pressed.
        now: the clock.
        zone: in which times are shown.
        quiet: the quiet hours of the chat's channels: when they end it is morning.
    """

    told: TappedAlert
    standing: Standing
    person: Person
    now: datetime
    zone: ZoneInfo
    quiet: Sequence[QuietHours | None] = ()

    def mute(self, kind: MuteKind, subject: str, until: datetime) -> Mute:
        """Return a mute by this person."""
        return Mute(kind, subject, until, self.now, self.person.name)

    def lasting(self, mute: Mute) -> str:
        """Return until when a mute holds, and whose it is."""
        by = f" by {mute.made_by}" if mute.made_by else ""
        return f"till {local_end(mute.until, self.zone, self.now)}{by}"


def decide_tap(verb: Verb, at: Tapped) -> TapOutcome:
    """Decide what pressing a button does; pressed again it changes nothing more."""
    return _ACTS[verb](at)


def _mute(at: Tapped) -> TapOutcome:
    story, known = str(at.told.story), at.standing.story
    if known:
        return TapOutcome(f"Story {story} is muted already, {at.lasting(known)}.")
    mute = at.mute(MuteKind.STORY, story, at.now + STORY_MUTE)
    toast = f"Story {story} is muted {at.lasting(mute)}."
    return TapOutcome(toast, mute, feedback=FeedbackKind.MUTE_STORY)


def _unmute(at: Tapped) -> TapOutcome:
    return TapOutcome(
        f"Story {at.told.story} is heard again.",
        unmute=(MuteKind.STORY, str(at.told.story)),
        take_back=FeedbackKind.MUTE_STORY,
    )


def _not_topic(at: Tapped) -> TapOutcome:
    name, story = at.told.topic_name, at.told.story
    if at.standing.thread:
        return TapOutcome(f"Noted already: not {name}.")
    mute = at.mute(MuteKind.THREAD, thread(at.told.topic, story), at.now + STORY_MUTE)
    toast = f"Noted: not {name}. Story {story} rings no more for it."
    return TapOutcome(toast, mute, feedback=FeedbackKind.NOT_TOPIC)


def _is_topic(at: Tapped) -> TapOutcome:
    return TapOutcome(
        f"Taken back: it is {at.told.topic_name}.",
        unmute=(MuteKind.THREAD, thread(at.told.topic, at.told.story)),
        take_back=FeedbackKind.NOT_TOPIC,
    )


def _snooze(at: Tapped, until: datetime) -> TapOutcome:
    mute = at.mute(MuteKind.TOPIC, at.told.topic, until)
    toast = f"{at.told.topic_name} is muted {at.lasting(mute)}."
    return TapOutcome(toast, mute, feedback=FeedbackKind.SNOOZE)


def _wake(at: Tapped) -> TapOutcome:
    return TapOutcome(
        f"{at.told.topic_name} is heard again.",
        unmute=(MuteKind.TOPIC, at.told.topic),
        take_back=FeedbackKind.SNOOZE,
    )


def _sources(at: Tapped) -> TapOutcome:
    toast = f"The sources of story {at.told.story} are below."
    return TapOutcome(toast, feedback=FeedbackKind.SOURCES, sources=True)


_ACTS: Final[Mapping[Verb, Callable[[Tapped], TapOutcome]]] = {
    Verb.MUTE: _mute,
    Verb.UNMUTE: _unmute,
    Verb.NOT_TOPIC: _not_topic,
    Verb.IS_TOPIC: _is_topic,
    Verb.HOUR: lambda at: _snooze(at, at.now + SNOOZE),
    Verb.MORNING: lambda at: _snooze(at, morning(at.now, at.zone, at.quiet)),
    Verb.WAKE: _wake,
    Verb.SEEN: lambda _: TapOutcome("Marked as seen.", feedback=FeedbackKind.SEEN),
    Verb.SOURCES: _sources,
    Verb.STATE: lambda at: TapOutcome(state_text(at.standing, at.now, at.zone)),
}


def toast_of(text: str) -> str:
    """Return a text that Telegram shows over the chat."""
    return text if len(text) <= TOAST_CHARACTERS else text[: TOAST_CHARACTERS - 1] + "…"


@dataclass(frozen=True, slots=True)
class MuteWish:
    """What a person wants muted or heard again.

    Attributes:
        subject: as it was written.
        until: None for the usual length.
    """

    kind: MuteKind
    subject: str
    until: datetime | None = None


def parse_wish(
    text: str,
    now: datetime,
    zone: ZoneInfo,
    topics: Collection[str],
    quiet: Sequence[QuietHours | None] = (),
) -> MuteWish:
    """Return what "/mute" is about: "topic arms 2h", "story 12", "12 till 08:00", "outlet TASS".

    The kind may be left out before a story's number or a topic's id. When it is morning the quiet
    hours of the chat's channels say.

    Raises:
        ValueError: it says nothing that can be muted, in a sentence for the chat.
    """
    words, until = _without_end(text.split(), now, zone, quiet)
    if not words:
        raise ValueError("say what: /mute topic NAME 2h, /mute story 12, /mute outlet NAME")
    first, rest = words[0].lower(), " ".join(words[1:])
    if first in _KINDS and rest:
        return MuteWish(MuteKind(first), rest, until)
    whole = " ".join(words)
    if whole.isascii() and whole.isdecimal():
        return MuteWish(MuteKind.STORY, whole, until)
    if whole.casefold() in {topic.casefold() for topic in topics}:
        return MuteWish(MuteKind.TOPIC, whole, until)
    kinds = ", ".join(kind for kind in MuteKind if kind is not MuteKind.THREAD)
    hint = did_you_mean(whole, topics) or f"; say what it is: {kinds}"
    raise ValueError(f"{whole} is no topic{hint}")


def _without_end(
    words: list[str], now: datetime, zone: ZoneInfo, quiet: Sequence[QuietHours | None]
) -> tuple[list[str], datetime | None]:
    """Part "2h", "till 08:00" or the like from the end of the words."""
    if len(words) < 2:  # noqa: PLR2004 - a single word is what is meant
        return words, None
    try:
        until = end_of(words[-1], now, zone, quiet)
    except ValueError:
        if words[-2].lower() in _LINK_WORDS:
            raise
        return words, None
    return (words[:-2] if words[-2].lower() in _LINK_WORDS else words[:-1]), until
