"""Whether an edit only puts a typo right."""

import pytest
from watchlists import NOON

from watcher.model import Entry
from watcher.service.again import is_mended


def titled(title: str, summary: str = "") -> Entry:
    return Entry("1", title, NOON, summary=summary)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Kim insepcts a shipyard", "Kim inspects a shipyard", id="wrong order"),
        pytest.param("Kim inspecst a shipyard", "Kim inspects a shipyard", id="at the end"),
        pytest.param("Putin commited to talks", "Putin committed to talks", id="a double missing"),
        pytest.param("Putin visitts Kazan", "Putin visits Kazan", id="a double too many"),
        pytest.param("Kim inpects a shipyard", "Kim inspects a shipyard", id="a letter missing"),
        pytest.param("Путин подипсал указ", "Путин подписал указ", id="Cyrillic"),
        pytest.param("KIM INSEPCTS A SHIPYARD", "Kim inspects a shipyard", id="capitals"),
    ],
)
def test_a_typo_put_right_is_nothing_new(before: str, after: str) -> None:
    assert is_mended(titled(after), titled(before))
    assert is_mended(titled(before), titled(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Arms are legal", "Arms are illegal", id="denied"),
        pytest.param("Putin visits Austria", "Putin visits Australia", id="another country"),
        pytest.param("Talks on Tuesday", "Talks on Thursday", id="another day"),
        pytest.param("Putin defends Kim", "Putin defeats Kim", id="another verb"),
        pytest.param("Minister reigns", "Minister resigns", id="a letter of a short word"),
        pytest.param("Putin geliyor", "Putin gelmiyor", id="denied by one letter"),
        pytest.param("Onu gömüyor", "Onu gömmüyor", id="denied by a double letter"),
        pytest.param("Putin uneasy", "Putin uneasily", id="two letters"),
        pytest.param("Ship arrives", "Ships arrive", id="plural"),
        pytest.param("Putin promise", "Putin promised", id="an ending"),
        pytest.param("Princes of Kazan", "Princess of Kazan", id="an ending that doubles"),
        pytest.param("Nuclear plans", "Unclear plans", id="the first letters"),
        pytest.param("Kim has 100012 men", "Kim has 100021 men", id="a number"),
        pytest.param("Trail in Kazan", "Trial in Kazan", id="a short word"),
        pytest.param("Kim insepcts a ship", "Kim inspects a ship again", id="a word more"),
        pytest.param("Kim insepcts a ship?", "Kim inspects a ship", id="no question any more"),
        pytest.param("Kim insepcts commited men", "Kim inspects committed men", id="two words"),
        pytest.param("金正恩朝美会谈", "金正恩美朝会谈", id="words without blanks"),
        pytest.param("Kim inspects", "Kim inspects", id="nothing"),
    ],
)
def test_another_word_may_be_news(before: str, after: str) -> None:
    assert not is_mended(titled(after), titled(before))


def test_a_summary_that_changed_as_well_may_be_news() -> None:
    before, after = titled("Kim insepcts it"), titled("Kim inspects it", "And sinks it.")

    assert not is_mended(after, before)
