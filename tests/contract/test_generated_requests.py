"""Requests made out of the OpenAPI document (Schemathesis), as an operator sends them to a running server: no answer is a
failure of the server, and each has a status, a media type and a shape that the document promises.

`UNIONCAT_REQUESTS` says how many requests each operation gets; half of them name things that are there.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from brute_force_index import BruteForceIndex
from deliveries import a_delivery
from fake_catalogue import FakeCatalogue
from fake_libraries import fake_store
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from unioncat.core.identifiers import mint_master_id
from unioncat.pipeline.services import Services

REQUESTS = int(os.environ.get("UNIONCAT_REQUESTS", "12"))
UNIONCAT = Path(sys.executable).with_name("unioncat")
SCHEMA = schemathesis.openapi.from_dict(
    create_app(Services(FakeCatalogue(), BruteForceIndex(), "vi", fake_store(FakeCatalogue()))).openapi()
)
OPERATIONS = {
    operation.label: operation
    for operation in sorted(
        (found.ok() for found in SCHEMA.get_all_operations()),
        key=lambda operation: operation.method != "get",  # before others change what there is
    )
}
THINGS: dict[str, str | int] = {
    "isil": "VN-A",
    "record_id": mint_master_id(1),
    "other": mint_master_id(2),
    "source_id": 1,
    "number": 1,
    "version": 1,
}
"""What is there, by the names of parameters."""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
RECORDS = [
    a_delivery("a", isbn="978-604-57-0112-6"),
    a_delivery("b", title="Cơ sở văn hóa Việt Nam", isbn="9786045701126"),
    a_delivery("c", title="Kinh tế học vi mô", author="Vũ Kim Dũng"),
    a_delivery("d", title="Kinh tế học vĩ mô", author="Vũ Kim Dũng"),
]


@dataclass(frozen=True)
class Server:
    """Where it listens, and the key of its operator."""

    address: str
    key: str


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server over a home with two libraries."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # so that PostgreSQL, which does not run as root, may enter
        environment = {**os.environ, "UNIONCAT_HOME": name}

        def run(*arguments: str) -> str:
            return subprocess.run(
                [UNIONCAT, *arguments], env=environment, check=True, capture_output=True, text=True
            ).stdout

        for isil, records in (("VN-A", RECORDS[:3]), ("VN-B", RECORDS[1:])):
            file = folder / f"{isil}.jsonl"
            file.write_bytes(b"".join(record.raw + b"\n" for record in records))
            run("library", "add", isil, f"Thư viện {isil}")
            run("import", str(file), "--library", isil)
        key = re.search(r"uk_\S+", run("key", "add", "--role", "operator"))
        assert key
        process = subprocess.Popen(
            [UNIONCAT, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout
            address = re.search(r"http://[0-9.:]+", process.stdout.readline())
            assert address
            yield Server(address[0], key[0])
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_document_promises(server: Server, label: str) -> None:
    @settings(
        max_examples=REQUESTS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(), is_real=st.booleans())
    def ask(case: Case, is_real: bool) -> None:
        if is_real:
            case.path_parameters |= {name: THINGS[name] for name in case.path_parameters if name in THINGS}
        response = case.call(server.address, headers={"Authorization": f"Bearer {server.key}"})
        case.validate_response(response, checks=CHECKS)

    ask()
