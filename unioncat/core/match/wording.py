"""How records write the names that their descriptions know by keys only.

A key of a person has its words in order of the alphabet, and that of a publisher has no accents: people read the name
as a heading (MARC 100, 700 $a) or an imprint (260, 264 $b) writes it, where that names one person or publisher.
"""

from collections.abc import Iterator, Mapping

from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.normalise.authors import read_authors
from unioncat.core.normalise.imprint import read_imprint

_AROUND = " ,.;:/[]"


def written_names(*records: MarcRecord) -> Mapping[str, str]:
    """The written form of each key, that of the first record which has it."""
    found: dict[str, str] = {}
    for record in records:
        for key, text in (*_persons(record), *_publishers(record)):
            found.setdefault(key, text)
    return found


def _persons(record: MarcRecord) -> Iterator[tuple[str, str]]:
    for field in record.data("100", "700"):
        persons = read_authors(MarcRecord(record.leader, (field,))).persons
        if len(persons) == 1:
            yield min(persons), field.text("a").strip(_AROUND)


def _publishers(record: MarcRecord) -> Iterator[tuple[str, str]]:
    for field in record.data("260", "264"):
        for name in field.all("b"):
            alone = DataField(field.tag, field.indicators, (("b", name),))
            publishers = read_imprint(MarcRecord(record.leader, (alone,))).publishers
            if len(publishers) == 1:
                yield min(publishers), name.strip(_AROUND)
