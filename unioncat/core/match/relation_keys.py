"""Match keys of what a record says about other publications.

They are keys of the ordinary types, as the other publication has them for itself: so a translation meets its
original, and a serial its earlier title, while records that name no other publication have no key more.

| said of the other            | key                                                     |
|------------------------------|---------------------------------------------------------|
| title, also of the original  | title:…, without a number and with that of this volume  |
| ISBN                         | isbn:…                                                  |
| ISSN                         | issn:…                                                  |
"""

from collections.abc import Iterator

from unioncat.core.normalise.description import Description
from unioncat.core.normalise.vietnamese import flat_words

_TITLE = 60


def relation_keys(description: Description) -> frozenset[str]:
    """The keys under which the publications that a description names are found."""
    return frozenset(_keys(description)) if description.originals or description.linked else frozenset()


def _keys(side: Description) -> Iterator[str]:
    for link in side.linked:
        _, kind, value = link.split(":", 2)
        if kind == "title":
            yield from _title_keys(value, side)
        else:
            yield f"{kind}:{value}"
    for title in side.originals:
        yield from _title_keys(title, side)


def _title_keys(title: str, side: Description) -> Iterator[str]:
    letters = "".join(flat_words(title))[:_TITLE]
    if letters:
        yield f"title:{letters}|"
        yield f"title:{letters}|{'.'.join(map(str, side.volume))}"
