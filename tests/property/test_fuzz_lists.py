"""Whatever is delivered as a list is read or refused: never a crash, a hang, or a row without a fate."""

import io

from fuzz_lists import fuzz_lists
from hypothesis import given
from hypothesis import strategies as st

from harvesters.delimited import InMemory, rows_of, sniff_delimiter, split_fields, text_lines

_CSV = st.text(st.sampled_from('ab,;"\n\r \tđ'), max_size=60)


def test_3000_garbled_lists_are_delivered_or_refused() -> None:
    report = fuzz_lists(3000, seed=4)
    assert report.inputs == 3000
    assert 300 < report.refused < 2700
    assert report.records > 3000
    assert {"record", "row-empty", "row-unmatched"} <= set(report.kinds)


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab,"\n đ'), min_size=1, max_size=8), min_size=2, max_size=4),
        min_size=1,
    )
)
def test_a_table_that_is_written_by_the_rules_comes_back_as_it_was(table: list[list[str]]) -> None:
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in table)
    read = rows_of(text_lines(InMemory(text.encode()), "x"), ",")
    assert [cells for _, cells in read] == table


@given(_CSV)
def test_no_letter_of_a_table_is_lost_and_rows_are_numbered_by_their_lines(text: str) -> None:
    rows = list(rows_of(iter(io.StringIO(text, newline="")), ","))
    letters = "".join(cell for _, cells in rows for cell in cells)
    assert [sign for sign in letters if sign in "abđ"] == [sign for sign in text if sign in "abđ"]
    numbers = [number for number, _ in rows]
    assert numbers == sorted(set(numbers))


@given(st.binary(max_size=300), st.integers(1, 50))
def test_bytes_in_any_pieces_give_the_same_lines(data: bytes, size: int) -> None:
    class Trickle(InMemory):
        def read1(self, wanted: int, /) -> bytes:
            return super().read1(wanted if wanted == 4096 else min(size, wanted))

    assert list(text_lines(Trickle(b"x" * 4096 + data), "x")) == list(
        text_lines(InMemory(b"x" * 4096 + data), "x")
    )


@given(_CSV)
def test_a_delimiter_that_is_found_parts_something(text: str) -> None:
    lines = text.splitlines()
    delimiter = sniff_delimiter(lines)
    assert delimiter is None or any(len(split_fields(line, delimiter)) > 1 for line in lines)
