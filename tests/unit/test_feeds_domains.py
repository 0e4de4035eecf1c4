import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.feeds.domains import ascii_domain


@pytest.mark.parametrize(
    ("name", "in_ascii"),
    [
        pytest.param("x.org", "x.org", id="ASCII"),
        pytest.param("foo_bar.-x..org", "foo_bar.-x..org", id="ASCII that is no host"),
        pytest.param("straße.de", "xn--strae-oqa.de", id="sharp s"),
        pytest.param("βόλος.example", "xn--nxasmm1c.example", id="final sigma"),
        pytest.param("نامه\u200cای.com", "xn--mgba3gch31f060k.com", id="Persian joiner"),
        pytest.param("Новости.РФ.", "xn--b1amnebsh.xn--p1ai.", id="capitals and a last dot"),
        pytest.param("новости。рф", "xn--b1amnebsh.xn--p1ai", id="ideographic dot"),
        pytest.param("foo_bar.рф", "foo_bar.xn--p1ai", id="underscore: the old way"),
        pytest.param("i❤.ws", "xn--i-7iq.ws", id="emoji: the old way"),
    ],
)
def test_a_name_in_ascii_is_the_one_that_browsers_ask_for(name: str, in_ascii: str) -> None:
    assert ascii_domain(name) == in_ascii


@pytest.mark.parametrize("name", ["é..de", "é" * 64 + ".de"])
def test_what_is_no_name_either_way_is_refused(name: str) -> None:
    with pytest.raises(UnicodeError):
        ascii_domain(name)


@given(st.text(max_size=30))
def test_any_text_becomes_ascii_or_is_refused(text: str) -> None:
    try:
        name = ascii_domain(text)
    except UnicodeError:
        return

    assert name.isascii()
    assert ascii_domain(name) == name
