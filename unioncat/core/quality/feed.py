"""What a feed says about itself, and what its source asks of it."""

from dataclasses import dataclass

from unioncat.core.registry import Deletions


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column of a list: what it seems to hold, why, and what stands in its first rows."""

    name: str
    role: str
    reason: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetSeen:
    """What a Z39.50 target was found to do.

    `strategy` is how what changed and everything are asked for; `fault` (empty: none) is why it cannot be harvested.
    `syntax` is the form of records that is asked for, `forms` are those that were tried, each with its outcome.
    `looks_up` and `lists`: control numbers find single records, and can be listed. `connections`: how many may be open,
    as far as two were tried. `message_size` is in bytes. `tried` are the questions and answers.
    """

    strategy: str
    fault: str
    syntax: str
    forms: tuple[tuple[str, str], ...]
    holdings: bool
    utf8: bool | None
    total: int | None
    hit_cap: int | None
    message_size: int
    connections: int
    looks_up: bool
    lists: bool
    tried: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedIdentity:
    """What a feed says about itself; None: it does not say, or the question does not arise.

    `protocol` is what was found to work ("OAI-PMH 2.0", "ISO 2709"). `deleted_record` is the policy of OAI-PMH 2.0,
    section 2.5.1. `columns` are those of a list, `target` is what Z39.50 has.
    """

    name: str | None = None
    protocol: str | None = None
    formats: tuple[str, ...] | None = None
    sets: tuple[tuple[str, str], ...] | None = None
    granularity: str | None = None
    earliest_datestamp: str | None = None
    deleted_record: str | None = None
    columns: tuple[ColumnSeen, ...] = ()
    target: TargetSeen | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the source asks for, as far as a feed may fail to give it."""

    prefix: str | None = None
    set_spec: str | None = None
    deletions: Deletions = Deletions.REPORTED
    columns_confirmed: bool = False
