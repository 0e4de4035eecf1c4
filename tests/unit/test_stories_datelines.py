"""Who wrote a text, where and when, as it stands before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.datelines import without_dateline

TEXT = "Kim Jong Un met farmers."


@pytest.mark.parametrize(
    ("language", "dateline"),
    [
        ("it", "(ANSA) - ROMA, 03 OTT - "),
        ("it", "Roma, 3 ott. (askanews) - "),
        ("it", "(Adnkronos) - "),
        ("ru", "МОСКВА, 3 окт — РИА Новости. "),
        ("ru", "МОСКВА, 3 октября. /ТАСС/. "),
        ("ru", "Москва. 3 октября. INTERFAX.RU - "),
        ("es", "Madrid, 3 oct (EFE).- "),
        ("de", "Rüsselsheim (dpa) - "),
        ("de", "Berlin (AFP) "),
        ("de", "Berlin – "),
        ("cs", "Praha - "),
        ("id", "TEMPO.CO, Jakarta - "),
        ("id", "Liputan6.com, Jakarta "),
        ("id", "Jakarta, CNN Indonesia -- "),
        ("ko", "(서울=연합뉴스) 홍길동 기자 = "),
        ("ja", "【横浜共同】"),
        ("zh", "新华社北京10月3日电（记者李明）"),
        ("ar", "الرياض 3 أكتوبر (رويترز) - "),
        ("en", "By Jane Doe and Ann Roe ROME, 17 Aug : "),
        ("en", "KANSAS CITY, Mo. — "),
        ("en", "Doha, Qatar - "),
        ("en", "Aug 19 : "),
        ("en", "Lucknow: "),
        ("en", "Cape Town - "),
        ("en", "Port-au-Prince, Haiti – "),
        ("en", "Singapore: "),
        ("es", "Buenos Aires – "),
        ("es", "San José – "),
        ("id", "Liputan6.com, Bogor - "),
        ("id", "Liputan6.com, Tanah Datar - "),
        ("id", "Kota Bogor - "),
        ("id", "Jakarta Selatan - "),
        ("de", "Köln – "),
        ("de", "Frankfurt/Main – "),
        ("de", "Bonn (ots) - "),
        ("en", "Berlin/Paris: "),
        ("en", "Washington/Tehran: "),
        ("id", "Liputan6.com, Kuala Lumpur - "),
        ("id", "Liputan6.com, Bandung Barat - "),
        ("es", "Caracas: "),
        ("tr", "Ankara: "),
    ],
)
def test_who_wrote_a_text_where_and_when_is_cut_off(language: str, dateline: str) -> None:
    assert without_dateline(f"{dateline}{TEXT}", language) == TEXT


@pytest.mark.parametrize(
    ("language", "kicker"),
    [
        ("de", "Stromausfall in Wladiwostok – "),
        ("de", "Atomkrieg in Korea – "),
        ("de", "Terror in Paris, 3. Oktober – "),
        ("en", "Nuclear Test – "),
        ("en", "Nuclear Test (Video) – "),
        ("en", "Nuclear Test, North Korea – "),
        ("en", "Blackout in Vladivostok – "),
        ("en", "Sabotage: "),
        ("de", "Stromausfall – "),
        ("de", "Atomkrieg – "),
        ("en", "North Korea: "),
        ("en", "Iran and Israel: "),
        ("en", "Cape Town Blackout – "),
        ("en", "Radiation Leak: "),
        ("en", "US Nuclear Test – "),
        ("en", "Senator Roe (R-Ky.) "),
        ("ru", "Взрыв в Москве – "),
        ("ja", "核実験(動画) - "),
        ("ja", "【爆発・共同】"),
        ("en", "Coup - "),
        ("en", "Reuters.com, Nuclear Strike - "),
        ("id", "Kompas.com, Tsunami Aceh - "),
        ("id", "Liputan6.com, Gempa Bumi - "),
        ("id", "Serang: "),
        ("id", "Malang: "),
        ("id", "Solo: "),
        ("en", "Male: "),
        ("de", "Main: "),
        ("en", "Moscow and Kyiv: "),
    ],
)
def test_a_kicker_stays(language: str, kicker: str) -> None:
    assert without_dateline(f"{kicker}{TEXT}", language) == f"{kicker}{TEXT}"


@given(st.text(), st.sampled_from(["en", "de", "ja", None]))
def test_a_text_only_loses_its_beginning(text: str, language: str | None) -> None:
    assert text.endswith(without_dateline(text, language))
