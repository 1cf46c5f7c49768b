"""The search document of a master record.

1. Fields in other scripts (MARC 880) count as the field they stand for; a title proper in another script is
   an other title.
2. Punctuation that only separates areas (ISBD) is taken off the ends; placeholders are nothing, but as a
   title proper, for there is a book called 1.
3. The year is that of MARC 260/264 $c (publication, else copyright, else printing), else that of 008.
4. Languages are those of 041 $a, else of 008/35-37; without any, a Vietnamese title makes it Vietnamese.
5. Libraries, call numbers and what is there now come from the holdings, never from the record.
6. A person (MARC 100, 700) is narrowed by under one name: without dates and titles, "Nguyễn, Trãi" as "Nguyễn Trãi",
   and not in capitals only.
7. A piece is there where its library's word for its state says so (`core/merge/statuses.py`); a holding with an
   address is a digital copy.
"""

import re
from collections.abc import Iterable, Iterator

from unioncat.core.encoding.syllables import is_vietnamese_syllable
from unioncat.core.identifiers import Isil, MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.publication_format import publication_format
from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.master import MergedRecord
from unioncat.core.merge.statuses import Availability, availability_of
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.languages import read_languages
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.vietnamese import accent_share
from unioncat.core.normalise.years import read_years, year_of_008

_OTHER_TITLES = ("130", "240", "246", "247", "730", "740")
_SERIES = ("440", "490", "800", "810", "811", "830")
_CONTRIBUTORS = ("100", "110", "111", "700", "710", "711")
_SUBJECTS = ("600", "610", "611", "630", "647", "648", "650", "651", "653", "655")
_NOTES = (
    "500",
    "501",
    "502",
    "505",
    "508",
    "511",
    "515",
    "518",
    "520",
    "521",
    "525",
    "530",
    "534",
    "545",
    "546",
    "580",
)
_PERSONS = ("100", "700")
_DATES = re.compile(r"[,\s]*[(,\s](?:b\.|d\.|fl\.|ca\.?)?\s?1?\d{3}\s?(?:[-–]\s?(?:\d{3,4})?)?\)?\s*$")
"""Those that old records write into the name."""
_LONGEST_NOTE = 2000
_VIETNAMESE = 0.3
"""The least share of accented syllables in a title that is taken for Vietnamese."""


def build_document(
    master_id: MasterId,
    version: int,
    merged: MergedRecord,
    holdings: Iterable[tuple[Isil, Holding]],
) -> SearchDocument:
    """What the index knows of a master record and its holdings: (library, holding)."""
    marc = merged.marc()
    held = list(holdings)
    title = marc.first("245")
    title_proper = _trimmed(title.text("anp")) if title else ""
    return SearchDocument(
        master_id=master_id,
        version=version,
        title=title_proper or next(iter(_texts(marc, "anp", *_OTHER_TITLES)), ""),
        subtitle=_clean(title.text("b")) if title else None,
        responsibility=_clean(title.text("c")) if title else None,
        other_titles=_unique(_other_titles(marc), besides=title_proper),
        contributors=_texts(marc, "abcd", *_CONTRIBUTORS),
        persons=_unique(_persons(marc)),
        subjects=_unique(_subjects(marc)),
        publisher=_publication(marc, "b"),
        place=_publication(marc, "a"),
        edition=_first(_texts(marc, "ab", "250")),
        extent=_first(_texts(marc, "abce", "300")),
        series=_texts(marc, "anpv", *_SERIES),
        notes=_unique(_notes(marc)),
        call_numbers=_unique(holding.call_number for _, holding in held),
        year=_year(marc),
        languages=_languages(marc),
        format=publication_format(marc),
        isbns=_unique(read_isbn(value).isbn13 for value in marc.values("020", "a")),
        issns=_unique(read_issn(value) for value in marc.values("022", "a")),
        libraries=tuple(sorted({isil for isil, _ in held})),
        available_at=tuple(sorted({isil for isil, holding in held if _is_there(holding)})),
        is_digital=any(holding.url for _, holding in held),
    )


# --- texts --------------------------------------------------------------------------------------------


def _fields(marc: MarcRecord, *tags: str) -> Iterator[DataField]:
    """The fields of these tags, and the 880 fields that stand for them."""
    for field in marc.data(*tags, "880"):
        if field.tag in tags or (field.get("6") or "")[:3] in tags:
            yield field


def _texts(marc: MarcRecord, codes: str, *tags: str) -> tuple[str, ...]:
    return _unique(_clean(field.text(codes)) for field in _fields(marc, *tags))


_FULL_STOP = re.compile(r"((?<=\d)|(?<=[\w)]{2}))\.$")
"""One that ends an area; that of an initial (H. for Hà Nội) and of an ellipsis stay."""


def _trimmed(text: str) -> str:
    return _FULL_STOP.sub("", " ".join(text.split()).strip(" /:;=,"))


def _clean(text: str) -> str | None:
    """The text without separating punctuation at its ends; None for nothing and for a placeholder."""
    text = _trimmed(text)
    return None if is_placeholder(text) else text


def _unique(texts: Iterable[str | None], besides: str | None = None) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(texts) if text and text != besides)


def _first(texts: tuple[str, ...]) -> str | None:
    return texts[0] if texts else None


def _other_titles(marc: MarcRecord) -> Iterator[str | None]:
    for field in _fields(marc, *_OTHER_TITLES, "245"):
        if field.tag != "245":
            yield _clean(field.text("abnp"))


def _persons(marc: MarcRecord) -> Iterator[str | None]:
    for field in _fields(marc, *_PERSONS):
        name = _clean(_DATES.sub("", field.text("ab")))
        yield name and _as_called(name)


def _as_called(name: str) -> str:
    parts = name.split(",")
    if len(parts) == 2 and all(map(is_vietnamese_syllable, name.replace(",", " ").split())):
        name = " ".join(name.replace(",", " ").split())
    return name.title() if name.isupper() else name


def _is_there(holding: Holding) -> bool:
    return holding.copies > 0 and availability_of(holding) is Availability.AVAILABLE


def _subjects(marc: MarcRecord) -> Iterator[str | None]:
    """Headings with their subdivisions; each uncontrolled term (MARC 653 $a) by itself."""
    for field in _fields(marc, *_SUBJECTS):
        if field.tag == "653":
            yield from map(_clean, field.all("a"))
        else:
            heading = _clean(field.text("abcdfgnpqt"))
            yield " -- ".join(filter(None, (heading, *map(_clean, field.all("vxyz"))))) or None


def _notes(marc: MarcRecord) -> Iterator[str | None]:
    for field in _fields(marc, *_NOTES):
        note = " ".join(value for code, value in field.subfields if code.isalpha() and code not in "uw")
        yield _clean(note[:_LONGEST_NOTE])


# --- publication --------------------------------------------------------------------------------------


def _statements(marc: MarcRecord) -> list[DataField]:
    """MARC 260 and 264, the publication statement (264 _1) before production, printing and copyright."""
    return sorted(
        _fields(marc, "260", "264"), key=lambda field: field.tag == "264" and field.indicators[1:] != "1"
    )


def _publication(marc: MarcRecord, code: str) -> str | None:
    """Place or publisher: all that the first field which names one names."""
    return _first(_unique("; ".join(_unique(map(_clean, field.all(code)))) for field in _statements(marc)))


def _year(marc: MarcRecord) -> int | None:
    years = [read_years(field.text("c")) for field in _statements(marc)]
    stated = (
        *(years.publication for years in years),
        *(years.copyright for years in years),
        *(years.printing for years in years),
    )
    return next((year for year in stated if year), None) or year_of_008(marc.control("008") or "")


def _languages(marc: MarcRecord) -> tuple[str, ...]:
    if stated := read_languages(marc):
        return tuple(sorted(stated))
    title = " ".join(field.text("abc") for field in marc.data("245"))
    return ("vie",) if accent_share(title) >= _VIETNAMESE else ()
