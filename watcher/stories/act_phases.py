"""Which acts of a text are still to come, and which are over: by the marks that stand near them."""

import re
from collections.abc import Iterator
from typing import Final

from watcher.model import Evidence
from watcher.stories.act_kinds import ONCE_A_DAY, SET_FOR_A_DAY
from watcher.stories.act_lists import AFTER, BEFORE, BORDER, FUTURE, PREFIX, SOON, Grammar
from watcher.stories.guards import tense
from watcher.stories.words import fold

#: Characters between a mark of the future and the act: "Putin to travel to Pyongyang for talks".
_FUTURE_REACH: Final = 30
#: Where the verb ends the clause: "will Putin noch vor dem Winter in Oslo treffen".
_BRACKET_REACH: Final = 90
#: How the infinitives of such a language end, unlike what is done or was done.
_INFINITIVE: Final = "n"
#: Between "after" and the act: "after the long-awaited summit".
_AFTER_REACH: Final = 20
#: Further than any mark reaches.
_FAR: Final = 1000
#: Of these three points alone are no end: what stands behind them may be when, and nothing else.
_PAUSE: Final = re.compile(r"\s?(?:\.{2,}|…+)\s?")


def planned_and_over(
    text: str, acts: list[Evidence], marks: list[Evidence], grammar: Grammar
) -> tuple[set[int], set[int]]:
    """Return which acts of a text are still to come, and which are the background of it."""
    planned, over = _marked(text, acts, marks, grammar)
    planned |= _named_again(text, acts, planned) - over
    if not planned and tense(fold(text)) > 0:
        planned = set(range(len(acts))) - over
    return planned, over


def _marked(
    text: str, acts: list[Evidence], marks: list[Evidence], grammar: Grammar
) -> tuple[set[int], set[int]]:
    """Return which acts are still to come, and which are over: of two marks the nearer one says."""
    soon: dict[int, int] = {}
    # "Next week" stands before the verb where "plans to" stands behind it.
    turned, plain = Grammar(behind=frozenset({SOON})), Grammar()
    for name, order in ((FUTURE, grammar), (BEFORE, grammar), (SOON, turned), (SOON, plain)):
        for place, gap in _gaps(text, acts, marks, name, order).items():
            soon[place] = min(gap, soon.get(place, gap))
    soon.update(dict.fromkeys((*_ending_so(acts, grammar), *_before_pause(text, acts, marks)), 0))
    over = _gaps(text, acts, marks, AFTER, grammar)
    later = {place for place, gap in over.items() if gap < soon.get(place, _FAR)}
    return soon.keys() - later, later


def _named_again(text: str, acts: list[Evidence], planned: set[int]) -> set[int]:
    """Return the further mentions of what is planned: "to meet him on Friday for summit talks".

    What is done on and on may be both, in two clauses: "threatens to strike, strikes port".
    """
    again: set[int] = set()
    nearest: dict[str, Evidence] = {}  # the last one of each that is planned
    for place in sorted(range(len(acts)), key=lambda place: acts[place].start):
        act = acts[place]
        first = nearest.get(act.list)
        if first is not None and first.end <= act.start and _goes_on(text, first, act):
            again.add(place)
        if place in planned:
            nearest[act.list] = act
    return again


def _goes_on(text: str, first: Evidence, act: Evidence) -> bool:
    """Whether a further mention is of the same doing, not of another one in the next clause."""
    is_once = act.list.removeprefix(PREFIX) in ONCE_A_DAY
    return is_once or not BORDER.search(text[first.end : act.start])


def _ending_so(acts: list[Evidence], grammar: Grammar) -> list[int]:
    """Return the acts whose verb itself says, by its ending, that it is to come or only said.

    Only where the ending is the text's own, not the term's.
    """
    ends = tuple(grammar.to_come)
    return (
        [
            place
            for place, act in enumerate(acts)
            if act.term.endswith("*") and act.text.casefold().endswith(ends)
        ]
        if ends
        else []
    )


def _before_pause(text: str, acts: list[Evidence], marks: list[Evidence]) -> Iterator[int]:
    """Yield the acts straight before three points that a mark straight behind them puts off.

    "회담...내일": talks, tomorrow. Not where something is done in its own clause: "회담...내일
    귀국", talks, who returns tomorrow.
    """
    for mark in marks:
        if mark.list not in {FUTURE, SOON} or _is_followed(text, mark, acts):
            continue
        for place, act in enumerate(acts):
            is_met = _PAUSE.fullmatch(text[act.end : mark.start])
            if is_met and act.list.removeprefix(PREFIX) in ONCE_A_DAY:
                yield place


def _is_followed(text: str, mark: Evidence, acts: list[Evidence]) -> bool:
    """Whether something is done behind a mark, in its clause."""
    behind = (act.start for act in acts if act.start >= mark.end)
    return any(not BORDER.search(text[mark.end : start]) for start in behind)


def _gaps(
    text: str, acts: list[Evidence], marks: list[Evidence], name: str, grammar: Grammar
) -> dict[int, int]:
    """Return the acts that a mark of the future, or an "after", speaks of, and how near it is."""
    gaps: dict[int, int] = {}
    for mark in (one for one in marks if one.list == name):
        found = {
            place: gap
            for place, act in enumerate(acts)
            if (gap := _gap(text, mark, act, grammar)) is not None
        }
        if name == AFTER and found:  # "after the summit Kim leaves": the leaving is not over
            nearest = acts[min(found, key=lambda place: found[place])].list
            found = {place: gap for place, gap in found.items() if acts[place].list == nearest}
        for place, gap in found.items():
            gaps[place] = min(gap, gaps.get(place, gap))
    return gaps


def _gap(text: str, mark: Evidence, act: Evidence, grammar: Grammar) -> int | None:
    """Return the letters between a mark and an act behind it (before it in some languages).

    None where they are too far apart; 0 where it is part of the act.
    """
    if mark.list == BEFORE and act.list.removeprefix(PREFIX) not in SET_FOR_A_DAY:
        return None
    if mark.start < act.end and act.start < mark.end:
        return 0
    first, second = (act, mark) if mark.list in grammar.behind else (mark, act)
    between = text[first.end : second.start]
    if mark.list != AFTER and act.term in grammar.carried:
        between = between.removesuffix(", ")  # "to visit Oslo, meet farmers"
    if first.end > second.start or len(between) > _BRACKET_REACH:
        return None
    # A character of an unspaced script tells about as much as three letters.
    wide = len(between) if between.isascii() or " " in between else 3 * len(between)
    if wide > _reach(mark, act, grammar) or BORDER.search(between):
        return None
    return wide


def _reach(mark: Evidence, act: Evidence, grammar: Grammar) -> int:
    if mark.list == AFTER:
        return _AFTER_REACH
    is_bracket = mark.term in grammar.brackets and act.text.endswith(_INFINITIVE)
    return _BRACKET_REACH if is_bracket else _FUTURE_REACH
