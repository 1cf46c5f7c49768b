"""What the OpenAPI document promises: it is complete, and the answers keep to it."""

from typing import Any

import pytest
from brute_force_index import BruteForceIndex
from fake_catalogue import KIEU, FakeCatalogue, a_small_catalogue, served
from fake_libraries import fake_store
from pydantic import TypeAdapter

from api.app import create_app
from api.problems import MEDIA_TYPE
from schemas.holdings import HoldingsAnswer, RecordHoldings
from schemas.libraries import LibraryList
from schemas.record import RecordAnswer
from schemas.registry import HarvestList, Health, RejectedList, SourceList
from schemas.related import RelatedAnswer
from schemas.search import SearchAnswer
from unioncat.pipeline.services import Services

SERVICES = Services(FakeCatalogue(), BruteForceIndex(), "vi", fake_store(FakeCatalogue()))
DOCUMENT: dict[str, Any] = create_app(SERVICES).openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
SCHEMAS = DOCUMENT["components"]["schemas"]
PROPERTIES = [
    pytest.param(field, id=f"{schema}.{name}")
    for schema, described in SCHEMAS.items()
    for name, field in described.get("properties", {}).items()
]


def test_all_operations_are_there() -> None:
    assert {operation.replace("/api/v1", "") for operation in OPERATIONS} == {
        "GET /search",
        "GET /search/export",
        "GET /suggest",
        "GET /suggest/subjects",
        "GET /records/{record_id}",
        "GET /records/{record_id}/holdings",
        "GET /records/{record_id}/related",
        "GET /holdings",
        "POST /locate",
        "GET /records/{record_id}/locate",
        "GET /libraries",
        "POST /libraries",
        "GET /libraries/{isil}",
        "PUT /libraries/{isil}",
        "GET /libraries/{isil}/contacts",
        "GET /libraries/{isil}/availability",
        "PUT /libraries/{isil}/availability",
        "DELETE /libraries/{isil}/availability",
        "POST /libraries/{isil}/events",
        "GET /library-duplicates",
        "POST /library-lists",
        "GET /library-groups",
        "GET /library-groups/{code}",
        "PUT /library-groups/{code}",
        "PUT /library-groups/{code}/libraries/{isil}",
        "DELETE /library-groups/{code}/libraries/{isil}",
        "POST /invitations",
        "GET /registrations",
        "POST /registrations",
        "POST /registrations/{number}/approval",
        "GET /sources",
        "POST /libraries/{isil}/sources",
        "GET /sources/{number}",
        "PUT /sources/{number}/terms",
        "PUT /sources/{number}/secret",
        "PUT /sources/{number}/files/{name}",
        "GET /sources/{number}/deletions",
        "POST /sources/{number}/runs",
        "GET /sources/{number}/placeholders",
        "GET /sources/{number}/target",
        "PUT /sources/{number}/target",
        "POST /sources/{number}/placeholders",
        "POST /sources/{number}/deletions",
        "GET /sources/{source_id}/check",
        "POST /sources/{source_id}/check",
        "POST /sources/{source_id}/acceptance",
        "GET /sources/{source_id}/quality",
        "GET /sources/{source_id}/rejected.csv",
        "GET /sources/{source_id}/rejected.bin",
        "GET /sources/{source_id}/unmatched.csv",
        "GET /sources/{source_id}/running",
        "POST /sources/{source_id}/harvests",
        "POST /sources/{source_id}/stop",
        "GET /harvests",
        "GET /rejected",
        "GET /health",
        "GET /curation/reviews",
        "GET /curation/patterns",
        "GET /curation/reviews/{pair}",
        "POST /curation/reviews/{pair}/decision",
        "GET /curation/deferred",
        "DELETE /curation/deferred/{pair}",
        "POST /curation/merges",
        "POST /curation/splits",
        "GET /curation/decisions",
        "GET /curation/decisions/{number}",
        "POST /curation/decisions/{number}/withdrawal",
        "POST /curation/bulk",
        "POST /curation/bulk/{number}/withdrawal",
        "GET /curation/export",
        "POST /curation/preview",
        "GET /alarms",
        "GET /alarms/{number}",
        "POST /alarms/{number}/closure",
        "POST /alarms/{number}/release",
        "GET /records/{record_id}/corrections",
        "POST /records/{record_id}/corrections",
        "POST /corrections/{number}/withdrawal",
        "GET /records/{record_id}/versions",
        "GET /records/{record_id}/versions/{version}",
        "GET /records/{record_id}/versions/{version}/diff/{other}",
    }


def test_whoever_writes_needs_a_key_or_an_invitation() -> None:
    open_to_all = {name for name, operation in OPERATIONS.items() if "security" not in operation}
    writing = {name for name in open_to_all if not name.startswith("GET ")}
    assert writing == {"POST /api/v1/registrations", "POST /api/v1/locate"}  # the second stores nothing
    for operation in (OPERATIONS[name] for name in OPERATIONS.keys() - open_to_all):
        assert operation["security"] == [{"AccessKey": []}]
        assert {"401", "403"} <= operation["responses"].keys()


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_operation_is_described(path: str) -> None:
    operation = OPERATIONS[path]
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    (done,) = [said for status, said in operation["responses"].items() if status < "300"]
    assert done["description"] != "Successful Response"


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_parameter_is_described_with_an_example(path: str) -> None:
    for parameter in OPERATIONS[path].get("parameters", []):
        assert parameter["description"], parameter["name"]
        assert parameter["schema"].get("examples") or parameter.get("example"), parameter["name"]


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_operation_documents_its_problems(path: str) -> None:
    responses = OPERATIONS[path]["responses"]
    assert "503" in responses
    if any(parameter["in"] == "query" for parameter in OPERATIONS[path].get("parameters", [])):
        assert "400" in responses
    for status, response in responses.items():
        if status >= "400":
            content = response["content"][MEDIA_TYPE]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert all(example["value"]["status"] == int(status) for example in content["examples"].values())


@pytest.mark.parametrize("field", PROPERTIES)
def test_every_property_is_described_with_an_example(field: dict[str, Any]) -> None:
    assert field["description"]
    made_of_others = "$ref" in str(field)
    assert field.get("examples") or made_of_others


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(part) for part in value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    assert references(DOCUMENT) <= {f"#/components/schemas/{name}" for name in SCHEMAS}


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/search?facet=library&facet=year", SearchAnswer),
        (f"/records/{KIEU}", RecordAnswer),
        (f"/records/{KIEU}/holdings", RecordHoldings),
        (f"/records/{KIEU}/related", RelatedAnswer),
        ("/holdings?isbn=9786040100016", HoldingsAnswer),
        ("/libraries", LibraryList),
        ("/sources", SourceList),
        ("/harvests", HarvestList),
        ("/rejected", RejectedList),
        ("/health", Health),
    ],
)
async def test_the_answers_have_the_shapes_that_are_promised(path: str, shape: type) -> None:
    async with served(a_small_catalogue(4)) as client:
        answer = await client.get(f"/api/v1{path}")
    value = TypeAdapter(shape).validate_json(answer.content)
    assert value.model_dump(mode="json") == answer.json()
