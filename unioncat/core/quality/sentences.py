"""What each kind of fault means, and how a librarian mends it, in Vietnamese and English (`sentences.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from unioncat.core.findings import FindingKind

LANGUAGES = ("vi", "en")


class Severity(StrEnum):
    """How bad a fault is, the worst first."""

    SERIOUS = "serious"  # the record cannot be used, or contents are lost
    MEND = "mend"  # worth mending
    HINT = "hint"  # good to know


@dataclass(frozen=True, slots=True)
class Sentences:
    """A kind of fault in one language: its name, what it means, and how it is mended."""

    title: str
    means: str
    mend: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: how bad it is, and its sentences by language."""

    severity: Severity
    sentences: Mapping[str, Sentences]


@cache
def load_faults() -> Mapping[FindingKind, Fault]:
    """All kinds of faults, read once."""
    table = tomllib.loads(files(__package__).joinpath("sentences.toml").read_text("utf-8"))
    return {
        FindingKind(kind): Fault(
            Severity(entry["severity"]), {language: Sentences(**entry[language]) for language in LANGUAGES}
        )
        for kind, entry in table.items()
    }


def sentences_of(kind: str, language: str) -> Sentences:
    """The sentences of a kind in a language; a kind of an older version is called by its own name."""
    try:
        return load_faults()[FindingKind(kind)].sentences[language]
    except ValueError:
        return Sentences(kind, "", "")


def severity_of(kind: str, *, rejected: bool = False) -> Severity:
    """How bad a kind is; a record that was rejected for it is lost to readers, whatever it was."""
    try:
        return Severity.SERIOUS if rejected else load_faults()[FindingKind(kind)].severity
    except ValueError:
        return Severity.HINT
