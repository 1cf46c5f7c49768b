from datetime import UTC, datetime

import pytest
from scripted_harvest import ONE_PAGE, harvest
from scripted_provider import (
    HERE,
    Script,
    Scripted,
    deletion,
    envelope,
    fault,
    identify,
    in_order,
    listing,
    marc,
    paged,
    scripted_provider,
)

from harvesters.http import with_arguments
from harvesters.oai_list import utc_datestamp
from harvesters.oai_provider import identify as identify_provider
from unioncat.core.errors import ProtocolFault
from unioncat.core.registry import Checkpoint

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


# --- the list ---------------------------------------------------------------------------------------


async def test_three_pages_are_followed_by_their_tokens() -> None:
    run = await harvest(paged([[marc("1"), marc("2")], [marc("3")], [deletion("4")]]))
    assert run.identifiers == ["1", "2", "3", "4"]
    assert [page.total for page in run.pages] == [4, 4, 4]
    assert [request.get("resumptionToken") for request in run.requests] == [None, "1", "2"]
    assert [page.checkpoint.state.get("done") for page in run.pages] == [None, None, "true"]


async def test_after_the_first_request_only_verb_and_token_are_sent() -> None:
    run = await harvest(paged([[marc("1")], [marc("2")]]), set_spec="books")
    assert run.requests == [
        {"verb": "ListRecords", "metadataPrefix": "marc21", "set": "books"},
        {"verb": "ListRecords", "resumptionToken": "1"},
    ]


async def test_a_token_arrives_as_it_was_given() -> None:
    token = "a=b&c%20d+e/ü"
    run = await harvest(in_order(listing([marc("1")], token=token.replace("&", "&amp;")), ONE_PAGE))
    assert run.requests[1]["resumptionToken"] == token


async def test_an_address_keeps_the_arguments_it_has() -> None:
    assert with_arguments("http://x/oai?repo=a", {"verb": "Identify"}) == "http://x/oai?repo=a&verb=Identify"


async def test_no_records_match_is_an_empty_list_with_the_providers_date() -> None:
    run = await harvest(in_order(fault("noRecordsMatch")))
    assert run.identifiers == []
    assert [page.checkpoint.state for page in run.pages] == [
        {"response_date": "2024-05-01T10:00:00Z", "done": "true"}
    ]


async def test_a_page_without_records_is_no_end_while_it_has_a_token() -> None:
    run = await harvest(in_order(listing([], token="t"), ONE_PAGE))
    assert run.identifiers == ["1", "2"]


# --- checkpoints ------------------------------------------------------------------------------------


async def test_the_response_date_of_the_first_answer_is_kept_to_the_end() -> None:
    run = await harvest(
        in_order(
            listing([marc("1")], token="t", date="2024-05-01T17:00:00+07:00"),
            listing([marc("2")], date="2024-05-01T11:00:00Z"),
        )
    )
    assert run.pages[-1].checkpoint.state["response_date"] == "2024-05-01T10:00:00Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2000-01-01T00:00:00.000Z", "2000-01-01T00:00:00Z"),
        ("2023-03-30T16:02:12+05:45", "2023-03-30T10:17:12Z"),
        ("2002-06-01", "2002-06-01T00:00:00Z"),
        ("yesterday", None),
        (None, None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0900-01-01T00:00:00Z", "0900-01-01T00:00:00Z"),
    ],
)
def test_a_response_date_becomes_a_datestamp(text: str | None, expected: str | None) -> None:
    assert utc_datestamp(text) == expected


async def test_an_expired_token_restarts_the_window_of_the_checkpoint() -> None:
    resume = Checkpoint({"from": "2024-01-01", "token": "old", "response_date": "2024-04-30T00:00:00Z"})
    run = await harvest(in_order(fault("badResumptionToken"), ONE_PAGE), resume=resume)
    assert run.requests == [
        {"verb": "ListRecords", "resumptionToken": "old"},
        {"verb": "ListRecords", "metadataPrefix": "marc21", "from": "2024-01-01"},
    ]
    assert run.identifiers == ["1", "2"]
    assert run.pages[-1].checkpoint.state["response_date"] == "2024-04-30T00:00:00Z"


async def test_a_token_that_always_expires_ends_with_the_fault() -> None:
    def script(arguments: dict[str, str]) -> Scripted:
        return (
            fault("badResumptionToken")
            if "resumptionToken" in arguments
            else listing([marc("1")], token="short-lived")
        )

    run = await harvest(script)
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "badResumptionToken"


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]])
async def test_a_token_that_comes_again_ends_the_run_and_the_next_begins_anew(tokens: list[str]) -> None:
    pages = [listing([marc(str(number))], token=token) for number, token in enumerate(tokens)]
    run = await harvest(in_order(*pages))
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "loop"
    assert run.identifiers == [str(number) for number in range(len(tokens))] + [str(len(tokens) - 1)]
    assert not {"token", "done"} & run.pages[-1].checkpoint.state.keys()


# --- windows ----------------------------------------------------------------------------------------


def windowed(granularity: str) -> Script:
    return lambda arguments: identify(granularity) if arguments["verb"] == "Identify" else ONE_PAGE


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        ("YYYY-MM-DD", ("2024-01-02", "2024-02-03")),
        ("YYYY-MM-DDThh:mm:ssZ", ("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z")),
    ],
)
async def test_a_window_is_as_fine_as_the_provider_allows(
    granularity: str, expected: tuple[str, str]
) -> None:
    run = await harvest(windowed(granularity), window=("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z"))
    assert (run.requests[-1]["from"], run.requests[-1]["until"]) == expected
    assert run.pages[-1].checkpoint.state["from"] == expected[0]


async def test_without_a_readable_identify_the_window_is_given_in_days() -> None:
    run = await harvest(faulty("badVerb", ListRecords=ONE_PAGE), window=("2024-01-02T03:04:05Z", None))
    assert run.requests[-1]["from"] == "2024-01-02"


async def test_a_window_of_days_needs_no_identify() -> None:
    run = await harvest(windowed("YYYY-MM-DD"), window=("2024-01-02", None))
    assert [request["verb"] for request in run.requests] == ["ListRecords"]


async def test_a_provider_that_claims_seconds_and_rejects_them_is_asked_in_days() -> None:
    def script(asked: dict[str, str]) -> Scripted:
        if asked["verb"] == "Identify":
            return identify("YYYY-MM-DDThh:mm:ssZ")
        return fault("badArgument") if "T" in asked["from"] else ONE_PAGE

    run = await harvest(script, window=("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z"))
    assert run.identifiers == ["1", "2"]
    assert (run.requests[-1]["from"], run.requests[-1]["until"]) == ("2024-01-02", "2024-02-03")
    assert run.pages[-1].checkpoint.state["from"] == "2024-01-02"


async def test_a_bad_argument_in_days_too_is_an_error_after_one_more_request() -> None:
    script = faulty("badArgument", Identify=identify())
    run = await harvest(script, window=("2024-01-02T03:04:05Z", None))
    assert isinstance(run.error, ProtocolFault)
    assert [request["verb"] for request in run.requests] == ["Identify", "ListRecords", "ListRecords"]


async def test_an_earliest_datestamp_in_the_future_keeps_nobody_from_asking() -> None:
    script = faulty("x", Identify=identify(earliest="2999-01-01"), ListRecords=ONE_PAGE)
    run = await harvest(script, window=("2024-01-02T03:04:05Z", None))
    assert run.identifiers == ["1", "2"]


# --- errors of the protocol -------------------------------------------------------------------------


def faulty(code: str, **answers: Scripted) -> Script:
    return lambda arguments: answers.get(arguments["verb"], fault(code, "no"))


FORMATS = listing(
    [
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>".encode()
        for prefix in ("oai_dc", "marcxml")
    ],
    verb="ListMetadataFormats",
)
SETS = listing(
    [f"<set><setSpec>{spec}</setSpec><setName>n</setName></set>".encode() for spec in ("books", "maps")],
    verb="ListSets",
)


async def test_an_unknown_prefix_is_named_with_those_that_exist() -> None:
    run = await harvest(faulty("cannotDisseminateFormat", ListMetadataFormats=FORMATS))
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "cannotDisseminateFormat"
    assert "“marc21”; it offers oai_dc, marcxml" in str(run.error)


@pytest.mark.parametrize("code", ["noRecordsMatch", "badArgument"])
async def test_an_unknown_set_is_named_with_those_that_exist(code: str) -> None:
    run = await harvest(faulty(code, ListSets=SETS), set_spec="novels")
    assert isinstance(run.error, ProtocolFault)
    assert "“novels”; it has books, maps" in str(run.error)
    assert not run.pages


async def test_a_known_set_without_records_is_an_empty_list() -> None:
    run = await harvest(faulty("noRecordsMatch", ListSets=SETS), set_spec="maps")
    assert run.error is None
    assert run.pages[-1].checkpoint.state["done"] == "true"


async def test_a_set_of_a_provider_without_sets_is_named() -> None:
    run = await harvest(faulty("noSetHierarchy"), set_spec="novels")
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "noSetHierarchy"
    assert "no sets, so not “novels”" in str(run.error)


@pytest.mark.parametrize("code", ["badArgument", "badVerb", "badResumptionToken", "strange"])
async def test_other_errors_keep_their_code_and_words(code: str) -> None:
    run = await harvest(in_order(fault(code, "so said the provider")))
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == code
    assert "so said the provider" in str(run.error)


async def test_an_error_of_the_protocol_counts_under_any_http_status() -> None:
    answer = fault("badArgument")
    run = await harvest(in_order(Scripted(answer.body, status=422)))
    assert isinstance(run.error, ProtocolFault)


# --- what a provider is -----------------------------------------------------------------------------


async def test_identify_tells_what_registration_needs() -> None:
    script = faulty("badVerb", Identify=identify("YYYY-MM-DD"), ListMetadataFormats=FORMATS, ListSets=SETS)
    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address, access=HERE)
    assert (found.name, found.protocol_version, found.granularity) == ("Scripted", "2.0", "YYYY-MM-DD")
    assert (found.earliest_datestamp, found.deleted_record) == ("2001-01-01", "persistent")
    assert found.formats == ("oai_dc", "marcxml")
    assert found.sets == (("books", "n"), ("maps", "n"))


@pytest.mark.parametrize("deleted", ["no", "transient", "persistent"])
async def test_identify_tells_how_deletions_are_reported(deleted: str) -> None:
    script = faulty("noSetHierarchy", Identify=identify(deleted=deleted), ListMetadataFormats=FORMATS)
    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address, access=HERE)
    assert found.deleted_record == deleted


async def test_identify_is_not_misled_by_elements_that_are_no_names() -> None:
    odd = envelope(
        b"<Identify><__class__>x</__class__><xml>y</xml><repositoryName>Z</repositoryName></Identify>"
    )
    sets = listing([b"<set><setName>nameless</setName></set>"], verb="ListSets")
    script = faulty(
        "x",
        Identify=odd,
        ListMetadataFormats=listing([b"<metadataFormat/>"], verb="ListMetadataFormats"),
        ListSets=sets,
    )
    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address, access=HERE)
    assert (found.name, found.formats, found.sets) == ("Z", (), ())


async def test_identify_takes_a_hundred_sets_of_a_list_that_never_ends() -> None:
    def script(asked: dict[str, str]) -> Scripted:
        if asked["verb"] != "ListSets":
            return identify() if asked["verb"] == "Identify" else FORMATS
        number = int(asked.get("resumptionToken", 0))
        return listing(
            [f"<set><setSpec>{number}</setSpec></set>".encode()], token=str(number + 1), verb="ListSets"
        )

    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address, access=HERE)
    assert len(found.sets) == 100


async def test_identify_takes_what_a_careless_provider_leaves_out() -> None:
    script = faulty("noSetHierarchy", Identify=envelope(b"<Identify/>"), ListMetadataFormats=FORMATS)
    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address, access=HERE)
    assert (found.name, found.granularity, found.sets) == (provider.address, None, ())
