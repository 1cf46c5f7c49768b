"""A master record as the search index sees it."""

from dataclasses import dataclass

from unioncat.core.identifiers import Isil, MasterId


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """Everything that can be searched, filtered, sorted or shown of one master record.

    Texts are as catalogued (NFC); the engines index what `analysis.analyse` makes of them. `libraries` are
    ISILs, `provinces` follow from them. `isbns` are ISBN-13. `year` is the year of publication. `language`
    values are MARC codes (ISO 639-2/B), `format` is one of `description formats`.
    """

    master_id: MasterId
    version: int
    title: str
    subtitle: str | None = None
    responsibility: str | None = None
    other_titles: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    publisher: str | None = None
    place: str | None = None
    edition: str | None = None
    extent: str | None = None
    series: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    year: int | None = None
    languages: tuple[str, ...] = ()
    format: str = "book"
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    libraries: tuple[Isil, ...] = ()
    provinces: tuple[str, ...] = ()
