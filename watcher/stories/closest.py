"""Which story is closest to an entry, given the chances that its members report the same event?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple

from watcher.stories.signature import Member

#: How much the odds of other stories count against the best one: with more, neus.dev gains what
#: uci.dev loses. Twelve compared members at .37 are as good as thirty were at .22.
RIVALRY: Final = 0.37
#: The story's best members that are asked, beside its founder; of one, two, three, five and all of
#: them none made a pairwise F1 that differed by more than .01.
BEST_MEMBERS: Final = 3
#: Keeps the odds of certainty finite.
_TINY: Final = 1e-9


class Link(NamedTuple):
    """The chances that an entry and a member report one event: by their words, by their topic."""

    member: Member
    same: float
    watched: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The closest story, and the chance that it is the entry's."""

    story: int
    chance: float


#: Returns one of the chances of a link.
_Chance = Callable[[Link], float]
by_their_words: Final[_Chance] = attrgetter("same")
by_their_topic: Final[_Chance] = attrgetter("watched")


def closest(stories: Mapping[int, Sequence[Link]], chance: _Chance, rivalry: float) -> Choice:
    """Return the story whose members give the greatest chance, the oldest among equals.

    Args:
        stories: with the links to their members; no story is chosen where none has a chance.
        chance: which of those of a link counts.
        rivalry: how much the odds of the other stories count against it.
    """
    means = {story: _mean(links, chance) for story, links in stories.items()}
    scores = {story: mean for story, mean in means.items() if mean}
    if not scores:
        return Choice(0, 0.0)
    most = max(scores.values())
    story = min(number for number, score in scores.items() if score == most)
    return Choice(story, _against_others(scores, story, rivalry))


def _against_others(scores: Mapping[int, float], story: int, rivalry: float) -> float:
    """Return the chance of one story when an entry belongs to one at most.

    Where many stories look nearly as good, the words say more about a subject than an event.
    """
    odds = {number: chance / (1 + _TINY - chance) for number, chance in scores.items()}
    best = odds.pop(story)
    return best / (1 + best + rivalry * sum(odds.values()))


def _mean(links: Sequence[Link], chance: _Chance) -> float:
    """Return the mean of the best members and the founder, so that one weak link joins nothing."""
    if len(links) == 1:
        return chance(links[0])
    ranked = sorted(links, key=lambda link: (-chance(link), link.member.entry))
    asked = ranked[:BEST_MEMBERS]
    founder = min(links, key=lambda link: link.member.entry)
    if founder not in asked:
        asked.append(founder)
    return sum(map(chance, asked)) / len(asked)
