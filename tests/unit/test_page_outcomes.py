"""Law 1: every delivered record has exactly one outcome."""

from dataclasses import replace

from deliveries import a_deletion, a_delivery
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.delivery import PLAIN_RULES, RejectedRecord
from unioncat.core.findings import FindingKind
from unioncat.pipeline.outcomes import KnownRecord, plan_page
from unioncat.pipeline.reading import ReadRecord, read_delivery

YEARS = ("2010", "2011")
IDENTIFIERS = ("a", "b", "c")


def read(identifier: str, year: str = "2010") -> ReadRecord:
    reading = read_delivery(a_delivery(identifier, year=year), PLAIN_RULES)
    assert isinstance(reading, ReadRecord)
    return reading


def deleted(identifier: str) -> ReadRecord:
    reading = read_delivery(a_deletion(identifier), PLAIN_RULES)
    assert isinstance(reading, ReadRecord)
    return reading


READINGS = st.lists(
    st.one_of(
        st.builds(read, st.sampled_from(IDENTIFIERS), st.sampled_from(YEARS)),
        st.builds(deleted, st.sampled_from(IDENTIFIERS)),
        st.just(RejectedRecord(FindingKind.NOT_A_RECORD, "not readable", a_delivery("?"))),
    )
)
KNOWN = st.dictionaries(
    st.sampled_from(IDENTIFIERS),
    st.builds(
        lambda year, gone: KnownRecord(1, read("a", year).content_hash, gone, 7),
        st.sampled_from(YEARS),
        st.booleans(),
    ),
)


@given(READINGS, KNOWN)
def test_the_outcomes_add_up_to_what_was_delivered(
    readings: list[ReadRecord | RejectedRecord], known: dict[str, KnownRecord]
) -> None:
    plan = plan_page(readings, known)
    assert plan.counts.add_up
    assert plan.counts.delivered == len(readings)
    assert plan.counts.rejected == len(plan.rejected)


@given(READINGS, KNOWN)
def test_no_bytes_that_were_delivered_are_dropped(
    readings: list[ReadRecord | RejectedRecord], known: dict[str, KnownRecord]
) -> None:
    plan = plan_page(readings, known)
    kept = {write.read.content_hash for write in plan.writes}
    kept |= {reading.content_hash for reading in plan.superseded}
    kept |= {record.content_hash for record in known.values()}
    delivered = {r.content_hash for r in readings if isinstance(r, ReadRecord) and r.delivered.raw}
    assert delivered <= kept


@given(READINGS, KNOWN)
def test_the_last_word_of_a_page_stays(
    readings: list[ReadRecord | RejectedRecord], known: dict[str, KnownRecord]
) -> None:
    last = {r.identifier: r for r in readings if isinstance(r, ReadRecord)}
    for write in plan_page(readings, known).writes:
        final = last[write.read.identifier]
        assert write.read.deleted == final.deleted
        assert final.deleted or write.read.content_hash == final.content_hash


def test_a_page_that_is_repeated_changes_nothing() -> None:
    once = [read("a"), read("b")]
    known = {r.identifier: KnownRecord(1, r.content_hash, deleted=False, description_id=7) for r in once}
    plan = plan_page(once, known)
    assert (plan.writes, plan.counts.unchanged) == ((), 2)


def test_a_deleted_record_that_comes_back_is_updated() -> None:
    known = {"a": KnownRecord(1, read("a").content_hash, deleted=True, description_id=7)}
    assert plan_page([read("a")], known).counts.updated == 1


def test_a_record_whose_leader_says_deleted_is_a_deletion() -> None:
    delivered = a_delivery("a")
    raw = delivered.raw.replace(b"00000nam", b"00000dam")
    reading = read_delivery(replace(delivered, raw=raw), PLAIN_RULES)
    assert isinstance(reading, ReadRecord)
    assert reading.deleted
