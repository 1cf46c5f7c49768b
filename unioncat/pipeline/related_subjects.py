"""Subjects that lie near the ones somebody looks at: those that the same publications have.

1. Near is what shares many records, in proportion to the root of how many it has in all, so that a subject that is
   everywhere comes later. Of subjects that are not among the hundred most frequent ones, all have as many as the last.
2. The subjects themselves are left out, and so is what only one record has in common.
"""

from collections.abc import Sequence

from unioncat.core.index.request import FacetName, SearchRequest, SuggestionKind
from unioncat.pipeline.ports import SearchIndex
from unioncat.pipeline.suggest import Suggestion

_MOST = 8
_LEAST_COMMON = 2


async def related_subjects(index: SearchIndex, subjects: Sequence[str]) -> list[str]:
    """At most eight subjects, the nearest first; none without a subject. Raises IndexUnavailable."""
    if not subjects:
        return []
    query = " OR ".join(Suggestion(SuggestionKind.SUBJECT, subject).query for subject in subjects)
    common, in_all = await _counts(index, query), await _counts(index, "")
    rare = min(in_all.values(), default=1)
    near = [
        (count / in_all.get(subject, rare) ** 0.5, subject)
        for subject, count in common.items()
        if subject not in subjects and count >= _LEAST_COMMON
    ]
    return [subject for _, subject in sorted(near, key=lambda pair: (-pair[0], pair[1]))[:_MOST]]


async def _counts(index: SearchIndex, query: str) -> dict[str, int]:
    """The most frequent subjects of a result."""
    page = await index.search(SearchRequest(query, size=1, facets=(FacetName.SUBJECT,)))
    return {found.value: found.count for found in page.facets[FacetName.SUBJECT]}
