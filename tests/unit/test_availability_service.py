"""What can be registered as a service that tells what can be had now."""

import pytest

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.locate.live import AvailabilityProtocol, AvailabilityService, check_service


def a_service(address: str, prefix: str = "") -> AvailabilityService:
    return AvailabilityService(Isil("VN-A"), AvailabilityProtocol.DAIA, address, prefix)


def test_an_address_of_the_web_is_kept() -> None:
    service = a_service("https://library.example.org/daia", "ppn:")
    assert check_service(service) is service


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org",
        "http://user:secret@example.org/",
        "nonsense",
        "http://[",
        "https://" + "x" * 400,
        "http://a\nb",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidLibrary, match="no address"):
        check_service(a_service(address))


def test_a_prefix_without_end_is_refused() -> None:
    with pytest.raises(InvalidLibrary, match="prefix"):
        check_service(a_service("https://library.example.org", "p" * 301))
