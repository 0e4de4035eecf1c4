"""What went wrong with a fetch, as one sentence for a user; it does no I/O of its own."""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from socket import EAI_AGAIN
from ssl import SSLCertVerificationError, SSLError
from types import UnionType
from typing import Any

import aiohttp

from watcher.errors import FeedError
from watcher.feeds.compression import CompressionError
from watcher.feeds.guard import refusal


class Phase(StrEnum):
    """How far a request has come."""

    LOOKUP = "looking up the host name"
    CONNECT = "connecting"
    WAIT = "waiting for the answer"
    READ = "reading the answer"


#: Before these are over nothing of the outlet was reached.
_UNREACHED = frozenset({Phase.LOOKUP, Phase.CONNECT})


#: What a machine without a network says; None where a host's several addresses failed each in its
#: own words.
_UNROUTED = frozenset({errno.ENETUNREACH, errno.ENETDOWN, EAI_AGAIN, None})


@dataclass(slots=True)
class Progress:
    """How far one fetch has come, and by what way; written while it runs, read when it fails."""

    phase: Phase = Phase.LOOKUP
    refused: str | None = None
    received: int = 0
    host: str | None = None
    is_redirected: bool = False
    by_proxy: bool = False


def feed_failure(error: Exception, progress: Progress) -> FeedError:
    """Return what the user is told of a fetch that failed, and of which host."""
    failure = error if isinstance(error, FeedError) else transport_failure(error, progress)
    if failure.refused is not None and progress.is_redirected:
        failure = FeedError(refusal(failure.refused, redirected=True), refused=failure.refused)
    failure.host = failure.host or progress.host
    return failure


def transport_failure(error: Exception, progress: Progress) -> FeedError:
    """Return what the user is told when no whole answer came."""
    if progress.refused is not None and _is_unconnected(error, progress):
        return FeedError(refusal(progress.refused), refused=progress.refused)
    for kinds, sentence in _UNREACHED_SENTENCES:
        if isinstance(error, kinds):
            is_certificate = sentence is _certificate_sentence
            told = _whose(error, progress) + sentence(error)
            unrouted = getattr(error, "errno", 0) in _UNROUTED
            return FeedError(told, network=True, unrouted=unrouted, certificate=is_certificate)
    if isinstance(error, TimeoutError):
        return _too_slow(progress.phase)
    return _broken_answer(error, progress)


def _is_unconnected(error: Exception, progress: Progress) -> bool:
    """Tell whether a request ended before any address of its host was tried."""
    return progress.phase is Phase.LOOKUP and isinstance(error, aiohttp.ClientConnectorError)


def not_http() -> FeedError:
    """Return what the user is told of an answer that breaks the protocol."""
    return FeedError("the answer is not valid HTTP")


def _too_slow(phase: Phase) -> FeedError:
    if phase in _UNREACHED:
        return FeedError(f"{phase} took too long", network=True)
    sentence = f"{phase} took too long; raise timeout if this outlet is always slow"
    return FeedError(sentence, server=True, unanswered=phase is Phase.WAIT)


def _whose(error: Exception, progress: Progress) -> str:
    """Return the beginning of a sentence on what went wrong on the way to a proxy."""
    kinds = aiohttp.ClientConnectorDNSError | aiohttp.ClientProxyConnectionError
    is_proxys = progress.by_proxy and isinstance(error, kinds)
    return "the proxy cannot be reached: " if is_proxys else ""


def _lookup_sentence(error: aiohttp.ClientConnectorDNSError) -> str:
    if error.errno == EAI_AGAIN:
        return "the host name cannot be looked up now: the name server is silent, or fails on it"
    return "the host name cannot be found"


#: X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH, whose messages name our host:
#: one login page in place of many would have as many sentences.
_OTHER_HOSTS = frozenset({62, 64})


def _certificate_sentence(error: Exception) -> str:
    cause = getattr(error, "certificate_error", error)
    reason = getattr(cause, "verify_message", "") or "it cannot be verified"
    if getattr(cause, "verify_code", 0) in _OTHER_HOSTS:
        reason = "it is another host's"
    return f"the TLS certificate is not valid: {reason}; tls_verify = false would accept it"


def _ssl_sentence(error: Exception) -> str:
    cause = getattr(error, "os_error", error)
    reason = str(getattr(cause, "reason", None) or "TLS failed").lower().replace("_", " ")
    return f"no secure connection can be made ({reason})"


_CONNECT_REASONS = {
    errno.ECONNREFUSED: "the server refuses connections",
    errno.ENETUNREACH: "the network is unreachable",
    errno.EHOSTUNREACH: "the host is unreachable",
    errno.ETIMEDOUT: "connecting took too long",
    errno.ECONNRESET: "the server breaks the connection off",
}


def _connect_sentence(error: aiohttp.ClientConnectorError) -> str:
    return _CONNECT_REASONS.get(error.errno or 0, "no connection can be made")


#: The first kind that fits counts: all of them are connector errors to aiohttp.
_UNREACHED_SENTENCES: tuple[tuple[type | UnionType, Callable[[Any], str]], ...] = (
    (aiohttp.ClientConnectorDNSError, _lookup_sentence),
    (aiohttp.ClientConnectorCertificateError | SSLCertVerificationError, _certificate_sentence),
    (aiohttp.ClientConnectorSSLError | SSLError, _ssl_sentence),
    (aiohttp.ClientConnectorError, _connect_sentence),
)


def _broken_answer(error: Exception, progress: Progress) -> FeedError:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        # Its own line may be down, with which all that lies behind it is out of reach.
        is_lost = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return FeedError(_tunnel_sentence(error.status), status=error.status, network=is_lost)
    if isinstance(error, aiohttp.InvalidURL):
        return FeedError("the URL cannot be used: its host is not spelt as a name or full address")
    if isinstance(error, CompressionError | aiohttp.ClientPayloadError):
        return FeedError(_payload_sentence(error, progress), server=True)
    if isinstance(error, aiohttp.ClientResponseError):
        return not_http()
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        unanswered = progress.phase is not Phase.READ  # a proxy may have gone in the middle
        return FeedError("the server broke the connection off", server=True, unanswered=unanswered)
    return FeedError(f"the request cannot be made: {error}")


_PROXY_LOGIN = "the proxy wants a login (407); write it into the proxy's URL"


def _tunnel_sentence(status: int) -> str:
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return _PROXY_LOGIN
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"the proxy does not reach the outlet ({status})"
    return f"the proxy refuses to connect us ({status})"


_WRONG_ENCODING = "the answer is compressed in a way we do not read, or not as it says it is"


def _payload_sentence(error: Exception, progress: Progress) -> str:
    if isinstance(error, CompressionError):
        return _WRONG_ENCODING
    return f"the answer broke off after {progress.received} bytes"


#: What gives a feed of the configuration its login.
LOGIN_ADVICE = "set basic_auth_file"

_STATUS_SENTENCES = {
    401: f"the outlet wants a login (401); {LOGIN_ADVICE}",
    403: "the outlet refuses us (403): if it blocks our User-Agent, set user_agent; "
    f"if it wants a login, {LOGIN_ADVICE}",
    404: "there is no feed at this address (404)",
    410: "the feed is gone for good, the server says (410)",
    429: "the server says that we ask too often (429)",
    451: "the server withholds the feed for legal reasons (451)",
    503: "the server is not available for the moment (503)",
}


#: What a proxy says as well when it reaches nothing itself.
_GATEWAYS = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)


def status_failure(
    status: int,
    *,
    retry_after: timedelta | None,
    progress: Progress,
    had_login: bool,
    stand_in: str = "",
) -> FeedError:
    """Return what the user is told about an answer of a host that carries no feed."""
    if status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:  # of the network, not of the outlet
        return FeedError("this network wants a login before it lets us out (511)", network=True)
    sentence = _STATUS_SENTENCES.get(status) or _general_sentence(status)
    if status == HTTPStatus.UNAUTHORIZED and had_login:
        sentence = "the outlet does not take our login (401); check basic_auth_file"
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and progress.by_proxy:
        sentence = _PROXY_LOGIN
    if status in _GATEWAYS and progress.by_proxy:
        sentence = f"the proxy or the outlet is in trouble ({status})"
    return FeedError(
        sentence,
        retry_after=retry_after,
        status=status,
        host=progress.host,
        stand_in=stand_in,
    )


def _general_sentence(status: int) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"the server is in trouble ({status})"
    return f"the server gives no feed ({status}{_phrase(status)})"


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
