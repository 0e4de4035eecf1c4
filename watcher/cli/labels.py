"""What is odd about the labels of an items file: told, and the file is used all the same."""

from typing import TYPE_CHECKING

from watcher.cli.output import one_line
from watcher.cli.streams import remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.config.settings import Settings
    from watcher.service.trials.items import Item

#: What is told of one file: one that was made for other topics has a hundred labels.
MOST_TOLD = 10


def tell_of_labels(items: "Sequence[Item]", settings: "Settings") -> None:
    """Say on standard error which labels no topic has, and which ids stand in a file twice."""
    from watcher.service.trials.items import hardly_meant

    told = list(hardly_meant(items, [topic.id for topic in settings.topics]))
    for one in told[:MOST_TOLD]:
        remark(one_line(one))
    if len(told) > MOST_TOLD:
        remark(f"and {len(told) - MOST_TOLD} more labels or ids like these")
