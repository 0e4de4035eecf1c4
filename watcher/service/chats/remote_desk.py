"""What taps and commands from chats look up and change, inside a transaction of the database."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from watcher.alerts import answers
from watcher.alerts.answers import Health, Lines, Recent, Verdict, Watched
from watcher.alerts.buttons import Press, decode
from watcher.alerts.incoming import Command, Tap
from watcher.alerts.remote import (
    STRANGE_BUTTON,
    MuteWish,
    TapOutcome,
    Tapped,
    TappedAlert,
    decide_tap,
    parse_wish,
)
from watcher.alerts.views import Keyboard
from watcher.config.values import QuietHours
from watcher.errors import UsageError
from watcher.model import Assignment, Entry, MuteKind, Priority
from watcher.service.by_hand.desk import Desk
from watcher.service.by_hand.mutes import (
    add_mute,
    clear_mutes,
    end_mute,
    make_mute,
    remove_mute,
)
from watcher.service.care.health import LOST
from watcher.service.delivery.alert_buttons import (
    Change,
    Muted,
    changes,
    keyboard_of,
    rings_about,
    standing_of,
)
from watcher.service.in_force.watch import Watch
from watcher.service.intake.judge import judge
from watcher.service.trials.items import bare
from watcher.storage.database import Transaction
from watcher.storage.rows import State
from watcher.topics.findings import most_telling
from watcher.wording import plural, some_of

DAY: Final = timedelta(days=1)
#: Alerts that `/recent` lists: a phone's screen or two.
RECENT: Final = 10
#: A headline is short; a chat message may have 4,096 characters.
_LONGEST_TEXT: Final = 1_000

#: Stories of a summary that are named to who has to choose one.
_NAMED: Final = 10

_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Done:
    """What a tap or a command did.

    Attributes:
        changes: messages whose buttons show it.
        keyboard: the buttons that any message of the alert shows now.
        answer: what is to be said under the message; after a tap often nothing.
    """

    changes: tuple[Change, ...] = ()
    keyboard: Keyboard = ()
    answer: Lines = ()


class RemoteDesk:
    """Looks up and changes what a chat asks for, under one configuration and at one time.

    Args:
        channels: those that write to the chat.
    """

    def __init__(
        self, watch: Watch, tx: Transaction, now: datetime, channels: Sequence[str]
    ) -> None:
        self._watch, self._tx, self._now, self._channels = watch, tx, now, channels
        self._zone = watch.settings.watcher.zone
        self._desk = Desk(tx, watch.settings, now)
        self._muted: list[Muted] = []

    def toast(self, tap: Tap) -> str:
        """Return what a tap will do, for the person who waits; nothing is changed."""
        found = self._tapped(tap)
        return decide_tap(found[0].verb, found[1]).toast if found else STRANGE_BUTTON

    def tap(self, tap: Tap) -> Done:
        """Do what a button asks for."""
        found = self._tapped(tap)
        if found is None:
            return Done()
        press, tapped = found
        outcome = decide_tap(press.verb, tapped)
        self._carry_out(outcome, tapped)
        return Done(
            self._changes(press.alert),
            self._buttons(press.alert),
            self._sources(tapped.told.story) if outcome.sources else (),
        )

    def command(self, command: Command) -> Done:
        """Do what a command asks for."""
        try:
            answer = self._answer(command)
        except UsageError as error:
            answer = answers.said(str(error))
        return Done(changes=self._changes(), answer=answer)

    # -- taps ------------------------------------------------------------------------------------

    def _tapped(self, tap: Tap) -> tuple[Press, Tapped] | None:
        press = decode(tap.data)
        if press is None or press.instance != self._tx.instance:
            return None
        row = self._tx.alerts.get(press.alert)
        if row is None:
            return None
        topic = self._watch.topics.get(row.topic)
        told = TappedAlert(row.id, row.topic, topic.name if topic else row.topic, row.story)
        standing = standing_of(self._tx, row.id, row.topic, row.story, self._now)
        return press, Tapped(told, standing, tap.person, self._now, self._zone, self._quiet())

    def _quiet(self) -> list[QuietHours | None]:
        tables = self._watch.settings.channels
        return [tables[name].quiet_hours for name in self._channels if name in tables]

    def _carry_out(self, outcome: TapOutcome, tapped: Tapped) -> None:
        tx, told = self._tx, tapped.told
        if mute := outcome.mute:
            make_mute(tx, mute)
            self._muted.append((mute.kind, mute.subject))
        if outcome.unmute:
            end_mute(self._desk, *outcome.unmute)
            self._muted.append(outcome.unmute)
        if outcome.take_back:
            tx.feedback.take_back(outcome.take_back, told.topic, told.story)
        if outcome.feedback:
            tx.feedback.add(
                outcome.feedback,
                ring=told.alert,
                topic=told.topic,
                story=told.story,
                channel=next(iter(self._channels), ""),
                person=tapped.person.id,
                name=tapped.person.name,
                now=self._now,
            )

    def _buttons(self, alert: int) -> Keyboard:
        row = self._tx.alerts.get(alert)
        return keyboard_of(self._tx, [row], self._now, self._zone) if row else ()

    def _changes(self, *alerts: int) -> tuple[Change, ...]:
        """Return what these alerts' messages show now, and those that show what was (un)muted."""
        rings = (*alerts, *rings_about(self._tx, self._muted))
        return tuple(changes(self._tx, rings, self._now, self._zone))

    def _sources(self, story: int) -> Lines:
        accounts = self._tx.stories.accounts(story)
        return answers.source_lines(story, accounts, self._now, self._zone)

    # -- commands --------------------------------------------------------------------------------

    def _answer(self, command: Command) -> Lines:
        known: dict[str, Callable[[], Lines]] = {
            "status": lambda: answers.status_lines(self._health(), self._now),
            "recent": lambda: answers.recent_lines(self._recent(), self._now, self._zone),
            "topics": lambda: answers.topic_lines(self._topics(), self._now, self._zone),
            "mute": lambda: self._mute(command),
            "unmute": lambda: self._unmute(command),
            "explain": lambda: self._explain(command),
            "help": answers.help_lines,
            "start": answers.help_lines,
        }
        answer = known.get(command.name)
        return answer() if answer else answers.help_lines(f"There is no /{command.name}.")

    def _health(self) -> Health:
        found = self._tx.status(self._now - DAY, lost_since=self._now - LOST)
        return Health(
            feeds=found.feeds,
            failing=found.feeds_failing,
            last_good=found.last_success,
            entries_day=found.recent_entries,
            stories_day=found.recent_stories,
            alerts_day=found.recent_alerts,
            replies_day=found.recent_replies,
            sent=found.deliveries[State.SENT],
            waiting=found.deliveries[State.PENDING],
            dead=found.deliveries[State.DEAD],
            lost=found.lost,
            mutes=len(self._tx.mutes.current(self._now)),
        )

    def _recent(self) -> Iterator[Recent]:
        rows = self._tx.alerts.latest(limit=RECENT)
        leads = self._tx.entries.by_numbers([row.lead for row in rows])
        for row in rows:
            topic = self._watch.topics.get(row.topic)
            url = leads[row.lead].entry.url if row.lead in leads else ""
            name = topic.name if topic else row.topic
            yield Recent(row.created, row.title, url, name, row.story, row.action)

    def _topics(self) -> Iterator[Watched]:
        counts = self._tx.alerts.counts(self._now - DAY)
        for topic in self._watch.settings.topics:
            muted = self._tx.mutes.get(MuteKind.TOPIC, topic.id, self._now)
            yield Watched(
                topic.id, topic.name, Priority(topic.priority), counts.get(topic.id, 0), muted
            )

    def _mute(self, command: Command) -> Lines:
        replied = self._replied_stories(command)
        if not command.text and not replied:
            mutes = self._tx.mutes.current(self._now)
            return answers.mute_lines(mutes, self._now, self._zone)
        wish = self._wish(command.text, replied)
        made = add_mute(self._desk, wish.kind, wish.subject, wish.until, command.person.name)
        self._muted.append((made.kind, made.subject))
        return answers.muted_lines(made, self._now, self._zone)

    def _unmute(self, command: Command) -> Lines:
        replied = self._replied_stories(command)
        if command.text.casefold() == "all":
            return self._unmute_all()
        if not command.text and not replied:
            raise UsageError("say what: /unmute topic NAME, /unmute story 12, or /unmute all")
        wish = self._wish(command.text, replied)
        kind, subject, released = remove_mute(self._desk, wish.kind, wish.subject)
        self._muted.append((kind, subject))
        was_muted = released is not None
        return answers.unmuted_lines(kind, subject, changed=was_muted, released=released or 0)

    def _unmute_all(self) -> Lines:
        mutes, _ = clear_mutes(self._desk)
        self._muted += [(mute.kind, mute.subject) for mute in mutes]
        return answers.said(f"🔔 Ended {plural(len(mutes), 'mute')}.")

    def _wish(self, text: str, replied: Sequence[int]) -> MuteWish:
        """Return what is to be muted; in a reply to an alert, its story may go without saying.

        Raises:
            UsageError: that is not understood.
        """
        own = replied[0] if len(replied) == 1 else None
        if not text and own is not None:
            return MuteWish(MuteKind.STORY, str(own))
        topics = [name for one in self._watch.settings.topics for name in (one.id, one.name)]
        complaint = ""
        for reading in (text,) if own is None else (text, f"story {own} {text}"):
            try:
                return parse_wish(reading, self._now, self._zone, topics, self._quiet())
            except ValueError as error:
                complaint = str(error)
        raise UsageError(_of_several(replied) if len(replied) > 1 else complaint)

    def _replied_stories(self, command: Command) -> list[int]:
        """Return the stories of the message that a command replies to: several of a summary."""
        if command.reply_to is None:
            return []
        found = (self._stories_in(channel, str(command.reply_to)) for channel in self._channels)
        return next(filter(None, found), [])

    def _stories_in(self, channel: str, message: str) -> list[int]:
        """Return the stories that a message of a channel tells, none if it is none of ours."""
        alerts = self._tx.alerts.of_message(channel, message)
        return list(dict.fromkeys(story for _, story in self._tx.alerts.threads(alerts).values()))

    def _explain(self, command: Command) -> Lines:
        text = command.text[:_LONGEST_TEXT]
        replied = self._replied_stories(command)
        if not text and len(replied) > 1:
            return answers.said(f"{_of_several(replied)}: /explain LINK")
        if not text and replied:
            text = str(self._tx.stories.accounts(replied[0])[0].number)
        if not text:
            return answers.said("Explain what? /explain LINK, or a headline.")
        found = next(iter(self._tx.entries.find(text)), None)
        if found:
            return self._explained(found.entry, found.number, found.assignment)
        if _URL.fullmatch(text):
            return answers.unknown_link(text)
        entry = replace(bare(text), seen=self._now)
        window = self._watch.settings.stories.window
        judged = judge(entry, self._watch.watchlist, self._tx.archive, window=window)
        return self._explained(entry, None, judged.assignment)

    def _explained(self, entry: Entry, number: int | None, placed: Assignment) -> Lines:
        decided = {
            one.topic: (one.action, one.reason)
            for one in (self._tx.alerts.decisions([number]) if number else ())
        }
        labels = self._watch.watchlist.labels
        telling = most_telling(self._watch.watchlist.explain(entry), decided)
        verdicts = (
            Verdict(
                topic=one.topic,
                matched=one.matched,
                reason=one.reason,
                found=[evidence.list for evidence in one.found],
                missing=one.missing,
                decided=decided.get(one.topic),
            )
            for one in telling.shown
        )
        return answers.explain_lines(
            entry, number, placed, verdicts, labels, left_out=telling.left_out
        )


def _of_several(stories: Sequence[int]) -> str:
    named = some_of(list(map(str, stories)), _NAMED)
    return f"that message tells of the stories {named}; say which one"
