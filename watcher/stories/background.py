"""Is an entry background, a schedule or a round-up? None of them reports one event.

Others may share half of its words, or all of its names, and yet tell of nothing that it told first:
it is no beginning of a story for them.
"""

import re
from typing import Final

from watcher.stories.acts import find_acts
from watcher.stories.words import fold

#: How a headline begins that explains, in languages whose words for it begin nothing else.
_ASKING: Final = r"""
    why | how | what\s(?:to|we|does|do|makes) | what\s(?:is|are|was)\b[^:]*\?$
  | who\s(?:(?:is|are|was|were)\b.*\?|is\sbehind)
  | (?:\w+\s)?(?:takeaways|timeline)\s(?:from|of)
  | explain(?:er|ed) | q\s?&\s?a | in\scharts
  | warum | wieso | weshalb | pourquoi | por\sque | perche | waarom | dlaczego | varfor | hvorfor
  | miksi | miert | proc | почему | зачем | чому | навищо | neden | nicin | mengapa | kenapa
  | wer\s(?:ist|sind|war|steckt) | was\s(?:bekannt\sist|wir\s\w+) | qui\s(?:est|sont|etait)
  | ce\squ(?:'|e\s(?:l')?)on\ssait | qu(?:ien|ienes)\s(?:es|son|era|esta) | (?:lo\s)?que\sse\ssabe
  | chi\s(?:e|sono|era) | cosa\ssappiamo | quem\s(?:e|sao|era) | o\sque\sse\ssabe
  | wie\s(?:is|zijn|was) | wat\swe\sweten | co\swiadomo
  | что\sизвестно | кто\s(?:стоит|так(?:ои|ая|ие)) | хто\s(?:стоіть|так(?:ии|а|і)) | що\sвідомо
  | apa\situ | siapa(?:kah)? | profil | kronologi | mengenal | (?:\d+\s)?fakta
  | tai\ssao | vi\ssao | γιατι | لماذا | چرا | क्यों
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
    rf"""^(?:{_ASKING})(?!\w) | ^(?:{_HEADINGS})\s?(?:[:|–—]|$)
    | ^(?:this|last|next|the)\sweek's\s[\w\s]+:(?:\s[^,:]+,){{2,}}""",
    re.VERBOSE,
)
#: What a headline goes on with that explains what it names before.
_BEHIND: Final = re.compile(rf"[:–—]\s(?:{_ASKING})(?!\w)", re.VERBOSE)
_PAUSE: Final = re.compile(r"[:–—]\s")
#: The same in brackets, or in scripts without spaces.
_BRACKETED: Final = re.compile(
    r"^[\[【(〈<「]?(?:오늘의?|내일의?|이번\s?주|주간|금주의?)\s?(?:주요\s?)?(?:일정|뉴스)|^[\[【(〈<]사설"
    r"|^[\[【(〈<]?(?:今日の|きょうの|あすの|今週の|来週の)(?:主な)?(?:予定|ニュース)|^[\[【(〈<]?社説"
    r"|^[\[【(〈<]?(?:今日要[闻聞]|一周要?[闻聞]|早[报報]|晚[报報]|社[论論]|日程)[:：】\]|｜ ]"
)


def is_background(title: str, language: str | None = None) -> bool:
    """Whether a headline, as it was published, explains or lists, and reports nothing.

    What tells an act and then explains it may be the first report: "Tanker attacked: what we know".
    """
    folded = fold(title).replace("’", "'").strip()
    if _HEADING.search(folded) or _BRACKETED.search(folded):
        return True
    return bool(_BEHIND.search(folded)) and not find_acts(_PAUSE.split(title)[0], language)
