"""The records of Vietnamese libraries, imported together."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from labelled_data import describe_all, hcmut, homes, libol, silver_pairs
from quality_page import Gate, Section, Table, at_least, at_most
from rapidfuzz.fuzz import ratio, token_set_ratio
from silver_labels import is_mislabelled

from unioncat.core.identifiers import Fingerprint
from unioncat.core.marc import MarcRecord
from unioncat.core.match.decide import decide
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.vietnamese import plain

_TEXT = (
    "`vn/hcmut_bk.mrc.gz` and all readable uploads in `vn/libol`, imported together: {records} records, {descriptions} distinct "
    "descriptions, {clusters} clusters. Records are named here by their numbers: HCMUT by the running number that it "
    "writes where an ISBN should stand, Libol by upload and control number.\n\n"
    "How chaining is checked: two records of one cluster are unrelated when their titles (245 $a $b $n $p, without accents and case) have "
    "less than {alike} of 100 in common, in whatever order the words stand. Running numbers, prices and placeholders join "
    "records whatever their titles are, so a cluster chained over them holds unrelated titles. Besides, no running number may have been read as an ISBN. Titles fork "
    "when each has words of its own that are not alike; those clusters are listed, as they may be false merges."
)
_SILVER_TEXT = (
    "Pairs labelled by rule, not by people (`match/vn_silver_pairs.tsv.gz`). The rule took volumes as different that are "
    "only written differently (T.01 and T. 1, T.I and T.1), and authors that are misspelt (80 of 100 letters are alike) "
    "or of whom the headings name one each while the statement of responsibility (245 $c) names both. Such pairs are "
    "counted as `relabelled` and not against the matcher; that is asked of the fields as they stand, not of the matcher."
)
_UNRELATED = 60
_SHARED_ISBN = "9786046400455"
_MINIMAL_PAIRS = (("vi mô", "vĩ mô"), ("điện từ", "điện tử"))
_LARGEST = 8
_BARS = {"match": 0.97, "match-toneplacement": 0.97, "nonmatch-volume": 0.005, "nonmatch-author": 0.005}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Records by name, their descriptions, and the cluster of each."""

    records: Mapping[str, MarcRecord]
    names: Mapping[str, Fingerprint]
    descriptions: Mapping[Fingerprint, Description]
    home: Mapping[str, int]

    def clusters(self) -> Mapping[int, list[str]]:
        """The names of the records of each cluster."""
        found: dict[int, list[str]] = defaultdict(list)
        for name in sorted(self.home):
            found[self.home[name]].append(name)
        return found


def read_catalogue(data: Path) -> Catalogue:
    """Both collections as one catalogue, clustered."""
    records = dict(hcmut(data)) | libol(data)
    names, descriptions = describe_all(records.items())
    return Catalogue(records, names, descriptions, homes(names, descriptions))


def measure(data: Path) -> Section:
    """Cluster both collections; nothing chained, silver pairs as labelled, what looks alike kept apart."""
    catalogue = read_catalogue(data)
    clusters = catalogue.clusters()
    silver, silver_gates = _silver(catalogue, silver_pairs(data))
    text = _TEXT.format(
        records=len(catalogue.names),
        descriptions=len(catalogue.descriptions),
        clusters=len(clusters),
        alike=_UNRELATED,
    )
    gates = (*_chain_gates(catalogue, clusters), *silver_gates, *_apart_gates(catalogue, clusters))
    forked = _forked(catalogue, clusters)
    gates = (
        *gates,
        at_most("vietnamese: share of clusters whose titles fork", len(forked.rows) / len(clusters), 0.001),
    )
    tables = (_sizes(clusters), _largest(catalogue, clusters), forked, silver)
    return Section("Vietnamese libraries together", text, gates, tables)


def _chain_gates(catalogue: Catalogue, clusters: Mapping[int, list[str]]) -> Iterator[Gate]:
    titles = {name: _title(record) for name, record in catalogue.records.items()}
    chained = sum(is_chained({titles[name] for name in members}) for members in clusters.values())
    numbered = sum(
        bool(catalogue.descriptions[of].isbns)
        for name, of in catalogue.names.items()
        if name.startswith("HCMUT:")
    )
    large = sum(len(members) > 50 for members in clusters.values())
    yield at_most("vietnamese: clusters of unrelated titles", chained, 0)
    yield at_most("vietnamese: running numbers read as ISBN", numbered, 0)
    yield at_most("vietnamese: clusters of more than 50 records", large, 0)


def is_chained(titles: Collection[str]) -> bool:
    """Whether two titles of a cluster are unrelated."""
    return any(token_set_ratio(one, other) < _UNRELATED for one, other in combinations(sorted(titles), 2))


def _forked(catalogue: Catalogue, clusters: Mapping[int, list[str]]) -> Table:
    """The clusters whose titles fork, each with the first two records that do."""
    rows = []
    for members in clusters.values():
        titles = {_title(catalogue.records[name]): name for name in reversed(members)}
        forks = [pair for pair in combinations(sorted(titles), 2) if do_fork(*pair)]
        if forks:
            one, other = sorted(titles[title] for title in forks[0])
            decision = decide(*(catalogue.descriptions[catalogue.names[name]] for name in (one, other)))
            agreed = ", ".join(piece.feature for piece in decision.evidence if piece.weight > 0)
            rows.append((one, other, decision.outcome, agreed))
    return Table(
        "Clusters to look at, as their titles fork:",
        ("record", "record", "answer", "they agree in"),
        sorted(rows),
    )


def do_fork(one: str, other: str) -> bool:
    """Whether each of two titles has words of its own, more than three letters in all, that are not alike."""
    own = [
        "".join(word for word in a.split() if word not in b.split()) for a, b in ((one, other), (other, one))
    ]
    return min(map(len, own)) > 3 and ratio(*own) < _UNRELATED


def _title(record: MarcRecord) -> str:
    return plain(" ".join(record.values("245", "abnp")))


def _sizes(clusters: Mapping[int, list[str]]) -> Table:
    steps = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 50), (51, None))
    rows = []
    for low, high in steps:
        sizes = [len(names) for names in clusters.values() if low <= len(names) <= (high or len(names))]
        label = str(low) if low == high else f"{low} to {high}" if high else f"{low} and more"
        rows.append((label, len(sizes), sum(sizes)))
    return Table("Sizes of clusters:", ("records in the cluster", "clusters", "records"), rows)


def _largest(catalogue: Catalogue, clusters: Mapping[int, list[str]]) -> Table:
    order = sorted(clusters.values(), key=lambda names: (-len(names), names))[:_LARGEST]
    rows = [
        (len(names), len({catalogue.names[name] for name in names}), names[0], _why(names)) for names in order
    ]
    head = ("records", "descriptions", "first record", "why it is large")
    return Table(f"The {_LARGEST} largest clusters:", head, rows)


def _why(names: Sequence[str]) -> str:
    """Where the records of a cluster come from: one record in several uploads, or a record for every copy."""
    sources = Counter(name.rpartition(":")[0] for name in names)
    counted = ", ".join(f"{count} in {source}" for source, count in sorted(sources.items()))
    uploaded_again = len({name.rpartition(":")[2] for name in names}) < len(names)
    why = (
        "uploaded again with the same control number"
        if uploaded_again
        else "a record for every copy or store"
    )
    return f"{why}: {counted}"


def _silver(catalogue: Catalogue, pairs: Iterable[Mapping[str, str]]) -> tuple[Table, list[Gate]]:
    """The table of all labels and the gates of those that have a bar."""
    joined: dict[str, Counter[bool]] = defaultdict(Counter)
    relabelled: Counter[str] = Counter()
    for pair in pairs:
        if is_mislabelled(pair, catalogue.records):
            relabelled[pair["silver_label"]] += 1
        else:
            one, other = (catalogue.home.get(pair[side]) for side in ("id1", "id2"))
            joined[pair["silver_label"]][one is not None and one == other] += 1
    rows = [
        (
            label,
            counts.total() + relabelled[label],
            relabelled[label],
            counts[True],
            counts[True] / counts.total(),
        )
        for label, counts in sorted(joined.items())
    ]
    shares = {row[0]: row[4] for row in rows}
    gates = [
        (at_least if label.startswith("match") else at_most)(
            f"vietnamese: {label} joined", shares[label], bar
        )
        for label, bar in _BARS.items()
    ]
    head = ("label", "pairs", "relabelled", "joined", "share joined of the others")
    return Table(_SILVER_TEXT, head, rows), gates


def _apart_gates(catalogue: Catalogue, clusters: Mapping[int, list[str]]) -> Iterator[Gate]:
    written = {
        name: unicodedata.normalize("NFC", " ".join(record.values("245", "ab"))).lower()
        for name, record in catalogue.records.items()
    }
    for one, other in _MINIMAL_PAIRS:
        words = {name: (one in text, other in text) for name, text in written.items()}
        mixed = sum(
            {(True, False), (False, True)} <= {words[name] for name in names} for names in clusters.values()
        )
        yield at_most(f"vietnamese: clusters of both {one} and {other}", mixed, 0)
    sharing = [
        name for name, of in catalogue.names.items() if _SHARED_ISBN in catalogue.descriptions[of].isbns
    ]
    apart = len({catalogue.home[name] for name in sharing})
    name = "vietnamese: clusters of the books that share ISBN 978-604-64-0045-5"
    yield Gate(name, len(sharing), apart, True, out_of=len(sharing))
