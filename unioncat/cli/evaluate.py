"""The command that measures the matcher by pairs that people labelled."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from unioncat.cli.console import print_json
from unioncat.cli.judge import decision_to_json
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.errors import FileUnreadable
from unioncat.core.match.decide import decide
from unioncat.core.match.evaluation import DecisionTable, tabulate, tabulate_categories
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.match.explain import explain, load_sentences
from unioncat.core.match.labelled_pairs import LabelledPair, read_labelled_pair
from unioncat.core.match.wording import written_names
from unioncat.core.normalise.description import describe
from unioncat.settings import load_settings

commands = typer.Typer()

_COLUMNS = ("category", "pairs", "same", "same_found", "false_merges", "reviews", "precision", "recall")
_WIDTH = 110

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE", help='Lines {"id", "expected", "left", "right", "category"}, MARC-in-JSON.'
    ),
]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A labelled pair and what the matcher decides on it."""

    pair: LabelledPair
    decision: MatchDecision

    @property
    def written(self) -> Mapping[str, str]:
        """Names as the two records write them."""
        return written_names(self.pair.left, self.pair.right)

    @property
    def is_false_merge(self) -> bool:
        """Whether the two would be joined though a cataloguer would not join them."""
        return self.decision.outcome is Outcome.SAME and self.pair.expected is not Outcome.SAME

    @property
    def is_agreed(self) -> bool:
        """Whether the matcher decides as the cataloguer."""
        return self.decision.outcome is self.pair.expected


@commands.command()
def evaluate(
    pairs: Files,
    as_json: AsJson = False,
    fail_on_false_merge: Annotated[
        bool, typer.Option("--fail-on-false-merge", help="Exit status 1 when the matcher joins what differs.")
    ] = False,
    language: InLanguage = None,
) -> None:
    """Decide every labelled pair of some files: a table by category, then every disagreement with its reasons."""
    settings = load_settings()
    judged = [
        _Judged(pair, decide(describe(pair.left), describe(pair.right), settings.matching))
        for path in pairs
        for pair in _read(path)
    ]
    spoken = language or settings.language
    if as_json:
        _print_json(judged, spoken)
    else:
        _print_table(judged, spoken)
        _print_disagreements([one for one in judged if not one.is_agreed], spoken)
    if fail_on_false_merge and any(one.is_false_merge for one in judged):
        raise typer.Exit(1)


def _read(path: Path) -> Iterator[LabelledPair]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield read_labelled_pair(line, f"line {number} of {path.name}")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"{path.name} is not UTF-8 text, as lines of labelled pairs must be") from error


def _tables(judged: Iterable[_Judged]) -> tuple[dict[str, DecisionTable], DecisionTable]:
    """The table of each category, and of all pairs."""
    counted = [(one.pair.category, one.pair.expected, one.decision) for one in judged]
    return dict(tabulate_categories(counted)), tabulate(counted)


def _print_json(judged: Iterable[_Judged], language: str) -> None:
    categories, everything = _tables(judged)
    print_json(
        {
            "pairs": [
                {"id": one.pair.name, "category": one.pair.category, "expected": one.pair.expected}
                | decision_to_json(one.decision, language, one.written)
                for one in judged
            ],
            "categories": {name: asdict(table) for name, table in categories.items()},
            "table": asdict(everything),
        }
    )


def _print_table(judged: Iterable[_Judged], language: str) -> None:
    texts = _texts_in(language)
    categories, everything = _tables(judged)
    rows = [(name or texts["uncategorised"], table) for name, table in categories.items()]
    shown = Table(box=None, pad_edge=False)
    for place, column in enumerate(_COLUMNS):
        shown.add_column(texts[column], justify="left" if place == 0 else "right", no_wrap=True)
    for name, table in [*(rows if len(rows) > 1 else ()), (texts["all"], everything)]:
        counts = (table.pairs, table.same, table.same_found, table.false_merges, table.reviews)
        shares = (_share(share, language) for share in (table.precision, table.recall))
        shown.add_row(name, *map(str, counts), *shares)
    console = Console(highlight=False, markup=False)
    console.print(shown, width=max(console.width, _WIDTH))


def _share(value: float | None, language: str) -> str:
    return "–" if value is None else _number(f"{value:.3f}", language)


def _number(written: str, language: str) -> str:
    return written.replace(".", ",") if language == "vi" else written


def _print_disagreements(judged: Iterable[_Judged], language: str) -> None:
    texts, outcomes = _texts_in(language), load_sentences()["outcome"]
    for one in judged:
        said = texts["disagreement"].format(
            name=one.pair.name,
            expected=outcomes[one.pair.expected][language],
            decided=outcomes[one.decision.outcome][language],
            score=_number(f"{one.decision.score:g}", language),
        )
        print(f"\n{said}" + (f"  {texts['false_merge']}" if one.is_false_merge else ""))
        for line in explain(one.decision, language, one.written)[1:]:
            print(f"    {line}")


@cache
def _texts_in(language: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = tomllib.loads(files(__package__).joinpath("evaluate.toml").read_text("utf-8"))[
        language
    ]
    return texts
