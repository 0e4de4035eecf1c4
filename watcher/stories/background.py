"""Is an entry background, a schedule or a round-up? None of them reports one event.

Others may share half of its words, or all of its names, and yet tell of nothing that it told first:
it is no beginning of a story for them.
"""

import re
from typing import Final

from watcher.stories.guards import explains
from watcher.stories.titles import names
from watcher.stories.words import fold, words

#: How a headline begins that explains, in languages whose words for it begin nothing else.
_ASKING: Final = r"""
    why | how | what\s(?:is|are|was|to|we|does|do|makes) | explain(?:er|ed) | q\s?&\s?a | in\scharts
  | warum | wieso | weshalb | pourquoi | por\sque | perche | waarom | dlaczego | varfor | hvorfor
  | miksi | miert | proc | почему | зачем | чому | навищо | neden | nicin | mengapa | kenapa
  | apa\situ | tai\ssao | vi\ssao | γιατι | لماذا | چرا | क्यों
"""
#: What stands over many reports: of a day, a week, a market.
_HEADINGS: Final = r"""
    (?:\w+day(?:'s)?\s)?(?:transfer\s)?(?:gossip|rumou?rs)
  | (?:\w+\s){0,2}(?:schedule|fixtures|round-?up|digest|in\sbrief|weekly|newsletter)
  | (?:morning|evening|daily|news)\sbriefing
  | (?:this|last|next|the)\sweek(?:'s\s[\w\s]+|\sahead|\sin\s\w+)?
  | (?:things|what)\sto\s(?:know|watch) | quick\stakes | editorial | opinion
  | jadwal | rangkuman | (?:ter)?populer | kaleidoskop
  | resumen | resumo | rassegna | agenda | editoriale? | presseschau | wochenruckblick
  | обзор | дайджест | главное\s(?:за|к)\s\w+ | календарь | огляд | головне\sза\s\w+
  | gundem | haftanin\s\w+ | điem\stin | diem\stin | lich | ملخص | جدول
"""
_HEADING: Final = re.compile(
    rf"^(?:{_ASKING})\b | [:–—]\s(?:{_ASKING})\b | ^(?:{_HEADINGS})\s?(?:[:|–—]|$)", re.VERBOSE
)
#: The same in brackets, or in scripts without spaces.
_BRACKETED: Final = re.compile(
    r"^[\[【(〈<「]?(?:오늘의?|내일의?|이번\s?주|주간|금주의?)\s?(?:주요\s?)?(?:일정|뉴스)|^[\[【(〈<]사설"
    r"|^[\[【(〈<]?(?:今日の|きょうの|あすの|今週の|来週の)(?:主な)?(?:予定|ニュース)|^[\[【(〈<]?社説"
    r"|^[\[【(〈<]?(?:今日要[闻聞]|一周要?[闻聞]|早[报報]|晚[报報]|社[论論]|日程)[:：】\]|｜ ]"
)
#: Three parts and more behind a colon, and nothing else: "This week's recalls: Toyota, Ford, BMW".
_LIST: Final = re.compile(r":\s((?:[\w'’ .-]{2,25},\s){2,}[\w'’ .-]{2,25})$")


def is_background(title: str) -> bool:
    """Whether a headline, as it was published, explains or lists, and reports nothing."""
    folded = fold(title).replace("’", "'").strip()
    if explains(folded) and not title.lstrip().startswith("WHO "):  # the World Health Organization
        return True
    return bool(_HEADING.search(folded) or _BRACKETED.search(folded)) or _lists_names(title.strip())


def _lists_names(title: str) -> bool:
    """Whether a title ends in a list of names, as far as its capitals show them."""
    found = _LIST.search(title)
    if not found:
        return False
    known = names(title)
    return all(known.intersection(words(fold(part))) for part in found[1].split(","))
