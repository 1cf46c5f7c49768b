"""Cutting a stream of XML into records, with bounded memory, at their tags: one broken record harms no other.

1. A record is an innermost element `record` (MARCXML, MarcXchange) or `dc` (oai_dc), whatever encloses it: a
   collection, an SRU answer, an OAI-PMH list. It becomes a document of its own: the namespaces of what encloses it and
   a declared encoding other than UTF-8 are written into it.
2. A header of OAI-PMH before or in the record gives identifier, datestamp and whether it is a deletion.
3. Comments, CDATA and processing instructions hold no tags, unless they do not end.
4. What stands outside of records is envelope, unless it holds fields of MARC: then a tag is broken, and it is a piece.
5. A record of LONGEST_RECORD or more bytes is cut there, and reading goes on behind; the parts will be rejected.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unioncat.core.delivery import RecordFormat
from unioncat.core.parse.framing import LONGEST_RECORD

_TOKEN = re.compile(
    rb"(?P<opaque><!--|<!\[CDATA\[|<\?)|<(?P<end>/?)(?:[\w.-]+:)?(?:record|dc)(?=[\s/>])[^<>]*>"
)
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"'](?!utf-?\d)[^>]*\?>", re.IGNORECASE)
_NAMESPACE = re.compile(rb"(xmlns(?::[\w.-]+)?)\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_FIELD = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>]")
_NAME = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_HEADER = re.compile(rb"<(?:[\w.-]+:)?header(\s[^<>]*)?>(.*?)</(?:[\w.-]+:)?header\s*>", re.DOTALL)
_IN_HEADER = re.compile(rb"<(?:[\w.-]+:)?(identifier|datestamp)(?:\s[^<>]*)?>([^<]*)<")
_ENVELOPE = 64 * 1024
_LONGEST_OPAQUE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class XmlPiece:
    """One record of an XML file, with what its envelope says."""

    raw: bytes
    format: RecordFormat
    identifier: str | None = None
    datestamp: str | None = None
    deleted: bool = False


def split_xml(chunks: Iterable[bytes]) -> Iterator[XmlPiece]:
    """The records of an XML file in UTF-8 or another encoding that contains ASCII."""
    cutter = _Cutter()
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.end()


class _Cutter:
    """What is known of the stream so far: text not yet delivered, and where an open record begins in it."""

    def __init__(self) -> None:
        self._text = b""
        self._place = 0
        self._begin = -1
        self._encoding = b""
        self._namespaces: dict[bytes, bytes] = {}

    def feed(self, chunk: bytes) -> Iterator[XmlPiece]:
        self._text += chunk
        done = 0
        while token := _TOKEN.search(self._text, self._place):
            if token["opaque"]:
                end = self._text.find(_ENDS[token["opaque"]], token.end())
                if end < 0 and len(self._text) - token.start() < _LONGEST_OPAQUE:
                    self._place = token.start()
                    break
                self._place = max(end, token.end())
                continue
            self._place = token.end()
            is_empty = token[0].endswith(b"/>")
            if not token["end"] and not (is_empty and self._begin >= 0):
                self._begin = token.start()
            if self._begin >= 0 and (is_empty or token["end"]):
                yield from self._cut(done, self._place)
                done, self._begin = self._place, -1
        else:
            self._place = max(self._place, self._last_whole_tag())
        yield from self._forget(done)

    def end(self) -> Iterator[XmlPiece]:
        if self._begin >= 0:
            yield from self._cut(0, len(self._text))
        elif _FIELD.search(self._text):
            yield XmlPiece(self._text.strip(), RecordFormat.MARCXML)

    def _cut(self, done: int, end: int) -> Iterator[XmlPiece]:
        """The record from `_begin` to `end`, before it what of its envelope holds fields."""
        envelope, raw = self._text[done : self._begin], self._text[self._begin : end]
        self._learn(envelope)
        if _FIELD.search(envelope):
            yield XmlPiece(envelope.strip(), RecordFormat.MARCXML)
        yield _piece(self._standalone(raw), envelope)

    def _learn(self, envelope: bytes) -> None:
        if found := _ENCODING.search(envelope):
            self._encoding = found[0]
        self._namespaces.update((name[1], name[0]) for name in _NAMESPACE.finditer(envelope))

    def _standalone(self, raw: bytes) -> bytes:
        name = _NAME.match(raw)
        if name is None:  # the rest of a record that was cut for its length
            return raw
        tag, rest = raw[: name.end()], raw[name.end() :]
        own = {found[1] for found in _NAMESPACE.finditer(rest.partition(b">")[0])}
        needed = [
            declaration
            for prefix, declaration in self._namespaces.items()
            if prefix not in own and (prefix == b"xmlns" or prefix[6:] + b":" in raw)
        ]
        return self._encoding + b" ".join([tag, *needed]) + rest

    def _last_whole_tag(self) -> int:
        """Everything before this place has been looked at; a tag that has only begun is after it."""
        last = self._text.rfind(b"<")
        return last if b">" not in self._text[last:] and last >= 0 else len(self._text)

    def _forget(self, done: int) -> Iterator[XmlPiece]:
        """Drop what is delivered, deliver what is too long, and keep of a long envelope only its end."""
        if self._begin < 0 and len(self._text) - done > _ENVELOPE:
            keep = min(self._place, len(self._text) - 4096)
            self._learn(self._text[done:keep])
            if _FIELD.search(self._text, done, keep):
                yield XmlPiece(self._text[done:keep].strip(), RecordFormat.MARCXML)
            done = keep
        elif self._begin >= 0 and len(self._text) - self._begin >= LONGEST_RECORD:
            yield from self._cut(done, len(self._text))
            done, self._begin = len(self._text), len(self._text)
        self._text = self._text[done:]
        self._place = max(0, self._place - done)
        self._begin -= done if self._begin >= 0 else 0


def _piece(raw: bytes, envelope: bytes) -> XmlPiece:
    form = _format_of(raw)
    headers = _HEADER.findall(envelope) or _HEADER.findall(
        raw if form is not RecordFormat.OAI_DC else raw[:4096]
    )
    if not headers:
        return XmlPiece(raw, form)
    attributes, inside = headers[-1]
    said = {
        name: html.unescape(value.decode("utf-8", "replace")).strip()
        for name, value in _IN_HEADER.findall(inside)
    }
    identifier = said.get(b"identifier") or None
    deleted = b"deleted" in attributes and identifier is not None
    return XmlPiece(b"" if deleted else raw, form, identifier, said.get(b"datestamp") or None, deleted)


def _format_of(raw: bytes) -> RecordFormat:
    start = raw[raw.find(b"?>") + 2 :] if raw.startswith(b"<?") else raw
    name = _NAME.match(start)
    is_dc = name is not None and name[1] == b"dc"
    is_dc = is_dc or (b"/dc/elements/" in raw and not _FIELD.search(raw))
    return RecordFormat.OAI_DC if is_dc else RecordFormat.MARCXML
