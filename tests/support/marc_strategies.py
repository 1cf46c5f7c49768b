"""MARC records as hypothesis draws them: canonical ones, such as every reader gives back."""

import string
import unicodedata

from hypothesis import strategies as st

from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord

_CHARACTERS = st.one_of(
    st.sampled_from("aàảạăằâấeéêệiíỉoóôộơợuúưựyỳđĐ ÁẾỚỰ.,:;/[]$#^|&<>\"'\\"),
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff\ufffe\uffff"),
)
_SIGNS = string.ascii_lowercase + string.digits


def _texts() -> st.SearchStrategy[str]:
    texts = st.text(_CHARACTERS, min_size=1, max_size=30).map(lambda text: unicodedata.normalize("NFC", text))
    return texts.filter(lambda text: bool(text.strip()))


def control_fields() -> st.SearchStrategy[ControlField]:
    return st.builds(ControlField, st.sampled_from(("001", "003", "005", "008", "009")), _texts())


def data_fields() -> st.SearchStrategy[DataField]:
    tags = st.text(string.ascii_letters + string.digits, min_size=3, max_size=3)
    subfields = st.lists(st.tuples(st.sampled_from(_SIGNS), _texts()), min_size=1, max_size=5)
    return st.builds(
        DataField,
        tags.filter(lambda tag: not tag.startswith("00")),
        st.text(_SIGNS + " ", min_size=2, max_size=2),
        subfields.map(tuple),
    )


def leaders() -> st.SearchStrategy[str]:
    return st.builds(
        lambda status, levels, map_end: f"00000{status}a2200000{levels}450{map_end}",
        st.text(_SIGNS + " ", min_size=4, max_size=4),
        st.text(_SIGNS + " ", min_size=3, max_size=3),
        st.sampled_from("0 "),
    ).filter(lambda leader: bool(leader.strip()))


def marc_records() -> st.SearchStrategy[MarcRecord]:
    """Records with any text, tags, indicators and subfield codes, in any order."""
    fields: st.SearchStrategy[list[MarcField]] = st.lists(
        st.one_of(data_fields(), control_fields()), min_size=1, max_size=8
    )
    return st.builds(MarcRecord, leaders(), fields.map(tuple))
