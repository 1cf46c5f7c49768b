"""Every text of the pages, one table for each language."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

LANGUAGES = ("vi", "en")


def load_messages(language: str) -> Mapping[str, str]:
    """The texts of a language by key, such as `search.button`."""
    table = tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))
    return dict(_flat(table, ""))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


MESSAGES = {language: load_messages(language) for language in LANGUAGES}
