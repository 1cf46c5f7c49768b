"""The decision on two descriptions.

1. Any veto: different.
2. `Same` needs a score of SAME, a basis, and nothing that forbids it:
   - the basis is the title with an identifier; or with an author or publisher and with the year or the number of
     pages; a distinctive title also with the year and exactly the same pages. A publisher without a common author
     is enough for a distinctive title, or where persons stand on both sides or on neither.
   - a short or a long but not equal title needs author and year, and pages, a publisher or a second author.
   - a title that is only nearly the same, or neighbouring years, need author, publisher and exactly the same pages.
   - in foreign books year and exactly the same pages are enough; so are, with neighbouring years, an author and
     exactly the same pages, or an author, a publisher and a distinctive title.
   - a single piece of evidence of HOLD or below forbids it, also through a third description; publisher, subtitle
     and language yield to an identifier, and in foreign books one doubt to all other evidence (`outvoted.py`).
3. From the score REVIEW on a person should look; below, the two are different.

Missing is neutral: a feature that one side does not state gives no points.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from unioncat.core.match.evidence import Evidence, MatchDecision, Outcome, Verdict
from unioncat.core.match.features.author import compare_author
from unioncat.core.match.features.carrier import compare_carrier
from unioncat.core.match.features.edition import compare_edition
from unioncat.core.match.features.extent import compare_pages, compare_size
from unioncat.core.match.features.grouped_reprints import (
    compare_edition_of_reprints,
    compare_year_of_reprints,
)
from unioncat.core.match.features.host import compare_host
from unioncat.core.match.features.isbn import compare_isbn
from unioncat.core.match.features.issn import compare_issn
from unioncat.core.match.features.language import compare_language
from unioncat.core.match.features.lenient_publisher import compare_publisher_leniently
from unioncat.core.match.features.level import compare_level
from unioncat.core.match.features.place import compare_place
from unioncat.core.match.features.publisher import compare_publisher
from unioncat.core.match.features.publisher_number import compare_publisher_number
from unioncat.core.match.features.rare import compare_rare
from unioncat.core.match.features.scale import compare_scale
from unioncat.core.match.features.standard import compare_standard
from unioncat.core.match.features.subtitle import compare_subtitle
from unioncat.core.match.features.system_number import compare_system_number
from unioncat.core.match.features.textbook import compare_textbook
from unioncat.core.match.features.title import compare_title
from unioncat.core.match.features.topic import compare_topic
from unioncat.core.match.features.translator import compare_translator
from unioncat.core.match.features.volume import compare_volume
from unioncat.core.match.features.work import compare_work
from unioncat.core.match.features.year import compare_year
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.outvoted import outvoted_doubt
from unioncat.core.match.policy import DEFAULT, POLICIES, Policy, PublisherRule, Reprint
from unioncat.core.match.weights import (
    HOLD,
    OUTVOTED,
    PAGES_SHARED,
    REVIEW,
    SAME,
    TITLE_DISTINCTIVE,
    TITLE_NEARLY,
    TITLE_SHORT,
    VETO,
)
from unioncat.core.normalise.description import Description

Feature = Callable[[Description, Description], Evidence]

FEATURES: tuple[Feature, ...] = (
    compare_title,
    compare_subtitle,
    compare_author,
    compare_translator,
    compare_publisher,
    compare_place,
    compare_year,
    compare_pages,
    compare_size,
    compare_isbn,
    compare_issn,
    compare_standard,
    compare_publisher_number,
    compare_system_number,
    compare_volume,
    compare_edition,
    compare_level,
    compare_carrier,
    compare_language,
    compare_textbook,
    compare_work,
    compare_scale,
    compare_host,
    compare_topic,
    compare_rare,
)

_INSTEAD: Mapping[str, Mapping[Feature, Feature]] = {
    Reprint.GROUPED: {compare_edition: compare_edition_of_reprints, compare_year: compare_year_of_reprints},
    PublisherRule.LENIENT: {compare_publisher: compare_publisher_leniently},
}
"""What a choice of the policy puts in the place of a feature."""

VETOED = VETO / 2
"""A score that only a veto gives: no sum of other evidence is as low."""
_IDENTIFIERS = ("isbn", "issn", "standard", "publisher number", "system number")
_WITNESSES = ("author", "year", "pages")
YIELD_TO_IDENTIFIER = frozenset({"publisher", "subtitle", "language"})


def _features_under(policy: Policy) -> tuple[Feature, ...]:
    instead = {**_INSTEAD.get(policy.reprint, {}), **_INSTEAD.get(policy.publisher, {})}
    return tuple(instead.get(feature, feature) for feature in FEATURES)


_FEATURES_OF = {policy: _features_under(policy) for policy in POLICIES}


def features_of(policy: Policy) -> tuple[Feature, ...]:
    """The features that vote under a policy, the title first."""
    return _FEATURES_OF[policy]


def decide(left: Description, right: Description, policy: Policy = DEFAULT) -> MatchDecision:
    """Whether two descriptions are of one publication; the same in either order."""
    return conclude(tuple([compare(left, right) for compare in _FEATURES_OF[policy]]), left, right)


def conclude(evidence: tuple[Evidence, ...], left: Description, right: Description) -> MatchDecision:
    """What follows from what all features say of two descriptions, in any order."""
    score = sum([one.weight for one in evidence])
    if score <= VETOED:
        return MatchDecision(Outcome.DIFFERENT, score, True, evidence)
    said = {one.feature: one for one in evidence}
    if doubt := outvoted_doubt(said, left, right):
        return _without_doubt(evidence, doubt)
    held = _is_held(said)
    if score < REVIEW:
        return MatchDecision(Outcome.DIFFERENT, score, held, evidence)
    same = score >= SAME and not held and _has_basis(said, left, right)
    return MatchDecision(Outcome.SAME if same else Outcome.REVIEW, score, held, evidence)


def _without_doubt(evidence: tuple[Evidence, ...], doubt: str) -> MatchDecision:
    """The decision where all other evidence outvotes one doubt."""
    lighter = tuple([replace(e, weight=OUTVOTED) if e.feature == doubt else e for e in evidence])
    score = sum([one.weight for one in lighter])
    return MatchDecision(Outcome.SAME if score >= SAME else Outcome.REVIEW, score, False, lighter)


def _has_basis(said: dict[str, Evidence], left: Description, right: Description) -> bool:
    def agrees(feature: str) -> bool:
        return said[feature].verdict is Verdict.AGREE

    if not agrees("title"):
        return False
    if _has_identifier(said):
        return True
    title, dated, paged = said["title"].weight, agrees("year"), agrees("pages")
    named, published, exactly = agrees("author"), agrees("publisher"), said["pages"].weight == PAGES_SHARED
    foreign = are_foreign(left, right)
    doubts = sum(said[name].verdict is Verdict.DISAGREE for name in _WITNESSES) + (title <= TITLE_NEARLY)
    if doubts > 1:
        return False
    if foreign and _has_foreign_basis(said, exactly):
        return True
    if said["author"].verdict is Verdict.DISAGREE:
        return dated and published and exactly
    if said["pages"].verdict is Verdict.DISAGREE:
        return dated and named and published
    if said["year"].verdict is Verdict.DISAGREE:
        return named and published and exactly
    if title <= TITLE_NEARLY:
        return dated and named and (exactly or (foreign and published))
    if title <= TITLE_SHORT:
        several = len(left.persons & right.persons) > 1
        return dated and (
            (named and (paged or published or foreign or several)) or (foreign and published and exactly)
        )
    if named:
        return dated or paged
    distinctive = title == TITLE_DISTINCTIVE
    if published and (distinctive or bool(left.persons) == bool(right.persons) or (foreign and exactly)):
        return dated or paged
    return distinctive and dated and exactly


def _has_foreign_basis(said: dict[str, Evidence], exactly: bool) -> bool:
    """What is enough besides for foreign books, where nothing but one light doubt speaks against."""
    title, author, year = said["title"].weight, said["author"].verdict, said["year"].verdict
    named, published = author is Verdict.AGREE, said["publisher"].verdict is Verdict.AGREE
    if author is Verdict.DISAGREE or said["pages"].verdict is Verdict.DISAGREE:
        return False
    if year is Verdict.AGREE:
        return exactly and (published or title > TITLE_NEARLY)
    if year is Verdict.DISAGREE:
        return named and ((exactly and title > TITLE_SHORT) or (published and title == TITLE_DISTINCTIVE))
    return False


def _has_identifier(said: dict[str, Evidence]) -> bool:
    return any(said[name].verdict is Verdict.AGREE and said[name].weight > 1 for name in _IDENTIFIERS)


def _is_held(said: dict[str, Evidence]) -> bool:
    yielding = YIELD_TO_IDENTIFIER if _has_identifier(said) else frozenset()
    return any(one.weight <= HOLD for name, one in said.items() if name not in yielding)
