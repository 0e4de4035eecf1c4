"""What two entries name alike: figures, days, measures, people, tolls."""

from datetime import UTC, datetime, timedelta

from watcher.model import Entry, Reading
from watcher.stories.facts import in_other_measures
from watcher.stories.signature import Signature, sign

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def told(title: str, hours: float = 0) -> Signature:
    return sign(Entry("x", title, NOON + timedelta(hours=hours)), Reading("en", (), ()))


def test_a_magnitude_is_a_measure_though_it_is_whole() -> None:
    assert in_other_measures(told("Gempa M 5,0 guncang Maluku"), told("Gempa M 6,1 guncang Maluku"))
