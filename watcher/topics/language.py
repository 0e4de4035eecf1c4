"""Which language an entry is in: by its script, by what the feed declares, by its letters."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from watcher.model import primary_subtag
from watcher.topics.detector import ask
from watcher.topics.han import language_of_characters
from watcher.topics.scripts import SCRIPT_LANGUAGES, Script, script_of, scripts_in
from watcher.topics.terms import language_family
from watcher.topics.wordsets import word_set

#: The languages that write in a script that several share; all others we meet are Latin.
SHARED_SCRIPTS = {
    Script.CYRILLIC: word_set(
        "ab av ba be bg ce cv kk ky mk mn os ru sah sr tg tk tt uk uz az bs sh cnr"
    ),
    Script.ARABIC: word_set("ar az ckb dv fa ks ku ms pa prs ps sd ug ur uz"),
    Script.HAN: word_set("zh ja ko yue wuu gan hak nan"),
}

#: Letters that no Slavic language writes. The detector, which does not know Kazakh and its kin,
#: takes them for Ukrainian.
_NEVER_SLAVIC = frozenset("әғқңөұүһ")
_SLAVIC = word_set("ru uk be bg mk sr")

#: Languages that news never writes in Latin letters.
NEVER_LATIN = (
    SHARED_SCRIPTS[Script.HAN]
    | word_set("ru uk bg be mk ar fa ur")
    | frozenset(SCRIPT_LANGUAGES.values())
)

_TELLING_SCRIPTS = frozenset(SCRIPT_LANGUAGES) | {Script.HAN}

#: Part of the letters that settles the script: a Korean headline may hold Chinese names.
SETTLING_SHARE = 0.15

#: Kana among Chinese characters is Japanese from this share on; a Chinese text may cite a name.
KANA_SHARE = 0.05

#: Fewer letters than this say nothing against what the feed declares.
LEAST_LETTERS = 40

#: How far ahead of the next language the detector's answer must lie, as a share of its score.
#: Headlines are made of names, and a wrong language hides the right word list, where an unknown
#: one hides none. On 3,900 headlines this takes the wrong answers from 1.5 to 0.4 %.
CLEAR_LEAD = 0.15
CLEAR_LEAD_OF_FEW_LETTERS = 0.3

#: Fewer letters than this are mostly names, and tell nothing: "Kim Jong-Un sent US arms" is not
#: Catalan. Up to `ENOUGH_LETTERS` it takes the lead of few letters to overrule what is declared;
#: with less the language is unknown, and every list is tried ("Kim Jong Un meets Putin in
#: Vladivostok" looks Romanian). On 3,719 English titles that hides the right lists ten times,
#: not twenty.
LEAST_TELLING = 25
ENOUGH_LETTERS = 60

#: Pairs that the detector confuses, as all that we tried do: what is declared stands.
CONFUSED = frozenset(
    frozenset(pair.split("/"))
    for pair in word_set(
        """
        id/ms cs/sk pt/es hi/mr hi/ne hr/sr hr/bs sr/bs no/da nb/da nn/da no/sv pt/gl es/gl es/ca
        ru/bg ru/uk mk/bg mk/sr fa/ps ar/fa ar/ur af/nl zh/ja az/tr
        """
    )
)


#: So many different everyday words of one language say without the detector, which takes ten times
#: as long, that a text is in it. Of what is declared fewer are enough, if no other language has as
#: many there: on 2,200 items of feeds, a quarter of them not in the declared language, that went
#: wrong with none, and on 4,100 Indonesian headlines it was right where the detector was not.
ENOUGH_COMMON = 3


class Signs(NamedTuple):
    """What a text of a language has and its kin write in names only, and what tells the kin.

    Attributes:
        letters: one of them is enough, or one of `words`.
        kin_letters: none of them, nor of `kin_words`, may be there.
    """

    letters: frozenset[str]
    words: frozenset[str]
    kin_letters: frozenset[str]
    kin_words: frozenset[str]

    def fit(self, text: str) -> bool:
        """Tell whether a text in small letters is in the language and in none of its kin."""
        letters, words = set(text), set(text.split())
        own = letters & self.letters or words & self.words
        return bool(own and not (letters & self.kin_letters or words & self.kin_words))


#: With so many more everyday words than any other language, nor is the detector asked about a text
#: of no declared language. Only for languages whose next of kin we need not tell apart, or can.
CLEARLY_MORE = 2
UNMISTAKABLE: Mapping[str, Signs | None] = {
    "en": None,
    # The kin are Marathi, which the detector takes some Hindi for, and Nepali.
    "hi": Signs(
        letters=frozenset(),
        words=word_set("में ने से हैं और"),
        kin_letters=frozenset("ळ"),
        kin_words=word_set("आहे आहेत आणि नाही मध्ये छ छन् पनि भएको गर्ने"),
    ),
    "id": None,
    # The kin are Belarusian, Bulgarian, Macedonian, Serbian, Ukrainian, and whoever else writes
    # ы and э. Of 79 Russian items among 76,000 of feeds, 62 are known so; no answer changed.
    "ru": Signs(
        letters=frozenset("ыэ"),
        words=word_set("что это также его об был"),
        kin_letters=frozenset("іїєґўљњћђџјѓќѕәғқңөұүһҷӣӯҳҫҙӗӑӳ"),
        kin_words=word_set("се да ще са ли си го ги дека што він та від"),
    ),
}

#: Everyday words that are rare in the languages one could mistake for it.
COMMON_WORDS = {
    "ar": word_set("في من على إلى أن التي الذي عن مع هذا هذه بعد خلال"),
    "cs": word_set("se že které který podle jako také při nebo byl jsou už však"),
    "de": word_set("der die das und ist nicht mit dem den von auf eine ein für im sich zu nach"),
    "en": word_set(
        "the and of to is are was that with for has have from said after will by its"
        " amid into who how why what says their not more been about than could would this"
    ),
    "es": word_set("el los las y que una por con para del ha sus como más según"),
    "fi": word_set("ja että oli myös mukaan joka kun mutta sekä ovat ole hän"),
    "fr": word_set("le les des et une dans pour est que sur avec au aux du par qui ont sa"),
    "hi": word_set("के में की है को से का और पर ने कि भी"),
    "hu": word_set("és hogy egy nem is meg már csak volt ez szerint után lesz az"),
    "id": word_set(
        "yang dan di dari untuk dengan ini itu pada akan oleh tidak dalam telah bisa"
        " ke tak saat usai soal jadi ada bakal juga lebih masih sudah hingga karena agar atau jika"
        " bukan seperti belum harus apa kini baru lagi orang warga hari begini"
    ),
    "it": word_set("il di che della per con del sono dei nel anche una gli dopo è"),
    "nl": word_set("het een van en dat zijn voor niet naar ook heeft bij werd uit"),
    "pl": word_set("się nie że jest przez oraz jak dla od po który które także są"),
    "no": word_set("og ikke til av det har som ved etter være på fra ble"),
    "pt": word_set("os não uma em com para dos das pelo pela são foi mais segundo ao"),
    "ro": word_set("și că din pe cu la sunt fost mai după pentru al care"),
    "ru": word_set("и в на что с по не из для как от его это также о об был"),
    "sv": word_set("och att det som är på av för inte med till har den ett"),
    "tl": word_set("ng sa mga ang na ni kay para nang si"),
    "tr": word_set("ve bir bu için ile olarak olan da de daha sonra gibi olduğu"),
    "uk": word_set("і в на що та з у до не для від як це про також за"),
    "vi": word_set("của và là các được trong cho với không có này đã những một"),
}

#: Languages of one script that the detector tells apart badly: it takes Nepali, which it does not
#: know, for Marathi. Undeclared they need a clear lead over each other; headlines have 5 or 20 %.
_OF_DEVANAGARI = frozenset({"hi", "mr"})

#: Languages that write no headline without one of their everyday words: to the detector names
#: look so ("Kim Jong Un meets Putin at Vostochny cosmodrome"). All 15 of 12,000 headlines that it
#: took for Filipino were English.
ALWAYS_WORDED = frozenset({"tl"})

_LANGUAGES_OF_WORD = {
    word: tuple(language for language, words in COMMON_WORDS.items() if word in words)
    for word in frozenset().union(*COMMON_WORDS.values())
}


class Identified(NamedTuple):
    """What an entry's language is taken for.

    Attributes:
        language: its primary subtag, or None when nothing tells it.
        by_few: nothing but the letters tells it, and so few that names among them may mislead.
    """

    language: str | None
    by_few: bool = False


def identify(title: str, summary: str, declared: str | None) -> Identified:
    """Tell the language of an entry.

    A script of one language decides; then what is declared, if its script fits and the words do
    not clearly say otherwise; then the letters.
    """
    text = f"{title} {summary}"
    script, letters, foreign = _main_script(text)
    if script in SCRIPT_LANGUAGES:
        return Identified(SCRIPT_LANGUAGES[script])
    known = _primary(declared) if declared else None
    blurred = foreign > SETTLING_SHARE * letters
    if known is None or not _fits(known, script):
        return _undeclared(text, script, letters, blurred=blurred)
    if letters < LEAST_LETTERS:
        return Identified(known)
    said = _by_words(text, script, known)
    if said is None and not blurred:
        said, sure = _detect(text, script, letters)
        if said and not (sure or _same(known, said)):
            return Identified(None)
    return Identified(known if said is None or _same(known, said) else said)


def _undeclared(text: str, script: Script, letters: int, *, blurred: bool) -> Identified:
    """Tell the language of a text of which none is declared that its script fits."""
    if script is Script.HAN and not blurred:
        return Identified(language_of_characters(text))
    said = _by_words(text, script, None)
    if said is not None:
        return Identified(said)
    said, _ = (None, False) if blurred else _detect(text, script, letters)
    if said in _OF_DEVANAGARI and _lead(_scores(text), of_kin=True) < CLEAR_LEAD:
        said = None
    if said is None:
        return Identified(_guess_by_words(text, script))
    return Identified(said, by_few=letters < ENOUGH_LETTERS)


def is_best_without(text: str, language: str) -> bool:
    """Tell whether a language is still what the letters say first when names are left out.

    Args:
        text: what a language was told by, without the names in it.
        language: that language.
    """
    scores = _scores(text)
    best = max(scores, key=scores.__getitem__, default=language)
    return language_family(best) == language_family(language)


def _by_words(text: str, script: Script, known: str | None) -> str | None:
    """Return the language that the everyday words of a text make sure of; None if they do not."""
    counts = _common_words(text)
    if known is not None:
        ours = counts.pop(language_family(known), 0)
        return known if ours >= ENOUGH_COMMON or ours > max(counts.values(), default=0) else None
    best = max(counts, key=counts.__getitem__, default="")
    lead = counts.pop(best, 0) - max(counts.values(), default=0)
    sure = lead >= CLEARLY_MORE and _fits(best, script) and _is_unmistakable(best, text)
    return best if sure else None


def _is_unmistakable(language: str, text: str) -> bool:
    """Tell whether no kin of a language could have written a text with its everyday words."""
    signs = UNMISTAKABLE.get(language)
    return language in UNMISTAKABLE and (signs is None or signs.fit(text.lower()))


def _guess_by_words(text: str, script: Script) -> str | None:
    """Return the one language of whose everyday words enough stand in a text."""
    counts = _common_words(text)
    best = max(counts, key=counts.__getitem__, default="")
    most = counts.pop(best, 0)
    enough = most >= ENOUGH_COMMON and most > max(counts.values(), default=0)
    return best if enough and _fits(best, script) else None


def _common_words(text: str) -> dict[str, int]:
    """Return of which languages everyday words stand in a text, and how many different ones."""
    counts: dict[str, int] = {}
    for word in _LANGUAGES_OF_WORD.keys() & set(text.lower().split()):
        for language in _LANGUAGES_OF_WORD[word]:
            counts[language] = counts.get(language, 0) + 1
    return counts


@lru_cache(maxsize=256)
def _primary(tag: str) -> str | None:
    primary = primary_subtag(tag)
    return primary if primary.isalpha() and primary not in {"und", "mul", "zxx"} else None


class _Writing(NamedTuple):
    """The script that most letters are of, or the one that gives the language away.

    Attributes:
        letters: how many there are, in any script.
        foreign: how many of them are in other scripts that give a language away.
    """

    script: Script
    letters: int
    foreign: int = 0


def _main_script(text: str) -> _Writing:
    if text.isascii():
        script = Script.LATIN if any(map(str.isalpha, text)) else Script.NONE
        return _Writing(script, len(text) - text.count(" "))
    scripts = scripts_in(text) - {Script.NONE, Script.DIGIT}
    if len(scripts) <= 1:
        return _Writing(next(iter(scripts), Script.NONE), len(text) - text.count(" "))
    return _weigh_scripts(text)


def _weigh_scripts(text: str) -> _Writing:
    counts: Counter[Script] = Counter()
    for char, times in Counter(text).items():
        counts[script_of(char)] += times
    del counts[Script.NONE], counts[Script.DIGIT]
    letters = counts.total()
    kana, characters = counts[Script.KANA], counts[Script.KANA] + counts[Script.HAN]
    if characters > letters / 2 and kana > KANA_SHARE * characters:
        return _Writing(Script.KANA, letters)
    if counts[Script.HANGUL] > SETTLING_SHARE * letters:
        return _Writing(Script.HANGUL, letters)
    script = counts.most_common(1)[0][0]
    foreign = (n for one, n in counts.items() if one in _TELLING_SCRIPTS and one is not script)
    return _Writing(script, letters, sum(foreign))


def _fits(language: str, script: Script) -> bool:
    """Tell whether a language is written in a script, as far as the script tells."""
    if script in SHARED_SCRIPTS:
        return language in SHARED_SCRIPTS[script]
    if script is Script.LATIN:
        return language not in NEVER_LATIN
    return True


def _same(known: str | None, detected: str) -> bool:
    return known is not None and (
        language_family(known) == language_family(detected)
        or frozenset({known, detected}) in CONFUSED
    )


def _detect(text: str, script: Script, letters: int) -> tuple[str | None, bool]:
    """Return what the letters say, None when they do not say it clearly, and whether it is sure."""
    if script is Script.HAN:
        return "zh", True
    result = ask(text)
    if result.language is None or not result.is_reliable() or not _fits(result.language, script):
        return None, False
    lead = _lead(result.scores())
    if letters < LEAST_TELLING or lead < _clear_lead(letters):
        return None, False
    if _is_refuted(result.language, text):
        return None, False
    # The detector knows Malay only; of the two, Indonesian is what news is mostly written in.
    language = "id" if result.language == "ms" else result.language
    return language, letters >= ENOUGH_LETTERS or lead >= CLEAR_LEAD_OF_FEW_LETTERS


def _scores(text: str) -> dict[str, float]:
    return ask(text).scores()


def _is_refuted(language: str, text: str) -> bool:
    """Tell whether a text lacks words, or has letters, so that it cannot be in a language."""
    if language in ALWAYS_WORDED and language not in _common_words(text):
        return True
    return language in _SLAVIC and not _NEVER_SLAVIC.isdisjoint(text.lower())


def _lead(scores: Mapping[str, float], *, of_kin: bool = False) -> float:
    """Return how far the best language lies ahead of the next that it is not confused with.

    With `of_kin` ahead of any other.
    """
    best, *others = sorted(scores, key=scores.__getitem__, reverse=True)
    rivals = (scores[other] for other in others if of_kin or not _same(best, other))
    rival = next(rivals, 0.0)
    return 1 - rival / scores[best]


def _clear_lead(letters: int) -> float:
    return CLEAR_LEAD_OF_FEW_LETTERS if letters < LEAST_LETTERS else CLEAR_LEAD
