"""Every text of the pages is there in every language, and none is there in vain."""

import re
from pathlib import Path
from string import Formatter

import pytest

import api
from api.messages import LANGUAGES, MESSAGES
from api.problems import KINDS
from unioncat.core.index.fields import TextField
from unioncat.core.index.publication_format import FORMATS
from unioncat.core.index.request import FacetName, Sort
from unioncat.core.match.relation import Relation
from unioncat.core.quality.sentences import Severity
from unioncat.core.quality.verdict import Verdict
from unioncat.core.registry import HarvestStatus, Protocol, SourceState

HERE = Path(api.__file__).parent
NAMED = ("format", "language", "tag", "protocol", "relation", "status", "severity", "verdict", "source_state")
NAMED += ("facet_yes", "found_in")
"""Tables of names: a code without one is shown as it is."""


def used_keys() -> set[str]:
    sources = [*(HERE / "templates").glob("*.html"), *(HERE / "pages").glob("*.py")]
    found = [match for path in sources for match in re.findall(_CALL, path.read_text("utf-8"))]
    keys = {key for _, key, glued in found if not glued}
    for call, key, glued in found:
        if call in ("n", "page.count") and not glued:
            keys = (keys - {key}) | {f"{key}.one", f"{key}.other"}
    return keys | GLUED


_CALL = r"\b(t|n|page\.text|page\.count|self\.text|builder\.page\.text)\(\s*f?\"([\w.-]+)\"(\s*~)?"

GLUED = {
    *(f"facet.{name}" for name in FacetName),
    *(f"sort.{sort}" for sort in Sort),
    *(f"search.{part}_{kind}" for part in ("example", "help") for kind in ("phrase", "field", "without", "start", "or")),
    *(f"registry.{part}" for part in ("delivered", "created", "updated", "unchanged", "deleted", "rejected")),
    *(f"error.{name}.{part}" for name in ("not-found", "other", *(k.name for k in KINDS)) for part in ("title", "text")),
    "search.year_from",
    "search.year_to",
}  # fmt: skip
"""Keys that are put together where they are used."""


def test_the_languages_have_the_same_keys() -> None:
    assert MESSAGES["vi"].keys() == MESSAGES["en"].keys()


def test_the_languages_fill_in_the_same_values() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    for key, text in MESSAGES["vi"].items():
        assert places(text) == places(MESSAGES["en"][key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_in_use_has_a_text_and_every_text_is_in_use(language: str) -> None:
    texts = {key for key in MESSAGES[language] if key.partition(".")[0] not in NAMED}
    assert used_keys() == texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_coded_value_of_ours_has_a_name(language: str) -> None:
    names = MESSAGES[language]
    assert {f"format.{value}" for value in FORMATS} <= names.keys()
    assert {f"facet_yes.{value}" for value in (FacetName.DIGITAL, FacetName.LOAN)} <= names.keys()
    assert {
        f"found_in.{value}" for value in set(TextField) - {TextField.TITLE, TextField.CONTRIBUTOR}
    } <= names.keys()
    assert {f"relation.{value}" for value in Relation} <= names.keys()
    assert {f"status.{value}" for value in HarvestStatus} <= names.keys()
    assert {f"protocol.{value}" for value in Protocol} <= names.keys()
    assert {f"severity.{value}" for value in Severity} <= names.keys()
    assert {f"verdict.{value}" for value in Verdict} <= names.keys()
    assert {f"source_state.{value}" for value in SourceState} <= names.keys()
