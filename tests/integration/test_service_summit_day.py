"""Forty outlets on one summit day: an alert, one for what came after, every development named."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from house import Clock, House, Recorder
from watchlists import WATCHLIST, settings

from watcher.alerts.lines import text_of
from watcher.alerts.render import telegram_lines
from watcher.model import Action

#: What the others repeat through the day, word for word or in another order of the same words.
OPENING = "Kim Jong Un meets Putin in Vladivostok for talks on military cooperation"
COPIES = (
    OPENING,
    f"{OPENING} - Reuters",
    f"UPDATE 1-{OPENING}",
    "Kim Jong Un meets Putin in Vladivostok for talks on military co-operation",
    f"[VIDEO] {OPENING}",
)
#: Minutes after the first report -> what happens next.
DEVELOPMENTS = {
    7: "Kim Jong Un and Putin sign 12 agreements after talks in Vladivostok",
    25: "Путин и Ким Чен Ын провели переговоры во Владивостоке: Кремль",
    50: "Kim Jong Un invites Putin to visit Pyongyang, KCNA says",
    95: "Kim Jong Un promises Putin 5,000 workers for Vladivostok, says Kremlin",
    160: "Seoul protests as Kim Jong Un and Putin sign arms pact worth $300 million",
    230: "Kim Jong Un tours fighter jet plant with Putin after Vladivostok talks",
    300: "Kremlin denies Putin discussed missiles with Kim Jong Un",
    420: "Kim Jong Un did not sign arms pact with Putin, Kremlin says",
    540: "Correction: Kim Jong Un and Putin sign 14 agreements after talks in Vladivostok",
    640: "Kim Jong Un leaves Vladivostok after talks with Putin, train crosses border",
}
OUTLETS = 40
RUSSIAN = OUTLETS - 1
#: The day: a report each ten minutes, the developments between them.
DAY_MINUTES = 720


async def test_forty_outlets_make_an_alert_its_sequel_and_a_handful_of_rings_that_name_everything(
    tmp_path: Path,
) -> None:
    feeds = [{"url": f"https://o{n}.example/feed", "name": f"Outlet {n}"} for n in range(OUTLETS)]
    feeds[RUSSIAN]["lang"] = "ru"
    table = settings(WATCHLIST, feeds=feeds, channels={"desk": {"console": True}})
    desk, clock = Recorder(), Clock()
    async with House(tmp_path, table, clock, {"desk": desk}) as house:
        for feed in feeds:
            await house.poll(url=feed["url"])
        clock.forward(hours=1)
        begun = clock()
        for minute in range(DAY_MINUTES):
            clock.time = begun + timedelta(minutes=minute)
            news = DEVELOPMENTS.get(minute)
            if minute % 10 == 0 or news:
                title = news or COPIES[minute // 10 % len(COPIES)]
                outlet = RUSSIAN if "Путин" in title else minute // 10 % RUSSIAN
                entry = replace(
                    house.report(title, f"{minute}"), link=f"https://o{outlet}.example/{minute}"
                )
                await house.poll(entry, url=feeds[outlet]["url"])
            await house.deliver()
        await house.deliver(hours=3)

    actions = [view.action for sent in desk.sent for view in sent.views]
    shown = "\n".join(text_of(telegram_lines(sent)) for sent in desk.sent)
    assert [news for news in DEVELOPMENTS.values() if news not in shown] == []
    assert actions.count(Action.ALERT) == 2
    assert shown.count("Follows: ") == 1
    assert len(actions) <= 10
