"""A parse worker: a process that reads hostile documents and can be killed at any moment.

It is fed through a pipe and dies with it. The kernel ends it when it takes too much memory or,
should the daemon be gone, too much time.
"""

import resource
import signal
import sys
from contextlib import suppress
from math import ceil
from pathlib import Path
from time import process_time
from typing import BinaryIO

from watcher.errors import FeedError
from watcher.feeds.frames import LENGTHS, Answer, Job, answer, failure, pack, unpack_job
from watcher.feeds.parse import parse_feed

#: Address space in bytes. A 10 MB document needs 400 MB; Python itself 50 MB.
MEMORY_LIMIT_BYTES = 1 << 30

#: Bytes of memory after which a worker is worn out: what one huge document took is not given
#: back to the system, so a fresh process is cheaper than a fat one.
WORN_OUT_BYTES = 128 << 20

#: Past the patience of the daemon, which kills first; this is for when there is no daemon.
GRACE_S = 2.0

READY = Answer({"ready": True})


def main() -> None:
    """Serve requests from stdin until it ends."""
    _harden()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _send(answers, READY)
    while job := _next_job(requests):
        _send(answers, _serve_in_time(job))


def _harden() -> None:
    """Leave signals to the daemon, and have no way to write a file or leave a core."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_LIMIT_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            hard = resource.getrlimit(limit)[1]
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(limit, (most, most))  # nothing in here can lift it again


def _serve_in_time(job: Job) -> Answer:
    """Do the work, or be ended by SIGALRM, which needs no code of ours to be alive.

    Or by SIGXCPU, should more than one thread be at it.
    """
    patience_s = job.timeout_s + GRACE_S
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(process_time() + patience_s), hard))
    signal.setitimer(signal.ITIMER_REAL, patience_s)
    try:
        return _serve(job)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _serve(job: Job) -> Answer:
    try:
        return answer(
            parse_feed(
                job.body,
                content_type=job.content_type,
                url=job.url,
                now=job.now,
                memory=job.memory,
                max_body=job.max_body,
            )
        )
    except FeedError as error:
        return failure(error)
    except MemoryError:
        return failure(FeedError("parsing needs more than 1 GB of memory"))
    except Exception as error:  # noqa: BLE001 - one bad document must not stop the others
        return failure(FeedError(f"parsing fails ({type(error).__name__})"))


def is_worn_out() -> bool:
    """Look at the memory in use; getrusage would count what the daemon had before the fork."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return False
    return pages * resource.getpagesize() > WORN_OUT_BYTES


def _next_job(stream: BinaryIO) -> Job | None:
    """Read one request; None when the daemon has gone."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    text_length, body_length = LENGTHS.unpack(lengths)
    text, body = stream.read(text_length), stream.read(body_length)
    return unpack_job(text, body) if len(body) == body_length else None


def _send(stream: BinaryIO, said: Answer) -> None:
    stream.write(pack({**said.message, "worn_out": is_worn_out()}, said.entries))
    stream.flush()
