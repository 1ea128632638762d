"""Where somebody lives: streets with a house, in the ways that six languages write them."""

import re
from collections.abc import Iterator

from app.trust.spans import Span

_NAME = r"[^\W\d_][\w'’.-]*"
_BIG = r"(?-i:[^\W\d_a-zа-яёß-ÿ])[\w'’.-]*"
_SMALL = r"(?:(?:de|del|la|las|los|el|du|des|le|les|the|of|and|y|и|им\.|von|der|den|dem)[ \t]){0,2}"
_NAMES = (
    rf"(?:{_SMALL}{_BIG}(?:[ \t]{_SMALL}{_BIG}){{0,3}}"
    r"|(?!(?:до|от|за|по|на|to|up|for|bis|para|hasta|pour|and)\b)[^\W\d_]{3,})"
)
_HOUSE = r"\d{1,4}(?:[ \t]?[/-][ \t]?\d{1,3})?[ \t]?[a-zа-яA-ZА-Я]?(?![\w])"
_FLAT = (
    r"(?:,?\s?(?:корп(?:\.|ус)?|к\.|стр(?:\.|оение)?|под(?:\.|ъезд)|эт(?:\.|аж)|кв(?:\.|артира)?|"
    r"оф(?:\.|ис)|apt\.?|apartment|flat|suite|unit|floor|wohnung|whg\.?|etage|stock|piso|puerta|"
    r"portal|appartement|appt\.?|bât(?:\.|iment)?|étage|شقة|الطابق|طابق|عمارة)\s?№?\s?[\w/-]{1,6})"
    r"{0,4}"
)
_PLACES = tuple(
    re.compile(pattern + _FLAT, re.IGNORECASE)
    for pattern in (
        # Russian: ул. Баумана, д. 5 · улице Ленина 10 · проспект Победы, 12
        rf"(?<!\w)(?:ул(?:\.|иц[аеуы]|)|пр(?:\.|-т|осп\.|оспект[ауе]?)|пер(?:\.|еулк?[аоуе]?к?)|"
        rf"б-р|бульвар[ауе]?|наб(?:\.|ережн\w+)|пл(?:\.|ощад\w+)|ш(?:\.|оссе)|проезд[ауе]?|"
        rf"тракт[ауе]?|мкр(?:\.|н)?|микрорайон[ауе]?)[ \t]?{_NAMES},?[ \t]?"
        rf"(?:д(?:\.|ом[ауе]?)?[ \t]?)?{_HOUSE}",
        rf"(?<!\w){_NAME}[ \t](?:ул(?:\.|ица|ице|ицу)|проспект[ауе]?|переул\w+|бульвар[ауе]?|"
        rf"набережн\w+|шоссе|тракт[ауе]?),?[ \t]?(?:д(?:\.|ом[ауе]?)?[ \t]?)?{_HOUSE}",
        rf"(?<!\w){_BIG},?[ \t](?:д\.|дом)[ \t]?{_HOUSE}",
        r"(?<!\w)(?:д\.|дом)[ \t]?\d{1,4}\w?,?[ \t](?:корп|к|кв|под|эт)\w*\.?[ \t]?\d{1,4}",
        r"(?<!\w)(?:кв\.|квартира)[ \t]?\d{1,4}(?!\w)",
        # English: 221B Baker Street · 5 Elm Rd.
        rf"(?<![\w.,])\d{{1,5}}[a-z]?,?[ \t](?:(?:north|south|east|west)[ \t])?{_NAMES}[ \t]"
        r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|sq|court|ct|"
        r"place|pl|terrace|way|close|crescent|gardens|hill|row|mews|highway|hwy)(?!\w)\.?",
        # German: Hauptstraße 12 · Am Markt 3 · Unter den Linden 5
        rf"(?<!\w){_BIG}(?:straße|strasse|str\.|gasse|weg|allee|platz|ring|damm|ufer|chaussee)"
        rf"[ \t]{_HOUSE}",
        rf"(?<!\w){_NAME}[ \t](?:straße|strasse|str\.|gasse|weg|allee|platz|ring|damm|ufer)"
        rf"[ \t]{_HOUSE}",
        rf"(?<!\w)(?-i:Am|An der|An den|Auf der|Auf dem|Im|In der|Unter den|Zum|Zur|Hinter dem)"
        rf"[ \t](?-i:[A-ZÄÖÜ])\w{{2,}}[ \t]{_HOUSE}(?![ \t]?(?:uhr|%|€|euro|stunden|tage))",
        # Spanish: Calle Mayor 5, 3º B · Avda. de la Paz, nº 7
        rf"(?<!\w)(?:calle|c/|avenida|avda\.?|av\.|paseo|plaza|pza\.?|camino|carretera|ronda|"
        rf"travesía)[ \t]?{_NAMES},?[ \t](?:n(?:º|°|úm\.?|\.º)?[ \t]?)?{_HOUSE}(?:,?[ \t]?\d{{1,2}}"
        rf"[ºª°][ \t]?[a-z]?(?!\w))?",
        # French: 12 bis rue de la Paix · 3, avenue Foch
        rf"(?<![\w.,])\d{{1,4}}(?:[ \t](?:bis|ter|quater))?,?[ \t](?:rue|avenue|av\.|boulevard|"
        rf"bd\.?|place|chemin|allée|impasse|quai)[ \t]{_NAMES}",
        # Arabic: شارع الملك فهد 12 · شارع النصر، عمارة 5
        r"(?<!\w)(?:ال)?(?:شارع|طريق|حارة|زقاق|ميدان)[ \t][^\W\d]+(?:[ \t][^\W\d]+){0,3}[،,]?[ \t]?"
        r"(?:(?:رقم|عمارة|مبنى|بناية|منزل|بيت)[ \t]?)?[\d٠-٩]{1,4}(?!\w)",
        # Codes of the post with a place, and British ones.
        r"(?<![\w.,])\d{5}[ \t](?-i:[A-ZÄÖÜÉ])[a-zäöüßéèñ]{2,}(?:[ \t](?-i:[A-ZÄÖÜÉ])\w+)?(?![\w])",
        r"(?<!\w)(?-i:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?!\w)",
        r"(?<![\w.,])\d{6},?[ \t](?:г\.|город)[ \t]?[^\W\d_]+",
    )
)


def places(text: str) -> Iterator[Span]:
    """Addresses of houses in a text."""
    for pattern in _PLACES:
        for found in pattern.finditer(text):
            yield Span(*found.span(), "ADDRESS")
