from errno import ECONNREFUSED, ENETUNREACH
from socket import EAI_AGAIN, EAI_NONAME
from ssl import SSLCertVerificationError

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from watcher.feeds.failures import Progress, transport_failure


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (62, "Hostname mismatch, it is not valid for 'a.example'.", "it is another host's"),
        (64, "IP address mismatch, certificate is not valid for '::1'.", "it is another host's"),
        (20, "unable to get local issuer certificate", "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_stands_for_many_hosts_is_refused_in_the_same_words(
    code: int, message: str, reason: str
) -> None:
    error = SSLCertVerificationError()
    error.verify_code, error.verify_message = code, message

    failure = transport_failure(error, Progress())

    assert failure.certificate
    assert str(failure).partition(";")[0] == f"the TLS certificate is not valid: {reason}"


@pytest.mark.parametrize(
    ("number", "unrouted"),
    [(ENETUNREACH, True), (EAI_AGAIN, True), (ECONNREFUSED, False), (EAI_NONAME, False)],
)
def test_what_a_machine_without_a_network_says_is_told_apart(number: int, unrouted: bool) -> None:
    of_name = number in (EAI_AGAIN, EAI_NONAME)
    kind = aiohttp.ClientConnectorDNSError if of_name else aiohttp.ClientConnectorError
    error = kind(ConnectionKey("a.example", 443, True, True, None, None, None), OSError(number, ""))

    failure = transport_failure(error, Progress())

    assert (failure.network, failure.unrouted) == (True, unrouted)
