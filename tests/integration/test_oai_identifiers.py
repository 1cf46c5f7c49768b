"""Listing what a provider has, and asking it whether a record is gone."""

import pytest
from scripted_provider import (
    HERE,
    Script,
    Scripted,
    deletion,
    envelope,
    fault,
    header,
    in_order,
    listing,
    marc,
    scripted_provider,
)

from harvesters.oai_identifiers import IdentifierPage, OaiIdentifierLister
from unioncat.core.errors import FeedError, NotAProvider, ProtocolFault
from unioncat.core.registry import Checkpoint


async def no_nap(seconds: float) -> None:
    pass


def lister(address: str, set_spec: str | None = None) -> OaiIdentifierLister:
    return OaiIdentifierLister(address, "marc21", set_spec, access=HERE, sleep=no_nap)


def listed(*headers: bytes, token: str | None = None, total: int | None = None) -> Scripted:
    return listing(headers, token, total, verb="ListIdentifiers")


THREE = [
    listed(header("1"), header("2", "deleted"), token="a", total=4),
    listed(header("3"), header("3"), token="b"),
    listed(header(" 4 \n"), b"<header><datestamp>2024</datestamp></header>"),
]


def three(asked: dict[str, str]) -> Scripted:
    return THREE["ab".find(asked.get("resumptionToken", "?")) + 1]


async def pages(script: Script, resume: Checkpoint | None = None) -> list[IdentifierPage]:
    with scripted_provider(script) as provider:
        return [page async for page in lister(provider.address).identifiers(resume)]


async def test_the_list_is_followed_and_deletions_are_told_apart() -> None:
    found = await pages(three)
    assert [(page.identifiers, page.deleted) for page in found] == [
        (("1",), ("2",)),
        (("3",), ()),
        (("4",), ()),
    ]
    assert found[0].total == 4
    assert found[-1].checkpoint.state["done"] == "true"


async def test_a_list_is_resumed_from_each_of_its_checkpoints() -> None:
    whole = await pages(three)
    for number, page in enumerate(whole, start=1):
        rest = await pages(three, page.checkpoint)
        assert [p.identifiers for p in rest] == [p.identifiers for p in whole[number:]]


async def test_prefix_and_set_are_asked_for() -> None:
    with scripted_provider(in_order(listed(header("1")))) as provider:
        _ = [page async for page in lister(provider.address, "books").identifiers(None)]
    assert provider.requests == [{"verb": "ListIdentifiers", "metadataPrefix": "marc21", "set": "books"}]


async def test_an_empty_list_is_a_page_without_identifiers() -> None:
    (page,) = await pages(in_order(fault("noRecordsMatch")))
    assert (page.identifiers, page.deleted) == ((), ())


async def test_a_list_that_is_damaged_is_never_read_as_a_shorter_one() -> None:
    damaged = listed(header("1"), header("2").replace(b"</identifier>", b"</identifer>"), header("3"))
    with pytest.raises(NotAProvider):
        await pages(in_order(damaged))


async def test_a_forbidden_character_in_a_list_is_dropped() -> None:
    (page,) = await pages(in_order(listed(header("1"), header("2\x1f"), header("3"))))
    assert page.identifiers == ("1", "2", "3")


def record(content: bytes) -> Scripted:
    return envelope(b"<GetRecord>" + content + b"</GetRecord>")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (fault("idDoesNotExist"), True),
        (fault("idDoesNotExist", status=404), True),
        (record(deletion("1")), True),
        (record(marc("1")), False),
        (record(marc("1", "\x1f")), False),
        (record(marc("1").replace(b"</subfield>", b"</subfeld>")), False),
    ],
)
async def test_a_record_is_gone_when_the_provider_says_so(answer: Scripted, expected: bool) -> None:
    with scripted_provider(in_order(answer)) as provider:
        assert await lister(provider.address).confirm_gone("1") is expected
    assert provider.requests == [{"verb": "GetRecord", "identifier": "1", "metadataPrefix": "marc21"}]


@pytest.mark.parametrize(
    "answer",
    [
        fault("cannotDisseminateFormat"),
        fault("badArgument"),
        record(b""),
        record(deletion("another")),
        envelope(b""),
        Scripted(b"<html>Not found</html>", 404),
        Scripted(b"<html>", 500),
        Scripted(b"", 503),
        Scripted(b""),
    ],
)
async def test_nothing_else_says_that_a_record_is_gone(answer: Scripted) -> None:
    with scripted_provider(in_order(answer)) as provider, pytest.raises(FeedError):
        await lister(provider.address).confirm_gone("1")


async def test_the_error_of_the_provider_keeps_its_code() -> None:
    script = in_order(fault("badArgument", "so said"))
    with scripted_provider(script) as provider, pytest.raises(ProtocolFault, match="so said"):
        await lister(provider.address).confirm_gone("1")
