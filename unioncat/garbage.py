"""How often Python looks for garbage in reference cycles.

By default it looks after every 700 new objects and, now and then, at all objects there are. A matcher holds a million
that are no garbage: two fifths of its time went there.
"""

import gc

_NEW_OBJECTS = 100_000
_YOUNG_LOOKS = 50
_MIDDLE_LOOKS = 1_000


def look_seldom() -> None:
    """Look after 100,000 new objects; what is there already is no garbage."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, _YOUNG_LOOKS, _MIDDLE_LOOKS)
