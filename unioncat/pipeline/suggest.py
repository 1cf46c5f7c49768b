"""What somebody may be about to type: titles, names and subjects that have the words so far.

1. The last word is the beginning of one, unless a blank stands behind it; all words must be in the same value.
2. Titles come in the order of the result, names and subjects by how many of its records have them.
3. Each suggestion is a query that finds it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from unioncat.core.index.analysis import Token, analyse
from unioncat.core.index.fields import beginnings
from unioncat.core.index.request import FacetName, SearchRequest, SuggestionKind
from unioncat.pipeline.ports import SearchIndex

MOST = 10
_LOOKED_AT = 50
_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value, and the query for it."""

    kind: SuggestionKind
    text: str

    @property
    def query(self) -> str:
        """What finds it, as people could have typed it."""
        words = self.text.replace('"', " ")
        return words if self.kind is SuggestionKind.TITLE else f'{self.kind}:"{words}"'


async def suggest(index: SearchIndex, typed: str) -> list[Suggestion]:
    """At most ten suggestions; raises IndexUnavailable."""
    tokens = analyse(typed)
    if not tokens:
        return []
    is_open = not typed[-1:].isspace()
    text = " ".join(token.exact for token in tokens) + ("*" if is_open else "")
    page = await index.search(SearchRequest(text, size=_LOOKED_AT, facets=(FacetName.SUBJECT,)))
    titles = dict.fromkeys(hit.title for hit in page.hits if _has(hit.title, tokens, is_open=is_open))
    names = Counter(
        name for hit in page.hits for name in hit.contributors if _has(name, tokens, is_open=is_open)
    )
    subjects = [one.value for one in page.facets.get(FacetName.SUBJECT, ())]
    found = [
        *_some(SuggestionKind.TITLE, titles),
        *_some(SuggestionKind.NAME, (name for name, _ in names.most_common())),
        *_some(SuggestionKind.SUBJECT, (one for one in subjects if _has(one, tokens, is_open=is_open))),
    ]
    return found[:MOST]


def _some(kind: SuggestionKind, values: Iterable[str]) -> list[Suggestion]:
    return [Suggestion(kind, value) for value, _ in zip(values, range(_OF_A_KIND), strict=False)]


def _has(value: str, typed: tuple[Token, ...], *, is_open: bool) -> bool:
    words = {token.folded for token in analyse(value)}
    whole = typed[:-1] if is_open else typed
    if not all(token.folded in words for token in whole):
        return False
    return not is_open or any(word.startswith(beginnings(typed[-1])) for word in words)
