"""A library's statement that it has a publication, and the physical pieces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A physical piece: barcode (accession number, số đăng ký cá biệt) and status where the source tells.

    `status_time` (ISO 8601) is when the source told the status, where it tells what is on loan now.
    """

    barcode: str | None = None
    call_number: str | None = None
    status: str | None = None
    status_time: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one library has of one publication at one location.

    `copies` counts items, or is what the source states. `coverage` is the textual holdings statement of a
    serial or set (MARC 866-868).
    """

    location: str | None
    call_number: str | None
    copies: int
    items: tuple[Item, ...] = ()
    coverage: str | None = None
    note: str | None = None
    url: str | None = None
