"""`watcher send-test CHANNEL`: one sample alert through a channel, to see that it arrives."""

import asyncio
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from watcher.alerts.senders import make_sender
from watcher.alerts.views import Outgoing, Report, View
from watcher.cli.config import config_option, load_or_exit
from watcher.cli.output import json_option, print_json
from watcher.cli.state import demand_channel
from watcher.config.settings import Settings
from watcher.errors import DeliveryError
from watcher.model import Action, Evidence, Field, Priority, Relation, Rule
from watcher.outlets.coverage import Coverage
from watcher.service.in_force.secrets import draw_pipes
from watcher.service.moments import utc_now

TITLE = "Kim Jong Un Temui Putin di Rusia, Apa yang Bakal Dibahas?"
SUMMARY = "This is a test of the channel: you asked for it, no such news was found."
URL = "https://example.org/watcher-test"
TERMS = {"kim": "Kim Jong Un", "putin": "Putin", "meeting": "Temui"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the sample.

    Attributes:
        message: its id at the service, where there is one.
        error: one sentence; None when it was sent.
    """

    channel: str
    kind: str
    message: str | None = None
    error: str | None = None

    def as_text(self) -> str:
        """Return a sentence."""
        if self.error:
            return f"not sent to {self.channel} ({self.kind}): {self.error}"
        number = f", message {self.message}" if self.message else ""
        return f"sent to {self.channel} ({self.kind}){number}"


@click.command("send-test")
@click.argument("channel")
@config_option
@json_option
def send_test(channel: str, config: Path | None, *, as_json: bool) -> None:
    """Send a sample alert to one channel."""
    settings = load_or_exit(config)  # of all else `watcher check` warns
    demand_channel(channel, settings)
    outcome = asyncio.run(_send(settings, channel, json_follows=as_json))
    if as_json:
        print_json({**asdict(outcome), "sent": outcome.error is None})
    else:
        click.echo(outcome.as_text(), err=outcome.error is not None)
    sys.exit(1 if outcome.error else 0)


async def _send(settings: Settings, name: str, *, json_follows: bool) -> Outcome:
    channel = settings.channels[name]
    kind = str(channel.kind)
    screen = sys.stderr if json_follows else sys.stdout
    await draw_pipes(channel.secrets())
    sender = make_sender(name, channel, console=screen, clock=utc_now)
    try:
        message = await sender.send(sample(name, settings.watcher.zone, utc_now()))
    except DeliveryError as error:
        return Outcome(name, kind, error=str(error))
    finally:
        await sender.close()
    return Outcome(name, kind, message=message)


def sample(channel: str, zone: ZoneInfo, now: datetime) -> Outgoing:
    """Return an alert that says of itself that it is a test."""
    report = Report(
        number=0,
        title=TITLE,
        url=URL,
        outlet="Watcher test",
        language="id",
        time=now,
        summary=SUMMARY,
        evidence=tuple(_evidence(name, term) for name, term in TERMS.items()),
        sentence=(Field.TITLE, 0, len(TITLE)),
        relation=Relation.NEW,
    )
    view = View(
        topic="test",
        topic_name="TEST: Kim–Putin summit",
        priority=Priority.NORMAL,
        story=0,
        action=Action.ALERT,
        reports=(report,),
        coverage=Coverage(("Watcher test",), ("Watcher test",), ("id",)),
        labels={"kim": "Kim Jong Un", "putin": "Vladimir Putin", "meeting": "meeting"},
        zone=zone,
        now=now,
    )
    key = f"test-{now:%Y%m%dT%H%M%S%f}-{channel}"
    return Outgoing(key=key, views=(view,), thread=key)


def _evidence(name: str, term: str) -> Evidence:
    start = TITLE.index(term)
    return Evidence(name, term, term, Field.TITLE, start, start + len(term), Rule.EXACT)
