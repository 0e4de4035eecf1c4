"""What only looks like an act."""

import pytest

from watcher.stories.acts import find_acts


@pytest.mark.parametrize(
    ("title", "language", "done"),
    [
        ("18 Tote bei Drohnenangriff", "de", {"die"}),
        ("Moskau droht mit Krieg", "de", {"warn"}),
        ("Appeals court upholds ruling", "en", {"sentence"}),
        ("Typhoon Nando slams Luzon", "en", {"quake"}),
        ("Powerful typhoon slams into Luzon", "en", {"quake"}),
        ("Minister slams flood response", "en", {"condemn", "quake"}),
        ("Earthquake of magnitude 5.8 hits Kabul", "en", {"quake"}),
        ("Quake struck Davao", "en", {"quake"}),
        ("Storm delays Israeli strikes", "en", {"quake", "postpone", "attack"}),
        ("Machinists reject contract, strike enters third month", "en", {"reject", "protest"}),
        ("Salah agrees terms ahead of January transfer", "en", {"agree"}),
        ("Health workers received first doses", "en", set()),
        ("Three dead as rescuers search village", "en", {"die"}),
        ("United jet lands after engine catches fire", "en", {"crash"}),
        ("RBA leaves rates on hold", "en", set()),
        ("Lula obtiene el 44,9 % de los votos", "es", {"elect"}),
        ("Lula obtém 44,9% na pesquisa", "pt", set()),
        ("Lula sanciona lei", "pt", {"approve"}),
        ("Mahkeme karar verdi", "tr", set()),
        ("HDK insani ateşkesi kabul etti", "tr", {"agree"}),
        ("Erdoğan Fidan'ı kabul etti", "tr", {"welcome"}),
        ("BI Tahan Suku Bunga Acuan", "id", set()),
        ("Bupati minta maaf", "id", set()),
        ("Korut tembakkan rudal balistik", "id", {"launch"}),
        ("한은 기준금리 2.50% 동결", "ko", set()),
        ("한국은행 금융통화위원회, 기준금리 유지", "ko", set()),
        ("Lula a obtenu 45,1 % des voix", "fr", set()),
        ("Bank Indonesia menahan BI-Rate", "id", set()),
        ("Health workers received the first of 2,000 doses", "en", set()),
        ("Tanker on fire off Yemen", "en", {"crash"}),
        ("Drone attack sparks fire at terminal", "en", {"attack", "crash"}),
        ("Army opens fire in Khartoum", "en", {"attack"}),
        ("Tanker hit by drone", "en", {"attack"}),
        ("Commander fires back at critics", "en", set()),
        ("North Korea fires missile", "en", {"launch"}),
        ("Crew abandons ship", "en", {"rescue"}),
        ("Three ships in the Red Sea", "en", set()),
        ("Shipping industry on alert", "en", set()),
        ("Pyongyang is shipping shells", "en", {"supply"}),
        ("Bridge collapses in Baltimore", "en", {"crash"}),
        ("Talks collapse in Hanoi", "en", {"cancel"}),
        ("Sales decline in May", "en", {"fall"}),
        ("Premier declines to answer", "en", {"reject"}),
        ("Iran-backed groups in Iraq", "en", set()),
        ("Knee surgery for Warner", "en", set()),
        ("Jets won't fly", "en", set()),
        ("Jobless claims in May", "en", set()),
        ("Floods claim lives in Peru", "en", {"quake", "die"}),
        ("Tanker vor Griechenland von Drohne getroffen", "de", {"attack"}),
        ("Kanzler hat Bauern getroffen", "de", {"meet"}),
        ("Un livre sur Oslo", "fr", set()),
        ("Des secouristes à Oslo", "fr", set()),
        ("Incêndio deixa 3 mortos", "pt", {"crash", "die"}),
        ("Ribuan warga turun ke jalan", "id", {"protest"}),
        ("ICC keluarkan surat penangkapan", "id", {"arrest"}),
        ("Presiden beri sinyal", "id", set()),
        ("탑승객 3명", "ko", set()),
        ("ＡＩ新興、評価額20億ドル", "ja", set()),
        ("反对派在奥斯陆", "zh", set()),
        ("미국, 자산 동결", "ko", {"sanction"}),
        ("Новые санкции против нефти", "ru", {"sanction"}),
        ("Песков выступил против", "ru", {"reject"}),
        ("الدعم السريع يقصف الفاشر", "ar", set()),
    ],
)
def test_everyday_words_and_forces_of_nature_do_no_act(
    title: str, language: str, done: set[str]
) -> None:
    acts = find_acts(title, language)
    assert acts.done | acts.over == done
    assert not acts.planned
