"""What makes a field, whatever format it came in (MARC 21 record structure).

1. A tag is three ASCII letters or digits.
2. Fields 001 to 009 hold one value; subfields that stand in one are joined with blanks.
3. Every other field has two indicators and subfields; a value without a subfield code becomes $a.
4. A subfield code is one printable ASCII character; so is an indicator, and what is none becomes a blank.
5. What is empty or breaks rule 1 or 4 is left out, and told.
"""

from collections.abc import Iterable, Sequence

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import ControlField, DataField, MarcField
from unioncat.core.parse.reading import Told
from unioncat.core.parse.text import clean, without_high_controls

_SIGNS = frozenset(map(chr, range(0x20, 0x7F)))


def value_field(tag: str, value: str, told: Told) -> MarcField | None:
    """A field that came as one value; None when nothing is left of it."""
    kept = clean(value)
    if not kept.strip() or not _is_tag(tag):
        told.append(Finding(FindingKind.FIELD_SHAPE, _left_out(tag)))
        return None
    if is_control(tag):
        return ControlField(tag, without_high_controls(kept))
    told.append(
        Finding(FindingKind.FIELD_SHAPE, f"field {tag} has no subfield code; its text was taken as $a")
    )
    return DataField(tag, "  ", (("a", kept),))


def subfield_field(
    tag: str, indicators: Iterable[str], subfields: Sequence[tuple[str, str]], told: Told
) -> MarcField | None:
    """A field that came as subfields; None when nothing is left of it."""
    kept = tuple([(code, text) for code, value in subfields if (text := clean(value)) and code in _SIGNS])
    if not kept or not _is_tag(tag):
        told.append(Finding(FindingKind.FIELD_SHAPE, _left_out(tag)))
        return None
    if len(kept) < len(subfields):
        told.append(
            Finding(
                FindingKind.FIELD_SHAPE, f"in field {tag} a subfield without a code or a value was left out"
            )
        )
    if is_control(tag):
        told.append(Finding(FindingKind.FIELD_SHAPE, f"field {tag} has subfields; their values were joined"))
        return ControlField(tag, without_high_controls(" ".join(value for _, value in kept)))
    one, two = indicators
    return DataField(tag, (one if one in _SIGNS else " ") + (two if two in _SIGNS else " "), kept)


def _is_tag(tag: str) -> bool:
    return len(tag) == 3 and tag.isascii() and tag.isalnum()


def is_control(tag: str) -> bool:
    """Whether a tag is one of 001 to 009."""
    return tag[:2] == "00" and tag[2].isdigit()


def _left_out(tag: str) -> str:
    if _is_tag(tag):
        return f"field {tag} is empty and was left out"
    return f"a field with the impossible tag '{without_high_controls(clean(tag))[:10]}' was left out"
