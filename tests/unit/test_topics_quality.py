"""How well the example watchlist reads real news (F1 of at least .95 and .90)."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from example_topics import ARMS, SEEN, SUMMIT, example, topics_of, watchlist

from watcher.config import Settings
from watcher.model import Entry
from watcher.service.evaluate.hidden import halved_terms, hidden_terms
from watcher.service.evaluate.topics import evaluate_topics, mean_topics
from watcher.service.trials.items import Item, read_items

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data" / "topics" / "dev.jsonl"

#: Written for this test, in thirty languages, some with a summary, four in ten look-alikes: other
#: leaders, the other direction, other wars.
MADE = PROJECT / "tests" / "data" / "topics" / "headlines.jsonl"

needs_data = pytest.mark.skipif(not DATA.exists(), reason=f"shared data missing: {DATA}")


@cache
def labelled(path: Path = DATA) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the gold topics and those found, per item."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (
            frozenset(item["labels"]),
            frozenset(m.topic for m in watchlist().read(as_entry(item)).matches),
        )
        for item in items
    ]


def as_entry(item: dict[str, str | None]) -> Entry:
    title, summary = item["title"] or "", item.get("summary") or ""
    return Entry(str(item["id"]), title, SEEN, summary, language=item["lang"])


def f1(topic: str, path: Path) -> float:
    pairs = labelled(path)
    right = sum(topic in gold and topic in found for gold, found in pairs)
    return 2 * right / sum((topic in gold) + (topic in found) for gold, found in pairs)


@needs_data
@pytest.mark.parametrize(("topic", "least"), [("kim-putin-summit", 0.95), ("nk-russia-arms", 0.95)])
def test_example_watchlist_finds_real_news(topic: str, least: float) -> None:
    assert f1(topic, DATA) >= least


@pytest.mark.parametrize(("topic", "least"), [("kim-putin-summit", 0.97), ("nk-russia-arms", 0.97)])
def test_example_watchlist_tells_headlines_from_look_alikes(topic: str, least: float) -> None:
    assert f1(topic, MADE) >= least


@needs_data
@pytest.mark.parametrize(
    ("without", "summit", "arms"),
    [
        # Measured: .92 and .75.
        pytest.param(hidden_terms, 0.85, 0.65, id="terms that no other story holds"),
        # .83 and .73.
        pytest.param(halved_terms, 0.75, 0.6, id="half of every list"),
    ],
)
def test_most_of_it_survives_terms_that_were_not_known(
    without: Callable[[Sequence[Item], Settings], list[list[Item]]], summit: float, arms: float
) -> None:
    settings, items = example(), read_items(DATA)

    found = mean_topics([evaluate_topics(run, settings) for run in without(items, settings)])

    assert found["kim-putin-summit"].f1 >= summit
    assert found["nk-russia-arms"].f1 >= arms


SEED = "Kim Jong Un Temui Putin di Rusia, Apa yang Bakal Dibahas?"
SEED_SUMMARY = (
    "Pemimpin Korea Utara Kim Jong Un menghadiri pertemuan puncak dengan Vladimir Putin. Amerika "
    "Serikat menduga Pyongyang akan memasok senjata ke Rusia."
)


def test_the_first_headline_rings_on_both_topics_with_its_evidence() -> None:
    reading = watchlist().read(Entry("1", SEED, SEEN, SEED_SUMMARY, language="id"))
    found = {m.topic: {(one.list, one.text) for one in m.evidence} for m in reading.matches}

    assert set(found) == {"kim-putin-summit", "nk-russia-arms"}
    assert {("kim", "Kim Jong Un"), ("putin", "Putin")} <= found["kim-putin-summit"]
    assert {
        ("north_korea", "Pyongyang"),
        ("transfer", "memasok"),
        ("weapons", "senjata"),
        ("russia", "Rusia"),
    } <= found["nk-russia-arms"]


@pytest.mark.parametrize(
    "title",
    [
        "Trump dan Kim Jong Un bertemu di Singapura",
        "Putin dan Xi Jinping bertemu di Beijing, bahas kerja sama militer",
        "Kim Kardashian mengunjungi Moskow",
        "Amerika Serikat menyetujui penjualan senjata ke Taiwan",
        "Rusia memasok senjata ke Korea Utara, kata Seoul",
        "Russia arms North Korea with air defence missiles",
    ],
)
def test_its_look_alikes_do_not_ring(title: str) -> None:
    assert not watchlist().read(Entry("1", title, SEEN)).matches


@pytest.mark.parametrize(
    ("language", "title", "topic"),
    [
        ("de", "Kims Russlandreise: Panzerzug passiert die Grenze", SUMMIT),
        ("sv", "Putins Nordkoreabesök: röd matta i Pyongyang", SUMMIT),
        ("zh", "金正恩離俄 結束俄羅斯行", SUMMIT),
        ("ca", "Putin visita Corea del Nord i es reuneix amb Kim", SUMMIT),
        ("gl", "Corea do Norte envía mísiles a Rusia", ARMS),
    ],
)
def test_a_journey_in_one_word_and_languages_with_few_lists_are_read(
    language: str, title: str, topic: str
) -> None:
    assert topics_of(title, language) == {topic}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("es", "Putin abandona el tratado nuclear mientras Corea del Norte protesta"),
        ("fr", "Poutine gagne grâce à la Corée du Nord"),
        ("de", "Putin fährt Verluste ein, Nordkorea hilft"),
        ("ja", "プーチン大統領、クルスク視察 北朝鮮兵に謝意"),
        ("lt", "Karas vyksta: Putinas ir Šiaurės Korėja"),
        ("en", "Nuclear-armed North Korea fires missile, Russia reacts"),
        ("en", "North Korean soldiers used as cannon fodder by Russia"),
        ("en", "Russia fires back at US over North Korea missile claim"),
        ("de", "Russland gibt sich besorgt über Nordkoreas Rakete"),
        ("it", "Missile nordcoreano: la Russia di fronte al Consiglio di sicurezza"),
    ],
)
def test_everyday_words_are_neither_a_journey_nor_a_delivery(language: str, title: str) -> None:
    assert not topics_of(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Putin in North Korea row with Seoul"),
        ("en", "Kim Jong Un in Russia's pocket, says Seoul"),
        ("en", "Kim Jong Un in Russia pact: what to know"),
        ("ru", "Путин в КНДР популярнее, чем в России"),
        ("zh", "金正恩:俄罗斯列车失事 表示慰问"),
        ("ko", "김정은, 러시아 열차 사고에 위로"),
        ("en", "Russia attacks North Korean missile sanctions at UN"),
        ("en", "Russia gets warning over North Korean weapons"),
        ("en", "Russia gets blame for North Korean missile tech"),
        ("en", "Russia launches satellite; North Korean missile test seen"),
    ],
)
def test_a_country_in_a_name_or_a_phrase_is_no_place_and_no_weapon(
    language: str, title: str
) -> None:
    assert not topics_of(title, language)
