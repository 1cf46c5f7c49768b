"""How publications that are not the same belong together, and that they meet to be judged."""

import pytest
from books import a_record
from hypothesis import given, settings
from hypothesis import strategies as st

from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.keys import is_candidate, match_keys
from unioncat.core.match.relate import relate
from unioncat.core.match.relation import Relation
from unioncat.core.match.relation_keys import relation_keys
from unioncat.core.normalise.description import Description, describe

SERIAL, SOUND, MUSIC = "00000nas a2200000 a 4500", "00000nim a2200000 a 4500", "00000njm a2200000 a 4500"
SCORE = "00000ncm a2200000 a 4500"
ISSN, OTHER_ISSN = "0866-7373", "0001-253X"
SET_ISBN = "9786045701126"
_BOOK = {
    "title": "Đất nước Việt Nam qua các đời",
    "author": "Đào Duy Anh",
    "publisher": "Khoa học",
    "year": "1964",
    "pages": "242 tr.",
}
_SERIAL = {"title": "Tạp chí Thư viện Việt Nam", "publisher": "Thư viện Quốc gia"}


def the_book(leader: str = "00000nam a2200000 a 4500", *more: DataField, **values: str | None) -> Description:
    """An ordinary book with some values changed, and further fields."""
    return _described(a_record(leader, **{**_BOOK, **values}), more)


def the_serial(*more: DataField, **values: str | None) -> Description:
    """An ordinary journal with some values changed, and further fields."""
    return _described(a_record(SERIAL, **{**_SERIAL, **values}), more)


def a_link(tag: str, **subfields: str) -> DataField:
    """A field that names another publication."""
    return DataField(tag, "0 ", tuple(subfields.items()))


def _described(record: MarcRecord, more: tuple[DataField, ...]) -> Description:
    return describe(MarcRecord(record.leader, record.fields + more))


def related(left: Description, right: Description) -> Relation | None:
    """The relation of a pair; it is the inverse from the other side, and the pair meets by its keys."""
    kind = relate(left, right, decide(left, right))
    other = relate(right, left, decide(right, left))
    assert other == (kind.inverse if kind else None)
    if kind:
        assert is_candidate(match_keys(left) & match_keys(right), crowded=frozenset())
    return kind


MALE = {"title": "Nhà giả kim", "publisher": "Văn học", "year": "2013", "pages": "227 tr."}
SAME_TEXT = {
    "another year": {"year": "1994"},
    "a numbered reprint": {"edition": "Tái bản lần thứ 2", "year": "1997", "pages": "240 tr."},
    "another publisher and another number of pages": {
        "publisher": "Thuận Hóa",
        "year": "1994",
        "pages": "250 tr.",
    },
}
OTHER_TEXT = {
    "another author": {"author": "Lê Thành Khôi", "year": "1994"},
    "another subtitle": {"rest": "truyện tranh thiếu nhi", "year": "1994"},
    "a twentieth of the pages": {"pages": "12 tr.", "year": "1994"},
    "a thesis": {"thesis": "Luận án tiến sĩ : Lịch sử", "year": "1994"},
    "a title that only begins alike": {"title": "Đất nước Việt Nam qua các đời tiền sử", "year": "1994"},
    "a part with its own title": {"part": "Thời dựng nước", "year": "1994"},
    "a law of that name": {"title": "Luật đất đai", "author": None, "year": "1994"},
}


@pytest.mark.parametrize("changed", SAME_TEXT.values(), ids=SAME_TEXT)
def test_the_same_text_printed_again_is_another_edition(changed: dict[str, str | None]) -> None:
    assert related(the_book(rest="nghiên cứu"), the_book(rest="nghiên cứu", **changed)) is (
        Relation.OTHER_EDITION
    )


@pytest.mark.parametrize("changed", OTHER_TEXT.values(), ids=OTHER_TEXT)
def test_another_text_is_no_edition(changed: dict[str, str | None]) -> None:
    assert related(the_book(rest="nghiên cứu"), the_book(**{"rest": "nghiên cứu", **changed})) is None


def test_the_same_publication_has_no_relation_to_itself() -> None:
    left, right = the_book(), the_book(publisher="Nxb. Khoa học")
    assert decide(left, right).outcome is Outcome.SAME
    assert related(left, right) is None


def test_reports_of_two_years_that_a_body_gives_one_title_are_no_editions() -> None:
    report = {"title": "Niên giám thống kê", "author": None, "publisher": "Thống kê", "pages": "400 tr."}
    assert related(the_book(**report), the_book(**{**report, "year": "1970", "pages": "430 tr."})) is None


def test_a_pupils_book_and_its_teachers_book_are_not_related() -> None:
    maths = {"title": "Toán 7", "author": "Lê Văn Bình", "publisher": "Giáo dục"}
    assert related(the_book(**maths), the_book(**{**maths, "title": "Toán 7. Sách giáo viên"})) is None


def test_two_numbers_of_one_set_are_volumes_of_it() -> None:
    assert related(the_book(number="T.1"), the_book(number="T.2", year="1970")) is Relation.OTHER_VOLUME


def test_volumes_of_two_books_of_one_title_are_not_related() -> None:
    poems = {"title": "Tuyển tập"}
    assert related(the_book(**poems, number="T.1"), the_book(**poems, number="T.2", author="Tố Hữu")) is None


def test_a_record_of_all_volumes_is_the_set_of_one() -> None:
    assert related(the_book(number="T.1"), the_book(pages="3 tập", year="1970")) is Relation.SET


def test_a_record_of_one_volume_is_no_set() -> None:
    assert related(the_book(number="T.1"), the_book()) is None


@pytest.mark.parametrize("number", ["T.1, Q.2", "T.1-3"])
def test_a_part_of_a_volume_and_some_volumes_are_volumes_of_the_set(number: str) -> None:
    assert related(the_book(number="T.1"), the_book(number=number)) is Relation.OTHER_VOLUME


def test_volumes_without_names_meet_each_other_and_their_set() -> None:
    names = {"title": "Lịch sử phong trào công nhân Việt Nam", "author": None, "publisher": "Lao động"}
    one = the_book(**names, number="T.1")
    assert related(one, the_book(**{**names, "year": "1974"}, number="T.2")) is Relation.OTHER_VOLUME
    assert related(one, the_book(**{**names, "year": "1990", "pages": "4 tập"})) is Relation.SET


def test_the_isbn_of_the_set_says_that_a_book_is_the_set() -> None:
    volume = the_book(isbn=f"{SET_ISBN} (bộ)", number="T.1")
    whole = the_book(isbn=SET_ISBN, year="1999", publisher="Văn học")
    assert related(volume, whole) is Relation.SET


def test_an_audio_book_is_another_format_of_the_book() -> None:
    assert related(the_book(), the_book(SOUND, pages="1 CD")) is Relation.OTHER_FORMAT


def test_a_recording_of_another_publisher_and_year_is_another_edition() -> None:
    other = the_book(SOUND, pages="1 CD", publisher="Sáng tạo", year="2010")
    assert related(the_book(), other) is Relation.OTHER_EDITION


def test_a_link_says_that_it_is_another_format() -> None:
    link = a_link("776", t=_BOOK["title"])
    other = the_book(SOUND, link, pages="1 CD", publisher="Sáng tạo", year="2010")
    assert related(the_book(), other) is Relation.OTHER_FORMAT


def test_two_recordings_of_one_song_by_other_people_are_not_related() -> None:
    song = {"title": "Girl from Ipanema", "publisher": "Verve", "year": "1964"}
    left = the_book(MUSIC, **{**song, "author": "Jobim, Antonio Carlos", "pages": "1 sound cassette"})
    right = the_book(
        MUSIC,
        a_link("700", a="Sinatra, Frank"),
        a_link("700", a="Ogerman, Claus"),
        **{**song, "author": "Jobim, Antonio Carlos", "pages": "1 sound disc"},
    )
    assert related(left, right) is None


def test_a_score_is_no_other_format_of_its_recording() -> None:
    piece = {"title": "I hear a rhapsody", "author": "Abercrombie, John", "publisher": "Advance Music"}
    for leader in (MUSIC, SCORE):
        printed = the_book(leader, **piece, pages="1 v. of music")
        assert related(printed, the_book(leader, **piece, pages="1 sound disc")) is None


def test_a_translation_names_its_original() -> None:
    original = the_book(title="The alchemist", author="Paulo Coelho", language="eng", publisher="Harper")
    translated = the_book(
        "00000nam a2200000 a 4500", a_link("765", t="The alchemist"), author="Paulo Coelho", **MALE
    )
    assert related(translated, original) is Relation.TRANSLATION


def test_two_translations_of_one_original_are_translations_of_each_other() -> None:
    note = {"author": "Paulo Coelho", "note": "Nguyên bản tiếng Bồ Đào Nha: O alquimista"}
    english = {"title": "The alchemist", "publisher": "Harper", "year": "1993", "language": "eng"}
    assert related(the_book(**note, **english), the_book(**note, **MALE)) is Relation.TRANSLATION


def test_a_book_of_another_author_is_no_translation_of_what_it_names() -> None:
    original = the_book(title="The alchemist", author="Ben Jonson", language="eng", publisher="Dent")
    translated = the_book(
        "00000nam a2200000 a 4500", a_link("765", t="The alchemist"), author="Paulo Coelho", **MALE
    )
    assert related(translated, original) is None


def test_a_careless_code_of_language_makes_no_translation() -> None:
    left = the_book(title="Aviator's guide to navigation", author="Donald Clausing", language="eng")
    right = the_book(title="Aviator's guide to navigation", author="Donald Clausing", language="vie")
    assert related(left, right) is not Relation.TRANSLATION


def test_a_code_with_all_else_different_makes_a_translation() -> None:
    french = {"title": "Mister Jelly Roll", "author": "Alan Lomax", "language": "fre", "pages": "362 p."}
    english = {**french, "language": "eng", "pages": "318 p.", "publisher": "Pantheon", "year": "1991"}
    assert related(the_book(**french), the_book(**english)) is Relation.TRANSLATION


def test_who_wrote_the_libretto_of_an_opera_did_not_translate_the_play() -> None:
    play = the_book(title="Macbeth", author="William Shakespeare", language="eng", pages="240 p.")
    opera = the_book(
        "00000nam a2200000 a 4500",
        a_link("700", a="Verdi, Giuseppe"),
        a_link("700", a="Shakespeare, William"),
        title="Macbeth",
        author="Francesco Maria Piave",
        language="ita",
        publisher="Ricordi",
        year="1847",
        pages="43 p.",
    )
    assert related(play, opera) is None


def test_a_serial_names_its_earlier_title_by_issn() -> None:
    later = the_serial(a_link("780", t="Tập san Thư viện", x=OTHER_ISSN), issn=ISSN)
    earlier = the_serial(title="Tập san Thư viện", issn=OTHER_ISSN)
    assert related(later, earlier) is Relation.EARLIER
    assert related(earlier, later) is Relation.LATER


def test_a_serial_names_its_later_title_by_title() -> None:
    later = the_serial()
    earlier = the_serial(a_link("785", t="Tạp chí Thư viện Việt Nam"), title="Tập san Thư viện")
    assert related(later, earlier) is Relation.EARLIER


def test_a_link_with_a_number_does_not_lead_to_a_serial_with_another() -> None:
    later = the_serial(a_link("780", t="Tập san Thư viện", x="0378-5955"), issn=ISSN)
    assert related(later, the_serial(title="Tập san Thư viện", issn=OTHER_ISSN)) is None


def test_a_title_of_one_word_leads_to_no_serial_of_another_publisher() -> None:
    later = the_serial(a_link("780", t="Schriftenreihe"), title="Schriften des Museums", publisher="Kreuz")
    assert related(later, the_serial(title="Schriftenreihe", publisher="Ernährung")) is None
    assert related(later, the_serial(title="Schriftenreihe", publisher="Kreuz")) is Relation.EARLIER


def test_two_titles_that_both_claim_to_be_earlier_are_not_related() -> None:
    left = the_serial(a_link("780", x=OTHER_ISSN), issn=ISSN)
    right = the_serial(a_link("780", x=ISSN), title="Tập san Thư viện", issn=OTHER_ISSN)
    assert related(left, right) is None


def test_an_online_journal_is_another_format_of_the_printed_one() -> None:
    online = a_link("338", a="online resource", b="cr")
    printed = the_serial(issn=ISSN, pages="tập ; 27 cm")
    assert related(printed, the_serial(online, issn=OTHER_ISSN, pages="1 online resource")) is (
        Relation.OTHER_FORMAT
    )


def test_a_serial_and_a_book_are_never_related() -> None:
    assert related(the_serial(), the_book(**_SERIAL)) is None


def test_a_title_that_names_no_other_publication_has_no_key_more() -> None:
    assert relation_keys(the_book()) == frozenset()
    assert relation_keys(the_book(number="T.1")) == frozenset()


def test_a_named_title_is_found_without_its_article() -> None:
    named = the_book("00000nam a2200000 a 4500", a_link("765", t="The old man and the sea"))
    plain = the_book(title="Old man and the sea")
    assert relation_keys(named) & match_keys(plain)


values = {
    "title": st.sampled_from(("Nhà giả kim", "The alchemist", "Tuyển tập", "Tạp chí Thư viện")),
    "author": st.sampled_from(("Paulo Coelho", "Coelho, Paulo ; Lê Chu Cầu dịch", None)),
    "number": st.sampled_from((None, "T.1", "T.2", "T.2, Q.1")),
    "language": st.sampled_from((None, "vie", "eng")),
    "publisher": st.sampled_from((None, "Văn học", "Harper")),
    "year": st.sampled_from((None, "1993", "2013")),
    "pages": st.sampled_from((None, "227 tr.", "1 CD", "3 tập")),
    "edition": st.sampled_from((None, "Tái bản lần thứ 2")),
    "note": st.sampled_from((None, "Nguyên bản: The alchemist")),
}
links = st.builds(
    lambda tag, title: a_link(tag, t=title),
    st.sampled_from(("765", "776", "780", "785")),
    st.sampled_from(("Nhà giả kim", "The alchemist", "Tạp chí Thư viện")),
)
described = st.builds(
    lambda leader, more, given: the_book(leader, *more, **given),
    st.sampled_from(("00000nam a2200000 a 4500", SERIAL, SOUND, MUSIC)),
    st.lists(links, max_size=2),
    st.fixed_dictionaries(values),
)


@settings(max_examples=150, deadline=None)
@given(described, described)
def test_a_relation_read_from_the_other_side_is_its_inverse(left: Description, right: Description) -> None:
    kind = relate(left, right, decide(left, right))
    assert relate(right, left, decide(right, left)) == (kind.inverse if kind else None)


@settings(max_examples=150, deadline=None)
@given(described, described)
def test_nothing_is_related_to_what_is_the_same(left: Description, right: Description) -> None:
    decision = decide(left, right)
    assert decision.outcome is not Outcome.SAME or relate(left, right, decision) is None
