"""What an entry adds, and what its story follows, from a poll to the message."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from house import TIMES, WIRE, Clock, House, Recorder
from watchlists import settings

from watcher.model import Action, Adds

PREVIEW = "Ким Чен Ын и Путин встретятся во Владивостоке"
MEETS = "Kim Jong Un meets Putin"
SIGNS = "Kim Jong Un meets Putin and signs treaty"


@pytest.fixture
async def house(tmp_path: Path, desk: Recorder) -> AsyncIterator[House]:
    feeds = [{"url": WIRE}, {"url": TIMES, "lang": "ru"}]
    tables = settings(feeds=feeds, channels={"desk": {"console": True}})
    async with House(tmp_path, tables, Clock(), {"desk": desk}) as made:
        for feed in feeds:
            await made.poll(url=feed["url"])
        yield made


async def told(house: House, title: str, id_: str, url: str = WIRE) -> None:
    house.clock.forward(hours=3)
    await house.poll(house.report(title, id_), url=url)
    await house.deliver(hours=3)


async def test_the_event_follows_its_preview_and_its_alert_says_so(
    house: House, desk: Recorder
) -> None:
    await told(house, PREVIEW, "1", TIMES)
    await told(house, MEETS, "2")

    assert [view.action for sent in desk.sent for view in sent.views] == [Action.ALERT] * 2
    view = desk.sent[-1].views[0]
    assert [title for _, title in view.follows] == [PREVIEW]
    with house.database.read() as tx:
        assert [one.title for one in tx.stories.followers(view.follows[0][0])] == [MEETS]
        founder = tx.stories.get(view.story)
    assert founder is not None
    assert "what was still to come is done" in founder.accounts[0].reason


async def test_a_reply_knows_what_it_adds(house: House, desk: Recorder) -> None:
    await told(house, MEETS, "1")
    await told(house, SIGNS, "2")

    (report,) = desk.sent[-1].views[0].reports
    assert report.news is not None
    assert [(one.kind, one.detail) for one in report.news.additions] == [
        (Adds.ACT, "agree"),
        (Adds.ACT, "sign"),
    ]
    assert desk.sent[-1].views[0].action is Action.REPLY


@pytest.mark.parametrize("label", ["Correction: {}", "CORRECTED-{}", "[Ralat] {}"])
async def test_a_correction_rings_though_all_its_words_are_a_copy_and_its_copies_do_not(
    house: House, desk: Recorder, label: str
) -> None:
    await told(house, SIGNS, "1")
    await told(house, label.format(SIGNS), "2")
    await told(house, f"Correction: {SIGNS}", "3", TIMES)

    assert [view.action for sent in desk.sent for view in sent.views] == [
        Action.ALERT,
        Action.REPLY,
    ]
    (report,) = desk.sent[-1].views[0].reports
    assert report.news is not None
    assert [one.kind for one in report.news.additions] == [Adds.CORRECTION]


async def test_an_entry_that_becomes_a_correction_rings(house: House, desk: Recorder) -> None:
    await told(house, SIGNS, "1")
    await told(house, f"Correction: {SIGNS}", "1")

    assert desk.sent[-1].views[0].action is Action.REPLY


async def test_a_denial_in_another_language_is_told(house: House, desk: Recorder) -> None:
    house.clock.forward(hours=3)
    await house.poll(house.report("Путин и Ким Чен Ын подписали договор", "1"), url=TIMES)
    await house.deliver(minutes=10)
    await house.poll(house.report("Kim Jong Un did not sign treaty with Putin", "2"))
    await house.deliver(hours=1)

    actions = [view.action for sent in desk.sent for view in sent.views]
    assert len(actions) == 2


async def test_a_denial_is_no_denial_of_all_that_names_its_people(
    house: House, desk: Recorder
) -> None:
    await told(house, SIGNS, "1")
    await told(
        house, "Kremlin denies Putin discussed missiles with Kim Jong Un at treaty talks", "2"
    )
    await told(house, "Kim Jong Un invites Putin to Pyongyang after signing treaty", "3")

    kinds = {
        one.kind
        for sent in desk.sent[1:]
        for report in sent.views[0].reports
        for one in (report.news.additions if report.news else ())
    }
    assert len(desk.sent) == 3
    assert Adds.DENIAL not in kinds
