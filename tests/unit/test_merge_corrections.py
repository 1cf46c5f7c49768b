"""Corrections lie over a merged record: what they find, what they leave, and what they tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.errors import InvalidDecision
from unioncat.core.marc import ControlField, DataField, MarcField
from unioncat.core.merge.correct import CorrectionEffect, apply_corrections, check_field, is_correction
from unioncat.core.merge.correction import Correction, CorrectionAction
from unioncat.core.merge.difference import difference
from unioncat.core.merge.master import Contributor, MergedField, MergedRecord, Provenance
from unioncat.core.merge.survivorship import text_of

STATED = Provenance("best record", (Contributor("VN-A", "1", "2026-01-01"),))  # type: ignore[arg-type]


def _field(tag: str, **subfields: str) -> DataField:
    return DataField(tag, "  ", tuple(subfields.items()))


def _record(*fields: MarcField) -> MergedRecord:
    return MergedRecord(
        "00000nam a2200000 a 4500", STATED, tuple(MergedField(field, STATED) for field in fields)
    )


def _correction(
    action: str, tag: str, replaced: str | None = None, field: MarcField | None = None, number: int = 1
) -> Correction:
    return Correction(
        number, CorrectionAction(action), tag, replaced, field, "Lan", "theo trang tên", "2026-11-23T08:00"
    )


TITLE, YEAR, TOPIC = _field("245", a="Truyên Kiêu"), _field("260", c="2012"), _field("653", a="Thơ")
RIGHT = _field("245", a="Truyện Kiều")
RECORD = _record(ControlField("008", "x" * 40), TITLE, YEAR, TOPIC)


def _tags(record: MergedRecord) -> list[str]:
    return [text_of(one.field) for one in record.fields]


def test_a_field_of_this_wording_is_replaced_where_it_stands_and_says_by_whom() -> None:
    done = apply_corrections(RECORD, [_correction("replace", "245", "245 Truyên Kiêu", RIGHT)])
    assert [one.field for one in done.record.fields][1] == RIGHT
    assert done.effects == {1: CorrectionEffect.IN_FORCE}
    provenance = done.record.fields[1].provenance
    assert is_correction(provenance)
    assert provenance.rule == "correction 1 by Lan, 2026-11-23: theo trang tên"


def test_an_added_field_that_stands_once_takes_the_place_of_that_of_the_libraries() -> None:
    done = apply_corrections(RECORD, [_correction("add", "245", None, RIGHT)])
    assert [one.field for one in done.record.fields if one.field.tag == "245"] == [RIGHT]
    person, body = _field("100", a="Nguyễn Du"), _field("110", a="Viện Văn học")
    done = apply_corrections(_record(person, TITLE), [_correction("add", "110", None, body)])
    assert _tags(done.record) == [text_of(body), text_of(TITLE)]


def test_without_a_wording_all_fields_of_the_tag_are_replaced() -> None:
    twice = _record(_field("250", a="In lần 1"), _field("250", a="In lần 2"), TOPIC)
    new = _field("250", a="Tái bản lần 2")
    done = apply_corrections(twice, [_correction("replace", "250", None, new)])
    assert _tags(done.record) == [text_of(new), text_of(TOPIC)]


def test_a_wording_that_the_libraries_changed_makes_it_stale_and_changes_nothing() -> None:
    done = apply_corrections(RECORD, [_correction("replace", "245", "245 Chí Phèo", RIGHT)])
    assert done.record == RECORD
    assert done.effects == {1: CorrectionEffect.STALE}


def test_what_the_libraries_say_by_now_is_agreed_and_stays_theirs() -> None:
    done = apply_corrections(_record(RIGHT), [_correction("replace", "245", "245 Truyên Kiêu", RIGHT)])
    assert done.record == _record(RIGHT)
    assert done.effects == {1: CorrectionEffect.AGREED}


def test_a_field_is_added_behind_its_tag_and_not_twice() -> None:
    new = _field("653", a="Văn học")
    done = apply_corrections(
        RECORD, [_correction("add", "653", None, new), _correction("add", "653", None, new, 2)]
    )
    assert _tags(done.record)[-2:] == [text_of(TOPIC), text_of(new)]
    assert done.effects == {1: CorrectionEffect.IN_FORCE, 2: CorrectionEffect.AGREED}


def test_a_field_is_added_where_its_tag_belongs() -> None:
    done = apply_corrections(RECORD, [_correction("add", "250", None, _field("250", a="In lần 2"))])
    assert [one.field.tag for one in done.record.fields] == ["008", "245", "250", "260", "653"]


def test_a_field_is_removed_with_its_form_in_another_script() -> None:
    linked = DataField("245", "10", (("6", "880-01"), ("a", "Kim Vân Kiều")))
    script = DataField("880", "10", (("6", "245-01/$1"), ("a", "金雲翹")))
    other = DataField("880", "10", (("6", "250-02/$1"), ("a", "二")))
    done = apply_corrections(
        _record(linked, script, other), [_correction("remove", "245", "245 Kim Vân Kiều")]
    )
    assert [one.field for one in done.record.fields] == [other]


def test_a_later_correction_sees_what_an_earlier_one_did() -> None:
    second = _field("245", a="Đoạn trường tân thanh")
    done = apply_corrections(
        RECORD,
        [
            _correction("replace", "245", text_of(RIGHT), second, 2),
            _correction("replace", "245", text_of(TITLE), RIGHT, 1),
        ],
    )
    assert done.record.fields[1].field == second


def test_the_place_of_a_tone_or_a_case_does_not_hide_a_field() -> None:
    hoa = _record(_field("245", a="Văn hoá"))
    done = apply_corrections(hoa, [_correction("remove", "245", "245 văn hóa.")])
    assert done.record.fields == ()


@given(st.permutations(range(4)))
def test_corrections_do_the_same_in_whatever_order_they_come(order: list[int]) -> None:
    all_of_them = [
        _correction("replace", "245", text_of(TITLE), RIGHT, 1),
        _correction("add", "653", None, _field("653", a="Văn học"), 2),
        _correction("remove", "260", text_of(YEAR), None, 3),
        _correction("add", "260", None, _field("260", c="2013"), 4),
    ]
    expected = apply_corrections(RECORD, all_of_them)
    assert apply_corrections(RECORD, [all_of_them[place] for place in order]) == expected


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (ControlField("001", "x"), "001"),
        (_field("852", a="Kho"), "852"),
        (_field("952", a="Kho"), "952"),
        (_field("880", a="x"), "880"),
        (ControlField("245", "x"), "needs subfields"),
        (_field("245"), "says nothing"),
        (_field("245", a="  "), "says nothing"),
        (DataField("245", "1", (("a", "x"),)), "indicators"),
        (DataField("245", "10", (("A", "x"),)), "$A"),
        (DataField("245", "10", (("6", "880-01"),)), "$6"),
        (_field("245", a="x\x1e"), "signs"),
        (_field("245", a="x" * 10_000), "too long"),
        (ControlField("008", "short"), "40 characters"),
    ],
)
def test_a_field_that_may_not_stand_in_a_master_record_is_refused(field: MarcField, said: str) -> None:
    with pytest.raises(InvalidDecision, match=said.replace("$", r"\$")):
        check_field(field)


def test_the_difference_pairs_what_changed_and_names_what_came_and_went() -> None:
    after = _record(ControlField("008", "x" * 40), RIGHT, TOPIC, _field("653", a="Văn học"))
    found = difference(RECORD, after)
    assert found.leader is None
    said = {
        change.tag: (
            change.before and text_of(change.before.field),
            change.after and text_of(change.after.field),
        )
        for change in found.fields
    }
    assert said == {
        "245": (text_of(TITLE), text_of(RIGHT)),
        "260": (text_of(YEAR), None),
        "653": (None, "653 Văn học"),
    }
    assert not difference(RECORD, RECORD)
