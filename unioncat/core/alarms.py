"""Alarms: what people should look at, and how it is said (`alarms.toml`).

1. An alarm is about one thing (its subject), and about one thing one alarm of a kind is open at a time.
2. It is closed by itself when its cause is gone, or by a person who says why.
3. What a person has closed is not raised again as long as the facts are the same.
"""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class AlarmKind(StrEnum):
    """What there is to look at."""

    UNRELATED_TITLES = "unrelated-titles"  # a large cluster whose members have unrelated titles
    PLACEHOLDER_SUSPECTED = (
        "placeholder-suspected"  # a value that crowds a match key and seems to stand for nothing
    )
    MERGES_HELD = "merges-held"  # a harvest that would join too many master records waits for a person


_SHOWN = 3
"""Titles in a sentence; the detail of the alarm may have more."""


def name_alarm(kind: AlarmKind, language: str) -> str:
    """The kind in words, in Vietnamese (`vi`) or English (`en`)."""
    return _texts()[language][kind]["name"]


def say_alarm(kind: AlarmKind, detail: Mapping[str, Any], language: str) -> str:
    """What was found: the figures and names of `detail` in a sentence; `form` names another one than the first."""
    return _texts()[language][kind][detail.get("form", "said")].format(**_written(detail, language))


def say_remedy(kind: AlarmKind, detail: Mapping[str, Any], number: int, language: str) -> str:
    """What a person can do about the alarm of this number, as commands."""
    return _texts()[language][kind]["remedy"].format(**_written(detail, language), number=number)


def _written(detail: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """Values as they stand in a sentence: lists become words."""
    return {
        **detail,
        "titles": _titles(detail.get("titles", ())),
        "examples": _examples(detail.get("examples", ()), language),
    }


def _titles(counted: Sequence[Sequence[Any]]) -> str:
    """Titles with their numbers, the most frequent first."""
    shown = ", ".join(f"“{title}” ({count})" for title, count in counted[:_SHOWN])
    return shown + (", …" if len(counted) > _SHOWN else "")


def _examples(joined: Sequence[Mapping[str, Any]], language: str) -> str:
    """Master records that would be joined, and why."""
    text = _texts()[language]["example"]
    return "; ".join(
        text["same" if not one["why"][language] else "said"].format(
            **one, reasons=", ".join(one["why"][language])
        )
        for one in joined[:_SHOWN]
    )


@cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    texts: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
        files(__package__).joinpath("alarms.toml").read_text("utf-8")
    )
    return texts
