"""A decision in lines for people, in Vietnamese or English (`sentences.toml`)."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from unioncat.core.match.evidence import Evidence, MatchDecision, Verdict
from unioncat.core.match.patterns import name_feature
from unioncat.core.normalise.lists import as_written, written_words_of
from unioncat.core.normalise.vietnamese import plain, write_tones

_Texts = Mapping[str, Mapping[str, str]]
_NOTHING: Mapping[str, str] = {}
_SEVERAL = re.compile(r"\+| / ")
_NUMBER = re.compile(r"\d+")


def explain(decision: MatchDecision, language: str, written: Mapping[str, str] = _NOTHING) -> list[str]:
    """The outcome, then one line for each feature that said something, vetoes first, then the heaviest.

    `written` gives the names as the records write them, see `wording.py`.
    """
    spoken = [one for one in decision.evidence if one.verdict is not Verdict.SILENT]
    lines = sorted(spoken, key=lambda one: (one.verdict is not Verdict.VETO, -abs(one.weight), one.feature))
    return [_say_outcome(decision, language), *(_say_feature(one, language, written) for one in lines)]


def sentence(evidence: Evidence, language: str, written: Mapping[str, str] = _NOTHING) -> str:
    """What a feature says, in Vietnamese (`vi`) or English (`en`); names and titles as people write them."""
    text = load_sentences()["sentence"][evidence.code][language]
    return text.format(*(_Value(value, language, written) for value in evidence.values))


@cache
def load_sentences() -> Mapping[str, _Texts]:
    """The tables of words, read once."""
    tables: Mapping[str, _Texts] = tomllib.loads(
        files(__package__).joinpath("sentences.toml").read_text("utf-8")
    )
    return tables


def _say_outcome(decision: MatchDecision, language: str) -> str:
    tables = load_sentences()
    form = "vetoed" if any(one.verdict is Verdict.VETO for one in decision.evidence) else "score"
    outcome = tables["outcome"][decision.outcome][language]
    return tables["form"][form][language].format(
        outcome=outcome, score=_write_number(f"{decision.score:g}", language)
    )


def _say_feature(evidence: Evidence, language: str, written: Mapping[str, str]) -> str:
    tables = load_sentences()
    form = "points" if evidence.weight and evidence.verdict is not Verdict.VETO else "plain"
    return tables["form"][form][language].format(
        feature=_capitalise(name_feature(evidence.feature, language)),
        verdict=tables["verdict"][evidence.verdict][language],
        points=_write_number(f"{evidence.weight:+g}", language),
        sentence=sentence(evidence, language, written),
    )


def _write_number(number: str, language: str) -> str:
    return number.replace(".", ",") if language == "vi" else number


class _Value(str):
    """A value in a sentence; the table says after the colon how it is written."""

    language: str
    written: Mapping[str, str]

    def __new__(cls, value: str, language: str, written: Mapping[str, str]) -> "_Value":
        made = super().__new__(cls, value)
        made.language, made.written = language, written
        return made

    def __format__(self, form: str) -> str:
        match form:
            case "name":
                return self.written.get(self) or " ".join(map(_capitalise, write_tones(self).split()))
            case "title":
                return _capitalise(write_tones(self))
            case "tones":
                return write_tones(self)
            case "listed":
                return _listed_names().get(self) or self.written.get(self) or _capitalise(write_tones(self))
            case "term":
                return ", ".join(_say_term(one, self.language) for one in _SEVERAL.split(self))
            case "languages":
                return ", ".join(_say_language(one, self.language) for one in _SEVERAL.split(self))
            case _:
                return str(self)


@cache
def _listed_names() -> Mapping[str, str]:
    """How the publishers and places of the lists are written, by their names in plain letters."""
    names = [*written_words_of("publishers", "partners")]
    for table, name in (("publishers", "international"), ("publishers", "aliases"), ("places", "aliases")):
        names += as_written(table, name)
    return {plain(one): one for one in sorted(names)}


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _say_term(term: str, language: str) -> str:
    """A class in words; the number in it, if there is one, stands where the table has #."""
    number = _NUMBER.search(term)
    known = load_sentences()["term"]
    if term not in known and number:
        return known[_NUMBER.sub("#", term, count=1)][language].replace("#", number[0])
    return known[term][language]


def _say_language(code: str, language: str) -> str:
    return load_sentences()["language"].get(code, {}).get(language, code)
