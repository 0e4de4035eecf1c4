"""What the watchlist found, and what an entry adds to its story, as JSON and back."""

from collections.abc import Iterable
from typing import Any

from watcher.model import Addition, Adds, Evidence, Field, Match, News, Rule


def evidence_to_json(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return evidence as JSON values, with the names of the model."""
    return [item._asdict() for item in evidence]


def evidence_from_json(stored: Iterable[dict[str, Any]] | None) -> tuple[Evidence, ...]:
    """Return stored evidence; nothing stored means that nothing was found."""
    return tuple(_evidence(item) for item in stored or ())


def match_from_json(
    topic: str, evidence: Iterable[dict[str, Any]], sentence: tuple[str, int, int]
) -> Match:
    """Return a stored match."""
    field, start, end = sentence
    return Match(topic, evidence_from_json(evidence), (Field(field), start, end))


def news_to_json(news: News | None) -> list[tuple[str, str]] | None:
    """Return what an entry adds as pairs of kind and detail."""
    return None if news is None else [(one.kind, one.detail) for one in news.additions]


def news_from_json(stored: Iterable[tuple[str, str]] | None) -> News | None:
    """Return what an entry was found to add; None where nobody asked."""
    if stored is None:
        return None
    return News(tuple(Addition(Adds(kind), detail) for kind, detail in stored))


def _evidence(item: dict[str, Any]) -> Evidence:
    return Evidence(**{**item, "field": Field(item["field"]), "rule": Rule(item["rule"])})
