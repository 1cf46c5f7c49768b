"""The matcher on labelled records of others: no worse than this."""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import measure

pytestmark = pytest.mark.data


def test_hand_made_cases_have_no_false_merge_and_four_in_five_of_the_same_are_found(test_data: Path) -> None:
    table = measure.table_of_cases(test_data)
    assert table.false_merges == 0
    assert table.same_found >= 0.8 * table.same


def test_clusters_of_all_goldfinch_records_agree_with_those_of_its_library(test_data: Path) -> None:
    by_record, by_pair = measure.agreement(test_data)
    assert by_record.f1 >= 0.98
    assert by_pair.precision >= 0.99


def test_no_cluster_chains_over_the_running_numbers_of_a_university_library(test_data: Path) -> None:
    names, descriptions = measure.describe_all(measure.hcmut(test_data))
    members = defaultdict(set)
    for record, home in measure.homes(names, descriptions).items():
        members[home].add(names[record])
    assert not any(one.isbns for one in descriptions.values())
    assert max(map(len, members.values())) <= 5
