"""MARC-8 (MARC 21 specifications, Character sets, part 2), with the tables of pymarc.

pymarc's own reading of MARC-8 passes over marks without a letter and complains on standard error; here what means
nothing is counted, because that is how MARC-8 is told from other character sets.

1. Bytes below 0x80 are of the set G0 (at first ASCII), those above of G1 (at first ANSEL). Escape sequences choose
   other sets; a subfield delimiter (0x1F) goes back to the first ones.
2. East Asian characters (EACC) take three bytes, all others one.
3. A combining mark stands before its letter.
4. Lost is what no set has a character for, and a mark that no letter or digit follows.
"""

import re

from pymarc.marc8_mapping import CODESETS, ODD_MAP

_ASCII, _ANSEL, _EACC = 0x42, 0x45, 0x31
_ESCAPE = re.compile(
    rb"\x1b(?:(?P<single>[(,)-])|\$(?P<multiple>[,)-]?)|(?=[gbps]))!?(?P<final>[1-9A-Zgbps])"
)
_PLAIN = re.compile(rb"[ -~]+")
_WITHOUT_MEANING = frozenset(b"\x00\x88\x89\x8d\x8e\n\r\t")
"""Marks for sorting and joining, line breaks and padding."""


def decode_marc8(raw: bytes) -> tuple[str, int]:
    """The text of a field, and how much of it is lost."""
    sets = [_ASCII, _ANSEL]
    text: list[str] = []
    marks: list[str] = []
    lost = place = 0
    while place < len(raw):
        byte = raw[place]
        if sets[0] == _ASCII and not marks and (plain := _PLAIN.match(raw, place)):
            text.append(plain[0].decode("ascii"))
            place = plain.end()
        elif escape := _ESCAPE.match(raw, place):
            _designate(sets, escape)
            place = escape.end()
        elif byte == 0x1F:
            lost += len(marks)
            sets, marks = [_ASCII, _ANSEL], []
            text.append("\x1f")
            place += 1
        elif byte in _WITHOUT_MEANING:
            place += 1
        else:
            code_set = sets[byte >> 7]
            width = 3 if code_set == _EACC and byte != 0x20 else 1
            sign, combines = _sign(code_set, raw[place : place + width])
            place += width
            if combines:
                marks.append(sign)
                continue
            lost += sign == "\ufffd" or (bool(marks) and not sign.isalnum())
            text += (sign, *marks)
            marks.clear()
    return "".join(text), lost + len(marks)


def _designate(sets: list[int], escape: re.Match[bytes]) -> None:
    final = escape["final"][0]
    which = (escape["single"] or escape["multiple"] or b"(") in (b")", b"-")
    sets[which] = _ASCII if final == ord("s") else final


def _sign(code_set: int, raw: bytes) -> tuple[str, bool]:
    """The character of these bytes, and whether it is a combining mark."""
    if raw <= b" ":
        return " " if raw == b" " else "\ufffd", False
    table = CODESETS.get(code_set, {})
    if len(raw) == 3:
        code = int.from_bytes(byte & 0x7F for byte in raw)
        found = table.get(code) or (ODD_MAP.get(code, 0xFFFD), 0)
    else:
        found = table.get(raw[0]) or table.get(raw[0] ^ 0x80) or (0xFFFD, 0)
    return chr(found[0]), bool(found[1])
