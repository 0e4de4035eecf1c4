"""Named places at which a test may kill the process, to prove that nothing is lost there.

`WATCHER_FAILPOINT=after_send:2` kills the process (SIGKILL, as a power cut would) the second time
it comes by. Every name stands in FAILPOINTS, and the suite has a crash test for each.
"""

import os
import signal
from collections import Counter

FAILPOINTS = frozenset(
    {
        "before_commit",  # a poll is judged, nothing is stored
        "after_commit",  # stored, nothing is sent
        "after_lease",  # about to send
        "after_send",  # sent, not recorded
        "before_record",  # recorded, but not for good
        "after_record",
    }
)

_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Die here if the environment says so."""
    wanted = os.environ.get("WATCHER_FAILPOINT")
    if not wanted:
        return
    target, _, hit = wanted.partition(":")
    _passed[name] += name in FAILPOINTS
    if target == name and _passed[name] == int(hit or 1):
        os.kill(os.getpid(), signal.SIGKILL)
