"""How two publications that are not the same belong together. The first rule that knows the pair decides.

1. Serials: a link (780, 785) says which is the earlier title; the same title on another carrier is another format.
   A title of one word (`Schriftenreihe`) without a number leads only to a serial of the same publisher.
2. Nothing relates a pupil's book and its teacher's book, a thesis and a book, two standards or laws, two reports.
3. A translation: one names the other, or the same work, as its original (240, 765, notes), and they share the author.
4. Beyond that the titles must be the same, and so must their makers: a shared person or body, else the publisher
   of a title that is not short. Forms (`Tuyển tập`, `Thơ`) need a shared person.
5. Different numbers of volumes: another volume, also `T.2` and `T.2, Q.1`, because `T.1-3` reads like the latter. A
   record of several volumes is the set of one of them. Half of the persons or the publisher are shared, or the ISBN of
   the set.
6. Different carriers, the same volume and no other edition: another format, when a link says so (776), or at most one
   of year, pages and publisher differs; where more do it is another edition. A recording of music is none of its
   score, and of the same music only when half of its persons are.
7. Different languages, or different translators of one author: a translation, unless the rest says that a code or a
   name is wrong: the same title in two languages has another publisher, year and number of pages, or a translator on
   one side only; two translators have another year or another number of pages. Half of all persons are shared:
   who made an opera of a play is no translator.
8. Another edition or printing: something of edition, year, pages, size or publisher differs, and the text does not:
   remainders of the title agree, and neither is a part of the other: both or none have several volumes or the title
   of a part, and no extent is less than two fifths of the other.
   Of another publisher only where half of the persons are shared; without a shared person only with an edition number
   or the same pages, because bodies and publishers give one title to their reports of each year.
"""

from collections.abc import Callable, Collection
from functools import lru_cache

from unioncat.core.match.evidence import MatchDecision, Outcome, Verdict
from unioncat.core.match.related_pair import (
    Pair,
    share_most_of_all_persons,
    share_most_persons,
    share_person,
)
from unioncat.core.match.relation import Relation
from unioncat.core.match.weights import TITLE_SHORT
from unioncat.core.match.words import weight_in_letters, words
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.lists import words_of
from unioncat.core.normalise.topic import is_generic

_OTHER_WORKS = ("textbook", "thesis", "standard", "host", "scale", "topic", "publisher number")
"""Features that speak of another text when they speak against a pair."""
_EDITION_SIGNS = ("edition", "year", "pages", "size", "publisher")
_FORMAT_SIGNS = ("year", "pages", "publisher")
_SIGNS_FOR_REVIEW = ("edition", "year", "pages")
"""A pair that a person must look at may be one publication, so less will not do."""
_PLAIN_LETTERS = 15
_DISTINCTIVE_LETTERS = 30
_LEAST_EXTENT = 0.4
_SOUND = frozenset(("audio disc", "cassette"))
_LIKE_CONTENT = ({"text", "speech"},)
_FORM_WORDS = words_of("related", "form_titles")


def relate(left: Description, right: Description, decision: MatchDecision) -> Relation | None:
    """The relation read from left to right; None when there is none, or when the two are the same."""
    if decision.outcome is Outcome.SAME or left.level != right.level or left.level == "part":
        return None
    if not _may_relate(left, right, decision):
        return None
    pair = Pair(
        left,
        right,
        {one.feature: one for one in decision.evidence},
        decision.outcome is Outcome.REVIEW,
    )
    if left.level == "serial":
        return _relate_serials(pair)
    if any(map(pair.differs, _OTHER_WORKS)) or not _is_like_content(pair):
        return None
    if _names_original(pair):
        return Relation.TRANSLATION
    if not pair.agrees("title") or not _is_same_title(pair):
        return None
    return next((rule(pair) for applies, rule in _RULES if applies(pair)), None)


def _may_relate(left: Description, right: Description, decision: MatchDecision) -> bool:
    """Whether a pair is worth a look: most pairs only share a key."""
    if left.originals or left.linked or right.originals or right.linked:
        return True
    for one in decision.evidence:  # it is the first
        if one.feature == "title":
            return one.verdict is Verdict.AGREE
    return False


def _is_like_content(pair: Pair) -> bool:
    contents = {pair.left.content, pair.right.content}
    return len(contents) == 1 or contents in _LIKE_CONTENT


# --- serials ----------------------------------------------------------------------------------------


def _relate_serials(pair: Pair) -> Relation | None:
    left, right = pair.left, pair.right
    earlier = _is_linked("earlier", left, right) or _is_linked("later", right, left)
    later = _is_linked("later", left, right) or _is_linked("earlier", right, left)
    if earlier != later and (_share_number(left, right) or not _is_by_chance(pair)):
        return Relation.EARLIER if earlier else Relation.LATER
    if not pair.vetoes("carrier") or not _is_like_content(pair) or pair.vetoes("language"):
        return None
    linked = _is_linked("format", left, right) or _is_linked("format", right, left)
    known = left.carrier and right.carrier and (linked or (_is_same_title(pair) and _have_same_maker(pair)))
    return Relation.OTHER_FORMAT if known else None


def _is_by_chance(pair: Pair) -> bool:
    """Whether one of the titles is a single word, and it is not known that the publisher is the same."""
    one_word = min(len(words(side.title).flat) for side in (pair.left, pair.right)) < 2
    return one_word and not pair.agrees("publisher")


def _share_number(left: Description, right: Description) -> bool:
    """Whether one names the other by ISSN or ISBN."""
    return bool(_numbers(left) & _own_numbers(right) or _numbers(right) & _own_numbers(left))


def _numbers(side: Description) -> set[str]:
    found = (link.split(":", 2)[1:] for link in side.linked)
    return {value for form, value in found if form != "title"}


def _own_numbers(side: Description) -> frozenset[str]:
    return side.issns | side.isbns | side.set_isbns


def _is_linked(kind: str, one: Description, other: Description) -> bool:
    """Whether `one` names `other` in a link of this kind: by number, or by title where no number contradicts."""
    links = [link.split(":", 2)[1:] for link in one.linked if link.startswith(f"{kind}:")]
    numbers = {value for form, value in links if form != "title"}
    own = _own_numbers(other)
    if numbers & own:
        return True
    titles = {value for form, value in links if form == "title"}
    return not (numbers and own) and _has_title(other, titles) and not is_generic(other.title)


def _has_title(side: Description, titles: Collection[str]) -> bool:
    own = {words(title).flat_joined for title in (side.title, *side.variants)}
    return any(words(title).flat_joined in own for title in titles)


# --- the same work ----------------------------------------------------------------------------------


def _is_same_title(pair: Pair) -> bool:
    """Rule 4: not only nearly, nor does one only begin with the other."""
    title = pair.said["title"]
    if title.verdict is not Verdict.AGREE:
        return False
    same = words(pair.left.title).flat_joined == words(pair.right.title).flat_joined
    return title.weight > TITLE_SHORT or same


def _have_same_maker(pair: Pair) -> bool:
    if _is_form(pair.left.title) or _is_form(pair.right.title):
        return share_person(pair)
    if pair.agrees("author"):
        return True
    if pair.differs("author") or not pair.agrees("publisher"):
        return False
    named = bool(pair.left.persons) != bool(pair.right.persons)
    return _letters(pair) >= (_DISTINCTIVE_LETTERS if named else _PLAIN_LETTERS)


@lru_cache(maxsize=1 << 14)
def _is_form(title: str) -> bool:
    return is_generic(title) or _FORM_WORDS.issuperset(words(title).flat)


def _letters(pair: Pair) -> int:
    """How many letters of title the two have in common."""
    rest = words(pair.left.rest).flat_joined
    both = rest if rest == words(pair.right.rest).flat_joined else ""
    titles = (words(side.title).flat_joined for side in (pair.left, pair.right))
    return weight_in_letters(min(titles, key=lambda title: (len(title), title)) + both)


# --- the rules --------------------------------------------------------------------------------------


def _names_original(pair: Pair) -> bool:
    """Rule 3. Two that name the same original are two translations when language, title or translator differ."""
    left, right = pair.left, pair.right
    if not left.originals and not right.originals:
        return False
    shared = {words(t).flat_joined for t in left.originals} & {words(t).flat_joined for t in right.originals}
    if shared:
        known = pair.vetoes("language") or pair.vetoes("translator") or not pair.agrees("title")
    else:
        known = _has_title(left, right.originals) or _has_title(right, left.originals)
    return known and share_person(pair)


def _relate_volumes(pair: Pair) -> Relation | None:
    """Rule 5."""
    left, right = pair.left, pair.right
    if pair.vetoes("language") or pair.vetoes("translator") or pair.vetoes("carrier"):
        return None
    if not _are_of_one_set(pair):
        return None
    if left.volume and right.volume:
        return Relation.OTHER_VOLUME
    whole = right if left.volume else left
    one = left if left.volume else right
    if whole.volumes < 2 and not one.set_isbns & (whole.isbns | whole.set_isbns):
        return None
    return Relation.SET if left.volume else Relation.PART


def _are_of_one_set(pair: Pair) -> bool:
    left, right = pair.left, pair.right
    if left.set_isbns & right.set_isbns or left.set_isbns & right.isbns or right.set_isbns & left.isbns:
        return True
    return _have_same_maker(pair) and (pair.agrees("publisher") or share_most_persons(pair))


def _relate_formats(pair: Pair) -> Relation | None:
    """Rule 6."""
    left, right = pair.left, pair.right
    if not left.carrier or not right.carrier or pair.vetoes("language") or pair.vetoes("translator"):
        return None
    if pair.vetoes("edition") or pair.differs("subtitle"):
        return None
    if _is_other_music(pair):
        return None
    if _is_linked("format", left, right) or _is_linked("format", right, left):
        return Relation.OTHER_FORMAT
    if sum(map(pair.differs, _FORMAT_SIGNS)) > 1:
        return _relate_editions(pair)
    return Relation.OTHER_FORMAT if _have_same_maker(pair) and _are_like_parts(pair) else None


def _is_other_music(pair: Pair) -> bool:
    """Whether one is the score and the other the recording, or both are recordings by other people."""
    carriers = {pair.left.carrier, pair.right.carrier}
    if pair.left.content == "score":
        return bool(carriers & _SOUND)
    return pair.left.content == "music" and ("volume" in carriers or not share_most_of_all_persons(pair))


def _relate_translations(pair: Pair) -> Relation | None:
    """Rule 7."""
    left, right = pair.left, pair.right
    if pair.vetoes("translator"):
        known = not (pair.agrees("year") and pair.agrees("pages"))
    else:
        other_title = _is_other_title(left, right) or _is_other_title(right, left)
        elsewhere = all(map(pair.differs, _FORMAT_SIGNS))
        known = other_title or elsewhere or bool(left.translators) != bool(right.translators)
    shared = share_most_of_all_persons(pair)
    return Relation.TRANSLATION if known and not pair.differs("subtitle") and shared else None


def _is_other_title(one: Description, other: Description) -> bool:
    """Whether the title of one is a parallel or other title (246) of the other, and not its title proper."""
    title = words(one.title).flat_joined
    return title != words(other.title).flat_joined and title in {words(t).flat_joined for t in other.variants}


def _relate_editions(pair: Pair) -> Relation | None:
    """Rule 8."""
    if pair.left.work or pair.right.work or pair.differs("subtitle") or pair.differs("language"):
        return None
    signs = _SIGNS_FOR_REVIEW if pair.doubtful else _EDITION_SIGNS
    if not any(map(pair.differs, signs)) or not _are_like_parts(pair) or not _have_same_maker(pair):
        return None
    if share_person(pair):
        text = not pair.differs("publisher") or share_most_persons(pair)
    else:
        numbered = bool(pair.left.edition or pair.right.edition)
        text = not pair.differs("publisher") and (numbered or pair.agrees("pages"))
    return Relation.OTHER_EDITION if text else None


def _are_like_parts(pair: Pair) -> bool:
    """Whether neither is a part of the other: one has a title of a part, several volumes, or far more pages."""
    left, right = pair.left, pair.right
    low, high = sorted((left.pages, right.pages))
    if bool(left.part) != bool(right.part) or (left.volumes > 1) != (right.volumes > 1):
        return False
    return not low or low >= _LEAST_EXTENT * high


_RULES: tuple[tuple[Callable[[Pair], bool], Callable[[Pair], Relation | None]], ...] = (
    (lambda pair: pair.left.volume != pair.right.volume, _relate_volumes),
    (lambda pair: pair.vetoes("carrier"), _relate_formats),
    (lambda pair: pair.vetoes("language") or pair.vetoes("translator"), _relate_translations),
    (lambda pair: True, _relate_editions),
)
