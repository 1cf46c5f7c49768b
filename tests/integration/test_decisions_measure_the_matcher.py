"""Decisions of people come out as labelled pairs, and `unioncat evaluate` reads them."""

import json
from pathlib import Path
from random import Random

from deliveries import a_delivery, a_source, deliver
from histories import History
from typer.testing import CliRunner

from unioncat.cli import app
from unioncat.core.match.curation import DecisionKind
from unioncat.core.match.decide import decide
from unioncat.core.match.labelled_pairs import read_labelled_pair
from unioncat.core.normalise.description import describe
from unioncat.core.parse.read import read_record
from unioncat.pipeline.curation_export import labelled_pairs
from unioncat.store.engine import PostgresStore

RECORDS = (
    a_delivery("r1", "Cơ sở văn hoá Việt Nam", isbn="9786045701126"),
    a_delivery("r2", "Cơ sở văn hóa Việt Nam", isbn="978-604-57-0112-6", pages="290 tr."),
    a_delivery("r3", "Giáo trình giải tích. T.1", isbn="9780306406157"),
    a_delivery("r4", "Giáo trình giải tích. T.1", isbn="9780306406157", pages="293 tr."),
)


async def test_what_people_decided_measures_the_matcher(store: PostgresStore, tmp_path: Path) -> None:
    source = await a_source(store)
    await deliver(store, source, RECORDS)
    history = History(store, {"VN-TEST1": source}, Random(1))
    await history.read_numbers()
    first, second, third, fourth = (history.numbers["VN-TEST1", f"r{place}"] for place in range(1, 5))
    await history.decide(DecisionKind.SAME, frozenset({first}), frozenset({second}))
    await history.decide(DecisionKind.DIFFERENT, frozenset({third}), frozenset({fourth}))

    lines = [json.dumps(pair, ensure_ascii=False) async for pair in labelled_pairs(store)]

    read = [read_labelled_pair(line, "the export") for line in lines]
    assert [pair.expected for pair in read] == ["same", "different"]
    descriptions = [describe(read_record(record).marc) for record in RECORDS]
    for pair, (left, right) in zip(read, (descriptions[:2], descriptions[2:]), strict=True):
        assert decide(describe(pair.left), describe(pair.right)) == decide(left, right)

    file = tmp_path / "decisions.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    ended = CliRunner().invoke(app, ["evaluate", str(file), "--json", "--fail-on-false-merge"])
    table = json.loads(ended.stdout)["table"]
    assert (table["same_found"], table["false_merges"], ended.exit_code) == (1, 1, 1)
