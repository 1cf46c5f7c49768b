"""Decompressing what a server sends, without becoming larger than it may.

1. `gzip` (all of its members, RFC 1952) and `deflate` (with or without the envelope of zlib, RFC 9110, 8.4.1.2).
2. What is said to be gzip and does not begin like it is plain: some servers compress nothing and still say so.
3. Layers of compression are refused: each multiplies what one small packet grows to.
4. More than MOST_GROWTH times what came in, after the first MiB, is an attack; text grows 5 to 30 times.
"""

import zlib
from collections.abc import Iterator
from typing import Any

MOST_GROWTH = 200
_ALWAYS_FINE = 1024 * 1024
_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = frozenset(("", "identity"))
_GZIPPED = frozenset(("gzip", "x-gzip"))


class Damaged(Exception):
    """The compressed bytes are broken or end too early."""


class Unacceptable(Exception):
    """The server may not compress like this; the text says what it does."""


class Inflater:
    """Decompresses the pieces of one body."""

    def __init__(self, encoding: str) -> None:
        """`encoding` is the header Content-Encoding; raises Unacceptable."""
        self._encoding = encoding.strip().lower()
        if "," in self._encoding:
            raise Unacceptable("compresses its answers more than once")
        if self._encoding not in _PLAIN | _GZIPPED | {"deflate"}:
            raise Unacceptable(f"compresses its answers with “{self._encoding[:40]}”, which nobody asked for")
        self._stream: Any = None  # zlib does not export the class of its decompressors
        self._head = b""
        self._is_plain = self._encoding in _PLAIN
        self._came = self._gave = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The contents of the next piece, in small pieces; raises Damaged, Unacceptable."""
        if not self._is_plain and self._stream is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return
            self._begin(data)
        if self._is_plain:
            yield data
            return
        self._came += len(data)
        try:
            yield from self._inflated(data)
        except zlib.error as error:
            raise Damaged(str(error)) from error

    def end(self) -> Iterator[bytes]:
        """What was held back; raises Damaged when the body ends too early."""
        if self._stream is not None and not self._stream.eof:
            raise Damaged("the end is missing")
        if self._stream is None and self._head:
            yield self._head

    def _begin(self, data: bytes) -> None:
        if self._encoding in _GZIPPED:
            self._is_plain = data[:2] != b"\x1f\x8b"
            window = _GZIP
        else:  # the header of zlib is a multiple of 31 (RFC 1950, 2.2)
            has_envelope = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            window = zlib.MAX_WBITS if has_envelope else -zlib.MAX_WBITS
        if not self._is_plain:
            self._stream = zlib.decompressobj(window)

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                if data[:2] != b"\x1f\x8b":
                    return  # padding behind the last member
                self._stream = zlib.decompressobj(_GZIP)
            piece = self._stream.decompress(data, _PIECE)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            self._check(len(piece))
            if piece:
                yield piece

    def _check(self, more: int) -> None:
        self._gave += more
        if self._gave > max(_ALWAYS_FINE, MOST_GROWTH * self._came):
            raise Unacceptable(f"grows more than {MOST_GROWTH} times when it is decompressed")
