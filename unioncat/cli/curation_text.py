"""Curation as plain text in 100 columns, in the language of who reads (`curation.toml`)."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from textwrap import wrap

from schemas.curation import (
    BulkEntry,
    ComparedEntry,
    ComparisonEntry,
    DecisionEntry,
    DeferredEntry,
    MasterLine,
    PatternEntry,
    ReviewEntry,
    ReviewSideEntry,
)
from unioncat.core.match.comparison import Likeness

_NAME, _SIDE = 20, 37
_SIGNS = {
    Likeness.SAME: "=",
    Likeness.DIFFERENT: "≠",
    Likeness.LEFT_ONLY: "<",
    Likeness.RIGHT_ONLY: ">",
    Likeness.NEITHER: " ",
}


@cache
def _texts(language: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("curation.toml").read_text("utf-8"))[
        language
    ]
    return texts


def text_in(language: str, name: str) -> str:
    """A text of `curation.toml`."""
    return _texts(language)[name]


def queue_lines(entries: Sequence[ReviewEntry], language: str, *, more: bool) -> Iterator[str]:
    """Pairs that wait: the pair and what is doubtful, then both sides."""
    if not entries:
        yield text_in(language, "nothing_waits")
    for entry in entries:
        yield f"{entry.pair:<16} {entry.score:>6.1f}  {entry.pattern:<20} {entry.meaning}"
        yield from (f"    {_master(side, language)}" for side in (entry.left, entry.right))
    if more:
        yield text_in(language, "more")


def _master(line: MasterLine, language: str) -> str:
    said = " / ".join(filter(None, (line.title, line.responsibility)))
    printed = ", ".join(str(part) for part in (line.publisher, line.year) if part)
    held = text_in(language, "libraries").format(libraries=line.libraries)
    return f"{line.id}  {said[:60]}{'; ' + printed if printed else ''} ({held})"


def pattern_lines(entries: Sequence[PatternEntry]) -> Iterator[str]:
    """Patterns with their counts."""
    for entry in entries:
        yield f"{entry.pairs:>7,}  {entry.pattern:<30} {entry.meaning}"


def comparison_lines(entry: ComparisonEntry, language: str) -> Iterator[str]:
    """A pair field by field; under each line what the matcher says of it."""
    outcome, score = text_in(language, f"outcome_{entry.outcome}"), text_in(language, "score")
    yield f"{entry.pair}: {outcome} ({score.format(score=entry.score)}). {entry.meaning}"
    for name, side in (("left", entry.left), ("right", entry.right)):
        yield f"  {text_in(language, name):<6} {_side(side, language)}"
    yield ""
    for line in entry.lines:
        yield from _compared(line)


def _side(side: ReviewSideEntry, language: str) -> str:
    said = text_in(language, "of_library").format(
        control_number=side.control_number, isil=side.isil, records=side.records
    )
    return f"{side.master.id}: {said}"


def _compared(line: ComparedEntry) -> Iterator[str]:
    rows = zip_longest(wrap(line.left, _SIDE) or [""], wrap(line.right, _SIDE), fillvalue="")
    for place, (left, right) in enumerate(rows):
        name, mark = (line.name, _SIGNS[line.likeness]) if not place else ("", " ")
        yield f"{name[:_NAME]:<{_NAME}} {left:<{_SIDE}} {mark} {right}".rstrip()
    for one in line.evidence:
        yield (
            f"{'':<{_NAME}}   {one.weight:+g}  {one.sentence}"
            if abs(one.weight) < 100
            else (f"{'':<{_NAME}}   ✗  {one.sentence}")
        )


def deferred_lines(entries: Sequence[DeferredEntry]) -> Iterator[str]:
    """Pairs that were put off."""
    for entry in entries:
        until = f"{entry.until}" if entry.until else ""
        yield f"{entry.pair:<16} {until:<11} {entry.who}: {entry.why}"


def decision_lines(entries: Sequence[DecisionEntry], language: str) -> Iterator[str]:
    """Decisions: what, when, who and why, and what they do now."""
    if not entries:
        yield text_in(language, "no_decisions")
    for one in entries:
        effect = text_in(language, one.effect).format(
            overruled_by=", ".join(map(str, one.overruled_by)),
            withdrawn_by=one.withdrawn_by,
            withdrawn_why=one.withdrawn_why,
        )
        yield f"{one.id:>6}  {text_in(language, one.kind):<9} {one.made:%Y-%m-%d %H:%M}  {one.who}: {one.why}"
        yield f"        {effect}; {one.origin}, {one.left} + {one.right}; {', '.join(one.masters)}"


def bulk_lines(entry: BulkEntry, language: str) -> Iterator[str]:
    """What a bulk would decide."""
    yield from queue_lines(entry.samples, language, more=False)
    more = text_in(language, "bulk_more") if entry.more else ""
    yield text_in(language, "bulk_shown").format(pairs=entry.pairs, more=more, token=entry.token)
