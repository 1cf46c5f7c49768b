"""Laws of matching, whatever the descriptions are."""

import json
from itertools import combinations, permutations

from drawn_records import any_record, books
from hypothesis import given, settings
from hypothesis import strategies as st

from unioncat.core.identifiers import Fingerprint
from unioncat.core.marc import MarcRecord
from unioncat.core.match.clusters import candidate_pairs, cluster_all, cluster_component, components
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.keys import MAX_SHARE, is_candidate, match_keys
from unioncat.core.normalise.description import (
    Description,
    describe,
    description_from_json,
    description_to_json,
    fingerprint,
)


def by_name(found: list[Description]) -> dict[Fingerprint, Description]:
    return {fingerprint(description): description for description in found}


@given(any_record)
def test_every_record_can_be_described_and_its_description_survives_json(record: MarcRecord) -> None:
    description = describe(record)
    copy = description_from_json(json.loads(json.dumps(description_to_json(description))))
    assert copy == description
    assert fingerprint(copy) == fingerprint(description)
    assert list(description_to_json(description)) == sorted(description_to_json(description))


@given(any_record)
def test_every_key_is_typed_and_short(record: MarcRecord) -> None:
    assert all(":" in key and len(key) <= 120 for key in match_keys(describe(record)))


@given(any_record, any_record)
def test_matching_is_symmetric_for_odd_records(left: MarcRecord, right: MarcRecord) -> None:
    one, other = describe(left), describe(right)
    assert decide(one, other) == decide(other, one)


@given(books(), books())
@settings(max_examples=400)
def test_matching_is_symmetric(left: Description, right: Description) -> None:
    assert decide(left, right) == decide(right, left)


@given(books())
def test_nothing_is_vetoed_against_itself(book: Description) -> None:
    assert not decide(book, book).vetoed


@given(books(), books())
def test_what_is_the_same_is_not_vetoed(left: Description, right: Description) -> None:
    decision = decide(left, right)
    assert not (decision.vetoed and decision.outcome is Outcome.SAME)


@given(st.lists(books(), max_size=12), st.randoms())
@settings(max_examples=60)
def test_clusters_do_not_depend_on_the_order_of_arrival(found: list[Description], random: object) -> None:
    named = by_name(found)
    shuffled = list(named.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cluster_all(dict(shuffled)) == cluster_all(named)


@given(st.lists(books(), max_size=12))
@settings(max_examples=60)
def test_no_cluster_holds_a_vetoed_pair(found: list[Description]) -> None:
    named = by_name(found)
    for cluster in cluster_all(named):
        for one, other in combinations(cluster, 2):
            assert not decide(named[one], named[other]).vetoed


@given(st.lists(books(), max_size=12))
@settings(max_examples=60)
def test_every_description_is_in_one_cluster(found: list[Description]) -> None:
    named = by_name(found)
    members = [name for cluster in cluster_all(named) for name in cluster]
    assert sorted(members) == sorted(named)


A, B, C, D = (Fingerprint(letter) for letter in "abcd")


def never(one: Fingerprint, other: Fingerprint) -> bool:
    return False


def test_a_b_c_in_a_row_are_one_cluster_and_without_b_they_are_two() -> None:
    edges = [(A, B, 7.0), (B, C, 7.0)]
    assert cluster_component((A, B, C), edges, never) == (frozenset({A, B, C}),)
    assert components((A, C), [edge[:2] for edge in edges if B not in edge]) == [
        frozenset({A}),
        frozenset({C}),
    ]


def test_b_between_a_and_c_that_are_vetoed_goes_to_the_better_one() -> None:
    vetoed = lambda one, other: {one, other} == {A, C}  # noqa: E731
    edges = [(A, B, 7.0), (B, C, 9.0)]
    assert cluster_component((A, B, C), edges, vetoed) == (frozenset({A}), frozenset({B, C}))


def test_a_tie_goes_to_the_smaller_fingerprint() -> None:
    vetoed = lambda one, other: {one, other} == {A, C}  # noqa: E731
    edges = [(B, C, 7.0), (B, A, 7.0)]
    assert cluster_component((A, B, C), edges, vetoed) == (frozenset({A, B}), frozenset({C}))


def test_a_refusal_holds_when_one_of_the_two_groups_has_grown() -> None:
    vetoed = lambda one, other: {one, other} == {A, D}  # noqa: E731
    edges = [(A, B, 9.0), (C, D, 8.0), (B, C, 7.0), (A, C, 6.0)]
    assert cluster_component((A, B, C, D), edges, vetoed) == (frozenset({A, B}), frozenset({C, D}))


names = [Fingerprint(f"{number:02}") for number in range(9)]
some_pairs = st.lists(
    st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda p: p[0] != p[1])
)


@given(
    st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names), st.integers(6, 9))),
    some_pairs,
    st.randoms(),
)
def test_agglomeration_does_not_depend_on_order_and_keeps_vetoes(
    drawn: list[tuple[Fingerprint, Fingerprint, int]],
    enemies: list[tuple[Fingerprint, Fingerprint]],
    random: object,
) -> None:
    forbidden = {frozenset(pair) for pair in enemies}
    scores = {frozenset(edge[:2]): float(edge[2]) for edge in drawn if edge[0] != edge[1]}
    edges = [(*sorted(pair), score) for pair, score in scores.items() if pair not in forbidden]
    turned = [(right, left, score) for left, right, score in edges]
    random.shuffle(turned)  # type: ignore[attr-defined]
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def vetoed(one: Fingerprint, other: Fingerprint) -> bool:
        return frozenset((one, other)) in forbidden

    clusters = cluster_component(names, edges, vetoed)
    assert clusters == cluster_component(shuffled, turned, vetoed)
    assert list(clusters) == sorted(clusters, key=min)
    for cluster in clusters:
        assert not any(vetoed(one, other) for one, other in combinations(cluster, 2))


keys = st.frozensets(st.sampled_from(("title:a", "title:b", "opening:a", "isbn:1", "author:x")), max_size=4)


@given(st.lists(keys, max_size=8), st.integers(0, MAX_SHARE + 2))
@settings(max_examples=60)
def test_candidates_are_the_pairs_that_share_a_free_key_or_two_crowded_ones(
    drawn: list[frozenset[str]], crowd: int
) -> None:
    named = {Fingerprint(f"{number:03}"): own for number, own in enumerate(drawn)}
    named |= {Fingerprint(f"x{number:03}"): frozenset(("title:a", "opening:a")) for number in range(crowd)}
    counts = {key: sum(key in own for own in named.values()) for own in named.values() for key in own}
    crowded = {key for key, count in counts.items() if count > MAX_SHARE}
    expected = {
        (one, other)
        for one, other in combinations(sorted(named), 2)
        if is_candidate(named[one] & named[other], crowded)
    }
    backwards = dict(reversed(named.items()))
    assert set(candidate_pairs(named)) == set(candidate_pairs(backwards)) == expected


def test_nothing_in_common_is_no_candidate() -> None:
    assert not is_candidate((), ())


def test_components_of_a_path_do_not_depend_on_the_order_of_its_edges() -> None:
    edges = [(A, B), (B, C), (C, D)]
    for order in permutations(edges):
        assert components((), order) == [frozenset((A, B, C, D))] or set(components((), order)) == {
            frozenset((A, B, C, D))
        }
