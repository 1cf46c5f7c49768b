"""Bibliographic level (MARC 21 leader/07) and where an article stands (773)."""

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.vietnamese import syllable_key

_LEVELS = {"a": "part", "b": "part", "s": "serial", "i": "serial"}


def read_level(record: MarcRecord) -> str:
    """`monograph`, `serial` (also integrating resources) or `part` (an article or chapter)."""
    return _LEVELS.get(record.leader[7:8], "monograph")


def read_host(record: MarcRecord) -> str:
    """Title and place of the host of an article (773 $t $g) as a syllable key; empty for anything else."""
    if read_level(record) != "part":
        return ""
    return syllable_key(" ".join(value for field in record.data("773") for value in field.all("tg")))
