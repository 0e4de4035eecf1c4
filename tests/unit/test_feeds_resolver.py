from socket import AF_INET

import pytest

from watcher.feeds import resolver


@pytest.mark.parametrize(
    ("out", "is_routed"),
    [
        pytest.param(((AF_INET, "127.0.0.1"),), True, id="a route"),
        pytest.param(((AF_INET, "255.255.255.255"),), False, id="none that may be taken"),
        pytest.param(((AF_INET, "255.255.255.255"), (AF_INET, "127.0.0.1")), True, id="one of two"),
    ],
)
def test_a_machine_knows_whether_it_has_a_way_out_without_sending_anything(
    monkeypatch: pytest.MonkeyPatch, out: tuple[tuple[int, str], ...], is_routed: bool
) -> None:
    monkeypatch.setattr(resolver, "_OUT", out)

    assert resolver.has_way_out() is is_routed
