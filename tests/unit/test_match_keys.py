"""Which records find each other before anything is compared."""

from books import a_book

from unioncat.core.match.keys import is_candidate, match_keys


def share(left: dict[str, str | None], right: dict[str, str | None]) -> set[str]:
    return {key.partition(":")[0] for key in match_keys(a_book(**left)) & match_keys(a_book(**right))}


def test_an_isbn_is_a_key_and_a_running_number_is_none() -> None:
    assert "isbn:9786045701126" in match_keys(a_book(isbn="978-604-57-0112-6"))
    assert not any(key.startswith("isbn:") for key in match_keys(a_book(isbn="42256")))


def test_the_isbn_of_a_set_is_no_key() -> None:
    assert not any(key.startswith("isbn:") for key in match_keys(a_book(isbn="9786045701126 (bộ)")))


def test_records_without_accents_find_those_with_accents() -> None:
    assert {"title", "opening", "author", "extent"} <= share(
        {}, {"title": "Dat nuoc Viet Nam qua cac doi", "author": "Dao Duy Anh"}
    )


def test_neighbouring_years_meet_and_years_further_apart_do_not() -> None:
    assert "opening" in share({}, {"year": "1965"})
    assert "opening" not in share({}, {"year": "1966"})


def test_a_decade_meets_each_of_its_years() -> None:
    assert "opening" in share({"year": "[196-?]"}, {"year": "1969"})


def test_a_misspelt_title_is_found_by_person_year_and_pages() -> None:
    assert share({}, {"title": "Tổ quốc Việt Nam"}) == {"extent"}


def test_another_title_of_the_publication_is_a_key_too() -> None:
    assert "title" in share({"title": "Homo"}, {"title": "Chuyện loài người", "variant": "Homo"})


def test_volumes_of_one_title_have_different_title_keys() -> None:
    assert "title" not in share({"number": "T.1"}, {"number": "T.2"})


def test_two_crowded_keys_of_one_type_are_not_enough() -> None:
    crowded = {"title:a", "title:b", "author:c"}
    assert not is_candidate({"title:a", "title:b"}, crowded)
    assert is_candidate({"title:a", "author:c"}, crowded)
    assert is_candidate({"title:x"}, crowded)
