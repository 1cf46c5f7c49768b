from collections.abc import Mapping
from dataclasses import replace

from search_documents import a_document

from unioncat.core.identifiers import Isil
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.of_libraries import ShownLibrary, parts_of_libraries

HUE, HANOI, NOBODY = Isil("VN-HUE"), Isil("VN-HN"), Isil("VN-X")


def with_libraries(document: SearchDocument, known: Mapping[Isil, ShownLibrary]) -> SearchDocument:
    return replace(document, **parts_of_libraries(document.libraries, document.available_at, known))


KNOWN = {
    HUE: ShownLibrary("Huế", "provincial", ("mien-trung", "cong-cong")),
    HANOI: ShownLibrary("Hà Nội", "university", ("cong-cong",), lends=False),
}


def test_a_document_says_what_is_known_of_its_libraries() -> None:
    found = with_libraries(a_document(1, "A", libraries=(HANOI, HUE)), KNOWN)
    assert found.provinces == ("Huế", "Hà Nội")
    assert found.kinds == ("provincial", "university")
    assert found.groups == ("cong-cong", "mien-trung")


def test_a_library_that_is_not_registered_adds_nothing() -> None:
    stated = a_document(1, "A", libraries=(NOBODY,), available_at=(NOBODY,))
    assert with_libraries(stated, KNOWN) == stated


def test_it_is_for_loan_where_a_library_that_lends_has_it_on_the_shelf() -> None:
    stated = a_document(1, "A", libraries=(HANOI, HUE))
    assert not with_libraries(replace(stated, available_at=(HANOI,)), KNOWN).is_for_loan
    assert with_libraries(replace(stated, available_at=(HANOI, HUE)), KNOWN).is_for_loan
    assert not with_libraries(stated, KNOWN).is_for_loan
