"""Is an entry background, a schedule or a round-up? None of them reports one event.

Others may share half of its words, or all of its names, and yet tell of nothing that it told first:
it is no beginning of a story for them.
"""

import re
from typing import Final

from watcher.stories.acts import find_acts
from watcher.stories.words import fold

#: How it is asked why, in languages whose words for it begin nothing else.
_WHY: Final = r"""
    why | warum | wieso | weshalb | pourquoi | por\sque | perche | waarom | dlaczego | varfor
  | hvorfor | miksi | miert | proc | почему | зачем | чому | навищо | neden | nicin
  | mengapa | kenapa | tai\ssao | vi\ssao | γιατι | لماذا | چرا | क्यों
"""
#: How a headline begins otherwise that explains.
_ASKING: Final = r"""
    how(?!\sdare) | what\s(?:does|do|makes) | what\s(?:is|are|was)\b[^:]*\?$
  | who\s(?:(?:is|are|was|were)\b.*\?|is\sbehind)
  | (?:\w+\s)?(?:takeaways|timeline)\s(?:from|of)
  | explain(?:er|ed) | q\s?&\s?a | in\scharts
  | wer\s(?:ist|sind|war|steckt) | qui\s(?:est|sont|etait)
  | qu(?:ien|ienes)\s(?:es|son|era|esta)(?!\s\w+[ai]d[ao]s?\b)
  | chi\s(?:e|sono|era) | quem\s(?:e|sao|era) | wie\s(?:is|zijn|was)
  | кто\s(?:стоит|так(?:ои|ая|ие)) | хто\s(?:стоіть|так(?:ии|а|і))
  | apa\situ | siapa(?:kah)? | profil | kronologi | mengenal | (?:\d+\s)?fakta
"""
#: How it goes on that gathers what is known.
_KNOWN: Final = r"""
    what\s(?:to|we) | was\s(?:bekannt\sist|wir\s\w+) | ce\squ(?:'|e\s(?:l')?)on\ssait
  | (?:lo\s|o\s)?que\sse\ssabe | cosa\ssappiamo | wat\swe\sweten | co\swiadomo
  | что\sизвестно | що\sвідомо
"""
#: What stands over many reports: of a day, a week, a market.
_HEADINGS: Final = r"""
    (?:\w+day(?:'s)?\s)?(?:transfer\s)?(?:gossip|rumou?rs)
  | (?:\w+\s){0,2}(?:schedule|fixtures|round-?up|digest|in\sbrief|weekly|newsletter)
  | (?:morning|evening|daily|news)\sbriefing
  | (?:this|last|next|the)\sweek(?:\sahead)? | the\sweek\sin\s\w+
  | (?:things|what)\sto\s(?:know|watch) | (?:quick|key)\stake(?:s|aways) | editorial | opinion
  | column | view | analysis | factbox | timeline
  | jadwal | rangkuman | (?:ter)?populer | kaleidoskop
  | resumen | resumo | rassegna | agenda | editoriale? | presseschau | wochenruckblick
  | обзор | дайджест | главное\s(?:за|к)\s\w+ | календарь | огляд | головне\sза\s\w+
  | gundem | haftanin\s\w+ | điem\stin | diem\stin | lich | ملخص | جدول
"""
_HEADING: Final = re.compile(
    rf"""(?:^|[:–—]\s)(?:{_WHY})(?!\w) | ^(?:{_ASKING}|{_KNOWN})(?!\w)
    | ^(?:{_HEADINGS})\s?(?:[:|–—]|$)
    | ^(?:this|last|next|the)\sweek's\s[\w\s]+:(?:\s[^,:]+,){{2,}}""",
    re.VERBOSE,
)
#: Behind an act either may well end its first report.
_BEHIND: Final = re.compile(rf"[:–—]\s(?:{_ASKING}|{_KNOWN})(?!\w)", re.VERBOSE)
_PAUSE: Final = re.compile(r"[:–—]\s")
#: The same in brackets, or in scripts without spaces.
_BRACKETED: Final = re.compile(
    r"^[\[【(〈<「]?(?:오늘의?|내일의?|이번\s?주|주간|금주의?)\s?(?:주요\s?)?(?:일정|뉴스)|^[\[【(〈<]사설"
    r"|^[\[【(〈<]?(?:今日の|きょうの|あすの|今週の|来週の)(?:主な)?(?:予定|ニュース)|^[\[【(〈<]?社説"
    r"|^[\[【(〈<]?(?:今日要[闻聞]|一周要?[闻聞]|早[报報]|晚[报報]|社[论論]|日程)[:：】\]|｜ ]"
)


def is_background(title: str, language: str | None = None) -> bool:
    """Whether a headline, as it was published, explains or lists, and reports nothing.

    What tells an act and then what is known of it, or asks who did it, may be the first report:
    "Tanker attacked: what we know". Why it was done is asked later.
    """
    folded = fold(title).replace("’", "'").strip()
    if _HEADING.search(folded) or _BRACKETED.search(folded):
        return True
    return bool(_BEHIND.search(folded)) and not find_acts(_PAUSE.split(title)[0], language)
