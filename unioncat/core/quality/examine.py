"""A sample of a feed, looked at before anything of it is published.

1. Faults are counted by records, each kind with up to five examples.
2. The holdings profile that fits best is the one that reads stated holdings in the most records; the one of the source
   wins a tie, and `auto` only what no single profile reads.
3. An encoding is proposed where records had to be repaired, the source declares none, and their texts prove one.
4. A control number that stands on two records of the sample would let the later replace the earlier.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, ReadingRules, RejectedRecord, TextEncoding
from unioncat.core.encoding.repair import encoding_of
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import MarcRecord
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.holdings import IMPLIED, load_profiles
from unioncat.core.merge.told_holdings import holdings_of
from unioncat.core.normalise.description import Description, describe
from unioncat.core.quality.check import check_record

EXAMPLES = 5
_AUTO = "auto"
_LONGEST = 200
_REPAIRS = (FindingKind.ENCODING_REPAIRED, FindingKind.ENCODING_DOUBTFUL)
_BETWEEN_TEXTS = re.compile('[\x00-\x1f<>"]+')

ReadPair = tuple[DeliveredRecord, ParsedRecord | RejectedRecord]


@dataclass(frozen=True, slots=True)
class SampleHolding:
    """Where a copy stands, as the profile reads it."""

    location: str | None
    call_number: str | None
    copies: int


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A record of the sample as a librarian looks at it."""

    control_number: str
    place: str
    title: str
    author: str
    year: str
    isbns: tuple[str, ...]
    holdings: tuple[SampleHolding, ...]


@dataclass(frozen=True, slots=True)
class FaultSeen:
    """A kind of fault in the sample: in how many records, and examples as control number (or place) and detail."""

    kind: FindingKind
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProfileFit:
    """In how many records the profile of the source reads holdings, and the one that fits best."""

    stated: str
    stated_reads: int
    best: str
    best_reads: int


@dataclass(frozen=True, slots=True)
class EncodingProposal:
    """An encoding that the texts are proven to be in, with an example before and after."""

    encoding: TextEncoding
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What a sample showed.

    `duplicates` are control numbers that stand on several records; `nameless` counts records that have neither a control
    number nor an identifier of the envelope.
    """

    read: int
    rejected: int
    records: tuple[SampleRecord, ...]
    faults: tuple[FaultSeen, ...]
    rejections: tuple[FaultSeen, ...]
    profile: ProfileFit
    encoding: EncodingProposal | None
    duplicates: tuple[str, ...]
    nameless: int


@dataclass(frozen=True, slots=True)
class _Looked:
    """One record of the sample with what was read from it."""

    delivered: DeliveredRecord
    parsed: ParsedRecord
    description: Description
    holdings: tuple[Holding, ...]


def examine(pairs: Sequence[ReadPair], rules: ReadingRules, shown: int) -> Examination:
    """Look at a sample of records, each with its reading; `shown` of them are kept to look at."""
    looked = [_look(delivered, read, rules) for delivered, read in pairs if isinstance(read, ParsedRecord)]
    rejected = [read for _, read in pairs if isinstance(read, RejectedRecord)]
    faults = _counted(_faults_of(looked))
    names = Counter(one.parsed.control_number for one in looked)
    repaired = any(fault.kind in _REPAIRS for fault in faults)
    return Examination(
        read=len(looked),
        rejected=len(rejected),
        records=tuple(_shown(one) for one in looked[:shown]),
        faults=faults,
        rejections=_counted((r.delivered.place, Finding(r.kind, r.reason)) for r in rejected),
        profile=_fit(looked, rules.profile),
        encoding=_proposal(pairs) if repaired and rules.encoding is None else None,
        duplicates=tuple(name for name, count in names.items() if count > 1),
        nameless=sum(not _name_of(one) for one in looked),
    )


def _look(delivered: DeliveredRecord, parsed: ParsedRecord, rules: ReadingRules) -> _Looked:
    holdings = holdings_of(parsed.marc, delivered, load_profiles()[rules.profile])
    return _Looked(delivered, parsed, describe(parsed.marc), holdings)


def _faults_of(looked: Iterable[_Looked]) -> Iterator[tuple[str, Finding]]:
    for one in looked:
        found = check_record(one.parsed.marc, one.description, one.holdings)
        first = {finding.kind: finding for finding in reversed((*one.parsed.findings, *found))}
        name = _name_of(one) or one.delivered.place
        yield from ((name, finding) for finding in first.values())


def _name_of(one: _Looked) -> str:
    """What the library calls the record: its control number or the identifier of the envelope; else nothing."""
    kinds = {finding.kind for finding in one.parsed.findings}
    if FindingKind.NO_CONTROL_NUMBER in kinds:
        return one.delivered.identifier or ""
    return one.parsed.control_number


def _counted(faults: Iterable[tuple[str, Finding]]) -> tuple[FaultSeen, ...]:
    """Rule 1; the most frequent first."""
    by_kind: defaultdict[FindingKind, list[tuple[str, str]]] = defaultdict(list)
    for name, finding in faults:
        by_kind[finding.kind].append((name, finding.detail))
    counted = (FaultSeen(kind, len(said), tuple(said[:EXAMPLES])) for kind, said in by_kind.items())
    return tuple(sorted(counted, key=lambda fault: (-fault.count, fault.kind)))


def _fit(looked: Sequence[_Looked], stated: str) -> ProfileFit:
    """Rule 2."""
    reads = {
        name: sum(_states_holdings(holdings_of(one.parsed.marc, one.delivered, profile)) for one in looked)
        for name, profile in load_profiles().items()
    }
    best = max(reads, key=lambda name: (reads[name], name == stated, name != _AUTO))
    return ProfileFit(stated, reads[stated], best, reads[best])


def _states_holdings(holdings: Iterable[Holding]) -> bool:
    return any(holding.note != IMPLIED and holding.url is None for holding in holdings)


def _proposal(pairs: Iterable[ReadPair]) -> EncodingProposal | None:
    """Rule 3."""
    found = encoding_of([text for delivered, _ in pairs for text in _texts(delivered.raw)])
    return EncodingProposal(*found) if found else None


def _texts(raw: bytes) -> list[str]:
    """The texts between separators, tags or quotation marks, as if nobody had repaired them."""
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("latin-1")
    return [text for text in _BETWEEN_TEXTS.split(decoded) if not text.isascii() or len(text) > 4]


def _shown(one: _Looked) -> SampleRecord:
    marc = one.parsed.marc
    return SampleRecord(
        control_number=_name_of(one),
        place=one.delivered.place,
        title=_text(marc, {"245": "abnp"}),
        author=_text(marc, {"100": "a", "110": "a", "111": "a", "700": "a"}),
        year="–".join(map(str, dict.fromkeys(one.description.years))),
        isbns=tuple(sorted(one.description.isbns | one.description.set_isbns)),
        holdings=tuple(SampleHolding(h.location, h.call_number, h.copies) for h in one.holdings if not h.url),
    )


def _text(marc: MarcRecord, places: Mapping[str, str]) -> str:
    """The first of these fields that says something."""
    texts = (field.text(codes) for tag, codes in places.items() for field in marc.data(tag))
    return next((" ".join(text.split())[:_LONGEST] for text in texts if text.strip()), "")
