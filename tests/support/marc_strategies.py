"""Random MARC records as a careful reader would keep them: NFC text, no control characters."""

import string

from hypothesis import strategies as st

from unioncat.core.marc import DEFAULT_LEADER, ControlField, DataField, MarcRecord
from unioncat.core.parse.text import clean

VALUES = (
    st.text(
        alphabet=st.one_of(
            st.sampled_from("aăâbcđeêhnoôơuưy ÁạẫỡỷÀ.,;:/=()-'\"<>&0123456789"),
            st.characters(exclude_categories=["Cs", "Cc"]),
        ),
        min_size=1,
        max_size=30,
    )
    .map(clean)
    .filter(lambda text: text.strip() != "")
)

CODES = st.sampled_from(string.ascii_lowercase + string.digits)
INDICATORS = st.text(alphabet=" 0123456789", min_size=2, max_size=2)

CONTROL_FIELDS = st.builds(ControlField, st.sampled_from(["001", "003", "005", "008"]), VALUES)
DATA_FIELDS = st.builds(
    DataField,
    st.sampled_from(["020", "100", "245", "260", "300", "490", "650", "700", "852", "880", "949"]),
    INDICATORS,
    st.lists(st.tuples(CODES, VALUES), min_size=1, max_size=4).map(tuple),
)


def marc_records() -> st.SearchStrategy[MarcRecord]:
    """Records with at least one field."""
    fields = st.lists(st.one_of(CONTROL_FIELDS, DATA_FIELDS), min_size=1, max_size=8).map(tuple)
    return st.builds(MarcRecord, st.just(DEFAULT_LEADER), fields)
