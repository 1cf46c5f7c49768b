"""Commands for those who judge the matcher: explain one pair, measure many."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from harvesters.files import FileHarvester
from unioncat.cli.console import print_json, print_table
from unioncat.cli.options import AsJson
from unioncat.core.delivery import DeliveredRecord, RecordFormat, RejectedRecord
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import MarcRecord
from unioncat.core.match.decide import decide
from unioncat.core.match.evaluation import tabulate
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.match.explain import explain, spoken_reason
from unioncat.core.normalise.description import describe
from unioncat.core.parse.read import read_record

commands = typer.Typer()


@commands.command()
def match(left: Path, right: Path, as_json: AsJson = False) -> None:
    """Explain whether the first records of two files describe one publication."""
    records = [asyncio.run(_first_record(path)) for path in (left, right)]
    decision = decide(*(describe(record) for record in records))
    if as_json:
        print_json(_decision(decision))
    else:
        print("\n".join(explain(decision)))


@commands.command()
def evaluate(
    pairs: Annotated[Path, typer.Argument(help='Lines {"id", "expected", "left", "right"}, MARC-in-JSON.')],
    as_json: AsJson = False,
) -> None:
    """Decide every labelled pair of a file and print the table: same found, false merges, reviews."""
    judged = [(pair, decide(describe(pair.left), describe(pair.right))) for pair in _pairs(pairs)]
    table = tabulate((pair.name, pair.expected, decision) for pair, decision in judged)
    if as_json:
        lines = [{"id": p.name, "expected": p.expected, **_decision(d)} for p, d in judged]
        print_json({"pairs": lines, "table": asdict(table)})
        return
    for pair, decision in judged:
        sign = "=" if pair.expected == decision.outcome else "≠"
        print(
            f"{pair.name}  expected {pair.expected} {sign} decided {decision.outcome}  ({decision.score:.1f})"
        )
        for line in explain(decision)[1:]:
            print(f"    {line}")
    print()
    print_table((name.replace("_", " "), value) for name, value in asdict(table).items())


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two records and the decision a cataloguer would take."""

    name: str
    expected: Outcome
    left: MarcRecord
    right: MarcRecord


def _pairs(path: Path) -> Iterator[LabelledPair]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _pair(line, f"line {number} of {path.name}")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"{path.name} is not UTF-8 text, as lines of labelled pairs must be") from error


def _pair(line: str, place: str) -> LabelledPair:
    try:
        value = json.loads(line)
        name, expected = str(value["id"]), Outcome(value["expected"])
        sides = value["left"], value["right"]
    except (ValueError, KeyError, TypeError) as error:
        raise FileUnreadable(
            f'{place} is not a labelled pair: it must be {{"id", "expected": same, different or review, '
            f'"left", "right"}} ({error})'
        ) from error
    left, right = (
        _record(side, f"{place}, {label}") for side, label in zip(sides, ("left", "right"), strict=True)
    )
    return LabelledPair(name, expected, left, right)


def _record(value: object, place: str) -> MarcRecord:
    raw = json.dumps(value).encode()
    return _read(DeliveredRecord(raw, RecordFormat.MARC_JSON, place))


async def _first_record(path: Path) -> MarcRecord:
    async for page in FileHarvester(path).pages(None):
        for delivered in page.records:
            return _read(delivered)
    raise FileUnreadable(f"{path} holds no record")


def _read(delivered: DeliveredRecord) -> MarcRecord:
    parsed = read_record(delivered)
    if isinstance(parsed, RejectedRecord):
        raise FileUnreadable(f"{delivered.place} cannot be read: {parsed.reason}")
    return parsed.marc


def _decision(decision: MatchDecision) -> dict[str, Any]:
    return {
        "decision": decision.outcome,
        "score": round(decision.score, 3),
        "vetoed": decision.vetoed,
        "evidence": [asdict(one) | {"reason": spoken_reason(one)} for one in decision.evidence],
    }
