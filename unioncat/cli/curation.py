"""Commands of curation: the queue of pairs, decisions, merge, split, undo, and the export of what people decided."""

import asyncio
import getpass
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from api.curation_shapes import (
    bulk_entry,
    comparison_entry,
    decision_entry,
    deferred_entry,
    pattern_entry,
    review_entry,
)
from schemas.curation import DeferredEntry, Wish
from schemas.shape import Shape
from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.curation_text import (
    bulk_lines,
    comparison_lines,
    decision_lines,
    deferred_lines,
    pattern_lines,
    queue_lines,
    text_in,
)
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.errors import InvalidDecision
from unioncat.core.identifiers import ControlNumber, Isil, MasterId, SourceId, parse_isil, parse_master_id
from unioncat.core.match.curation import DecisionKind
from unioncat.pipeline import curation_decide as deciding
from unioncat.pipeline.curation_bulk import BulkDone, BulkWish, apply_bulk, preview_bulk
from unioncat.pipeline.curation_decide import Decided, Undone, sign
from unioncat.pipeline.curation_export import labelled_pairs
from unioncat.pipeline.curation_port import DecisionFilter, DecisionView, Signed
from unioncat.pipeline.curation_queue import Asked, patterns, queue_page, read_pair
from unioncat.pipeline.curation_review import compare_pair
from unioncat.settings import load_settings

commands = typer.Typer()
review = typer.Typer(help="The queue of pairs that wait for a person.", no_args_is_help=True)
curation = typer.Typer(help="What people decided, for the measures of the matcher.", no_args_is_help=True)

Done = TypeVar("Done")
Why = Annotated[str, typer.Option("--why", help="The reason, for those who come after.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the name of the system's user otherwise.")]
Library = Annotated[str | None, typer.Option("--library", help="Only pairs of this library.")]
Source = Annotated[int | None, typer.Option("--source", min=1, help="Only pairs of this feed.")]
MinScore = Annotated[float | None, typer.Option("--min-score", help="Only pairs with so many points.")]
Until = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Of 'later': the day it comes back.")
]
_KINDS = {Wish.SAME: DecisionKind.SAME, Wish.DIFFERENT: DecisionKind.DIFFERENT, Wish.LATER: None}


# --- the queue ----------------------------------------------------------------------------------------


@review.command("list")
def list_queue(
    pattern: Annotated[str | None, typer.Option(help="Only pairs of this pattern.")] = None,
    isil: Library = None,
    source: Source = None,
    min_score: MinScore = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List the pairs that wait, the best evidence first."""
    asked = _asked(pattern, isil, source, min_score)
    page = with_application(lambda application: queue_page(application.store, asked, None, limit))
    spoken = _spoken(language)
    entries = [review_entry(one, spoken) for one in page.pairs]
    if as_json:
        _print_shapes(entries)
    else:
        print("\n".join(queue_lines(entries, spoken, more=page.next is not None)))


@review.command("show")
def show_pair(pair: str, as_json: AsJson = False, language: InLanguage = None) -> None:
    """Show one pair field by field, with the reasons of the matcher."""
    wanted, spoken = read_pair(pair), _spoken(language)
    found = with_application(lambda application: compare_pair(application.store, wanted))
    entry = comparison_entry(found, spoken)
    if as_json:
        print_json(entry.model_dump(mode="json"))
    else:
        print("\n".join(comparison_lines(entry, spoken)))


@review.command("patterns")
def list_patterns(
    isil: Library = None,
    source: Source = None,
    min_score: MinScore = None,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List what speaks against the pairs that wait, most frequent first."""
    asked, spoken = _asked(None, isil, source, min_score), _spoken(language)
    found = with_application(lambda application: patterns(application.store, asked))
    entries = [pattern_entry(one, spoken) for one in found]
    if as_json:
        _print_shapes(entries)
    else:
        print("\n".join(pattern_lines(entries)))


@review.command("later")
def list_deferred(as_json: AsJson = False) -> None:
    """List the pairs that were put off."""

    async def find(application: Application) -> list[DeferredEntry]:
        async with application.store.work() as work:
            return [deferred_entry(one) for one in await work.curation.deferred(None, 1000)]

    entries = with_application(find)
    if as_json:
        _print_shapes(entries)
    else:
        print("\n".join(deferred_lines(entries)))


@review.command("recall")
def recall(pair: str) -> None:
    """Take a pair that was put off back into the queue."""
    wanted = read_pair(pair)
    with_application(lambda application: deciding.recall(application.store, wanted))
    print(text_in(_spoken(None), "recalled").format(pair=wanted))


# --- decide -------------------------------------------------------------------------------------------


@commands.command()
def decide(
    pair: str,
    decision: Annotated[Wish, typer.Argument(help="same, different or later.")],
    why: Why,
    until: Until = None,
    by: By = None,
) -> None:
    """Decide a pair of the queue: same, different or later."""
    wanted, signed, kind = read_pair(pair), _signed(by, why), _KINDS[decision]
    if kind is None:
        day = until.date() if until else None
        with_application(lambda a: deciding.put_off(a.store, wanted, day, signed))
        print(text_in(_spoken(None), "put_off").format(pair=wanted))
        return
    if until is not None:
        raise InvalidDecision("Only what is put off till later has a day")
    _decide_and_print(lambda a: deciding.decide_pair(a.store, wanted, kind, signed))


@commands.command()
def merge(
    records: Annotated[list[str], typer.Argument(help="Identifiers of master records.")],
    why: Why,
    by: By = None,
) -> None:
    """Say that master records are one publication."""
    masters, signed = [parse_master_id(one) for one in records], _signed(by, why)
    _decide_and_print(lambda a: deciding.merge_masters(a.store, masters, signed))


@commands.command()
def split(
    record: Annotated[str, typer.Argument(help="Identifier of a master record.")],
    leave: Annotated[
        list[str], typer.Option("--leave", help="A record that leaves, as ISIL=NUMBER; repeat it.")
    ],
    why: Why,
    by: By = None,
) -> None:
    """Say that some records of a master record are of another publication."""
    master, signed = parse_master_id(record), _signed(by, why)
    named = [read_record_name(one) for one in leave]
    _decide_and_print(lambda a: deciding.split_master(a.store, master, named, signed))


@commands.command()
def decisions(
    number: Annotated[int | None, typer.Argument(min=1, help="Number of one decision.")] = None,
    who: Annotated[str | None, typer.Option(help="Only those of this person.")] = None,
    record: Annotated[str | None, typer.Option(help="Only those about a record, as ISIL=NUMBER.")] = None,
    standing: Annotated[
        bool | None, typer.Option("--standing/--undone", help="Only those that stand, or were undone.")
    ] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="Only those of this bulk.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List who decided what, when and why, and what it does now; the newest first."""
    wanted = DecisionFilter(who, read_record_name(record) if record else None, standing, batch)

    async def find(application: Application) -> list[DecisionView]:
        async with application.store.work() as work:
            if number is not None:
                return [await work.curation.decision(number)]
            return list(await work.curation.history(wanted, None, limit))

    entries = [decision_entry(view) for view in with_application(find)]
    if as_json:
        _print_shapes(entries)
    else:
        print("\n".join(decision_lines(entries, _spoken(language))))


@commands.command()
def undo(
    number: Annotated[int, typer.Argument(min=1, help="Number of the decision, or of the bulk.")],
    why: Why,
    bulk: Annotated[bool, typer.Option("--bulk", help="Undo all that was decided at once.")] = False,
    by: By = None,
) -> None:
    """Undo a decision; master records get their identifiers back."""
    signed = _signed(by, why)

    async def withdraw(application: Application) -> Undone:
        step = deciding.withdraw_batch if bulk else deciding.withdraw
        return await step(application.store, number, signed)

    undone = _and_match(withdraw)
    print(
        text_in(_spoken(None), "undone").format(
            decisions=", ".join(map(str, undone.decisions)) or "–", recalled=undone.recalled
        )
    )


@commands.command("decide-pattern")
def decide_pattern(
    pattern: Annotated[str, typer.Argument(help="The pattern, as unioncat review patterns has it.")],
    decision: Annotated[Wish, typer.Argument(help="same, different or later.")],
    why: Annotated[str, typer.Option("--why", help="The reason; a dry run needs none.")] = "",
    token: Annotated[
        str | None, typer.Option("--apply", help="The token of the dry run: decide what it showed.")
    ] = None,
    isil: Library = None,
    source: Source = None,
    min_score: MinScore = None,
    until: Until = None,
    by: By = None,
    language: InLanguage = None,
) -> None:
    """Decide all pairs of a pattern at once: first a dry run, then the same with its token."""
    asked = _asked(pattern, isil, source, min_score)
    wish, spoken = BulkWish(asked, _KINDS[decision], until.date() if until else None), _spoken(language)
    if token is None:
        shown = with_application(lambda application: preview_bulk(application.store, wish))
        print("\n".join(bulk_lines(bulk_entry(shown, spoken), spoken)))
        return
    signed = _signed(by, why)
    done: BulkDone = _and_match(lambda application: apply_bulk(application.store, wish, token, signed))
    print(
        text_in(spoken, "bulk_done").format(
            decided=done.decided, batch=done.batch or "–", already=done.already, refused=len(done.refused)
        )
    )


@curation.command("export")
def export(file: Annotated[Path, typer.Argument(help="Where to write; '-' is standard output.")]) -> None:
    """Write what people decided as labelled pairs, one JSON object a line; `unioncat evaluate` reads them."""

    async def write(application: Application) -> int:
        count = 0
        out = sys.stdout if str(file) == "-" else await asyncio.to_thread(file.open, "w", encoding="utf-8")
        try:
            async for pair in labelled_pairs(application.store):
                out.write(json.dumps(pair, ensure_ascii=False) + "\n")
                count += 1
        finally:
            if out is not sys.stdout:
                out.close()
        return count

    count = with_application(write)
    print(text_in(_spoken(None), "exported").format(count=count, file=file), file=sys.stderr)


# --- what they share ----------------------------------------------------------------------------------


def _asked(pattern: str | None, isil: str | None, source: int | None, min_score: float | None) -> Asked:
    return Asked(
        pattern,
        None if isil is None else parse_isil(isil),
        None if source is None else SourceId(source),
        min_score,
    )


def read_record_name(stated: str) -> tuple[Isil, ControlNumber]:
    """A record as ISIL=NUMBER; raises InvalidDecision."""
    isil, sign_, number = stated.partition("=")
    if not sign_ or not number:
        raise InvalidDecision(f"'{stated}' is no record: write it as ISIL=NUMBER, such as VN-TVQG=000012345")
    return parse_isil(isil), ControlNumber(number)


def _signed(by: str | None, why: str) -> Signed:
    return sign(by or getpass.getuser(), why)


def _spoken(language: str | None) -> str:
    return language or load_settings().language


def _and_match(step: Callable[[Application], Awaitable[Done]]) -> Done:
    """Do it, then let the matcher and the index follow at once."""

    async def run(application: Application) -> Done:
        done = await step(application)
        await application.catch_up()
        return done

    return with_application(run)


def _decide_and_print(step: Callable[[Application], Awaitable[Decided]]) -> None:
    """Decide, let the matcher follow, and say which master records there are now."""

    async def run(application: Application) -> tuple[Decided, tuple[MasterId, ...]]:
        decided = await step(application)
        await application.catch_up()
        if not decided.made or decided.decision is None:
            return decided, ()
        return decided, (await deciding.look_up(application.store, decided.decision)).masters

    decided, now = with_application(run)
    name = "decided" if decided.made else "so_already" if decided.decision else "so_by_matcher"
    said = text_in(_spoken(None), name)
    print(said.format(number=decided.decision, records=", ".join(decided.masters), now=", ".join(now)))


def _print_shapes(entries: Sequence[Shape]) -> None:
    print_json([entry.model_dump(mode="json") for entry in entries])
