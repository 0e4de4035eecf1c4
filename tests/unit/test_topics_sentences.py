import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.topics.sentences import split_sentences, word_numbers


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Kim came. Putin left.", 2, id="English"),
        pytest.param("The U.S. Navy came. N. Korea fired.", 2, id="initials"),
        pytest.param("Unit No. 5 fired on Sept. 12. It fell.", 2, id="abbreviations"),
        pytest.param("Gen. Smith met Mr. Kim.", 1, id="titles"),
        pytest.param("It cost 3.5 million.", 1, id="decimal point"),
        pytest.param("On Sept. 13. He left.", 2, id="a day may end a sentence"),
        pytest.param("Am 13. September kam Kim. Er ging.", 2, id="German date"),
        pytest.param("Kim traf z. B. Putin i. d. R. in Moskau. Er ging.", 2, id="z. B., i. d. R."),
        pytest.param("Dne 13. září přijel. Odjel.", 2, id="Czech date"),
        pytest.param("kim came. putin left", 1, id="lower case goes on"),
        pytest.param("Dne 13. 9. 2023 přijel. Odjel.", 2, id="date in numbers"),
        pytest.param("“He came.” Then he left.", 2, id="closing quote"),
        pytest.param("Really? Yes! Good.", 3, id="question and call"),
        pytest.param("金正恩抵达。普京离开！真的？", 3, id="Chinese"),
        pytest.param("「来た。」彼は言った。", 2, id="Japanese quote"),
        pytest.param("김정은이 왔다. 푸틴은 갔다.", 2, id="Korean"),
        pytest.param("وصل كيم؟ غادر بوتين. انتهى.", 3, id="Arabic"),
        pytest.param("किम आए। पुतिन गए।", 2, id="Hindi"),
        pytest.param("One\n\nTwo", 2, id="blank line"),
        pytest.param("a line\nbroken", 1, id="line break"),
        pytest.param("В 2023 г. Ким приехал. Путин уехал.", 2, id="Russian year"),
        pytest.param("", 0, id="empty"),
    ],
)
def test_text_has_so_many_sentences(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@given(st.one_of(st.text(), st.text(st.sampled_from('Ab. !?。\n"’1…'))))
def test_sentences_follow_each_other_and_leave_out_only_spaces(text: str) -> None:
    spans = split_sentences(text)
    last = 0
    for start, end in spans:
        assert last <= start < end
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Kim met Putin", 3, id="English"),
        pytest.param("金正恩普京", 3, id="two characters are a word"),
        pytest.param("김정은", 2, id="Korean"),
        pytest.param("Kim, Putin", 2, id="punctuation parts"),
    ],
)
def test_last_word_has_its_number(text: str, expected: float) -> None:
    assert word_numbers(text)[-1] == pytest.approx(expected, abs=0.5)


@given(st.text())
def test_word_numbers_never_fall(text: str) -> None:
    numbers = word_numbers(text)

    assert len(numbers) == len(text)
    assert numbers == sorted(numbers)
