"""The description: what matching looks at in a record, and nothing else, so that copies of a record share it.

Every field is a text, a number or a set of texts. Titles, names and bodies are syllable keys
(`vietnamese.syllable_key`): case, punctuation, tone placement and i/y are gone, accents are kept. An empty field
means that the record does not say.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, cast

from unioncat.core.identifiers import Fingerprint
from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.normalise.authors import read_authors
from unioncat.core.normalise.carrier import read_carrier
from unioncat.core.normalise.early_books import read_rarity
from unioncat.core.normalise.editions import read_edition
from unioncat.core.normalise.extents import read_extent
from unioncat.core.normalise.imprint import read_imprint
from unioncat.core.normalise.languages import read_languages
from unioncat.core.normalise.level import read_host, read_level
from unioncat.core.normalise.record_numbers import (
    read_isbns,
    read_issns,
    read_publisher_numbers,
    read_system_numbers,
)
from unioncat.core.normalise.related import read_related
from unioncat.core.normalise.titles import read_titles
from unioncat.core.normalise.topic import read_topic
from unioncat.core.normalise.vietnamese import folded_word, is_vietnamese_syllable, words
from unioncat.core.normalise.work_kind import (
    is_prepublication,
    read_scales,
    read_standards,
    read_textbook,
    read_work,
)

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Description:
    """The match-relevant view of one record."""

    level: str = "monograph"
    """`monograph`, `serial` or `part` (an article or chapter): MARC leader/07."""
    content: str = "text"
    """What it is for eye or ear: MARC leader/06 in classes, see `carrier.py`."""
    carrier: str = "volume"
    """What it is printed on or stored in, see `carrier.py`."""
    doubt: str = ""
    """Why the carrier is uncertain; empty when it is not."""
    languages: frozenset[str] = _NONE
    isbns: frozenset[str] = _NONE
    set_isbns: frozenset[str] = _NONE
    wrong_isbns: frozenset[str] = _NONE
    """Numbers of the length of an ISBN whose check digit is wrong."""
    issns: frozenset[str] = _NONE
    system_numbers: frozenset[str] = _NONE
    """Numbers of other agencies: MARC 010, 015, 035."""
    publisher_numbers: frozenset[str] = _NONE
    standards: frozenset[str] = _NONE
    """Numbers of standards and laws with their year: `TCVN 5638:1991`, `93/2020/nd-cp`."""
    title: str = ""
    rest: str = ""
    """Remainder of the title, without a parallel title."""
    part: str = ""
    """Title of the volume."""
    variants: frozenset[str] = _NONE
    """Parallel, cover and other titles, and the title in its own script."""
    accented: bool = False
    """Whether the record is written with Vietnamese accents, so that a missing accent means something."""
    volume: tuple[int, ...] = ()
    """Number of the volume, outermost first."""
    volumes: int = 0
    """How many volumes the record describes together; 0 when it does not say."""
    edition: int = 0
    revised: bool = False
    persons: frozenset[str] = _NONE
    translators: frozenset[str] = _NONE
    bodies: frozenset[str] = _NONE
    publishers: frozenset[str] = _NONE
    partners: frozenset[str] = _NONE
    """Companies that stand beside the publisher of record."""
    places: frozenset[str] = _NONE
    """Where the publishers are, in plain letters."""
    years: tuple[int, ...] = ()
    """First and last possible year of publication."""
    copyright: int = 0
    coded: int = 0
    """The first date of MARC 008 where it is none of `years`."""
    pages: int = 0
    size: int = 0
    """Height in centimetres."""
    work: str = ""
    """`thesis`, `summary` (of a thesis), `law`; otherwise empty."""
    roles: frozenset[str] = _NONE
    """Textbook roles: teacher's book, exercises …"""
    grade: int = 0
    series: str = ""
    """The official textbook series."""
    scales: frozenset[str] = _NONE
    prepublication: bool = False
    """Whether the book was described before it was printed, see `work_kind.py`."""
    rare: str = ""
    """Why only a person may judge: an early or hand-made book."""
    topic: str = ""
    """What a generic title is about, from notes and the meeting (MARC 500, 505, 111, 711)."""
    host: str = ""
    """Where an article stands (MARC 773)."""
    originals: frozenset[str] = _NONE
    """Titles of the originals of a translation, see `related.py`."""
    linked: frozenset[str] = _NONE
    """Other publications that the record names: `earlier:issn:0866-742X`, see `related.py`."""


_DEFAULTS = {f.name: f.default for f in fields(Description) if f.default is not MISSING}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    name: type(default) for name, default in _DEFAULTS.items() if isinstance(default, frozenset | tuple)
}


def description_to_json(description: Description) -> dict[str, Any]:
    """A JSON value without the fields that say nothing, keys sorted, sets as sorted lists."""
    values = ((name, getattr(description, name)) for name in _SORTED)
    return {
        name: sorted(value)
        if isinstance(value, frozenset)
        else list(value)
        if type(value) is tuple
        else value
        for name, value in values
        if value != _DEFAULTS[name]
    }


_SORTED = sorted(_DEFAULTS)


def description_from_json(value: Mapping[str, Any]) -> Description:
    """The description of which `description_to_json` gave `value`."""
    return Description(
        **{name: _READERS[name](given) if name in _READERS else given for name, given in value.items()}
    )


def fingerprint(description: Description) -> Fingerprint:
    """The fingerprint of a description."""
    return fingerprint_of(canonical_json(description))


def canonical_json(description: Description) -> str:
    """The text of `description_to_json`, the same for equal descriptions."""
    return json.dumps(description_to_json(description), ensure_ascii=False, separators=(",", ":"))


def fingerprint_of(canonical: str) -> Fingerprint:
    """SHA-256 of the canonical JSON: equal descriptions, equal fingerprints."""
    return cast(Fingerprint, hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest())


_ACCENTED = 0.05
_LEAST_SIZE = 5
_WRITTEN = ("100", "110", "245", "250", "260", "264", "700")
_GOES_ON = re.compile(r"(?:l\. ?,|[ivxlc]+ ?,|\[?[0-9]).*[0-9]\]? ?p\b")
"""The rest of a sequence of pages that was cut in two."""
_BESIDE_PAGES = re.compile(
    r"\b\d+ ?p\. ?l\.,?|,\s*\[?[ivxlc]+\]?(?=\s*(?:p|tr|pages)\b)|,\s*\[\d{1,2}\](?= ?p)|\(i\. ?e\.[^)]*\)|\*",
    re.IGNORECASE,
)
"""Unnumbered leaves (`3 p.l.`, `[1] p.`), Roman sequences after the main one, corrections."""


def describe(record: MarcRecord) -> Description:
    """What matching looks at in a record. Never raises: what cannot be read is left empty."""
    titles, authors, imprint = read_titles(record), read_authors(record), read_imprint(record)
    carrier, languages = read_carrier(record), read_languages(record)
    isbns, related = read_isbns(record), read_related(record, titles.title)
    textbook = read_textbook(record, titles.title)
    editions = [read_edition(field.text("ab")) for field in record.data("250")]
    numbered = [one for one in editions if one and one.kind == "edition" and one.number]
    extents = [
        read_extent(_BESIDE_PAGES.sub("", _pages_of(field)), field.text("c")) for field in record.data("300")
    ]
    written = " ".join(field.text("abcnp") for field in record.data(*_WRITTEN))
    return Description(
        level=read_level(record),
        content=carrier.content,
        carrier=carrier.carrier,
        doubt=carrier.doubt,
        languages=languages,
        isbns=isbns.valid,
        set_isbns=isbns.of_sets,
        wrong_isbns=isbns.wrong,
        issns=read_issns(record),
        system_numbers=read_system_numbers(record),
        publisher_numbers=read_publisher_numbers(record),
        standards=read_standards(record),
        title=titles.title,
        rest=titles.rest,
        part=titles.part,
        variants=titles.variants,
        accented=_is_accented(written),
        volume=titles.volume,
        volumes=next((extent.volumes for extent in extents if extent.volumes), 0),
        edition=numbered[0].number or 0 if numbered else 0,
        revised=any(one.revised for one in editions if one),
        persons=authors.persons,
        translators=authors.translators,
        bodies=authors.bodies,
        publishers=imprint.publishers,
        partners=imprint.partners,
        places=imprint.places,
        years=imprint.years,
        copyright=imprint.copyright,
        coded=imprint.coded,
        pages=next((extent.pages for extent in extents if extent.pages), 0),
        size=next((round(e.size_cm + 0.1) for e in extents if e.size_cm and e.size_cm > _LEAST_SIZE), 0),
        work=read_work(record),
        roles=textbook.roles,
        grade=textbook.grade,
        series=textbook.series,
        scales=read_scales(record),
        prepublication=is_prepublication(record),
        rare=read_rarity(record, languages, imprint.years),
        topic=read_topic(record, titles.title),
        host=read_host(record),
        originals=related.originals,
        linked=related.linked,
    )


def _pages_of(field: DataField) -> str:
    """300 $a, and $b where the count of pages goes on there ("xvi p., 2 l., $b [3]-846 p.")."""
    beside = field.text("b")
    return f"{field.text('a')} {beside}" if _GOES_ON.match(beside) else field.text("a")


def _is_accented(text: str) -> bool:
    """Whether one word in twenty at least is a Vietnamese syllable with an accent (é in French is none)."""
    if text.isascii():
        return False
    found = [word for word in words(text) if not word.isdigit()]
    marked = [word for word in found if word != folded_word(word) and is_vietnamese_syllable(word)]
    return bool(marked) and len(marked) >= _ACCENTED * len(found)
