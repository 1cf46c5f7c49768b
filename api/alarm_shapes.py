"""Alarms between our values and the wire."""

from schemas.alarms import AlarmEntry
from unioncat.core.alarms import name_alarm, say_alarm, say_remedy
from unioncat.pipeline.alarms_port import Alarm


def alarm_entry(alarm: Alarm, language: str) -> AlarmEntry:
    """An alarm with what it says."""
    return AlarmEntry(
        id=alarm.id,
        kind=alarm.kind,
        name=name_alarm(alarm.kind, language),
        subject=alarm.subject,
        said=say_alarm(alarm.kind, alarm.detail, language),
        remedy=say_remedy(alarm.kind, alarm.detail, alarm.id, language),
        detail=dict(alarm.detail),
        harvest=alarm.harvest,
        raised=alarm.raised,
        closed=alarm.closed,
        closed_by=alarm.closed_by,
        closed_why=alarm.closed_why,
    )
