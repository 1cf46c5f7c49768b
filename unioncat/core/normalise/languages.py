"""Languages of the text (MARC 21 008/35-37 and 041 $a)."""

from unioncat.core.marc import DataField, MarcRecord

_UNKNOWN = frozenset({"und", "mul", "zxx", "mis"})


def read_languages(record: MarcRecord) -> frozenset[str]:
    """The codes of the languages of the text; empty when the record does not say.

    1. Codes of 041 $a, else of 008.
    2. `engfre` in one subfield with first indicator 1 is an old notation: a translation into the first one.
    3. Undetermined, multiple and malformed codes say nothing.
    """
    codes = {code for field in record.data("041") for code in _codes(field)} or {_fixed(record)}
    return frozenset(code for code in codes if _is_code(code))


def _codes(field: DataField) -> list[str]:
    found = []
    for value in field.all("a"):
        value = value.strip().lower()
        parts = [value[start : start + 3] for start in range(0, len(value), 3)]
        found += parts[:1] if field.indicators[:1] == "1" else parts
    return found


def _fixed(record: MarcRecord) -> str:
    return (record.control("008") or "")[35:38].lower()


def _is_code(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.isalpha() and code not in _UNKNOWN
