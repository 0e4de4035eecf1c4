import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.topics.detector import _make_lean
from watcher.topics.language import identify

INDONESIAN = "Pemimpin Korea Utara bertemu dengan presiden Rusia di Vladivostok pada hari Rabu"
ENGLISH = "The leader of North Korea met the president of Russia in Vladivostok on Wednesday"
HURRIED = "Hancur Total! Begini Kondisi Khan Younis Gaza Dibombardir Israel"
OF_NAMES = "Philippines apprehends Filipino nationals suspected of spying for China"
DUTCH_NAMES = "Minister van der Wal is na het debat over stikstof niet meer geloofwaardig"
FILIPINO_NAMES = "Kim Jong Un meets Putin at Vostochny cosmodrome"
ROMANIAN_NAMES = "UPDATE 1: Kim Jong Un meets Putin in Vladivostok"
RUSSIAN = "Глава КНДР на встрече сказал, что не против"
BELARUSIAN = "Пры гэтым Пуцін на сустрэчы з Кімам не гаварыў аб зброі для вайны на Усходзе"
BULGARIAN = "Ким Чен Ын и Путин се срещнаха в Русия на среща на върха, съобщи ТАСС от Москва"
KAZAKH = "АҚШ: Солтүстік Корея Ресейге оқ-дәрі жеткізді"
JAPANESE_BYLINE = "Melanie Burton Shivangi Lahiri [20日 ロイター] -"
SPANISH = "El líder de Corea del Norte se reunió con el presidente de Rusia el miércoles"


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        pytest.param("김정은 푸틴 회담", "en", "ko", id="Hangul decides"),
        pytest.param("プーチン大統領と会談", "en", "ja", id="kana decides"),
        pytest.param("ปูตินพบคิม", None, "th", id="Thai decides"),
        pytest.param("Ο Πούτιν", "en", "el", id="Greek decides"),
        pytest.param("פוטין נפגש", None, "he", id="Hebrew decides"),
        pytest.param("金正恩今晤普京", None, "zh", id="characters alone are Chinese"),
        pytest.param("首相訪米", None, None, id="unless Japanese news writes them too"),
        pytest.param("経済対策決定", None, "ja", id="or it alone does"),
        pytest.param("美國總統訪華", None, "zh", id="characters of Taiwan"),
        pytest.param("भूकंप में 12 की मौत, इंडोनेशिया", None, "hi", id="Hindi by its words"),
        pytest.param("पुण्यात मुसळधार पाऊस, शाळांना सुट्टी", None, "mr", id="Marathi clearly"),
        pytest.param("प्रधानमन्त्री भारत भ्रमणमा जाने", None, None, id="Nepali, which looks Marathi"),
        pytest.param("प्रधानमन्त्री भारत भ्रमणमा जाने", "ne", "ne", id="Nepali as declared"),
        pytest.param("米朝首脳会談", "ja", "ja", id="characters may be Japanese if declared"),
        pytest.param("金正恩今晤普京", "zh-TW", "zh", id="primary subtag"),
        pytest.param("Ким Чен Ын", "ru", "ru", id="short text stands as declared"),
        pytest.param("Putin", "id", "id", id="a word stands as declared"),
        pytest.param(INDONESIAN, "id", "id", id="declared rightly"),
        pytest.param(INDONESIAN, "ms", "ms", id="related languages stand as declared"),
        pytest.param(INDONESIAN, "en-US", "id", id="declared wrongly by the feed's software"),
        pytest.param(INDONESIAN, None, "id", id="found by its letters"),
        pytest.param(ENGLISH, None, "en", id="English"),
        pytest.param(ENGLISH, "ru", "en", id="script contradicts"),
        pytest.param(SPANISH, "en", "es", id="words contradict"),
        pytest.param("Владимир Путін зустрівся з лідером Північної Кореї", None, "uk", id="uk"),
        pytest.param(RUSSIAN, None, "ru", id="Russian by its words and letters"),
        pytest.param(BELARUSIAN, None, "be", id="not Belarusian, which has the letters too"),
        pytest.param(BULGARIAN, None, "bg", id="nor Bulgarian with a Russian name"),
        pytest.param(KAZAKH, "kk", "kk", id="no Slavic language has the letters of Kazakh"),
        pytest.param(KAZAKH, None, None, id="so it is unknown, not Ukrainian"),
        pytest.param(HURRIED, "id", "id", id="one everyday word is enough for what is declared"),
        pytest.param(HURRIED.replace("Begini", "The"), "id", "en", id="not beside another's"),
        pytest.param(OF_NAMES, None, "en", id="everyday words say what letters cannot"),
        pytest.param("Colheita de café da Cooxupé alcança 81,1%", None, "pt", id="shared words"),
        pytest.param(DUTCH_NAMES, "en", "nl", id="as many of another language's"),
        pytest.param("Kim Jong-Un sent US arms", None, None, id="too short to be Catalan"),
        pytest.param(FILIPINO_NAMES, None, None, id="nor Filipino without a Filipino word"),
        pytest.param("Putin nakipagkita kay Kim sa Russia, ayon sa ulat", None, "tl", id="tl"),
        pytest.param(ROMANIAN_NAMES, "en", None, id="names do not overrule what is declared"),
        pytest.param(JAPANESE_BYLINE, None, None, id="two languages in one text"),
        pytest.param("12345", None, None, id="no letters"),
        pytest.param("12345", "id", "id", id="no letters but declared"),
        pytest.param("", None, None, id="empty"),
        pytest.param("Putin", "und", None, id="undetermined is not declared"),
    ],
)
def test_language_is_told(text: str, declared: str | None, expected: str | None) -> None:
    assert identify(text, "", declared).language == expected


@given(st.text(max_size=60), st.text(max_size=60), st.one_of(st.none(), st.text(max_size=8)))
def test_any_input_has_an_answer(title: str, summary: str, declared: str | None) -> None:
    language = identify(title, summary, declared).language

    assert language is None or language.isalpha()


@given(
    st.dictionaries(st.binary(max_size=4), st.dictionaries(st.integers(0, 3), st.integers(0, 2)))
)
def test_the_detectors_table_says_the_same_of_languages_that_no_script_gives_away(
    table: dict[bytes, dict[int, int]],
) -> None:
    codes = {0: "en", 1: "th", 2: "ja", 3: "fr"}
    telling = {key: value for key, value in table.items() if not {1, 2}.issuperset(value)}
    _make_lean(table, codes)
    assert {key: list(value.items()) for key, value in table.items()} == {
        key: list(value.items()) for key, value in telling.items()
    }
    assert {key: len(value) for key, value in table.items()} == {
        key: len(value) for key, value in telling.items()
    }
    told = {tuple(value.items()) for value in telling.values()}
    assert len(set(map(id, table.values()))) == len(told)
