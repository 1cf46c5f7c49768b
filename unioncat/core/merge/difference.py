"""What differs between two states of a master record, field by field.

1. Fields of one tag and wording (`text_of`) are the same, wherever they stand; only their number counts.
2. Of one tag, what is only in the first state and what is only in the second are paired in their order: changed. What
   is left over was removed, or added.
3. The leader is compared as it stands.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from unioncat.core.merge.master import MergedField, MergedRecord
from unioncat.core.merge.survivorship import text_of

LEADER = "LDR"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that is not the same in both states; None: it is not there. The leader has the tag LDR."""

    tag: str
    before: MergedField | None
    after: MergedField | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed; `leader` has both leaders when they differ."""

    leader: tuple[str, str] | None
    fields: tuple[FieldChange, ...]

    def __bool__(self) -> bool:
        return bool(self.leader or self.fields)


def difference(before: MergedRecord, after: MergedRecord) -> Difference:
    """What became of the first state in the second."""
    leader = None if before.leader == after.leader else (before.leader, after.leader)
    left, right = _besides(before.fields, after.fields), _besides(after.fields, before.fields)
    tags = sorted({one.field.tag for one in (*left, *right)})
    return Difference(leader, tuple(change for tag in tags for change in _of_tag(tag, left, right)))


def _besides(fields: Sequence[MergedField], others: Sequence[MergedField]) -> list[MergedField]:
    """The fields that the others do not have, each counted."""
    there = Counter(text_of(one.field) for one in others)
    left: list[MergedField] = []
    for one in fields:
        text = text_of(one.field)
        if there[text]:
            there[text] -= 1
        else:
            left.append(one)
    return left


def _of_tag(tag: str, left: Sequence[MergedField], right: Sequence[MergedField]) -> Iterator[FieldChange]:
    ones, others = ([one for one in side if one.field.tag == tag] for side in (left, right))
    for one, other in zip_longest(ones, others):
        yield FieldChange(tag, one, other)
