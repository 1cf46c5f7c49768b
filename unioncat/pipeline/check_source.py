"""Preflight: a feed is looked at before anything of it is published, and the report is kept. No record is written.

1. What the feed says of itself comes first; where that already rules it out, no record is asked for.
2. Up to SAMPLE records are read as the source says, SHOWN of them are kept to look at.
3. A feed that fails is a report that says so, never an error; the whole takes at most PATIENCE seconds.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from unioncat.core.delivery import DeliveredRecord, ReadingRules, RejectedRecord
from unioncat.core.errors import FeedError, FileUnreadable
from unioncat.core.findings import FindingKind
from unioncat.core.parse.read import read_record
from unioncat.core.parse.rows import isbn_of_row
from unioncat.core.quality.examine import Examination, ReadPair, examine
from unioncat.core.quality.feed import FeedIdentity, Terms
from unioncat.core.quality.verdict import (
    Reason,
    Verdict,
    judge_identity,
    judge_sample,
    proposed_deletions,
    reason,
    verdict_of,
)
from unioncat.core.registry import Deletions, HarvestSource
from unioncat.core.registry import Protocol as FeedProtocol
from unioncat.pipeline.unit_of_work import Store

SAMPLE = 500
SHOWN = 20
PATIENCE = 60.0
PATIENCE_WITH_TARGETS = 300.0
"""A target is asked many questions, one after another."""
_NOTHING_KNOWN = FeedIdentity()


@dataclass(frozen=True, slots=True)
class Sample:
    """The first records of a feed, and how many it has where that is known.

    `fault` is the sentence of an error that came after them.
    """

    records: tuple[DeliveredRecord, ...]
    total: int | None = None
    fault: str | None = None


class Probe(Protocol):
    """A feed that is looked at: `harvesters/probes.py` has one for each protocol."""

    async def identity(self) -> FeedIdentity:
        """What the feed says about itself; raises FeedError or FileUnreadable."""
        ...

    async def sample(self, limit: int) -> Sample:
        """Its first records; raises FeedError or FileUnreadable where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a preflight found. `reachable`: it answered in its protocol; `deleted`: deletions in the sample.

    `format_offered` and `set_offered` are None where nothing was asked for, or the feed does not tell.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    reachable: bool
    identity: FeedIdentity
    format_offered: bool | None
    set_offered: bool | None
    proposed_deletions: Deletions | None
    total: int | None
    deleted: int
    sample: Examination | None
    seconds: float

    def as_json(self) -> Mapping[str, Any]:
        """The report as it is stored: lists, texts and numbers."""
        stored: Mapping[str, Any] = json.loads(json.dumps(asdict(self)))
        return stored


@dataclass(slots=True)
class _Course:
    """What is known so far, so that a feed that fails on the way is still reported."""

    reachable: bool = False
    identity: FeedIdentity = _NOTHING_KNOWN
    reasons: tuple[Reason, ...] = ()
    total: int | None = None
    deleted: int = 0
    sample: Examination | None = None


async def check_source(
    store: Store, source: HarvestSource, probe: Probe, *, patience: float = PATIENCE
) -> CheckReport:
    """Look at a registered source and keep the report; raises StoreUnavailable, never FeedError."""
    report = await check_feed(store, source, probe, patience=patience)
    async with store.work() as work:
        await work.sources.save_check(source.id, report.as_json())
        await work.commit()
    return report


async def check_feed(
    store: Store, source: HarvestSource, probe: Probe, *, patience: float = PATIENCE
) -> CheckReport:
    """Look at a feed, registered or not, and keep nothing."""
    begun = time.monotonic()
    course = _Course()
    try:
        async with asyncio.timeout(patience):
            await _follow(store, source, probe, course)
    except (FeedError, FileUnreadable) as error:
        course.reasons += (reason("unreachable", said=error),)
    except TimeoutError:
        course.reasons += (reason("too-slow", seconds=round(patience)),)
    if verdict_of(course.reasons) is Verdict.GOOD and course.sample:
        course.reasons += (reason("fine", read=course.sample.read),)
    return _report(source, course, time.monotonic() - begun)


async def _follow(store: Store, source: HarvestSource, probe: Probe, course: _Course) -> None:
    course.identity = await probe.identity()
    course.reachable = True
    course.reasons += tuple(judge_identity(course.identity, _terms(source)))
    if verdict_of(course.reasons) is Verdict.BAD:
        return
    sample = await probe.sample(SAMPLE)
    course.total = sample.total
    course.deleted = sum(delivered.deleted for delivered in sample.records)
    rules = _as_guessed(source.rules, course.identity)
    pairs = await _read(store, sample.records, rules)
    course.sample = await asyncio.to_thread(examine, pairs, rules, SHOWN)
    if sample.fault:
        course.reasons += (reason("broken-off", count=len(sample.records), said=sample.fault),)
    counted = sample.total is not None or sample.fault is not None
    course.reasons += tuple(judge_sample(course.sample, course.deleted, counted=counted))


def _as_guessed(rules: ReadingRules, identity: FeedIdentity) -> ReadingRules:
    """The rules with the columns as they seem to be, where nobody has confirmed others."""
    guessed = tuple((column.name, column.role) for column in identity.columns)
    return rules if rules.columns else replace(rules, columns=guessed)


async def _read(store: Store, records: Sequence[DeliveredRecord], rules: ReadingRules) -> list[ReadPair]:
    """The records with their readings; rows that have an ISBN only are looked up in the joint catalogue."""
    pairs = await asyncio.to_thread(
        lambda: [(one, read_record(one, rules)) for one in records if not one.deleted]
    )
    wanted = {isbn for _, read in pairs if (isbn := _isbn_wanted(read, rules))}
    if not wanted:
        return pairs
    async with store.work() as work:
        found = await work.masters.by_isbn(wanted)
    return [
        (one, read_record(one, rules, known[0]))
        if len(known := found.get(_isbn_wanted(read, rules) or "", ())) == 1
        else (one, read)
        for one, read in pairs
    ]


def _isbn_wanted(read: object, rules: ReadingRules) -> str | None:
    if isinstance(read, RejectedRecord) and read.kind is FindingKind.ROW_UNMATCHED:
        return isbn_of_row(read.delivered.raw, rules.columns)
    return None


def _terms(source: HarvestSource) -> Terms:
    is_asked = source.protocol is FeedProtocol.OAI_PMH
    return Terms(
        source.metadata_prefix if is_asked else None,
        source.set_spec if is_asked else None,
        source.terms.deletions,
        columns_confirmed=bool(source.rules.columns),
    )


def _report(source: HarvestSource, course: _Course, seconds: float) -> CheckReport:
    terms, identity = _terms(source), course.identity
    specs = None if identity.sets is None else tuple(spec for spec, _ in identity.sets)
    return CheckReport(
        verdict=verdict_of(course.reasons),
        reasons=course.reasons,
        reachable=course.reachable,
        identity=identity,
        format_offered=_is_among(terms.prefix, identity.formats),
        set_offered=_is_among(terms.set_spec, specs),
        proposed_deletions=proposed_deletions(identity),
        total=course.total,
        deleted=course.deleted,
        sample=course.sample,
        seconds=round(seconds, 1),
    )


def _is_among(asked: str | None, offered: tuple[str, ...] | None) -> bool | None:
    return asked in offered if asked and offered is not None else None
