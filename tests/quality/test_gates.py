"""The gates of matching on labelled records of others, and the page that tells of them.

Each set is measured once, by one test: workers share nothing, and a set may take ten seconds.
"""

from difflib import ndiff
from pathlib import Path

import measure
import pytest
from quality_page import render_section

pytestmark = pytest.mark.data


@pytest.mark.parametrize("name", measure.SETS)
def test_every_gate_of_a_labelled_set_is_met_and_the_page_is_current(name: str, test_data: Path) -> None:
    section = measure.SETS[name](test_data)
    missed = [gate.row() for gate in section.gates if not gate.is_met]
    assert not missed, f"missed gates: {missed}"
    now = render_section(section)
    written = measure.PAGE.read_text(encoding="utf-8")
    if now not in written:
        place = written.partition(f"## {section.title}\n")
        told = (place[1] + place[2]).partition("\n\n## ")[0]
        changes = [line for line in ndiff(told.splitlines(), now.splitlines()) if line[0] in "+-"]
        pytest.fail("deploy/quality.md is out of date, run `make quality`:\n" + "\n".join(changes[:20]))
