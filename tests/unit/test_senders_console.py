import io
from dataclasses import replace

import pytest
from sender_samples import TITLE, outgoing, sender

from watcher.alerts.lines import Line, Role, Span
from watcher.alerts.senders.console import BOLD, RESET, ansi
from watcher.errors import DeliveryError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def printed(stream: io.StringIO, **changes: str) -> str:
    await sender({"console": True}, console=stream).send(outgoing(**changes))
    return stream.getvalue()


@pytest.fixture(autouse=True)
def colours_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_a_terminal_shows_terms_in_bold_and_the_link_once() -> None:
    text = await printed(Terminal())

    assert f"{BOLD}Kim{RESET}" in text
    assert text.count("https://www.idxchannel.com/news/1?a=1&b=2") == 1
    assert text.endswith("\n\n")


async def test_a_terminal_shows_every_story_of_a_long_digest() -> None:
    stream, one = Terminal(), outgoing()
    views = tuple(replace(one.views[0], story=number) for number in range(200))
    await sender({"console": True}, console=stream).send(replace(one, views=views))

    assert all(f"story {number}{RESET}" in stream.getvalue() for number in range(200))


async def test_a_pipe_gets_plain_text() -> None:
    text = await printed(io.StringIO())

    assert TITLE in text
    assert "\x1b" not in text


async def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b" not in await printed(Terminal())


async def test_a_headline_is_not_of_its_own_urgency_in_the_journal() -> None:
    stream = io.StringIO()
    await sender({"console": True}, console=stream).send(outgoing("<0>Kim Jong Un meets Putin"))
    await sender({"console": True}, console=stream).notice("<1>feed is sick")

    lines = stream.getvalue().splitlines()
    assert " <0>Kim Jong Un meets Putin" in lines
    assert " <1>feed is sick" in lines
    assert not [line for line in lines if line.startswith("<")]


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
@pytest.mark.parametrize("title", ["\x1b[2J\x1b]0;owned\x07", "a\rb", "\x9b31m", "\u202egnol"])
async def test_a_headline_does_not_steer_the_terminal(
    stream: type[io.StringIO], title: str
) -> None:
    text = await printed(stream(), title=f"x {title}", summary=title)

    for hostile in ("\x1b[2J", "\x1b]", "\x07", "\r", "\x9b", "\u202e"):
        assert hostile not in text


async def test_a_console_of_a_narrow_encoding_shows_question_marks() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    await sender({"console": True}, console=stream).send(outgoing("Путин 🇰🇵"))  # type: ignore[arg-type]

    assert b"?????" in raw.getvalue()


async def test_a_closed_console_is_a_delivery_error() -> None:
    stream = io.StringIO()
    stream.close()

    with pytest.raises(DeliveryError, match="the console does not take output"):
        await printed(stream)


async def test_a_notice_is_one_line() -> None:
    stream = io.StringIO()
    await sender({"console": True}, console=stream).notice("offline\x1b[2J")

    assert stream.getvalue() == "offline[2J\n\n"


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        pytest.param(["a <b> & c"], "a <b> & c", id="plain"),
        pytest.param([Span("x", bold=True), "y"], f"{BOLD}x{RESET}y", id="bold"),
        pytest.param(
            [Span("x ", italic=True), Span("y", bold=True, italic=True)],
            "\x1b[3mx \x1b[0m\x1b[3m\x1b[1my\x1b[0m",
            id="bold in italics",
        ),
        pytest.param(
            [Span("t", href="https://a.b/?x=1&y=2"), "!"],
            "\x1b[36mt\x1b[0m \x1b[2mhttps://a.b/?x=1&y=2\x1b[0m!",
            id="link",
        ),
        pytest.param(
            [Span("s", href="https://a.b/"), Span("t", bold=True, href="https://a.b/")],
            "\x1b[36ms\x1b[0m\x1b[36m\x1b[1mt\x1b[0m \x1b[2mhttps://a.b/\x1b[0m",
            id="one link in two pieces",
        ),
    ],
)
def test_styles_become_colours(spans: list[Span | str], shown: str) -> None:
    assert ansi([Line.of(Role.ITEM, *spans)]) == shown


def test_lines_stand_below_each_other_with_their_gaps() -> None:
    lines = [Line.of(Role.ITEM, "a"), Line.of(Role.ITEM, "b"), Line.of(Role.ITEM, "c", gap=True)]

    assert ansi(lines) == "a\nb\n\nc"
