"""Match keys of what a record says about other publications.

They are keys of the ordinary types, as the other publication has them for itself: so a translation meets its
original, a serial its earlier title, and a volume its set, while records that name no other publication have no key
more. Volumes with names meet their set by these anyway.

| said of the other            | key                                                     |
|------------------------------|---------------------------------------------------------|
| title, also of the original  | title:…, without a number and with that of this volume  |
| ISBN                         | isbn:…                                                  |
| ISSN                         | issn:…                                                  |
| set of a nameless volume     | title:…, without a number                               |
"""

from collections.abc import Iterator

from unioncat.core.match.title_letters import title_letters
from unioncat.core.normalise.description import Description

_TITLE = 60


def relation_keys(description: Description) -> frozenset[str]:
    """The keys under which the publications that a description names are found."""
    return frozenset(_keys(description)) if _names_another(description) else frozenset()


def _names_another(side: Description) -> bool:
    return bool(side.originals or side.linked or _is_nameless_volume(side))


def _is_nameless_volume(side: Description) -> bool:
    return bool(side.volume) and not side.persons and not side.bodies


def _keys(side: Description) -> Iterator[str]:
    for link in side.linked:
        _, kind, value = link.split(":", 2)
        if kind == "title":
            yield from _title_keys(value, side)
        else:
            yield f"{kind}:{value}"
    for title in side.originals:
        yield from _title_keys(title, side)
    if _is_nameless_volume(side):
        yield from _title_keys(side.title, side)


def _title_keys(title: str, side: Description) -> Iterator[str]:
    letters = title_letters(title)[:_TITLE]
    if letters:
        yield f"title:{letters}|"
        yield f"title:{letters}|{'.'.join(map(str, side.volume))}"
