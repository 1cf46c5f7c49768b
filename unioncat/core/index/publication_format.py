"""The format of a publication, for filters: one word out of FORMATS.

1. A thesis note (MARC 502): thesis.
2. A part of something else (leader/07): article.
3. Content (leader/06) that is not text: map, score, audio, video, image, electronic, kit, other.
4. A serial or integrating resource (leader/07): serial.
5. A manuscript (leader/06), and a carrier other than paper (`normalise/carrier.py`): by the carrier.
6. An extent (300 $a) that begins with maps: map, because many systems write "text" for everything.
7. Any other text: book; a type of record that does not exist: other.
"""

import re

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.carrier import read_carrier
from unioncat.core.normalise.level import read_level

_BY_CONTENT = {
    "score": "score",
    "map": "map",
    "film": "video",
    "speech": "audio",
    "music": "audio",
    "image": "image",
    "software": "electronic",
    "kit": "kit",
    "object": "other",
}
_BY_CARRIER = {
    "online": "electronic",
    "cd-rom": "electronic",
    "dvd": "video",
    "blu-ray": "video",
    "videocassette": "video",
    "audio disc": "audio",
    "cassette": "audio",
    "manuscript": "manuscript",
}
_MAPS = re.compile(r"[\W\d]*(?:(?:tờ|tấm|bộ) )?(?:bản đồ|maps?\b)", re.IGNORECASE)

FORMATS = frozenset({*_BY_CONTENT.values(), *_BY_CARRIER.values(), "thesis", "article", "serial", "book"})


def publication_format(marc: MarcRecord) -> str:
    """The format of a publication, one of FORMATS."""
    level, found = read_level(marc), read_carrier(marc)
    if marc.first("502"):
        return "thesis"
    if level == "part":
        return "article"
    if found.content in _BY_CONTENT:
        return _BY_CONTENT[found.content]
    return "serial" if level == "serial" else _text_format(marc, found.carrier)


def _text_format(marc: MarcRecord, carrier: str) -> str:
    kind = marc.leader[6:7].strip()
    if kind == "t":
        return "manuscript"
    if carrier in _BY_CARRIER:
        return _BY_CARRIER[carrier]
    if any(_MAPS.match(extent) for extent in marc.values("300", "a")[:1]):
        return "map"
    return "book" if kind in ("a", "") else "other"
