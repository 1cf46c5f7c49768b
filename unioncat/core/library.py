"""Who contributes: member libraries."""

from dataclasses import dataclass

from unioncat.core.identifiers import Isil


@dataclass(frozen=True, slots=True)
class MemberLibrary:
    """An institution that contributes. `kind` is its type (national, provincial, university, school …)."""

    isil: Isil
    name: str
    name_en: str | None = None
    province: str | None = None
    kind: str | None = None
    rank: int = 100
