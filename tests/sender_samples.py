"""Alerts and channels to send in tests."""

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import alert_values
from alert_values import NOW
from mail_server import MailServer

from watcher.alerts.senders import Sender, make_sender
from watcher.alerts.views import Outgoing, View
from watcher.config.channels import ChannelTable
from watcher.model import Priority

TITLE = "Kim Jong Un Temui Putin di Rusia, Apa yang Bakal Dibahas?"


def view(title: str = TITLE, *, summary: str = "", **changes: Any) -> View:
    """Return an alert of an entry whose title begins with a term, and whose link has an `&`."""
    url = "https://www.idxchannel.com/news/1?a=1&b=2"
    told = alert_values.report(title, summary, found=[("kim", title[:3])], url=url)
    return alert_values.view(told, **{"priority": Priority.NORMAL, **changes})


def outgoing(title: str = TITLE, **changes: Any) -> Outgoing:
    """Return an alert; some changes go to its view, the rest to the message."""
    of_view = ("priority", "summary", "action")
    view_changes = {key: changes.pop(key) for key in of_view if key in changes}
    return replace(alert_values.outgoing(view(title, **view_changes)), **changes)


def sender(
    channel: Mapping[str, Any], *, name: str = "desk", console: io.StringIO | None = None
) -> Sender:
    """Return the sender of a channel as a TOML file would give it."""
    table = ChannelTable.model_validate(channel)
    return make_sender(name, table, console=console or io.StringIO(), clock=lambda: NOW)


def mailbox(server: MailServer | str, **table: Any) -> Sender:
    """Return a channel to mailboxes of a server."""
    url = server if isinstance(server, str) else server.url
    return sender(
        {
            "email": {
                "server": url,
                "from": "watcher@example.org",
                "to": ["ana@example.org"],
                "tls": False,
                **table,
            }
        },
        name="mail",
    )
