"""Builders: a book as MARC, in the few words that a test is about, and what matching sees of it."""

from unioncat.core.marc import DEFAULT_LEADER, ControlField, DataField, MarcField, MarcRecord
from unioncat.core.normalise.description import Description, describe

_FIELDS = {
    "isbn": ("020", "a"),
    "cancelled_isbn": ("020", "z"),
    "issn": ("022", "a"),
    "author": ("100", "a"),
    "body": ("110", "a"),
    "title": ("245", "a"),
    "number": ("245", "n"),
    "part": ("245", "p"),
    "rest": ("245", "b"),
    "medium": ("245", "h"),
    "responsibility": ("245", "c"),
    "variant": ("246", "a"),
    "edition": ("250", "a"),
    "place": ("260", "a"),
    "publisher": ("260", "b"),
    "year": ("260", "c"),
    "pages": ("300", "a"),
    "size": ("300", "c"),
    "series": ("490", "a"),
    "series_number": ("490", "v"),
    "note": ("500", "a"),
    "thesis": ("502", "a"),
    "reproduction": ("533", "a"),
    "script": ("546", "b"),
    "host": ("773", "t"),
    "host_part": ("773", "g"),
    "link": ("856", "u"),
    "scale": ("255", "a"),
    "publisher_number": ("028", "a"),
    "language": ("041", "a"),
    "system_number": ("035", "a"),
}

_A_BOOK = {
    "title": "Đất nước Việt Nam qua các đời",
    "author": "Đào Duy Anh",
    "publisher": "Khoa học",
    "year": "1964",
    "pages": "242 tr.",
}


def a_record(leader: str = DEFAULT_LEADER, fixed: str | None = None, **values: str | None) -> MarcRecord:
    """A record with these values only, each under its name in `_FIELDS`; `fixed` is the field 008."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for name, value in values.items():
        tag, code = _FIELDS[name]
        if value is not None:
            grouped.setdefault(tag, []).append((code, value))
    fields: list[MarcField] = [] if fixed is None else [ControlField("008", fixed)]
    fields += [DataField(tag, "  ", tuple(subfields)) for tag, subfields in sorted(grouped.items())]
    return MarcRecord(leader, tuple(fields))


def a_book(leader: str = DEFAULT_LEADER, fixed: str | None = None, **values: str | None) -> Description:
    """What matching sees of an ordinary Vietnamese book, with some values changed, added or (None) left out."""
    return describe(a_record(leader, fixed, **{**_A_BOOK, **values}))
