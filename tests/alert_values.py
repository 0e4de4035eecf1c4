"""Reports, views and messages for tests of the alerts room."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from watcher.alerts.clean import clean
from watcher.alerts.lines import Line, Role, Span
from watcher.alerts.views import Outgoing, Report, View
from watcher.model import (
    Action,
    Addition,
    Adds,
    Evidence,
    Field,
    Hold,
    News,
    Priority,
    Relation,
    Rule,
)
from watcher.outlets.coverage import Coverage

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
LABELS = {"kim": "Kim Jong Un", "putin": "Vladimir Putin", "arms_deal": "arms deal"}


def evidence(list_name: str, text: str, field: Field, source: str) -> Evidence:
    """Return the evidence that `text` is in `source`, where it first stands."""
    start = source.index(text)
    return Evidence(list_name, text, text, field, start, start + len(text), Rule.EXACT)


def report(
    title: str,
    summary: str = "",
    *,
    found: Iterable[tuple[str, str]] = (),
    minutes_ago: int = 12,
    **changes: Any,
) -> Report:
    """Return a report in which (list, text) pairs were found, wherever they stand."""
    terms = tuple(
        evidence(
            name, text, *((Field.SUMMARY, summary) if text in summary else (Field.TITLE, title))
        )
        for name, text in found
    )
    fields = {term.field for term in terms}
    told = (Field.SUMMARY, summary) if Field.SUMMARY in fields else (Field.TITLE, title)
    values: dict[str, Any] = {
        "number": 1,
        "url": "https://www.antaranews.com/berita/1",
        "outlet": "Antara",
        "language": "id",
        "relation": Relation.NEW,
        "sentence": (told[0], 0, len(told[1])),
        **changes,
    }
    return Report(
        title=title,
        summary=summary,
        time=NOW - timedelta(minutes=minutes_ago),
        evidence=terms,
        **values,
    )


def view(*reports: Report, **changes: Any) -> View:
    """Return an alert of the Kim-Putin topic."""
    values: dict[str, Any] = {
        "topic": "kim-putin-summit",
        "topic_name": "Kim–Putin summit",
        "priority": Priority.HIGH,
        "story": 12,
        "action": Action.ALERT,
        "coverage": covered(*reports),
        "labels": LABELS,
        "zone": JAKARTA,
        "now": NOW,
        **changes,
    }
    return View(reports=reports, **values)


def covered(*reports: Report, **changes: Any) -> Coverage:
    """Return the coverage of reports of as many outlets, each its own publisher."""
    outlets = tuple(f"outlet {number}" for number, _ in enumerate(reports))
    earliest = min(reports, key=lambda one: one.time)
    values: dict[str, Any] = {
        "publishers": outlets,
        "outlets": outlets,
        "languages": tuple(dict.fromkeys(r.language for r in reports if r.language)),
        "first": earliest.outlet,
        "began": earliest.time,
        "times": tuple(sorted(one.time for one in reports)),
        **changes,
    }
    return Coverage(**values)


def outgoing(*views: View, **changes: Any) -> Outgoing:
    """Return a message of one or several views."""
    return Outgoing("a12-desk", views, thread="kim-putin-summit-12", **changes)


#: Any text a feed may give, with the characters that break formats made frequent.
ugly_text = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&\"'`_*[]()\\/…\n\r\t\0 \u202e\u2066\u2069\u200b\u200d\u0301مר中😀🇮🇩"),
    ),
    max_size=25,
)
ugly_urls = st.one_of(
    ugly_text, ugly_text.map("https://x.org/".__add__), st.just("https://x.org/?a=1&b=2")
)


news = st.lists(
    st.builds(
        Addition, st.sampled_from(Adds), st.one_of(ugly_text, st.sampled_from(["09-13", "ru"]))
    ),
    max_size=5,
).map(lambda additions: News(tuple(sorted(additions))))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report whose evidence and sentence may point anywhere."""
    title = draw(st.one_of(ugly_text, ugly_text.map(lambda text: text * 300)))
    summary = draw(st.one_of(ugly_text, ugly_text.map(lambda text: text * 300)))
    place = st.integers(-3, len(summary) + 3)
    terms = draw(st.lists(st.tuples(st.sampled_from(Field), place, place, ugly_text), max_size=2))
    return Report(
        number=draw(st.integers(1, 9)),
        title=title,
        url=draw(ugly_urls),
        outlet=draw(ugly_text),
        language=draw(st.one_of(st.none(), st.sampled_from(["id", "zh-TW", "ar"]), ugly_text)),
        time=NOW + timedelta(seconds=draw(st.integers(-(10**7), 10**4))),
        summary=summary,
        evidence=tuple(
            Evidence(
                draw(st.sampled_from(["kim", '"x"', "arms"])), "x", text, field, a, b, Rule.ROLE
            )
            for field, a, b, text in terms
        ),
        sentence=draw(st.one_of(st.none(), st.tuples(st.sampled_from(Field), place, place))),
        relation=draw(st.sampled_from(Relation)),
        news=draw(st.one_of(st.none(), news)),
    )


coverages = st.builds(
    covered,
    reports(),
    reports(),
    publishers=st.lists(ugly_text, max_size=3).map(tuple),
    official=st.lists(ugly_text, max_size=5).map(tuple),
    speakers=st.lists(ugly_text, max_size=5).map(tuple),
)
views = st.builds(
    view,
    reports(),
    reports(),
    coverage=coverages,
    topic_name=ugly_text,
    action=st.sampled_from([Action.ALERT, Action.REPLY]),
    priority=st.sampled_from(Priority),
    labels=st.dictionaries(st.sampled_from(["kim", "arms"]), ugly_text),
    reader_languages=st.lists(st.sampled_from(["id", "zh", "ar"])).map(tuple),
    opening=ugly_text,
)
messages = st.builds(
    lambda several, hold, repeat: outgoing(*several, hold=hold, possible_repeat=repeat),
    st.lists(views, min_size=1, max_size=2),
    st.one_of(st.none(), st.sampled_from(Hold)),
    st.booleans(),
)

spans = st.builds(
    Span,
    ugly_text.map(clean),
    bold=st.booleans(),
    italic=st.booleans(),
    code=st.booleans(),
    href=st.sampled_from(["", "", "https://x.org/?a=1&b=2"]),
)
lines = st.builds(
    lambda role, spans, gap: Line.of(role, *spans, gap=gap),
    st.sampled_from(Role),
    st.lists(spans, min_size=1, max_size=4),
    st.booleans(),
)
