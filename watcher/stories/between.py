"""What may stand between two acts of a headline that are one together; see acts.py.

English alone has verbs of talks and of offers that mean something else without them.
"""

import re
from typing import Final

#: A word of the same clause, unlike that of "leaders meet as bridge collapses".
_WORD: Final = (
    r"(?!(?:as|after|before|when|where|while|since|because|despite|following|amid|and|but"
    r"|that|which|who)\b)"
    r"[\w'’-]+\s"
)
#: What falls of itself, whatever was said before it: "meeting hall roof collapses".
_FALLING: Final = (
    r"(?:roof|hall|bridge|building|block|home|tower|wall|ceiling|floor|balcony|stage|stand|crane"
    r"|mine|dam|tunnel|road|school|church|mosque|temple|hotel|factory|stadium|structure|venue"
    r"|price|share|stock|market|currency|rouble|ruble|lira|economy)s?\s(?:\w+ly\s)?\Z"
)
#: What goes on from talks. After any other word it is no talks that collapse: a pavilion of the
#: summit, who speaks there.
_GOING_ON: Final = (
    r"(?:in|on|over|at|for|to|of|with|between|by|from|under|near|about|around|aimed|all|close|set"
    r"|without|through|via|amid|process|hopes?|plans?|efforts?|bid"
    r"|is|are|was|were|has|have|had|may|might|could|would|will|nears?|faces?|risks?|seems?|looks?"
    r"|appears?|struck|made|ends?|again|once|finally|now|then|still|today|yesterday|last|this"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\w+ed|\w+ly)\s"
)
#: Between talks and how they end: "talks between Oslo and Rome on fish have all but collapsed".
OF_TALKS: Final = re.compile(
    rf"\s(?:(?={_GOING_ON})(?:(?:between|with)\s(?:{_WORD}){{1,3}}and\s)?"
    rf"(?:all\sbut\s|(?!{_FALLING}){_WORD}){{0,5}})?",
    re.IGNORECASE,
)
#: Talks that say where or when somebody else collapses: "at a meeting with Putin Kim collapses".
AT_TALKS: Final = re.compile(
    r"\b(?:at|during)\s(?!risk\b|brink\b)(?:[\w'’-]+\s){0,4}\Z", re.IGNORECASE
)
#: Between who declines and the offer: "declines the king's invitation", not "decline as firms
#: invite".
OF_OFFER: Final = re.compile(rf"\s(?:{_WORD}){{0,5}}", re.IGNORECASE)
