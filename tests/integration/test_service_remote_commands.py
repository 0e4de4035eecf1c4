"""What is written to the bot: each command, a reply, a mistake, and what is for others."""

import re

import chat_desk
import pytest
from chat_desk import OpenDesk
from watchlists import FERRY, MEETS

from watcher.service.chats import listener


async def test_each_command_answers(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.alert(MEETS, FERRY)

    status = await desk.ask("/status")
    assert "Last 24 h: 2 entries, 2 stories, 2 alerts, 0 replies" in status
    assert "Messages: 2 sent, 0 waiting, 0 dead" in status
    recent = await desk.ask("/recent")
    assert MEETS in recent
    assert "— The <summit> · story 1" in recent
    assert "🔵 The <summit> summit · 1 alert in 24 h" in await desk.ask("/topics")
    assert "/explain — why something did" in await desk.ask("/help")
    assert await desk.ask("/mute") == (
        "Nothing is muted. /mute topic NAME 2h mutes, /unmute ends it."
    )
    muted = await desk.ask("/mute ferry 2h")
    assert muted == "🔇 topic ferry is muted till 14:10. /unmute topic ferry ends it."
    assert "💤 till 14:10" in await desk.ask("/topics")
    assert await desk.ask("/mute") == ("🔇 topic ferry till 14:10 by Ana · /unmute topic ferry")
    desk.house.clock.forward(minutes=1)  # more answers than one minute allows
    assert await desk.ask("/unmute topic ferry") == "🔔 topic ferry is heard again."
    assert await desk.ask("/unmute ferry") == "topic ferry was not muted."
    assert await desk.ask("/unmute all") == "🔔 Ended 0 mutes."
    assert {message.silent for message in desk.api.messages[2:]} == {True}


async def test_a_topic_is_muted_by_the_name_that_alerts_show(open_desk: OpenDesk) -> None:
    desk = await open_desk()

    for name in ("The <summit>", "the <Summit>", "summit"):
        assert await desk.ask(f"/mute topic {name} 2h") == (
            "🔇 topic summit is muted till 14:10. /unmute topic summit ends it."
        )
    assert await desk.ask("/unmute The <summit>") == "🔔 topic summit is heard again."


async def test_an_alert_is_muted_and_explained_by_a_reply_to_it(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.alert(MEETS)

    assert await desk.ask("/mute 2h", reply_to=1) == (
        "🔇 story 1 is muted till 14:10. /unmute story 1 ends it."
    )
    assert await desk.ask("/unmute", reply_to=1) == "🔔 story 1 is heard again."
    explained = await desk.ask("/explain", reply_to=1)
    assert explained.startswith(MEETS)
    assert "✅ summit: matches → alert, first report" in explained


async def test_a_reply_to_a_summary_has_to_say_which_story(open_desk: OpenDesk) -> None:
    desk = await open_desk(desk={"quiet_hours": "12:00-13:00"})
    await desk.alert(MEETS, FERRY)
    await desk.house.deliver(hours=1)

    for text in ("/mute", "/mute 2h", "/unmute", "/explain"):
        answer = await desk.ask(text, reply_to=1)
        assert answer.startswith("that message tells of the stories 1, 2; say which one")
    assert await desk.ask("/mute story 2 2h", reply_to=1) == (
        "🔇 story 2 is muted till 15:10. /unmute story 2 ends it."
    )


async def test_links_and_headlines_are_explained(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.house.poll(desk.house.report(MEETS, "7"))

    known = await desk.ask("/explain https://news.example/7?utm_source=x")
    assert "Polled: Wire · story 1: new" in known
    assert await desk.ask("/explain https://news.example/8") == (
        "No entry with the link https://news.example/8 is known; send its headline."
    )
    headline = await desk.ask("/explain Kim <i>goes</i> fishing")
    assert headline.startswith("Kim <i>goes</i> fishing\nNot polled")
    assert "▫️ summit: does not match\n   missing: " in headline


async def test_of_many_topics_the_nearest_are_explained_in_a_chat(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["putin", *["arms AND putin"] * 30, "kim AND putin"]
    topics = [{"id": f"t{at}", "match": line} for at, line in enumerate(lines)]
    monkeypatch.setattr(chat_desk, "TOPICS", topics)
    desk = await open_desk()

    told = await desk.ask("/explain Kim Jong Un goes fishing")

    assert re.findall(r"(\S+): does not match", told) == ["t31"]
    assert told.endswith("\nand 31 topics of which nothing was found")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/mute topic sumit", "there is no topic sumit; did you mean `summit`?"),
        ("/mute story 99", "there is no story 99"),
        ("/mute topic sum", "there is no topic sum; did you mean `summit`?"),
        ("/mute sum 2h", "sum is no topic; did you mean `summit`?"),
        ("/mute nothing", "nothing is no topic; say what it is: story, topic, channel, outlet"),
        ("/mute summit till yesterday", 'must be a time like "2h", "08:00"'),
        ("/unmute", "say what: /unmute topic NAME, /unmute story 12, or /unmute all"),
        ("/explain", "Explain what? /explain LINK, or a headline."),
        ("/dance@watcher_test_bot", "There is no /dance."),
    ],
)
async def test_a_mistake_is_answered_in_a_sentence(
    open_desk: OpenDesk, text: str, words: str
) -> None:
    assert words in await (await open_desk()).ask(text)


async def test_what_is_for_others_is_left_to_them(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    for text in ("/status@other_bot", "/dance", "hello", "/", "/ status"):
        desk.api.write("-100", text)

    assert "Watcher is running" in await desk.ask("/status")
    assert len(desk.api.messages) == 1


async def test_answers_are_bounded(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_ANSWERS", 3)
    desk = await open_desk()
    await desk.alert(MEETS)
    for _ in range(10):
        desk.api.write("-100", "/help")
    assert (await desk.tap("✓ Seen")) == "Marked as seen."

    await desk.until(lambda: len(desk.api.messages) == 5)
    assert len([one for one in desk.api.messages if "/help" in one.visible]) == 3
    said = [one.visible for one in desk.api.messages]
    assert said.count("Too much at once; try again in a minute.") == 1
