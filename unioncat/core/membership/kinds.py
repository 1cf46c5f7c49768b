"""The words for kinds of libraries, legal forms, levels, states, groups and events (`kinds.toml`).

A word of a list is found by its code, by its name in Vietnamese or English, or by another word for it, in any spelling.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from unioncat.core.errors import InvalidLibrary
from unioncat.core.normalise.vietnamese import plain

VOCABULARIES = ("kind", "legal_form", "level", "status", "group_type", "event")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: its code, its names by language, and other words for it."""

    code: str
    names: Mapping[str, str]
    also: tuple[str, ...]


@cache
def vocabulary(name: str) -> Mapping[str, Term]:
    """The terms of one of VOCABULARIES by code, in the order in which people read them."""
    table = tomllib.loads(files(__package__).joinpath("kinds.toml").read_text("utf-8"))
    return {
        code: Term(code, {"vi": entry["vi"], "en": entry["en"]}, tuple(entry.get("also", ())))
        for code, entry in table[name].items()
    }


def resolve_term(name: str, word: str) -> str:
    """The code of a word of a vocabulary; raises InvalidLibrary with the words that can be used."""
    found = _by_word(name).get(plain(word))
    if found is None:
        known = ", ".join(vocabulary(name))
        raise InvalidLibrary(f"'{word}' is no {name.replace('_', ' ')} that is known; write one of: {known}")
    return found


def label_of(name: str, code: str | None, language: str) -> str:
    """What a code is called in a language; a code that is not in the vocabulary is called by itself."""
    term = vocabulary(name).get(code or "")
    return term.names[language] if term else code or ""


@cache
def _by_word(name: str) -> Mapping[str, str]:
    terms = vocabulary(name).values()
    return {
        plain(word): term.code for term in terms for word in (term.code, *term.names.values(), *term.also)
    }
