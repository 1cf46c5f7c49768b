"""Diagnostics of a target (DefaultDiagFormat, Z39.50-2003 4.2.2 and the set bib-1)."""

from dataclasses import dataclass

from harvesters.z3950 import ber
from harvesters.z3950.ber import Element

BIB_1_DIAGNOSTICS = "1.2.840.10003.4.1"
_UNKNOWN = 100  # "unspecified error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a target objects to: a code of a diagnostic set, and a detail such as the attribute it means."""

    code: int
    detail: str = ""
    set_oid: str = BIB_1_DIAGNOSTICS


def read_diagnostic(element: Element) -> Diagnostic:
    """A DefaultDiagFormat; of an EXTERNAL only its reference is kept."""
    code = element.get(ber.INTEGER)
    detail = element.get(ber.VISIBLE_STRING) or element.get(ber.GENERAL_STRING)
    named = element.get(ber.OID)
    return Diagnostic(
        code.integer() if code else _UNKNOWN,
        detail.text() if detail else "",
        named.oid() if named else BIB_1_DIAGNOSTICS,
    )


def encode_diagnostic(diagnostic: Diagnostic, tag: int = ber.SEQUENCE) -> bytes:
    """A DefaultDiagFormat of version 3."""
    return ber.sequence(
        tag,
        ber.oid(ber.OID, diagnostic.set_oid),
        ber.integer(ber.INTEGER, diagnostic.code),
        ber.text(ber.GENERAL_STRING, diagnostic.detail),
    )
