"""Words of a service made fit for an error sentence: one short line, without secrets."""

import re
from collections.abc import Iterable

from watcher.alerts.clean import clean as visible

#: Long enough for any service's own sentence, short enough for a status table.
MAX_LENGTH = 300

_BOT_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")


def clean(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text on one line, cut to `MAX_LENGTH`, each secret and bot token as ***."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    text = visible(_BOT_TOKEN.sub("***", text))
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"
