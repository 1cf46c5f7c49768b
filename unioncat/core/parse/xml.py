"""XML from strangers: no entities, no network, no deep trees.

What is not well-formed is mended where nothing has to be guessed, and told; the rest stays broken.
1. Characters that XML 1.0 (section 2.2) forbids are dropped, also as references.
2. A bare `&` is the sign itself; a name that HTML knows (`&nbsp;`) is what HTML says.
3. Bytes that are not of the declared UTF-8 are Windows-1252.
"""

import html
import re

from lxml import etree

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.parse.reading import Told
from unioncat.core.parse.text import clean, without_high_controls

Element = etree._Element

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]{1,6};|#[0-9]{1,7};|[A-Za-z][A-Za-z0-9]*;)?")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_XML_NAMES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def read_xml(raw: bytes, told: Told) -> Element | str:
    """The root element, or the parser's sentence about what is wrong."""
    root = _parse(raw)
    if isinstance(root, str) and not _OTHER_ENCODING.match(raw.lstrip()):
        mended = _parse(_mended(raw))
        if not isinstance(mended, str):
            told.append(Finding(FindingKind.XML, f"the XML was not well-formed ({root}) and has been mended"))
            return mended
    return root


def _parse(raw: bytes) -> Element | str:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        return _sentence(error.msg or "it cannot be parsed")


def _sentence(message: str) -> str:
    """The parser's message without its line breaks and the control characters it quotes."""
    return without_high_controls(clean(message.replace("\n", "")))


def _mended(raw: bytes) -> bytes:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return _FORBIDDEN.sub("", _REFERENCE.sub(_known_reference, text)).encode()


def _known_reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES:
        return match[0]
    if name.startswith("#"):
        return html.escape(_FORBIDDEN.sub("", _character(name[1:-1])))
    return html.escape(html.unescape(match[0]))


def _character(number: str) -> str:
    code = int(number[1:], 16) if number.startswith("x") else int(number)
    return chr(code) if code <= 0x10FFFF else ""


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Element) -> str:
    """All text inside an element."""
    return "".join(str(part) for part in element.itertext()) if len(element) else element.text or ""
