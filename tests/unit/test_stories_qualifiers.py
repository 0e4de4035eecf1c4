import pytest

from watcher.stories.qualifiers import qualifiers


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Hoax: Kim Jong Un dead", {"false": "hoax"}),
        ("Kim Jong Un reportedly dead", {"rumour": "reportedly"}),
        ("North Korea rules out nuclear test", {"undone": "rules out"}),
        ("Former Putin aide arrested", {"former": "former", "aide": "aide"}),
        ("푸틴 방북 취소", {"undone": "취소"}),
        ("金正恩特使抵达莫斯科", {"envoy": "特使"}),
        ("La sœur de Kim Jong Un rencontre Poutine", {"relative": "sœur"}),
        ("Kim Jong Un y Putin, sin acuerdo", {"without": "sin"}),
        ("Kim Jong Un meets Putin at a single desk", {}),
        ("", {}),
    ],
)
def test_what_makes_another_thing_of_a_headline_is_found(title: str, found: dict[str, str]) -> None:
    assert qualifiers(title) == found
