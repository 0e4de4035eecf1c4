"""Headlines of which no two tell of one event, each with a word of its own for a topic."""

from typing import Any

WHAT = """
    orchid volcano chess comet bridge ferry beaver glacier accordion lighthouse museum tram
    beehive marathon observatory windmill carnival aquarium lottery submarine pottery vineyard
    cathedral puppet harbour telescope quarry ballet dialect sawmill peacock reservoir sculpture
    cricket monastery sourdough kayak mushroom violin tunnel castle falcon tulip elevator bakery
    dinosaur meteor sailboat tapestry waterfall zebra origami skyscraper turbine canal
    laboratory seahorse trumpet
""".split()  # noqa: SIM905 - read word by word
WHERE = """
    Bogor Oslo Lima Quito Dakar Perth Turin Bergen Cusco Malmo Tampere Gdansk Porto Seville Bremen
    Nantes Ghent Leiden Basel Graz Brno Split Varna Cluj Patras Izmir Haifa Basra Shiraz Lahore
    Pune Kandy Hue Davao Kobe Daegu Harbin Lhasa Osh Tomsk Perm Tartu Kaunas Lviv Bari Nice Cork
    Leeds Derby Halifax Regina Boise Tulsa Macon Salta Natal Recife Medan
""".split()  # noqa: SIM905 - read word by word
DOES = """
    delights surprises divides unites worries inspires puzzles charms angers amuses moves
    impresses fascinates shocks comforts
""".split()  # noqa: SIM905 - read word by word
COUNT = min(len(WHAT), len(WHERE))


def headline(number: int) -> str:
    """Return one of COUNT headlines."""
    return f"{WHAT[number].title()} {DOES[number % len(DOES)]} {WHERE[number]}"


def topics(count: int = COUNT, **table: Any) -> list[dict[str, Any]]:
    """Return a topic for each: of one topic they would be reports of one event, perhaps."""
    return [{"id": word, "match": f'"{word}"', **table} for word in WHAT[:count]]
