"""The process that `warm_process` has its processes from: it has the program loaded, and forks.

A request on the socket is JSON with the arguments, the directory and the environment of one; with
it come its three standard streams, and a pipe on which its id is told, and later its exit code.
"""

import gc
import json
import os
import pkgutil
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import watcher
from watcher.cli import main
from watcher.stories.cast import load_cast
from watcher.topics.detector import load_detector

REQUEST_BYTES = 1 << 20


def load() -> None:
    """Have all that a command would import, and that a daemon would compile, when it is called."""
    for module in pkgutil.walk_packages(watcher.__path__, "watcher."):
        if module.name != "watcher.__main__":
            import_module(module.name)
    load_detector()
    load_cast()
    gc.freeze()  # a child that looks for garbage would copy all of it


def serve(requests: socket.socket) -> None:
    """Bear a child for each request and return in it; end when those who ask have ended."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 4)
        if not request:
            sys.exit()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if os.fork() == 0:
            requests.close()
            return _guard(json.loads(request), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _guard(request: dict[str, Any], *descriptors: int) -> None:
    """Tell how a child ends, and return in it."""
    *streams, told = descriptors
    if child := os.fork():
        for stream in streams:
            os.close(stream)
        os.write(told, b"%d\n" % child)
        _, status = os.waitpid(child, 0)
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    os.close(told)
    for standard, stream in enumerate(streams):
        os.dup2(stream, standard)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
    sys.stdout, sys.stderr = _written(1), _written(2)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    sys.argv = ["watcher", *request["arguments"]]


def _written(descriptor: int) -> TextIOWrapper:
    """Return a standard stream that keeps nothing back, as PYTHONUNBUFFERED has it."""
    raw = open(descriptor, "wb", buffering=0, closefd=False)  # noqa: SIM115 - for good
    return TextIOWrapper(raw, encoding="utf-8", write_through=True)


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
    main()
