from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestTerms
from unioncat.core.schedule import (
    OPENS_AFTER,
    SPREAD,
    VIETNAM,
    check_schedule,
    in_language,
    next_due,
    spread_of,
    tell_failure,
    wait_after,
)

NIGHTLY = HarvestTerms("0 2 * * *")
NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam
schedules = st.sampled_from(
    ["0 2 * * *", "*/10 * * * *", "30 1 * * mon", "0 0 1 * *", "15 1-5 * * 1-5", "0 0 29 2 *"]
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
sources = st.integers(1, 2**31).map(SourceId)


@given(schedules, sources, moments, st.integers(0, 200))
def test_the_next_run_is_always_later_than_now_and_never_earlier_than_the_schedule_or_the_wait(
    schedule: str, source: SourceId, after: datetime, failures: int
) -> None:
    terms = HarvestTerms(schedule)
    due = next_due(terms, source, after, failures)
    planned = next_due(terms, source, after, 0)
    assert due is not None
    assert planned is not None
    assert after < planned <= due
    assert due == max(planned, after + wait_after(failures))


@given(schedules, sources, moments)
def test_a_feed_keeps_its_place_within_the_half_hour(
    schedule: str, source: SourceId, after: datetime
) -> None:
    due = next_due(HarvestTerms(schedule), source, after, 0)
    assert due is not None
    assert timedelta() <= spread_of(source) < SPREAD
    named = due - spread_of(source)
    assert named.second == 0
    again = next_due(HarvestTerms(schedule), source, due, 0)
    assert again is not None
    assert again - spread_of(source) > named


@given(st.integers(0, 500))
def test_the_wait_never_shrinks_with_more_failures_and_is_at_most_a_day(failures: int) -> None:
    assert wait_after(failures) <= wait_after(failures + 1) <= timedelta(days=1)


def test_the_wait_doubles_from_a_quarter_of_an_hour_until_the_circuit_opens() -> None:
    minutes = [wait_after(failures).total_seconds() / 60 for failures in range(OPENS_AFTER + 2)]
    assert minutes == [0, 15, 30, 60, 120, 1440, 1440]


def test_two_o_clock_is_two_o_clock_in_the_operators_time_zone() -> None:
    spread = spread_of(SourceId(1))
    due = next_due(NIGHTLY, SourceId(1), NOON, 0)
    assert due == datetime(2026, 3, 2, 2, 0, tzinfo=VIETNAM) + spread
    there = next_due(NIGHTLY, SourceId(1), NOON, 0, ZoneInfo("Europe/Paris"))
    assert there == datetime(2026, 3, 2, 2, 0, tzinfo=ZoneInfo("Europe/Paris")) + spread


def test_three_thousand_feeds_of_one_schedule_are_spread_over_the_half_hour() -> None:
    places = [int(spread_of(SourceId(number)).total_seconds()) for number in range(1, 3001)]
    in_each_minute = [sum(place // 60 == minute for place in places) for minute in range(30)]
    assert max(in_each_minute) < 1.2 * 3000 / 30
    assert min(in_each_minute) > 0.8 * 3000 / 30


def test_a_feed_without_a_readable_schedule_is_harvested_by_hand_only() -> None:
    assert next_due(HarvestTerms(), SourceId(1), NOON, 0) is None
    assert next_due(HarvestTerms("0 0 31 2 *"), SourceId(1), NOON, 0) is None
    assert next_due(HarvestTerms("nonsense"), SourceId(1), NOON, 3) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0 2 * * *", "0 2 * * *"),
        ("  30  1 * *  mon ", "30 1 * * mon"),
        ("*/15 0-5 1,15 JAN-JUN 1-5", "*/15 0-5 1,15 JAN-JUN 1-5"),
    ],
)
def test_a_schedule_is_kept_with_single_blanks(written: str, kept: str) -> None:
    assert check_schedule(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        *("", "daily", "@daily", "0 2 * *", "0 2 * * * *", "61 * * * *", "*/0 * * * *", "0 0 31 2 *"),
        *("R R * * *", "H H * * *", "0 2 * * mon#1", "0 2 l * *", "0 2 * * *; DROP"),
    ],
)
def test_what_is_no_schedule_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(UnioncatError, match=r"not a schedule.*'0 2 \* \* \*'"):
        check_schedule(written)


FIELDS = [
    "0",
    "1",
    "5",
    "59",
    "23",
    "*",
    "*/5",
    "1-3",
    "mon",
    "jan",
    "7",
    "31",
    "2",
    "1,2",
    "a",
    "-",
    ",",
    "/",
]


@given(st.text(max_size=30) | st.lists(st.sampled_from(FIELDS), min_size=5, max_size=5).map(" ".join))
def test_any_text_is_a_schedule_with_a_next_time_or_refused(text: str) -> None:
    try:
        schedule = check_schedule(text)
    except UnioncatError:
        return
    assert next_due(HarvestTerms(schedule), SourceId(1), NOON, 0) is not None


def test_the_library_is_told_in_both_languages_when_it_is_tried_again() -> None:
    due = next_due(NIGHTLY, SourceId(1), NOON, 1)
    assert due is not None
    message = tell_failure(1, due, "the server does not answer")
    assert f"thử lại lúc {due:%H:%M %d/%m/%Y}" in in_language(message, "vi")
    assert f"tried again at {due:%H:%M %d/%m/%Y}" in in_language(message, "en")
    assert message.count("the server does not answer") == 2


def test_the_library_is_told_when_the_circuit_opens_and_what_to_do() -> None:
    message = tell_failure(OPENS_AFTER, NOON, "refused")
    assert "mỗi ngày chỉ được thử lại một lần" in in_language(message, "vi")
    assert "once a day" in in_language(message, "en")


def test_a_feed_without_a_schedule_is_told_that_nobody_tries_again() -> None:
    message = tell_failure(2, None, "refused")
    assert "không có lịch" in in_language(message, "vi")
    assert "no schedule" in in_language(message, "en")
    assert in_language("an old message", "en") == "an old message"
