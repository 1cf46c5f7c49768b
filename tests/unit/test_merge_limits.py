"""How much one harvest may join with what was there."""

from unioncat.core.match.merge_limits import MergeLimits, joined_by


def test_a_harvest_may_join_its_share_of_the_catalogue() -> None:
    assert MergeLimits(per_cent=5).most(1_000_000) == 50_000


def test_in_a_small_catalogue_so_many_are_always_few() -> None:
    assert MergeLimits(per_cent=5, always=1_000).most(0) == 1_000
    assert MergeLimits(per_cent=5, always=1_000).most(19_999) == 1_000
    assert MergeLimits(per_cent=5, always=1_000).most(40_000) == 2_000


def test_a_master_is_joined_by_the_harvest_whose_record_waits_in_its_new_cluster() -> None:
    assert joined_by({11: 1, 12: 1, 13: 2}, {1: [7], 2: [8, 8]}) == {7: [11, 12], 8: [13]}


def test_what_several_harvests_join_counts_for_each() -> None:
    assert joined_by({11: 1}, {1: [7, 8]}) == {7: [11], 8: [11]}


def test_what_a_decision_a_correction_or_a_rematch_joins_counts_for_none() -> None:
    assert joined_by({11: 1, 12: 2}, {1: [7, None], 2: [None]}) == {}


def test_what_joins_without_a_record_that_waits_counts_for_none() -> None:
    assert joined_by({11: 1}, {}) == {}
