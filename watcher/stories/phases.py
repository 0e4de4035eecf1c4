"""Is what two texts tell done, still to come, or behind them? Phases of one act, by acts alone."""

from watcher.stories.act_kinds import HARM, HARMFUL, OUTCOMES, SAID_OF_ANOTHER
from watcher.stories.acts import Acts


def is_aftermath(a: Acts, b: Acts) -> bool:
    """Whether one tells what came after the other: "leaves after talks" after "met".

    What it tells may be no act that we know. What came of a meeting is told with it.
    """
    return _is_outlived(a, b) or _is_outlived(b, a)


def in_other_phases(a: Acts, b: Acts) -> bool:
    """Whether one tells as done, or as what came before, what the other has still to come."""
    return _is_ahead(a, b) or _is_ahead(b, a)


def came_after(early: Acts, late: Acts) -> bool:
    """Whether what one text tells of lies behind in the other: a signing "after talks"."""
    return not early.done.isdisjoint(late.over - late.done)


def act_overlap(a: Acts, b: Acts, but: frozenset[str] = frozenset()) -> float:
    """Return 0-1, how many of the acts that they name are common; those in `but` do not count."""
    passed_over = but | SAID_OF_ANOTHER
    ours, theirs = a.named - passed_over, b.named - passed_over
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 0.0


def in_other_acts(a: Acts, b: Acts, but: frozenset[str] = frozenset()) -> bool:
    """Whether both name acts beside those in `but`, and none in common."""
    ours, theirs = a.named - but, b.named - but
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _is_outlived(early: Acts, late: Acts) -> bool:
    behind = (early.done & late.over) - late.done
    if late.told <= HARM:
        behind -= HARMFUL
    return bool(behind) and OUTCOMES.isdisjoint(late.done)


def _is_ahead(late: Acts, early: Acts) -> bool:
    """Whether one act is past here and planned there; what a text tells as both tells nothing."""
    return not (late.past - late.planned).isdisjoint(early.planned - early.past)
