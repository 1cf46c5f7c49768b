"""Numbers of volumes (MARC 245 $n, numbers inside 245 $a and 490 $v, extent in volumes).

1. Numbers on both sides that differ: veto. `T.2` and `T.2, Q.1` differ: a part of a part.
2. One volume against a set of several: veto. But where both describe as many volumes, the number only tells which
   of them a library has: disagree lightly, or in Vietnamese books a person must look.
3. Sets of different size: disagree lightly, sets grow.
4. A set and a record with pages (other than those of the set), or a number on one side only: a person must look.
5. The same number: agree without points. No number: silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import NEEDS_A_PERSON, SET_GREW, VETO
from unioncat.core.normalise.description import Description

_COUNTED_DIFFERENTLY = 2
_NONE = Evidence("volume", Verdict.SILENT, 0, "volume-missing")


def compare_volume(left: Description, right: Description) -> Evidence:
    """Vote on volume numbers and sizes of sets."""
    if left.volume == right.volume:
        return _compare_sets(left, right)
    if left.volume and right.volume:
        low, high = sorted((left.volume, right.volume))
        return _veto("volume-differs", _number(low), _number(high))
    one, other = (left, right) if left.volume else (right, left)
    if one.volumes == other.volumes > 1:
        weight = SET_GREW if are_foreign(left, right) else NEEDS_A_PERSON
        values = (_number(one.volume), str(one.volumes))
        return Evidence("volume", Verdict.DISAGREE, weight, "volume-of-a-counted-set", values)
    if other.volumes > 1:
        return _veto("volume-and-set", _number(one.volume), str(other.volumes))
    return Evidence("volume", Verdict.DISAGREE, NEEDS_A_PERSON, "volume-on-one-side", (_number(one.volume),))


def _compare_sets(left: Description, right: Description) -> Evidence:
    if left.volume:
        return Evidence("volume", Verdict.AGREE, 0, "volume-same", (_number(left.volume),))
    low, high = sorted((left.volumes, right.volumes))
    if low and low != high:
        return Evidence("volume", Verdict.DISAGREE, SET_GREW, "volume-set-grew", (str(low), str(high)))
    if high > 1 and not low and _counts_other_pages(*((left, right) if right.volumes else (right, left))):
        return Evidence("volume", Verdict.DISAGREE, NEEDS_A_PERSON, "volume-or-whole-set", (str(high),))
    return _NONE


def _counts_other_pages(one: Description, whole: Description) -> bool:
    """Whether a record with pages cannot be the whole set: "2 v. in 1 (603 p.)" is as long as "603 p."."""
    return bool(one.pages) and abs(one.pages - whole.pages) > _COUNTED_DIFFERENTLY


def _number(volume: tuple[int, ...]) -> str:
    return ".".join(map(str, volume))


def _veto(code: str, *values: str) -> Evidence:
    return Evidence("volume", Verdict.VETO, VETO, code, values)
