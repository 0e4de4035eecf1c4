"""Names of months and halves of the day, as feeds write them."""

import unicodedata


def fold(text: str) -> str:
    """Return text in one spelling: lower case, no accents, ASCII digits, full-width made plain."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    kept = (character for character in apart if unicodedata.category(character) != "Mn")
    return unicodedata.normalize("NFC", "".join(map(_digit, kept)))


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


#: Nominative, genitive and short forms in English, Indonesian, Malay, Russian, Ukrainian,
#: German, French, Spanish, Portuguese, Italian, Turkish, Polish, Dutch, Swedish, Danish,
#: Norwegian, Arabic (both sets), Persian, Hindi and Thai. No word means two months, so the
#: language need not be known.
MONTH_WORDS = {
    1: """january jan januari januar janner janvier janv enero ene janeiro gennaio gen ocak oca
        января январь янв січня січень січ stycznia styczeń sty يناير كانون_الثاني ژانویه जनवरी
        มกราคม""",
    2: """february feb febr februari peb pebruari februar février fév févr febrero fevereiro fev
        febbraio febbr şubat şub февраля февраль фев февр лютого лютий лют lutego luty lut فبراير
        شباط فوریه फ़रवरी फरवरी กุมภาพันธ์""",
    3: """march mar maret mac märz mär maerz mrz mars marzo março mart marca marzec maart mrt marts
        марта март мар березня березень бер مارس آذار मार्च มีนาคม""",
    4: """april apr avril avr abril abr aprile nisan nis kwietnia kwiecień kwi апреля апрель апр
        квітня квітень квіт кві أبريل إبريل نيسان آوریل अप्रैल เมษายน""",
    5: """may mei mai mayo maio maggio mag mayıs mayis maja maj мая май травня травень трав тра مايو
        ماي أيار मई พฤษภาคม""",
    6: """june jun juni juin junio junho giugno giu haziran haz czerwca czerwiec cze июня июнь июн
        червня червень черв чер يونيو يونيه حزيران ژوئن जून มิถุนายน""",
    7: """july jul juli julai juillet juil julio julho luglio lug temmuz tem lipca lipiec lip июля
        июль июл липня липень лип يوليو يوليوز يوليه تموز ژوئیه जुलाई กรกฎาคม""",
    8: """august aug agustus agt agu ags ags ogos ogo août aout agosto ago ağustos ağu sierpnia
        sierpień sie augustus augusti августа август авг серпня серпень серп сер أغسطس آب اوت अगस्त
        สิงหาคม""",
    9: """september sep sept septembre septiembre setiembre set setembro settembre sett eylül eyl
        września wrzesień wrz сентября сентябрь сен сент вересня вересень вер سبتمبر أيلول سپتامبر
        सितंबर सितम्बर กันยายน""",
    10: """october oct oktober okt octobre octubre outubro out ottobre ott ekim eki października
        październik paź октября октябрь окт жовтня жовтень жовт жов أكتوبر تشرين_الأول اکتبر अक्टूबर
        अक्तूबर ตุลาคม""",
    11: """november nov nop nopember novembre noviembre novembro kasım kasim kas listopada listopad
        lis ноября ноябрь ноя нояб листопада листопад лис نوفمبر تشرين_الثاني نوامبر नवंबर नवम्बर
        พฤศจิกายน""",
    12: """december dec desember des disember dis dezember dez décembre déc diciembre dic dezembro
        dicembre aralık aralik ara grudnia grudzień gru декабря декабрь дек грудня грудень груд гру
        ديسمبر كانون_الأول دسامبر दिसंबर दिसम्बर ธันวาคม""",
}

MONTHS = {fold(word): month for month, words in MONTH_WORDS.items() for word in words.split()}

#: Before noon and after it. Japanese, Chinese and Korean write them before the time.
MORNING = frozenset(
    map(fold, ("am", "a.m.", "a.m", "오전", "上午", "午前", "凌晨", "早上", "ص", "sa"))
)
AFTERNOON = frozenset(map(fold, ("pm", "p.m.", "p.m", "오후", "下午", "午後", "晚上", "م", "ch")))
