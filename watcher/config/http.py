"""[http]: where the running daemon shows its health and its metrics."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, WithJsonSchema

from watcher.config.tables import Table

EXAMPLE = "127.0.0.1:8377"


def split_listen(text: str) -> tuple[str, int]:
    """Return address and port of "127.0.0.1:8377", "localhost:8377" or "[::1]:8377".

    Raises:
        ValueError: it is no address of a machine with a port.
    """
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
        host = "127.0.0.1" if host == "localhost" else host
        ip_address(host or "")
    except ValueError:
        host = port = None
    if not host or not port or "@" in text or parts.netloc != text:
        raise ValueError(f'must be an address and a port, like "{EXAMPLE}", got "{text}"')
    return host, port


def is_loopback(text: str) -> bool:
    """Whether only this machine can ask there."""
    return ip_address(split_listen(text)[0]).is_loopback


def _check_listen(text: str) -> str:
    split_listen(text)
    return text


Listen = Annotated[
    str, AfterValidator(_check_listen), WithJsonSchema({"type": "string", "examples": [EXAMPLE]})
]


class HttpTable(Table):
    """[http]: health and metrics of the running daemon."""

    listen: Listen | None = Field(
        None,
        description=f'Address and port for /health and /metrics, like "{EXAMPLE}"; anybody who can '
        "reach it reads the names of topics and channels. Default: none.",
    )
