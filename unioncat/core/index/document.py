"""A master record as the search index sees it."""

from dataclasses import dataclass

from unioncat.core.identifiers import Isil, MasterId


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """Everything that can be searched, filtered, sorted or shown of one master record.

    Texts are as catalogued (NFC); the engines index what `analysis.analyse` makes of them. `libraries` are
    ISILs; `available_at` are those of them that say that a piece is there. `isbns` are ISBN-13. `year` is the year
    of publication. `language` values are MARC codes (ISO 639-2/B), `format` is one of `description formats`.
    `persons` are names by which results are narrowed, `is_digital` says that some copy is online.

    The last four follow from the registry of libraries and are not kept with the master record: `of_libraries.py`.
    """

    master_id: MasterId
    version: int
    title: str
    subtitle: str | None = None
    responsibility: str | None = None
    other_titles: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
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
    available_at: tuple[Isil, ...] = ()
    is_digital: bool = False
    provinces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_for_loan: bool = False
