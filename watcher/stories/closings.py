"""What stands behind a report and tells nothing of it: where to read on, whose picture it is.

Templates of publishers write it under each report, in the words of their software ("The post ...
appeared first on ..."), and some feeds pass it on.
"""

import re
from typing import Final

from watcher.outlets.attribution import names_agency
from watcher.stories.act_kinds import GRAVE
from watcher.stories.acts import find_acts
from watcher.stories.words import fold
from watcher.stories.written_numbers import find_numbers

#: What WordPress puts under each entry, in the languages of its feeds: the title stands between.
_FIRST_ON: Final = (
    (r"the\spost", r"(?:appeared\sfirst|first\sappeared)\son"),
    (r"la\sentrada", r"(?:aparece|apareci[oó]|se\spublic[oó])\sprimero\sen"),
    (r"l['’]article", r"est\sapparu\sen\spremier\ssur"),
    (r"der\sbeitrag", r"erschien\szuerst\sauf"),
    (r"o\s(?:post|artigo)", r"apareceu\sprimeiro\sem"),
    (r"l['’]articolo", r"(?:proviene\sda|sembra\sessere\sil\sprimo\ssu)"),
    (r"het\sbericht", r"verscheen\seerst\sop"),
    (r"artyku[lł]", r"pochodzi\sz\sserwisu"),
    (r"сообщение", r"появил(?:ись|ось|ся)\sсначала\sна"),
)
#: It begins where its first words stand last: a report says "the post of a minister", too.
_NAMES_FIRST: Final = "|".join(
    rf"{begin}\s(?:(?!(?<!\S){begin}\s).)+\s{end}" for begin, end in _FIRST_ON
)
#: How a sentence begins that leads elsewhere, or says who made the report.
_BEGINS: Final = r"""
    (?:click\shere\sto\s)?(?:read|continue)\s(?:more|on|also|next|reading|the\sfull|full|the\soriginal)
  | (?:follow|join|find)\sus\son | sign\sup\s(?:for|to)\sour | subscribe\sto\sour
  | (?:additional\s)?(?:reporting|writing|editing)\sby | our\sstandards | with\sinputs\sfrom
  | copyright | ©\s | \(c\)\s | all\srights\sreserved
  | baca\s(?:juga|selengkapnya|berita) | simak\s(?:juga|selengkapnya|video) | lihat\sjuga
  | selengkapnya
  | lire\s(?:la\ssuite|aussi|l['’]article) | [aà]\slire\saussi
  | (?:leer|lea|lee)\s(?:m[aá]s|tambi[eé]n) | seguir\sleyendo
  | weiterlesen | lesen\ssie\sauch | mehr\s(?:lesen|dazu) | lees\s(?:meer|ook|verder)
  | leia\s(?:mais|tamb[eé]m) | continue\sa\sler | leggi\s(?:anche|tutto) | continua\sa\sleggere
  | czytaj\s(?:więcej|dalej|też|także) | číst\sdál | devamını\soku | devamı\siçin
  | читать\s(?:далее|полностью|также) | читайте\s(?:также|далее) | подробнее
  | читайте\sтакож | детальніше | докладніше
  | xem\sthêm | đọc\sthêm
  | lesen\ssie\s(?:den|die|das|hier|mehr|weiter) | klik\s(?:di\ssini|untuk)
  | watch\s(?:the\svideo|live)(?!\s(?:as|how)\b) | subscribe\sto\scontinue
  | (?:file\s)?(?:photo|foto|image|imagen)\s?(?=:)
  | 続きを読む | 阅读全文 | 閱讀全文 | اقرأ\s(?:أيضا|المزيد) | بیشتر\sبخوانید
"""
#: A whole sentence that says only that more will come.
_MORE_TO_COME: Final = r"""
    this\sis\sa\s(?:developing|breaking)(?:\snews)?\sstory | (?:story|still)\sdeveloping
  | (?:more(?:\sdetails)?|details|updates)\s(?:to\s(?:follow|come)|soon|shortly|follows?)
  | our\scorrespondents?\s(?:has|have)\smore | (?-i:(?:[A-Z][\w.'’-]*\s){1,3}reports)
  | follow\sour\slive\s(?:blog|coverage)(?:\s\w+){0,5}
  | mehr\sin\skürze | (?:weitere|mehr)\sinformationen\s(?:in\skürze|folgen)
  | plus\sd['’](?:informations|infos)\s(?:à\s(?:suivre|venir)|bientôt)
  | notre\scorrespondante?\snous\sen\sdit\splus
  | noticia\sen\s(?:desarrollo|construcción) | habrá\sampliación
  | (?:en\sbreve,?\s)?más\sinformación(?:\sen\sbreve)?
  | (?:reportagem|notícia|matéria|texto)\sem\satualização
  | mais\sinformações\sem\s(?:breve|instantes)
  | notizia\sin\saggiornamento | (?:segue|seguono)\saggiornament[oi] | in\saggiornamento
  | (?:новость|материал)\s(?:до|об)(?:полня|новля)ется | подробности\s(?:позже|следуют)
  | новина\s(?:доповнюється|оновлюється) | (?:деталі|подробиці)\s(?:згодом|пізніше)
  | ayrıntılar\s(?:geliyor|birazdan) | (?:więcej\s)?(?:informacji|szczegóły)\swkrótce
  | meer\s(?:informatie|nieuws|details)\svolgt | berikut\s(?:ulasan|informasi)nya
  | detail\smenyusul | mer\s(?:information\skommer|följer) | artikeln\suppdateras
  | artikkelia\späivitetään | 詳報は後ほど | 稍后更新
  | what\swe\sknow(?:\sso\sfar)?
  | here(?:['’]s|\sis)\s(?:the\slatest|what\s(?:we|to)\sknow(?:\sso\sfar)?)
  | all\sthe\slatest\supdates? | follow\s(?:the\s(?:latest\s)?)?(?:updates|developments)(?:\shere)?
  | was\swir\s(?:bisher\s|darüber\s)?wissen(?:\sund\swas\snicht)?
  | (?:das\swichtigste|(?:die\slage|alle\s(?:informationen|infos))(?:\saktuell)?)\sim\süberblick
  | ce\squ(?:e\s(?:l['’]on|nous)|['’]on)\ssa(?:it|vons)(?:\sà\sce\sstade)?
  | on\sfait\sle\spoint | le\spoint\ssur\sla\ssituation
  | (?:esto\ses\s)?lo\sque\sse\ssabe(?:\shasta\s(?:ahora|el\smomento))?
  | (?:esto\ses\s)?lo\sque\ssabemos
  | o\sque\s(?:se\ssabe|sabemos)(?:\saté\s(?:agora|ao\smomento))? | veja\so\sque\sse\ssabe
  | (?:ecco\s)?(?:che\s)?cosa\s(?:sappiamo|si\ssa)(?:\sfinora)?
  | wat\swe\s(?:nu\s)?weten | co\swiemy(?:\sdo\stej\spory)?
  | (?:все\s)?подробности\sуточняются | что\sизвестно(?:\sк\sэтому\s(?:часу|моменту))?
  | главное\sк\sэтому\s(?:часу|моменту) | причины\s(?:выясняются|уточняются)
  | (?:деталі|подробиці|обставини)\s(?:уточнюються|з['’ʼ]ясовуються)
  | що\sвідомо(?:\sна\sцю\sгодину)?
  | (?:begini|berikut|simak|ini)\s(?:kronologi|penjelasan|fakta(?:-fakta)?|daftar|ulasan|informasi)
    (?:\s(?:se)?lengkap)?nya(?:\sberikut(?:\sini)?)?
  | işte\s(?:ayrıntılar|detaylar|bilinenler|son\sdurum)
"""
#: Behind these words a capital begins what the report goes on with; behind "Continue reading" it is
#: the headline again.
_READS_ON: Final = r"read\smore | baca\sselengkapnya | selengkapnya"
_CLOSING: Final = re.compile(
    rf"""
    (?<!\S)(?P<first>{_NAMES_FIRST})\s.{{1,80}}$
  | (?:^|(?<=[.!?…)\]»”"。]\s))(?!(?:{_READS_ON})\s(?-i:[A-ZА-ЯΑ-Ω]))
    (?:{_BEGINS})(?!\w)(?:[^.!?]|(?<=\W\w)\.){{0,160}}[.!?…→»\s]*$
  | (?:^|(?<=[.!?…)\]»”"。]\s))(?:{_MORE_TO_COME})[.!…。\s]*$
  | \s?[(\[](?:(?:file\s)?photo|foto|image|imagen|gambas|video|pic)\s?:[^)\]]{{0,80}}[)\]]$
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: How a sentence of the report itself may begin as well: "Reporting by the BBC found five men
#: killed", "Photo: the ship has sunk with all 40 crew". With a colon most name somebody or lead to
#: another report, whatever is done in that.
_OWN: Final = re.compile(
    r"(?:additional\s)?(?:reporting|writing|editing)\sby\b(?!\s?:)"
    r"|(?:with\sinputs\sfrom|copyright|mehr\sdazu|подробнее|детальніше|докладніше)\b(?!\s?:)"
    r"|lesen\ssie\s(?:hier|mehr)\b(?!\s?:)"
    r"|read\smore\s(?:about|on|of)\s(?-i:(?!our\s(?:\w+\s)?coverage\b)[a-z])"
    r"|(?:file\s)?(?:photo|foto|image|imagen)\s?:",
    re.IGNORECASE,
)
#: Who made a picture stands behind what is seen in it, and nothing but names: "Photo: A house on
#: fire, AFP.", "(AP Photo/Ann Roe)". What somebody says is no credit: "killed, officials told AFP".
_CREDIT: Final = re.compile(
    r"(?:file\s)?(?:photo|foto|image|imagen)\s?:.*?[,(/]\s?"
    r"([^\s,(]+|(?-i:(?:[A-Z]|\w+/)[^\s,(]*(?:\s(?:via|[A-Z][^\s,(]*))+))\)?[.\s]*$",
    re.IGNORECASE,
)

#: Templates write few of them; a text made of nothing else would take a second.
_MOST: Final = 5


def without_closings(text: str, language: str | None = None) -> str:
    """Return a text on one line without what closes it and tells nothing.

    Args:
        text: a summary.
        language: its primary subtag, None if unknown.
    """
    for _ in range(_MOST):
        closing = _CLOSING.search(text)
        if closing is None or _tells(closing, language):
            break
        text = text[: closing.start()].rstrip()
    return text


def _tells(closing: re.Match[str], language: str | None) -> bool:
    """Whether a closing may be a sentence of the report, and tells a grave act."""
    if not _OWN.match(closing[0]) or _is_credited(closing[0], language):
        return False
    return bool(find_acts(closing[0], language).told & GRAVE)


def _is_credited(caption: str, language: str | None) -> bool:
    """Whether a caption says whose picture it is, and counts nothing: a toll is told anywhere."""
    credit = _CREDIT.match(caption)
    if credit is None or not names_agency(credit[1]):
        return False
    return not find_numbers(fold(caption), language).amounts
