"""How two publications that are not the same belong together."""

from enum import StrEnum


class Relation(StrEnum):
    """Read from the first to the second. The value is kept in the store: never change it."""

    OTHER_EDITION = "other-edition"
    """The same text in another edition or printing."""
    OTHER_VOLUME = "other-volume"
    """Another volume of the same set."""
    SET = "set"
    """The first is a volume of the second."""
    PART = "part"
    """The second is a volume of the first."""
    OTHER_FORMAT = "other-format"
    """The same publication on another carrier: e-book, microform, sound."""
    TRANSLATION = "translation"
    """The same work in another language, or by another translator."""
    EARLIER = "earlier"
    """The second is the earlier title of the serial."""
    LATER = "later"
    """The second is the later title of the serial."""

    @property
    def inverse(self) -> "Relation":
        """The relation read from the second to the first."""
        return _INVERSE.get(self, self)


_INVERSE = {
    Relation.SET: Relation.PART,
    Relation.PART: Relation.SET,
    Relation.EARLIER: Relation.LATER,
    Relation.LATER: Relation.EARLIER,
}
