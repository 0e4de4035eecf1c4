"""Names of hosts in the script of their language, as the domain name system knows them."""


def ascii_domain(name: str) -> str:
    """Return a host's name in ASCII, as browsers do: "straße.de" is xn--strae-oqa.de.

    By UTS #46 without its transition, which kept to IDNA 2003: that leads to strasse.de, a house of
    others. Names that IDNA 2008 has no place for (emoji, underscores) are written in the old way.

    Raises:
        UnicodeError: there is no such name in either.
    """
    if name.isascii():
        return name
    # yarl brings it; its tables, 3 MB, are only needed for such names.
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name.encode("idna").decode("ascii")
