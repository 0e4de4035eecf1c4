"""Whether a name written in the nominative is found in its cases, language by language."""

import pytest

from watcher.topics.compiling import country_terms, plain_terms
from watcher.topics.engine import Engine
from watcher.topics.terms import Kind


def found(name: str, title: str, language: str | None) -> bool:
    """Tell whether a name, written as one's own, is found in a title."""
    terms = plain_terms((name,), "it", Kind.NAME)
    return bool(Engine(terms).find_in(title, language))


def not_found(name: str, language: str, forms: str) -> list[str]:
    """Return the forms, parted by bars, in which a name is not found."""
    return [form for form in forms.split("|") if not found(name, form, language)]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Europäische Union", "in der Europäischen Union|Europäischer Union droht Streit"),
        ("Vereinte Nationen", "bei den Vereinten Nationen|Hilfe Vereinter Nationen"),
        ("Rotes Kreuz", "beim Roten Kreuz|das Rote Kreuz|des Roten Kreuzes|Rotem Kreuz"),
        ("Deutsche Bahn", "bei der Deutschen Bahn|Deutscher Bahn"),
        ("Bayerischer Rundfunk", "der Bayerische Rundfunk|des Bayerischen Rundfunks"),
        ("Deutsches Rotes Kreuz", "beim Deutschen Roten Kreuz"),
        ("Vereinigte Arabische Emirate", "aus den Vereinigten Arabischen Emiraten"),
        ("Rote Khmer", "Führer der Roten Khmer"),
        ("Neue Volkspartei", "Chef der Neuen Volkspartei"),
        ("Hohe Behörde", "Die Hohen Behörden"),
        ("Roter Platz", "auf dem Roten Platz"),
    ],
)
def test_german_adjectives_of_a_name_take_their_endings(name: str, forms: str) -> None:
    assert not not_found(name, "de", forms)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Europäische Union", "Europäischen Union", "nl"),
        ("Rotes Kreuz", "Rot Kreuz", "de"),
        ("Grüne Jugend", "die Grünen: Jugend stirbt", "de"),
        ("Bremen", "Breme", "de"),
        ("Deutsche Bahn", "deutschlandweite Bahn", "de"),
        ("Letzte Generation", "iPhone der letzten Generation", "de"),
        ("Deutsche Bank", "die deutschen Banken", "de"),
        ("Peter Thiel", "Pete Thiel", "de"),
        ("Pete Hegseth", "Peter Hegseth", "de"),
    ],
)
def test_other_words_are_no_german_cases(name: str, title: str, language: str) -> None:
    assert not found(name, title, language)


@pytest.mark.parametrize(
    ("name", "language", "forms"),
    [
        ("Unia Europejska", "pl", "w Unii Europejskiej|Unię Europejską"),
        (
            "Polska Grupa Zbrojeniowa",
            "pl",
            "Polskiej Grupy Zbrojeniowej|z Polską Grupą Zbrojeniową",
        ),
        ("Evropská unie", "cs", "v Evropské unii|Evropskou unii"),
        ("Česká televize", "cs", "v České televizi|s Českou televizí"),
        ("Petra Nováková", "cs", "s Petrou Novákovou|Petry Novákové"),
        ("Európska únia", "sk", "v Európskej únii|Európsku úniu|Európskou úniou"),
        ("Европска унија", "sr", "у Европској унији|Европске уније|Европском унијом"),
        ("Evropska unija", "sr", "u Evropskoj uniji|Evropskom unijom"),
        ("Українська правда", "uk", "в Українській правді|Української правди"),
        ("Новая газета", "ru", "в Новой газете|Новую газету"),
        ("Българска народна банка", "bg", "Българската народна банка"),
        ("Обединени нации", "bg", "Обединените нации"),
        ("Сполучені Штати", "uk", "у Сполучених Штатах|Сполученим Штатам"),
    ],
)
def test_slavic_adjectives_of_women_and_bodies_take_their_endings(
    name: str, language: str, forms: str
) -> None:
    assert not not_found(name, language, forms)


@pytest.mark.parametrize(
    ("name", "language", "forms"),
    [
        ("Суми", "uk", "у Сумах|удар по Сумах|Сумами"),
        ("Черкаси", "uk", "у Черкасах"),
        ("Бровари", "uk", "у Броварах|Броварів"),
        ("Філіппіни", "uk", "на Філіппінах"),
        ("Сумы", "ru", "в Сумах|удар по Сумам"),
        ("Химки", "ru", "в Химках|из Химок"),
        ("Нидерланды", "ru", "в Нидерландах|Нидерландов|Нидерландами"),
        ("Набережные Челны", "ru", "в Набережных Челнах|из Набережных Челнов"),
        ("Pardubice", "cs", "v Pardubicích|Pardubicím"),
        ("Karlovy Vary", "cs", "v Karlových Varech|z Karlových Varů"),
        ("Filipíny", "cs", "na Filipínách|Filipínám"),
        ("Katowice", "pl", "w Katowicach|Katowicom"),
        ("Suwałki", "pl", "w Suwałkach"),
        ("Chiny", "pl", "w Chinach|z Chinami|Chinom"),
        ("Košice", "sk", "v Košiciach"),
    ],
)
def test_names_of_places_in_the_plural_take_its_endings(
    name: str, language: str, forms: str
) -> None:
    assert not not_found(name, language, forms)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Суми", "велика сума; сумам не вірять", "uk"),
        ("Сумы", "крупных сумм; сум не хватает", "ru"),
        ("Моди", "мода; модами", "ru"),
        ("Дели", "делами и делам", "ru"),
        ("Мали", "малые и малым", "ru"),
        ("Chiny", "chiński", "pl"),
        ("Katowice", "katowicki", "pl"),
        ("Brady", "Brad Pitt", "cs"),
        ("Rossi", "Diana Ross", "pl"),
        ("Hardy", "Hard rock", "pl"),
        ("Rocky", "Rock", "cs"),
        ("Штаты", "штат Техас; штатов", "ru"),
        ("Бонди", "доходность бондов", "ru"),
        ("Вести", "Вест-Хэм", "ru"),
    ],
)
def test_the_stem_of_a_plural_is_in_no_other_words(name: str, title: str, language: str) -> None:
    assert not found(name, title, language)


@pytest.mark.parametrize(
    ("code", "language", "forms"),
    [
        ("PH", "he", "בפיליפינים|לפיליפינים"),
        ("PH", "uk", "на Філіппінах|з Філіппін"),
        ("PH", "cs", "na Filipínách"),
        ("NL", "ru", "в Нидерландах"),
        ("US", "de", "in den Vereinigten Staaten"),
        ("US", "cs", "ve Spojených státech"),
        ("GB", "pl", "w Wielkiej Brytanii"),
        ("SA", "ru", "Саудовскую Аравию"),
        ("CZ", "pl", "w Czechach|premier Czech"),
        ("US", "pl", "w Stanach Zjednoczonych"),
        ("AE", "pl", "w Zjednoczonych Emiratach Arabskich"),
        ("TD", "ru", "в Чаде|из Чада|с Чадом"),
        ("TD", "uk", "в Чаді|Чаду"),
        ("TD", "cs", "v Čadu|s Čadem"),
        ("TD", "pl", "w Czadzie|z Czadu"),
        ("TD", "fi", "Tšadissa|Tšadista|Tšadin"),
        ("NE", "pl", "w Nigrze|z Nigru"),
        ("EG", "pl", "w Egipcie|z Egiptu"),
        ("EG", "ru", "в Египте|из Египта"),
        ("EG", "uk", "в Єгипті|Єгипту"),
        ("CN", "hu", "Kínában|Kínát|Kínával"),
        ("KR", "uk", "у Південній Кореї"),
    ],
)
def test_names_of_a_country_take_the_cases_that_names_of_ones_own_do(
    code: str, language: str, forms: str
) -> None:
    engine = Engine(country_terms("it", code))

    assert not [form for form in forms.split("|") if not engine.find_in(form, language)]


@pytest.mark.parametrize(
    ("code", "title", "language"),
    [
        ("TD", "Алексей Чадов снялся в кино", "ru"),
        ("TD", "отравились чадом; в чаду", "ru"),
        ("EG", "египтолог", "ru"),
        ("CN", "kinin; kínban", "hu"),
    ],
)
def test_other_words_are_no_cases_of_a_country(code: str, title: str, language: str) -> None:
    engine = Engine(country_terms("it", code))

    assert not [kind for kind, _ in engine.find_in(title, language) if kind is not Kind.NOT]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Helsinki", "Helsingissä|Helsingin|Helsinkiin"),
        ("Turku", "Turussa|Turun|Turkuun"),
        ("Lahti", "Lahdessa|Lahden|Lahteen"),
        ("Suomenlahti", "Suomenlahdella|Suomenlahden|Suomenlahteen"),
        ("Jukka", "Jukan|Jukalle"),
        ("Lappi", "Lapin|Lapissa"),
        ("Suomi", "Suomessa|Suomen|Suomeen"),
        ("Tampere", "Tampereella|Tampereen"),
        ("Kreikka", "Kreikassa|Kreikan|Kreikkaan"),
        ("Irlanti", "Irlannissa|Irlannin|Irlantiin"),
        ("Itävalta", "Itävallassa|Itävallan|Itävaltaan"),
        ("Yhdysvallat", "Yhdysvalloissa|Yhdysvalloista"),
        ("Filippiinit", "Filippiineillä|Filippiinien|Filippiineille|Filippiinejä"),
        ("Alankomaat", "Alankomaissa|Alankomaiden"),
        ("Virtanen", "Virtasen|Virtaselle|Virtasta"),
        ("Punainen Risti", "Punaisen Ristin|Punaiselle Ristille"),
        ("Euroopan keskuspankki", "Euroopan keskuspankin|Euroopan keskuspankissa"),
        ("Alexander Stubb", "Alexander Stubbin|Alexander Stubbille"),
    ],
)
def test_finnish_stems_change_in_the_cases_of_a_name(name: str, forms: str) -> None:
    assert not not_found(name, "fi", forms)


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("Turku", "turun", "fi"),
        ("Turku", "Turussa", "et"),
        ("Lahti", "Lahden", None),
        ("Nokia", "Nokkia", "fi"),
        ("Meta", "Metsässä", "fi"),
        ("Meta", "Medan", "fi"),
        ("Malta", "Mallan", "fi"),
        ("Orpo", "Orvon", "fi"),
        ("Suomi", "Suomalainen", "fi"),
        ("Kuwait", "Kuwahara", "fi"),
    ],
)
def test_other_words_are_no_finnish_cases(name: str, title: str, language: str | None) -> None:
    assert not found(name, title, language)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Galatasaray", "Galatasaraylılar|Galatasaraylıların|Galatasaraylılardan"),
        ("Fenerbahçe", "Fenerbahçeliler transfer bekliyor|Fenerbahçelilerin"),
        ("Kars", "Karslılara"),
        ("Trabzonspor", "Trabzonsporlu|Trabzonspor'lulardan"),
        ("Nepal", "Nepalli işçiler|Nepallilerin"),
        ("Kemal", "Kemallı"),
    ],
)
def test_turkish_people_of_a_place_or_club_are_forms_of_its_name(name: str, forms: str) -> None:
    assert not not_found(name, "tr", forms)


def test_these_endings_are_turkish_alone() -> None:
    assert not found("Galatasaray", "Galatasaraylılardan", "az")
    assert not found("Ali", "Alililer", "tr")


@pytest.mark.parametrize(
    ("name", "title"), [("Meta", "metali"), ("Vita", "Vitali"), ("Kars", "Karsli")]
)
def test_turkish_endings_take_the_vowel_of_the_name(name: str, title: str) -> None:
    assert not found(name, title, "tr")
