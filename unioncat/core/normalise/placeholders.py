"""Values that stand where nothing is known: "đang cập nhật", "0p", "[K.nxb]"."""

import re

from unioncat.core.normalise.lists import words_of
from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import plain

_PLACEHOLDERS = words_of("placeholders", "placeholders")
_LONGEST = 2 * max(map(len, _PLACEHOLDERS))
_SIGNS = re.compile(r"[\W_]+")


def is_placeholder(text: str) -> bool:
    """Whether a value says nothing; signs only and empty text say nothing either."""
    if len(text) > _LONGEST:
        return not _SIGNS.sub("", text)
    return _says_nothing(text)


@remembered
def _says_nothing(text: str) -> bool:
    return not _SIGNS.sub("", text) or plain(text) in _PLACEHOLDERS
