"""Corrections, versions and previews of master records, as they go out and come in."""

from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.curation import EvidenceEntry, RecordName
from schemas.shape import Shape
from unioncat.core.merge.correct import CorrectionEffect
from unioncat.core.merge.correction import CorrectionAction

_FIELD = {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Truyện Kiều"}]}}
_WRONG = {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Truyên Kiêu"}]}}

# --- corrections --------------------------------------------------------------------------------------


class CorrectionStatement(Shape):
    """What is wrong (`old`), what is right (`new`), as fields of MARC-in-JSON.

    Both: the one takes the place of the other. Only `old`: it is removed. Only `new`: it takes the place of all fields
    of its tag, or with `adds` is added.
    """

    old: dict[str, Any] | None = Field(default=None, description="The field as it stands.", examples=[_WRONG])
    new: dict[str, Any] | None = Field(
        default=None, description="The field as it should be.", examples=[_FIELD]
    )
    adds: bool = Field(default=False, description="Add `new` beside others of its tag.", examples=[False])
    why: str = Field(description="The reason, for those who come after.", examples=["theo trang tên sách"])
    version: int | None = Field(
        default=None,
        ge=1,
        lt=2**31,
        description="The version that was seen; refused when it changed.",
        examples=[3],
    )


class CorrectionEntry(Shape):
    """A correction and what it does now."""

    id: int = Field(description="Its number.", examples=[17])
    action: CorrectionAction = Field(description="What it does.", examples=["replace"])
    tag: str = Field(description="MARC tag.", examples=["245"])
    replaced: str | None = Field(description="The wording it speaks of.", examples=["245 Truyên Kiêu"])
    field: dict[str, Any] | None = Field(description="The field it puts there.", examples=[_FIELD])
    who: str = Field(description="Who made it.", examples=["Nguyễn Thị Hoa"])
    why: str = Field(description="Why.", examples=["theo trang tên sách"])
    made: str = Field(description="When (ISO 8601).", examples=["2026-11-23T08:00:00+00:00"])
    effect: CorrectionEffect = Field(description="What it does now.", examples=["in-force"])
    withdrawn: datetime | None = Field(description="When it was withdrawn.", examples=[None])
    withdrawn_by: str | None = Field(description="Who withdrew it.", examples=[None])
    withdrawn_why: str | None = Field(description="Why it was withdrawn.", examples=[None])


class CorrectionList(Shape):
    """The corrections of a master record."""

    corrections: list[CorrectionEntry] = Field(description="By number.")


class CorrectionMade(Shape):
    """A correction that was kept."""

    id: int = Field(description="Its number.", examples=[17])


class CorrectionWithdrawn(Shape):
    """What came of a withdrawal."""

    withdrawn: bool = Field(description="False: it was before.", examples=[True])


# --- versions -----------------------------------------------------------------------------------------


class VersionEntry(Shape):
    """A state of a master record."""

    version: int = Field(description="Its number.", examples=[3])
    since: datetime = Field(description="Since when it was so.", examples=["2026-11-23T08:00:00Z"])
    records: int = Field(description="How many source records it was made of.", examples=[12])
    current: bool = Field(description="Whether it is so now.", examples=[True])


class VersionList(Shape):
    """The states of a master record, also of one that was merged away or has ended."""

    versions: list[VersionEntry] = Field(description="The newest first.")


class VersionAnswer(Shape):
    """A master record as it was."""

    id: str = Field(description="Its identifier.", examples=["u0000kh"])
    version: int = Field(description="The version.", examples=[3])
    marc: dict[str, Any] = Field(
        description="As MARC-in-JSON.", examples=[{"leader": "…", "fields": [_FIELD]}]
    )


class StatedField(Shape):
    """A field and why it stands there."""

    field: dict[str, Any] = Field(description="As in MARC-in-JSON.", examples=[_FIELD])
    rule: str = Field(description="The rule that chose it.", examples=["best record"])
    owners: list[RecordName] = Field(description="The records that state it.")


class FieldChangeEntry(Shape):
    """A field that is not the same in both states; null: it is not there."""

    tag: str = Field(description="MARC tag.", examples=["245"])
    before: StatedField | None = Field(description="As it was.")
    after: StatedField | None = Field(description="As it is then.")


class DifferenceEntry(Shape):
    """What changed between two states."""

    leader: tuple[str, str] | None = Field(description="Both leaders, when they differ.", examples=[None])
    fields: list[FieldChangeEntry] = Field(description="By tag.")


# --- what would be ------------------------------------------------------------------------------------


class PreviewStatement(Shape):
    """What would be done: `merge` master records, or `split` one so that the records of `leave` leave it."""

    merge: list[str] | None = Field(
        default=None, max_length=50, description="Identifiers.", examples=[["u0000kh", "u0000qz"]]
    )
    split: str | None = Field(default=None, description="An identifier.", examples=[None])
    leave: list[RecordName] = Field(default=[], max_length=5000, description="Of a split: who leaves.")


class HindranceEntry(Shape):
    """What speaks against a merge: a veto of the matcher, or a standing decision."""

    left: RecordName | None = Field(description="A record of one side.")
    right: RecordName | None = Field(description="A record of the other.")
    veto: EvidenceEntry | None = Field(description="What the matcher says.")
    decision: int | None = Field(description="Number of the decision against it.", examples=[9])


class OutlookEntry(Shape):
    """A master record that would be there."""

    id: str | None = Field(description="The identifier it would keep; null: a new one.", examples=["u0000kh"])
    takes_over: list[str] = Field(description="Identifiers that would lead to it.", examples=[["u0000qz"]])
    title: str = Field(description="Its title.", examples=["Truyện Kiều"])
    libraries: list[str] = Field(description="ISILs of its libraries.", examples=[["VN-TVQG"]])
    copies: int = Field(description="How many copies they hold.", examples=[12])
    members: list[RecordName] = Field(description="Its source records.")
    marc: dict[str, Any] = Field(
        description="As MARC-in-JSON.", examples=[{"leader": "…", "fields": [_FIELD]}]
    )
    changes: DifferenceEntry | None = Field(description="Against the record of that identifier today.")


class PreviewAnswer(Shape):
    """What would come; nothing was written."""

    records: list[OutlookEntry] = Field(description="The master records that would be there.")
    hindrances: list[HindranceEntry] = Field(description="What speaks against it.")
