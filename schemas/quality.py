"""The preflight and the quality report of a feed as they go out."""

from datetime import datetime

from pydantic import Field

from schemas.registry import HarvestEntry
from schemas.shape import Shape
from unioncat.core.quality.sentences import Severity
from unioncat.core.quality.verdict import Verdict
from unioncat.core.registry import Deletions, SourceState

# --- preflight ----------------------------------------------------------------------------------------


class CheckReason(Shape):
    """A reason of a verdict, in both languages."""

    code: str = Field(description="Name of the reason.", examples=["better-profile"])
    weight: str = Field(description="`bad`, `look` or `note`.", examples=["look"])
    vi: str = Field(description="In Vietnamese.", examples=["Nguồn không có biểu ghi nào."])
    en: str = Field(description="In English.", examples=["The feed has no record."])


class ColumnEntry(Shape):
    """A column of a list."""

    name: str = Field(description="Its name.", examples=["Tên sách"])
    role: str = Field(description="What it seems to hold.", examples=["title"])
    reason: str = Field(description="Why.", examples=["the name is 'ten sach'"])
    examples: list[str] = Field(description="From its first rows.", examples=[["Truyện Kiều"]])


class TargetSeenEntry(Shape):
    """What a Z39.50 target was found to do."""

    strategy: str = Field(description="How it is harvested.", examples=["date-range"])
    fault: str = Field(description="Why it cannot be; empty: it can.", examples=[""])
    syntax: str = Field(description="The form of records that is asked for.", examples=["USMARC F"])
    forms: list[tuple[str, str]] = Field(
        description="Forms that were tried, each with its outcome.", examples=[[["USMARC F", "good"]]]
    )
    holdings: bool = Field(description="Whether it tells holdings and circulation.", examples=[False])
    utf8: bool | None = Field(
        description="Whether it agreed on UTF-8; null: it did not say.", examples=[True]
    )
    total: int | None = Field(description="Its records; null: it does not tell.", examples=[24848])
    hit_cap: int | None = Field(description="Most hits that it tells; null: no cap.", examples=[None])
    message_size: int = Field(description="Largest message, in bytes.", examples=[4194304])
    connections: int = Field(description="Connections open at a time, of two tried.", examples=[2])
    looks_up: bool = Field(description="Whether control numbers find single records.", examples=[True])
    lists: bool = Field(description="Whether control numbers can be listed.", examples=[True])
    tried: list[tuple[str, str]] = Field(
        description="The questions and the answers.",
        examples=[[["@attr 1=1012 @attr 2=4 20260101", "301 records"]]],
    )


class FeedIdentityEntry(Shape):
    """What the feed says about itself; null where it does not."""

    name: str | None = Field(description="Its name.", examples=["Thư viện tỉnh Đồng Nai"])
    protocol: str | None = Field(description="What was found to work.", examples=["OAI-PMH 2.0"])
    formats: list[str] | None = Field(description="Metadata prefixes.", examples=[["oai_dc", "marc21"]])
    sets: list[tuple[str, str]] | None = Field(
        description="setSpec and name of its sets.", examples=[[["books", "Sách"]]]
    )
    granularity: str | None = Field(description="Its finest datestamp.", examples=["YYYY-MM-DD"])
    earliest_datestamp: str | None = Field(description="Of its oldest record.", examples=["2001-01-01"])
    deleted_record: str | None = Field(description="`persistent`, `transient` or `no`.", examples=["no"])
    columns: list[ColumnEntry] = Field(description="The columns of a list.")
    target: TargetSeenEntry | None = Field(
        default=None, description="What a Z39.50 target was found to do; null: it is none."
    )


class SampleHoldingEntry(Shape):
    """Where a copy stands, as the holdings profile reads it."""

    location: str | None = Field(description="The store.", examples=["Kho đọc"])
    call_number: str | None = Field(description="The call number.", examples=["895.92212 TR527K"])
    copies: int = Field(description="How many.", examples=[2])


class SampleRecordEntry(Shape):
    """A record of the sample."""

    control_number: str = Field(description="Empty: it has none.", examples=["000012345"])
    place: str = Field(description="Where it stood.", examples=["record 17 of books.mrc"])
    title: str = Field(description="MARC 245.", examples=["Truyện Kiều"])
    author: str = Field(description="MARC 100, 110, 111 or 700.", examples=["Nguyễn Du"])
    year: str = Field(description="Year, or first and last possible one.", examples=["2015"])
    isbns: list[str] = Field(description="Valid ISBN-13.", examples=[["9786040100016"]])
    holdings: list[SampleHoldingEntry] = Field(description="As the profile reads them.")


class FaultSeenEntry(Shape):
    """A kind of fault in the sample."""

    kind: str = Field(description="Its name.", examples=["isbn-price"])
    count: int = Field(description="In how many records.", examples=[12])
    examples: list[tuple[str, str]] = Field(
        description="Control number or place, and what is wrong.", examples=[[["12345", "020 $a '45000đ'"]]]
    )


class ProfileFitEntry(Shape):
    """How the holdings profiles fit."""

    stated: str = Field(description="The profile of the source.", examples=["default"])
    stated_reads: int = Field(description="In so many records it reads holdings.", examples=[0])
    best: str = Field(description="The one that fits best.", examples=["koha"])
    best_reads: int = Field(description="In so many records that one does.", examples=[500])


class EncodingEntry(Shape):
    """An encoding that the texts are proven to be in."""

    encoding: str = Field(description="Its name.", examples=["tcvn3"])
    before: str = Field(description="As it stands.", examples=["Th− viÖn"])
    after: str = Field(description="As it is meant.", examples=["Thư viện"])


class SampleEntry(Shape):
    """What a sample showed."""

    read: int = Field(description="Records that could be read.", examples=[498])
    rejected: int = Field(description="Records that could not.", examples=[2])
    records: list[SampleRecordEntry] = Field(description="Some of them.")
    faults: list[FaultSeenEntry] = Field(description="Faults of those that could be read.")
    rejections: list[FaultSeenEntry] = Field(description="Why others could not.")
    profile: ProfileFitEntry = Field(description="Which holdings profile fits.")
    encoding: EncodingEntry | None = Field(description="A proposal; null: none.")
    duplicates: list[str] = Field(description="Control numbers on several records.", examples=[["12345"]])
    nameless: int = Field(description="Records without any identifier.", examples=[0])


class CheckEntry(Shape):
    """The report of a preflight."""

    checked: datetime = Field(description="When.", examples=["2026-03-01T02:00:00Z"])
    verdict: Verdict = Field(description="What it comes to.", examples=["look"])
    reasons: list[CheckReason] = Field(description="Why.")
    reachable: bool = Field(description="Whether it answered in its protocol.", examples=[True])
    identity: FeedIdentityEntry = Field(description="What it says about itself.")
    format_offered: bool | None = Field(
        description="Whether it has the format asked for; null: unknown.", examples=[True]
    )
    set_offered: bool | None = Field(
        description="Whether it has the set asked for; null: unknown.", examples=[None]
    )
    proposed_deletions: Deletions | None = Field(
        description="How deletions should become known; null: no proposal.", examples=["audit"]
    )
    total: int | None = Field(
        description="How many records it has; null: it does not tell.", examples=[24848]
    )
    deleted: int = Field(description="Deletions in the sample.", examples=[0])
    sample: SampleEntry | None = Field(description="What its first records showed; null: none was seen.")
    seconds: float = Field(description="How long it took.", examples=[1.3])


class Acceptance(Shape):
    """Whether a source may be harvested."""

    state: SourceState = Field(description="`accepted`, `paused` or `closed`.", examples=["accepted"])
    force: bool = Field(default=False, description="Accept it although its check was bad.", examples=[False])


class AcceptanceEntry(Shape):
    """How a source stands now."""

    id: int = Field(description="Number of the source.", examples=[2])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    state: SourceState = Field(description="Whether it may be harvested.", examples=["accepted"])


# --- report -------------------------------------------------------------------------------------------


class FaultExampleEntry(Shape):
    """A record with a fault."""

    name: str = Field(description="Control number or identifier.", examples=["000012345"])
    place: str = Field(description="Its master record, or where it stood.", examples=["u0000kh"])
    detail: str = Field(description="What is wrong.", examples=["020 $a '45000đ'"])


class FaultEntry(Shape):
    """A kind of fault in a source."""

    kind: str = Field(description="Its name.", examples=["isbn-price"])
    rejected: bool = Field(description="Whether the records were rejected for it.", examples=[False])
    severity: Severity = Field(description="How bad it is.", examples=["mend"])
    title: str = Field(description="What it is called.", examples=["Giá tiền nằm trong ISBN (020 $a)"])
    means: str = Field(description="What it means.", examples=["020 $a chỉ dành cho ISBN."])
    mend: str = Field(description="How it is mended.", examples=["Chuyển giá sang 020 $c."])
    count: int = Field(description="In how many records.", examples=[120])
    share: float = Field(description="Their share of all, 0 to 1.", examples=[0.05])
    examples: list[FaultExampleEntry] = Field(description="Up to five.")


class FrequentValueEntry(Shape):
    """A value that very many records share."""

    field: str = Field(description="Tag and subfield.", examples=["260b"])
    value: str = Field(description="The value.", examples=["BK Library system"])
    count: int = Field(description="In how many of the records that were looked at.", examples=[4000])
    share: float = Field(description="Their share, 0 to 1.", examples=[0.8])
    placeholder: bool = Field(description="Whether it is a known placeholder.", examples=[True])


class CompletenessEntry(Shape):
    """Whether the catalogue has what the feed has."""

    outcome: str = Field(description="`complete`, `missing`, `surplus` or `unproven`.", examples=["complete"])
    total: int | None = Field(description="The feed's own count.", examples=[24848])
    difference: int = Field(description="The feed's count less ours.", examples=[0])
    said: str = Field(description="In words.", examples=["Đủ: nguồn có 24848 biểu ghi."])


class QualityPointEntry(Shape):
    """The numbers at the end of a run."""

    harvest: int = Field(description="Number of the run.", examples=[17])
    at: datetime = Field(description="When it ended.", examples=["2026-03-01T02:00:00Z"])
    live: int = Field(description="Live records.", examples=[24840])
    rejected: int = Field(description="Rejected records.", examples=[8])
    tombstones: int = Field(description="Deleted records.", examples=[3])
    faults: dict[str, int] = Field(description="Records by kind of fault.", examples=[{"no-year": 12}])


class QualityEntry(Shape):
    """The quality report of a source."""

    source: int = Field(description="Number of the source.", examples=[2])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    state: SourceState = Field(description="Whether it may be harvested.", examples=["accepted"])
    language: str = Field(description="Of the sentences.", examples=["vi"])
    live: int = Field(description="Live records.", examples=[24840])
    rejected: int = Field(description="Rejected records.", examples=[8])
    last_run: HarvestEntry | None = Field(description="The newest run.")
    completeness: CompletenessEntry = Field(description="Whether nothing is missing.")
    proven: datetime | None = Field(description="When that was found.", examples=["2026-03-01T02:00:00Z"])
    faults: list[FaultEntry] = Field(description="The most serious and most frequent first.")
    values: list[FrequentValueEntry] = Field(description="Values that very many records share.")
    trend: list[QualityPointEntry] = Field(description="How it went, oldest first.")
