"""Records and descriptions that property tests draw."""

from hypothesis import strategies as st

from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.normalise.description import Description, describe

TITLES = (
    "Kinh tế học vi mô",
    "Kinh tế học vĩ mô",
    "Kinh te hoc vi mo",
    "Kĩ thuật thi công. T.1, Công tác đất",
    "Kỹ thuật thi công",
    "The birth of Vietnam",
    "Birth of Vietnam : a history",
    "36 phố phường Hà Nội",
    "Ba mươi sáu phố phường Hà Nội",
)
PERSONS = ("Nguyễn Văn An", "Nguyen Van An", "An, Nguyễn Văn", "Taylor, Keith", "Keith W. Taylor", "Bộ GD&ĐT")
PUBLISHERS = ("Giáo dục", "Nxb. Giáo dục", "KHKT", "MIT Press", "The MIT Press", "Phương Nam Book")
words = st.sampled_from(
    ("", "2", "T.2", "Tập II", "x", "1999-2001", "[196-?]", "c2010", "tr.", "xii, 240 p.", "3 t.")
)
values = st.one_of(st.sampled_from((*TITLES, *PERSONS, *PUBLISHERS)), words, st.text(max_size=20))

tags = st.sampled_from(
    [
        "010",
        "015",
        "020",
        "022",
        "028",
        "035",
        "040",
        "041",
        "100",
        "110",
        "245",
        "246",
        "250",
        "255",
        "260",
        "264",
        "300",
        "338",
        "490",
        "500",
        "502",
        "533",
        "546",
        "700",
        "773",
        "856",
        "880",
    ]
)
data_fields = st.builds(
    DataField,
    tags,
    st.text(max_size=3),
    st.lists(st.tuples(st.sampled_from("abcehnpvz6g"), values), max_size=4).map(tuple),
)
control_fields = st.builds(ControlField, st.sampled_from(("001", "007", "008")), st.text(max_size=41))
any_record = st.builds(
    MarcRecord, st.text(max_size=26), st.lists(st.one_of(data_fields, control_fields), max_size=12).map(tuple)
)


@st.composite
def books(draw: st.DrawFn) -> Description:
    """Books that resemble each other, so that every feature speaks now and then."""

    def field(tag: str, code: str, choices: tuple[str, ...]) -> list[DataField]:
        chosen = draw(st.sampled_from((*choices, "")))
        return [DataField(tag, "  ", ((code, chosen),))] if chosen else []

    fields = [
        *field("020", "a", ("9786045701126", "9780306406157", "9786045701127")),
        *field("100", "a", PERSONS),
        *field("245", "a", TITLES),
        *field("250", "a", ("2nd ed.", "Tái bản lần thứ 3", "Tái bản lần 3, có sửa chữa")),
        *field("260", "b", PUBLISHERS),
        *field("260", "c", ("2010", "2011", "1999", "[201-?]")),
        *field("300", "a", ("240 tr.", "241 p.", "300 p.", "2 t.")),
        *field("490", "v", ("T.1", "T.02")),
    ]
    return describe(MarcRecord("00000nam a2200000 a 4500", tuple(fields)))
