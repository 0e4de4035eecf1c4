"""The figures that releases are held to, by the name of the labelled file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

#: What the `cluster` of a file stands for: a story, or a set of copies.
Layer = Literal["stories", "copies"]


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure must reach; `at_most`: what it must not exceed."""

    value: float
    at_most: bool = False

    def holds(self, value: float) -> bool:
        """Whether a figure reaches it."""
        return value <= self.value if self.at_most else value >= self.value


#: Set -> figure -> floor. A set is known by its file's name up to the first point, so that each
#: of its halves is held to the same, or by the name of its folder.
FLOORS: Final = {
    "wirepool": {"copies: pairwise F1": Floor(0.955), "copies: BCubed F1": Floor(0.99)},
    "uci": {"stories: BCubed F1": Floor(0.63)},
    "ecbplus": {"stories: BCubed F1": Floor(0.74)},
    "basil": {"stories: BCubed F1": Floor(0.93)},
    "neus": {"stories: BCubed F1": Floor(0.75)},
    "allsides2021": {"stories: BCubed F1": Floor(0.80)},
    "wirepool_pairs": {"copy: F1": Floor(0.76), "copy or same: F1": Floor(0.83)},
    "id_pairs": {"copy: F1": Floor(0.85), "copy or same: F1": Floor(0.85)},
    "lookalikes": {
        "different called copy": Floor(2, at_most=True),
        "updates called copy": Floor(3, at_most=True),
        "copies found": Floor(8),
    },
    "topics": {
        "alerts": Floor(1.5, at_most=True),
        "rings": Floor(1.9, at_most=True),
        "untold": Floor(0.02, at_most=True),
        "F1 of kim-putin-summit": Floor(0.95),
        "F1 of nk-russia-arms": Floor(0.90),
    },
}


def floors(file: Path) -> dict[str, Floor]:
    """Return what is asked of the figures on a file; nothing for files that nobody knows."""
    whole = file.resolve()
    own = FLOORS.get(whole.name.partition(".")[0])
    return own if own is not None else FLOORS.get(whole.parent.name, {})


def layer(file: Path) -> Layer:
    """Return what the `cluster` of a file stands for, as far as its floors tell."""
    return "copies" if any(name.startswith("copies") for name in floors(file)) else "stories"
