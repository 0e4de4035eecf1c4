"""What kinds of acts there are: who adds one to `data/acts/` finds here where it may belong."""

from typing import Final

#: Acts whose number of victims rises as an event is told.
VICTIMS: Final = frozenset({"die", "injure"})
#: What the same people hardly do twice in a day, while they strike, warn and deliver on and on.
ONCE_A_DAY: Final = frozenset(
    {
        *("arrive", "call", "depart", "elect", "gift", "invite", "meet", "resign"),
        *("return", "sign", "visit", "welcome"),
    }
)

#: What a day is set for: only of these a mark that may be a place says that they are to come.
SET_FOR_A_DAY: Final = ONCE_A_DAY | {"agree", "dine", "drill", "launch", "sentence"}

#: Who does these to whom makes no difference.
MUTUAL: Final = frozenset({"agree", "call", "meet", "sign"})

#: What a meeting comes to is of its story, though it is told as signed or agreed "after talks".
OUTCOMES: Final = frozenset({"sign", "agree", "invite"})

#: What is said of another act, and parts no two reports of that: "claim the attack".
SAID_OF_ANOTHER: Final = frozenset({"claim"})

#: What does harm, and the harm that is told with it from the first: "three dead after the quake".
HARMFUL: Final = frozenset({"attack", "crash", "quake"})
HARM: Final = frozenset({"crash", "die", "injure", "rescue"})

#: Acts that come one after the other on one journey.
JOURNEY: Final = ("invite", "depart", "arrive", "welcome", "meet", "sign", "return")
#: What happens to a place seldom enough that a higher toll soon after is of the same.
BLIND: Final = frozenset({"crash", "quake"})

#: What countries do to others, and far from home: a title that names one names who does it as often
#: as where or to whom ("Israeli strike hits hospital").
DONE_ABROAD: Final = frozenset(
    {"accuse", "attack", "claim", "condemn", "deploy", "launch", "sanction", "supply"}
)

#: What people say and show beside anything they do.
BY_THE_WAY: Final = frozenset(
    {"accuse", "attend", "message", "praise", "show", "support", "thank", "urge", "warn"}
)
#: What most reports of anything mention beside it: who asks, warns and praises, and what rises.
BESIDE_ANY: Final = BY_THE_WAY | {"cut", "fall", "raise"}
#: What a page counts of its readers beside what others say: "Visits: 12", "viewed 12 times".
BY_READERS: Final = BY_THE_WAY | {"inspect", "visit"}
#: Acts that are news wherever they are told: whoever knows but the headline has to hear of them. Of
#: 344 repeated headlines of wirepool.dev, taken as if the first had no summary, 13 are told for
#: these; with every act that the headline does not name 107 would be.
GRAVE: Final = frozenset(
    {
        *("arrest", "attack", "claim", "coup", "crash", "deny", "die", "free", "injure"),
        *("kidnap", "peril", "quake", "rescue", "resign", "sentence", "war"),
    }
)
#: Grave acts, and missiles fired, that are told with how many: so many killed, missing, arrested.
COUNTED: Final = (GRAVE - {"claim", "coup", "deny", "war"}) | {"launch"}

#: One name for many things: missing, trapped, in hospital, capsized, blown up, stabbed, executed,
#: shot down, a curfew. Of two texts that tell it nobody knows whether they tell the same: it ties
#: no two reports, and each other word for it is news.
MANIFOLD: Final = frozenset({"peril"})
