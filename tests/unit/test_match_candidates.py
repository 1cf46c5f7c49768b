from unioncat.core.match.candidates import is_crowded, needing_a_second, pairs_to_judge
from unioncat.core.match.keys import MAX_SHARE

SHARING = {"isbn:1": {1, 2}, "title:x": {1, 3, 4}}
KEYS = {1: {"isbn:1", "title:x", "person:y"}}


def test_a_key_that_is_not_crowded_makes_a_pair() -> None:
    assert set(pairs_to_judge(KEYS, SHARING, {})) == {(1, 2), (1, 3), (1, 4)}


def test_a_crowded_key_alone_makes_no_pair() -> None:
    assert set(pairs_to_judge(KEYS, {"isbn:1": {1, 2}}, {})) == {(1, 2)}
    assert needing_a_second(KEYS, {"title:x"}) == {}


def test_two_crowded_keys_of_different_types_make_a_pair() -> None:
    assert {one: set(keys) for one, keys in needing_a_second(KEYS, {"title:x", "person:y"}).items()} == {
        1: {"title:x", "person:y"}
    }
    assert set(pairs_to_judge(KEYS, {"isbn:1": {1, 2}}, {1: {4}})) == {(1, 2), (1, 4)}


def test_two_crowded_keys_of_one_type_make_no_pair() -> None:
    assert needing_a_second({1: {"title:x", "title:y"}}, {"title:x", "title:y"}) == {}


def test_a_pair_is_judged_once_when_both_sides_changed() -> None:
    assert list(pairs_to_judge({1: {"k:a"}, 2: {"k:a"}}, {"k:a": {1, 2}}, {})) == [(1, 2)]


def test_a_key_is_crowded_above_the_limit_only() -> None:
    assert not is_crowded(range(MAX_SHARE))
    assert is_crowded(range(MAX_SHARE + 1))
