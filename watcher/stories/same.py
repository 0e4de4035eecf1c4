"""Is it the same event, told in other words or with something new?"""

from watcher.stories.features import Overlap
from watcher.stories.weigh import story_model


def story_chance(terms: Overlap) -> float:
    """Return 0-1 how surely two entries of one language report one event."""
    return story_model().chance(terms)
