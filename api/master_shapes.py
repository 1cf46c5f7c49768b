"""Corrections, versions and previews between our values and the wire."""

from collections.abc import Mapping
from typing import Any

from schemas.curation import EvidenceEntry, RecordName
from schemas.masters import (
    CorrectionEntry,
    DifferenceEntry,
    FieldChangeEntry,
    HindranceEntry,
    OutlookEntry,
    PreviewAnswer,
    StatedField,
    VersionEntry,
)
from unioncat.core.errors import InvalidDecision
from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.marc import DEFAULT_LEADER, MarcField, MarcRecord
from unioncat.core.match.evidence import Evidence
from unioncat.core.match.explain import sentence
from unioncat.core.merge.difference import Difference, FieldChange
from unioncat.core.merge.master import MergedField
from unioncat.core.parse.marcjson import marc_from_json, render_marcjson
from unioncat.core.parse.reading import Unreadable
from unioncat.pipeline.corrections import Effective
from unioncat.pipeline.preview import Hindrance, Outlook, Preview
from unioncat.pipeline.versions_port import VersionLine


def read_field(stated: dict[str, Any] | None) -> MarcField | None:
    """A field of MARC-in-JSON as someone states it; raises InvalidDecision."""
    if stated is None:
        return None
    read = marc_from_json({"leader": DEFAULT_LEADER, "fields": [stated]})
    if isinstance(read, Unreadable):
        raise InvalidDecision(f"The field cannot be read: {read.reason}")
    if read.findings or len(read.marc.fields) != 1:
        wrong = read.findings[0].detail if read.findings else "write one field"
        raise InvalidDecision(f"The field is not as MARC-in-JSON has it: {wrong}")
    return read.marc.fields[0]


def field_json(field: MarcField) -> dict[str, Any]:
    """A field as MARC-in-JSON."""
    rendered: dict[str, Any] = render_marcjson(MarcRecord(DEFAULT_LEADER, (field,)))["fields"][0]
    return rendered


def correction_entry(one: Effective) -> CorrectionEntry:
    """A correction and its effect."""
    correction, withdrawal = one.view.correction, one.view.withdrawal
    return CorrectionEntry(
        id=correction.id,
        action=correction.action,
        tag=correction.tag,
        replaced=correction.replaced,
        field=None if correction.field is None else field_json(correction.field),
        who=correction.who,
        why=correction.why,
        made=correction.made,
        effect=one.effect,
        withdrawn=one.view.withdrawn,
        withdrawn_by=withdrawal.who if withdrawal else None,
        withdrawn_why=withdrawal.why if withdrawal else None,
    )


def version_entry(line: VersionLine) -> VersionEntry:
    """A state of a master record."""
    return VersionEntry.model_validate(line)


def difference_entry(found: Difference) -> DifferenceEntry:
    """What changed."""
    return DifferenceEntry(leader=found.leader, fields=[_change(one) for one in found.fields])


def _change(one: FieldChange) -> FieldChangeEntry:
    return FieldChangeEntry(tag=one.tag, before=_stated(one.before), after=_stated(one.after))


def _stated(merged: MergedField | None) -> StatedField | None:
    if merged is None:
        return None
    return StatedField(
        field=field_json(merged.field),
        rule=merged.provenance.rule,
        owners=[_name((one.isil, one.control_number)) for one in merged.provenance.contributors],
    )


def preview_answer(preview: Preview, language: str) -> PreviewAnswer:
    """What would come."""
    return PreviewAnswer(
        records=[_outlook(one) for one in preview.records],
        hindrances=[_hindrance(one, language, preview.written) for one in preview.hindrances],
    )


def _outlook(one: Outlook) -> OutlookEntry:
    return OutlookEntry(
        id=one.master,
        takes_over=list(one.takes_over),
        title=one.document.title,
        libraries=list(one.document.libraries),
        copies=one.copies,
        members=[_name(member) for member in one.members],
        marc=render_marcjson(one.record.marc()),
        changes=None if one.changes is None else difference_entry(one.changes),
    )


def _hindrance(one: Hindrance, language: str, written: Mapping[str, str]) -> HindranceEntry:
    veto = one.veto
    return HindranceEntry(
        left=one.left and _name(one.left),
        right=one.right and _name(one.right),
        veto=None if veto is None else _evidence(veto, language, written),
        decision=one.decision,
    )


def _evidence(one: Evidence, language: str, written: Mapping[str, str]) -> EvidenceEntry:
    return EvidenceEntry(
        feature=one.feature,
        verdict=one.verdict,
        weight=one.weight,
        sentence=sentence(one, language, written),
    )


def _name(record: tuple[Isil, ControlNumber]) -> RecordName:
    return RecordName(isil=record[0], control_number=record[1])
