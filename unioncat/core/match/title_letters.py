"""The letters of a title by which match keys find it."""

from unioncat.core.normalise.vietnamese import flat_words

_ARTICLES = frozenset(("a", "an", "the", "le", "la", "les", "das", "der", "die", "el", "los", "il"))


def title_letters(title: str) -> str:
    """The plain letters of a title without a leading article, which libraries write or leave out."""
    words = flat_words(title)
    return "".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)
