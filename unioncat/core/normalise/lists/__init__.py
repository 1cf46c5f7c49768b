"""Word lists: the policy of normalisation as data (TOML), read once.

Words are written as people write them and compared in plain letters (`vietnamese.plain`), so that a list needs
each word once, with or without its accents.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from unioncat.core.normalise.vietnamese import plain


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def words_of(table: str, name: str) -> frozenset[str]:
    """A list of words in plain letters."""
    return frozenset(plain(word) for word in _table(table)[name])


def as_written(table: str, name: str) -> dict[str, Any]:
    """A table from a word as it is written, accents and all, to its value."""
    return dict(_table(table)[name])


def written_words_of(table: str, name: str) -> frozenset[str]:
    """A list of words as they are written."""
    return frozenset(_table(table)[name])


def map_of(table: str, name: str) -> dict[str, Any]:
    """A table from a word in plain letters to its value."""
    return {plain(word): value for word, value in _table(table)[name].items()}


def aliases_of(table: str, name: str) -> dict[str, str]:
    """A table from each alias, in plain letters, to the canonical name in plain letters."""
    return {
        plain(alias): plain(canonical)
        for canonical, aliases in _table(table)[name].items()
        for alias in (canonical, *aliases)
    }


def any_of(words: frozenset[str]) -> str:
    """A regular expression that matches any of these words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
