"""The command that explains the matcher: may two records be joined, and why."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from harvesters.files import FileHarvester
from unioncat.cli.console import print_json
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.delivery import DeliveredRecord, RejectedRecord
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import MarcRecord
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import MatchDecision
from unioncat.core.match.explain import explain, sentence
from unioncat.core.match.wording import written_names
from unioncat.core.normalise.description import describe
from unioncat.core.parse.read import read_record
from unioncat.settings import load_settings

commands = typer.Typer()


@commands.command()
def match(left: Path, right: Path, as_json: AsJson = False, language: InLanguage = None) -> None:
    """Explain whether the first records of two files describe one publication."""
    records = [asyncio.run(_first_record(path)) for path in (left, right)]
    settings, written = load_settings(), written_names(*records)
    one, other = map(describe, records)
    decision = decide(one, other, settings.matching)
    spoken = language or settings.language
    if as_json:
        print_json(decision_to_json(decision, spoken, written))
    else:
        print("\n".join(explain(decision, spoken, written)))


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


def decision_to_json(decision: MatchDecision, language: str, written: Mapping[str, str]) -> dict[str, Any]:
    """A decision with its evidence as a JSON value; `reason` says the code and its values in words."""
    return {
        "decision": decision.outcome,
        "score": round(decision.score, 3),
        "vetoed": decision.vetoed,
        "evidence": [asdict(one) | {"reason": sentence(one, language, written)} for one in decision.evidence],
    }
