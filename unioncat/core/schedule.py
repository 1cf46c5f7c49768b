"""When a feed is harvested next, and what its library is told when that fails.

1. A feed without a schedule is harvested by hand only; so is one whose schedule cannot be read.
2. The schedule is a cron expression of five fields (minute, hour, day of month, month, day of week; crontab(5) of
   POSIX, with names of months and days) in the operator's time zone.
3. Each feed has a place of its own within the half hour after the time that its schedule names, always the same: so
   thousands of feeds with `0 2 * * *` do not begin in one second.
4. After the n-th failure in a row the next run waits 15 minutes times 2 to the power of n-1, at most a day, and never
   begins earlier than the schedule says.
5. After five failures in a row the circuit is open: one trial a day, until one succeeds.
6. The library is told so in Vietnamese and in English. A success clears failures and message.
"""

import re
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, CroniterError, croniter

from unioncat.core.errors import InvalidSource, UnioncatError
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestTerms

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The time zone of schedules unless the operator names another."""

SPREAD = timedelta(minutes=30)
"""How far feeds of one schedule are spread (rule 3)."""

OPENS_AFTER = 5
"""So many failures in a row open the circuit (rule 5)."""

_FIRST_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(days=1)
_CRON = re.compile(r"[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+){4}")
_NAMES = re.compile(r"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun")
_ANY_DAY = datetime(2024, 1, 1, tzinfo=VIETNAM)
_SPREADER = 2_654_435_761  # Knuth's multiplicative hash: neighbouring numbers come to lie far apart


def check_schedule(text: str) -> str:
    """The schedule with single blanks; raises UnioncatError when it is none, or names a day that never comes."""
    schedule = " ".join(text.split())
    if not _CRON.fullmatch(schedule) or re.search("[A-Za-z]", _NAMES.sub("", schedule)):
        raise _no_schedule(text, "it needs five fields: minute, hour, day of month, month, day of week")
    try:
        croniter(schedule, _ANY_DAY).get_next(datetime)
    except CroniterBadDateError as error:
        raise _no_schedule(text, "that day never comes") from error
    except CroniterError as error:
        raise _no_schedule(text, f"{error}") from error
    return schedule


def next_due(
    terms: HarvestTerms, source: SourceId, after: datetime, failures: int, zone: tzinfo = VIETNAM
) -> datetime | None:
    """When the next run of a feed may begin, after `after`, with so many failures in a row; None: by hand only."""
    if terms.schedule is None:
        return None
    try:
        planned = _planned(terms.schedule, source, after.astimezone(zone))
    except CroniterError:
        return None
    return max(planned, after.astimezone(zone) + wait_after(failures))


def spread_of(source: SourceId) -> timedelta:
    """The place of a feed within the half hour after its scheduled time (rule 3)."""
    return timedelta(seconds=source * _SPREADER % 2**32 % int(SPREAD.total_seconds()))


def wait_after(failures: int) -> timedelta:
    """How long a feed is left alone after so many failures in a row (rules 4 and 5)."""
    if failures <= 0:
        return timedelta()
    if is_open(failures):
        return _LONGEST_WAIT
    return min(_FIRST_WAIT * (1 << failures - 1), _LONGEST_WAIT)


def is_open(failures: int) -> bool:
    """Whether the circuit of a feed is open (rule 5)."""
    return failures >= OPENS_AFTER


def tell_failure(failures: int, due: datetime | None, reason: str) -> str:
    """What the library is told after a failure: a line in Vietnamese, a line in English."""
    at = f"{due:%H:%M %d/%m/%Y}" if due else ""
    if is_open(failures):
        said = (
            f"Nguồn này đã lỗi {failures} lần liên tiếp nên mỗi ngày chỉ được thử lại một lần{_at(', lần tới lúc', at)}. "
            "Sau khi khắc phục, hãy yêu cầu thu thập lại ngay.",
            f"This feed has failed {failures} times in a row, so it is tried once a day only{_at(', next at', at)}. "
            "When it is mended, ask for a harvest at once.",
        )
    elif due:
        said = (
            f"Lần thu thập gần nhất không thành công; hệ thống sẽ tự thử lại lúc {at}.",
            f"The last harvest failed; it is tried again at {at}.",
        )
    else:
        said = (
            "Lần thu thập gần nhất không thành công; nguồn này không có lịch nên hệ thống không tự thử lại.",
            "The last harvest failed; this feed has no schedule, so it is not tried again by itself.",
        )
    return f"{said[0]} Lý do: {reason}\n{said[1]} Reason: {reason}"


def in_language(message: str, language: str) -> str:
    """The line of a message of `tell_failure` in this language (`vi` or `en`)."""
    vietnamese, _, english = message.partition("\n")
    return vietnamese if language == "vi" or not english else english


def _planned(schedule: str, source: SourceId, after: datetime) -> datetime:
    """The first time after `after` that the schedule names, moved by the feed's own spread."""
    spread = spread_of(source)
    named: datetime = croniter(schedule, after - spread).get_next(datetime)
    return named + spread


def _at(words: str, time: str) -> str:
    return f"{words} {time}" if time else ""


def _no_schedule(text: str, why: str) -> UnioncatError:
    return InvalidSource(
        f"'{text}' is not a schedule: {why}. Write for example '0 2 * * *' (each night at 2) or "
        "'30 1 * * mon' (each Monday at half past one)"
    )
