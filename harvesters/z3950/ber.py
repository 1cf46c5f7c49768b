"""BER (ITU-T X.690), as much of it as Z39.50 uses: elements, their values, and messages cut out of a stream.

1. A tag is one number: of a context-specific tag its number, of a universal tag the negative of its number.
2. An element's content is bytes when it is primitive, a tuple of elements when it is constructed.
3. Lengths may be definite or indefinite (8.1.3); YAZ answers in indefinite ones.
4. What comes in is hostile until it is read: size, depth, length of a length and of a tag are bounded, and every
   fault is a BerError that names the place in the message.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = -1, -2, -3, -4, -5, -6
OBJECT_DESCRIPTOR, EXTERNAL, SEQUENCE, VISIBLE_STRING, GENERAL_STRING = -7, -8, -16, -26, -27

_UNIVERSAL, _CONTEXT = 0, 2
_OTHER_CLASS = 1 << 40
_LONGEST_LENGTH = 8  # octets of a length
_LARGEST_TAG = 1 << 28
_LARGEST_ARC = 1 << 64
_END = b"\0\0"


class BerError(ValueError):
    """Bytes that are no BER, or more of it than is allowed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a message (bytes) and how deeply nested it may be."""

    message: int = 64 * 1024 * 1024
    depth: int = 32


DEFAULT_LIMITS = Limits()


class Element(NamedTuple):
    """One tagged value."""

    tag: int
    content: "bytes | tuple[Element, ...]"

    def get(self, tag: int) -> "Element | None":
        """The first element inside with this tag."""
        if isinstance(self.content, bytes):
            return None
        for inner in self.content:
            if inner[0] == tag:
                return inner
        return None

    def all(self, tag: int) -> "list[Element]":
        """The elements inside with this tag."""
        return [inner for inner in self.inside() if inner[0] == tag]

    def inside(self) -> "tuple[Element, ...]":
        """The elements inside; raises BerError when it is primitive."""
        if isinstance(self.content, bytes):
            raise BerError(f"element {_name(self.tag)} holds a value where elements should be")
        return self.content

    def only(self) -> "Element":
        """The one element inside, of an explicit tag or a CHOICE."""
        inside = self.inside()
        if not inside:
            raise BerError(f"element {_name(self.tag)} is empty")
        return inside[0]

    def octets(self) -> bytes:
        """The value as bytes; pieces of a constructed string are joined (8.7.3)."""
        if isinstance(self.content, bytes):
            return self.content
        return b"".join([piece.octets() for piece in self.content])

    def text(self) -> str:
        """The value as text: UTF-8, with U+FFFD for what is none."""
        return self.octets().decode("utf-8", "replace")

    def integer(self) -> int:
        """The value as an INTEGER; raises BerError."""
        content = self.content
        if not content or not isinstance(content, bytes) or len(content) > 8:
            raise BerError(f"element {_name(self.tag)} is no integer")
        return int.from_bytes(content, "big", signed=True)

    def boolean(self) -> bool:
        """The value as a BOOLEAN; raises BerError."""
        return self.integer() != 0

    def bits(self) -> frozenset[int]:
        """The numbers of the bits that are set, from the first one on."""
        content = self.octets()[1:]
        return frozenset(n for n in range(len(content) * 8) if content[n // 8] & (0x80 >> n % 8))

    def oid(self) -> str:
        """The value as an object identifier in dots; raises BerError."""
        return _oid_from(self.octets())


def _name(tag: int) -> str:
    return f"universal {-tag}" if tag < 0 else str(tag)


# --- reading ----------------------------------------------------------------------------------------


def decode(message: bytes, limits: Limits = DEFAULT_LIMITS) -> Element:
    """The element that the message is; raises BerError when it is not exactly one."""
    if len(message) > limits.message:
        raise BerError(f"a message of more than {limits.message} bytes")
    try:
        elements, end = _read(message, 0, len(message), limits.depth, one=True)
    except IndexError:
        raise BerError("the message ends in the middle of an element") from None
    if end != len(message):
        raise BerError(f"{len(message) - end} bytes behind the end of the message")
    return elements[0]


def _read(
    data: bytes, place: int, end: int | None, depth: int, one: bool = False
) -> tuple[tuple[Element, ...], int]:
    """The elements up to `end`, or up to the end marker when `end` is None; and where they end."""
    if not depth:
        raise BerError(f"too deeply nested at byte {place}")
    found: list[Element] = []
    last = len(data) if end is None else end
    while True:
        if end is None:
            if not data[place] and not data[place + 1]:
                return tuple(found), place + 2
        elif place == end and not one:
            return tuple(found), place
        start = place
        length: int | None
        first, octet = data[place], data[place + 1]
        if octet <= 0x80 and not first & 0x40 and first & 0x1F != 0x1F and place + 2 <= last:  # as most are
            tag = first & 0x1F if first & 0x80 else -(first & 0x1F)
            constructed, length, place = bool(first & 0x20), None if octet == 0x80 else octet, place + 2
        else:
            tag, constructed, length, place = _header(data, place, last)
        if length is None:
            if not constructed:
                raise BerError(f"a value without a length at byte {start}")
            inside, place = _read(data, place, None, depth - 1)
            found.append(Element(tag, inside))
        else:
            after = place + length
            if after > last:
                raise BerError(f"an element at byte {start} is longer than what holds it")
            if constructed:
                found.append(Element(tag, _read(data, place, after, depth - 1)[0]))
            else:
                found.append(Element(tag, data[place:after]))
            place = after
        if one:
            return tuple(found), place


def _header(data: bytes | bytearray, place: int, end: int) -> tuple[int, bool, int | None, int]:
    """Tag, whether it is constructed, length (None: indefinite), and where the content begins.

    Raises BerError, and IndexError when the header does not end before `end`.
    """
    start = place
    if place + 2 > end:
        raise IndexError
    first = data[place]
    place += 1
    number = first & 0x1F
    if number == 0x1F:
        number = 0
        while True:
            if place >= end:
                raise IndexError
            octet = data[place]
            place += 1
            number = number << 7 | octet & 0x7F
            if number > _LARGEST_TAG:
                raise BerError(f"the tag at byte {start} is too large")
            if octet < 0x80:
                break
        if place >= end:
            raise IndexError
    kind = first >> 6
    tag = number if kind == _CONTEXT else -number if kind == _UNIVERSAL else number + kind * _OTHER_CLASS
    octet = data[place]
    place += 1
    if octet < 0x80:
        return tag, bool(first & 0x20), octet, place
    if octet == 0x80:
        return tag, bool(first & 0x20), None, place
    count = octet & 0x7F
    if count > _LONGEST_LENGTH:
        raise BerError(f"a length of {count} octets at byte {start}")
    if place + count > end:
        raise IndexError
    return tag, bool(first & 0x20), int.from_bytes(data[place : place + count], "big"), place + count


class Framer:
    """Cuts messages out of a stream. Each byte is looked at once, however it comes in."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._begin()

    def _begin(self) -> None:
        self._place = 0  # of the next header to look at
        self._open = 0  # elements of indefinite length that have begun
        self._end: int | None = None  # of the message, once it is known

    def __len__(self) -> int:
        """How many bytes of an unfinished message are held."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next bytes; yields the messages that are complete. Raises BerError; then the stream is lost."""
        self._buffer += data
        while self._buffer:
            if self._end is None:
                self._end = self._scan()
            if self._end is None or self._end > len(self._buffer):
                return
            message = bytes(self._buffer[: self._end])
            del self._buffer[: self._end]
            self._begin()
            yield message

    def _scan(self) -> int | None:
        """Where the first message ends, which may be further than what has come in; None when that is not known."""
        buffer, held = self._buffer, len(self._buffer)
        place, still_open = self._place, self._open
        most, deepest = self._limits.message, self._limits.depth
        while place < held:
            if still_open and not buffer[place]:
                if place + 1 == held:
                    break
                if buffer[place + 1]:
                    raise BerError(f"a wrong end marker at byte {place}")
                place, still_open = place + 2, still_open - 1
            elif (
                place + 2 <= held and buffer[place + 1] < 0x80 and buffer[place] & 0x1F != 0x1F
            ):  # as many are
                place += 2 + buffer[place + 1]
            else:
                try:
                    _, constructed, length, after = _header(buffer, place, held)
                except IndexError:
                    break
                if length is None and not constructed:
                    raise BerError(f"a value without a length at byte {place}")
                place, still_open = after + (length or 0), still_open + (length is None)
            if place > most:
                raise BerError(f"a message of more than {most} bytes")
            if still_open > deepest:
                raise BerError(f"too deeply nested at byte {place}")
            if not still_open:
                return place
        self._place, self._open = place, still_open
        return None


# --- writing ----------------------------------------------------------------------------------------


def element(tag: int, content: bytes) -> bytes:
    """A primitive element."""
    return _head(tag, 0, len(content)) + content


def sequence(tag: int, *parts: bytes) -> bytes:
    """A constructed element of encoded parts; empty parts are the OPTIONAL ones that are left out."""
    content = b"".join(parts)
    return _head(tag, 0x20, len(content)) + content


def integer(tag: int, value: int) -> bytes:
    """An INTEGER."""
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(tag: int, value: bool) -> bytes:
    """A BOOLEAN."""
    return element(tag, b"\xff" if value else b"\0")


def text(tag: int, value: str) -> bytes:
    """A string in UTF-8."""
    return element(tag, value.encode())


def oid(tag: int, value: str) -> bytes:
    """An object identifier, given in dots."""
    first, second, *rest = map(int, value.split("."))
    return element(tag, b"".join(map(_arc, (first * 40 + second, *rest))))


def bits(tag: int, numbers: Collection[int]) -> bytes:
    """A BIT STRING with these bits set."""
    size = max(numbers, default=0) // 8 + 1
    content = bytearray(size)
    for number in numbers:
        content[number // 8] |= 0x80 >> number % 8
    unused = size * 8 - 1 - max(numbers, default=size * 8 - 1)
    return element(tag, bytes([unused]) + bytes(content))


def encode(one: Element, indefinite: bool = False) -> bytes:
    """An element as bytes; `indefinite` writes constructed ones as YAZ does (rule 3)."""
    if isinstance(one.content, bytes):
        return element(one.tag, one.content)
    content = b"".join([encode(inner, indefinite) for inner in one.content])
    if indefinite:
        return _tag(one.tag, 0x20) + b"\x80" + content + _END
    return _head(one.tag, 0x20, len(content)) + content


def _head(tag: int, constructed: int, length: int) -> bytes:
    if length < 0x80:
        return _tag(tag, constructed) + bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return _tag(tag, constructed) + bytes((0x80 | len(octets),)) + octets


def _tag(tag: int, constructed: int) -> bytes:
    kind, number = (_CONTEXT, tag) if tag >= 0 else (_UNIVERSAL, -tag)
    if tag >= _OTHER_CLASS:
        kind, number = divmod(tag, _OTHER_CLASS)
    first = kind << 6 | constructed
    return bytes((first | number,)) if number < 0x1F else bytes((first | 0x1F,)) + _arc(number)


def _arc(number: int) -> bytes:
    """A number in groups of seven bits (8.1.2.4, 8.19)."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | number & 0x7F)
    return bytes(reversed(groups))


@lru_cache(maxsize=1024)
def _oid_from(content: bytes) -> str:
    arcs, arc = [], 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if arc > _LARGEST_ARC:
            raise BerError("an object identifier with a number that is too large")
        if octet < 0x80:
            arcs.append(arc)
            arc = 0
    if not arcs or content[-1] >= 0x80:
        raise BerError("an object identifier that does not end")
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))
