"""Survivorship: which fields of the members of a cluster live on in the master record.

The policy is the table at the end. A field follows the first line that names its tag (X stands for any
digit). A policy is changed by changing a line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from unioncat.core.marc import ControlField, DataField, MarcField
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.years import year_of_008

Tidy = Callable[[MarcField], MarcField | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """How one record is chosen: its score for its fields, higher is better; equals go by the better record."""

    words: str
    score: Callable[[Sequence[MarcField]], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Sameness:
    """When two fields are the same: they give the same text, unless `exact` after folding (`syllable_key`)."""

    words: str
    text: Callable[[MarcField], str]
    exact: bool = False


# --- what is taken over of a field --------------------------------------------------------------------


def if_filled(field: MarcField) -> MarcField | None:
    """The field, unless all it says is a placeholder such as "[K.nxb]" or "0p"."""
    if isinstance(field, ControlField):
        return field if field.value.strip() else None
    for code, value in field.subfields:
        if _says_something(code, value):
            return field
    return None


def valid_isbns(field: MarcField) -> MarcField | None:
    """MARC 020: $a with a valid ISBN, its $q, and cancelled ones ($z); no running number, no price."""
    if not isinstance(field, DataField):
        return None
    valid = read_isbn(field.get("a") or "").isbn13 is not None
    kept = tuple((code, value) for code, value in field.subfields if code in ("aqz6" if valid else "z6"))
    return DataField(field.tag, field.indicators, kept) if any(code != "6" for code, _ in kept) else None


def of_40_characters(field: MarcField) -> MarcField | None:
    """MARC 008, unless positions were lost or added: then none of it can be trusted."""
    return field if isinstance(field, ControlField) and len(field.value) == 40 else None


def as_it_stands(field: MarcField) -> MarcField | None:
    """The field, whatever it says; one without subfields says nothing and would not be MARC."""
    return field if isinstance(field, ControlField) or field.subfields else None


# --- how a record is chosen ---------------------------------------------------------------------------

best_record = Choice("best record", lambda fields: ())


def fullest(codes: str) -> Choice:
    """The record that fills most of these subfields."""
    return Choice(
        "fullest in " + " ".join(f"${code}" for code in codes),
        lambda fields: (sum(any(_fills(field, code) for field in fields) for code in codes),),
    )


def _authority(fields: Sequence[MarcField]) -> tuple[int, ...]:
    return (any(_fills(field, "0") for field in fields), any(_fills(field, "d") for field in fields))


authority_link = Choice("linked to an authority, else with dates", _authority)


def _known_in_008(fields: Sequence[MarcField]) -> tuple[int, ...]:
    value = fields[0].value if isinstance(fields[0], ControlField) else ""
    place, language = value[15:18].strip(), value[35:38]
    return (
        sum((
            len(value) == 40,
            year_of_008(value) is not None,
            place.isalpha() and place != "xx",
            language.isalpha() and language not in ("und", "zxx"),
        )),
    )  # fmt: skip


filled_008 = Choice("date, place and language known, not defaults", _known_in_008)


# --- when two fields are the same ---------------------------------------------------------------------

_CONTROL = "0124568w"
"""Subfields that link or number, and say nothing to a reader."""


def text_of(field: MarcField) -> str:
    """Tag and wording of a field without its control subfields."""
    if isinstance(field, ControlField):
        return f"{field.tag} {field.value}"
    return " ".join([field.tag, *[value for code, value in field.subfields if code not in _CONTROL]])


def _heading(field: MarcField) -> str:
    """The heading with its subdivisions, without its source ($2) and what it does here ($e, $i, $u)."""
    if isinstance(field, ControlField):
        return text_of(field)
    return f"{field.tag} {field.text('abcdfghjklmnopqrstvxyz')}"


def _name(field: MarcField) -> str:
    """The kind of name (X00, X10, X11) and the name, with the title of a work but without dates and role."""
    if isinstance(field, ControlField):
        return text_of(field)
    return f"{field.tag[1:]} {field.text('abcfklmnopqrst')}"


def _isbn(field: MarcField) -> str:
    if isinstance(field, DataField) and (isbn := read_isbn(field.get("a") or "").isbn13):
        return isbn
    return text_of(field)


def _number(field: MarcField) -> str:
    return re.sub(r"\W", "", text_of(field)).upper()


def _address(field: MarcField) -> str:
    return (isinstance(field, DataField) and field.get("u")) or text_of(field)


def _parallel(field: MarcField) -> str:
    """MARC 880 without a partner: the tag it stands for and its wording."""
    link = (isinstance(field, DataField) and field.get("6")) or ""
    return f"{link[:3]} {text_of(field)}"


same_code = Sameness("same code", text_of, exact=True)
same_text = Sameness("same text", text_of)
same_heading = Sameness("same heading", _heading)
same_name = Sameness("same name", _name)
same_isbn = Sameness("same ISBN", _isbn, exact=True)
same_number = Sameness("same number", _number, exact=True)
same_address = Sameness("same address", _address, exact=True)
same_parallel = Sameness("same text in another script", _parallel)


# --- the table ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keep:
    """Take these fields, as a whole, from one record that has them; of those under `once` only its first.

    `once` has what MARC 21 marks as not repeatable (NR). X00, X10 and X11 are one field there: a record has one 1XX.
    """

    tags: str
    choose: Choice
    tidy: Tidy = if_filled
    once: str = ""

    @property
    def rule(self) -> str:
        """The line in words, for the provenance."""
        return self.choose.words


@dataclass(frozen=True, slots=True)
class Union:
    """Take the fields of all records, each once; those already kept under `besides` not again."""

    tags: str
    same: Sameness
    tidy: Tidy = if_filled
    besides: str = ""

    @property
    def rule(self) -> str:
        """The line in words, for the provenance."""
        return f"all, {self.same.words} once"


@dataclass(frozen=True, slots=True)
class Drop:
    """Take none of these fields."""

    tags: str


Line = Keep | Union | Drop

SURVIVORSHIP: tuple[Line, ...] = (
    Keep("008", choose=filled_008, tidy=of_40_characters, once="008"),
    Union("006 007", same=same_code),
    Drop("00X"),
    Keep("010", choose=best_record, once="010"),
    Keep("018", choose=best_record, once="018"),
    Union("020", same=same_isbn, tidy=valid_isbns),
    Union("022 024 028", same=same_number),
    Union("035", same=same_code),
    Keep("036", choose=best_record, once="036"),
    Keep("038", choose=best_record, once="038"),
    Keep("040", choose=best_record, once="040"),
    Keep("042", choose=best_record, once="042"),
    Keep("043", choose=best_record, once="043"),
    Keep("044", choose=best_record, once="044"),
    Keep("045", choose=best_record, once="045"),
    Keep("066", choose=best_record, once="066"),
    Drop("09X"),
    Keep("1XX", choose=authority_link, once="1XX"),
    Keep("240 243", choose=best_record, once="240 243"),
    Keep("245", choose=best_record, tidy=as_it_stands, once="245"),
    Keep("250", choose=fullest("a")),
    Keep("254 255 256 257 258", choose=best_record, once="254 256"),
    Keep("260 264", choose=fullest("abc")),
    Drop("263"),
    Keep("300", choose=fullest("a")),
    Keep("306", choose=best_record, once="306"),
    Keep("310 321 362", choose=fullest("a"), once="310"),
    Keep("336 337 338", choose=best_record),
    Keep("357", choose=best_record, once="357"),
    Keep("440 490 800 810 811 830", choose=fullest("a")),
    Drop("59X"),
    Keep("507", choose=best_record, once="507"),
    Keep("514", choose=best_record, once="514"),
    Union("5XX", same=same_text),
    Drop("69X"),
    Union("6XX", same=same_heading),
    Union("700 710 711", same=same_name, besides="1XX"),
    Union("7XX", same=same_text),
    Drop("852 853 854 855 859 863 864 865 866 867 868 876 877 878"),
    Union("856", same=same_address),
    Union("880", same=same_parallel),
    Drop("9XX"),
    Union("XXX", same=same_text),
    Drop(".*"),
)
"""In the order of the tags. Local fields (9XX, X9X, and at the end tags that are not three digits) and holdings
stay with their library."""


@cache
def line_of(tag: str) -> int:
    """The index in SURVIVORSHIP of the line that this tag follows."""
    patterns = (line.tags.replace("X", "[0-9]").replace(" ", "|") for line in SURVIVORSHIP)
    return next(index for index, pattern in enumerate(patterns) if re.fullmatch(pattern, tag))


@cache
def once_with(tag: str) -> str | None:
    """The tags, as a pattern, of which a record has one field at most, this tag among them; None if it is repeatable."""
    line = SURVIVORSHIP[line_of(tag)]
    patterns = line.once.replace("X", "[0-9]").split() if isinstance(line, Keep) else ()
    return next((pattern for pattern in patterns if re.fullmatch(pattern, tag)), None)


def first_of_each(tags: Iterable[str]) -> Iterator[bool]:
    """Of the fields of a record, whether each may live on: not the second of those that stand once."""
    met: set[str] = set()
    for tag in tags:
        group = once_with(tag)
        yield group is None or group not in met
        if group is not None:
            met.add(group)


def _says_something(code: str, value: str) -> bool:
    return code not in _CONTROL and bool(value.strip()) and not is_placeholder(value)


def _fills(field: MarcField, code: str) -> bool:
    return isinstance(field, DataField) and any(
        value.strip() and not is_placeholder(value) for value in field.all(code)
    )
