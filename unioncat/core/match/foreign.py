"""Which pairs of records are of books in other languages than Vietnamese.

In Vietnamese one syllable makes another title, few surnames serve for all, and volumes often come without a number.
So rules that overlook slips of the pen hold for foreign books only.
"""

from unioncat.core.normalise.description import Description


def are_foreign(left: Description, right: Description) -> bool:
    """Whether neither record is written in Vietnamese, by its accents or by its language."""
    if left.accented or right.accented:
        return False
    return "vie" not in left.languages and "vie" not in right.languages
