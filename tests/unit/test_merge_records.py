import pytest

from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.merge.master import Contributor, MergedRecord, SourceRecord
from unioncat.core.merge.merge import merge_records

LEADER = "00714nam a2200205 a 4500"


def field(text: str) -> MarcField:
    """ "245 10 $aTitle$cName" or "008 value"."""
    tag, rest = text[:3], text[4:]
    if tag < "010":
        return ControlField(tag, rest)
    subfields = tuple((part[0], part[1:]) for part in rest[2:].strip().split("$")[1:])
    return DataField(tag, rest[:2], subfields)


def record(*fields: str, library: str = "VN-A", leader: str = LEADER, rank: int = 100) -> SourceRecord:
    marc = MarcRecord(leader, tuple(map(field, fields)))
    return SourceRecord(Isil(library), ControlNumber("1"), marc, "2024-01-01", rank)


def merged(*members: SourceRecord) -> MergedRecord:
    return merge_records(members)


def texts(result: MergedRecord, tag: str) -> list[str]:
    return [
        "".join(f"${code}{value}" for code, value in found.subfields) for found in result.marc().data(tag)
    ]


def libraries(result: MergedRecord, tag: str) -> list[list[str]]:
    return [[c.isil for c in m.provenance.contributors] for m in result.fields if m.field.tag == tag]


def test_a_title_that_lost_its_accents_loses_to_an_accented_one() -> None:
    plain = record("245 10 $aKinh te vi mo", "250    $aIn lan 2", "300    $a2 tr.", library="VN-A", rank=1)
    accented = record("245 10 $aKinh tế vĩ mô", library="VN-B", leader="00000nam a22000005a 4500")
    assert texts(merged(plain, accented), "245") == ["$aKinh tế vĩ mô"]


def test_the_fuller_encoding_level_wins_the_title() -> None:
    minimal = record("245 10 $aSách một", leader="00000nam a22000007a 4500", library="VN-A")
    full = record("245 10 $aSách 1", "100 1  $aA", leader="00000nam a2200000 a 4500", library="VN-B")
    accents_alike = record("245 10 $aSách một.", leader="00000nam a22000007a 4500", library="VN-C")
    assert texts(merged(minimal, full, accents_alike), "245") == ["$aSách 1"]


def test_among_equals_the_wording_of_most_wins_then_the_rank_of_the_library() -> None:
    odd = record("245 10 $aTruyện Kiểu", library="VN-A")
    first = record("245 10 $aTruyện Kiều", library="VN-B", rank=50)
    second = record("245 10 $aTruyện Kiều /", library="VN-C", rank=10)
    result = merged(odd, first, second)
    assert texts(result, "245") == ["$aTruyện Kiều /"]
    assert libraries(result, "245") == [["VN-C", "VN-B"]]


def test_an_empty_title_never_wins() -> None:
    empty = record("245 10 $a", "300    $a100 tr.", "100 1  $aA", library="VN-A")
    assert texts(merged(empty, record("245 10 $aB", library="VN-B")), "245") == ["$aB"]


def test_a_default_008_loses_to_a_filled_one() -> None:
    default = record("245 10 $aSách hay", "008 181222s9999||||xx |||||||||||||| ||und||", "300    $a1 tờ")
    filled = record("245 10 $aSách hay", "008 181222s2004    vm            000 0 vie d", library="VN-B")
    assert merged(default, filled).marc().control("008") == "181222s2004    vm            000 0 vie d"


@pytest.mark.parametrize(
    ("tag", "placeholder", "real"),
    [
        ("260", "$a[K.đ.] :$b[K.nxb]", "$aH. :$bGiáo dục,$c2005"),
        ("300", "$a0p", "$a120 tr."),
        ("100", "$aĐang cập nhật", "$aTô Hoài"),
    ],
)
def test_a_placeholder_never_wins(tag: str, placeholder: str, real: str) -> None:
    better = record("245 10 $aDế mèn", f"{tag}    {placeholder}", "650  4 $aVăn học")
    other = record("245 10 $aDế mèn", f"{tag}    {real}", library="VN-B")
    assert texts(merged(better, other), tag) == [real]
    assert texts(merged(better), tag) == []


def test_the_fuller_publication_statement_wins_as_a_whole() -> None:
    best = record("245 10 $aDế mèn", "260    $aH.", "650  4 $aVăn học")
    other = record("245 10 $aDế mèn", "264  1 $aHà Nội :$bKim Đồng,$c2010", "264  4 $c©2009", library="VN-B")
    result = merged(best, other)
    assert texts(result, "260") == []
    assert texts(result, "264") == ["$aHà Nội :$bKim Đồng,$c2010", "$c©2009"]


def test_a_main_entry_linked_to_an_authority_wins() -> None:
    best = record("245 10 $aDế mèn", "100 1  $aTô Hoài,$d1920-2014", "650  4 $aVăn học")
    linked = record("245 10 $aDế mèn", "100 1  $aTô Hoài$0(VN-TVQG)a1", library="VN-B")
    assert texts(merged(best, linked), "100") == ["$aTô Hoài$0(VN-TVQG)a1"]


def test_only_valid_isbns_are_taken_each_once_and_no_price() -> None:
    left = record("245 10 $aA", "020    $a42256", "020    $a9780306406157 (bìa cứng)$c45000đ")
    right = record(
        "245 10 $aA", "020    $a0-306-40615-2", "020    $c61.000đ", "020    $z9786041", library="VN-B"
    )
    result = merged(left, right)
    assert texts(result, "020") == ["$a9780306406157 (bìa cứng)", "$z9786041"]
    assert libraries(result, "020") == [["VN-A", "VN-B"], ["VN-B"]]


def test_links_that_differ_in_case_are_two_links() -> None:
    left = record("245 10 $aA", "856 40 $uhttp://a.vn/Ab$zToàn văn", "856 40 $uhttp://a.vn/AB")
    right = record("245 10 $aA", "856 4  $uhttp://a.vn/Ab", library="VN-B")
    assert libraries(merged(left, right), "856") == [["VN-A", "VN-B"], ["VN-A"]]


def test_each_member_leaves_its_number_in_035() -> None:
    result = merged(record("245 10 $aA", "001 x"), record("245 10 $aA", "035    $a(OCoLC)7", library="VN-B"))
    assert sorted(texts(result, "035")) == ["$a(OCoLC)7", "$a(VN-A)1", "$a(VN-B)1"]
    assert result.marc().control("001") is None


def test_the_same_heading_stands_once_and_the_linked_one_is_shown() -> None:
    left = record("245 10 $aA", "650  4 $aKinh tế vi mô", "650  4 $aC++", "650  4 $aC")
    right = record(
        "245 10 $aA", "650  7 $aKinh Tế vi mô.$2bt$0(x)1", "650  4 $aKinh tế vĩ mô", library="VN-B"
    )
    found = texts(merged(left, right), "650")
    assert found == ["$aC++", "$aC", "$aKinh Tế vi mô.$2bt$0(x)1", "$aKinh tế vĩ mô"]


def test_a_heading_without_its_accents_joins_the_accented_one() -> None:
    accented = record("245 10 $aLịch sử Việt Nam", "650  4 $aLịch sử")
    plain = record("245 10 $aLich su Viet Nam", "650  4 $aLich su", "650  4 $aGiao trinh", library="VN-B")
    result = merged(accented, plain)
    assert texts(result, "650") == ["$aLịch sử", "$aGiao trinh"]
    assert libraries(result, "650") == [["VN-A", "VN-B"], ["VN-B"]]


def test_a_name_in_the_main_entry_is_not_repeated_as_an_added_one() -> None:
    left = record("245 10 $aA", "100 1  $aNguyễn Nhật Ánh", "650  4 $aB")
    right = record("245 10 $aA", "700 1  $aNguyễn, Nhật Ánh,$d1955-", "700 1  $aTô Hoài", library="VN-B")
    assert texts(merged(left, right), "700") == ["$aTô Hoài"]


def test_local_fields_and_holdings_stay_with_the_library() -> None:
    local = ("090    $aX", "852    $aY", "866    $av.1", "911    $aZ", "690    $aV", "CAT    $aW")
    tags = {f.field.tag for f in merged(record("245 10 $aA", *local)).fields}
    assert tags == {"035", "245"}


def test_a_field_in_another_script_goes_with_its_partner() -> None:
    left = record(
        "245 10 $6880-01$aTruyen Kieu",
        "700 1  $6880-02$aNguyen Du",
        "880 10 $6245-01/$1$a傳翹",
        "880 1  $6700-02/$1$a阮攸",
        "880    $6500-00/$1$a註",
    )
    right = record("245 10 $aTruyện Kiều", "700 1  $aNguyễn Du", library="VN-B")
    result = merged(left, right)
    assert texts(result, "245") == ["$aTruyện Kiều"]
    assert texts(result, "880") == ["$6500-00/$1$a註"]
    alone = merged(left)
    assert texts(alone, "245") == ["$6880-01$aTruyen Kieu"]
    assert texts(alone, "880") == ["$6500-00/$1$a註", "$6245-01/$1$a傳翹", "$6700-02/$1$a阮攸"]


def test_the_form_in_another_script_is_preferred_among_equal_headings() -> None:
    best = record("245 10 $aSách hay", "650  4 $aThơ", "300    $a1 tờ")
    other = record("245 10 $aSách hay", "650  4 $6880-07$aThơ", "880  4 $6650-07$a詩", library="VN-B")
    result = merged(best, other)
    assert texts(result, "650") == ["$6880-01$aThơ"]
    assert texts(result, "880") == ["$6650-01$a詩"]
    assert libraries(result, "880") == [["VN-B"]]


def test_the_first_contributor_is_the_one_whose_wording_is_shown() -> None:
    left = record("245 10 $aSách hay", "500    $aCó phụ lục", library="VN-B")
    right = record("245 10 $aSách hay", "500    $aCó phụ lục.", library="VN-A")
    note = next(m for m in merged(left, right).fields if m.field.tag == "500")
    assert note.provenance.contributors[0] == Contributor(Isil("VN-A"), ControlNumber("1"), "2024-01-01")
    assert note.field == field("500    $aCó phụ lục.")


def test_fields_come_by_tag_and_notes_as_catalogued() -> None:
    result = merged(
        record("650  4 $aB", "520    $aC", "500    $aD", "245 10 $aA", "082 04 $a1.2", f"008 {'x' * 40}")
    )
    assert [m.field.tag for m in result.fields] == ["008", "035", "082", "245", "520", "500", "650"]
