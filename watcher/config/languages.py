"""Which two letters name a language, and which language was meant by those that name none."""

_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu
    hy hz ia id ie ig ii ik in io is it iu iw ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky
    la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc
    oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh
    zu
    """

#: All two-letter codes of ISO 639, and the withdrawn ones that matching still knows. Those of
#: three letters are thousands, and new ones come: what we do not know may be one.
TWO_LETTERS = frozenset(_CODES.split())

#: Country codes that people write where a language belongs, and that name no language.
LANGUAGE_OF_COUNTRY = {
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gb": "en",
    "gr": "el",
    "hk": "zh",
    "il": "he",
    "jp": "ja",
    "kp": "ko",
    "kz": "kk",
    "mx": "es",
    "ua": "uk",
    "us": "en",
    "vn": "vi",
}

#: Three-letter codes of languages that have one of two letters, which is the one in use.
LANGUAGE_OF_LONG_CODE = {
    "ara": "ar",
    "chi": "zh",
    "deu": "de",
    "eng": "en",
    "fas": "fa",
    "fra": "fr",
    "fre": "fr",
    "ger": "de",
    "heb": "he",
    "hin": "hi",
    "ind": "id",
    "ita": "it",
    "jpn": "ja",
    "kor": "ko",
    "may": "ms",
    "msa": "ms",
    "nld": "nl",
    "per": "fa",
    "pol": "pl",
    "por": "pt",
    "rus": "ru",
    "spa": "es",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "vie": "vi",
    "zho": "zh",
}


def what_is_wrong(tag: str) -> str | None:
    """Return what is wrong with a well-formed language tag, as a predicate; None if nothing."""
    primary = tag.lower().split("-")[0]
    if primary in LANGUAGE_OF_COUNTRY:
        meant = LANGUAGE_OF_COUNTRY[primary]
        return f'must be a language, "{tag}" is a country; did you mean "{meant}"?'
    if primary in LANGUAGE_OF_LONG_CODE:
        meant = LANGUAGE_OF_LONG_CODE[primary]
        return f'must be a language in its shortest form, got "{tag}"; did you mean "{meant}"?'
    if len(primary) == len("id") and primary not in TWO_LETTERS:
        return f'must be a language, like "id" or "zh-TW", and no language is "{tag}"'
    return None
