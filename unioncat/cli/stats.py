"""Commands that count what the matcher works with."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.match.keys import MAX_SHARE, key_type
from unioncat.core.match.large_cluster import ClusterVerdict, judge_cluster
from unioncat.core.normalise.vietnamese import write_tones
from unioncat.pipeline.alarms_port import CrowdedKey, LargeCluster
from unioncat.pipeline.crowded_keys import crowded_keys
from unioncat.pipeline.large_clusters import large_clusters
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


_VERDICTS = {
    ClusterVerdict.COPIES: {"vi": "các bản của một lần xuất bản", "en": "copies of one edition"},
    ClusterVerdict.SUSPICIOUS: {
        "vi": "đáng ngờ: nhan đề không liên quan",
        "en": "suspicious: unrelated titles",
    },
}
_CLUSTER = {
    "vi": "{id}: {members} biểu ghi, {descriptions} mô tả, {libraries} thư viện, năm {years}: {verdict}",
    "en": "{id}: {members} records, {descriptions} descriptions, {libraries} libraries, years {years}: {verdict}",
}
_KEYS = {"vi": "khoá chung", "en": "shared keys"}
_WEAKEST = {"vi": "liên kết yếu nhất", "en": "weakest link"}
_NO_CLUSTER = {"vi": "không có cụm nào hơn {over} biểu ghi", "en": "no cluster has more than {over} records"}
_TITLES_SHOWN = 3


@stats.command("clusters")
def list_clusters(
    over: Annotated[int, typer.Option(min=1, help="Only clusters of more members.")] = 50,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 100,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List large clusters with what holds them together, and whether their titles are of one edition."""
    found = with_application(lambda application: large_clusters(application.store, over, limit))
    if as_json:
        print_json([asdict(one) | {"verdict": judge_cluster(one.titles)} for one in found])
    else:
        print("\n".join(cluster_lines(found, over, language or load_settings().language)))


def cluster_lines(found: Sequence[LargeCluster], over: int, language: Language) -> Iterator[str]:
    """What people read of large clusters."""
    if not found:
        yield _NO_CLUSTER[language].format(over=over)
    for one in found:
        years = "–".join(str(year) for year in dict.fromkeys((one.first_year, one.last_year)) if year)
        yield _CLUSTER[language].format(
            id=one.master_id,
            members=one.members,
            descriptions=one.descriptions,
            libraries=len(one.libraries),
            years=years or "?",
            verdict=_VERDICTS[judge_cluster(one.titles)][language],
        )
        for title, count in list(one.titles.items())[:_TITLES_SHOWN]:
            yield f"  {count} × {write_tones(title)}"
        yield f"  {_KEYS[language]}: {', '.join(one.keys)}"
        if one.weakest is not None:
            yield f"  {_WEAKEST[language]}: {one.weakest:.2f}"
