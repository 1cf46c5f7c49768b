"""What the commands print is there in both languages."""

from string import Formatter

from unioncat.cli.quality_text import texts_in
from unioncat.core.quality.verdict import Verdict
from unioncat.core.registry import SourceState


def test_the_languages_have_the_same_texts_with_the_same_values() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    vietnamese, english = texts_in("vi"), texts_in("en")
    assert vietnamese.keys() == english.keys()
    assert all(places(vietnamese[key]) == places(english[key]) for key in vietnamese)


def test_every_verdict_and_state_has_a_text() -> None:
    assert {*Verdict, *SourceState} <= texts_in("vi").keys()
