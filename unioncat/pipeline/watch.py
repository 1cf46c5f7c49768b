"""Watch: after the matcher has finished, what changed is looked through for what people should see.

1. A cluster of more than so many members whose titles are unrelated (`core/match/large_cluster.py`) raises an alarm.
2. An alarm is closed when its cause is gone: the cluster was parted, its titles go together, or it is no longer large.
3. A value that crowds a match key and looks like a placeholder raises one (`suspected.py`).
4. Only what changed since the last look is looked at, and what has an open alarm. The place in the outbox up to which it
   was looked is kept with the alarms, so that nothing is missed whatever is killed when.
"""

import hashlib
import logging
from collections.abc import Sequence

from unioncat.core.alarms import AlarmKind, say_alarm
from unioncat.core.errors import Conflict
from unioncat.core.match.large_cluster import main_title, unrelated_titles
from unioncat.core.normalise.vietnamese import write_tones
from unioncat.pipeline.alarms_port import Alarm, Gathering, NewAlarm
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.hold import require_open
from unioncat.pipeline.suspected import watch_placeholders
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

LARGE_CLUSTER = 50
"""A cluster of more members is looked at."""

_KEPT = 20
"""Unrelated titles in the detail of an alarm; there may be thousands."""

_log = logging.getLogger(__name__)


async def watch(store: Store, large: int = LARGE_CLUSTER) -> Sequence[Alarm]:
    """Raise and close alarms about what changed since the last look; returns those that are new."""
    async with store.work() as work:
        if not await work.alarms.has_news():
            return []
        await work.alarms.lock_watch()
        after, until = await work.alarms.watched(), await work.changes.last()
        raised = await _watch_titles(work, after, until, large)
        raised += await watch_placeholders(work)
        await work.alarms.move_watched(until)
        await work.commit()
    for alarm in raised:
        _log.warning("Alarm %d: %s", alarm.id, say_alarm(alarm.kind, alarm.detail, "en"))
    return raised


async def close_alarm(store: Store, number: int, signed: Signed) -> Alarm:
    """A person has seen to it; raises UnknownEntry, Conflict."""
    async with store.work() as work:
        alarm = await work.alarms.alarm(number)
        require_open(alarm)
        if alarm.kind is AlarmKind.MERGES_HELD:
            raise Conflict(
                f"Alarm {number} holds what source {alarm.subject} delivered; it is closed by: "
                f"unioncat alarms release {number} --why …"
            )
        await work.alarms.close([number], signed)
        closed = await work.alarms.alarm(number)
        await work.commit()
    return closed


async def _watch_titles(work: UnitOfWork, after: int, until: int, large: int) -> list[Alarm]:
    standing = await work.alarms.open_about(AlarmKind.UNRELATED_TITLES)
    found = [
        alarm
        for one in await work.alarms.gatherings(after, until, standing.keys(), large)
        if (alarm := _about_titles(one))
    ]
    gone = standing.keys() - {alarm.subject for alarm in found}
    await work.alarms.close([standing[subject] for subject in gone], None)
    return [kept for alarm in found if (kept := await work.alarms.keep(alarm))]


def _about_titles(one: Gathering) -> NewAlarm | None:
    apart = unrelated_titles(one.statements)
    if not apart:
        return None
    main = main_title(one.statements)
    facts = "\n".join((main, *sorted(apart)))
    detail = {
        "master_id": one.master_id,
        "members": one.members,
        "libraries": one.libraries,
        "main": write_tones(main),
        "apart": apart.total(),
        "titles": [(write_tones(title), count) for title, count in apart.most_common(_KEPT)],
    }
    named = hashlib.sha256(facts.encode()).hexdigest()
    return NewAlarm(AlarmKind.UNRELATED_TITLES, one.master_id, named, detail)
