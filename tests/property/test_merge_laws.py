"""Laws of the merge and of the succession of master identifiers."""

import re
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.merge.master import Contributor, MergedRecord, SourceRecord
from unioncat.core.merge.merge import merge_records
from unioncat.core.merge.succession import succeed
from unioncat.core.parse.iso2709 import parse_iso2709, render_iso2709
from unioncat.core.parse.marcxml import parse_marcxml, render_marcxml
from unioncat.core.parse.reading import Readable

WORDS = [
    "Kinh tế",
    "kinh te",
    "vi mô",
    "vĩ mô",
    "C++",
    "0p",
    "1",
    "",
    "Hà Nội",
    "H.",
    "[K.nxb]",
    "9780306406157",
]
LINKS = ["880-01", "880-02", "245-01", "650-02/$1", "700-00", "?"]
DATA_TAGS = ["020", "035", "100", "110", "245", "245", "246", "250", "260", "264", "300", "490", "500"]
DATA_TAGS += ["650", "653", "700", "710", "852", "856", "880", "952"]
DATA_TAGS += ["010", "040", "043", "111", "240", "254", "306", "310", "321"]
NOT_REPEATABLE = [
    "008",
    "010",
    "018",
    "036",
    "038",
    "040",
    "042",
    "043",
    "044",
    "045",
    "066",
    "1..",
    "240",
    "243",
    "245",
    "254",
    "256",
    "306",
    "310",
    "357",
    "507",
    "514",
]
"""Marked NR in MARC 21; of 1XX a record has one."""
CONTROL_VALUES = [
    "181222s9999||||xx |||||||||||||| ||und||",
    "181222s2004    vm            000 0 vie d",
    "co",
    " ",
]


def subfields() -> st.SearchStrategy[tuple[str, str]]:
    texts = st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join)
    return st.tuples(st.sampled_from("abcdz0"), texts) | st.tuples(st.just("6"), st.sampled_from(LINKS))


def fields() -> st.SearchStrategy[MarcField]:
    control = st.builds(ControlField, st.sampled_from(["001", "006", "008"]), st.sampled_from(CONTROL_VALUES))
    several = st.lists(subfields(), max_size=3).map(tuple)
    data = st.builds(DataField, st.sampled_from(DATA_TAGS), st.sampled_from(["  ", "1 ", " 4"]), several)
    return st.one_of(data, data, data, control)


def marc_records() -> st.SearchStrategy[MarcRecord]:
    leaders = st.sampled_from(["00714nam a2200205 a 4500", "00000nam  22000007a 4500", ""])
    return st.builds(MarcRecord, leaders, st.lists(fields(), max_size=10).map(tuple))


def clusters() -> st.SearchStrategy[list[SourceRecord]]:
    members = st.builds(
        SourceRecord,
        st.sampled_from([Isil("VN-A"), Isil("VN-B"), Isil("VN-C")]),
        st.sampled_from([ControlNumber("1"), ControlNumber("2")]),
        marc_records(),
        st.just("2024-01-01"),
        st.sampled_from([10, 100]),
    )
    return st.lists(members, min_size=1, max_size=5, unique_by=lambda m: (m.isil, m.control_number))


def contributor(member: SourceRecord) -> Contributor:
    return Contributor(member.isil, member.control_number, member.datestamp)


def without_numbers_of(result: MergedRecord, library: str = "none") -> tuple[str, list[MarcField]]:
    own = DataField("035", "  ", (("a", f"({library})1"),)), DataField("035", "  ", (("a", f"({library})2"),))
    return result.leader, [field for field in result.marc().fields if field not in own]


@given(clusters(), st.randoms())
def test_a_merge_does_not_depend_on_the_order_of_its_members(
    members: list[SourceRecord], random: Random
) -> None:
    shuffled = random.sample(members, len(members))
    assert merge_records(shuffled) == merge_records(members)


@given(clusters())
def test_every_field_has_provenance_from_members_only(members: list[SourceRecord]) -> None:
    merged = merge_records(members)
    known = {contributor(member) for member in members}
    for provenance in (merged.leader_provenance, *(field.provenance for field in merged.fields)):
        assert provenance.rule
        assert provenance.contributors
        assert len(set(provenance.contributors)) == len(provenance.contributors)
        assert set(provenance.contributors) <= known


def contributions(merged: MergedRecord) -> set[tuple[Contributor, str]]:
    """Who contributes to which tags; of the tags of which all fields are taken over."""
    tags = ("006", "020", "035", "500", "650", "653", "856")
    return {(c, f.field.tag) for f in merged.fields if f.field.tag in tags for c in f.provenance.contributors}


@given(clusters())
def test_removing_a_member_removes_exactly_its_contribution(members: list[SourceRecord]) -> None:
    whole = contributions(merge_records(members))
    for gone in members[1:]:
        rest = merge_records([member for member in members if member is not gone])
        assert contributions(rest) == {(who, tag) for who, tag in whole if who != contributor(gone)}


@given(clusters())
def test_an_identical_twin_changes_only_provenance(members: list[SourceRecord]) -> None:
    twin = replace(members[0], isil=Isil("VN-Z"))
    alone, both = merge_records(members[:1]), merge_records([members[0], twin])
    assert without_numbers_of(both, "VN-Z") == without_numbers_of(alone)
    assert all(len(f.provenance.contributors) == 2 for f in both.fields if f.field.tag != "035")


@given(clusters(), st.integers(0, 200))
def test_the_result_as_a_member_adds_nothing_but_its_number(members: list[SourceRecord], rank: int) -> None:
    merged = merge_records(members)
    again = SourceRecord(Isil("VN-Z"), ControlNumber("1"), merged.marc(), "2024-01-02", rank)
    assert without_numbers_of(merge_records([*members, again]), "VN-Z") == without_numbers_of(merged, "VN-Z")


Partition = dict[str, int]


def partitions() -> st.SearchStrategy[Partition]:
    return st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4))


def groups(partition: Partition) -> list[set[str]]:
    return [{k for k, v in partition.items() if v == value} for value in sorted(set(partition.values()))]


@given(partitions(), partitions())
def test_every_former_identifier_is_kept_redirected_or_ended(now: Partition, former: Partition) -> None:
    clusters = groups(now)
    result = succeed(clusters, former)
    kept = [serial for serial in result.kept if serial is not None]
    assert len(result.kept) == len(clusters)
    assert sorted([*kept, *result.redirects, *result.ended]) == sorted(set(former.values()))


@given(partitions(), partitions())
def test_a_redirect_leads_to_a_cluster_with_an_older_identifier(now: Partition, former: Partition) -> None:
    result = succeed(groups(now), former)
    for serial, index in result.redirects.items():
        heir = result.kept[index]
        assert heir is not None
        assert heir < serial


@given(partitions(), partitions())
def test_an_identifier_stays_with_the_largest_part_of_its_members(now: Partition, former: Partition) -> None:
    clusters = groups(now)
    result = succeed(clusters, former)
    for index, serial in enumerate(result.kept):
        if serial is not None:
            parts = [sum(former.get(member) == serial for member in cluster) for cluster in clusters]
            assert parts[index] == max(parts) > 0


@given(partitions(), partitions(), st.randoms())
def test_succession_does_not_depend_on_the_order_of_clusters(
    now: Partition, former: Partition, random: Random
) -> None:
    clusters = groups(now)
    shuffled = random.sample(clusters, len(clusters))
    assert heirs(clusters, former) == heirs(shuffled, former)


def heirs(clusters: list[set[str]], former: Partition) -> set[tuple[frozenset[str], int | None]]:
    result = succeed(clusters, former)
    return {(frozenset(cluster), serial) for cluster, serial in zip(clusters, result.kept, strict=True)}


# --- the master record as MARC ---------------------------------------------------------------------------


@given(clusters())
def test_a_master_record_is_valid_marc(members: list[SourceRecord]) -> None:
    marc = merge_records(members).marc()
    assert re.fullmatch(r"00000.{4}a2200000.{3}4500", marc.leader)
    for field in marc.fields:
        assert re.fullmatch(r"0[0-9]{2}|[1-9][0-9]{2}", field.tag)
        if isinstance(field, ControlField):
            assert field.tag < "010"
            assert field.value.strip()
        else:
            assert len(field.indicators) == 2
            assert field.subfields
            assert all(len(code) == 1 for code, _ in field.subfields)


@given(clusters())
def test_what_marc_21_has_once_stands_once(members: list[SourceRecord]) -> None:
    tags = [field.tag for field in merge_records(members).marc().fields]
    for pattern in NOT_REPEATABLE:
        assert sum(bool(re.fullmatch(pattern, tag)) for tag in tags) <= 1, pattern


@given(clusters())
def test_an_008_has_40_characters(members: list[SourceRecord]) -> None:
    assert len(merge_records(members).marc().control("008") or "x" * 40) == 40


@given(clusters())
def test_a_title_of_any_member_gives_the_master_record_a_title(members: list[SourceRecord]) -> None:
    titles = [field for member in members for field in member.marc.fields if field.tag == "245"]
    titled = any(
        code != "6" for field in titles if isinstance(field, DataField) for code, _ in field.subfields
    )
    assert (merge_records(members).marc().first("245") is not None) == titled


def as_read(record: MarcRecord) -> MarcRecord:
    """The record as the readers give it: they leave out subfields and fields that say nothing."""
    fields: list[MarcField] = []
    for field in record.fields:
        if isinstance(field, ControlField):
            fields += [field] if field.value.strip() else []
        elif kept := tuple((code, value.strip()) for code, value in field.subfields if value.strip()):
            fields.append(replace(field, subfields=kept))
    return replace(record, fields=tuple(fields))


@given(clusters())
def test_a_master_record_comes_back_from_iso_2709_and_marcxml(members: list[SourceRecord]) -> None:
    marc = merge_records([replace(member, marc=as_read(member.marc)) for member in members]).marc()
    for read in (parse_iso2709(render_iso2709(marc)), parse_marcxml(render_marcxml(marc))):
        assert isinstance(read, Readable)
        assert read.marc.fields == marc.fields


def _of_copies(count: int, note: str) -> MarcRecord:
    """A master record of so many libraries, each with a note of its own."""
    return merge_records([
        SourceRecord(
            Isil(f"VN-{number}"),
            ControlNumber(str(number)),
            MarcRecord(
                "00000nam a2200000 a 4500",
                (
                    DataField("245", "  ", (("a", "Truyện Kiều"),)),
                    DataField("500", "  ", (("a", f"{note} {number}"),)),
                ),
            ),
            "2024-01-01",
        )
        for number in range(count)
    ]).marc()  # fmt: skip


def test_a_record_over_99999_bytes_is_refused_as_iso_2709_and_whole_as_marcxml() -> None:
    marc = _of_copies(1500, "Ghi chú của thư viện, khá dài để vượt quá giới hạn")
    with pytest.raises(ValueError, match="more than the 99999 that ISO 2709 allows"):
        render_iso2709(marc)
    read = parse_marcxml(render_marcxml(marc))
    assert isinstance(read, Readable)
    assert read.marc.fields == marc.fields


def test_a_field_over_9999_bytes_is_refused_as_iso_2709_by_its_tag() -> None:
    with pytest.raises(ValueError, match="field 500 is longer than the 9999 bytes"):
        render_iso2709(_of_copies(1, "Ghi chú " * 1300))
