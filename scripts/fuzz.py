"""Throw things at what reads the outside world, for some minutes each, and say what broke.

    python scripts/fuzz.py [--minutes 10] [TARGET...]      # all targets without one: `make fuzz`

A finding is printed as the smallest input that shows it, with the seed that repeats the run; the
exit code is 1 then. The targets are in tests/fuzz_targets.py.
"""

import argparse
import sys
import time
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fuzz_targets import TARGETS

#: Inputs between two looks at the clock.
AT_ONCE = 500


def main() -> int:
    """Run the targets named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target (10)")
    parser.add_argument("--seed", type=int, help="of the first round, to repeat one")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - TARGETS.keys():
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    first = int(time.time()) if asked.seed is None else asked.seed
    broken = [not fuzz(name, asked.minutes * 60, first) for name in asked.targets or TARGETS]
    return int(any(broken))


def fuzz(name: str, seconds: float, first: int) -> bool:
    """Throw things at a target until the time is over; whether nothing was found."""
    start = time.monotonic()
    for number in count(first):
        try:
            _one_round(name, number)
        except Exception as error:  # noqa: BLE001 - a finding is any error at all
            print(f"{name}: seed {number}: {type(error).__name__}: {error}", flush=True)
            print("\n".join(getattr(error, "__notes__", [])), flush=True)
            return False
        if time.monotonic() - start >= seconds:
            inputs = (number - first + 1) * AT_ONCE
            print(f"{name}: nothing found in {inputs:,} inputs, {seconds / 60:g} min", flush=True)
            return True
    return True


def _one_round(name: str, number: int) -> None:
    holds, strategies = TARGETS[name]
    limits = settings(
        max_examples=AT_ONCE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )

    def run(values: tuple[object, ...]) -> None:
        holds(*values)

    seed(number)(limits(given(st.tuples(*strategies))(run)))()


if __name__ == "__main__":
    sys.exit(main())
