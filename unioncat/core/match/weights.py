"""The points of all evidence, and the thresholds: the whole policy of matching in one table.

All points are multiples of one half, so that sums are exact in every number format.
"""

SAME = 6.0
"""From this score on a pair is the same, when the basis holds and nothing forbids it."""
REVIEW = 4.0
"""From this score on a person should look at the pair."""
HOLD = -3.0
"""A single piece of evidence of this weight or below forbids `same`, however much speaks for it."""

VETO = -1000.0

OUTVOTED = -1.0
"""What is left of a single doubt where all other evidence agrees."""

IDENTIFIER_SHARED = 4.0
ISBN_DIFFERS = -2.5
ISBN_MISPRINT = 1.0

TITLE_DISTINCTIVE = 4.0
TITLE_PLAIN = 3.0
TITLE_SHORT = 2.0
TITLE_NEARLY = 1.5
TITLE_DIFFERS = -6.0
SUBTITLE_DIFFERS = -4.5

AUTHOR_SHARED = 2.0
AUTHOR_MISSPELT = 0.5
AUTHOR_NEARLY = -1.0
AUTHOR_DIFFERS = -4.0

PUBLISHER_SHARED = 1.5
PUBLISHER_DIFFERS = -6.0
PUBLISHER_DIFFERS_LENIENTLY = -2.5
PUBLISHER_WORDED_DIFFERENTLY = -1.0
PUBLISHER_INDIRECT = -3.0

YEAR_SHARED = 2.0
YEAR_POSSIBLE = 1.0
YEAR_NEIGHBOUR = -1.0
YEAR_OF_PRINTING = -1.0
YEAR_DIFFERS = -5.0

PAGES_SHARED = 2.0
PAGES_CLOSE = 1.0
PAGES_APART = -1.0
PAGES_MISTYPED = -1.0
PAGES_DIFFER = -6.0
SIZE_DIFFERS = -1.0

NEEDS_A_PERSON = -3.0
"""Evidence that decides nothing but must be seen by a person."""
LANGUAGE_PARTLY = -3.0
LANGUAGE_DOUBTFUL = -1.0
SET_GREW = -1.0
EARLY_MACHINE_PRESS = -2.0
TOPIC_DIFFERS = -6.0
