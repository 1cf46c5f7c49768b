"""Placeholders that the matcher came upon: a value that crowds a match key, though its records have nothing in common.

1. The matcher notes which keys of values became crowded or free; only these are looked at when it has finished.
2. Of a crowded key each source is looked at by itself: placeholders are of one source (`core/match/placeholders.py`).
3. The alarm is closed when its key is free again: people accepted the value as a placeholder, or the feed was mended.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from unioncat.core.alarms import AlarmKind
from unioncat.core.match.keys import MAX_SHARE, key_type
from unioncat.core.match.large_cluster import Statement
from unioncat.core.match.placeholders import Placed, Placeholder, Shared, is_suspected
from unioncat.core.normalise.vietnamese import write_tones
from unioncat.pipeline.alarms_port import Alarm, AlarmFilter, NewAlarm, Sharer
from unioncat.pipeline.unit_of_work import UnitOfWork

_KEPT = 20
_MOST_OPEN = 1_000
"""Open alarms of this kind that are looked through; a person has long been asleep when there are more."""


async def note_crossed(work: UnitOfWork, crossed: Collection[str]) -> None:
    """Note the keys of values among those that became crowded or free; nothing where there is none (rule 1)."""
    await work.alarms.note_crossed([key for key in crossed if key_type(key) in set(Placed)])


async def watch_placeholders(work: UnitOfWork) -> list[Alarm]:
    """Raise and close alarms about the keys that the matcher noted; returns those that are new."""
    keys = await work.alarms.take_crossed()
    if not keys:
        return []
    found = [alarm for key in keys for alarm in _about(key, await work.alarms.sharers(key))]
    standing = await work.alarms.listed(
        AlarmFilter(AlarmKind.PLACEHOLDER_SUSPECTED, is_open=True), None, _MOST_OPEN
    )
    named = {alarm.subject for alarm in found}
    gone = [one.id for one in standing if one.detail["key"] in keys and one.subject not in named]
    await work.alarms.close(gone, None)
    return [kept for alarm in found if (kept := await work.alarms.keep(alarm))]


def _about(key: str, sharers: Sequence[Sharer]) -> Iterator[NewAlarm]:
    if len({one.description for one in sharers}) <= MAX_SHARE:
        return
    of_value: defaultdict[tuple[int, str], list[Sharer]] = defaultdict(list)
    placed, _, identifier = key.partition(":")
    for one in sharers:
        of_value[one.source, one.title if placed == Placed.TITLE else identifier].append(one)
    for (_source, value), those in of_value.items():
        shared = _shared(Placeholder(Placed(placed), value), those)
        if is_suspected(shared):
            yield _alarm(key, shared, those[0])


def _shared(placeholder: Placeholder, sharers: Sequence[Sharer]) -> Shared:
    persons: Counter[str] = Counter()
    years: Counter[int] = Counter()
    for one in sharers:
        persons.update(dict.fromkeys(one.persons, one.records))
        if one.year is not None:
            years[one.year] += one.records
    return Shared(
        placeholder,
        sum(one.records for one in sharers),
        tuple(Statement(one.title, members=one.records) for one in sharers),
        tuple(persons.items()),
        tuple(years.items()),
    )


def _alarm(key: str, shared: Shared, of: Sharer) -> NewAlarm:
    placed, value = shared.placeholder.placed, shared.placeholder.value
    stated = f"{placed}:{write_tones(value) if placed is Placed.TITLE else value}"
    titles: Counter[str] = Counter()
    for one in shared.statements:
        titles[write_tones(one.title)] += one.members
    detail = {
        "form": "title" if placed is Placed.TITLE else "said",
        "source": of.source,
        "isil": of.isil,
        "value": stated,
        "key": key,
        "records": shared.records,
        "titles": titles.most_common(_KEPT),
    }
    subject = f"{of.source} {stated}"
    return NewAlarm(AlarmKind.PLACEHOLDER_SUSPECTED, subject, stated, detail)
