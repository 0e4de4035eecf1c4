import pytest

from watcher.config.suggest import nearest

TOPICS = ["kim-putin-summit", "arms", "arms-exports", "ferries"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("kim-putin-sumit", "kim-putin-summit", id="misspelt"),
        pytest.param("KIM", "kim-putin-summit", id="how it begins"),
        pytest.param("putin", "kim-putin-summit", id="a part of it"),
        pytest.param("nk-arms", "arms", id="it is a part"),
        pytest.param("exports", "arms-exports", id="a part is likelier than a likeness below"),
        pytest.param("arm", "arms", id="the shortest of those that begin so"),
        pytest.param("zz", None, id="nothing like it"),
        pytest.param("ki", None, id="too short a part"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_name_that_is_meant_is_found_by_likeness_or_by_a_part(
    name: str, meant: str | None
) -> None:
    assert nearest(name, TOPICS) == meant
