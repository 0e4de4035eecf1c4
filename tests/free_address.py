"""An address of this machine on which nobody listens."""

import socket
from contextlib import closing


def free_address() -> str:
    """Return HOST:PORT, free a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"
