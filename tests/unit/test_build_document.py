import pytest

from unioncat.core.identifiers import ControlNumber, Isil, mint_master_id
from unioncat.core.index.build_document import build_document
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.publication_format import FORMATS, publication_format
from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.merge.holding import Holding, Item
from unioncat.core.merge.master import SourceRecord
from unioncat.core.merge.merge import merge_records

BOOK = "00714nam a2200205 a 4500"


def field(text: str) -> MarcField:
    if text < "010":
        return ControlField(text[:3], text[4:].ljust(40))  # 008 has 40 characters
    subfields = tuple((part[0], part[1:]) for part in text[6:].strip().split("$")[1:])
    return DataField(text[:3], text[4:6], subfields)


def marc(*fields: str, leader: str = BOOK) -> MarcRecord:
    return MarcRecord(leader, tuple(map(field, fields)))


def document(*fields: str, holdings: tuple[tuple[Isil, Holding], ...] = ()) -> SearchDocument:
    source = SourceRecord(Isil("VN-A"), ControlNumber("1"), marc(*fields), "2024-01-01")
    return build_document(mint_master_id(1), 3, merge_records([source]), holdings)


def test_a_vietnamese_book() -> None:
    found = document(
        "008 040101s2004    vm            000 0 vie d",
        "020    $a9780306406157",
        "100 1  $aNguyễn, Du,$d1766-1820",
        "245 10 $aTruyện Kiều.$nT.1 :$b= Kieu /$cNguyễn Du ; Đào Duy Anh hiệu đính.",
        "246 30 $aĐoạn trường tân thanh",
        "250    $aTái bản lần thứ 2.",
        "260    $aH. :$bVăn học,$c2005.",
        "300    $a292tr. ;$c21cm",
        "490 0  $aVăn học cổ ;$vq. 3",
        "520    $aTruyện thơ.",
        "650  4 $aVăn học$zViệt Nam$ythế kỷ 19.",
        "653    $aThơ$aTruyện thơ",
        "700 1  $aĐào Duy Anh,$ehiệu đính",
    )
    assert found == SearchDocument(
        master_id=mint_master_id(1),
        version=3,
        title="Truyện Kiều. T.1",
        subtitle="Kieu",
        responsibility="Nguyễn Du ; Đào Duy Anh hiệu đính",
        other_titles=("Đoạn trường tân thanh",),
        contributors=("Nguyễn, Du, 1766-1820", "Đào Duy Anh"),
        persons=("Nguyễn Du", "Đào Duy Anh"),
        subjects=("Văn học -- Việt Nam -- thế kỷ 19", "Thơ", "Truyện thơ"),
        publisher="Văn học",
        place="H.",
        edition="Tái bản lần thứ 2",
        extent="292tr. ; 21cm",
        series=("Văn học cổ ; q. 3",),
        notes=("Truyện thơ",),
        year=2005,
        languages=("vie",),
        isbns=("9780306406157",),
    )


def test_libraries_and_call_numbers_come_from_the_holdings() -> None:
    hue, hanoi = Isil("VN-HUE"), Isil("VN-HN")
    found = document(
        "245 00 $aA",
        "082    $a999",
        holdings=(
            (hue, Holding(None, "895.9", 1)),
            (hanoi, Holding("Kho", "V 1", 1)),
            (hue, Holding("Kho", "895.9", 1)),
        ),
    )
    assert found.libraries == (hanoi, hue)
    assert found.call_numbers == ("895.9", "V 1")


@pytest.mark.parametrize(
    ("heading", "person"),
    [
        ("100 1  $aNguyễn, Trãi,$d1380-1442", "Nguyễn Trãi"),
        ("700 1  $aNguyễn Trãi, 1380-1442", "Nguyễn Trãi"),
        ("100 0  $aHỒ CHÍ MINH (1890 - 1969)", "Hồ Chí Minh"),
        ("100 1  $aSmith, John,$d1950-", "Smith, John"),
        ("100 0  $aGioan Phaolô$bII,$cGiáo hoàng", "Gioan Phaolô II"),
    ],
)
def test_a_person_is_narrowed_by_under_one_name(heading: str, person: str) -> None:
    assert document("245 00 $aA", heading).persons == (person,)


def test_bodies_are_no_persons() -> None:
    assert document("245 00 $aA", "110 2  $aBộ Y tế", "710 2  $aUNESCO").persons == ()


def test_a_piece_that_is_there_and_a_digital_copy_are_known() -> None:
    hue, hanoi = Isil("VN-HUE"), Isil("VN-HN")
    found = document(
        "245 00 $aA",
        holdings=(
            (hue, Holding(None, None, 2, (Item("1", status="đang mượn"), Item("2", status="sẵn sàng")))),
            (hanoi, Holding(None, None, 1, (Item("3", status="đang mượn"),))),
            (hanoi, Holding(None, None, 0, url="https://example.org/a.pdf")),
        ),
    )
    assert found.available_at == (hue,)
    assert found.is_digital
    assert not document("245 00 $aA", holdings=((hue, Holding(None, None, 1)),)).is_digital


def test_fields_in_another_script_can_be_found() -> None:
    found = document(
        "100 1  $6880-01$aNguyen Du",
        "245 10 $6880-02$aTruyen Kieu",
        "880 1  $6100-01/$1$a阮攸",
        "880 10 $6245-02/$1$a傳翹",
    )
    assert found.title == "Truyen Kieu"
    assert found.other_titles == ("傳翹",)
    assert found.contributors == ("Nguyen Du", "阮攸")


def test_without_a_title_proper_another_title_is_shown() -> None:
    assert document("246 00 $aB").title == "B"
    assert document("245 00 $a1", "246 00 $aB").title == "1"
    assert document("500    $aB").title == ""


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        (("008 040101s2004    vm", "260    $c2005"), 2005),
        (("008 040101s2004    vm", "260    $aH."), 2004),
        (("264  4 $c©2009", "264  1 $c2010"), 2010),
        (("264  4 $c©2009",), 2009),
        (("008 181222s9999||||xx",), None),
        (("008 181222s19uu    vm",), None),
    ],
)
def test_the_year_is_the_stated_one_else_that_of_008(fields: tuple[str, ...], year: int | None) -> None:
    assert document("245 00 $aA", *fields).year == year


@pytest.mark.parametrize(
    ("fields", "languages"),
    [
        (("245 00 $aA", "041 1  $avie$heng", "008 040101s2004    vm            000 0 fre d"), ("vie",)),
        (("245 00 $aA", "041 0  $aengfre"), ("eng", "fre")),
        (("245 00 $aA", "041    $aVie"), ("vie",)),
        (("245 00 $aKinh tế vĩ mô", "008 181222s9999||||xx |||||||||||||| ||und||"), ("vie",)),
        (("245 00 $aIntroduction to macro-économie and its history",), ()),
    ],
)
def test_languages_are_stated_or_seen_in_a_vietnamese_title(
    fields: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    assert document(*fields).languages == languages


def test_issns_have_their_hyphen_and_other_numbers_are_left_out() -> None:
    assert document("245 00 $aA", "022    $a00038725", "022    $a12").issns == ("0003-8725",)


@pytest.mark.parametrize(
    ("leader", "fields", "expected"),
    [
        ("nam", (), "book"),
        ("nas", (), "serial"),
        ("nai", ("008 040101s2004    vm      o", "338    $bcr"), "serial"),
        ("naa", (), "article"),
        ("nam", ("502    $aLuận văn ThS.",), "thesis"),
        ("nem", (), "map"),
        ("ncm", (), "score"),
        ("njm", (), "audio"),
        ("ngm", (), "video"),
        ("ntm", (), "manuscript"),
        ("nkm", (), "image"),
        ("nom", (), "kit"),
        ("nmm", (), "electronic"),
        ("nxm", (), "other"),
        ("nam", ("008 040101s2004    vm      o    000 0 vie d",), "electronic"),
        ("nam", ("338    $aonline resource$bcr",), "electronic"),
        ("nam", ("300    $a1 tài liệu điện tử",), "electronic"),
        ("nam", ("300    $a3 tờ bản đồ",), "map"),
        ("nam", ("300    $a1 đĩa CD",), "audio"),
        ("nam", ("300    $a02 băng hình",), "video"),
        ("nam", ("300    $a120 tr. :$btranh ảnh +$e1 CD-ROM",), "book"),
        ("", (), "book"),
    ],
)
def test_the_format_follows_from_type_level_and_carrier(
    leader: str, fields: tuple[str, ...], expected: str
) -> None:
    assert publication_format(marc(*fields, leader=f"00000{leader}")) == expected
    assert expected in FORMATS
