"""What matching sees of a record."""

import pytest
from books import a_book, a_record

from unioncat.core.normalise.description import Description, describe, fingerprint
from unioncat.core.normalise.numerals import spell_in_digits
from unioncat.core.normalise.vietnamese import syllable_key


def test_copies_in_another_spelling_share_a_description() -> None:
    one = a_book(title="Hoá học và thuỷ văn", pages="240tr.", edition="In lần thứ 2")
    other = a_book(title="Hóa học và thủy văn /", pages="240 tr. :")
    assert fingerprint(one) == fingerprint(other)


def test_a_call_number_or_a_subject_is_not_part_of_it() -> None:
    assert describe(a_record(title="Đất nước")) == describe(a_record(title="Đất nước", system_number="1234"))


def test_a_record_without_anything_says_nothing() -> None:
    assert describe(a_record()) == Description()


@pytest.mark.parametrize(
    ("values", "field", "expected"),
    [
        ({"isbn": "9786045701126 (trọn bộ)"}, "set_isbns", {"9786045701126"}),
        ({"isbn": "9786045701127"}, "wrong_isbns", {"9786045701127"}),
        ({"isbn": "8936004177054"}, "isbns", set()),
        ({"system_number": "(OCoLC)ocm00012345"}, "system_numbers", {"(OCoLC)12345"}),
        ({"publisher": "Trẻ ; Nhã Nam"}, "partners", {"nha nam"}),
        ({"pages": "3 p.l., viii, 645, cxvii p."}, "pages", 645),
        ({"pages": "2t."}, "volumes", 2),
        ({"place": "H. ; Tp. HCM"}, "places", {"ha noi", "thanh pho ho chi minh"}),
        ({"place": "[K.đ.]"}, "places", set()),
        ({"title": "Nghị định số 93/2020/NĐ-CP quy định chi tiết"}, "standards", {"93/2020/nd-cp"}),
        ({"title": "Luật Thư viện"}, "standards", set()),
        ({"leader": "00000nam a22000008a 4500"}, "prepublication", True),
        ({"pages": "400 tr."}, "prepublication", False),
        ({"number": "Tập thứ 2"}, "volume", (2,)),
        ({"number": "T.2, Hệ siêu tĩnh"}, "volume", (2,)),
        ({"number": "Exchange bibliography no. 586"}, "volume", ()),
        ({"rest": "Pt. I. Letters. Pt. II. Essays"}, "volume", ()),
        ({"rest": "tập 2"}, "volume", (2,)),
        ({"author": "Viện Ngôn ngữ học"}, "bodies", {"vien ngon ngu hoc"}),
        ({"author": "Viện Ngôn ngữ học"}, "persons", set()),
        ({"responsibility": "Viện Sử học ; Đào Duy Anh ch.b."}, "bodies", {"vien su hoc"}),
        ({"responsibility": "Viện Sử học ; Đào Duy Anh ch.b."}, "persons", {"anh duy đaoˋ"}),
        ({"publisher": "Nxb. Thế giới"}, "publishers", {"the gioi"}),
        ({"year": "1931", "fixed": "761001s1926    xxu           000 0 eng d"}, "coded", 1926),
        ({"year": "1931", "fixed": "761001s1931    xxu           000 0 eng d"}, "coded", 0),
        ({"year": "c1985."}, "years", (1985,)),
        ({"year": "2001-2003"}, "years", (2001, 2003)),
        ({"language": "vieeng"}, "languages", {"vie", "eng"}),
        ({"pages": "1 cuộn vi phim"}, "carrier", "microform"),
        ({"pages": "150 tr. + 1 CD"}, "carrier", "volume"),
        ({"pages": "1 online resource (150 p.)"}, "carrier", "online"),
        ({"title": "Conférences plénières", "author": None, "publisher": None}, "accented", False),
        ({"title": "Toán 7"}, "grade", 7),
        ({"year": "1828", "language": "eng"}, "rare", "printed in 1828"),
        ({"year": "1899", "language": "vie"}, "rare", "printed in 1899"),
        ({"year": "1899", "language": "eng"}, "rare", ""),
        ({"title": "Kỷ yếu hội thảo khoa học", "note": "Văn hoá"}, "topic", "văn hoaˊ"),
        ({"title": "Đất rừng", "note": "Văn hoá"}, "topic", ""),
    ],
)
def test_values_are_read_from_the_fields(values: dict[str, str | None], field: str, expected: object) -> None:
    assert getattr(a_book(**values), field) == expected


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("ba mươi sáu phố", "36 phố"),
        ("mười lăm truyện", "15 truyện"),
        ("hai mươi năm sau", "20 năm sau"),
        ("một trăm linh tám anh hùng", "108 anh hùng"),
        ("một nghìn lẻ một đêm", "1001 đêm"),
        ("năm nghìn ngày", "5000 ngày"),
        ("đầu tư năm mươi tư triệu", "đầu tư 54 triệu"),
        ("năm học mới", "năm học mới"),
    ],
)
def test_number_words_are_spelt_in_digits(words: str, digits: str) -> None:
    assert spell_in_digits(tuple(syllable_key(words).split())) == tuple(syllable_key(digits).split())
