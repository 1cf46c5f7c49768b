"""Two records side by side, field by field, with what the matcher said about each field.

1. The lines stand in the order of ROWS; a line on which both records are silent is left out, unless evidence speaks.
2. Two wordings are the same where they are after folding (`syllable_key`: case, punctuation, place of the tone).
3. Evidence stands in the first line that is about its feature; silent evidence is left out. What has no line of its
   own, such as the doubt about a rare book, comes at the end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.marc import ControlField, MarcRecord
from unioncat.core.match.evidence import Evidence, MatchDecision, Verdict
from unioncat.core.match.patterns import LANGUAGES, name_feature
from unioncat.core.normalise.vietnamese import syllable_key

Wording = Callable[[MarcRecord], str]


class Likeness(StrEnum):
    """How the wordings of a line stand to each other. The value is part of the API: never change it."""

    SAME = "same"
    DIFFERENT = "different"
    LEFT_ONLY = "left-only"
    RIGHT_ONLY = "right-only"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison: where it stands in MARC, its names, how it is worded, which features look at it."""

    tags: str
    vi: str
    en: str
    wording: Wording
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A line with the wordings of both records and the evidence that speaks about it."""

    tags: str
    vi: str
    en: str
    left: str
    right: str
    likeness: Likeness
    evidence: tuple[Evidence, ...]

    def name(self, language: str) -> str:
        """The name of the line in Vietnamese (`vi`) or English."""
        return self.vi if language == "vi" else self.en


def fields(tags: str, codes: str) -> Wording:
    """The subfields `codes` of all fields `tags` (divided by blanks)."""
    listed = tags.split()

    def wording(record: MarcRecord) -> str:
        texts = (field.text(codes).strip() for field in record.data(*listed))
        return " · ".join(dict.fromkeys(filter(None, texts)))

    return wording


def characters(tag: str, start: int, end: int) -> Wording:
    """The characters of a control field."""
    return lambda record: (record.control(tag) or "")[start:end].strip(" |\\")


def first_of(*wordings: Wording) -> Wording:
    """The first that says something."""
    return lambda record: next(filter(None, (wording(record) for wording in wordings)), "")


def together(*wordings: Wording) -> Wording:
    """All that say something."""
    return lambda record: " · ".join(filter(None, (wording(record) for wording in wordings)))


def _leader(place: int) -> Wording:
    return lambda record: record.leader[place : place + 1].strip()


def _material(record: MarcRecord) -> str:
    """007/00: the category of material."""
    codes = (one.value[:1] for one in record.fields if isinstance(one, ControlField) and one.tag == "007")
    return " ".join(filter(None, codes))


ROWS = (
    Row("245", "Nhan đề", "Title", fields("245", "anp"), ("title", "standard", "textbook", "volume")),
    Row("245 $b", "Phụ đề", "Subtitle", fields("245", "b"), ("subtitle",)),
    Row("246", "Nhan đề khác", "Other titles", fields("246 130 240 730 740", "abnp")),
    Row("245 $c", "Thông tin trách nhiệm", "Responsibility", fields("245", "c"), ("translator",)),
    Row("1XX 7XX", "Tác giả", "Names", fields("100 110 111 700 710 711", "abcd"), ("author",)),
    Row("250", "Lần xuất bản", "Edition", fields("250", "ab"), ("edition", "printing")),
    Row("260 $a", "Nơi xuất bản", "Place", fields("260 264", "a"), ("place",)),
    Row("260 $b", "Nhà xuất bản", "Publisher", fields("260 264", "b"), ("publisher",)),
    Row(
        "260 $c",
        "Năm xuất bản",
        "Year",
        first_of(fields("260 264", "c"), characters("008", 7, 15)),
        ("year",),
    ),
    Row("300 $a", "Số trang", "Extent", fields("300", "a"), ("pages",)),
    Row("300 $c", "Khổ", "Size", fields("300", "c"), ("size",)),
    Row(
        "LDR 338",
        "Loại, vật mang tin",
        "Kind, carrier",
        together(_leader(6), _material, fields("245", "h"), fields("336 337 338", "a")),
        ("carrier",),
    ),
    Row("LDR/07", "Cấp thư mục", "Level", _leader(7), ("level",)),
    Row(
        "041", "Ngôn ngữ", "Language", first_of(fields("041", "a"), characters("008", 35, 38)), ("language",)
    ),
    Row("490", "Tùng thư", "Series", fields("490 440 830", "anpv"), ("series",)),
    Row("020", "ISBN", "ISBN", fields("020", "aqz"), ("isbn",)),
    Row("022", "ISSN", "ISSN", fields("022", "ay"), ("issn",)),
    Row("028", "Số của nhà xuất bản", "Publisher's number", fields("028", "ab"), ("publisher number",)),
    Row(
        "010 015 035", "Số của cơ quan khác", "Other numbers", fields("010 015 035", "a"), ("system number",)
    ),
    Row("502", "Luận án, luận văn", "Thesis", fields("502", "abcdg"), ("thesis", "work")),
    Row("255 034", "Tỷ lệ", "Scale", fields("255 034", "ab"), ("scale",)),
    Row("773", "Nguồn trích", "Host item", fields("773", "abdgt"), ("host",)),
    Row("500 505", "Phụ chú", "Notes", fields("500 505", "at"), ("topic",)),
)


def compare_records(left: MarcRecord, right: MarcRecord, decision: MatchDecision) -> Sequence[ComparedRow]:
    """The lines of two records; `decision` is what the matcher says of their descriptions."""
    spoken = [one for one in decision.evidence if one.verdict is not Verdict.SILENT]
    return (*_lines(left, right, spoken), *_without_line(spoken))


def _lines(left: MarcRecord, right: MarcRecord, spoken: Sequence[Evidence]) -> Iterator[ComparedRow]:
    for row in ROWS:
        said = tuple(one for one in spoken if one.feature in row.features)
        one, other = row.wording(left), row.wording(right)
        if one or other or said:
            yield ComparedRow(row.tags, row.vi, row.en, one, other, likeness(one, other), said)


def _without_line(spoken: Sequence[Evidence]) -> Iterator[ComparedRow]:
    for one in spoken:
        if one.feature not in _FEATURES:
            vi, en = (name_feature(one.feature, language) for language in LANGUAGES)
            yield ComparedRow("", vi, en, "", "", Likeness.NEITHER, (one,))


def likeness(left: str, right: str) -> Likeness:
    """How two wordings stand to each other (rule 2)."""
    if not left and not right:
        return Likeness.NEITHER
    if not right:
        return Likeness.LEFT_ONLY
    if not left:
        return Likeness.RIGHT_ONLY
    one, other = (syllable_key(text) or text.strip() for text in (left, right))
    return Likeness.SAME if one == other else Likeness.DIFFERENT


_FEATURES = frozenset(feature for row in ROWS for feature in row.features)
