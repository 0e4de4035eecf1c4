import pytest

from watcher.stories.qualifiers import qualifiers


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Hoax: Kim Jong Un dead", {"false": "hoax"}),
        ("Kim Jong Un reportedly dead", {"rumour": "reportedly"}),
        ("North Korea rules out nuclear test", {"undone": "rules out"}),
        ("Former Putin aide arrested", {"former": "former", "aide": "aide"}),
        ("푸틴 방북 취소", {"undone": "취소"}),
        ("金正恩特使抵达莫斯科", {"envoy": "特使"}),
        ("La sœur de Kim Jong Un rencontre Poutine", {"relative": "sœur"}),
        ("Kim Jong Un meets Putin at a single desk", {}),
        ("", {}),
    ],
)
def test_what_makes_another_thing_of_a_headline_is_found(title: str, found: dict[str, str]) -> None:
    assert qualifiers(title) == found


@pytest.mark.parametrize(
    ("language", "title", "found"),
    [
        ("en", "Son of premier arrested", {"relative": "son"}),
        ("fr", "La banque maintient son taux", {}),
        ("es", "Los bonos son un refugio", {}),
        ("tr", "Son dakika: Merkez Bankası faizi indirdi", {}),
        ("vi", "Lũ quét ở Sơn La", {}),
        ("es", "Kim Jong Un y Putin, sin acuerdo", {"without": "sin"}),
        ("sv", "Kungen tar sin middag", {}),
        ("hu", "A kormány után", {}),
        ("it", "Il governo farà la legge", {}),
        ("pl", "Żona premiera", {"relative": "zona"}),
        ("es", "La zona franca", {}),
        ("de", "Der Konzern plant ein Werk", {"plan": "plant"}),
        ("en", "Power plant in Oslo", {}),
        ("id", "Pertemuan batal", {"undone": "batal"}),
        ("es", "La batalla de Oslo", {}),
        ("fr", "La France avertit la presse", {}),
        ("de", "Die Züge halten in Oslo", {}),
        ("en", "Starlink installs dishes", {}),
        ("id", "Amanda di Oslo", {}),
        ("vi", "Hội nghị tại thành phố", {}),
        ("vi", "Cựu thủ tướng bị nghi", {"former": "cuu thu tuong", "rumour": "bi nghi"}),
    ],
)
def test_a_common_word_of_another_language_counts_in_its_own_alone(
    language: str, title: str, found: dict[str, str]
) -> None:
    assert qualifiers(title, language) == found


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "الرئيس لم يلتق الوزير"),
        ("cs", "Premiér smlouvu nepodepsal"),
        ("de", "Premier trifft Minister nicht"),
        ("el", "Ο πρωθυπουργός δεν υπέγραψε"),
        ("en", "Premier hasn\u2019t signed the pact"),
        ("es", "El ministro no firmó el pacto"),
        ("fa", "وزیر پیمان را امضا نکرد"),
        ("fi", "Pääministeri ei tavannut ministeriä"),
        ("fr", "Le ministre n\u2019a pas signé"),
        ("hi", "मंत्री ने समझौता नहीं किया"),
        ("hu", "A miniszter nem írta alá"),
        ("id", "Menteri tak teken perjanjian"),
        ("it", "Il ministro non firma il patto"),
        ("ja", "首相、大臣と会談せず"),
        ("ko", "총리, 장관 만나지 않아"),
        ("nl", "Premier tekent verdrag niet"),
        ("pl", "Premier nie podpisał umowy"),
        ("pt", "Ministro não assinou o pacto"),
        ("ro", "Ministrul nu semnează pactul"),
        ("ru", "Министр не подписал договор"),
        ("sv", "Ministern skrev inte under"),
        ("th", "นายกฯ ไม่ได้ลงนาม"),
        ("tr", "Bakan anlaşmayı imzalamadı"),
        ("uk", "Міністр договору не підписав"),
        ("vi", "Bộ trưởng không ký hiệp ước"),
        ("zh", "总理未与部长会晤"),
    ],
)
def test_a_plain_denial_is_found_in_every_language(language: str, title: str) -> None:
    assert "not" in qualifiers(title, language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Premier reist im Mai nach Oslo"),
        ("fr", "Un Français né au Mali arrêté"),
        ("hi", "मंत्री ने नेता को न्योता दिया"),
        ("it", "Premier: ne parla con il ministro"),
        ("ja", "首相、未来の安保を語る"),
        ("ko", "정부, 안보 방안 제안"),
        ("nl", "Premier nu in Oslo voor overleg"),
        ("pl", "Tak premier świętował urodziny"),
        ("pt", "Ministro assina pacto no Brasil"),
        ("sv", "Ministern nu på plats"),
        ("tr", "Bakan ne dedi"),
        ("zh", "总理谈未来合作"),
        ("en", "Persona of the year: media mogul Ahmadi, 21"),
    ],
)
def test_the_same_letters_deny_nothing_in_another_language(language: str, title: str) -> None:
    assert "not" not in qualifiers(title, language)
