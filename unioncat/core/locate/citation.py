"""Whether a record is what a free citation means.

1. Words are compared in their folded form, and in their exact one where both sides wrote accents: dừa is not dứa.
2. EXACT: the whole title stands in the citation, word beside word; every other word stands elsewhere in the record
   (persons, subtitle, publisher …), and the year is the same if the citation has one.
3. NEAR: the whole title stands there but something else differs, or every word of the citation is in the record.
4. A title within another is no title that was meant: where the citation has `Truyện Kiều chú giải`, a record called so
   comes before one called `Truyện Kiều`.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from unioncat.core.index.analysis import Token, analyse
from unioncat.core.index.document import SearchDocument
from unioncat.core.locate.lines import Citation


class Fit(StrEnum):
    """How well a record fits a citation."""

    EXACT = "exact"
    NEAR = "near"


def fit(citation: Citation, document: SearchDocument) -> Fit | None:
    """How a record fits; None when it does not."""
    title = analyse(document.title)
    elsewhere = analyse(" ".join(_other_words(document)))
    at = _place_of(title, citation.words)
    if at is None:
        everywhere = (*title, *elsewhere)
        all_there = all(_is_among(word, everywhere) for word in citation.words)
        return Fit.NEAR if all_there else None
    rest = (*citation.words[:at], *citation.words[at + len(title) :])
    known = (*elsewhere, *title)
    fits = all(_is_among(word, known) for word in rest)
    return Fit.EXACT if fits and citation.year in (None, document.year) else Fit.NEAR


def best_fits(
    citation: Citation, documents: Sequence[SearchDocument]
) -> tuple[Fit | None, Sequence[SearchDocument]]:
    """Those that fit best, in their order; of exact ones those with the longest title (rule 4)."""
    fits = {document.master_id: fit(citation, document) for document in documents}
    exact = [document for document in documents if fits[document.master_id] is Fit.EXACT]
    if exact:
        longest = max(len(analyse(document.title)) for document in exact)
        return Fit.EXACT, [document for document in exact if len(analyse(document.title)) == longest]
    near = [document for document in documents if fits[document.master_id] is Fit.NEAR]
    return (Fit.NEAR if near else None), near


def _other_words(document: SearchDocument) -> Collection[str]:
    return (
        document.subtitle or "",
        document.responsibility or "",
        *document.contributors,
        *document.other_titles,
        *document.series,
        document.publisher or "",
        document.place or "",
        document.edition or "",
    )


def _place_of(title: Sequence[Token], words: Sequence[Token]) -> int | None:
    """Where the title stands in the words; None when it does not, or has no words."""
    if not title:
        return None
    for at in range(len(words) - len(title) + 1):
        if all(_same(one, other) for one, other in zip(title, words[at:], strict=False)):
            return at
    return None


def _is_among(word: Token, words: Sequence[Token]) -> bool:
    return any(_same(word, other) for other in words)


def _same(one: Token, other: Token) -> bool:
    if one.accented and other.accented:
        return one.exact == other.exact
    return one.folded == other.folded
