"""The search index of one machine: tantivy, in a folder, with one writer and any number of readers."""

from unioncat.search.embedded.reader import TantivyIndex
from unioncat.search.embedded.writer import TantivyWriter

__all__ = ["TantivyIndex", "TantivyWriter"]
