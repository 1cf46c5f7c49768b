"""Checks and quality reports as plain text, in the language of the operator (`quality.toml`)."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from unioncat.core.quality.examine import FaultSeen, SampleRecord
from unioncat.core.quality.feed import FeedIdentity
from unioncat.core.quality.sentences import sentences_of
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.check_source import CheckReport
from unioncat.pipeline.quality_report import FaultReport, QualityReport

_SHOWN = 5
_EXAMPLES = 5
_WIDTH = 26

Texts = Mapping[str, str]


@cache
def texts_in(language: str) -> Texts:
    """The texts of a language."""
    texts: Texts = tomllib.loads(files(__package__).joinpath("quality.toml").read_text("utf-8"))[language]
    return texts


def said_state(source: HarvestSource, language: str) -> str:
    """How a source stands now."""
    texts = texts_in(language)
    return texts["is_now"].format(number=source.id, isil=source.isil, state=texts[source.state])


# --- preflight ----------------------------------------------------------------------------------------


def check_lines(report: CheckReport, language: str) -> Iterator[str]:
    """A preflight as lines: the verdict and its reasons first."""
    texts = texts_in(language)
    yield texts[report.verdict]
    yield from (f"  - {getattr(reason, language)}" for reason in report.reasons)
    yield ""
    yield from _identity(report.identity, report, texts)
    if report.sample:
        yield from _section(
            texts["sample"],
            (_record(one, texts) for one in report.sample.records[:_SHOWN]),
        )
        seen = [
            *((one, True) for one in report.sample.rejections),
            *((one, False) for one in report.sample.faults),
        ]
        yield from _section(
            texts["faults"],
            (line for one, rejected in seen for line in _seen(one, rejected, language)),
        )


def _identity(identity: FeedIdentity, report: CheckReport, texts: Texts) -> Iterator[str]:
    yield from _pairs(
        (texts["feed"], identity.name if report.reachable else texts["not_reachable"]),
        (texts["protocol"], identity.protocol),
        (texts["formats"], ", ".join(identity.formats or ())),
        (texts["sets"], ", ".join(spec for spec, _ in (identity.sets or ())[:10])),
        (texts["granularity"], identity.granularity),
        (texts["deletions"], identity.deleted_record),
    )
    if sample := report.sample:
        yield from _pairs((texts["total"], texts["unknown"] if report.total is None else f"{report.total:,}"))
        counted = texts["looked_at_count"].format(
            read=sample.read, rejected=sample.rejected, deleted=report.deleted
        )
        fit = sample.profile
        reads = {fit.stated: fit.stated_reads, fit.best: fit.best_reads}
        profiles = (texts["profile_count"].format(name=name, count=count) for name, count in reads.items())
        yield from _pairs((texts["looked_at"], counted), (texts["profile"], "; ".join(profiles)))
    columns = (
        f"{one.name} → {one.role} ({one.reason}): {' | '.join(one.examples)}" for one in identity.columns
    )
    yield from _section(texts["columns"], columns)


def _record(record: SampleRecord, texts: Texts) -> str:
    said = " / ".join(filter(None, (record.title, record.author, record.year, ", ".join(record.isbns))))
    held = "; ".join(
        ", ".join(filter(None, (one.location, one.call_number, texts["copies"].format(count=one.copies))))
        for one in record.holdings
    )
    return f"{record.control_number or record.place}: {said}" + (f"\n      {held}" if held else "")


def _seen(fault: FaultSeen, rejected: bool, language: str) -> Iterator[str]:
    texts, said = texts_in(language), sentences_of(fault.kind, language)
    mark = texts["rejected_mark"] if rejected else ""
    yield f"{mark}{said.title}: {texts['records'].format(count=fault.count)}"
    yield from (f"    {name}: {detail}" for name, detail in fault.examples[:_EXAMPLES])
    yield f"    {texts['mend']}{said.mend}"


# --- quality report -----------------------------------------------------------------------------------


def report_lines(report: QualityReport) -> Iterator[str]:
    """A quality report as lines."""
    texts = texts_in(report.language)
    run = report.last_run
    yield from _pairs(
        (texts["state"], texts[report.state]),
        (texts["stock"], texts["stock_count"].format(live=report.live, rejected=report.rejected)),
        (texts["complete"], report.completeness.said),
        (texts["last_run"], f"{run.started:%Y-%m-%d %H:%M} {run.status}" if run else None),
        ("", _counts(report, texts) if run else None),
    )
    faults = (line for fault in report.faults for line in _fault(fault, texts))
    yield from _section(texts["faults"], faults, texts["no_faults"])
    values = (f"{one.share:4.0%}  {one.field[:3]} ${one.field[3:]}  {one.value}" for one in report.values)
    yield from _section(texts["values"], values)
    trend = (
        f"{point.at:%Y-%m-%d %H:%M}  {texts['stock_count'].format(live=point.live, rejected=point.rejected)}"
        for point in report.trend
    )
    yield from _section(texts["trend"], trend)


def _counts(report: QualityReport, texts: Texts) -> str:
    counts = report.last_run.counts if report.last_run else None
    names = ("delivered", "created", "updated", "unchanged", "deleted", "rejected")
    return texts["counts"].format(**{name: getattr(counts, name) for name in names})


def _fault(fault: FaultReport, texts: Texts) -> Iterator[str]:
    mark = texts["rejected_mark"] if fault.rejected else ""
    yield f"{mark}{fault.title}: {texts['records'].format(count=fault.count)} ({fault.share:.0%})"
    yield from (f"    {one.name or one.place}: {one.detail}" for one in fault.examples[:_EXAMPLES])
    yield f"    {texts['mend']}{fault.mend}"


# --- lines --------------------------------------------------------------------------------------------


def _pairs(*pairs: tuple[str, str | None]) -> Iterator[str]:
    return (f"{name:<{_WIDTH}} {value}" for name, value in pairs if value)


def _section(title: str, lines: Iterable[str], otherwise: str = "") -> Iterator[str]:
    listed = list(lines)
    if listed or otherwise:
        yield ""
        yield title
        yield from (f"  {line}" for line in listed or [otherwise])
