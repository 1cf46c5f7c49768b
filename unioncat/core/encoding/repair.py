"""Repair of the texts of one record that were read in the wrong encoding.

1. Texts without any sign of a wrong encoding stay as they are; that is found out fast.
2. A declared encoding (`ReadingRules.encoding`) is believed, except for texts with letters that only Unicode has
   (`ệ`, `ư`): they stay, and that is told.
3. Otherwise the encoding is the one whose reading is proven (`judgement`) with the highest share of syllables. In a
   record that has letters of Unicode too, only texts with its sign are read so.
4. A record in Unicode may still lack every `ư` (a soft hyphen in TCVN3) or have capitals that were a font; both are
   restored where the words around are Vietnamese.
5. What looks wrong and is not proven is told.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from unioncat.core.delivery import TextEncoding
from unioncat.core.encoding.candidates import BY_ENCODING, CANDIDATES, Candidate, restore_lost_u
from unioncat.core.encoding.judgement import is_hopeless, is_vietnamese, judge
from unioncat.core.encoding.share import words
from unioncat.core.encoding.tcvn3 import IN_CAPITALS, RIME_WITHOUT_U, WITHOUT_A_VOWEL, in_capitals
from unioncat.core.findings import Finding, FindingKind

_SIGN_CHARACTER = re.compile("[\x80-\x9f¡-¯´-¾ÄÅÆÇËÎÏÑÖ×ØÜÞßäåæçëîïðñö÷øûüþŒœŠšŸŽžƒˆ˜†‡‰‹›€™\u2212]")
_SIGN_PAIR = re.compile(
    "[ìòùõâáàãêéèúÌÒ](?<=a[ùõâáàãêéèúìò]|[eE][ùõâáàãìò]|[oO][ùõâìò]|[yY][ùõìò]|[âãêôõý][ìò]|[ôöÔÖ][ùõ]|[a-zâêôãõý][ÌÒ])"
)
"""Pairs in VNI and Windows-1258 of letters that right text has too, but not so."""
_UNICODE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
_NOT_SHOWN = re.compile("[\x80-\x9f]")
_LONGEST_SAMPLE = 40
_SIGNS_OF_THE_LIKELY = 3


@dataclass(frozen=True, slots=True)
class Repair:
    """The texts as they were meant, in their order, and what is to be said about them."""

    texts: tuple[str, ...]
    findings: tuple[Finding, ...]


def repair(texts: Sequence[str], declared: TextEncoding | None = None) -> Repair | None:
    """Repair the texts of one record; None when nothing is to be done or said."""
    if candidate := BY_ENCODING.get(declared) if declared else None:
        return _as_declared(texts, candidate)
    joined = "\n".join(texts)
    if joined.isascii():
        return _detected(texts, joined) if "^" in joined or "+" in joined else None
    repaired = _detected(texts, joined) if _is_suspicious(joined) else None
    return repaired or _restored(texts, joined)


def encoding_of(texts: Iterable[str]) -> tuple[TextEncoding, str, str] | None:
    """The encoding that texts are proven to be in, with a text as it stands and as it is meant; None for Unicode."""
    listed = list(texts)
    candidate = _candidates(listed, "\n".join(listed))[0]
    if candidate is None:
        return None
    return (candidate.encoding, *_sample(listed, _read(listed, candidate)))


def _is_suspicious(joined: str) -> bool:
    return (_SIGN_CHARACTER.search(joined) or _SIGN_PAIR.search(joined)) is not None


def _detected(texts: Sequence[str], joined: str) -> Repair | None:
    candidate, suspected = _candidates(texts, joined)
    if candidate:
        return _repaired(texts, _read(texts, candidate), candidate.name)
    if suspected is None:
        return None
    before, after = _sample(texts, _read(texts, suspected))
    said = f"the text may be {suspected.name}: '{before}' would be '{after}'; it was left as it is"
    return Repair(tuple(texts), (Finding(FindingKind.ENCODING_DOUBTFUL, said),))


def _candidates(texts: Sequence[str], joined: str) -> tuple[Candidate | None, Candidate | None]:
    """The encoding that is proven, and the first that is likely."""
    best, likely, most = None, None, 0.0
    for candidate in CANDIDATES:
        if candidate.sign.search(joined) and not is_hopeless(candidate, texts):
            signs = len(candidate.sign.findall(joined))
            judgement = judge(candidate, [texts[place] for place in _targets(texts, candidate)])
            if judgement.proven and judgement.share > most and signs >= candidate.signs:
                best, most = candidate, judgement.share
            if judgement.likely and signs >= _SIGNS_OF_THE_LIKELY:
                likely = likely or candidate
    return best, likely


def _targets(texts: Sequence[str], candidate: Candidate) -> list[int]:
    """The places of the texts that may be in an encoding, see rule 3."""
    others = [place for place, text in enumerate(texts) if not _UNICODE.search(text)]
    if len(others) == len(texts):
        return others
    return [place for place in others if candidate.sign.search(texts[place])]


def _read(texts: Sequence[str], candidate: Candidate) -> list[str]:
    places = _targets(texts, candidate)
    read = list(texts)
    for place, text in zip(places, candidate.read([texts[place] for place in places]), strict=True):
        read[place] = text
    return read


def _as_declared(texts: Sequence[str], candidate: Candidate) -> Repair | None:
    unicode = [text for text in texts if _UNICODE.search(text)]
    others = [text for text in texts if not _UNICODE.search(text)]
    findings = []
    if is_vietnamese(words(unicode)):
        said = f"the source declares {candidate.name}, but '{_short(unicode[0])}' is Unicode already"
        findings.append(Finding(FindingKind.CHARSET_CLAIM, f"{said}; it was left as it is"))
    read = dict(zip(others, candidate.read(others), strict=True))
    repaired = _repaired(texts, [read.get(text, text) for text in texts], candidate.name)
    if repaired is None:
        return Repair(tuple(texts), tuple(findings)) if findings else None
    return Repair(repaired.texts, (*repaired.findings, *findings))


def _restored(texts: Sequence[str], joined: str) -> Repair | None:
    """Rule 4."""
    made = list(texts)
    if "ư" not in joined and (RIME_WITHOUT_U.search(joined) or WITHOUT_A_VOWEL.search("\n" + joined)):
        made = _where_vietnamese(made, restore_lost_u)
    if IN_CAPITALS.search(joined):
        made = _where_vietnamese(made, lambda found: [in_capitals(text) for text in found])
    return _repaired(texts, made, "TCVN3")


def _where_vietnamese(texts: list[str], restore: Callable[[Sequence[str]], list[str]]) -> list[str]:
    made = restore(texts)
    changed = [new for old, new in zip(texts, made, strict=True) if old != new]
    return made if is_vietnamese(words(changed)) else texts


def _repaired(texts: Sequence[str], read: Sequence[str], name: str) -> Repair | None:
    if list(texts) == list(read):
        return None
    before, after = _sample(texts, read)
    said = f"read as {name}: '{before}' is '{after}'"
    return Repair(tuple(read), (Finding(FindingKind.ENCODING_REPAIRED, said),))


def _sample(texts: Sequence[str], read: Sequence[str]) -> tuple[str, str]:
    """The first words that differ."""
    pairs = (pair for pair in zip(texts, read, strict=True) if pair[0] != pair[1])
    before, after = next(pairs, ("", ""))
    same = next(
        (place for place, signs in enumerate(zip(before, after, strict=False)) if len(set(signs)) > 1), 0
    )
    begin = before.rfind(" ", 0, same) + 1
    return _short(before[begin:]), _short(after[begin:])


def _short(text: str) -> str:
    """The beginning of a text without control characters, up to a whole word."""
    shown = _NOT_SHOWN.sub("", text)
    kept = shown[:_LONGEST_SAMPLE]
    return kept if kept == shown else kept.rpartition(" ")[0] or kept
