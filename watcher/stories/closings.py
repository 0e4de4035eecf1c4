"""What stands behind a report and tells nothing of it: where to read on, whose picture it is.

Templates of publishers write it under each report, in the words of their software ("The post ...
appeared first on ..."), and some feeds pass it on.
"""

import re
from typing import Final

from watcher.stories.act_kinds import GRAVE
from watcher.stories.acts import find_acts

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
  | 続きを読む | 阅读全文 | 閱讀全文 | اقرأ\s(?:أيضا|المزيد) | بیشتر\sبخوانید
"""
#: Behind these words a capital begins what the report goes on with; behind "Continue reading" it is
#: the headline again.
_READS_ON: Final = r"read\smore | baca\sselengkapnya | selengkapnya"
_CLOSING: Final = re.compile(
    rf"""
    (?<!\S)(?P<first>{_NAMES_FIRST})\s.{{1,80}}$
  | (?:^|(?<=[.!?…)\]»”"。]\s))(?!(?:{_READS_ON})\s(?-i:[A-ZА-ЯΑ-Ω]))
    (?:{_BEGINS})(?!\w)(?:[^.!?]|(?<=\W\w)\.){{0,160}}[.!?…→»\s]*$
  | \s?[(\[](?:(?:file\s)?photo|foto|image|imagen|gambas|video|pic)\s?:[^)\]]{{0,80}}[)\]]$
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: How one begins that leads to another report, whatever is done in that, or offers something.
_ALSO: Final = re.compile(
    r"(?:sign\sup|subscribe|follow\sus|join\sus|find\sus"
    r"|(?:\w+\s){1,2}(?:also|next|juga|aussi|auch|ook|tamb(?:ém|i[eé]n)|anche|też|także"
    r"|также|також))\b",
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
    """Whether a closing tells a grave act: "Reporting by the BBC found five men killed"."""
    leads_elsewhere = closing["first"] or _ALSO.match(closing[0])
    return not leads_elsewhere and bool(find_acts(closing[0], language).told & GRAVE)
