"""Reasons as people read them, in Vietnamese and English (`sentences.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line has its answer, or a library its rank: a code of `sentences.toml`, its values, and for a rank the
    points that it gives or takes."""

    code: str
    values: tuple[str, ...] = ()
    points: int = 0


def say_line(reason: Reason, language: str) -> str:
    """Why a line has its answer, as a sentence."""
    return _sentence("line", reason, language)


def say_rank(reason: Reason, language: str) -> str:
    """Why a library has its rank, in words."""
    return _sentence("library", reason, language)


def _sentence(table: str, reason: Reason, language: str) -> str:
    return _sentences()[table][reason.code][language].format(*reason.values)


@cache
def _sentences() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(files(__package__).joinpath("sentences.toml").read_text("utf-8"))
