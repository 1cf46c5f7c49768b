from unioncat.core.merge.succession import Succession, succeed


def test_a_cluster_that_did_not_change_keeps_its_identifier() -> None:
    assert succeed([{"a", "b"}], {"a": 7, "b": 7}) == Succession((7,), {}, frozenset())


def test_a_new_cluster_gets_a_new_identifier() -> None:
    assert succeed([{"a"}], {}).kept == (None,)


def test_joining_ab_and_c_keeps_the_oldest_and_redirects_the_other() -> None:
    assert succeed([{"a", "b", "c"}], {"a": 9, "b": 9, "c": 4}) == Succession((4,), {9: 0}, frozenset())


def test_splitting_abc_leaves_the_identifier_with_the_larger_part() -> None:
    assert succeed([{"a"}, {"b", "c"}], dict.fromkeys("abc", 5)) == Succession((None, 5), {}, frozenset())


def test_splitting_into_equal_parts_leaves_it_with_the_smallest_member() -> None:
    assert succeed([{"b"}, {"a"}], dict.fromkeys("ab", 5)).kept == (None, 5)


def test_an_identifier_without_members_has_ended() -> None:
    assert succeed([], {"a": 3}) == Succession((), {}, frozenset({3}))


def test_a_member_that_moves_leaves_the_identifier_behind() -> None:
    assert succeed([{"a"}, {"b", "c"}], {"a": 1, "b": 1, "c": 2}) == Succession((1, 2), {}, frozenset())
