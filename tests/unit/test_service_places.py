import os
from pathlib import Path

import pytest

from watcher.errors import StorageError, UsageError
from watcher.service.installation.places import Places, service_environment, service_of


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "..", "credentials", "x" * 32, "é"])
def test_a_name_that_no_unit_and_folder_can_have_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a service"):
        Places(name)


@pytest.mark.parametrize(
    ("config", "unit"),
    [
        ("/etc/watcher/config.toml", "watcher.service"),
        ("/etc/watcher/new.toml", "watcher.service"),
        ("/etc/watcher/energy/config.toml", "watcher@energy.service"),
        ("/etc/watcher/energy/more/config.toml", None),
        ("/home/ana/config.toml", None),
        ("config.toml", None),
    ],
)
def test_a_configuration_belongs_to_the_service_in_whose_folder_it_lies(
    config: str, unit: str | None
) -> None:
    places = service_of(Path(config))

    assert (places.unit if places else None) == unit


def installed(root: Path, instance: str | None = None) -> Places:
    places = Places(instance, root)
    for folder in (places.config_folder, places.state, places.credentials):
        folder.mkdir(parents=True)
    return places


@pytest.mark.parametrize("instance", [None, "energy"])
def test_a_command_finds_the_state_and_the_secrets_of_the_service(
    tmp_path: Path, instance: str | None
) -> None:
    places = installed(tmp_path, instance)

    assert service_environment(places.config, {}, tmp_path) == {
        "STATE_DIRECTORY": str(places.state),
        "CREDENTIALS_DIRECTORY": str(places.credentials),
    }


def test_inside_the_service_systemd_has_the_word(tmp_path: Path) -> None:
    places = installed(tmp_path)
    environ = {"STATE_DIRECTORY": "/var/lib/watcher"}

    assert service_environment(places.config, environ, tmp_path) == {}


def test_before_the_service_ran_nothing_is_found(tmp_path: Path) -> None:
    assert service_environment(Places(root=tmp_path).config, {}, tmp_path) == {}


def test_a_state_that_is_not_for_this_user_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = installed(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(StorageError, match=r"watcher\.service in .* use sudo"):
        service_environment(places.config, {}, tmp_path)
