"""`make test-systemd`: install the built wheel under real systemds, and print what held.

Needs root, systemd-nspawn and mmdebstrap; the Debian roots are built once into .systemd-roots.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from systemd.checks import CHECKS, NEW_VERSION, Check, Trial
from systemd.machine import Machine
from systemd.roots import ROOT, SUITES, build_wheel, root_of, tools_missing

#: Of a failed row: what the machine said last, whatever unit it was.
LAST_WORDS = "journalctl --sync; journalctl --no-pager -o short-precise -n 25"
INSIDE = ("fake_telegram.py", "telegram_http.py", "telegram_rules.py", "systemd/town.py")


def main() -> int:
    """Run every check on every suite; return the exit code."""
    options = _options()
    if os.geteuid() or tools_missing():
        print(f"test-systemd needs root and: apt install {' '.join(tools_missing())}")
        return 2
    options.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="watcher-systemd-") as name:
        folder = Path(name)
        wheel, newer = build_wheel(folder), build_wheel(folder, NEW_VERSION)
        bases = {suite: root_of(suite, options.cache, wheel) for suite in options.suite}
        started = time.monotonic()
        with ThreadPoolExecutor() as side_by_side:
            tries = [
                side_by_side.submit(_try, suite, base, folder, wheel, newer)
                for suite, base in bases.items()
            ]
            failed = sum(one.result() for one in tries)
    checks = len(CHECKS) * len(bases)
    print(f"\n{checks - failed} passed, {failed} failed")
    print(f"in {time.monotonic() - started:.0f} s, the building of roots not counted")
    return int(failed > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make test-systemd", description=__doc__)
    parser.add_argument("--suite", action="append", choices=SUITES, help="only this Debian")
    parser.add_argument("--cache", type=Path, default=ROOT / ".systemd-roots", help="the roots")
    options = parser.parse_args()
    options.suite = options.suite or list(SUITES)
    return options


def _try(suite: str, base: Path, folder: Path, wheel: Path, newer: Path) -> int:
    """Run the checks on one Debian; return how many failed."""
    place = folder / suite
    place.mkdir()
    machine = Machine(base, place)
    shutil.copy(wheel, machine.root / "root")
    (machine.root / "root/newer").mkdir()
    shutil.copy(newer, machine.root / "root/newer")
    for name in INSIDE:
        shutil.copy(ROOT / "tests" / name, machine.root / "srv")
    failed = 0
    with machine:
        version = machine.out("systemctl --version").split("\n", 1)[0]
        print(f"{suite}: {version}, {machine.out('python3 --version')}", flush=True)
        trial = Trial(machine, newer)
        for number, (name, check) in enumerate(CHECKS):
            failed += not _row(suite, name, trial, check)
            if failed > number:  # without the first nothing else can hold
                return len(CHECKS)
    return failed


def _row(suite: str, name: str, trial: Trial, check: Check) -> bool:
    started = time.monotonic()
    try:
        saw, holds = check(trial), True
    except Exception as error:  # noqa: BLE001 - a check that stumbles is a check that failed
        saw, holds = str(error) or repr(error), False
        if not isinstance(error, AssertionError):
            traceback.print_exc(limit=-2)
    seconds = time.monotonic() - started
    mark = "ok  " if holds else "FAIL"
    print(f"{suite:9} {mark} {seconds:5.1f} s  {name}: {saw}", flush=True)
    if not holds:
        print(trial.machine.run(LAST_WORDS).stdout, flush=True)
    return holds


if __name__ == "__main__":
    sys.exit(main())
