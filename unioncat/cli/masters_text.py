"""Corrections, versions and previews as plain text, in the language of who reads (`masters.toml`)."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from unioncat.core.errors import InvalidDecision
from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.marc import ControlField, DataField, MarcField
from unioncat.core.match.explain import sentence
from unioncat.core.merge.difference import LEADER, Difference
from unioncat.core.merge.master import MergedField, Provenance
from unioncat.pipeline.corrections import Effective
from unioncat.pipeline.preview import Hindrance, Outlook, Preview
from unioncat.pipeline.versions_port import VersionLine

_LINE = re.compile(r"(\d{3}) (?:([0-9a-z_#]{2}) ?(\$.*)|(.+))", re.DOTALL)
_SHOWN_OWNERS = 3


@cache
def _texts(language: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("masters.toml").read_text("utf-8"))[
        language
    ]
    return texts


def text_in(language: str, name: str) -> str:
    """A text of `masters.toml`."""
    return _texts(language)[name]


def read_line(stated: str) -> MarcField:
    """A field as people write it: `245 10 $aTruyện Kiều$cNguyễn Du`, a blank indicator as _ or #; `008 …` without.

    Raises InvalidDecision.
    """
    found = _LINE.fullmatch(stated)
    if found is None:
        raise InvalidDecision(
            f"'{stated}' is no field: write it as 245 10 $aTitle$cAuthor, and _ for a blank"
        )
    tag, indicators, subfields, value = found.groups()
    if indicators is None:
        return ControlField(tag, value)
    parts = [part for part in subfields.split("$")[1:] if part]
    blanks = str.maketrans("_#", "  ")
    return DataField(tag, indicators.translate(blanks), tuple((part[0], part[1:].strip()) for part in parts))


def write_line(field: MarcField) -> str:
    """The field as `read_line` reads it."""
    if isinstance(field, ControlField):
        return f"{field.tag} {field.value}"
    subfields = "".join(f"${code}{value}" for code, value in field.subfields)
    return f"{field.tag} {field.indicators.replace(' ', '_')} {subfields}"


def correction_lines(found: Sequence[Effective], language: str) -> Iterator[str]:
    """Each correction: what it does now, the fields, and who, when and why."""
    if not found:
        yield text_in(language, "no_corrections")
    for one in found:
        correction, withdrawal = one.view.correction, one.view.withdrawal
        yield f"{correction.id}  {correction.tag}  {text_in(language, one.effect)}"
        if correction.replaced:
            yield f"    - {correction.replaced}"
        if correction.field:
            yield f"    + {write_line(correction.field)}"
        made = correction.made[:10]
        yield "    " + text_in(language, "by").format(who=correction.who, made=made, why=correction.why)
        if withdrawal and one.view.withdrawn:
            yield "    " + text_in(language, "withdrawn_by").format(
                who=withdrawal.who, made=f"{one.view.withdrawn:%Y-%m-%d}", why=withdrawal.why
            )


def version_lines(states: Sequence[VersionLine], language: str) -> Iterator[str]:
    """The states of a record."""
    for state in states:
        yield text_in(language, "version").format(
            version=state.version,
            since=f"{state.since:%Y-%m-%d %H:%M}",
            records=state.records,
            current=text_in(language, "current") if state.current else "",
        )


def difference_lines(found: Difference, language: str) -> Iterator[str]:
    """What went (-) and what came (+), each with its rule and owners."""
    if not found:
        yield text_in(language, "no_difference")
    if found.leader:
        yield from (f"{sign} {LEADER} {text}" for sign, text in zip("-+", found.leader, strict=True))
    for change in found.fields:
        for sign, merged in (("-", change.before), ("+", change.after)):
            if merged:
                yield from _field_lines(sign, merged, language)


def _field_lines(sign: str, merged: MergedField, language: str) -> Iterator[str]:
    yield f"{sign} {write_line(merged.field)}"
    yield f"      {_reason(merged.provenance, language)}"


def _reason(provenance: Provenance, language: str) -> str:
    owners = [_name((one.isil, one.control_number)) for one in provenance.contributors]
    if not owners:
        return text_in(language, "rule").format(rule=provenance.rule)
    more = len(owners) - _SHOWN_OWNERS
    named = ", ".join(owners[:_SHOWN_OWNERS])
    named += text_in(language, "more").format(count=more) if more > 0 else ""
    return text_in(language, "owners").format(rule=provenance.rule, owners=named)


def preview_lines(preview: Preview, language: str) -> Iterator[str]:
    """The records that would come, and what speaks against it."""
    for outlook in preview.records:
        yield from _outlook_lines(outlook, language)
    yield from (_hindrance(one, language, preview.written) for one in preview.hindrances)
    yield text_in(language, "nothing_written")


def _outlook_lines(one: Outlook, language: str) -> Iterator[str]:
    yield text_in(language, "outlook").format(
        id=one.master or text_in(language, "new_id"),
        title=one.document.title,
        records=len(one.members),
        libraries=len(one.document.libraries),
        copies=one.copies,
    )
    if one.takes_over:
        yield text_in(language, "takes_over").format(ids=", ".join(one.takes_over))
    if one.changes is None:  # a new record: all of it is new
        yield from (f"    {write_line(merged.field)}" for merged in one.record.fields)
    else:
        yield text_in(language, "changes")
        yield from (f"    {line}" for line in difference_lines(one.changes, language))


def _hindrance(one: Hindrance, language: str, written: Mapping[str, str]) -> str:
    if one.veto is None or one.left is None or one.right is None:
        return text_in(language, "against_decision").format(decision=one.decision)
    said = sentence(one.veto, language, written)
    return text_in(language, "against_veto").format(
        left=_name(one.left), right=_name(one.right), sentence=said
    )


def _name(record: tuple[Isil, ControlNumber]) -> str:
    return f"{record[0]}={record[1]}"
