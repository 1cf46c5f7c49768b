"""XML that means harm: each answer ends in the right records or in an error that names it, soon and in little memory."""

import time
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from scripted_harvest import Harvest, harvest
from scripted_provider import Script, Scripted, envelope, in_order, listing, marc, oai_record

from harvesters.access import Limits
from unioncat.core.errors import FeedError, NotAProvider

SHORT = Limits(connect=1, read=0.3, answer=5, size=4 * 1024 * 1024, tries=2)


@pytest.fixture(autouse=True)
async def soon() -> AsyncIterator[None]:
    """No answer may hold us up."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < 6


async def bounded(script: Script, limits: Limits = SHORT) -> Harvest:
    tracemalloc.start()
    try:
        run = await harvest(script, limits=limits)
        assert tracemalloc.get_traced_memory()[1] < 24 * 1024 * 1024
    finally:
        tracemalloc.stop()
    return run


def billion_laughs(use: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>{use}'.encode()


@pytest.mark.parametrize(
    "use",
    [
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>&l9;</ListRecords></OAI-PMH>',
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" a="&l9;"><ListRecords/></OAI-PMH>',
        "<html>&l9;</html>",
    ],
)
async def test_a_billion_laughs_are_not_laughed(use: str) -> None:
    run = await bounded(in_order(Scripted(billion_laughs(use))))
    assert isinstance(run.error, NotAProvider)


async def test_an_entity_of_this_machine_is_not_read() -> None:
    body = envelope(b"<ListRecords>" + oai_record("1", "<a>&f;</a>") + b"</ListRecords>").body
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><OAI-PMH'
    run = await bounded(in_order(Scripted(body.replace(b"<OAI-PMH", doctype))))
    assert isinstance(run.error, NotAProvider)
    assert "root:" not in str(run.error)


async def test_xml_that_is_too_deep_harms_only_its_record() -> None:
    deep = oai_record("2", "<a>" * 10_000 + "</a>" * 10_000)
    run = await bounded(in_order(listing([marc("1"), deep, marc("3")])))
    assert sorted(filter(None, run.identifiers)) == ["1", "2", "3"]
    (record,) = [r for page in run.pages for r in page.records if r.identifier == "2"]
    assert record.raw == deep


async def test_an_envelope_that_is_too_deep_is_no_provider() -> None:
    run = await bounded(in_order(envelope(b"<a>" * 100_000 + b"</a>" * 100_000)))
    assert isinstance(run.error, NotAProvider)


async def test_mending_does_not_read_a_large_envelope_for_each_of_many_records() -> None:
    record = b"<record><header/>\x01</record>"
    body = envelope(
        b"<x>" + b"y" * 2_000_000 + b"</x><ListRecords>" + record * 30_000 + b"</ListRecords>"
    ).body
    run = await bounded(in_order(Scripted(body)))
    assert isinstance(run.error, NotAProvider)


@pytest.mark.parametrize(
    "body",
    [
        b"<record>" * 300_000,
        b"<record>" + b" " * 3_000_000,
        b"<" * 3_000_000,
        b"<record" + b"a" * 3_000_000,
        (b"<record>" + b"<!--" * 10) * 50_000,
        b"<OAI-PMH>" + b"</OAI-PMH" + b" " * 3_000_000,
    ],
    ids=["starts", "blanks", "angles", "long name", "comments", "end"],
)
async def test_rubbish_is_soon_recognised(body: bytes) -> None:
    run = await bounded(in_order(Scripted(body)))
    assert isinstance(run.error, FeedError)
    assert len(str(run.error)) < 1000


async def test_numbers_and_texts_without_measure_are_cut() -> None:
    page = listing([marc("1")], token="t", total=1).body.replace(b'"1"', b'"' + b"9" * 9000 + b'"')
    last = envelope(b'<error code="' + b"c" * 99_999 + b'">' + b"w" * 99_999 + b"</error>")
    run = await bounded(in_order(Scripted(page), last))
    assert [page.total for page in run.pages] == [None]
    assert len(str(run.error)) < 2000


@pytest.mark.parametrize("place", ["ListRecords", "b"])
async def test_thousands_of_namespaces_are_not_looked_through_for_each_of_thousands_of_elements(
    place: str,
) -> None:
    declared = "".join(f' xmlns:n{number}="urn:{number}"' for number in range(20_000))
    inner = "<n19999:a/>" * 40_000
    page = listing([marc("1"), oai_record("2", f"<b>{inner}</b>")]).body
    run = await bounded(
        in_order(Scripted(page.replace(f"<{place}>".encode(), f"<{place}{declared}>".encode())))
    )
    assert isinstance(run.error, NotAProvider) or run.identifiers == ["1", "2"]
