"""Lists of OAI-PMH that repeat themselves, never end, change on the way, or break off."""

import pytest
from scripted_harvest import ONE_PAGE, harvest
from scripted_provider import Scripted, fault, in_order, listing, marc, paged

from harvesters.access import Limits
from unioncat.core.errors import ProtocolFault, SourceUnreachable
from unioncat.core.registry import Checkpoint


async def test_one_token_with_ever_new_contents_is_followed_to_its_end() -> None:
    pages = [listing([marc(str(number))], token="session") for number in range(5)]
    run = await harvest(in_order(*pages, listing([marc("5")])))
    assert run.error is None
    assert run.identifiers == ["0", "1", "2", "3", "4", "5"]


async def test_a_list_that_repeats_itself_under_new_tokens_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.oai_list.MOST_FRUITLESS", 5)
    run = await harvest(
        lambda asked: listing([marc("1")], token=str(len(asked.get("resumptionToken", "")) * "x") + "x")
    )
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "endless"
    assert len(run.pages) == 6


async def test_a_list_without_end_stops_and_the_next_run_goes_on_from_there() -> None:
    def endless(asked: dict[str, str]) -> Scripted:
        number = int(asked.get("resumptionToken", 0))
        return listing([marc(str(number))], token=str(number + 1))

    run = await harvest(endless, limits=Limits(answers=4))
    assert isinstance(run.error, ProtocolFault)
    assert run.identifiers == ["0", "1", "2", "3"]
    again = await harvest(endless, limits=Limits(answers=2), resume=run.pages[-1].checkpoint)
    assert again.identifiers == ["4", "5"]


async def test_a_token_that_no_request_could_carry_is_named() -> None:
    run = await harvest(in_order(listing([marc("1")], token="x" * 20_000)))
    assert isinstance(run.error, ProtocolFault)
    assert "20,000 characters" in str(run.error)


async def test_a_total_that_changes_on_the_way_is_told_as_it_comes() -> None:
    totals = (3, 2, None)
    pages = [listing([marc(str(n))], token=str(n) if n < 2 else None, total=t) for n, t in enumerate(totals)]
    run = await harvest(in_order(*pages))
    assert [page.total for page in run.pages] == [3, 2, None]


async def test_a_record_that_comes_twice_is_delivered_twice() -> None:
    run = await harvest(paged([[marc("1"), marc("1")], [marc("1")]]))
    assert run.identifiers == ["1", "1", "1"]


async def test_a_failure_in_the_middle_is_resumed_at_its_token() -> None:
    pages = paged([[marc("1")], [marc("2")], [marc("3")]])

    def failing(asked: dict[str, str]) -> Scripted:
        return Scripted(b"<html>", status=500) if asked.get("resumptionToken") == "2" else pages(asked)

    run = await harvest(failing)
    assert isinstance(run.error, SourceUnreachable)
    assert run.identifiers == ["1", "2"]
    rest = await harvest(pages, resume=run.pages[-1].checkpoint)
    assert rest.identifiers == ["3"]


async def test_an_expired_token_that_is_called_a_bad_argument_restarts_the_window_too() -> None:
    run = await harvest(in_order(fault("badArgument"), ONE_PAGE), resume=Checkpoint({"token": "old"}))
    assert run.identifiers == ["1", "2"]


@pytest.mark.parametrize("status", [404, 500])
async def test_no_records_match_is_an_empty_list_under_any_http_status(status: int) -> None:
    run = await harvest(in_order(fault("noRecordsMatch", status=status)))
    assert run.error is None
    assert run.pages[-1].checkpoint.state["done"] == "true"


async def test_a_clock_that_goes_backwards_does_not_move_the_date_of_the_first_answer() -> None:
    run = await harvest(
        in_order(
            listing([marc("1")], token="t", date="2024-05-01T10:00:00Z"),
            listing([marc("2")], date="2024-04-30T10:00:00Z"),
        )
    )
    assert run.pages[-1].checkpoint.state["response_date"] == "2024-05-01T10:00:00Z"


async def test_a_clock_that_is_ahead_of_ours_is_not_followed() -> None:
    run = await harvest(in_order(listing([marc("1")], date="2999-01-01T00:00:00Z")))
    assert run.pages[-1].checkpoint.state["response_date"] < "2900"
