"""What stands behind a report and tells nothing of it: where to read on, whose picture it is.

Templates of publishers write it under each report, in the words of their software ("The post ...
appeared first on ..."), and some feeds pass it on.
"""

import re
from typing import Final

#: What WordPress puts under each entry, in the languages of its feeds: the title stands in it.
_FIRST_ON: Final = r"""
    the\spost\s.+\s(?:appeared\sfirst|first\sappeared)\son
  | la\sentrada\s.+\s(?:aparece|apareci[oó]|se\spublic[oó])\sprimero\sen
  | l['’]article\s.+\sest\sapparu\sen\spremier\ssur
  | der\sbeitrag\s.+\serschien\szuerst\sauf
  | o\s(?:post|artigo)\s.+\sapareceu\sprimeiro\sem
  | l['’]articolo\s.+\s(?:proviene\sda|sembra\sessere\sil\sprimo\ssu)
  | het\sbericht\s.+\sverscheen\seerst\sop
  | artyku[lł]\s.+\spochodzi\sz\sserwisu
  | сообщение\s.+\sпоявил(?:ись|ось|ся)\sсначала\sна
"""
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
  | 続きを読む | 阅读全文 | 閱讀全文 | اقرأ\s(?:أيضا|المزيد) | بیشتر\sبخوانید
"""
#: Behind these words a capital begins what the report goes on with; behind "Continue reading" it is
#: the headline again.
_READS_ON: Final = r"read\smore | baca\sselengkapnya | selengkapnya"
_CLOSING: Final = re.compile(
    rf"""
    (?<!\S)(?:{_FIRST_ON})\s.{{1,80}}$
  | (?:^|(?<=[.!?…)\]»”"。]\s))(?!(?:{_READS_ON})\s(?-i:[A-ZА-ЯΑ-Ω]))
    (?:{_BEGINS})(?!\w)(?:[^.!?]|(?<=\W\w)\.){{0,160}}[.!?…→»\s]*$
  | \s?[(\[](?:(?:file\s)?photo|foto|image|imagen|gambas|video|pic)\s?:[^)\]]{{0,80}}[)\]]$
    """,
    re.VERBOSE | re.IGNORECASE,
)

#: Templates write few of them; a text made of nothing else would take a second.
_MOST: Final = 5


def without_closings(text: str) -> str:
    """Return a text on one line without what closes it and tells nothing."""
    for _ in range(_MOST):
        closing = _CLOSING.search(text)
        if closing is None:
            break
        text = text[: closing.start()].rstrip()
    return text
