import asyncio
import json
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.google_chat import NotifyGoogleChat
from apprise.plugins.telegram import NotifyTelegram
from fake_telegram import FakeTelegram
from sender_samples import TITLE, outgoing, sender
from telegram_http import Fault
from webhook import SECRET, Webhook

from watcher.alerts.senders import Narrow, Repeating, Sender, apprise
from watcher.alerts.senders.apprise_text import BREAK
from watcher.errors import ConfigError, DeliveryError
from watcher.model import Action

#: Apprise itself imports imghdr where Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

TOKEN = "123456789:canary-canary-canary-canary_canary0"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as made:
        yield made


def phone(url: str) -> Sender:
    return sender({"apprise": url}, name="phone")


async def join_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "apprise":
            await asyncio.to_thread(thread.join, 10)


async def failure(url: str, title: str = TITLE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await phone(url).send(outgoing(title))
    return caught.value


async def test_an_alert_arrives_with_title_and_body(webhook: Webhook) -> None:
    assert await phone(webhook.url).send(outgoing()) is None

    (body,) = webhook.bodies
    assert TITLE in f"{body['title']}\n{body['message']}"
    assert body["attachments"] == []


@pytest.mark.parametrize(
    "title",
    [
        pytest.param('<x> & "q" _y_ *b* :smile: \\n [a](b)', id="markup"),
        pytest.param("푸틴·김정은 🇰🇵", id="scripts"),
        pytest.param("file:///etc/passwd", id="a-path"),
    ],
)
async def test_a_headline_arrives_as_it_is(webhook: Webhook, title: str) -> None:
    await phone(webhook.url).send(outgoing(title))

    (body,) = webhook.bodies
    assert title in f"{body['title']}\n{body['message']}".replace(BREAK, "")


@pytest.mark.parametrize("scheme", ["mmost", "json"])
async def test_a_headline_rings_nobody_and_hides_no_address(webhook: Webhook, scheme: str) -> None:
    target = f"{scheme}://{webhook.place}/a2345678901234567890123456"
    await phone(target).send(outgoing("Kraken @everyone <!here> [bank](http://evil.example)"))

    text = json.dumps(webhook.bodies, ensure_ascii=False)
    assert "everyone" in text
    assert not any(bad in text for bad in ("@everyone", "<!here", "](http"))


async def test_an_address_arrives_whole_where_a_service_reads_markdown(webhook: Webhook) -> None:
    await phone(f"{webhook.url}?format=markdown").send(outgoing("1. Kim_Putin *meet*"))

    (body,) = webhook.bodies
    assert "(https://www.idxchannel.com/news/1?a=1&b=2)" in body["message"]
    assert r"1\. Kim\_Putin \*meet\*" in body["message"]


async def test_google_chat_is_given_the_address_that_the_feed_gave(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"http://{webhook.place}/{{workspace}}"
    monkeypatch.setattr(NotifyGoogleChat, "notify_url", place)
    alert = outgoing()
    (report,) = alert.views[0].reports
    report = replace(report, url="https://news.example/a_b_c/x.html?id=1_2")
    await phone("gchat://space/key/token").send(
        replace(alert, views=(replace(alert.views[0], reports=(report,)),))
    )

    (body,) = webhook.bodies
    assert "<https://news.example/a_b_c/x.html?id=1_2|news.example>" in body["text"]


@pytest.mark.parametrize(
    ("behaviour", "maybe_sent"),
    [
        pytest.param("500 Oh no", False, id="500"),
        pytest.param("403 Forbidden", False, id="403"),
        pytest.param("drop", True, id="no-answer"),
    ],
)
async def test_a_service_that_fails_is_tried_again(
    webhook: Webhook, behaviour: str, *, maybe_sent: bool
) -> None:
    webhook.behaviour = behaviour

    error = await failure(webhook.url)

    assert error.maybe_sent is maybe_sent
    assert not error.permanent
    assert len(webhook.bodies) == 1


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTelegram]:
    with FakeTelegram(token=TOKEN) as fake:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{fake.url}/bot")
        yield fake


@pytest.mark.parametrize("fault", ["500", "429 retry after 30"])
async def test_of_a_long_text_that_was_taken_in_part_the_next_sending_may_be_a_repeat(
    webhook: Webhook, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 100)
    webhook.in_turn = ["200", fault]

    error = await failure(webhook.url)

    assert len(webhook.bodies) > 1
    assert error.maybe_sent
    webhook.behaviour = fault
    assert not (await failure(webhook.url)).maybe_sent


async def test_a_service_that_goes_on_taking_parts_is_waited_for(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 20)
    monkeypatch.setattr(NotifyJSON, "request_rate_per_sec", 0.1)
    monkeypatch.setattr(apprise, "DEADLINE_S", 2.0)

    await phone(webhook.url).send(outgoing("x" * 600))

    assert len(webhook.bodies) > 20  # pauses of two seconds between them alone


async def test_an_answer_that_comes_late_settles_the_message(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "DEADLINE_S", 0.1)
    webhook.in_turn = ["200 late"]
    channel = phone(webhook.url)
    with pytest.raises(DeliveryError, match="did not answer"):
        await channel.send(outgoing())
    with pytest.raises(DeliveryError, match="did not answer") as again:
        await channel.send(outgoing(possible_repeat=True))
    webhook.released.set()
    monkeypatch.setattr(apprise, "DEADLINE_S", 30)

    await channel.send(outgoing(possible_repeat=True))

    assert again.value.maybe_sent
    assert len(webhook.bodies) == 1


async def late_notice(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """Return a channel whose service answered a notice after nobody waited for that any more."""
    monkeypatch.setattr(apprise, "DEADLINE_S", 0.1)
    webhook.in_turn = ["200 late"]
    channel = phone(webhook.url)
    with pytest.raises(DeliveryError, match="did not answer"):
        await channel.notice("feed x is sick")
    webhook.released.set()
    monkeypatch.setattr(apprise, "DEADLINE_S", 30)
    await join_threads()
    return channel


async def test_an_answer_that_comes_late_settles_a_notice(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = await late_notice(webhook, monkeypatch)
    assert isinstance(channel, Repeating)

    await channel.repeat("feed x is sick")

    assert len(webhook.bodies) == 1


async def test_a_notice_in_the_words_of_an_earlier_one_is_told(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = await late_notice(webhook, monkeypatch)

    await channel.notice("feed x is sick")

    assert len(webhook.bodies) == 2


async def test_a_message_that_grew_meanwhile_waits_for_its_earlier_sending_and_goes_out(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "DEADLINE_S", 0.1)
    webhook.in_turn = ["200 late"]
    channel, grown = phone(webhook.url), outgoing()
    grown = replace(grown, views=(*grown.views, replace(grown.views[0], story=8)))
    with pytest.raises(DeliveryError, match="did not answer"):
        await channel.send(outgoing())
    with pytest.raises(DeliveryError, match="still being given") as waits:
        await channel.send(grown)
    webhook.released.set()
    monkeypatch.setattr(apprise, "DEADLINE_S", 30)
    await join_threads()

    await channel.send(grown)

    assert not waits.value.maybe_sent
    assert len(webhook.bodies) == 2


def test_a_service_of_short_messages_is_given_few_stories_at_once(webhook: Webhook) -> None:
    rocket, hook = phone("rocket://user:secret1@127.0.0.1:9/#room"), phone(webhook.url)
    assert isinstance(rocket, Narrow)
    assert isinstance(hook, Narrow)

    assert (rocket.most_stories, hook.most_stories) == (10, 327)


async def test_a_digest_counts_the_reports_that_four_messages_have_no_room_for(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 600)
    view = outgoing().views[0]
    told = [replace(view.reports[0], number=n, title=f"Laporan {n}") for n in range(56)]
    update = replace(view, story=8, action=Action.REPLY, reports=tuple(told))

    await phone(webhook.url).send(replace(outgoing(), views=(view, update)))

    text = "".join(body["message"] for body in webhook.bodies)
    assert len(webhook.bodies) <= apprise.MOST_PARTS
    assert all(f"Laporan {number}" in text for number in range(21))
    assert "… and 35 more" in text


@pytest.mark.parametrize("scheme", ["json", "form", "ntfy", "gotify", "apprise"])
@pytest.mark.parametrize("behaviour", ["500", "echo"])
@pytest.mark.parametrize(
    "title",
    [
        "Banks told: retry after 99999999 s, says ministry",
        "Retry-After: 1" + "0" * 400,
        "Ceasefire talks timed out",
        "Timeout in Doha",
    ],
)
async def test_a_headline_decides_nothing_about_its_own_channel(
    webhook: Webhook, scheme: str, behaviour: str, title: str
) -> None:
    webhook.behaviour = behaviour

    error = await failure(f"{scheme}://{webhook.place}/a23456789012345", title)

    assert webhook.asked
    assert error.retry_after is None
    assert not error.maybe_sent


async def test_flood_control_is_read_from_what_the_service_says(telegram: FakeTelegram) -> None:
    telegram.fail_next(Fault.FLOOD, retry_after=7)

    error = await failure(f"tgram://{TOKEN}/-100/")

    assert error.retry_after == timedelta(seconds=7)
    assert TOKEN not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("title", ["<x> & _y_ </b> &amp;", "😀" * 6000])
async def test_a_service_that_reads_markup_gets_sound_markup(
    telegram: FakeTelegram, title: str
) -> None:
    await phone(f"tgram://{TOKEN}/-100/").send(outgoing(title))

    assert {call.status for call in telegram.calls} == {200}
    assert title[:20] in telegram.messages[0].visible.replace(BREAK, "")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_service_sends_nobody_elsewhere(webhook: Webhook, status: int) -> None:
    webhook.behaviour = str(status)

    error = await failure(webhook.url)

    assert f"error={status}" in str(error)
    assert webhook.asked == [f"POST /hook/{SECRET}"]


async def test_a_service_that_is_not_there_has_surely_sent_nothing() -> None:
    error = await failure(f"json://watcher:{SECRET}@127.0.0.1:1/hook")

    assert not error.maybe_sent
    assert not error.permanent


@pytest.mark.parametrize("behaviour", ["500", "drop", "429"])
async def test_the_address_shows_in_no_error(webhook: Webhook, behaviour: str) -> None:
    webhook.behaviour = behaviour

    error = await failure(webhook.url)

    assert SECRET not in "".join(traceback.format_exception(error))


async def test_a_hanging_service_is_given_up_and_holds_up_nobody(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "DEADLINE_S", 0.2)
    webhook.behaviour = "hang"
    stuck = phone(webhook.url)
    tries = [stuck.send(outgoing(key=f"a{n}-phone")) for n in range(apprise.MAX_THREADS)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    with pytest.raises(DeliveryError, match="still hang") as refused:
        await stuck.send(outgoing())
    webhook.behaviour = "200"
    monkeypatch.setattr(apprise, "DEADLINE_S", 30)
    await phone(webhook.url).send(outgoing("another channel"))

    assert [getattr(error, "maybe_sent", None) for error in results] == [True] * 4
    assert not refused.value.maybe_sent
    assert "another channel" in json.dumps(webhook.bodies[-1])


async def test_a_channel_is_well_again_once_the_service_lets_go(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "DEADLINE_S", 0.2)
    webhook.behaviour = "hang"
    channel = phone(webhook.url)
    tries = [channel.send(outgoing(key=f"a{n}-phone")) for n in range(apprise.MAX_THREADS)]
    await asyncio.gather(*tries, return_exceptions=True)
    webhook.behaviour = "200"
    webhook.released.set()
    monkeypatch.setattr(apprise, "DEADLINE_S", 30)
    await join_threads()

    assert await channel.send(outgoing()) is None


def test_a_process_with_a_hanging_send_ends_at_once(webhook: Webhook) -> None:
    webhook.behaviour = "hang"
    program = f"""
import asyncio
from watcher.alerts.senders import apprise
from watcher.config.secrets import Secret
from watcher.errors import DeliveryError
apprise.DEADLINE_S = 0.2
async def main():
    try:
        await apprise.AppriseSender("phone", Secret({webhook.url!r})).notice("hello")
    except DeliveryError as error:
        print(error)
asyncio.run(main())
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )

    assert "did not answer within 0.2 s" in ended.stdout
    assert ended.stderr == ""


@pytest.mark.parametrize("url", ["nosuch://host/canarysecret", "json://", "not a url", "tgram://"])
def test_an_address_apprise_does_not_know_is_the_configurations_fault(url: str) -> None:
    with pytest.raises(ConfigError, match="channel phone: Apprise does not understand") as caught:
        phone(url)

    assert SECRET not in str(caught.value)


async def test_channels_with_the_same_address_share_a_limit(webhook: Webhook) -> None:
    assert phone(webhook.url).limit_key == phone(webhook.url).limit_key
    assert SECRET not in phone(webhook.url).limit_key
