import asyncio
from collections.abc import AsyncIterator
from typing import cast

import aiohttp
import pytest
from free_address import free_address

from watcher.errors import StorageError
from watcher.service.monitoring.endpoint import Endpoint, Health, is_own_host


class Answers:
    """What the endpoint asks for."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.fault: StorageError | None = None

    async def health(self) -> Health:
        if self.fault:
            raise self.fault
        return {"ready": not self.reasons, "reasons": self.reasons, "warnings": []}

    async def metrics(self) -> bytes:
        if self.fault:
            raise self.fault
        return b"watcher_up 1\n"


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def endpoint(answers: Answers) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(answers.health, answers.metrics)
    assert await endpoint.use(free_address()) is None
    yield endpoint
    await endpoint.close()


async def ask(
    endpoint: Endpoint, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, str, str]:
    headers = {} if host is None else {"Host": host}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://{endpoint.listen}{path}", headers=headers) as response,
    ):
        return response.status, response.headers["Content-Type"], await response.text()


async def test_health_is_200_while_ready_and_503_with_the_reasons_else(
    endpoint: Endpoint, answers: Answers
) -> None:
    status, kind, text = await ask(endpoint, "/health")
    assert (status, kind) == (200, "application/json; charset=utf-8")
    assert text == '{"ready": true, "reasons": [], "warnings": []}'

    answers.reasons = ["the outbox has not moved for 70 s"]
    status, _, text = await ask(endpoint, "/health")
    assert status == 503
    assert "the outbox has not moved for 70 s" in text


async def test_a_database_that_fails_is_a_reason(endpoint: Endpoint, answers: Answers) -> None:
    answers.fault = StorageError("the database x is damaged")

    status, _, text = await ask(endpoint, "/health")
    assert (status, "the database x is damaged" in text) == (503, True)
    assert (await ask(endpoint, "/metrics"))[0] == 503


async def test_metrics_come_in_the_format_of_prometheus(endpoint: Endpoint) -> None:
    status, kind, text = await ask(endpoint, "/metrics")

    assert (status, text) == (200, "watcher_up 1\n")
    assert kind.startswith("text/plain; version=")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8377", "127.0.0.1.evil.example"])
async def test_a_request_for_another_host_is_refused(endpoint: Endpoint, host: str) -> None:
    for path in ("/health", "/metrics", "/nowhere"):
        status, _, text = await ask(endpoint, path, host=host)
        assert (status, "watcher_up" in text) == (421, False)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:8377", True),
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("[::1]:8377", True),
        ("192.168.1.5:8377", True),
        ("localhost.evil.example", False),
        ("evil.example", False),
        ("2130706433", False),
        ("", False),
        ("[", False),
        ("a b", False),
        ("127.0.0.1@evil.example", False),
    ],
)
def test_only_addresses_and_localhost_are_this_machine(host: str, *, own: bool) -> None:
    assert is_own_host(host) is own


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_can_be_changed(endpoint: Endpoint, method: str) -> None:
    assert (await ask(endpoint, "/health", method=method))[0] == 405
    assert (await ask(endpoint, "/stories.merge", method=method))[0] == 404


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"\x16\x03\x01 a hello of TLS\r\n\r\n", id="TLS"),
        pytest.param(b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", id="too long"),
    ],
)
async def test_who_speaks_no_http_leaves_no_traceback_in_the_log(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    host, port = str(endpoint.listen).split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request_bytes)
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.0 400 ")
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_fault_of_ours_does(
    endpoint: Endpoint, answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    answers.reasons = cast("list[str]", {1: object()}.values())  # nothing that JSON can say

    assert (await ask(endpoint, "/health"))[0] == 500
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_a_reload_moves_it_and_takes_it_away(endpoint: Endpoint) -> None:
    first = endpoint.listen
    assert await endpoint.use(free_address()) is None
    assert endpoint.listen != first
    assert (await ask(endpoint, "/health"))[0] == 200

    second = endpoint.listen
    assert await endpoint.use(None) is None
    with pytest.raises(aiohttp.ClientConnectorError):
        async with aiohttp.ClientSession() as session, session.get(f"http://{second}/health"):
            pass


async def test_an_address_that_is_taken_is_told_and_stops_nothing(
    endpoint: Endpoint, answers: Answers
) -> None:
    other = Endpoint(answers.health, answers.metrics)
    trouble = await other.use(endpoint.listen)

    assert trouble
    assert trouble.startswith(f"nobody can ask for health and metrics at {endpoint.listen}: ")
    assert other.listen is None
    await other.close()
