"""Placeholders of a source: what is suspected, and what people have accepted as such.

What is accepted changes how the source is read: its stored records are read again (`reread.py`), new ones are read so
from the beginning.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import SourceId
from unioncat.core.match.placeholders import Placed, Placeholder, is_suspected, samples
from unioncat.core.normalise.vietnamese import write_tones
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.unit_of_work import Store

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Suspected:
    """A value that looks like a placeholder, how many records have it, and titles of these."""

    placeholder: Placeholder
    records: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A placeholder that a person has accepted."""

    placeholder: Placeholder
    signed: Signed
    since: str


@dataclass(frozen=True, slots=True)
class SourcePlaceholders:
    """All placeholders of a source."""

    suspected: tuple[Suspected, ...]
    accepted: tuple[Accepted, ...]


async def show_placeholders(store: Store, source: SourceId) -> SourcePlaceholders:
    """What is suspected and what is accepted; raises NotRegistered."""
    async with store.work() as work:
        accepted = [_accepted(one) for one in await work.sources.placeholders(source)]
        shared = [one for one in await work.placeholders.shared(source) if is_suspected(one)]
    known = {one.placeholder for one in accepted}
    suspected = [
        Suspected(one.placeholder, one.records, tuple(map(write_tones, samples(one.statements, SAMPLES))))
        for one in shared
        if one.placeholder not in known
    ]
    return SourcePlaceholders(tuple(suspected), tuple(accepted))


async def change_placeholders(
    store: Store,
    source: SourceId,
    *,
    accept: Collection[Placeholder] = (),
    remove: Collection[Placeholder] = (),
    signed: Signed,
) -> bool:
    """Accept some, take others back; returns whether anything changed. Raises NotRegistered, UnknownEntry.

    A value that is not suspected can be accepted as well: people know their libraries.
    """
    async with store.work() as work:
        now = {_accepted(one).placeholder: dict(one) for one in await work.sources.placeholders(source)}
        for one in remove:
            if one not in now:
                raise UnknownEntry(f"Source {source} has no placeholder {one.placed}:{one.value}")
        new = [one for one in accept if one not in now]
        kept = [stated for one, stated in now.items() if one not in remove]
        kept += [_stated(one, signed) for one in sorted(set(new))]
        if len(kept) == len(now) and not new:
            return False
        await work.sources.save_placeholders(source, kept)
        await work.commit()
    return True


def read_placeholder(stated: str) -> Placeholder:
    """A placeholder as people state it, `isbn:9786046400455`; raises UnknownEntry."""
    placed, colon, value = stated.partition(":")
    if not colon or not value or placed not in set(Placed):
        kinds = ", ".join(Placed)
        raise UnknownEntry(f"'{stated}' is no placeholder; state KIND:VALUE, where KIND is one of: {kinds}")
    return Placeholder(Placed(placed), value)


def shown(one: Placeholder) -> str:
    """A placeholder for people: `isbn:9786046400455`, a title with its tones written."""
    return f"{one.placed}:{write_tones(one.value)}"


def chosen(stated: Sequence[str], known: Collection[Placeholder]) -> list[Placeholder]:
    """Placeholders as people state them: as they are `shown`, or as `KIND:VALUE`; raises UnknownEntry."""
    listed = {shown(one): one for one in known}
    return [listed.get(one) or read_placeholder(one) for one in stated]


def _stated(one: Placeholder, signed: Signed) -> dict[str, str]:
    return {
        "placed": one.placed,
        "value": one.value,
        "who": signed.who,
        "why": signed.why,
        "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def _accepted(stated: dict[str, str] | object) -> Accepted:
    assert isinstance(stated, dict)
    return Accepted(
        Placeholder(Placed(stated["placed"]), stated["value"]),
        Signed(stated["who"], stated["why"]),
        stated["since"],
    )
