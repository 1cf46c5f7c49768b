"""What is tried with an SRU server: indexes and schemas of its explain record first, then those in common use."""

import re
from collections.abc import Iterable

from harvesters.sru.cql import ALL_RECORDS, DASHED, STRUCTURE, TRUNCATION, USE, to_cql
from harvesters.sru.responses import Explained
from harvesters.z3950.partition import Form
from harvesters.z3950.profile import Attributes
from harvesters.z3950.query import Clause
from harvesters.z3950.records import DUBLIN_CORE, Syntax
from harvesters.z3950.vocabulary import Vocabulary, always

_MARC = re.compile(r"marc", re.IGNORECASE)
_DUBLIN_CORE = re.compile(r"(?:^|[/:])(?:oai_|simple)?dc(?:-v1\.1)?$", re.IGNORECASE)
_DATES = re.compile(r"modif|last.?(?:update|change)|date.?changed|transaction", re.IGNORECASE)
_IDS = re.compile(
    r"(?:^|\.)(?:rec\.)?(?:id|identifier|control.?number|local.?number|mms_id|ppn|idn)$", re.IGNORECASE
)
_YEARS = re.compile(
    r"(?:^|\.)(?:date|year|pub_?year|publication.?date|date.?published|jahr?)$", re.IGNORECASE
)
_COMMON_DATES = ("rec.lastModificationDate", "rec.lastModified", "dc.modified")
_COMMON_IDS = ("rec.id", "rec.identifier", "dc.identifier")
_COMMON_YEARS = ("dc.date",)
_COMMON_SCHEMAS = ("marcxml", "info:srw/schema/1/marcxml-v1.1")


def vocabulary(explained: Explained) -> Vocabulary:
    """The words to try; an explain record that names no index leaves those in common use."""
    dates = _indexes(explained, _DATES, _COMMON_DATES)
    ids = _indexes(explained, _IDS, _COMMON_IDS)
    years = _indexes(explained, _YEARS, _COMMON_YEARS)
    return Vocabulary(
        forms=tuple(_forms(explained)),
        with_holdings=(),
        everything=(always(ALL_RECORDS), *map(always, (*ids, "cql.serverChoice", *years))),
        much=tuple(Clause(digit, ((USE, years[0]), (TRUNCATION, 1))) for digit in "12"),
        dates=tuple(_alike(name, style) for name in dates for style in ("", DASHED)),
        ids=tuple(_alike(name) for name in ids),
        years=tuple(_alike(name) for name in years),
        written=to_cql,
    )


def _forms(explained: Explained) -> Iterable[Form]:
    listed = explained.schemas
    marc = [name for name in listed if _MARC.search(name)] or list(_COMMON_SCHEMAS)
    plain = [name for name in listed if _DUBLIN_CORE.search(name)] or ["dc"]
    chunk = min(explained.most_records or 100, 200)
    yield from (Form(Syntax.XML, name, chunk) for name in dict.fromkeys(marc))
    yield Form(Syntax.XML, None, chunk)
    yield from (Form(DUBLIN_CORE, name, chunk) for name in dict.fromkeys(plain))


def _indexes(explained: Explained, known: re.Pattern[str], common: tuple[str, ...]) -> tuple[str, ...]:
    listed = [name for name in explained.indexes if known.search(name)]
    return tuple(dict.fromkeys((*listed, *(() if listed else common))))


def _alike(index: str, style: str = "") -> Attributes:
    return ((USE, index), (STRUCTURE, style)) if style else ((USE, index),)
