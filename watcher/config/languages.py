"""Which two letters name a language, and which language was meant by those that name none."""

from watcher.model import primary_subtag

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


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


#: Country codes that people write where a language belongs, and that name no language.
LANGUAGE_OF_COUNTRY = _pairs(
    """
    al:sq at:de au:en bd:bn by:be cl:es cn:zh cz:cs dk:da ec:es eg:ar gb:en ge:ka gr:el
    gt:es hk:zh hn:es il:he iq:ar ir:fa jo:ar jp:ja kh:km kp:ko kz:kk lk:si ly:ar md:ro
    me:sr mo:zh mx:es np:ne nz:en pe:es ph:tl pk:ur pr:es py:es qa:ar rs:sr sy:ar ua:uk
    us:en uy:es vn:vi xk:sq ye:ar
    """
)

#: Country codes that name a language too, mostly one that is hardly meant: Northern Sami, Ewe.
LANGUAGE_OF_SHARED_CODE = _pairs(
    """
    ae:ar am:hy ar:es ba:bs be:nl bh:ar bo:es br:pt ch:de co:es cr:es cu:es cy:el dz:ar
    ee:et kr:ko kw:ar la:lo lb:ar li:de lu:fr my:ms ng:en om:ar sa:ar se:sv sg:en si:sl
    sm:it tn:ar tw:zh ve:es za:en
    """
)

#: Three-letter codes of languages that have one of two letters, which is the one in use.
LANGUAGE_OF_LONG_CODE = _pairs(
    """
    ara:ar chi:zh deu:de eng:en fas:fa fra:fr fre:fr ger:de heb:he hin:hi ind:id ita:it jpn:ja
    kor:ko may:ms msa:ms nld:nl per:fa pol:pl por:pt rus:ru spa:es tha:th tur:tr ukr:uk vie:vi
    zho:zh
    """
)


def what_is_wrong(tag: str) -> str | None:
    """Return what is wrong with a well-formed language tag, as a predicate; None if nothing."""
    primary = primary_subtag(tag)
    if primary in LANGUAGE_OF_COUNTRY:
        meant = LANGUAGE_OF_COUNTRY[primary]
        return f'must be a language, "{tag}" is a country; did you mean "{meant}"?'
    if primary in LANGUAGE_OF_LONG_CODE:
        meant = LANGUAGE_OF_LONG_CODE[primary]
        return f'must be a language in its shortest form, got "{tag}"; did you mean "{meant}"?'
    if len(primary) == len("id") and primary not in TWO_LETTERS:
        return f'must be a language, like "id" or "zh-TW", and no language is "{tag}"'
    return None
