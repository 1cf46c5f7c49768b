"""What a generic title (conference proceedings, annual report) is about (MARC 111, 500, 505, 711).

1. The title is not generic: silent.
2. Topics on both sides, of which at most half of the words of the shorter one are shared: disagree.
3. No topic on one side, and not exactly the same pages: a person must look.
4. Otherwise silent.
"""

from functools import lru_cache

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import NEEDS_A_PERSON, TOPIC_DIFFERS
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.topic import is_generic

_SAME = Evidence("topic", Verdict.SILENT, 0, "topic-same")
_DIFFERENT = Evidence("topic", Verdict.DISAGREE, TOPIC_DIFFERS, "topic-differs")
_UNKNOWN = Evidence("topic", Verdict.DISAGREE, NEEDS_A_PERSON, "topic-missing")

_is_generic = lru_cache(maxsize=1 << 14)(is_generic)


def compare_topic(left: Description, right: Description) -> Evidence:
    """Vote on the topic of generic titles."""
    if not _is_generic(left.title) or not _is_generic(right.title):
        return _SAME
    if left.topic and right.topic:
        one, other = set(left.topic.split()), set(right.topic.split())
        return _DIFFERENT if len(one & other) <= 0.5 * min(len(one), len(other)) else _SAME
    return _SAME if left.pages == right.pages and left.pages else _UNKNOWN
