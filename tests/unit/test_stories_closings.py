"""What stands behind a report and tells nothing of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.stories.closings import without_closings

TEXT = "The Boeing landed safely on Tuesday."


@pytest.mark.parametrize(
    "closing",
    [
        "The post The Boeing landed. What now? appeared first on Gulf Herald.",
        "… Continue reading The Boeing, Part 2. →",
        "Reporting by Ann Roe; editing by J. Doe",
        "Read more",
        "Continue reading...",
        "Baca juga: Harga beras naik lagi",
        "Follow us on Telegram. Sign up for our newsletter.",
        "[Foto: AFP]",
        "Photo: Ann Roe, AFP.",
        "This is a breaking news story. More to follow.",
        "Jane Doe reports.",
        "What we know so far.",
        "Here's the latest.",
        "Das Wichtigste im Überblick.",
        "Ce que l'on sait.",
        "Ce qu'on sait.",
        "Esto es lo que se sabe.",
        "Подробности уточняются.",
        "Begini kronologinya.",
        "Simak penjelasannya.",
    ],
)
def test_what_templates_write_under_a_report_is_cut_off(closing: str) -> None:
    assert without_closings(f"{TEXT} {closing}").rstrip(" …") == TEXT


def test_what_names_the_first_outlet_needs_no_full_stop_before_it() -> None:
    assert without_closings("It landed The post It landed appeared first on Herald.") == "It landed"


@pytest.mark.parametrize(
    "more",
    [
        "Read more. Its wing was gone.",
        "Read more Nine climbers dead.",
        "Police read more than they had hoped for.",
        "The post of the minister is vacant.",
        "(Two men were hurt)",
        "The town reports.",
        "IDF Denies Reports.",
        "Watch live as rescuers pull 12 bodies from the sea.",
        "What we know is that nine are dead.",
        "More details, police said, follow from the wing that is gone.",
    ],
)
def test_what_a_report_says_itself_stays(more: str) -> None:
    assert without_closings(f"{TEXT} {more}") == f"{TEXT} {more}"


@pytest.mark.parametrize(
    ("report", "closing"),
    [
        (
            "Roe, who left the post of minister, was held.",
            "The post Roe is held appeared first on X.",
        ),
        ("L'article 5 est invoqué.", "L'article Roe est apparu en premier sur X."),
        ("Impiden la entrada de ayuda.", "La entrada Roe se publicó primero en X."),
    ],
)
def test_what_names_the_first_outlet_begins_where_its_words_stand_last(
    report: str, closing: str
) -> None:
    assert without_closings(f"{report} {closing}") == report


@pytest.mark.parametrize(
    ("language", "more"),
    [
        ("en", "Reporting by the BBC found that five guards were killed."),
        ("en", "Copyright lawyers were killed in the blast."),
        ("ru", "Подробнее о взрыве, при котором погибли пять охранников, рассказал МЧС."),
        ("en", "Photo: the ship has sunk with all 40 crew, the coastguard said."),
        ("en", "Copyright lawyers were killed in the blast (AFP)."),
        ("de", "Lesen Sie hier, wie 40 Seeleute starben."),
        ("en", "Read more about how two officers were shot dead in the raid."),
        ("de", "Mehr dazu, dass fünf Wachen getötet wurden, sagte niemand."),
        ("en", "Photo: Ten killed in strike on Kyiv, officials told AFP."),
        ("en", "File photo: president killed in attack, says TASS."),
        ("en", "Read more about our troops killed in Mali."),
        ("en", "Photo: The house where a missile killed 23 people (AFP)"),
        ("de", "Foto: Das Haus, in dem 23 Menschen getötet wurden (dpa)"),
        ("en", "Photo: the ship has sunk with all 40 crew, TASS"),
        ("en", "Photo: Ten killed, Police Told Reuters"),
    ],
)
def test_a_grave_act_is_told_though_its_sentence_begins_as_a_closing(
    language: str, more: str
) -> None:
    assert without_closings(f"{TEXT} {more}", language) == f"{TEXT} {more}"


@pytest.mark.parametrize(
    ("language", "closing"),
    [
        ("en", "Read also: Man dies in fire."),
        ("id", "Baca juga: Lima pengawal tewas"),
        ("ru", "Читайте также: Погибли пять человек"),
        ("en", "Read more: Five killed in bus crash"),
        ("en", "Continue reading Pilot dies in crash"),
        ("en", "Read more about Former adviser pleads guilty on Herald"),
        ("en", "Reporting by: Jack Killen"),
        ("en", "(Photo: a ferry sank, killing nine)"),
        ("id", "Baca selengkapnya: bus kecelakaan, lima tewas"),
        ("fr", "Lire la suite : accident de bus, cinq morts"),
        ("de", "Mehr dazu: Fünf Wachen getötet."),
        ("ru", "Подробнее: автобус разбился, пять погибших"),
        ("en", "Sign up for our free newsletter."),
        ("en", "Read more about our coverage of attacks in Ukraine."),
        ("en", "Read more about our live coverage of attacks in Ukraine."),
        ("en", "Photo: A house hit by a Russian attack in Kyiv, AFP."),
        ("en", "Photo: A house hit by a Russian attack in Kyiv (AFP via Getty Images)."),
        ("de", "Foto: Rettungskräfte nach dem Angriff (picture alliance/dpa)"),
        ("de", "Foto: Rettungskräfte nach dem Angriff auf Kiew (dpa)"),
        ("es", "Foto: el presidente detenido (EFE)."),
        ("id", "Foto: korban tewas (AFP)."),
        ("en", "Photo: Victims of the attack are carried away (REUTERS/Alina Smutko)."),
        ("en", "Photo: A house hit by an attack on 12 March 2024 (AP Photo/Efrem Lukatsky)"),
        ("id", "Foto: Korban tewas dievakuasi (AFP/Bay Ismoyo)"),
        ("id", "Foto: Petugas mengevakuasi korban tewas (ANTARA FOTO/Aditya Pradana)."),
        ("de", "Foto: Rettungskräfte nach dem Angriff (dpa/Michael Kappeler)"),
    ],
)
def test_another_report_a_credited_picture_and_an_offer_go(language: str, closing: str) -> None:
    assert without_closings(f"{TEXT} {closing}", language) == TEXT


@given(st.text())
def test_a_text_only_loses_its_end(text: str) -> None:
    assert text.startswith(without_closings(text))
