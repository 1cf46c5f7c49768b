"""Commands that count: the whole store, and what the matcher works with."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, print_table, with_application
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.match.keys import MAX_SHARE, key_type
from unioncat.core.match.large_cluster import Suspicion, judge_cluster, verdict_of
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.normalise.vietnamese import write_tones
from unioncat.pipeline.alarms_port import CrowdedKey, LargeCluster, Listing
from unioncat.pipeline.crowded_keys import crowded_keys
from unioncat.pipeline.large_clusters import large_clusters
from unioncat.settings import load_settings

stats = typer.Typer(invoke_without_command=True)

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
_MORE = {
    "vi": "… và còn {more}; --limit liệt kê thêm",
    "en": "… and {more} more; --limit lists more",
}
_LIBRARIES = {"vi": "thư viện", "en": "libraries"}
_TITLES = {"vi": "ví dụ", "en": "for example"}


@stats.callback()
def counts(context: typer.Context, as_json: AsJson = False) -> None:
    """Print how many libraries, records, descriptions and master records there are."""
    if context.invoked_subcommand is not None:
        return

    async def count(application: Application) -> dict[str, int]:
        async with application.store.work() as work:
            counts = dict(await work.audit.counts())
        position = await application.services.search.position()
        lag = await application.services.catalogue.index_lag(position)
        return counts | {
            "index_position": position,
            "index_waiting": lag.changes,
            "index_lag_seconds": round(lag.seconds),
            "indexed_documents": await application.services.search.count(),
        }

    found = with_application(count)
    if as_json:
        print_json(found)
    else:
        print_table((name.replace("_", " "), value) for name, value in found.items())


@stats.command("keys")
def list_keys(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List the match keys that too many descriptions share; pairs under them need a second key."""
    found = with_application(lambda application: crowded_keys(application.store, limit))
    if as_json:
        print_json({"total": found.total, "keys": [asdict(one) for one in found.listed]})
    else:
        print("\n".join(key_lines(found, language or load_settings().language)))


def key_lines(found: Listing[CrowdedKey], language: Language) -> Iterator[str]:
    """What people read of crowded keys."""
    if not found.listed:
        yield _NONE[language].format(most=MAX_SHARE)
    for one in found.listed:
        kind, _, value = one.key.partition(":")
        words = _TYPES.get(key_type(one.key), {}).get(language, kind)
        yield _LINE[language].format(count=one.descriptions, kind=words, value=value)
        yield f"  {_LIBRARIES[language]}: {', '.join(one.libraries)}"
        yield f"  {_TITLES[language]}: {' | '.join(one.titles)}"
    yield from _what_was_cut(found, language)


def _what_was_cut(found: Listing[Any], language: Language) -> Iterator[str]:
    if more := found.total - len(found.listed):
        yield _MORE[language].format(more=more)


_COPIES = {"vi": "các bản của một lần xuất bản", "en": "copies of one edition"}
_SUSPICIOUS = {"vi": "đáng ngờ: {what}", "en": "suspicious: {what}"}
_SUSPICIONS = {
    Suspicion.TITLES: {"vi": "nhan đề không liên quan", "en": "unrelated titles"},
    Suspicion.VOLUMES: {"vi": "nhiều tập khác nhau", "en": "different volumes"},
    Suspicion.EDITIONS: {"vi": "nhiều lần xuất bản", "en": "different editions"},
    Suspicion.YEARS: {"vi": "năm cách xa nhau", "en": "years far apart"},
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
    """List large clusters with what holds them together, and whether they are copies of one edition."""
    policy = load_settings().matching
    found = with_application(lambda application: large_clusters(application.store, over, limit))
    if as_json:
        clusters = [_cluster_shape(one, policy) for one in found.listed]
        print_json({"total": found.total, "clusters": clusters})
    else:
        print("\n".join(cluster_lines(found, over, language or load_settings().language, policy)))


def _cluster_shape(one: LargeCluster, policy: Policy) -> Mapping[str, Any]:
    suspicions = judge_cluster(one.statements, policy)
    return asdict(one) | {"verdict": verdict_of(suspicions), "suspicions": suspicions}


def cluster_lines(
    found: Listing[LargeCluster], over: int, language: Language, policy: Policy = DEFAULT
) -> Iterator[str]:
    """What people read of large clusters."""
    if not found.listed:
        yield _NO_CLUSTER[language].format(over=over)
    for one in found.listed:
        years = "–".join(str(year) for year in dict.fromkeys((one.first_year, one.last_year)) if year)
        yield _CLUSTER[language].format(
            id=one.master_id,
            members=one.members,
            descriptions=one.descriptions,
            libraries=len(one.libraries),
            years=years or "?",
            verdict=_in_words(judge_cluster(one.statements, policy), language),
        )
        yield from _title_lines(one)
        yield f"  {_KEYS[language]}: {', '.join(one.keys)}"
        if one.weakest is not None:
            yield f"  {_WEAKEST[language]}: {one.weakest:.2f}"
    yield from _what_was_cut(found, language)


def _in_words(suspicions: Sequence[Suspicion], language: Language) -> str:
    what = ", ".join(_SUSPICIONS[suspicion][language] for suspicion in suspicions)
    return _SUSPICIOUS[language].format(what=what) if what else _COPIES[language]


def _title_lines(one: LargeCluster) -> Iterator[str]:
    titles: Counter[str] = Counter()
    for statement in one.statements:
        titles[statement.title] += statement.members
    for title, count in titles.most_common(_TITLES_SHOWN):
        yield f"  {count} × {write_tones(title)}"
