"""Draw the pictures of docs/: an alert and a digest as mail, and a thread in Telegram.

    apt install chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji pngquant
    python scripts/pictures.py [FOLDER] [--keep]

What is drawn is what the senders send: the page of a mail as it is, the text for Telegram in a
bubble of our own. Pages are rendered by a headless Chromium, on the ground of a phone, light and
dark; the pages themselves stay beside the pictures with --keep.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from watcher.alerts.buttons import Standing, keyboard
from watcher.alerts.render import email_parts, telegram_html, telegram_lines
from watcher.alerts.views import Button, Outgoing, Report, View
from watcher.config import load
from watcher.config.settings import Settings
from watcher.model import Action, Addition, Adds, Entry, Hold, News, Priority, Relation
from watcher.outlets.coverage import Account, coverage
from watcher.outlets.publishers import Publishers
from watcher.resources import shipped
from watcher.topics.watchlist import Watchlist

NOW = datetime(2026, 11, 27, 2, 26, tzinfo=UTC)
#: A phone's width in CSS pixels; Chromium's window cannot be narrower than this.
WIDTH = 500
#: Chromium without its own network traffic.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTS = {
    "Antara": "www.antaranews.com",
    "Kremlin": "kremlin.ru",
    "한강일보": "hangang-ilbo.example",
    "Harbour Times": "harbour-times.example",
    "Pacific Wire": "pacific-wire.example",
    "Harian Nusantara": "harian-nusantara.example",
    "東方晨報": "dongfang-chenbao.example",
    "Seto Shimbun": "seto-shimbun.example",
    "Kabar Jakarta": "kabar-jakarta.example",
    "الأفق": "al-ufuq.example",
}
#: Blink's number for the colour scheme that a page is told of: 0 is dark, 1 is light.
SCHEMES = {"light": 1, "dark": 0}


@dataclass(frozen=True, slots=True)
class Sample:
    """A report of the samples: minutes ago, outlet and host, and what it adds."""

    ago: int
    outlet: str
    language: str
    title: str
    summary: str = ""
    adds: tuple[Addition, ...] = ()
    relation: Relation = Relation.SAME


SUMMIT = (
    Sample(
        24, "Antara", "id",
        "Kim Jong Un Temui Putin di Vladivostok, Bahas Kerja Sama Militer",
        "Pemimpin Korea Utara Kim Jong Un bertemu Presiden Rusia Vladimir Putin di Vladivostok.",
        relation=Relation.NEW,
    ),
    Sample(22, "Kremlin", "ru", "Путин и Ким Чен Ын провели переговоры во Владивостоке",
           adds=(Addition(Adds.OFFICIAL, "Kremlin"), Addition(Adds.LANGUAGE, "ru"))),
    Sample(20, "한강일보", "ko", "김정은·푸틴, 블라디보스토크서 정상회담…군사협력 논의",
           adds=(Addition(Adds.LANGUAGE, "ko"),)),
    Sample(19, "Harbour Times", "en", "Kim Jong Un meets Putin in Vladivostok",
           adds=(Addition(Adds.LANGUAGE, "en"),)),
    Sample(18, "Pacific Wire", "en", "Kim Jong Un meets Putin in Vladivostok",
           relation=Relation.COPY),
)  # fmt: skip
UPDATES = (
    Sample(4, "Pacific Wire", "en", "Kim and Putin sign pact, 5,000 workers to go to Russia",
           adds=(Addition(Adds.ACT, "sign"), Addition(Adds.NUMBER, "5,000"))),
    Sample(2, "الأفق", "ar", "كيم جونغ أون يلتقي بوتين في فلاديفوستوك",
           adds=(Addition(Adds.LANGUAGE, "ar"),)),
)  # fmt: skip
ARMS = (
    Sample(430, "Pacific Wire", "en",
           "North Korea shipped 3,000 containers of munitions to Russia, Seoul says",
           relation=Relation.NEW),
    Sample(390, "Harian Nusantara", "id",
           "Korea Utara Kirim 3.000 Kontainer Amunisi ke Rusia, Kata Seoul"),
    Sample(200, "東方晨報", "zh-TW", "首爾稱北韓向俄羅斯運送三千貨櫃彈藥"),
    Sample(120, "Harbour Times", "en", "Kremlin denies North Korean munitions reached Russia",
           adds=(Addition(Adds.DENIAL), Addition(Adds.OFFICIAL, "Kremlin"))),
)  # fmt: skip
DRONES = (
    Sample(
        250, "Seto Shimbun", "ja", "北朝鮮、ロシアに弾薬工場の技術者を派遣か", relation=Relation.NEW
    ),
    Sample(60, "Kabar Jakarta", "id", "Korea Utara Diduga Kirim Ahli Amunisi ke Rusia"),
)


class Studio:
    """Turns samples into views, in the words of the example configuration."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._watchlist = Watchlist(settings)
        self._publishers = Publishers(settings.publishers)
        self._numbers = iter(range(1, 1000))

    def view(self, topic: str, story: int, *parts: tuple[Sample, ...], **changes: object) -> View:
        """Return a view of a story; its coverage is that of all the parts, the last is told."""
        table = next(one for one in self._settings.topics if one.id == topic)
        accounts = tuple(
            Account(number, _entry(sample), relation=sample.relation, language=sample.language)
            for number, sample in enumerate((s for part in parts for s in part), 1)
        )
        told = View(
            topic=topic,
            topic_name=table.name,
            priority=table.priority,
            story=story,
            action=Action.ALERT if len(parts) == 1 else Action.REPLY,
            reports=tuple(self._report(sample, topic) for sample in parts[-1]),
            coverage=coverage(accounts, self._publishers),
            labels=self._watchlist.labels,
            zone=self._settings.watcher.zone,
            now=NOW,
            opening=parts[0][0].title,
        )
        return replace(told, **changes)  # type: ignore[arg-type]

    def _report(self, sample: Sample, topic: str) -> Report:
        entry = _entry(sample)
        match = next((m for m in self._watchlist.read(entry).matches if m.topic == topic), None)
        return Report(
            number=next(self._numbers),
            title=entry.title,
            url=entry.url,
            outlet=entry.outlet,
            language=sample.language,
            time=entry.time,
            summary=entry.summary,
            evidence=match.evidence if match else (),
            sentence=match.sentence if match else None,
            relation=sample.relation,
            news=News(sample.adds) if sample.adds else None,
        )


def main() -> None:
    """Draw every picture into the folder named on the command line, docs/ by default."""
    names = [argument for argument in sys.argv[1:] if argument != "--keep"]
    folder = Path(names[0] if names else "docs")
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium here; on Debian: apt install chromium fonts-noto-core fonts-noto-cjk")
    for name, (page, height) in pages().items():
        for scheme in SCHEMES:
            picture = folder / f"{name}-{scheme}.png"
            _draw(chromium, page, picture, height, scheme)
            _shrink(picture)
            print(f"{picture}: {picture.stat().st_size // 1000} kB")
        if "--keep" in sys.argv:
            (folder / f"{name}.html").write_text(page, encoding="utf-8")


def pages() -> Mapping[str, tuple[str, int]]:
    """Return name -> page and the height of its picture."""
    settings = load(shipped("config.example.toml")).settings
    if settings is None:
        sys.exit("config.example.toml does not pass `watcher check`")
    studio = Studio(settings)
    summit, arms = (topic.id for topic in settings.topics[:2])
    alert = studio.view(summit, 12, SUMMIT)
    reply = studio.view(summit, 12, SUMMIT, UPDATES)
    grown = replace(alert, coverage=reply.coverage)
    night = (
        studio.view(arms, 9, ARMS, priority=Priority.NORMAL),
        studio.view(arms, 11, DRONES, priority=Priority.NORMAL),
        studio.view(summit, 12, SUMMIT, priority=Priority.NORMAL),
        studio.view(summit, 12, SUMMIT, UPDATES, priority=Priority.NORMAL),
    )
    held = Outgoing("d1", night, hold=Hold.QUIET_HOURS)
    return {
        "mail": (email_parts(Outgoing("a1", (alert,)))[2], 590),
        "digest": (email_parts(held)[2], 860),
        "telegram": (_chat(_with_buttons(grown, "a1"), _with_buttons(reply, "a2")), 1210),
    }


def _entry(sample: Sample) -> Entry:
    time = NOW - timedelta(minutes=sample.ago)
    return Entry(
        id=str(sample.ago),
        title=sample.title,
        seen=time,
        summary=sample.summary,
        url=f"https://{HOSTS[sample.outlet]}/{sample.ago}",
        outlet=sample.outlet,
        language=sample.language,
    )


def _with_buttons(view: View, key: str) -> Outgoing:
    buttons = keyboard("0" * 8, 1, Standing(), NOW, view.zone)
    return Outgoing(key, (view,), keyboard=buttons)


_CHAT = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><style>
body { margin:0; padding:14px; font:15px/1.38 system-ui,'Noto Sans',sans-serif;
  background:#c3d6b8; }
.bubble { background:#fff; color:#000; border-radius:14px; padding:8px 12px; max-width:430px;
  margin-bottom:4px; white-space:pre-wrap; overflow-wrap:anywhere; unicode-bidi:plaintext; }
.quote { border-left:3px solid #3390ec; padding:2px 8px; margin-bottom:6px; font-size:14px;
  background:rgba(51,144,236,.12); border-radius:4px; white-space:nowrap; overflow:hidden;
  text-overflow:ellipsis; }
.time { text-align:right; font-size:12px; opacity:.55; }
.row { display:flex; gap:4px; max-width:454px; margin-bottom:4px; }
.button { flex:1; text-align:center; color:#fff; background:rgba(74,104,60,.75); border-radius:8px;
  padding:8px 4px; font-size:14px; }
.after { height:10px; }
a { color:#2a7fd4; text-decoration:none; } code { font-family:'Noto Sans Mono',monospace; }
@media (prefers-color-scheme: dark) { body { background:#0e1621; }
  .bubble { background:#182533; color:#fff; } a { color:#6ab3f3; }
  .button { background:rgba(60,90,120,.7); } }
</style></head><body>"""


def _chat(alert: Outgoing, reply: Outgoing) -> str:
    """Return a page that shows two messages as a chat would."""
    quoted = escape(telegram_lines(alert)[0].text)
    return "".join((_CHAT, *_message(alert, "edited 09:26"), *_message(reply, "09:26", quoted)))


def _message(outgoing: Outgoing, time: str, quoted: str = "") -> Iterator[str]:
    quote = f'<div class="quote"><b>Watcher</b><br>{quoted}</div>' if quoted else ""
    told = telegram_html(outgoing)
    yield f'<div class="bubble">{quote}{told}<div class="time">{time}</div></div>'
    yield from map(_row, outgoing.keyboard)
    yield '<div class="after"></div>'


def _row(buttons: tuple[Button, ...]) -> str:
    cells = "".join(f'<div class="button">{escape(button.text)}</div>' for button in buttons)
    return f'<div class="row">{cells}</div>'


def _draw(chromium: str, page: str, picture: Path, height: int, scheme: str) -> None:
    """Render a page; Chromium writes a whole window, whatever the page's height."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        command = [
            chromium,
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--window-size={WIDTH},{height}",
            f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
            f"--screenshot={picture.resolve()}",
            source.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603


def _shrink(picture: Path) -> None:
    """Leave a picture 64 colours where pngquant is installed: a third of the size."""
    if shutil.which("pngquant"):
        command = ["pngquant", "--force", "--ext=.png", "--strip", "64", str(picture)]
        subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
