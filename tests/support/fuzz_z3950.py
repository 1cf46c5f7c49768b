"""Garbled messages and queries of Z39.50: whatever comes in is read or refused with a named error."""

import random
import time
from dataclasses import dataclass

from z3950_messages import SAMPLES

from harvesters.z3950 import ber
from harvesters.z3950.ber import BerError, Framer, Limits
from harvesters.z3950.codec import encode_message, read_message
from harvesters.z3950.query import InvalidPqf, parse_pqf

_PIECES = (
    "@and",
    "@or",
    "@not",
    "@attr",
    "1=4",
    "1=1012",
    "2=",
    '"',
    '"a b"',
    "\\",
    "@attrset",
    "bib-1",
    "x",
)
_LIMITS = Limits(message=1 << 20, depth=16)


@dataclass(slots=True)
class FuzzReport:
    """What became of the inputs, and the slowest of them in seconds."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0


def fuzz_messages(count: int, seed: int) -> FuzzReport:
    """So many garbled streams and queries; anything but BerError and InvalidPqf is raised."""
    draw, report = random.Random(seed), FuzzReport()
    encoded = [encode_message(message) for message in SAMPLES]
    encoded += [ber.encode(ber.decode(one), indefinite=True) for one in encoded]
    for number in range(count):
        begin = time.perf_counter()
        try:
            if number % 10 == 9:
                parse_pqf(" ".join(draw.choices(_PIECES, k=draw.randint(1, 12))))
            else:
                _feed(_garbled(draw.choice(encoded), draw), draw)
            report.read += 1
        except (BerError, InvalidPqf):
            report.refused += 1
        report.inputs += 1
        report.slowest = max(report.slowest, time.perf_counter() - begin)
    return report


def _feed(stream: bytes, draw: random.Random) -> None:
    framer = Framer(_LIMITS)
    while stream:
        size = draw.randint(1, 200)
        for message in framer.feed(stream[:size]):
            read_message(message, _LIMITS)
        stream = stream[size:]


def _garbled(message: bytes, draw: random.Random) -> bytes:
    """Bytes changed, cut out, put in twice, or long tags, lengths and nests put in."""
    data = bytearray(message)
    for _ in range(draw.choice((0, 1, 1, 2, 8))):
        place = draw.randrange(len(data) + 1)
        match draw.randrange(6):
            case 0 if place < len(data):
                data[place] = draw.randrange(256)
            case 1:
                del data[place : place + draw.randint(1, 20)]
            case 2:
                data[place:place] = data[place : place + draw.randint(1, 40)]
            case 3:
                data[place:place] = b"\x84" + draw.randbytes(4)
            case 4:
                data[place:place] = b"\x30\x80" * draw.randint(1, 40)
            case _:
                data[place:place] = b"\x1f" + b"\xff" * draw.randint(1, 9)
    return bytes(data)
