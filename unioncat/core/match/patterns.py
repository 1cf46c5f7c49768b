"""What kept pairs from being the same, in words (`patterns.toml`)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("vi", "en")
WEAK = "weak"
"""The pattern of a pair that nothing speaks against."""

_Texts = Mapping[str, Mapping[str, str]]


def say_pattern(pattern: str, language: str) -> str:
    """The sentence of a pattern (`MatchDecision.pattern`) in a language."""
    sentences = _tables()["sentence"]
    if pattern in (WEAK, ""):
        return sentences["weak"][language]
    names = ", ".join(name_feature(feature, language) for feature in pattern.split("+"))
    return sentences["against"][language].format(names=names)


def name_feature(feature: str, language: str) -> str:
    """What a feature is called in a language; one that has no name there, by its own."""
    return _tables()["feature"].get(feature, {}).get(language, feature)


@cache
def _tables() -> Mapping[str, _Texts]:
    tables: Mapping[str, _Texts] = tomllib.loads(
        files(__package__).joinpath("patterns.toml").read_text("utf-8")
    )
    return tables
