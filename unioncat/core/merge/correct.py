"""Corrections of curators are laid over a merged record; the records of the libraries stay as they are.

1. They follow each other by number: a later one sees what an earlier one did.
2. `Replace` and `remove` speak of the fields of a tag with a wording (`text_of`, folded: case, punctuation and the place
   of the tone do not matter), or of all fields of the tag. The new field stands where the first of them stood.
3. `Add` puts a field behind those of its tag. What is said already is not added. What MARC 21 has once takes the place
   of the one that the libraries state by now.
4. Forms of a field in other scripts (MARC 880) go with it.
5. A correction whose wording is not there any more, because the libraries changed it, does nothing: it is stale, and told.
6. Each corrected field says who corrected it, when and why.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from unioncat.core.errors import InvalidDecision
from unioncat.core.marc import ControlField, DataField, MarcField
from unioncat.core.merge.correction import Correction, CorrectionAction
from unioncat.core.merge.master import MergedField, MergedRecord, Provenance
from unioncat.core.merge.survivorship import once_with, text_of
from unioncat.core.normalise.vietnamese import syllable_key

_TAG = re.compile(r"008|00[67]|0[1-9][0-9]|[1-8][0-9]{2}")
_HOLDINGS = re.compile(r"85[2-59]|86[3-8]|87[678]|880|035")
_CODE = re.compile(r"[a-z0-9]")
_LONGEST = 9_000


class CorrectionEffect(StrEnum):
    """What a correction does now. The value is part of the API: never change it."""

    IN_FORCE = "in-force"
    AGREED = "agreed"
    """The libraries say so themselves now."""
    STALE = "stale"
    """What it corrects is not there any more."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A record with its corrections, and the effect of each by number."""

    record: MergedRecord
    effects: dict[int, CorrectionEffect]


def apply_corrections(record: MergedRecord, corrections: Iterable[Correction]) -> Corrected:
    """Lay corrections over a record."""
    effects: dict[int, CorrectionEffect] = {}
    fields = list(record.fields)
    for correction in sorted(corrections, key=lambda one: one.id):
        fields, effects[correction.id] = _apply(fields, correction)
    return Corrected(replace(record, fields=tuple(fields)), effects)


def _apply(fields: list[MergedField], correction: Correction) -> tuple[list[MergedField], CorrectionEffect]:
    new = None if correction.field is None else MergedField(correction.field, _provenance(correction))
    said = new is not None and any(_is_worded(one, text_of(new.field)) for one in fields)
    if correction.action is CorrectionAction.ADD:
        if said or new is None:
            return fields, CorrectionEffect.AGREED
        return _inserted(_without(fields, in_the_way(fields, new.field.tag)), new), CorrectionEffect.IN_FORCE
    meant = [
        one
        for one in fields
        if _is_meant(one, correction) and not (new and _is_worded(one, text_of(new.field)))
    ]
    if not meant:
        removed = correction.action is CorrectionAction.REMOVE
        return fields, CorrectionEffect.AGREED if said or removed else CorrectionEffect.STALE
    place = fields.index(meant[0])
    kept = _without(fields, meant)
    if new is not None and not said:
        kept.insert(min(place, len(kept)), new)
    return kept, CorrectionEffect.IN_FORCE


def in_the_way(fields: Iterable[MergedField], tag: str) -> list[MergedField]:
    """The fields beside which one of this tag cannot stand, as MARC 21 has it once."""
    group = once_with(tag)
    return [one for one in fields if group is not None and re.fullmatch(group, one.field.tag)]


def _is_meant(one: MergedField, correction: Correction) -> bool:
    if one.field.tag != correction.tag:
        return False
    return correction.replaced is None or _is_worded(one, correction.replaced)


def _is_worded(one: MergedField, wording: str) -> bool:
    text = text_of(one.field)
    return text == wording or (text[:3] == wording[:3] and _fold(text) == _fold(wording) != "")


def _fold(text: str) -> str:
    return syllable_key(text[4:])


def _without(fields: Sequence[MergedField], gone: Sequence[MergedField]) -> list[MergedField]:
    """The other fields, and of MARC 880 those that stand for one of them."""
    numbers = {_link(one.field)[-2:] for one in gone if _link(one.field)}
    tags = {one.field.tag for one in gone}
    return [
        one
        for one in fields
        if one not in gone
        and not (one.field.tag == "880" and _link(one.field)[:3] in tags and _link(one.field)[-2:] in numbers)
    ]


def _link(field: MarcField) -> str:
    """Of $6 the tag and the number: `880-01`."""
    return ((isinstance(field, DataField) and field.get("6")) or "").split("/")[0]


def _inserted(fields: Sequence[MergedField], new: MergedField) -> list[MergedField]:
    """Behind the fields of the same tag, else where the tag belongs."""
    before = [place for place, one in enumerate(fields) if _order(one.field.tag) <= _order(new.field.tag)]
    same = [place for place, one in enumerate(fields) if one.field.tag == new.field.tag]
    place = (same or before or [-1])[-1] + 1
    return [*fields[:place], new, *fields[place:]]


def _order(tag: str) -> str:
    return tag[0] + "99" if tag[0] in "567" else tag


def is_correction(provenance: Provenance) -> bool:
    """Whether a field stands there because a curator says so."""
    return not provenance.contributors and provenance.rule.startswith("correction ")


def _provenance(correction: Correction) -> Provenance:
    return Provenance(
        f"correction {correction.id} by {correction.who}, {correction.made[:10]}: {correction.why}", ()
    )


# --- what curators state ------------------------------------------------------------------------------


def check_field(field: MarcField) -> MarcField:
    """A field that may stand in a master record; raises InvalidDecision naming what is wrong.

    MARC 21: tags 006 to 899; not those that name records (001 to 005, 035), hold copies (85X to 878 but 856) or link
    scripts (880): these are made by merging.
    """
    if not _TAG.fullmatch(field.tag) or _HOLDINGS.fullmatch(field.tag):
        raise InvalidDecision(f"Field {field.tag} of a master record is not corrected by people")
    if isinstance(field, ControlField) != (field.tag < "010"):
        raise InvalidDecision(f"Field {field.tag} {'has no' if field.tag < '010' else 'needs'} subfields")
    values = [field.value] if isinstance(field, ControlField) else [value for _, value in field.subfields]
    if not values or not all(value.strip() for value in values):
        raise InvalidDecision(f"Field {field.tag} says nothing")
    if sum(map(len, values)) > _LONGEST or not all(value.isprintable() for value in values):
        raise InvalidDecision(f"Field {field.tag} is too long, or has signs that cannot be printed")
    if isinstance(field, DataField):
        _check_codes(field)
    if field.tag == "008" and len(values[0]) != 40:
        raise InvalidDecision("Field 008 has 40 characters (MARC 21)")
    return field


def _check_codes(field: DataField) -> None:
    wrong = [code for code, _ in field.subfields if not _CODE.fullmatch(code) or code == "6"]
    if wrong:
        raise InvalidDecision(
            f"Field {field.tag} has the subfield ${wrong[0]}: write a to z or 0 to 9, but not $6"
        )
    if not re.fullmatch(r"[ 0-9a-z]{2}", field.indicators):
        raise InvalidDecision(f"The indicators of field {field.tag} are two digits, letters or blanks")
