"""RSS documents for tests, made of a few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Story:
    """An item of a test feed; `age` is how long ago it was published."""

    title: str
    summary: str = ""
    age: timedelta = timedelta(minutes=5)

    @property
    def slug(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.title.lower())


def rss(outlet: str, stories: Sequence[Story], *, now: datetime | None = None) -> str:
    """Return a feed of an outlet."""
    time = now or datetime.now(UTC)
    items = "".join(_item(story, time - story.age) for story in stories)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(outlet)}</title><link>http://example.org/</link>{items}</channel></rss>"
    )


def _item(story: Story, published: datetime) -> str:
    return (
        f"<item><title>{escape(story.title)}</title><guid>{escape(story.slug)}</guid>"
        f"<link>http://example.org/{escape(story.slug)}</link>"
        f"<description>{escape(story.summary)}</description>"
        f"<pubDate>{format_datetime(published)}</pubDate></item>"
    )
