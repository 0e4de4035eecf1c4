from hypothesis import given
from hypothesis import strategies as st

from watcher.surrogates import encodable


@given(st.text(st.characters(categories=("Cs", "L", "N", "P", "Cc"))))
def test_text_is_made_utf8_and_every_place_stays(text: str) -> None:
    made = encodable(text)

    made.encode()
    assert len(made) == len(text)
    assert encodable(made) == made


@given(st.text())
def test_text_that_utf8_can_hold_stays_as_it_is(text: str) -> None:
    assert encodable(text) == text
