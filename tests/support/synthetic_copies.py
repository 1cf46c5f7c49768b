"""What libraries make of a publication: their habits, and copies that differ as real duplicates do.

The shares of `CHANGES` are those counted in 5,070 pairs of real duplicates (`shared/data/README.md`).
"""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from synthetic_publications import TOPICS, Parts
from wrong_encodings import as_double_utf8, as_tcvn3

from unioncat.core.marc import DEFAULT_LEADER, ControlField, DataField, MarcField, MarcRecord

Change = Callable[[str, random.Random], str]

_PLACED = ("oà òa", "oá óa", "oả ỏa", "oã õa", "oạ ọa", "oè òe", "oé óe", "uỷ ủy", "uý úy", "uỳ ùy", "uỵ ụy")
_OTHER_PLACE = {a: b for pair in _PLACED for one, two in [pair.split()] for a, b in ((one, two), (two, one))}
_OTHER_LETTER = dict(zip("ýỳỷỹỵíìỉĩị", "íìỉĩịýỳỷỹỵ", strict=True))
_TONES = re.compile(rf"(?<![qQ])({'|'.join(_OTHER_PLACE)})(?!\w)|(?<=\b[klmtKLMT])([ýỳỷỹỵíìỉĩị])(?!\w)")
_WRONG_TONE = str.maketrans("áảấầốồớờếềứừ", "ảáầấồốờớềếừứ")
_SHORT_PLACES = {"Hà Nội": "H.", "Tp. Hồ Chí Minh": "Tp. HCM", "Đà Nẵng": "ĐN."}


def _repunctuated(text: str, draw: random.Random) -> str:
    """Case, and spacing before the signs of ISBD."""
    changed = (
        text.upper,
        text.title,
        lambda: f"{text} .",
        lambda: text.replace(": ", " : ").replace(",", " ,"),
    )
    return draw.choice(changed)()


def _cut_short(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    return " ".join(words[: max(2, len(words) * 2 // 3)])


def _miswritten(text: str, draw: random.Random) -> str:
    """One word with another tone."""
    words = text.split(" ")
    place = draw.randrange(len(words))
    words[place] = words[place].translate(_WRONG_TONE)
    return " ".join(words)


def _reordered(text: str, draw: random.Random) -> str:
    first, *others = re.split(r"\s*[,;]\s*", text)
    return " ; ".join((*others, first)) if others else f"{text} (Ch.b.)"


def _absent(text: str, draw: random.Random) -> str:
    return ""


def _abbreviated(text: str, draw: random.Random) -> str:
    return _SHORT_PLACES.get(text, f"[{text}]")


def _near(most: int) -> Change:
    """The first number of the text, so many more or fewer."""

    def change(text: str, draw: random.Random) -> str:
        step = draw.randint(1, most) * draw.choice((-1, 1))
        return re.sub(r"\d+", lambda number: str(int(number[0]) + step), text, count=1)

    return change


CHANGES: dict[str, tuple[tuple[float, Change], ...]] = {
    "title": ((0.40, _repunctuated), (0.12, _cut_short), (0.04, _miswritten)),
    "rest": ((0.12, _cut_short), (0.10, _absent)),
    "statement": ((0.15, _repunctuated), (0.04, _cut_short), (0.32, _absent), (0.12, _reordered)),
    "author": ((0.10, _repunctuated), (0.09, _cut_short), (0.06, _absent), (0.09, _reordered)),
    "edition": ((0.02, _repunctuated), (0.01, _cut_short), (0.03, _absent)),
    "place": ((0.31, _abbreviated), (0.01, _absent)),
    "publisher": ((0.13, lambda text, _: f"Nxb. {text}"), (0.05, _absent), (0.28, lambda text, _: f"NXB {text} ; Nhã Nam")),
    "year": ((0.01, _absent), (0.04, _near(1))),
    "pages": ((0.05, _absent), (0.02, _near(5)), (0.03, _near(40))),
    "series": ((0.04, _repunctuated), (0.06, _absent)),
    "topic": ((0.21, lambda _, draw: draw.choice(TOPICS)),),
    "topic 2": ((0.40, lambda _, draw: draw.choice(TOPICS)),),
    "isbn": ((0.20, _absent),),
}  # fmt: skip
"""Share of the copies that change a part so; the rest leave it as it is."""


def perturbed(parts: Parts, draw: random.Random) -> Parts:
    """A copy: each part changed at its rate, and in one of ten the tones placed the other way."""
    copy = dict(parts)
    for name, changes in CHANGES.items():
        if name in copy:
            drawn = draw.random()
            for rate, change in changes:
                if drawn < rate:
                    copy[name] = change(copy[name], draw)
                    break
                drawn -= rate
    if draw.random() < 0.1:
        copy["title"] = with_other_tones(copy["title"])
    return copy


def with_other_tones(text: str) -> str:
    """hoá for hóa, lí for lý, and the other way round."""
    return _TONES.sub(lambda m: _OTHER_PLACE[m[1]] if m[1] else _OTHER_LETTER[m[2]], text)


@dataclass(frozen=True, slots=True)
class Habits:
    """How one library catalogues. `number`: what it puts into 020; `volume`: where it puts a volume's number."""

    isil: str
    number: str
    volume: str
    is_default: bool
    has_isbd: bool
    is_koha: bool
    text: Callable[[str], str] | None
    form: str


def habits_of(library: int) -> Habits:
    """The habits of the library of this number."""
    draw = random.Random(library)
    text = draw.choices((None, _decomposed, as_double_utf8, as_tcvn3), (91, 7, 1, 1))[0]
    forms = ("iso2709",) if text else ("iso2709", "0x1F", "pseudo-iso", "lines", "marc-8")
    return Habits(
        isil=f"VN-S{library:04d}",
        number=draw.choices(("isbn", "price", "running", "none"), (60, 20, 5, 15))[0],
        volume=draw.choice(("n", "title", "b", "series")),
        is_default=draw.random() < 0.1,
        has_isbd=draw.random() < 0.6,
        is_koha=draw.random() < 0.3,
        text=text,
        form=draw.choices(forms, (92, 2, 2, 2, 2)[: len(forms)])[0],
    )


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def catalogued(parts: Parts, habits: Habits, serial: int) -> list[MarcField]:
    """The fields that the library writes, without 001 and holdings."""
    p = parts.get
    year, language = ("9999", "und") if habits.is_default else (p("year") or "    ", parts["language"])
    volume = f"T.{parts['volume']}" if "volume" in parts else ""
    place = habits.volume if volume else ""
    title = f"{parts['title']}. {volume}" if place == "title" else parts["title"]
    rest = volume if place == "b" and not p("rest") else p("rest", "")
    number = volume if place == "n" or (place == "b" and p("rest")) else ""
    statement = (
        f"{p('statement', '')} ; {parts['translator']} dịch" if "translator" in parts else p("statement", "")
    )
    rows = (
        ("020", "  ", (("a", _number(parts, habits, serial)), ("c", "45000đ" if habits.number == "price" else ""))),
        ("041", "0 ", (("a", "" if habits.is_default else language),)),
        ("082", "04", (("a", p("class", "")),)),
        ("100", "1 ", (("a", p("author", "")),)),
        ("245", "10", (("a", title), ("n", number), ("b", rest), ("c", statement))),
        ("250", "  ", (("a", p("edition", "")),)),
        ("260", "  ", (("a", p("place", "")), ("b", p("publisher", "")), ("c", p("year", "")))),
        ("300", "  ", (("a", "1 tài liệu điện tử" if "link" in parts else p("pages", "")), ("c", p("size", "")))),
        ("490", "0 ", (("a", p("series", "")), ("v", volume if place == "series" else ""))),
        ("653", "  ", (("a", p("topic", "")),)),
        ("653", "  ", (("a", p("topic 2", "")),)),
        ("856", "40", (("u", p("link", "")),)),
    )  # fmt: skip
    fields: list[MarcField] = [ControlField("008", f"100101s{year}    vm            000 0 {language} d")]
    for tag, indicators, values in rows:
        kept = [(code, value) for code, value in values if value]
        if kept:
            fields.append(DataField(tag, indicators, tuple(_written(tag, kept, habits))))
    return fields


_ISBD = {"245b": " :", "245c": " /", "260b": " :", "260c": ",", "300c": " ;", "490v": " ;"}


def _written(tag: str, values: list[tuple[str, str]], habits: Habits) -> list[tuple[str, str]]:
    if habits.has_isbd and len(values) > 1:
        signs = [*(_ISBD.get(tag + code, "") for code, _ in values[1:]), ""]
        values = [(code, value + sign) for (code, value), sign in zip(values, signs, strict=True)]
    return [(code, habits.text(value)) for code, value in values] if habits.text else values


def _number(parts: Parts, habits: Habits, serial: int) -> str:
    if habits.number == "running":
        return str(serial)
    return "" if habits.number == "none" else parts.get("isbn", "")


def with_holdings(
    fields: list[MarcField], identifier: str, habits: Habits, draw: random.Random
) -> MarcRecord:
    """The record of one library: its control number, the fields, one to three copies in one of its stores."""
    store = f"Kho {draw.choice('ABCDE')}"
    holdings = [
        _holding(habits, store, f"{identifier}{copy}") for copy in range(1, draw.choice((2, 2, 2, 3, 4)))
    ]
    return MarcRecord(DEFAULT_LEADER, (ControlField("001", identifier), *fields, *holdings))


def _holding(habits: Habits, store: str, barcode: str) -> DataField:
    if habits.is_koha:
        return DataField("952", "  ", (("p", barcode), ("c", store)))
    return DataField("852", "  ", (("a", habits.isil), ("b", store), ("j", barcode)))
