"""Entries that are assigned to stories, one after the other."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from watcher.model import Assignment, Entry, Evidence, Field, Match, Reading, Rule
from watcher.stories.archive import MemoryArchive
from watcher.stories.assign import assign
from watcher.stories.signature import Signature, sign

NOON = datetime(2023, 9, 12, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
FERRY = (
    "Ferry fire off Sulawesi coast kills 12 people",
    "Twelve die as ferry burns off the Sulawesi coast",
    "Sulawesi ferry fire: captain of burnt ferry arrested",
    "Bank keeps its benchmark rate at 5.75 percent",
    "Persib beat Arema 2-1 in Bandung",
)


def signed(
    title: str, hours: float = 0, outlet: str = "", reading: Reading | None = None
) -> Signature:
    """Sign an entry of some hours after noon."""
    return sign(Entry("x", title, NOON + timedelta(hours=hours), outlet=outlet), reading)


def read(topic: str, *lists: str, language: str | None = None) -> Reading:
    """Return what a topic found by these lists, in the title."""
    evidence = tuple(Evidence(name, name, name, Field.TITLE, 0, 1, Rule.EXACT) for name in lists)
    return Reading(language, evidence, (Match(topic, evidence, (Field.TITLE, 0, 1)),))


def replay(signatures: Sequence[Signature]) -> list[Assignment]:
    """Assign entries one after the other, each to the stories of those before."""
    archive, made = MemoryArchive(), []
    for number, signature in enumerate(signatures):
        found = archive.candidates(signature, signature.time - WINDOW)
        decision = assign(signature, found, window=WINDOW)
        story = number if decision.story is None else decision.story
        archive.add(number, story, signature)
        made.append(decision)
    return made


def arms(title: str, hours: float, outlet: str, language: str) -> Signature:
    """Sign a report of arms that North Korea gives Russia."""
    lists = read("arms", "north_korea", "russia", language=language)
    return signed(title, hours, outlet, lists)
