"""The same feeds polled by `reader` (PyPI); run by a Python that has it.

    python reader_side.py FOLDER URLS.json

Each line on standard input begins a round; the answer is what it took.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import reader  # type: ignore[import-not-found]
import requests
from usage import cpu_s, pss_mb

#: Its own recommendation for many feeds; with more the lock of Python is what is waited for.
WORKERS = 10


def main() -> None:
    """Poll at each line."""
    folder, urls = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    _trust(str(folder / "authority.pem"))
    made = reader.make_reader(str(folder / "reader.db"))
    for url in urls:
        made.add_feed(url)
    print(json.dumps({"version": reader.__version__}), flush=True)
    warnings.simplefilter("ignore")  # about each document that it cannot read, at each poll
    for _ in sys.stdin:
        print(json.dumps(_round(made)), flush=True)


def _trust(authority: str) -> None:
    """Let its sessions trust the server; it heeds no REQUESTS_CA_BUNDLE."""
    original = requests.Session.__init__

    def init(self: requests.Session) -> None:
        original(self)
        self.verify = authority

    requests.Session.__init__ = init  # type: ignore[method-assign]


def _round(made: Any) -> dict[str, Any]:
    cpu, started = cpu_s(), time.perf_counter()
    results = list(made.update_feeds_iter(workers=WORKERS, scheduled=False))
    failed = [result for result in results if isinstance(result.value, Exception)]
    new = sum(r.value.new for r in results if r.value and not isinstance(r.value, Exception))
    wall, cpu = time.perf_counter() - started, cpu_s() - cpu
    for result in failed:  # what it cannot read is left out of the comparison from here on
        made.delete_feed(result.url)
    return {
        "refused": [result.url for result in failed],
        "polls": len(results),
        "failed": len(failed),
        "new": new,
        "wall_s": wall,
        "cpu_s": cpu,
        "pss_mb": pss_mb(),
    }


if __name__ == "__main__":
    main()
