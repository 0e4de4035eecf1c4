import pytest
from fuzz_targets import SEEDS, TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

#: Enough to see that a target works; `make fuzz` goes on for minutes.
BRIEFLY = 60


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=BRIEFLY, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_what_a_target_asks_holds_of_whatever_it_is_given(name: str, data: st.DataObject) -> None:
    holds, given_ = TARGETS[name]
    holds(*(data.draw(strategy) for strategy in given_))


@pytest.mark.parametrize("kind", ["feed", "config", "updates"])
def test_seeds_are_what_they_are_called(kind: str) -> None:
    holds, _ = TARGETS["parse" if kind == "feed" else kind]
    seeds = sorted(SEEDS.glob(f"{kind}-*"))
    assert len(seeds) > 1
    for seed in seeds:
        holds(seed.read_bytes(), *((None,) if kind == "feed" else ()))
