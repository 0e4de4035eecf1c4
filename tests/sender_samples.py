"""Alerts and channels to send in tests."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alert_values import covered

from watcher.alerts.senders import Sender, make_sender
from watcher.alerts.views import Outgoing, Report, View
from watcher.config.channels import ChannelTable
from watcher.model import Action, Evidence, Field, Priority, Relation, Rule

NOW = datetime(2025, 9, 4, 7, 30, tzinfo=UTC)
TITLE = "Kim Jong Un Temui Putin di Rusia, Apa yang Bakal Dibahas?"


def view(
    title: str = TITLE,
    *,
    priority: Priority = Priority.NORMAL,
    summary: str = "",
    action: Action = Action.ALERT,
) -> View:
    end = min(3, len(title))
    report = Report(
        number=1,
        title=title,
        url="https://www.idxchannel.com/news/1?a=1&b=2",
        outlet="IDX Channel",
        language="id",
        time=NOW,
        summary=summary,
        evidence=(Evidence("kim", "Kim", title[:end], Field.TITLE, 0, end, Rule.EXACT),),
        sentence=(Field.TITLE, 0, len(title)),
        relation=Relation.NEW,
    )
    return View(
        topic="kim-putin",
        topic_name="Kim–Putin summit",
        priority=priority,
        story=7,
        action=action,
        reports=(report,),
        coverage=covered(report),
        labels={"kim": "Kim Jong Un"},
        zone=ZoneInfo("Asia/Jakarta"),
        now=NOW,
    )


def outgoing(title: str = TITLE, **changes: Any) -> Outgoing:
    """Return an alert; some changes go to its view, the rest to the message."""
    of_view = ("priority", "summary", "action")
    view_changes = {key: changes.pop(key) for key in of_view if key in changes}
    message = Outgoing(key="a12-desk", views=(view(title, **view_changes),), thread="kim-putin-7")
    return replace(message, **changes)


def sender(
    channel: Mapping[str, Any], *, name: str = "desk", console: io.StringIO | None = None
) -> Sender:
    """Return the sender of a channel as a TOML file would give it."""
    table = ChannelTable.model_validate(channel)
    return make_sender(name, table, console=console or io.StringIO(), clock=lambda: NOW)
