"""Where libraries tell what can be had now."""

from pydantic import ConfigDict, Field

from schemas.shape import Shape
from unioncat.core.locate.live import AvailabilityProtocol


class ServiceStatement(Shape):
    """The service of a library."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")

    protocol: AvailabilityProtocol = Field(
        description="`daia`: DAIA 1.0; `koha`: the public REST API of a Koha; `z39.50`: a target "
        "that sends OPAC records.",
        examples=["daia"],
    )
    address: str = Field(
        description="Its address; of a Koha that of its OPAC; of a target `z3950://host:port/database`.",
        examples=["https://library.example.org/daia"],
    )
    prefix: str = Field(
        default="", description="What stands before control numbers in its identifiers.", examples=["ppn:"]
    )


class ServiceEntry(ServiceStatement):
    """The service of a library, as it is registered."""

    isil: str = Field(description="The library.", examples=["VN-TVQG"])
