"""Z39.50 messages: what is encoded is read again; whatever comes in is a message or a BerError."""

import random
from contextlib import suppress
from typing import Any

import pytest
from fuzz_z3950 import fuzz_messages
from hypothesis import given
from hypothesis import strategies as st
from z3950_messages import MESSAGES

from harvesters.z3950 import ber
from harvesters.z3950.ber import BerError, Element, Framer, Limits
from harvesters.z3950.codec import encode_message, read_message
from harvesters.z3950.messages import Message
from harvesters.z3950.query import InvalidPqf, parse_pqf, to_pqf

_TAGS = st.integers(-400, 400).filter(bool) | st.integers(1 << 40, (1 << 40) + 200)
_ELEMENTS: st.SearchStrategy[Element] = st.recursive(
    st.builds(Element, _TAGS, st.binary(max_size=40)),
    lambda inner: st.builds(Element, _TAGS, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=12,
)


@given(_ELEMENTS, st.booleans())
def test_an_element_is_read_as_it_was_written_in_either_form_of_length(
    one: Element, indefinite: bool
) -> None:
    assert ber.decode(ber.encode(one, indefinite)) == one


@given(st.lists(st.tuples(_ELEMENTS, st.booleans()), max_size=4), st.randoms())
def test_a_stream_is_cut_into_its_messages_wherever_it_is_broken(
    elements: list[tuple[Element, bool]], draw: random.Random
) -> None:
    messages = [ber.encode(one, indefinite) for one, indefinite in elements]
    stream, framer, found = b"".join(messages), Framer(), []
    while stream:
        size = draw.randint(1, 9)
        found += framer.feed(stream[:size])
        stream = stream[size:]
    assert found == messages
    assert not len(framer)


@given(st.integers())
def test_integers_of_any_sign_come_back(value: int) -> None:
    encoded = ber.decode(ber.integer(5, value))
    if value.bit_length() < 64:
        assert encoded.integer() == value
    else:
        with pytest.raises(BerError):
            encoded.integer()


@given(st.sets(st.integers(0, 60)))
def test_bits_come_back(numbers: set[int]) -> None:
    assert ber.decode(ber.bits(3, numbers)).bits() == numbers


@given(st.lists(st.integers(0, 1 << 40), min_size=1, max_size=8), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_come_back(arcs: list[int], first: int, second: int) -> None:
    dotted = ".".join(map(str, (first, second, *arcs)))
    assert ber.decode(ber.oid(ber.OID, dotted)).oid() == dotted


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_each_message_is_read_as_it_was_written(kind: type[Message], data: Any) -> None:
    message = data.draw(MESSAGES[kind])
    encoded = encode_message(message)
    assert read_message(encoded) == message
    assert read_message(ber.encode(ber.decode(encoded), indefinite=True)) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_named_error(data: bytes) -> None:
    with suppress(BerError):
        read_message(data)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_a_framer_holds_no_more_than_it_may(data: bytes, size: int) -> None:
    framer = Framer(Limits(message=100, depth=4))
    with suppress(BerError):
        for place in range(0, len(data), size):
            for message in framer.feed(data[place : place + size]):
                assert len(message) <= 100
            assert len(framer) <= 100 + size


def test_3000_garbled_messages_are_read_or_refused() -> None:
    report = fuzz_messages(3000, seed=7)
    assert report.inputs == 3000
    assert min(report.read, report.refused) > 300


@given(st.text(st.sampled_from('@atrndose "\\12=x{}'), max_size=60) | st.text(max_size=60))
def test_any_text_is_a_query_or_refused_with_a_sentence(text: str) -> None:
    with suppress(InvalidPqf):
        query = parse_pqf(text)
        assert parse_pqf(to_pqf(query)) == query
