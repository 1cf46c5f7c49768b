"""The synthetic catalogue as files: one in ISO 2709 and UTF-8, or one for each library in the form that it delivers."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from pymarc.marc8_mapping import CODESETS
from synthetic_copies import habits_of

from unioncat.core.identifiers import Isil
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709

Records = Iterable[tuple[Isil, str, MarcRecord]]
_ANSEL = {chr(found[0]): bytes([code]) for code, found in CODESETS[0x45].items() if code > 0x7F}


def write_one_file(records: Records, path: Path) -> int:
    """All records in one file; how many there were."""
    count = 0
    with path.open("wb") as file:
        for _, _, marc in records:
            file.write(render_iso2709(marc))
            count += 1
    return count


def write_files(records: Records, folder: Path) -> dict[Isil, Path]:
    """A file for each library, in its form."""
    written: dict[Isil, list[bytes]] = {}
    for isil, _, marc in records:
        written.setdefault(isil, []).append(FORMS[_form(isil)](marc))
    paths = {isil: folder / f"{isil}.{_form(isil)}" for isil in written}
    for isil, pieces in written.items():
        paths[isil].write_bytes(b"".join(pieces))
    return paths


@cache
def _form(isil: Isil) -> str:
    return habits_of(int(isil.removeprefix("VN-S"))).form


def _ending_in_0x1f(marc: MarcRecord) -> bytes:
    """ISO 2709 as one version of Libol writes it: 0x1F behind the directory."""
    raw = render_iso2709(marc)
    base = int(raw[12:17])
    return raw[: base - 1] + b"\x1f" + raw[base:]


def _pseudo_iso(marc: MarcRecord) -> bytes:
    """Libol's text with `#` and `$`, lengths in characters."""
    contents = [_text_of(field, "$").replace("#", " ") + "#" for field in marc.fields]
    directory, place = "", 0
    for field, content in zip(marc.fields, contents, strict=True):
        directory += f"{field.tag}{len(content):04d}{place:05d}"
        place += len(content)
    base = len(directory) + 25
    return f"{base + place + 1:05d}nam a22{base:05d} a 4500{directory}#{''.join(contents)}#".encode()


def _lines(marc: MarcRecord) -> bytes:
    """Libol's lines of tags."""
    lines = [f"#{field.tag} {_text_of(field, ' $')}" for field in marc.fields]
    return "\n".join((f"Ldr {marc.leader}", *lines, "##\n")).encode()


def _text_of(field: ControlField | DataField, delimiter: str) -> str:
    if isinstance(field, ControlField):
        return field.value
    return field.indicators + "".join(f"{delimiter}{code}{value}" for code, value in field.subfields)


def _marc8(marc: MarcRecord) -> bytes:
    """ISO 2709 in MARC-8: leader/09 blank, marks before their letter, as in ANSEL."""
    texts = [unicodedata.normalize("NFC", _text_of(field, "\x1f")) for field in marc.fields]
    contents = [b"".join(map(_in_ansel, text)) + b"\x1e" for text in texts]
    directory, place = b"", 0
    for field, content in zip(marc.fields, contents, strict=True):
        directory += f"{field.tag}{len(content):04d}{place:05d}".encode()
        place += len(content)
    base = len(directory) + 25
    leader = f"{base + place + 1:05d}nam  22{base:05d} a 4500".encode()
    return b"".join((leader, directory, b"\x1e", *contents, b"\x1d"))


@cache
def _in_ansel(sign: str) -> bytes:
    """One letter; ơ and ư are letters of their own there."""
    if sign < "\x80":
        return sign.encode()
    if sign in _ANSEL:
        return _ANSEL[sign]
    letter, *marks = unicodedata.normalize("NFD", sign)
    if "\u031b" in marks:
        letter = unicodedata.normalize("NFC", f"{letter}\u031b")
        marks.remove("\u031b")
    return b"".join(_ANSEL.get(mark, b"") for mark in marks) + _ANSEL.get(
        letter, letter.encode("ascii", "ignore")
    )


FORMS: dict[str, Callable[[MarcRecord], bytes]] = {
    "iso2709": render_iso2709,
    "0x1F": _ending_in_0x1f,
    "pseudo-iso": _pseudo_iso,
    "lines": _lines,
    "marc-8": _marc8,
}
