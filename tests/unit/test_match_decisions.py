"""Pairs as a careful cataloguer decides them: one ordinary book, and what differs on each side."""

import pytest
from books import a_book

from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome

SAME, REVIEW, DIFFERENT = Outcome.SAME, Outcome.REVIEW, Outcome.DIFFERENT
ISBN, OTHER_ISBN = "9786045701126", "9780306406157"
SOUND, ONLINE = "00000nim a2200000 a 4500", "010101s1964    vm      o           vie d"
SERIAL, ARTICLE = "00000nas a2200000 a 4500", "00000nab a2200000 a 4500"
MAP, MUSIC, SCORE = "00000nem a2200000 a 4500", "00000njm a2200000 a 4500", "00000ncm a2200000 a 4500"
ENGLISH = {"title": "The river of lost boats", "author": "Mason, Ruth", "publisher": "Harbour Press"}
GENERIC = {"title": "Kỷ yếu hội thảo khoa học quốc gia", "author": None, "publisher": "Thế giới"}
SHORT = {"title": "Tin học cơ sở"}
MATHS = {"title": "Toán 7", "author": "Lê Văn Bình", "publisher": "Giáo dục"}

PAIRS = {
    # spelling
    "tone placement and i or y": (SAME, {"title": "Thuỷ lý và hoá kỹ"}, {"title": "Thủy lí và hóa kĩ"}),
    "a word that differs only in tone": (DIFFERENT, {"title": "Nghề nuôi lươn"}, {"title": "Nghề nuôi lượn"}),
    "micro and macro": (DIFFERENT, {"title": "Kinh tế học vi mô"}, {"title": "Kinh tế học vĩ mô"}),
    "one letter exchanged": (DIFFERENT, {"title": "Kỹ thuật nuôi cá"}, {"title": "Kỹ thuật nuôi gà"}),
    "a word put in": (
        DIFFERENT,
        {"title": "Sâu hại lúa và cách trừ"},
        {"title": "Sâu hại cây lúa mì và cách trừ"},
    ),
    "a letter lost": (SAME, {"title": "Văn học và cuộc sống"}, {"title": "Văn học và cuộc sốg"}),
    "an accent lost at a stop": (
        SAME,
        {"title": "Nông nghiệp nhiệt đới"},
        {"title": "Nông nghiêp nhiệt đới"},
    ),
    "all accents lost": (
        SAME,
        {},
        {"title": "Dat nuoc Viet Nam qua cac doi", "author": "Dao, Duy Anh", "publisher": "Khoa hoc"},
    ),
    "a slip in a long English word": (
        SAME,
        {**ENGLISH, "title": "Bridge maintenance"},
        {**ENGLISH, "title": "Bridge maintenence"},
    ),
    "micro and macro in English": (
        DIFFERENT,
        {**ENGLISH, "title": "Principles of microeconomics and their applications"},
        {**ENGLISH, "title": "Principles of macroeconomics and their applications"},
    ),
    "C and C++": (DIFFERENT, {"title": "Kỹ thuật lập trình C"}, {"title": "Kỹ thuật lập trình C++"}),
    "a hyphen": (SAME, {"title": "Từ điển dệt - may thông dụng"}, {"title": "Từ điển Dệt-May thông dụng"}),
    "a foreign name spelt in two ways": (SAME, {"title": "Đời của Bêtôven"}, {"title": "Đời của Betoven"}),
    "numbers in words": (SAME, {"title": "12 con giáp Việt Nam"}, {"title": "Mười hai con giáp Việt Nam"}),
    "other numbers": (
        DIFFERENT,
        {"title": "Đề thi năm học 2011-2012"},
        {"title": "Đề thi năm học 2012-2013"},
    ),
    # described before publication
    "a year later, and longer, than announced": (
        SAME,
        {"isbn": ISBN, "leader": "00000nam a22000008a 4500", "year": "2018", "pages": "300 tr."},
        {"isbn": ISBN, "year": "2020", "pages": "412 tr."},
    ),
    "longer than another book of the same ISBN": (
        REVIEW,
        {"isbn": ISBN, "year": "2018", "pages": "300 tr."},
        {"isbn": ISBN, "year": "2018", "pages": "412 tr."},
    ),
    # legal acts
    "one decree": (
        SAME,
        {"title": "Nghị định số 93/2020/NĐ-CP hướng dẫn Luật Thư viện", "author": None},
        {"title": "Nghị định 93/2020/NĐ-CP hướng dẫn Luật Thư viện", "author": None},
    ),
    "two decrees": (
        DIFFERENT,
        {"title": "Nghị định số 93/2020/NĐ-CP hướng dẫn Luật Thư viện", "author": None},
        {"title": "Nghị định số 72/2002/NĐ-CP hướng dẫn Luật Thư viện", "author": None},
    ),
    "one decree by two houses": (
        DIFFERENT,
        {"title": "Nghị định số 93/2020/NĐ-CP", "author": None},
        {"title": "Nghị định số 93/2020/NĐ-CP", "author": None, "publisher": "Tài chính"},
    ),
    # places
    "another city of one house": (SAME, {"place": "Hà Nội"}, {"place": "Tp. Hồ Chí Minh"}),
    # names
    "an accent of the name lost": (SAME, {"author": "Đào Duy Phàn"}, {"author": "Đào Duy Phan"}),
    "hỏi for ngã in the name": (SAME, {"author": "Đỗ Văn Quảng"}, {"author": "Đỗ Văn Quãng"}),
    "another tone in the name": (REVIEW, {"author": "Đỗ Văn Quáng"}, {"author": "Đỗ Văn Quàng"}),
    "a body where persons stand": (
        SAME,
        {"author": "Viện Ngôn ngữ học"},
        {"author": None, "body": "Viện ngôn ngữ học"},
    ),
    "two slips in a foreign name": (
        REVIEW,
        {**ENGLISH, "author": "Doughlas Pierce", "publisher": None, "pages": None},
        {**ENGLISH, "author": "Douglas Pierse", "publisher": None, "pages": None},
    ),
    # titles
    "subtitle on one side": (SAME, {}, {"rest": "nghiên cứu địa lí học lịch sử"}),
    "another subtitle": (REVIEW, {"rest": "truyện ngắn"}, {"rest": "kịch bản phim"}),
    "title divided differently": (
        SAME,
        {"title": "Sông nước miền Tây", "rest": "bút kí"},
        {"title": "Sông nước miền Tây: bút ký"},
    ),
    "parallel title on one side": (
        SAME,
        {},
        {"title": "Đất nước Việt Nam qua các đời = Vietnam through the ages"},
    ),
    "longer title of another book": (
        REVIEW,
        {"title": "Kỹ thuật nuôi cá", "pages": "60 tr."},
        {"title": "Kỹ thuật nuôi cá tra", "pages": "64 tr."},
    ),
    "long title cut short": (
        SAME,
        {"title": "Những vấn đề cơ bản của văn hoá làng xã Việt Nam"},
        {"title": "Những vấn đề cơ bản của văn hoá làng xã Việt Nam thời cận đại"},
    ),
    "cover title with one ISBN": (
        SAME,
        {"title": "Homo", "rest": "chuyện loài người", "isbn": ISBN},
        {"title": "Chuyện loài người", "variant": "Homo", "isbn": ISBN},
    ),
    "generic title, other topics": (
        DIFFERENT,
        {**GENERIC, "note": "Văn hoá đọc"},
        {**GENERIC, "note": "Di sản thành cổ"},
    ),
    "generic title, no topic, other pages": (REVIEW, GENERIC, {**GENERIC, "pages": "249 tr."}),
    "upper and lower volume": (DIFFERENT, {"number": "Quyển thượng"}, {"number": "Quyển hạ"}),
    "centuries in Roman figures": (
        DIFFERENT,
        {"title": "Việt Nam thế kỷ XIX"},
        {"title": "Việt Nam thế kỷ XX"},
    ),
    "a century in both figures": (SAME, {"title": "Việt Nam thế kỷ XIX"}, {"title": "Việt Nam thế kỉ 19"}),
    "an ampersand": (SAME, {"title": "Văn hoá & giáo dục"}, {"title": "Văn hoá và giáo dục"}),
    "a title typed without accents": (SAME, {}, {"title": "Dat nuoc Viet Nam qua cac doi"}),
    # persons
    "comma in the heading": (SAME, {"author": "Đào Duy Anh"}, {"author": "Đào, Duy Anh, 1904-1988"}),
    "another person": (DIFFERENT, {"publisher": None}, {"author": "Lê Thị Mai", "publisher": None}),
    "one shared person is enough": (SAME, {"author": "Đào Duy Anh ; Lê Mai"}, {"author": "Đào Duy Anh"}),
    "a foreign name in initials": (
        SAME,
        {**ENGLISH, "author": "Mason, R. E."},
        {**ENGLISH, "author": "Mason, Ruth Ellen"},
    ),
    "another foreign name": (
        REVIEW,
        {**ENGLISH, "author": "Mason, Ruth"},
        {**ENGLISH, "author": "Mason, Peter"},
    ),
    "no author on one side, short title": (REVIEW, SHORT, {**SHORT, "author": None}),
    "no author on one side, long title": (
        SAME,
        {"title": "Đình chùa và đền miếu vùng đồng bằng Bắc Bộ"},
        {"title": "Đình chùa và đền miếu vùng đồng bằng Bắc Bộ", "author": None},
    ),
    "a body in two forms": (
        SAME,
        {"author": None, "body": "Bộ GD&ĐT", "responsibility": "Bộ GD&ĐT"},
        {"author": None, "body": "Bộ Giáo dục và Đào tạo", "responsibility": "Bộ Giáo dục và Đào tạo"},
    ),
    "two translators": (
        DIFFERENT,
        {"responsibility": "Victor Hugo; Trần Hà dịch"},
        {"responsibility": "Victor Hugo; Lê Thu dịch"},
    ),
    # volumes
    "other volume": (DIFFERENT, {"number": "T.1"}, {"number": "Tập 2"}),
    "the same volume in another form": (SAME, {"number": "T.01"}, {"number": "Tập I"}),
    "volume in the series field": (DIFFERENT, {"series_number": "T.1"}, {"series_number": "T.2"}),
    "series number beside a series": (SAME, {"series": "Tủ sách sử học", "series_number": "7"}, {}),
    "volume on one side": (REVIEW, {}, {"number": "T.1"}),
    "volume and set": (DIFFERENT, {"pages": "3 t."}, {"number": "T.1"}),
    "second level differs": (DIFFERENT, {"number": "T.2, Q.1"}, {"number": "T.2, Q.2"}),
    # editions
    "other edition": (DIFFERENT, {"edition": "Tái bản lần thứ hai"}, {"edition": "Tái bản lần 3"}),
    "the same edition in words": (SAME, {"edition": "Tái bản lần thứ hai"}, {"edition": "Tái bản lần 2"}),
    "edition on one side": (SAME, {}, {"edition": "Tái bản lần 2"}),
    "printing": (SAME, {}, {"edition": "In lần thứ 3"}),
    "revised, more pages": (
        DIFFERENT,
        {"edition": "Tái bản lần 2"},
        {"edition": "Tái bản lần 2, có sửa chữa, bổ sung", "pages": "280 tr."},
    ),
    # years, pages, publishers
    "years apart": (DIFFERENT, {}, {"year": "1970"}),
    "years apart with one ISBN": (REVIEW, {"isbn": ISBN}, {"isbn": ISBN, "year": "1970"}),
    "years and pages apart": (DIFFERENT, {}, {"year": "1970", "pages": "300 tr."}),
    "neighbouring years": (SAME, {}, {"year": "1965"}),
    "neighbouring years of a textbook": (REVIEW, MATHS, {**MATHS, "year": "1965"}),
    "a decade": (SAME, {}, {"year": "[196-?]"}),
    "copyright year": (SAME, {"year": "1964"}, {"year": "c1964"}),
    "some pages more": (SAME, {}, {"pages": "245 tr."}),
    "many pages more": (DIFFERENT, {}, {"pages": "300 tr."}),
    "placeholder pages": (SAME, {}, {"pages": "0p"}),
    "another house": (DIFFERENT, {"publisher": "Trẻ"}, {"publisher": "Thanh niên", "pages": "248 tr."}),
    "two university presses": (
        DIFFERENT,
        {"publisher": "Đại học Quốc gia Hà Nội"},
        {"publisher": "Đại học Quốc gia Tp. Hồ Chí Minh", "pages": "246 tr."},
    ),
    "publisher in short": (SAME, {"publisher": "KHXH"}, {"publisher": "Nhà xuất bản Khoa học xã hội"}),
    "two houses, one name longer": (
        DIFFERENT,
        {"publisher": "Lao động"},
        {"publisher": "Lao động - Xã hội", "pages": "250 tr."},
    ),
    "pocket edition": (REVIEW, {"size": "15 cm"}, {"size": "24 cm"}),
    "only the partner company": (REVIEW, {"publisher": "Trẻ ; Nhã Nam"}, {"publisher": "Nhã Nam"}),
    "brief record": (REVIEW, {}, {"publisher": None, "year": None, "pages": None}),
    # identifiers
    "one ISBN for two works": (
        DIFFERENT,
        {"isbn": ISBN, "title": "Nghệ thuật pha trà"},
        {"isbn": ISBN, "title": "Sửa xe đạp", "author": "Lê An"},
    ),
    "a running number in 020": (
        DIFFERENT,
        {"isbn": "41256", "title": "Nghệ thuật pha trà", "pages": "0p"},
        {"isbn": "41256", "title": "Sửa xe đạp", "author": "Lê An", "pages": "0p"},
    ),
    "shared ISBN of a set": (
        DIFFERENT,
        {"isbn": f"{ISBN} (bộ)", "number": "T.1"},
        {"isbn": f"{ISBN} (bộ)", "number": "T.2"},
    ),
    "cancelled ISBN": (SAME, {"isbn": ISBN}, {"cancelled_isbn": ISBN}),
    # carriers, languages, kinds
    "online": (DIFFERENT, {}, {"fixed": ONLINE}),
    "microfilm": (DIFFERENT, {}, {"medium": "[vi phim]", "pages": "1 cuộn vi phim"}),
    "braille": (DIFFERENT, {}, {"script": "Chữ Braille"}),
    "spoken": (DIFFERENT, {}, {"leader": SOUND}),
    "accompanying disc": (SAME, {}, {"pages": "242 tr. + 1 CD"}),
    "reproduction note": (REVIEW, {}, {"reproduction": "Bản số hoá"}),
    "a link without extent": (REVIEW, {}, {"pages": None, "link": "https://example.org/1"}),
    "translation": (DIFFERENT, {"language": "vie"}, {"language": "eng"}),
    "teacher's book": (DIFFERENT, MATHS, {**MATHS, "rest": "sách giáo viên"}),
    "other grade": (DIFFERENT, MATHS, {**MATHS, "title": "Toán 8"}),
    "other textbook series": (
        DIFFERENT,
        {**MATHS, "series": "Cánh Diều"},
        {**MATHS, "series": "Chân trời sáng tạo"},
    ),
    "thesis and summary": (
        DIFFERENT,
        {"thesis": "Luận án TS.", "publisher": None},
        {"thesis": "Tóm tắt luận án TS.", "publisher": None},
    ),
    "thesis and book": (DIFFERENT, {"thesis": "Luận án TS.", "publisher": None}, {}),
    "two deposits of a thesis": (
        SAME,
        {"thesis": "Luận văn ThS."},
        {"thesis": "Luận văn thạc sĩ", "publisher": None},
    ),
    "standard of another year": (
        DIFFERENT,
        {"title": "TCVN 4037:1985 Cấp nước", "author": None},
        {"title": "TCVN 4037:2012 Cấp nước", "author": None},
    ),
    "standard in the heading": (
        SAME,
        {"title": "Cấp nước. Thuật ngữ", "author": "TCVN 4037-85"},
        {"title": "TCVN 4037:1985 - Cấp nước - Thuật ngữ", "author": None, "pages": None},
    ),
    "serial and monograph": (DIFFERENT, {"leader": SERIAL}, {}),
    "serial word": (
        SAME,
        {"leader": SERIAL, "title": "Tạp chí Khảo cổ học", "issn": "0866-742X"},
        {"leader": SERIAL, "title": "Khảo cổ học", "issn": "0866-742X"},
    ),
    "article and book": (DIFFERENT, {"leader": ARTICLE}, {}),
    "one article in two hosts": (
        DIFFERENT,
        {"leader": ARTICLE, "host": "Tạp chí Văn học"},
        {"leader": ARTICLE, "host": "Tạp chí Sử học"},
    ),
    "scale": (DIFFERENT, {"leader": MAP, "scale": "1:100.000"}, {"leader": MAP, "scale": "1:250.000"}),
    "publisher's numbers": (
        DIFFERENT,
        {"leader": MUSIC, "publisher_number": "DH-1"},
        {"leader": MUSIC, "publisher_number": "DH-2"},
    ),
    "vocal score": (
        DIFFERENT,
        {"leader": SCORE, "pages": "1 score (90 p.)"},
        {"leader": SCORE, "pages": "1 vocal score (90 p.)"},
    ),
    "woodblock": (REVIEW, {"year": "1871", "note": "Khắc in"}, {"year": "1871"}),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_are_decided_as_a_cataloguer_does(name: str) -> None:
    expected, left, right = PAIRS[name]
    decision = decide(a_book(**left), a_book(**right))
    assert decision.outcome is expected, [one for one in decision.evidence if one.weight]
