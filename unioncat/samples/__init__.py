"""Sample member libraries, so that the whole path can be seen without a real feed."""

from unioncat.samples.server import SampleFeed, sample_providers
from unioncat.samples.target import sample_target

__all__ = ["SampleFeed", "sample_providers", "sample_target"]
