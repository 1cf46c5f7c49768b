"""Which words of a record a search has found, for people who look at a list of hits. The same for every engine.

1. A word is found as in the search itself: in its folded form, as a beginning, or with a slip where these were allowed.
   A phrase is found as a whole. What a query excludes is never marked.
2. Words that stand side by side are one mark.
3. Of the fields that a hit does not show anyway, only the values in which something is found are told, and of a long one
   a part: from a few words before the first mark on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unioncat.core.index.analysis import Token, analyse
from unioncat.core.index.corrections import slips_allowed, slips_between
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.fields import SEARCHED_AS, TextField, beginnings, texts
from unioncat.core.index.query import And, Near, Node, Or, Phrase, Term
from unioncat.core.normalise.vietnamese import nfc

_SHOWN = 160
_BEFORE = 40
_MOST = 3


@dataclass(frozen=True, slots=True)
class Highlight:
    """A text in NFC, and the places of what was found in it: first character, and the one behind the last."""

    field: TextField
    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it was found."""
        end = 0
        for start, stop in self.marks:
            yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        yield self.text[end:], False


class Marker:
    """Marks what a query finds in the texts of its hits."""

    def __init__(self, tree: Node) -> None:
        parts = tuple(_wanted(tree))
        self._wanted = {
            field: [part for part in parts if field in SEARCHED_AS[part.field]] for field in TextField
        }
        self._words = {
            field: {part.token.folded for part in wanted if isinstance(part, Term) and not part.prefix}
            for field, wanted in self._wanted.items()
        }

    def highlighted(self, field: TextField, text: str) -> Highlight:
        """A text that a hit shows, with its marks (rules 1 and 2)."""
        text = nfc(text)
        if not self._wanted[field]:
            return Highlight(field, text)
        tokens, words = analyse(text), self._words[field]
        found = {place for place, token in enumerate(tokens) if token.folded in words}
        for part in self._wanted[field]:
            found.update(_places(part, tokens))
        marks: list[tuple[int, int]] = []
        for place in sorted(found):
            token = tokens[place]
            if marks and place - 1 in found:
                marks[-1] = (marks[-1][0], token.end)
            else:
                marks.append((token.start, token.end))
        return Highlight(field, text, tuple(marks))

    def found_elsewhere(self, document: SearchDocument) -> list[Highlight]:
        """Where else than in title and contributors a record has what was searched (rule 3), at most three values."""
        found: list[Highlight] = []
        for field, values in texts(document).items():
            if field in (TextField.TITLE, TextField.CONTRIBUTOR):
                continue
            for value in values:
                if (one := self.highlighted(field, value)).marks:
                    found.append(_shortened(one))
                if len(found) == _MOST:
                    return found
        return found


def _wanted(node: Node) -> Iterator[Term | Near | Phrase]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
        case Term() | Near() | Phrase():
            yield node


def _places(part: Term | Near | Phrase, tokens: Sequence[Token]) -> Iterator[int]:
    """Where beginnings, slips and phrases are found; whole words are looked for all at once."""
    match part:
        case Term(token, prefix=True):
            begins = beginnings(token)
            yield from (place for place, word in enumerate(tokens) if word.folded.startswith(begins))
        case Near(token):
            most = slips_allowed(token.folded)
            for place, word in enumerate(tokens):
                if slips_between(token.folded, word.folded, most) is not None:
                    yield place
        case Phrase(wanted):
            folded = [token.folded for token in wanted]
            for place in range(len(tokens) - len(wanted) + 1):
                if [word.folded for word in tokens[place : place + len(wanted)]] == folded:
                    yield from range(place, place + len(wanted))


def _shortened(whole: Highlight) -> Highlight:
    """The part of a long value around its first mark; words stay whole."""
    if len(whole.text) <= _SHOWN:
        return whole
    first = whole.marks[0][0]
    start = 0 if first <= _BEFORE else whole.text.rfind(" ", 0, first - _BEFORE) + 1
    stop = len(whole.text) if start + _SHOWN >= len(whole.text) else start + _SHOWN
    ahead, behind = "… " if start else "", " …" if stop < len(whole.text) else ""
    shift = len(ahead) - start
    marks = tuple((begin + shift, end + shift) for begin, end in whole.marks if end <= stop)
    return Highlight(whole.field, ahead + whole.text[start:stop].rstrip() + behind, marks)
