import pytest

from watcher.service.in_force.channels import pieces


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        pytest.param("4711:tokentokentoken", {"tokentokentoken"}, id="the end of a bot's token"),
        pytest.param("reader:password", {"password"}, id="the password of a login"),
        pytest.param("reader:pass", set(), id="one too short to be told from a word"),
        pytest.param("a plain password", set(), id="a password alone"),
        pytest.param(
            "json://me:hook%20password@hooks.example.org:8080/api/T0KENT0KEN?-key=query-token&x=1",
            {"hook%20password", "hook password", "T0KENT0KEN", "query-token"},
            id="login, path and values of an address, not its host",
        ),
        pytest.param("slack://T1JJ3T3L2/A1BRTD4JD/", {"T1JJ3T3L2", "A1BRTD4JD"}, id="no host"),
        pytest.param("json://[bad/long-enough", set(), id="no address"),
    ],
)
def test_a_secret_is_known_in_pieces_too(secret: str, told: set[str]) -> None:
    assert set(pieces(secret)) == told
