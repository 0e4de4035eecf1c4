"""How much is kept of a term: for the rules, and for the storage that is loaded without them."""

from typing import Final

#: Postings read per term; with 500 no decision on the development sets is better.
NEWEST: Final = 200
