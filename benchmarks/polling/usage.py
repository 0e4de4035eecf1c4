"""What a process used and holds; without a library, for a Python that has none of ours."""

import resource
from pathlib import Path


def cpu_s() -> float:
    """Return the CPU time that this process used so far, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def pss_mb(pid: int | str = "self") -> float:
    """Return the memory of a process in megabytes; what it shares counts in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:"))
