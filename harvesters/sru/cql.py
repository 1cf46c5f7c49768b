"""Queries as CQL (Contextual Query Language 1.2 and 2.0), written from the tree that Z39.50 queries are, too.

1. The Use attribute of a clause is the name of an index (`rec.lastModificationDate`), and nothing else is.
2. Terms are values: they stand in quotation marks, and what would be a wildcard in them is masked by a backslash.
3. Truncation on the right is a `*` behind the term; the relation ALWAYS asks for all that the index has (`*`), in
   `cql.allRecords` for everything (`= 1`).
4. A day or its beginning, `20260131` or `202601`, is written with dashes where the structure attribute says `dashed`.
"""

import re

from harvesters.z3950.query import Clause, Combined, Query, Relation, ResultSet

USE, RELATION, STRUCTURE, TRUNCATION = 1, 2, 4, 5
ALL_RECORDS = "cql.allRecords"
DASHED = "dashed"

_RELATIONS: dict[int | str, str] = {
    Relation.LESS: "<",
    Relation.LESS_OR_EQUAL: "<=",
    Relation.EQUAL: "=",
    Relation.GREATER_OR_EQUAL: ">=",
    Relation.GREATER: ">",
}
_SPECIAL = re.compile(r'(["\\*?^])')
_INDEX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")


def to_cql(query: Query) -> str:
    """The query in CQL; raises ValueError for what CQL cannot say: a result set, a clause without an index."""
    if isinstance(query, Combined):
        return f"({to_cql(query.left)}) {query.operator.name.lower()} ({to_cql(query.right)})"
    if isinstance(query, ResultSet):
        raise ValueError(f"a result set ({query.name}) cannot be named in CQL")
    return _clause(query)


def _clause(one: Clause) -> str:
    attributes = dict(one.attributes)
    index = attributes.get(USE)
    if not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise ValueError(f"'{index}' is not the name of an index")
    relation = attributes.get(RELATION, Relation.EQUAL)
    if relation == Relation.ALWAYS:
        return f"{index} = {'1' if index == ALL_RECORDS else '*'}"
    term = _dashed(one.term) if attributes.get(STRUCTURE) == DASHED else one.term
    masked = _SPECIAL.sub(r"\\\1", term)
    star = "*" if attributes.get(TRUNCATION) == 1 else ""
    return f'{index} {_RELATIONS[relation]} "{masked}{star}"'


def _dashed(digits: str) -> str:
    return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))
