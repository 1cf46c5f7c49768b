"""The words in which a kind of target can be asked, and which of them are worth trying, the best first."""

from collections.abc import Callable
from dataclasses import dataclass

from harvesters.z3950.partition import Form
from harvesters.z3950.profile import Attributes
from harvesters.z3950.query import Clause, Query, Relation, Use, to_pqf
from harvesters.z3950.records import Syntax


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Forms of records, `with_holdings` those that tell these too; clauses that find everything, and those that find
    much; attributes of dates of change, of control numbers and of years of publication. `written` shows a query."""

    forms: tuple[Form, ...]
    with_holdings: tuple[Form, ...]
    everything: tuple[Clause, ...]
    much: tuple[Clause, ...]
    dates: tuple[Attributes, ...]
    ids: tuple[Attributes, ...]
    years: tuple[Attributes, ...]
    written: Callable[[Query], str]


def always(use: int | str) -> Clause:
    """A clause that finds what has any value in an index."""
    return Clause("x", ((1, use), (2, int(Relation.ALWAYS))))


BIB_1 = Vocabulary(
    forms=(
        Form(Syntax.USMARC, "F"),
        Form(Syntax.USMARC, None),
        Form(Syntax.XML, "marcxml"),
        Form(Syntax.XML, None),
        Form(Syntax.UNIMARC, "F"),
    ),
    with_holdings=(Form(Syntax.OPAC, "F"), Form(Syntax.OPAC, None)),
    everything=(
        always("_ALLRECORDS"),
        *map(always, map(int, (Use.ANY, Use.ANYWHERE, Use.LOCAL_NUMBER, Use.DATE_MODIFIED))),
        Clause("0", ((1, int(Use.LOCAL_NUMBER)), (2, int(Relation.GREATER_OR_EQUAL)))),
    ),
    much=(
        Clause("1", ((1, int(Use.DATE_OF_PUBLICATION)), (5, 1))),
        Clause("2", ((1, int(Use.DATE_OF_PUBLICATION)), (5, 1))),
        *(Clause(word, ((1, int(Use.ANY)),)) for word in ("và", "the", "của")),
    ),
    dates=(((1, 1012), (4, 5)), ((1, 1012),), ((1, 1012), (4, 4)), ((1, 1012), (4, 100))),
    ids=(((1, 12),), ((1, 12), (4, 3)), ((1, 1007),), ((1, 9001),)),
    years=(((1, 31), (4, 4)), ((1, 31),)),
    written=to_pqf,
)
"""Z39.50 with the attribute set bib-1."""
