"""Measure the matcher on the labelled sets and write deploy/quality.md.

    UNIONCAT_TEST_DATA=... python tests/quality/measure.py [SET …]

With names of sets (cases, goldfinch, vietnamese, zephir, princeton, melinda, search) it prints their sections and writes nothing.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import set_cases
import set_goldfinch
import set_melinda
import set_princeton
import set_search
import set_vietnamese
import set_zephir
from quality_page import Section, render_page, render_section

PAGE = Path(__file__).parents[2] / "deploy/quality.md"

SETS: Mapping[str, Callable[[Path], Section]] = {
    "cases": set_cases.measure,
    "goldfinch": set_goldfinch.measure,
    "vietnamese": set_vietnamese.measure,
    "zephir": set_zephir.measure,
    "princeton": set_princeton.measure,
    "melinda": set_melinda.measure,
    "search": set_search.measure,
}

_INTRODUCTION = """# How well unioncat matches and finds

Written by `make quality` from labelled records of others, which are no part of this project; the same rules and the same
records give the same page. `make test` fails when a gate is missed or when this page is not what the program writes now.
`unioncat evaluate FILE` makes the first table for pairs of your own, such as the exported decisions of your curators;
`make tune` sets the points of the rules beside what the labelled pairs say about them.

Not measured, because they hold no MARC records or no question of matching: `er-magellan`, `bib-dedupe` and
`gt_reference_pairs` (articles and references), `reservoir` (keys of another program), `melinda-matching` (points of another program's
features) and `melinda-merge` (merged records).

Shares are cut after four decimals. F1 is the harmonic mean of precision (of what was joined, how much belongs together)
and recall (of what belongs together, how much was joined)."""


def main() -> None:
    """Write the page, or print the sections that are named."""
    data = Path(os.environ.get("UNIONCAT_TEST_DATA") or Path(__file__).parents[3] / "shared/data")
    if named := sys.argv[1:]:
        for name in named:
            print(render_section(SETS[name](data)) + "\n")
        return
    sections = [measure(data) for measure in SETS.values()]
    PAGE.write_text(render_page(_INTRODUCTION, sections), encoding="utf-8")
    missed = [gate.name for section in sections for gate in section.gates if not gate.is_met]
    print(f"deploy/quality.md is written; missed gates: {'; '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()
