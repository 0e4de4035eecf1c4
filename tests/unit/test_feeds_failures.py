from ssl import SSLCertVerificationError

import pytest

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
