"""The quality report of a source: what its library should know and mend, with numbers that add up.

1. The counts of the newest run; live and rejected records; the proof that nothing is missing.
2. Faults of live and of rejected records, the most serious and most frequent first, each with examples and with the
   sentence how to mend it.
3. Values of 250 $a, 260/264 $b and 300 $a that more than a fifth of the newest records share: likely placeholders.
4. How the numbers went over the newest runs (`snapshot` keeps them at the end of each).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.quality.completeness import Completeness, Stock, prove_completeness
from unioncat.core.quality.sentences import Severity, sentences_of, severity_of
from unioncat.core.registry import Deletions, Harvest, HarvestKind, HarvestSource, HarvestStatus, SourceState
from unioncat.core.registry import Protocol as FeedProtocol
from unioncat.pipeline.feeds_port import FaultCount
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

_RUNS = 100
_TREND = 12
_SAMPLED = 5_000
_FREQUENT = 0.2
_LEAST_RECORDS = 20
_NUMBERS = ("harvest", "live", "rejected", "tombstones")
_FAULT = "fault:"
_SERVERS = (FeedProtocol.OAI_PMH, FeedProtocol.Z3950, FeedProtocol.SRU)
_WORST_FIRST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class FaultExample:
    """A record with a fault: its control number (or identifier), its master record or place, and what is wrong."""

    name: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A kind of fault in a source: in how many records, their share of all, and how it is mended."""

    kind: str
    rejected: bool
    severity: Severity
    title: str
    means: str
    mend: str
    count: int
    share: float
    examples: tuple[FaultExample, ...]


@dataclass(frozen=True, slots=True)
class FrequentValue:
    """A value that very many records share; `field` is tag and subfield, such as `260b`."""

    field: str
    value: str
    count: int
    share: float
    placeholder: bool


@dataclass(frozen=True, slots=True)
class QualityPoint:
    """The numbers at the end of a run; `faults` counts records by kind."""

    harvest: int
    at: datetime
    live: int
    rejected: int
    tombstones: int
    faults: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All that is told about the quality of a source, in one language."""

    source: SourceId
    isil: Isil
    state: SourceState
    language: str
    live: int
    rejected: int
    last_run: Harvest | None
    completeness: Completeness
    proven: datetime | None
    faults: tuple[FaultReport, ...]
    values: tuple[FrequentValue, ...]
    trend: tuple[QualityPoint, ...]


async def quality_report(store: Store, source_id: SourceId, language: str) -> QualityReport:
    """The report of a source in Vietnamese (`vi`) or English (`en`); raises NotRegistered."""
    async with store.work() as work:
        source = await work.sources.get(source_id)
        runs = await work.harvests.of(source_id, _RUNS)
        live = await work.quality.live(source_id)
        faults = await work.quality.faults(source_id)
        rejections = await work.quality.rejections(source_id)
        values = await work.quality.values(source_id, _SAMPLED)
        tombstones = await work.quality.tombstones(source_id)
        trend = [_point(at, numbers) for at, numbers in await work.quality.trend(source_id, _RUNS)]
    rejected = sum(one.count for one in rejections)
    proof = _proving_run(source, runs)
    stock = _stock_then(proof, runs, trend, Stock(live, rejected, tombstones))
    return QualityReport(
        source=source_id,
        isil=source.isil,
        state=source.state,
        language=language,
        live=live,
        rejected=rejected,
        last_run=next(iter(runs), None),
        completeness=prove_completeness(_total(source, proof) if proof else None, stock, language),
        proven=(proof.finished or proof.started) if proof else None,
        faults=_faults(faults, rejections, live, rejected, language),
        values=_frequent(values, min(live, _SAMPLED)),
        trend=tuple(trend[-_TREND:]),
    )


async def snapshot(store: Store, source: HarvestSource, harvest: int) -> None:
    """Keep the numbers of a source at the end of a run, for the trend and for the proof of completeness."""
    async with store.work() as work:
        await work.quality.save_snapshot(harvest, await _numbers(work, source.id, harvest))
        await work.commit()


async def _numbers(work: UnitOfWork, source: SourceId, harvest: int) -> Mapping[str, int]:
    rejections = await work.quality.rejections(source)
    return {
        "harvest": harvest,
        "live": await work.quality.live(source),
        "rejected": sum(one.count for one in rejections),
        "tombstones": await work.quality.tombstones(source),
    } | {f"{_FAULT}{one.kind}": one.count for one in await work.quality.faults(source)}


def _point(at: datetime, numbers: Mapping[str, int]) -> QualityPoint:
    faults = {name.removeprefix(_FAULT): count for name, count in numbers.items() if name.startswith(_FAULT)}
    harvest, live, rejected, tombstones = (numbers.get(name, 0) for name in _NUMBERS)
    return QualityPoint(harvest, at, live, rejected, tombstones, faults)


# --- completeness -------------------------------------------------------------------------------------


def _proving_run(source: HarvestSource, runs: Sequence[Harvest]) -> Harvest | None:
    """The newest complete run that covered the whole feed and told its number of records.

    Of several files, each of which is a part of what the library has, none covers the whole.
    """
    is_of_files = source.protocol not in _SERVERS
    deliveries = [run for run in runs if run.kind is HarvestKind.HARVEST]
    if is_of_files and source.terms.deletions is not Deletions.REPLACE and len(deliveries) > 1:
        return None
    return next((run for run in runs if _covers_all(source, run) and _total(source, run) is not None), None)


def _covers_all(source: HarvestSource, run: Harvest) -> bool:
    """Whether its total is that of the feed; a target tells it whatever is asked for."""
    whole = (run.window_from, run.window_until) == (None, None) or source.protocol.is_target
    return run.status is HarvestStatus.COMPLETE and run.kind is not HarvestKind.RETRY and whole


def _total(source: HarvestSource, run: Harvest) -> int | None:
    """The feed's own count; that of a file is what was found in it."""
    if run.total is not None or run.kind is not HarvestKind.HARVEST:
        return run.total
    return None if source.protocol in _SERVERS else run.counts.delivered


def _stock_then(
    proof: Harvest | None, runs: Sequence[Harvest], trend: Iterable[QualityPoint], now: Stock
) -> Stock | None:
    """What was here when the proving run ended: as its snapshot has it, or as it is when nothing ran since."""
    if proof is None:
        return None
    if runs[0].id == proof.id:
        return now
    then = next((point for point in trend if point.harvest == proof.id), None)
    return Stock(then.live, then.rejected, then.tombstones) if then else None


# --- faults -------------------------------------------------------------------------------------------


def _faults(
    faults: Iterable[FaultCount], rejections: Iterable[FaultCount], live: int, rejected: int, language: str
) -> tuple[FaultReport, ...]:
    reports = [
        *(_fault(one, live + rejected, language, rejected=True) for one in rejections),
        *(_fault(one, live, language, rejected=False) for one in faults),
    ]
    return tuple(sorted(reports, key=lambda one: (_WORST_FIRST.index(one.severity), -one.count)))


def _fault(counted: FaultCount, of: int, language: str, *, rejected: bool) -> FaultReport:
    said = sentences_of(counted.kind, language)
    return FaultReport(
        kind=counted.kind,
        rejected=rejected,
        severity=severity_of(counted.kind, rejected=rejected),
        title=said.title,
        means=said.means,
        mend=said.mend,
        count=counted.count,
        share=round(counted.count / of, 4) if of else 0.0,
        examples=tuple(FaultExample(*example) for example in counted.examples),
    )


def _frequent(values: Iterable[tuple[str, str, int]], of: int) -> tuple[FrequentValue, ...]:
    """Rule 3; where there are few records, some value is always frequent."""
    if of < _LEAST_RECORDS:
        return ()
    return tuple(
        FrequentValue(field, value, count, round(count / of, 4), is_placeholder(value))
        for field, value, count in values
        if count > _FREQUENT * of
    )
