"""What all wire shapes have in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A value as it goes out; made of its parts or read from a core value with the same names."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
