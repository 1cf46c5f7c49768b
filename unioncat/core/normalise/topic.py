"""What a generic title is about: proceedings, reports and the like share their titles."""

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.lists import words_of
from unioncat.core.normalise.vietnamese import plain, syllable_key

_WORDS = words_of("generic_titles", "words")
_OPENINGS = tuple(f"{opening} " for opening in sorted(words_of("generic_titles", "openings")))


def read_topic(record: MarcRecord, title: str) -> str:
    """The words of meeting, contents and notes (MARC 111, 711, 505, 500), when the title is generic.

    A title is generic when it opens like one of the list and all its words are generic.
    """
    if not is_generic(title):
        return ""
    tags = (("111", "acdn"), ("711", "acdn"), ("505", "a"), ("500", "a"))
    return syllable_key(" ".join(value for tag, codes in tags for value in record.values(tag, codes)))


def is_generic(title: str) -> bool:
    """Whether a title says only what kind of publication it is."""
    words = plain(title).split()
    return f"{' '.join(words)} ".startswith(_OPENINGS) and _WORDS.issuperset(words)
