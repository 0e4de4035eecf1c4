import pytest

from watcher.stories.guards import is_correction


@pytest.mark.parametrize(
    "title",
    [
        "Correction: Kim did not meet Putin",
        "CORRECTED-Kim, Putin sign pact",
        "Corrections: the talks of Wednesday",
        "[Ralat] Kim bertemu Putin",
        "Koreksi: Kim bertemu Putin",
        "Kim meets Putin (corrected)",
        "Исправление: Путин встретился с Кимом",
        "Опровержение — Путин не встречался с Кимом",
        "更正：金正恩与普京会晤",
        "【訂正】金正恩氏がプーチン氏と会談",
        "[정정보도] 김정은, 푸틴과 회담",
        "تصحيح: كيم يلتقي بوتين",
        "Korrektur: Kim trifft Putin",
    ],
)
def test_a_headline_that_is_labelled_as_a_correction_is_one(title: str) -> None:
    assert is_correction(title)


@pytest.mark.parametrize(
    "title",
    [
        "Kim meets Putin",
        "Correction facility opens near Perth",
        "Market correction: shares fall by a tenth",
        "Kim corrects Putin at dinner",
        "Klarifikasi Menteri soal Beras",
        "Update: Kim meets Putin",
        "",
    ],
)
def test_what_only_speaks_of_corrections_is_none(title: str) -> None:
    assert not is_correction(title)
