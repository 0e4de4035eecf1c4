"""What a message tells: its rings as the channel shows them, by the configuration in force."""

from collections.abc import Sequence
from datetime import datetime

from watcher.alerts.evidence import headline_text
from watcher.alerts.route import read_languages
from watcher.alerts.views import Keyboard, Outgoing, View, choose_report
from watcher.config.channels import ChannelTable
from watcher.model import Action
from watcher.outlets.coverage import coverage
from watcher.service.delivery.alert_buttons import keyboard_of
from watcher.service.delivery.holding import priority_now
from watcher.service.in_force.watch import Watch
from watcher.storage.database import Transaction
from watcher.storage.rows import Claimed, RingView


def compose(
    tx: Transaction, claimed: Claimed, watch: Watch, now: datetime, *, has_buttons: bool
) -> Outgoing:
    """Return a claimed message, or what it shows after its edit, for its sender.

    Args:
        tx: a transaction.
        claimed: the message.
        watch: the configuration in force.
        now: the present time.
        has_buttons: somebody listens to what buttons say.
    """
    rings = [tx.alerts.view(alert, claimed.channel) for alert in claimed.alerts]
    table = watch.settings.channels.get(claimed.channel)
    is_limited = table is not None and table.most_updates == 1
    keyboard: Keyboard = ()
    if has_buttons and table and table.telegram and table.telegram.interactive:
        keyboard = keyboard_of(tx, rings, now, watch.settings.watcher.zone)
    return Outgoing(
        key=f"{tx.instance}-{claimed.key}",
        views=tuple(_view(ring, watch, claimed.shown or now, table) for ring in rings),
        hold=claimed.hold,
        possible_repeat=claimed.maybe_sent,
        reply_to=claimed.reply_to,
        thread=f"{tx.instance}-{claimed.thread}",
        is_echo=claimed.is_echo,
        keyboard=keyboard,
        is_last=is_limited and len(rings) == 1 and rings[0].action is Action.REPLY,
    )


def _view(ring: RingView, watch: Watch, now: datetime, channel: ChannelTable | None) -> View:
    """Return a ring as a message to a channel shows it."""
    topic = watch.topics.get(ring.topic)
    settings = watch.settings.watcher
    languages = read_languages(channel.only if channel else None, settings.languages)
    return View(
        topic=ring.topic,
        topic_name=topic.name if topic else ring.topic,
        priority=priority_now(watch, ring),
        story=ring.story,
        action=ring.action,
        reports=ring.reports,
        others=ring.others,
        follows=ring.follows,
        coverage=coverage(ring.accounts, watch.publishers),
        labels=watch.watchlist.labels,
        zone=settings.zone,
        now=now,
        reader_languages=languages,
        opening=_opening(ring, languages),
    )


def _opening(ring: RingView, languages: Sequence[str]) -> str:
    """Return the headline that the thread's alert went out with."""
    return headline_text(choose_report(ring.openings, languages)) if ring.openings else ""
