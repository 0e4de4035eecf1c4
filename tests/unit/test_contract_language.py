"""Word lists apply by language: a guess that may be wrong must not hide them."""

import pytest

from watcher.topics.language import identify


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Putin visits Pyongyang", id="not Estonian"),
        pytest.param("Kim Jong Un meets Putin in Vladivostok", id="not Romanian"),
        pytest.param("Google Announces New Android Apps", id="not French"),
    ],
)
def test_a_headline_of_names_is_in_no_known_language(title: str) -> None:
    assert identify(title, "", None).language is None
    assert identify(title, "", "en").language == "en"


@pytest.mark.parametrize(
    ("title", "language"),
    [
        pytest.param(
            "The White House says North Korea is shipping shells to Russia", "en", id="English"
        ),
        pytest.param(
            "Pemerintah Korea Selatan menyatakan bahwa senjata itu sudah dikirimkan",
            "id",
            id="Indonesian",
        ),
        pytest.param("Лидер КНДР прибыл в Россию на переговоры с Путиным", "ru", id="Russian"),
    ],
)
def test_a_headline_of_ordinary_words_has_a_language(title: str, language: str) -> None:
    assert identify(title, "", None).language == language
