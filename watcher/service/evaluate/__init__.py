"""Score the machinery on labelled items: stories and copies, pairs, topics, alerts."""

from watcher.service.evaluate.alerts import (
    OURS,
    AlertsScore,
    compare_alerts,
    mean_alerts,
)
from watcher.service.evaluate.errors import Mistake, pair_mistakes, story_mistakes
from watcher.service.evaluate.figures import Figure, evaluate_file
from watcher.service.evaluate.floors import Floor, floors, layer
from watcher.service.evaluate.hidden import halved_terms, hidden_terms
from watcher.service.evaluate.languages import (
    LanguageScore,
    LanguagesScore,
    evaluate_languages,
)
from watcher.service.evaluate.order import OrderScore, order_dependence
from watcher.service.evaluate.pairs import PairsScore, evaluate_pairs
from watcher.service.evaluate.run import Tick, copy_groups, replay_items
from watcher.service.evaluate.stories import (
    StoriesScore,
    evaluate_stories,
    score_baselines,
    score_stories,
)
from watcher.service.evaluate.topics import TopicScore, evaluate_topics, mean_topics

__all__ = [
    "OURS",
    "AlertsScore",
    "Figure",
    "Floor",
    "LanguageScore",
    "LanguagesScore",
    "Mistake",
    "OrderScore",
    "PairsScore",
    "StoriesScore",
    "Tick",
    "TopicScore",
    "compare_alerts",
    "copy_groups",
    "evaluate_file",
    "evaluate_languages",
    "evaluate_pairs",
    "evaluate_stories",
    "evaluate_topics",
    "floors",
    "halved_terms",
    "hidden_terms",
    "layer",
    "mean_alerts",
    "mean_topics",
    "order_dependence",
    "pair_mistakes",
    "replay_items",
    "score_baselines",
    "score_stories",
    "story_mistakes",
]
