"""When the texts of a record are repaired, when they stay, and what is said."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrong_encodings import AS

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, ReadingRules, RecordFormat, TextEncoding
from unioncat.core.encoding.repair import encoding_of, repair
from unioncat.core.findings import FindingKind
from unioncat.core.marc import DEFAULT_LEADER, ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.core.parse.opac import keep_opac
from unioncat.core.parse.read import read_record

BOOK = (
    "đất rừng phương nam",
    "đoàn giỏi; minh hoạ: bùi xuân phái",
    "nxb. kim đồng",
    "1957",
    "300tr.",
    "21cm",
)
CLEAN = (
    ("Die Verwandlung", "von Franz Kafka ; herausgegeben für Schüler", "München : Süddeutscher Verlag", "Großdruck"),
    ("À la recherche du temps perdu", "« Où est-il ? »", "Paris, Éditions du Noël", "Œuvres complètes – tome I"),
    ("红楼梦", "曹雪芹著 ; 卡尔·马克思序", "北京", "人民文学出版社"),
    ("Høje toner på øen", "Søren Ångström", "København", "æ ø å é á í ó ú ý þ ð"),
    ("C++ in a nutshell (2nd ed.)", "O'Reilly & Associates, a(n) introduction", "E = mc^2, x^2 + y^2"),
    ("Võ Quảng: tuyển tập", "Lê Hoà", "Hà Nội", "ô, ý, à", "tr. 5 ; Th. S."),
)  # fmt: skip


@pytest.mark.parametrize("encoding", AS)
def test_a_record_in_a_wrong_encoding_is_repaired_and_that_is_told_once(encoding: TextEncoding) -> None:
    wrong = [AS[encoding](text) for text in BOOK]
    repaired = repair(wrong)
    assert repaired is not None
    assert repaired.texts == BOOK
    (finding,) = repaired.findings
    assert finding.kind is FindingKind.ENCODING_REPAIRED
    assert finding.detail.startswith("read as ")
    assert finding.detail.endswith("' is 'đất rừng phương nam'")


@pytest.mark.parametrize("encoding", AS)
def test_the_encoding_of_a_sample_is_proposed_with_an_example(encoding: TextEncoding) -> None:
    wrong = [AS[encoding](text) for text in BOOK]
    assert encoding_of(wrong) == (encoding, wrong[0], BOOK[0])
    assert encoding_of(BOOK) is None


@pytest.mark.parametrize("texts", CLEAN)
def test_right_text_of_any_language_stays_as_it_is(texts: tuple[str, ...]) -> None:
    assert repair(texts) is None


@pytest.mark.parametrize("encoding", [None, *AS])
def test_right_vietnamese_stays_as_it_is_whatever_is_declared(encoding: TextEncoding | None) -> None:
    texts = ("Đất rừng phương Nam", "Đoàn Giỏi", "Nxb. Kim Đồng", "giá 12.000đ")
    repaired = repair(texts, encoding)
    assert repaired is None or repaired.texts == texts
    if encoding:
        assert [finding.kind for finding in repaired.findings] == [FindingKind.CHARSET_CLAIM]


@given(st.lists(st.text(st.characters(max_codepoint=0x7F), max_size=30), max_size=8))
def test_no_ascii_text_without_the_signs_of_viqr_is_touched(texts: list[str]) -> None:
    assert repair([text.translate({ord(sign): None for sign in "^+("}) for text in texts]) is None


@given(st.lists(st.text(st.sampled_from("abcdeghilnoprstuvxyàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỷỹ ,.;:-"), max_size=40), max_size=8))  # fmt: skip
def test_repair_of_letters_of_right_vietnamese_adds_only_lost_letters(texts: list[str]) -> None:
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    repaired = repair(composed)
    if (
        repaired
        and any("ư" in text for text in composed)
        and any(set("ăđĩũơưạ") & set(text) for text in composed)
    ):
        for before, after in zip(composed, repaired.texts, strict=True):
            assert before == after or not set("ăđĩũơưạ") & set(before)


@given(st.lists(st.text(max_size=40), max_size=6), st.sampled_from([None, *TextEncoding]))
def test_repair_never_fails_and_keeps_the_number_of_texts(
    texts: list[str], declared: TextEncoding | None
) -> None:
    repaired = repair(texts, declared)
    assert repaired is None or (len(repaired.texts) == len(texts) and repaired.findings)


def test_a_text_of_eight_letters_is_not_enough() -> None:
    assert repair(["Tin häc"]) is None


def test_a_parallel_title_in_english_does_not_hinder_the_repair() -> None:
    texts = [
        AS[TextEncoding.TCVN3]("quản trị kinh doanh quốc tế = ")
        + "International business administration: text"
    ]
    assert repair(texts).texts == (
        "quản trị kinh doanh quốc tế = International business administration: text",
    )


def test_one_wrong_text_among_right_ones_is_repaired_alone() -> None:
    texts = ["Lê Thành", "Đất rừng phương Nam", AS[TextEncoding.VNI]("Lịch sử đất nước"), "hôm qua"]
    assert repair(texts).texts == ("Lê Thành", "Đất rừng phương Nam", "Lịch sử đất nước", "hôm qua")


def test_what_is_not_proven_stays_and_is_told() -> None:
    texts = [
        AS[TextEncoding.TCVN3]("hướng dẫn sử dụng phần mềm nguồn mở")
        + " Nautilus Prolines Matlab Pascal Monitor"
    ]
    repaired = repair(texts)
    assert repaired.texts == tuple(texts)
    assert [finding.kind for finding in repaired.findings] == [FindingKind.ENCODING_DOUBTFUL]
    assert "may be TCVN3" in repaired.findings[0].detail


def test_what_is_not_proven_is_read_as_its_source_declares() -> None:
    texts = [AS[TextEncoding.TCVN3]("phần mềm") + " Matlab"]
    assert repair(texts) is None
    assert repair(texts, TextEncoding.TCVN3).texts == ("phần mềm Matlab",)


def test_a_lost_letter_in_unicode_comes_back_only_where_no_other_is_left() -> None:
    assert repair(["Trờng đại học Bách khoa"]).texts == ("Trường đại học Bách khoa",)
    assert repair(["Th viện Quốc gia Việt Nam"]).texts == ("Thư viện Quốc gia Việt Nam",)
    assert repair(["Trờng đại học Bách khoa", "Từ điển thư mục"]) is None
    assert repair(["Trần Cơng Nghị"]) is None


def texts_of(read: object) -> list[str]:
    assert isinstance(read, ParsedRecord), read
    return [
        value for field in read.marc.fields if isinstance(field, DataField) for _, value in field.subfields
    ]


def delivered(form: RecordFormat, encoding: TextEncoding) -> DeliveredRecord:
    title = DataField("245", "10", tuple(("a", AS[encoding](text)) for text in BOOK))
    record = MarcRecord(DEFAULT_LEADER, (ControlField("001", "b1"), title))
    raw = {
        RecordFormat.ISO2709: render_iso2709(record),
        RecordFormat.MARCXML: render_marcxml(record),
        RecordFormat.MARC_JSON: json.dumps(render_marcjson(record)).encode(),
        RecordFormat.OAI_DC: "<dc xmlns='http://purl.org/dc/elements/1.1/'>{}</dc>".format(
            "".join(f"<description>{value}</description>" for _, value in title.subfields)
        ).encode(),
        RecordFormat.LIBOL: (
            "Ldr x\n#001 b1\n" + "".join(f"#500    $a{value}\n" for _, value in title.subfields)
        ).encode(),
        RecordFormat.ALEPH: "".join(
            f"000000001 500   L $$a{value}\n" for _, value in title.subfields
        ).encode(),
    }
    raw[RecordFormat.OPAC] = keep_opac(RecordFormat.ISO2709, raw[RecordFormat.ISO2709], ())
    return DeliveredRecord(raw[form], form, "record 1")


@pytest.mark.parametrize("encoding", AS)
@pytest.mark.parametrize("form", sorted(set(RecordFormat) - {RecordFormat.ROW}))
def test_the_repair_is_the_same_in_every_format(form: RecordFormat, encoding: TextEncoding) -> None:
    read = read_record(delivered(form, encoding))
    assert texts_of(read) == list(BOOK)
    assert FindingKind.ENCODING_REPAIRED in [finding.kind for finding in read.findings]


@pytest.mark.parametrize(
    ("declared", "raw", "text"),
    [
        (TextEncoding.TCVN3, "phÇn mÒm Matlab".encode("latin-1"), "phần mềm Matlab"),
        (TextEncoding.VNI, "ñaøn Pascal".encode("latin-1"), "đàn Pascal"),
        (TextEncoding.LATIN_1, "Müller, Köln".encode("latin-1"), "Müller, Köln"),
        (TextEncoding.MARC_8, b"L\xe2e H\xf2\xe3o", "Lé Hộ"),
        (
            TextEncoding.WINDOWS_1258,
            AS[TextEncoding.WINDOWS_1258]("tiếng Pascal").encode("cp1252"),
            "tiếng Pascal",
        ),
        (TextEncoding.TCVN3, "Đất rừng phương Nam".encode(), "Đất rừng phương Nam"),
    ],
)
def test_bytes_are_read_as_the_source_declares_unless_they_are_utf8(
    declared: TextEncoding, raw: bytes, text: str
) -> None:
    lines = b"000000001 LDR   L 00000nam a2200000 a 4500\n000000001 24510 L $$a" + raw
    read = read_record(
        DeliveredRecord(lines, RecordFormat.ALEPH, "record 1"), ReadingRules(encoding=declared)
    )
    assert texts_of(read) == [text]


@pytest.mark.data
def test_the_hand_made_cases_of_wrong_encodings_are_repaired(test_data: Path) -> None:
    cases = map(json.loads, (test_data / "match" / "cases.jsonl").read_text(encoding="utf-8").splitlines())
    titles = {
        case["id"]: texts_of(
            read_record(
                DeliveredRecord(json.dumps(case["left"]).encode(), RecordFormat.MARC_JSON, case["id"])
            )
        )
        for case in cases
        if "-ENC-" in case["id"]
    }
    expected = {
        "D-ENC-TCVN3": "lịch sử việt nam từ nguồn gốc đến năm 1858",
        "D-ENC-TCVN3LOST": "nghiên cứu xây dựng mục lục liên hợp trực tuyến cho thư viện công cộng",
        "D-ENC-VNI": "Đình Nam Bộ xưa và nay",
        "D-ENC-VNISAME": "Từ Sài Gòn đến Thành phố Hồ Chí Minh",
        "D-ENC-MOJI": "Lịch sử thế giới hiện đại",
        "D-ENC-VIQR": "Những nhận thức cơ bản về tư tưởng Hồ Chí Minh",
        "D-ENC-NFD": "Cơ sở văn hoá Việt Nam",
    }
    assert titles.keys() == expected.keys()
    for case, title in expected.items():
        assert title in titles[case]
