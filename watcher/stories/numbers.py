"""Numbers, dates and scores that a text names: do those of two texts agree?"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Any, Final

from watcher.stories.days import Dated, Day, share_day
from watcher.stories.vocabulary import table

#: Rounded amounts ("$14.8 billion", "$15 billion") tell the same figure within this share.
TOLERANCE: Final = 0.03
#: What floats may miss a half by.
_EXACTLY: Final = 1 + 1e-9

#: A dollar is written without its country where that is at home.
_DOLLARS: Final = frozenset({"usd", "aud", "cad", "sgd", "hkd"})
_MONEY: Final = frozenset(table("units").values()) - {"%", "bp"}
#: Currencies that are called by their code: "IDR".
_CODES: Final = _MONEY - {"ringgit"}
#: Counts that people round are no less, and multiples of this.
_LEAST_ROUND: Final = 100
_ROUND: Final = 10
#: Of a summary smaller numbers without a unit tell nothing.
_LEAST_COUNT: Final = 10


@dataclass(frozen=True, slots=True)
class Number:
    """An amount and its unit ("%", a currency, or ""); `rounded` ones compare within 3 %.

    Attributes:
        decimal: whether it is written with decimals, as the magnitude "5.0" and no count.
        step: what its last written digit counts, without zeros: 0.1e9 of "3.6 billion", 1e7 of "150
            million"; 0 if nobody knows.
    """

    value: float
    unit: str = ""
    rounded: bool = False
    decimal: bool = field(default=False, compare=False)
    step: float = field(default=0.0, compare=False)

    @property
    def is_measure(self) -> bool:
        """Whether it is a decimal without a unit: the magnitude of an earthquake."""
        return self.decimal and not self.unit

    def equals(self, other: "Number") -> bool:
        """Whether both tell the same figure; a missing unit agrees with any.

        A rounded one is that of which the finer one rounds to the coarser: 14.8 billion and 15
        billion are one figure, 3.6 and 3.7 billion two.
        """
        if self.unit != other.unit and self.unit and other.unit:
            return False
        if self.rounded or other.rounded:
            return self._is_near(other) and self._rounds_to(other)
        return self.value == other.value

    def _is_near(self, other: "Number") -> bool:
        return abs(self.value - other.value) <= TOLERANCE * max(self.value, other.value)

    def _rounds_to(self, other: "Number") -> bool:
        """Whether the finer of two writings rounds to the coarser, or nobody knows."""
        is_known = bool(self.step and other.step)
        half = max(self.step, other.step) / 2
        return not is_known or abs(self.value - other.value) <= half * _EXACTLY


@dataclass(frozen=True, slots=True)
class Numbers:
    """All figures of one text.

    Attributes:
        amounts: plain numbers and amounts, without what is in the other fields.
        dates: the days named, both ends where it is "18-19 June".
        years: 1900 to 2099.
        exact: scores, ranges and times of day, as written.
        dated: the days whose year is written with them.
    """

    amounts: tuple[Number, ...] = ()
    dates: frozenset[Day] = frozenset()
    years: frozenset[int] = frozenset()
    exact: frozenset[str] = frozenset()
    dated: frozenset[Dated] = field(default=frozenset(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.amounts or self.dates or self.years or self.exact)


def tells(number: Number) -> bool:
    """Whether a number in a summary tells something, as "two leaders" does not."""
    return bool(number.unit) or number.value >= _LEAST_COUNT


def are_alike(a: Numbers, b: Numbers) -> bool:
    """Whether two texts name the very same figures in one order, however they write them."""
    if (a.dates, a.years, a.exact) != (b.dates, b.years, b.exact):
        return False
    ours, theirs = ([(one.value, one.unit) for one in of.amounts] for of in (a, b))
    return ours == theirs


def conflict(a: Numbers, b: Numbers, *, roughly: bool = False) -> str:
    """Return in a few words which figures contradict each other, "" if none do.

    Two texts contradict each other when each names a figure of a kind that the other has
    differently; one that only names more does not.

    Args:
        a: the figures of one text.
        b: those of the other.
        roughly: whether a count ("2 dead") is of another kind than a measure ("7.4"), and a round
            number says "about": enough to join two reports, never to keep quiet about one.
    """
    if parted := conflict_beside_amounts(a, b):
        return parted
    left_only, right_only = unmatched(a.amounts, b.amounts)
    for left_number, right_number in product(left_only, right_only):
        if _differ(left_number, right_number, roughly=roughly):
            return f"numbers {shown(left_number)} and {shown(right_number)}"
    return ""


def conflict_beside_amounts(a: Numbers, b: Numbers) -> str:
    """Return the same of days, years, scores and times of day alone."""
    if a.dates and b.dates and not share_day(a.dates, b.dates):
        return f"dates {_some(a.dates)} and {_some(b.dates)}"
    parted: tuple[tuple[str, frozenset[Any], frozenset[Any]], ...] = (
        ("figures", a.exact, b.exact),
        ("years", a.years, b.years),
    )
    for kind, left, right in parted:
        if left and right and left.isdisjoint(right):
            return f"{kind} {_some(left)} and {_some(right)}"
    return ""


def _differ(a: Number, b: Number, *, roughly: bool) -> bool:
    """Whether two unequal amounts tell different figures of one kind."""
    if a.unit != b.unit or not roughly:
        return a.unit == b.unit
    return a.is_measure == b.is_measure and not _is_about(a, b) and not _is_about(b, a)


def _is_about(a: Number, b: Number) -> bool:
    """Whether a round number may tell another one roughly: "more than 240 on board", 242."""
    is_round = a.value >= _LEAST_ROUND and a.value % _ROUND == 0
    return is_round and abs(a.value - b.value) <= TOLERANCE * a.value


def in_other_money(a: Numbers, b: Numbers) -> str:
    """Return one amount that is in two currencies, "" if none is: a converted one would differ."""
    for left, right in product(*unmatched(a.amounts, b.amounts)):
        units = {left.unit, right.unit}
        if units <= _MONEY and units - _DOLLARS and left.equals(replace(right, unit=left.unit)):
            return f"numbers {shown(left)} and {shown(right)}"
    return ""


def unmatched(a: Iterable[Number], b: Iterable[Number]) -> tuple[list[Number], list[Number]]:
    """Return what only one side has; an amount in another currency counts as matched."""
    left, right = list(a), list(b)
    return list(beside(left, right)), list(beside(right, left))


def beside(own: Iterable[Number], known: Collection[Number]) -> Iterator[Number]:
    """Yield the amounts that tell another figure than all that are known."""
    return (one for one in own if not any(one.equals(other) for other in known))


def _some(values: frozenset[Any]) -> str:
    first = min(values, key=str)
    return "/".join(map(str, first)) if isinstance(first, tuple) else str(first)


def shown(number: Number) -> str:
    """Return a number as people write it: "46,000,000,000 IDR"."""
    # A decimal is written out where a float has an exponent: "4.6e+10".
    figure = f"{Decimal(f'{number.value:.10g}'):,f}"
    unit = number.unit.upper() if number.unit in _CODES else number.unit
    return f"{figure}{' ' if unit.isalpha() else ''}{unit}"
