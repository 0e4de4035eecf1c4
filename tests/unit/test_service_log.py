import io
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from watcher.service import log
from watcher.service.log import Format, Redactor

TOKEN = "123456789:AAH-canary_canary"
ATTACK = "news\n<3>level=error event=forged\r\nmore\x1b[31m red\x85x\u2028y\x0bz\u202ev\u2066w"

Configure = Callable[..., io.StringIO]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    ours = logging.getLogger(log.OURS).level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger(log.OURS).setLevel(ours)
    log.redactor.know([])
    structlog.reset_defaults()


@pytest.fixture
def configure() -> Configure:
    def configured(form: Format = "auto", **values: int) -> io.StringIO:
        stream = io.StringIO()
        log.configure(form, stream=stream, **values)
        return stream

    return configured


def a_logger() -> structlog.stdlib.BoundLogger:
    """Return a logger of a name of its own: first use fixes what a logger does."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(f"watcher.test.{uuid4()}")
    return logger


def fail(words: str) -> None:
    raise ValueError(words)


def test_without_a_terminal_a_line_is_logfmt_with_time_and_level(configure: Configure) -> None:
    stream = configure()

    a_logger().info("feed polled", url="https://x.org/?a=1", new=3, ok=True, nothing=None)

    assert re.fullmatch(
        r'time=\d{4}-\d\d-\d\dT[\d:.]+Z level=info event="feed polled" '
        r'url="https://x.org/\?a=1" new=3 ok=true nothing=\n',
        stream.getvalue(),
    )


def test_json_is_one_object_a_line_with_utc_time(configure: Configure) -> None:
    stream = configure("json")

    a_logger().warning("poll failed", error='said "no"\nand left', title="김정은")

    record = json.loads(stream.getvalue())
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "event": "poll failed",
        "level": "warning",
        "error": 'said "no"\nand left',
        "title": "김정은",
    }


def test_people_read_the_time_without_fractions(configure: Configure) -> None:
    stream = configure("console")

    a_logger().info("started")

    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[info", stream.getvalue())


@pytest.mark.parametrize(("no_color", "colourful"), [(None, True), ("1", False)])
def test_a_terminal_gets_colours_unless_they_are_unwanted(
    monkeypatch: pytest.MonkeyPatch, no_color: str | None, *, colourful: bool
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    stream = Terminal()
    log.configure("auto", stream=stream)

    a_logger().info("started")

    assert "started" in stream.getvalue()
    assert ("\x1b[" in stream.getvalue()) is colourful


@pytest.mark.parametrize(
    ("level", "priority"),
    [("debug", 7), ("info", 6), ("warning", 4), ("error", 3), ("critical", 2)],
)
def test_in_the_journal_each_line_has_its_priority_and_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: str, priority: int
) -> None:
    with (tmp_path / "journal").open("w+", encoding="utf-8") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        log.configure("auto", level=logging.DEBUG, stream=stream)

        getattr(a_logger(), level)("disk full", free=0)
        stream.seek(0)

        assert stream.read() == f'<{priority}>event="disk full" free=0\n'


def test_a_stream_that_is_not_the_journals_has_no_priorities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:12345")  # inherited from a service
    with (tmp_path / "file").open("w+", encoding="utf-8") as stream:
        log.configure("auto", stream=stream)
        a_logger().info("started")
        stream.seek(0)

        assert stream.read().startswith("time=")


@pytest.mark.parametrize("form", ["console", "logfmt"])
def test_no_text_from_outside_begins_a_line_or_steers_the_terminal(
    configure: Configure, form: Format
) -> None:
    stream = configure(form)

    a_logger().info(ATTACK, title=ATTACK, error=ValueError(ATTACK), both=[ATTACK])
    logging.getLogger(f"library.{uuid4()}").warning("%s", ATTACK)

    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", stream.getvalue()
    )


@pytest.mark.parametrize("form", ["console", "logfmt", "json"])
def test_a_traceback_cannot_pass_for_a_log_line(configure: Configure, form: Format) -> None:
    stream = configure(form)

    try:
        fail(ATTACK)
    except ValueError:
        a_logger().exception("poll failed unexpectedly")

    first, *others = stream.getvalue().splitlines()
    assert "poll failed unexpectedly" in first
    assert all(line.startswith("    ") for line in others)
    assert "ValueError" in stream.getvalue()


@given(title=st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_title_says_a_logfmt_event_is_one_line(title: str) -> None:
    stream = io.StringIO()
    log.configure("logfmt", stream=stream)

    a_logger().info("topic matched", title=title)

    assert len(stream.getvalue().splitlines()) == 1


def test_libraries_share_the_format(configure: Configure) -> None:
    stream = configure("logfmt")

    logging.getLogger(f"library.{uuid4()}").warning(
        "lost %d of %s", 2, "three", extra={"host name": "x.org", "=": 1}
    )

    assert 'level=warning event="lost 2 of three" host_name=x.org _=1' in stream.getvalue()


def test_a_librarys_traceback_is_in_its_line(configure: Configure) -> None:
    stream = configure("logfmt")

    try:
        fail("no luck")
    except ValueError:
        logging.getLogger(f"library.{uuid4()}").exception("stumbled")

    assert len(stream.getvalue().splitlines()) == 1
    assert "ValueError: no luck" in stream.getvalue()


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
@pytest.mark.parametrize("name", ["urllib3.connectionpool", "alembic", "any.other"])
def test_libraries_are_heard_from_warnings_on(configure: Configure, name: str, level: int) -> None:
    stream = configure("logfmt", level=level)

    logging.getLogger(name).info("POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    assert stream.getvalue() == ""

    logging.getLogger(name).warning("trouble")
    assert "event=trouble" in stream.getvalue()


def test_details_are_logged_on_demand_only(configure: Configure) -> None:
    quiet = configure("logfmt")
    a_logger().debug("feed problem")
    assert quiet.getvalue() == ""

    loud = configure("logfmt", level=logging.DEBUG)
    a_logger().debug("feed problem")
    assert "feed problem" in loud.getvalue()


@pytest.mark.parametrize("form", ["console", "logfmt", "json"])
@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(TOKEN, id="a token"),
        pytest.param('pa"ss\\w ord=1', id="characters that formats escape"),
        pytest.param("пароль-秘密", id="letters beyond ASCII"),
        pytest.param("first\nsecond line", id="several lines"),
    ],
)
def test_a_secret_stands_in_no_line(configure: Configure, form: Format, secret: str) -> None:
    stream = configure(form)
    log.redactor.know([secret])

    try:
        fail(f"cannot log in with {secret}!")
    except ValueError as error:
        a_logger().exception(f"failed: {secret}", error=error, values={"token": secret})
    logging.getLogger(f"library.{uuid4()}").error("POST /bot%s/sendMessage", secret)

    assert "***" in stream.getvalue()
    assert secret not in stream.getvalue()
    for part in re.split(r'[\n"\\ ]', secret):
        assert len(part) < 5 or part not in stream.getvalue()


def test_a_secret_inside_a_url_is_cut_out_too() -> None:
    redactor = Redactor()
    redactor.know(["user:p@ss/word"])

    assert redactor.clean("https://user%3Ap%40ss%2Fword@x.org") == "https://***@x.org"


def test_a_login_is_cut_out_as_its_header_spells_it() -> None:
    redactor = Redactor()
    redactor.know(["reader:password"])

    assert redactor.clean("Authorization: Basic cmVhZGVyOnBhc3N3b3Jk") == "Authorization: Basic ***"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_caught_is_one_line_without_secrets(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    stream = configure("logfmt")
    log.redactor.know([TOKEN])
    log.tell_crashes()

    thread = threading.Thread(target=fail, args=(f"no route to /bot{TOKEN}",))
    thread.start()
    thread.join()
    try:
        fail(f"no luck with {TOKEN}")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)

    first, second = stream.getvalue().splitlines()
    assert "level=critical event=crashed" in first
    assert "no route to /bot***" in first
    assert "no luck with ***" in second


def test_of_two_secrets_the_longer_goes_first_and_an_empty_one_is_none() -> None:
    redactor = Redactor()
    redactor.know(["key", "key-and-more", ""])

    assert redactor.clean("key-and-more, key, other") == "***, ***, other"


@given(st.lists(st.text(min_size=4)), st.text())
def test_no_known_secret_survives_cleaning(secrets: list[str], text: str) -> None:
    redactor = Redactor()
    redactor.know(secrets)
    cleaned = redactor.clean(text + "".join(secrets))

    assert not any(secret in cleaned for secret in secrets if "*" not in secret)
