import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters.access import FeedAccess
from harvesters.credentials import (
    Credentials,
    basic,
    bearer,
    credentials_from_json,
    credentials_to_json,
    header,
)
from unioncat.core.errors import UnioncatError

visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (basic("thuvien", "mật khẩu"), ("Authorization", "Basic dGh1dmllbjpt4bqtdCBraOG6qXU=")),
        (bearer("abc.def"), ("Authorization", "Bearer abc.def")),
        (header("X-Api-Key", "k 1"), ("X-Api-Key", "k 1")),
    ],
)
def test_credentials_are_sent_as_a_header(credentials: Credentials, expected: tuple[str, str]) -> None:
    assert credentials.as_header == expected


@given(visible.filter(lambda user: ":" not in user), visible)
def test_credentials_survive_being_kept_and_are_never_shown(name: str, secret: str) -> None:
    for credentials in (
        basic(name, "S3CRET" + secret),
        bearer("S3CRET" + secret),
        header("X-Key", "S3CRET" + secret),
    ):
        assert credentials_from_json(credentials_to_json(credentials)) == credentials
        for text in (repr(credentials), str(credentials), f"{FeedAccess(credentials=credentials)}"):
            assert "S3CRET" not in text


@pytest.mark.parametrize(
    ("kind", "name", "secret"),
    [
        ("basic", "", "S3CRET"),
        ("basic", "a:b", "S3CRET"),
        ("bearer", "", ""),
        ("bearer", "", "S3CRET\r\nHost: x"),
        ("bearer", "", "S3CRETề"),
        ("header", "X Key", "S3CRET"),
        ("header", "X-Key\r\nA", "S3CRET"),
        ("header", "Host", "S3CRET"),
        ("header", "content-length", "S3CRET"),
        ("header", "X-Key", " S3CRET"),
        ("magic", "x", "S3CRET"),
    ],
)
def test_what_cannot_be_sent_is_refused_without_showing_it(kind: str, name: str, secret: str) -> None:
    with pytest.raises(UnioncatError) as caught:
        Credentials.of(kind, name, secret)
    assert "S3CRET" not in str(caught.value)


@pytest.mark.parametrize("kept", [b"", b"{}", b"[]", b'"x"', b'{"kind": "basic"}', b"\xff"])
def test_a_kept_secret_that_cannot_be_read_is_asked_for_again(kept: bytes) -> None:
    with pytest.raises(UnioncatError, match="unioncat source secret"):
        credentials_from_json(kept)
