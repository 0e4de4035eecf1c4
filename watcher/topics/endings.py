"""What may follow a name in its word: case endings, or the few of languages without cases."""

from watcher.topics.scripts import Script
from watcher.topics.wordsets import word_set

#: Longest case ending after a name ("Путиным", "Kim Dzong Unowi"): measured, topics 2.3.
LONGEST_ENDING = 4

#: Countries of so few Arabic letters have no endings but ...
SHORT_ARABIC_COUNTRY = 4

#: ... those of an adjective, of either gender: Mali is in "millions", Peru in Beirut.
ARABIC_ADJECTIVES = word_set("ي يه")

#: Who is of a place, in Arabic and Urdu, where the few letters are those of an adjective already.
ARABIC_PEOPLE = ARABIC_ADJECTIVES | word_set("ون ين ان ات وں")

#: Endings in Arabic letters, as texts are folded: what and who is of a place, in Arabic, Persian
#: and Urdu; duals and plurals; feminine and accusative; Persian "a" and "of". Any tail of two
#: letters made Iraq of Araghchi, and Kenya of Beijing.
ARABIC_ENDINGS = ARABIC_ADJECTIVES | word_set("""
    ا ه ون ين ان ات يون يين يات يان يي اي ها هاي يها يهاي وں يوں يں ئي
    """)

#: Words take pronouns as well, and the endings of verbs.
ARABIC_WORD_ENDINGS = ARABIC_ENDINGS | word_set("ت تا ته تها وا ن نا ند م ش ما هم هما ك كم و")

#: Case endings that a name of few letters may take: it has little else to be known by, and
#: "Modi" is not in "modify". Slavic, Baltic, Finnic, Hungarian, Turkic, Romanian, Albanian,
#: Germanic genitive, Indonesian -nya.
LATIN_ENDINGS = word_set("""
    a e i o u y ą ę ě é á í s n t
    em om iem ou ovi owi ie ii ově ov ův ova ovo ové ovu ovou ových ovým om mu ho ego emu
    in en an än ta tä sta stä lla llä lle lta ltä ssa ssä ksi ia iä iin
    illa illä ille ilta iltä issa issä ista istä
    nak nek val vel ban ben ba be ból ből ról ről tól től hoz hez höz ért ot nál nél ra re en ön ig
    as ui am ai ams ei
    lə də dən ə ile ilt iga
    ul ului it un ün ın nın nin nun nün da de dan den tan ten ya ye yi yı ga ning ni
    nya
    """)

#: Hungarian alone has these: on, and those around somebody.
HUNGARIAN_ENDINGS = word_set("on ék éknek ékkel ékkal éket")

#: The vowel of Turkish endings after each vowel of a name: Karslı, İzmirli, Trabzonsporlu.
_HARMONY = {"a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}

#: After the soft l of other tongues: Nepalli, Senegalli.
_SOFT_HARMONY = {"ı": "i", "u": "ü"}

#: Turkish has these: those of a place or club, one or many, in each case: Galatasaraylıların.
_TURKISH_ENDINGS = frozenset(
    of + many + case
    for of in ("lı", "li", "lu", "lü")
    for many in ("", "lar", "ler")
    for case in (
        *("", "ın", "in", "un", "ün", "nın", "nin", "nun", "nün", "ı", "i", "u", "ü", "a", "e"),
        *("yı", "yi", "yu", "yü", "ya", "ye", "da", "de", "dan", "den", "la", "le", "yla", "yle"),
    )
)

#: The same for names in Cyrillic.
CYRILLIC_ENDINGS = word_set("""
    а я у ю е и ы о і ї й ь
    ом ем ём ой ей ою ею ым им ою ові еві єві ів ов ев ах ях ам ям ами ями
    ов ова ово ови овы овой ову ын ына ыну ыным ин ина ину иным
    ът та то те
    ның нің дың дің ға ге қа ке ді ны ні да де нан нен
    ский ская ское ские ского
    """)

#: Those of short names, all letters of the name's own script.
SHORT_ENDINGS = {Script.LATIN: LATIN_ENDINGS, Script.CYRILLIC: CYRILLIC_ENDINGS}

#: Tails that make another word of a name, whatever the language: Putinism, Putinist,
#: путинизм, Газпромбанк.
DERIVING = tuple(word_set("ism ist isz izm изм ист ізм іст ize ise ian land gate банк нефт"))

#: Finnish for "from" and "about", which only looks like one of these: "Pjongjangista".
ELATIVE = frozenset({"ista", "istä"})

#: Indonesian and Malay write the possessive and particles to any word: "senjatanya".
INDONESIAN_ENDINGS = frozenset({"nya", "lah", "kah", "ku", "mu", "pun"})

#: Languages that put no case to a name write no more after it than these; else "Harris" is in
#: "Harrison" and "Cooper" in "cooperate". Plurals and what is of a place: Houthis, Cubans, Israeli.
#: Measured on 74,593 titles.
PLAIN_ENDINGS = {
    "en": word_set("s n ns an ans i is ese"),
    "id": INDONESIAN_ENDINGS,
    "nl": word_set("s se er ers"),
    "tl": word_set("s n ns an ans i is ese"),
    "vi": frozenset[str](),
    "sw": frozenset[str](),
    **dict.fromkeys(("pt", "fr", "it", "ca", "gl"), word_set("s es")),
    "es": word_set("s es í íes és"),
}

#: Longer names take these too: Londoners, TikTokers, Brexiteers; of shorter ones "er" makes others,
#: as of "Park".
LONG_NAME = 6
LONG_NAME_ENDINGS = {"en": word_set("er ers eer eers"), "id": word_set("er ers")}

#: Countries take the adjectives of their languages as well; where these are longer, as in Spanish,
#: a country has the endings of names in languages with cases.
COUNTRY_ENDINGS = {
    "en": PLAIN_ENDINGS["en"] | word_set("er ers ic"),
    "id": INDONESIAN_ENDINGS,
    "tl": PLAIN_ENDINGS["tl"],
    "vi": frozenset[str](),
    "sw": frozenset[str](),
}

#: What makes an adjective of a country's name that is of another language, too: "américain" begins
#: with "America", as Italian says. A tail of cases there made other words of most.
ADJECTIVE_TAILS = {
    "fr": word_set(
        """
        in ins ine ines n ne ns nes en ens enne iens ien iennes ienne is ise ises ais aise aises
        """
    ),
    "es": word_set("o os a as no na nos nas ano ana anos anas na és esa eses esas"),
    "pt": word_set(
        """
        o os a as no na nos nas ano ana anos anas s sa ês esa eses esas es nse nses ense enses
        ro ra ros ras
        """
    ),
    "it": word_set("o i a e no ni na ne ano ani ana ane se si ese esi"),
    "de": word_set("sch sche schen scher sches isch ische ischen ischer isches"),
}

#: What only looks like such an adjective: the state in the Middle West.
NO_ADJECTIVES = frozenset({"indiana"})

#: Those of English, which names of events and bodies keep in other languages: Australian Open.
ENGLISH_ADJECTIVES = word_set("n ns an ans i is ese")

#: Where a country's name of another language stands only as it is written, if at all: the Czech
#: name of Greece is in "reckon", the Dutch one of Georgia in "Georgieva".
UNINFLECTED = frozenset(PLAIN_ENDINGS) | word_set("de sv da no af")


def is_turkish(name: str, tail: str) -> bool:
    """Tell whether a tail makes of a name in Turkish who is of it: "Ankaralı", not "Ankarali".

    Args:
        name: in small letters, with its diacritics.
        tail: what follows it in its word.
    """
    vowel = _HARMONY.get(next(filter(_HARMONY.get, reversed(name)), ""), "")
    vowels = {vowel, _SOFT_HARMONY.get(vowel)} if name.endswith("l") else {vowel}
    return tail in _TURKISH_ENDINGS and tail[1] in vowels
