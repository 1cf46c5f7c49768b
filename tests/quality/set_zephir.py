"""Serials, their volumes and some books in the clusters of a digital library."""

from pathlib import Path

from labelled_data import describe_all, homes, zephir
from quality_page import Section, Table, at_least, at_most

from unioncat.core.match.evaluation import b_cubed, pairwise

_TEXT = (
    "`match/zephir`: {records} records in {clusters} clusters of a digital library, most of them one record for each volume of a "
    "serial. The set is small; it shows that serials with their volumes stay one publication, and other titles stay out."
)


def measure(data: Path) -> Section:
    """Cluster the records; nothing joined that the library keeps apart, and what it joins is joined."""
    records = [(record.control("001") or "", record) for record in zephir(data)]
    truth = {name: record.values("CID", "a")[0] for name, record in records}
    found = homes(*describe_all(records))
    by_pair, by_record = pairwise(found, truth), b_cubed(found, truth)
    rows = [
        (name, agreement.precision, agreement.recall, agreement.f1)
        for name, agreement in (("pairs", by_pair), ("B-cubed", by_record))
    ]
    gates = (
        at_most("zephir: share of wrongly joined pairs", 1 - by_pair.precision, 0.0),
        at_least("zephir: B-cubed F1", by_record.f1, 0.992),
    )
    text = _TEXT.format(records=len(truth), clusters=len(set(truth.values())))
    head = ("measure", "precision", "recall", "F1")
    return Section(
        "Serials and their volumes", text, gates, (Table("Precision, recall and F1:", head, rows),)
    )
