"""Commands that count what the matcher works with."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.match.keys import MAX_SHARE, key_type
from unioncat.pipeline.alarms_port import CrowdedKey
from unioncat.pipeline.crowded_keys import crowded_keys
from unioncat.settings import load_settings

stats = typer.Typer(help="Counts of what the matcher works with.", no_args_is_help=True)

Language = Literal["vi", "en"]

_TYPES = {
    "title": {"vi": "nhan đề", "en": "title"},
    "opening": {"vi": "chữ đầu nhan đề và năm", "en": "first letters of the title, year"},
    "author": {"vi": "chữ đầu nhan đề và người", "en": "first letters of the title, person"},
    "extent": {"vi": "người, năm và số trang", "en": "person, year, pages"},
    "isbn": {"vi": "ISBN", "en": "ISBN"},
    "issn": {"vi": "ISSN", "en": "ISSN"},
}
"""Types of keys in words; another type is shown by its name."""

_NONE = {
    "vi": "không có khoá nào mà hơn {most} mô tả dùng chung",
    "en": "no key is shared by more than {most} descriptions",
}
_LINE = {
    "vi": "{count} mô tả dùng chung {kind}: {value}",
    "en": "{count} descriptions share {kind}: {value}",
}
_LIBRARIES = {"vi": "thư viện", "en": "libraries"}
_TITLES = {"vi": "ví dụ", "en": "for example"}


@stats.command("keys")
def list_keys(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List the match keys that too many descriptions share; pairs under them need a second key."""
    found = with_application(lambda application: crowded_keys(application.store, limit))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print("\n".join(key_lines(found, language or load_settings().language)))


def key_lines(found: Sequence[CrowdedKey], language: Language) -> Iterator[str]:
    """What people read of crowded keys."""
    if not found:
        yield _NONE[language].format(most=MAX_SHARE)
    for one in found:
        kind, _, value = one.key.partition(":")
        words = _TYPES.get(key_type(one.key), {}).get(language, kind)
        yield _LINE[language].format(count=one.descriptions, kind=words, value=value)
        yield f"  {_LIBRARIES[language]}: {', '.join(one.libraries)}"
        yield f"  {_TITLES[language]}: {' | '.join(one.titles)}"
