"""What the watchlist found, as JSON and back."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from watcher.model import Evidence, Field, Match, Rule


def evidence_to_json(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return evidence as JSON values, with the names of the model."""
    return [asdict(item) for item in evidence]


def evidence_from_json(stored: Iterable[dict[str, Any]] | None) -> tuple[Evidence, ...]:
    """Return stored evidence; nothing stored means that nothing was found."""
    return tuple(_evidence(item) for item in stored or ())


def match_from_json(
    topic: str, evidence: Iterable[dict[str, Any]], sentence: tuple[str, int, int]
) -> Match:
    """Return a stored match."""
    field, start, end = sentence
    return Match(topic, evidence_from_json(evidence), (Field(field), start, end))


def _evidence(item: dict[str, Any]) -> Evidence:
    return Evidence(**{**item, "field": Field(item["field"]), "rule": Rule(item["rule"])})
