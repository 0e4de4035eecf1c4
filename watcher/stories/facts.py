"""What two entries name in common, or each for itself: figures, days, measures, people, places."""

import re
from collections.abc import Iterable
from typing import Final

from watcher.stories.act_kinds import BLIND, VICTIMS
from watcher.stories.cast import have_in_common, with_countries
from watcher.stories.days import share_day
from watcher.stories.numbers import Number, beside
from watcher.stories.signature import Signature

#: Agencies measure one earthquake a little differently, and correct themselves: 5.2, then 5.4.
_ONE_MEASURE: Final = 0.35
#: How languages call the magnitude of an earthquake, folded. By hand, by no native speaker yet.
_STRENGTH: Final = (
    r"magnitud\w*|магнитуд\w*|магнітуд\w*|starke|(?:ber)?kekuatan|buyuklu\w*|voimakkuu\w*"
    r"|đo lon|μεγεθο\w*|بقوة|قوته|شدته|بزرگی|तीव्रता|रिक्टर|マグニチュード|级|級|规模|規模|규모"
    r"|(?<!\w)(?:erosseg\w*|grados|kracht|measur\w*|richter\w*|ριχτερ|siddet\w*|sile)"
)
#: One fraction of a summary that is a magnitude: others are hours, distances and years in prison.
_MAGNITUDE: Final = re.compile(
    rf"(?:{_STRENGTH}|(?<![a-z])m(?![a-zđ]))[^\d.。]{{0,20}}(\d[.,]\d)(?!\d|\s?(?:km|mi|m(?!\w)))"
    rf"|(?<![\d.,])(\d[.,]\d)(?:\sđo|-[eo]s)?[\s-]?(?:{_STRENGTH})(?!\d)"
)
#: Small counts agree by chance; decimal fractions do not.
_LEAST_FIGURE: Final = 100
#: Unless both are of one act, that few titles of a topic tell: 67 on board of what crashed.
_LEAST_COUNT: Final = 10


def counts_more(numbers: Iterable[Number], early: Signature) -> bool:
    """Whether one of these numbers is not among an earlier entry's."""
    return next(beside(numbers, early.all_amounts), None) is not None


def shares_figure(a: Signature, b: Signature) -> bool:
    """Whether both name an equal figure that is no small count."""
    return any(x.equals(y) for x in figures(a) for y in figures(b))


def shares_count(a: Signature, b: Signature) -> bool:
    """Whether both titles name an equal count that is not tiny: of those on board."""
    ours, theirs = a.numbers.amounts, b.numbers.amounts
    return any(x.value >= _LEAST_COUNT and any(map(x.equals, theirs)) for x in ours)


def in_other_measures(a: Signature, b: Signature) -> bool:
    """Whether both name a bare decimal fraction, and none that is nearly the other's.

    The title of a quake may leave its magnitude to the summary: "Second quake hits Leyte".
    """
    ours, theirs = _measures(a), _measures(b)
    return bool(ours and theirs) and min(abs(x - y) for x in ours for y in theirs) > _ONE_MEASURE


def in_other_casts(a: Signature, b: Signature) -> bool:
    """Whether both titles tell of somebody or somewhere that is known, and of none in common."""
    return bool(a.cast and b.cast) and not have_in_common(a.cast, b.cast)


def shares_cast(a: Signature, b: Signature) -> bool:
    """Whether both titles tell of somebody or somewhere in common that is known."""
    return have_in_common(a.cast, b.cast)


def updates_toll(late: Signature, early: Signature) -> bool:
    """Whether both titles count victims of the same cast, and the later one more of them."""
    ours, theirs = _counts(late), _counts(early)  # quickly told; most titles count nothing
    if not (ours and theirs) or max(ours) <= max(theirs):
        return False
    if VICTIMS.isdisjoint(late.acts.told & early.acts.told):
        return False
    return shares_cast(late, early)


def counts_on(a: Signature, b: Signature) -> bool:
    """Whether the later one counts more victims of what nobody does: of a crash or a quake.

    Nor does either name somebody whom the other does not. Attacks of one war have one cast.
    """
    early, late = sorted((a, b), key=lambda one: one.hour)
    ours, theirs = with_countries(late.cast), with_countries(early.cast)
    if not (ours <= theirs or theirs <= ours):
        return False
    return updates_toll(late, early) and _are_of_one_accident(late, early)


def _are_of_one_accident(late: Signature, early: Signature) -> bool:
    """Whether both tell of one quake, or of a crash of the same: planes, trains and plants crash.

    A title that only says that a toll rises need not say again of what. A flood and a landslide are
    quakes by the act as well: their subjects may not part them.
    """
    blind = BLIND & late.acts.named & early.acts.named
    if not late.subjects.keys().isdisjoint(early.subjects):
        return bool(blind)
    if "quake" in blind:
        return not (late.subjects and early.subjects)
    return bool(blind) and "raise" in late.acts.named and not late.subjects


def shares_fact(a: Signature, b: Signature) -> bool:
    """Whether both name an equal figure or the same day."""
    return shares_figure(a, b) or shares_day(a, b)


def shares_day(a: Signature, b: Signature) -> bool:
    """Whether both name the same day."""
    return share_day(a.all_days, b.all_days)


def figures(signature: Signature) -> list[Number]:
    """Return the amounts that title and summary name, without small counts."""
    return [n for n in signature.all_amounts if n.unit or n.value >= _LEAST_FIGURE or n.is_measure]


def _counts(signature: Signature) -> list[float]:
    return [n.value for n in signature.numbers.amounts if not (n.unit or n.is_measure)]


def _measures(signature: Signature) -> list[float]:
    told = [n.value for n in signature.numbers.amounts if n.is_measure]
    if told or "quake" not in signature.acts.told:
        return told
    found = _MAGNITUDE.findall(signature.summary)
    return [float((late or early).replace(",", ".")) for early, late in found]
