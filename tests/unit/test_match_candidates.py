from unioncat.core.match.candidates import pairs_to_judge

SHARING = {"isbn:1": {1, 2}, "title:x": {1, 3, 4}, "person:y": {1, 4}}
KEYS = {1: {"isbn:1", "title:x", "person:y"}}


def test_a_key_that_is_not_crowded_makes_a_pair() -> None:
    assert set(pairs_to_judge(KEYS, SHARING, ())) == {(1, 2), (1, 3), (1, 4)}


def test_a_crowded_key_alone_makes_no_pair() -> None:
    assert set(pairs_to_judge(KEYS, SHARING, {"title:x"})) == {(1, 2), (1, 4)}


def test_two_crowded_keys_of_different_types_make_a_pair() -> None:
    assert set(pairs_to_judge(KEYS, SHARING, {"title:x", "person:y"})) == {(1, 2), (1, 4)}


def test_two_crowded_keys_of_one_type_make_no_pair() -> None:
    sharing = {"title:x": {1, 2}, "title:y": {1, 2}}
    assert not set(pairs_to_judge({1: set(sharing)}, sharing, set(sharing)))


def test_a_pair_is_judged_once_when_both_sides_changed() -> None:
    assert list(pairs_to_judge({1: {"k:a"}, 2: {"k:a"}}, {"k:a": {1, 2}}, ())) == [(1, 2)]
