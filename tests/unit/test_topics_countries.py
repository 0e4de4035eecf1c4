import pytest

from watcher.topics.countries import countries, country_names, longer_names


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("KP", "en", "North Korea"),
        ("KP", "id", "Korea Utara"),
        ("KP", "zh", "朝鲜"),
        ("KP", "zh", "北韓"),
        ("KP", "th", "เกาหลีเหนือ"),
        ("RU", "vi", "Nga"),
        ("MM", "en", "Burma"),
        ("US", "ja", "米国"),
    ],
)
def test_country_has_its_name_in_a_language(code: str, language: str, name: str) -> None:
    assert name in countries()[code][language]


def test_names_that_mean_other_things_elsewhere_are_bound_to_their_languages() -> None:
    names = {one.text: one for code in ("RU", "IS", "US") for one in country_names(code)}

    assert not names["Nga"].everywhere
    assert names["Nga"].languages == {"vi"}
    assert names["Rusia"].everywhere
    assert not names["Island"].everywhere
    assert names["=US"].languages == {"en"}


@pytest.mark.parametrize(
    ("code", "other"),
    [("RU", "白俄罗斯"), ("IN", "インドネシア"), ("NE", "Nigeria"), ("SD", "Etelä-Sudan")],
)
def test_other_countries_names_that_hold_one_are_known(code: str, other: str) -> None:
    assert other in set(longer_names(code))


def test_unknown_code_has_no_names() -> None:
    assert not list(country_names("XX"))
    assert not list(longer_names("XX"))
