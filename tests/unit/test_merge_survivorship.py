import pytest

from unioncat.core.merge.survivorship import SURVIVORSHIP, Drop, Keep, Union, line_of


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("001", Drop),
        ("003", Drop),
        ("007", Union),
        ("008", Keep),
        ("094", Drop),
        ("110", Keep),
        ("245", Keep),
        ("264", Keep),
        ("520", Union),
        ("590", Drop),
        ("653", Union),
        ("773", Union),
        ("830", Keep),
        ("852", Drop),
        ("866", Drop),
        ("880", Union),
        ("952", Drop),
        ("386", Union),
        ("LKR", Drop),
        ("", Drop),
        ("٢٤٥", Drop),
    ],
)
def test_every_tag_follows_one_line_of_the_table(tag: str, kind: type) -> None:
    assert isinstance(SURVIVORSHIP[line_of(tag)], kind)


def test_every_line_but_the_last_names_a_tag_that_no_line_before_it_takes() -> None:
    assert {line_of(f"{number:03}") for number in range(1000)} == set(range(len(SURVIVORSHIP) - 1))
