"""Master records that belong together."""

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.match.relation import Relation


class RelatedRecord(Shape):
    """A master record that belongs to another one, in short."""

    id: str = Field(description="Permanent identifier.", examples=["u0000kh"])
    title: str = Field(description="Title proper with its parts.", examples=["Truyện Kiều"])
    year: int | None = Field(description="Year of publication.", examples=[2015])
    edition: str | None = Field(description="Edition statement.", examples=["Tái bản lần thứ 3"])
    volume: list[int] = Field(
        description="Number of the volume, outermost first; empty when it is none.", examples=[[2, 1]]
    )
    format: str = Field(description="Format of the publication.", examples=["book"])
    languages: list[str] = Field(description="Languages (ISO 639-2/B).", examples=[["vie"]])
    libraries: int = Field(description="How many libraries hold it.", examples=[3])
    url: str = Field(description="The record in this API.", examples=["/api/v1/records/u0000kh"])
    page: str = Field(description="The record as a page.", examples=["/records/u0000kh"])


class RelatedGroup(Shape):
    """The master records that belong to another one in the same way."""

    kind: Relation = Field(
        description="What they are for the record that was asked for: `other-edition` the same text in another "
        "printing, `other-volume` another volume of its set, `set` the set that it is a volume of, `part` one of "
        "its volumes, `other-format`, `translation` (or the original), `earlier` and `later` title of a serial.",
        examples=["other-edition"],
    )
    records: list[RelatedRecord] = Field(
        description="At most 200: volumes by number, editions from the newest on, others by title."
    )


class RelatedAnswer(Shape):
    """What belongs to a master record."""

    id: str = Field(description="Permanent identifier of the master record.", examples=["u0000kh"])
    title: str = Field(description="Its title.", examples=["Truyện Kiều"])
    url: str = Field(description="The record in this API.", examples=["/api/v1/records/u0000kh"])
    groups: list[RelatedGroup] = Field(description="One for each kind that there is; empty when none is.")
