"""What a record says about other publications: the original of a translation, earlier and later titles, the set.

Sources: MARC 130, 240, 246 $i, 500, 534, 765 (original), 767 (translation), 773 and 774 (set and volume), 775 and 776
(other edition, other form), 780 and 785 (earlier and later title of a serial).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.level import read_level
from unioncat.core.normalise.lists import any_of, words_of
from unioncat.core.normalise.vietnamese import (
    accent_share,
    flat_words,
    nfc,
    plain,
    plain_in_place,
    syllable_key,
)
from unioncat.core.normalise.volumes import split_numbers

_LINKS = {
    "767": "translation",
    "773": "set",
    "774": "part",
    "775": "edition",
    "776": "format",
    "780": "earlier",
    "785": "later",
}
_TAGS = ("130", "240", "246", "500", "534", "765", *_LINKS)
_MOST = 8
"""Links and originals of a record that are read: a serial list of all its translations is no evidence."""
_FORM_WORDS = words_of("related", "form_titles")
_NOTE = re.compile(
    rf"^\W*(?:{any_of(words_of('related', 'original_notes'))})\b"
    rf"(?:\s+(?:{any_of(words_of('related', 'original_languages'))})\b)*\s*[:\"“«]\s*"
)
_TITLE_END = re.compile(r"\s[/=:]\s|[;(”»\"]|\.\s")


@dataclass(frozen=True, slots=True)
class Related:
    """`originals`: syllable keys of titles; `linked`: `kind:title:key`, `kind:isbn:number` or `kind:issn:number`."""

    originals: frozenset[str]
    linked: frozenset[str]


_NOTHING = Related(frozenset(), frozenset())


def read_related(record: MarcRecord, title: str) -> Related:
    """Read what a record with this title (a syllable key) says about others.

    1. Originals stand in 765 $t, in notes that say so (500, 534, 246 $i), and in 130 and 240 where the record is a
       translation: 240 has $l, 041 says so, or only one of the two titles has Vietnamese accents.
    2. A title that is the record's own, or only names a kind of works (`Poems`, `Tuyển tập`), is no original.
    3. Links are known by title, ISBN and ISSN. The host of an article is no set.
    """
    if all(record.first(tag) is None for tag in _TAGS):
        return _NOTHING
    found = sorted({key for text in _originals(record, title) if (key := _title(text))})
    own = flat_words(title)
    originals = [key for key in found if flat_words(key) != own and not _is_form(key)]
    links = sorted(set(_links(record)))
    return Related(frozenset(originals[:_MOST]), frozenset(links[:_MOST]))


def _originals(record: MarcRecord, title: str) -> Iterator[str]:
    yield from record.values("765", "t")
    yield from (
        text for field in record.data("246") if (text := _noted(f"{field.text('i')}: {field.text('a')}"))
    )
    yield from (text for value in record.values("500", "a") if (text := _noted(value)))
    yield from (
        text for field in record.data("534") if (text := _noted(f"{field.text('p')}: {field.text('t')}"))
    )
    translated = any(field.indicators[:1] == "1" or field.all("h") for field in record.data("041"))
    proper = " ".join(record.values("245", "a"))
    for field in record.data("130", "240"):
        uniform = field.text("anp")
        foreign = bool(accent_share(uniform)) != bool(accent_share(proper))
        if translated or field.all("l") or foreign:
            yield uniform


def _noted(text: str) -> str:
    """The title behind `Nguyên bản tiếng Anh: `; empty when the text says something else."""
    text = nfc(text)
    match = _NOTE.match(plain_in_place(text))
    return _TITLE_END.split(text[match.end() :], maxsplit=1)[0] if match else ""


def _links(record: MarcRecord) -> Iterator[str]:
    article = read_level(record) == "part"
    for field in record.data(*_LINKS):
        kind = _LINKS[field.tag]
        if not (article and kind == "set"):
            yield from _named(kind, field)


def _named(kind: str, field: DataField) -> Iterator[str]:
    for value in field.all("x"):
        if issn := read_issn(value):
            yield f"{kind}:issn:{issn}"
    for value in field.all("z"):
        if isbn := read_isbn(value).isbn13:
            yield f"{kind}:isbn:{isbn}"
    if (key := _title(field.get("t") or "")) and not _is_form(key):
        yield f"{kind}:title:{key}"


def _title(text: str) -> str:
    """The syllable key of a title proper without the number of a volume."""
    return syllable_key(split_numbers(re.split(r"\s[/=:]\s", text, maxsplit=1)[0])[0])


def _is_form(key: str) -> bool:
    return _FORM_WORDS.issuperset(plain(" ".join(flat_words(key))).split())
