"""The record model: one frozen MARC 21 record, whatever format it came in (ISO 2709, MARCXML, MARC-in-JSON)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

DEFAULT_LEADER = "00000nam a2200000 a 4500"


@dataclass(frozen=True, slots=True)
class ControlField:
    """A field 001 to 009: a tag and a value."""

    tag: str
    value: str


@dataclass(frozen=True, slots=True)
class DataField:
    """A field with two indicators and subfields as (code, value) in their order."""

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]

    def get(self, code: str) -> str | None:
        """The first subfield of this code, or None."""
        for name, value in self.subfields:
            if name == code:
                return value
        return None

    def all(self, codes: str) -> tuple[str, ...]:
        """The values of all subfields whose code is one of `codes`, in their order."""
        return tuple([value for name, value in self.subfields if name in codes])

    def text(self, codes: str) -> str:
        """The values of `all(codes)` joined with blanks."""
        return " ".join([value for name, value in self.subfields if name in codes])


MarcField = ControlField | DataField


@dataclass(frozen=True, slots=True)
class MarcRecord:
    """A MARC 21 record: a leader of 24 characters and fields in their order."""

    leader: str
    fields: tuple[MarcField, ...]
    _by_tag: dict[str, list[DataField]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_tag: dict[str, list[DataField]] = {}
        for one in self.fields:
            if isinstance(one, DataField):
                by_tag.setdefault(one.tag, []).append(one)
        object.__setattr__(self, "_by_tag", by_tag)

    def control(self, tag: str) -> str | None:
        """The value of the first control field of this tag, or None."""
        return next((f.value for f in self.fields if isinstance(f, ControlField) and f.tag == tag), None)

    def data(self, *tags: str) -> Iterator[DataField]:
        """The data fields of these tags, in the order of the record."""
        if len(tags) == 1:
            return iter(self._by_tag.get(tags[0], ()))
        present = [tag for tag in tags if tag in self._by_tag]
        if len(present) < 2:
            return iter(self._by_tag[present[0]] if present else ())
        return (f for f in self.fields if isinstance(f, DataField) and f.tag in present)

    def first(self, tag: str) -> DataField | None:
        """The first data field of this tag, or None."""
        return next(iter(self._by_tag.get(tag, ())), None)

    def values(self, tag: str, codes: str) -> tuple[str, ...]:
        """All subfields `codes` of all fields `tag`."""
        found = self._by_tag.get(tag)
        if found is None:
            return ()
        return tuple([value for one in found for name, value in one.subfields if name in codes])
