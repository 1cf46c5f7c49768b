"""Errors as RFC 9457 describes them."""

from pydantic import Field

from schemas.shape import Shape


class Problem(Shape):
    """An error (RFC 9457, application/problem+json)."""

    type: str = Field(
        description="What kind of problem it is; each kind is described under this address.",
        examples=["/docs#invalid-parameter"],
    )
    title: str = Field(description="The kind of problem in words.", examples=["A parameter cannot be used"])
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(
        description="What is wrong in this case, and what to do.",
        examples=["'97860412345' is not a valid ISBN: check its digits"],
    )
    instance: str = Field(
        description="The address that was asked for.", examples=["/api/v1/holdings?isbn=97860412345"]
    )
