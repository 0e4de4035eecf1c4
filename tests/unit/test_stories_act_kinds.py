import tomllib
from importlib import resources

import pytest

from watcher.stories import act_kinds

ENGLISH = resources.files("watcher.stories").joinpath("data/acts/en.toml")
KINDS = {name: acts for name, acts in vars(act_kinds).items() if name.isupper()}


@pytest.mark.parametrize("kind", KINDS)
def test_all_acts_of_a_kind_are_listed(kind: str) -> None:
    listed = tomllib.loads(ENGLISH.read_text("utf-8"))

    assert listed.keys() >= set(KINDS[kind])
