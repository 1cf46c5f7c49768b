"""Every recorded OAI-PMH answer gives its records, its identifiers, or its named error; none is left out."""

from collections import Counter
from pathlib import Path

import pytest

from harvesters.oai_response import delivered_records, listed_identifiers, read_answer
from unioncat.core.delivery import PLAIN_RULES
from unioncat.core.errors import NotAProvider
from unioncat.core.parse.read import ParsedRecord, read_record

pytestmark = pytest.mark.data


def found_in(path: Path) -> Counter[str]:
    """What one recorded answer gives."""
    try:
        answer = read_answer(path.read_bytes(), "http://library.example.org/oai")
    except NotAProvider:
        return Counter(["not a provider"])
    if answer.error:
        return Counter([answer.error[0]])
    records = list(delivered_records(answer, "marc21"))
    live = [record for record in records if not record.deleted]
    identifiers, deleted = listed_identifiers(answer)
    return Counter(
        {
            "answers": 1,
            "records": len(records),
            "deleted": len(records) - len(live),
            "read": sum(isinstance(read_record(record, PLAIN_RULES), ParsedRecord) for record in live),
            "listed": len(identifiers),
            "listed as deleted": len(deleted),
            "tokens": int(answer.token is not None),
        }
    )


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            "melinda-oai",  # its lists of identifiers have headers inside of records
            {
                "answers": 25,
                "records": 30,
                "deleted": 1,
                "read": 11,
                "listed": 29,
                "listed as deleted": 1,
                "tokens": 2,
                "badArgument": 3,
                "badResumptionToken": 6,
                "cannotDisseminateFormat": 3,
                "idDoesNotExist": 1,
            },
        ),
        (
            "reservoir",
            {
                "answers": 4,
                "records": 7,
                "deleted": 2,
                "read": 3,
                "listed": 6,
                "listed as deleted": 3,
                "tokens": 4,
                "noRecordsMatch": 1,
                "not a provider": 1,  # the schema of OAI-PMH
            },
        ),
        (
            "sickle",
            {
                "answers": 11,
                "records": 10,
                "deleted": 3,
                "read": 6,
                "listed": 8,
                "listed as deleted": 5,
                "tokens": 4,
                "badArgument": 1,
                "badResumptionToken": 1,
                "cannotDisseminateFormat": 1,
                "idDoesNotExist": 1,
                "noRecordsMatch": 1,
                "noSetHierarchy": 1,
                "undefinedError": 1,
                "not a provider": 2,  # the word “broken”, and a licence
            },
        ),
        (
            "vufindharvest",
            {
                "answers": 7,
                "records": 204,
                "deleted": 1,
                "read": 101,
                "listed": 203,
                "listed as deleted": 1,
                "tokens": 3,
                "foo": 1,
                "badResumptionToken": 1,
            },
        ),
    ],
)
def test_recorded_answers_give_what_they_hold(test_data: Path, origin: str, expected: dict[str, int]) -> None:
    recorded = [path for path in (test_data / "oai" / origin).iterdir() if path.suffix != ".json"]
    found = sum(map(found_in, recorded), Counter[str]())
    assert dict(found) == expected
