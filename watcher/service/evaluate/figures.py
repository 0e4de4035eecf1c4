"""One row per figure: ours, its floor, and what the rules of others reach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from watcher.config.settings import Settings
from watcher.service.evaluate.floors import Floor, floors, layer
from watcher.service.evaluate.metrics import GroupingScore
from watcher.service.evaluate.pairs import PairsScore, evaluate_pairs
from watcher.service.evaluate.run import Tick
from watcher.service.evaluate.stories import evaluate_stories
from watcher.service.trials.items import is_pairs_file, read_items, read_pairs

#: Pairs files that test false merges alone are counted, not scored: the share of copies in them
#: is none of any stream's.
_COUNTED: Final = "lookalikes"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on one file, and the same of the rules of others."""

    file: str
    name: str
    value: float
    floor: Floor | None
    baselines: Mapping[str, float]

    @property
    def holds(self) -> bool | None:
        """Whether the floor is reached; None where there is none."""
        return None if self.floor is None else self.floor.holds(self.value)


def evaluate_file(file: Path, settings: Settings, tick: Tick, *, baselines: bool) -> list[Figure]:
    """Return the figures of a file of labelled items or pairs; none if it has no labels."""
    if is_pairs_file(file):
        rows = _of_pairs(file, settings, baselines=baselines)
    else:
        rows = _of_items(file, settings, tick, baselines=baselines)
    asked = floors(file)
    return [Figure(file.name, name, value, asked.get(name), others) for name, value, others in rows]


_Row = tuple[str, float, Mapping[str, float]]


def _of_items(file: Path, settings: Settings, tick: Tick, *, baselines: bool) -> Iterator[_Row]:
    items = read_items(file)
    if all(item.cluster is None for item in items):
        return
    score = evaluate_stories(items, settings, tick, baselines=baselines)
    of = layer(file)
    groupings = {"": score.copies if of == "copies" else score.stories, **score.baselines}
    for measure in ("pairwise F1", "BCubed F1"):
        values = {name: _measured(grouping, measure) for name, grouping in groupings.items()}
        yield f"{of}: {measure}", values.pop(""), values


def _measured(grouping: GroupingScore, measure: str) -> float:
    return (grouping.bcubed if measure.startswith("BCubed") else grouping.pairwise).f1


def _of_pairs(file: Path, settings: Settings, *, baselines: bool) -> Iterator[_Row]:
    score = evaluate_pairs(read_pairs(file), settings, baselines=baselines)
    if not score.pairs:
        return
    measure = _counted if file.name.startswith(_COUNTED) else _scored
    measured = {name: measure(one) for name, one in {"": score, **score.baselines}.items()}
    for figure in measured[""]:
        values = {name: of[figure] for name, of in measured.items()}
        yield figure, values.pop(""), values


def _scored(score: PairsScore) -> dict[str, float]:
    return {"copy: F1": score.copy.f1, "copy or same: F1": score.copy_or_same.f1}


def _counted(score: PairsScore) -> dict[str, float]:
    names = {
        "different called copy": "different",
        "updates called copy": "same",
        "copies found": "copy",
    }
    return {name: score.confusion.get((gold, "copy"), 0) for name, gold in names.items()}
