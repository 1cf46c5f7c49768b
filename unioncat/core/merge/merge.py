"""Merge: the source records of one cluster become one master record with provenance.

1. Members are ranked, best first: a title; Vietnamese accents (MARC 245), because text that lost them is
   spoilt; encoding level (leader/17); completeness (lines of the survivorship table with something to
   say); a title in the wording of most members; rank of the library; ISIL; control number.
2. The leader is that of the best record, less its lengths.
3. Each field follows its line of the survivorship table.
4. A field and its forms in other scripts (MARC 880) live or go together.
5. Beside accented members, one without accents has the last word, and a heading or note that an accented
   member gives in the same letters is the same.
6. Each member leaves its number as MARC 035: (ISIL)control number.
7. Fields come in the order of their tags; those of 5XX, 6XX and 7XX as the records have them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from unioncat.core.marc import DataField
from unioncat.core.merge.linked_fields import Statement, link, read_statements, relink
from unioncat.core.merge.master import Contributor, MergedField, MergedRecord, Provenance, SourceRecord
from unioncat.core.merge.survivorship import SURVIVORSHIP, Drop, Keep, Union, first_of_each, line_of, text_of
from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import accent_share, plain, syllable_key


@dataclass(frozen=True, slots=True)
class _Member:
    """A source record: its statements by line of the table, and where it stands (0 is the best)."""

    contributor: Contributor
    rank: int
    leader: str
    title: str
    accented: bool
    lines: Mapping[int, tuple[Statement, ...]]
    standing: int = 0
    lost_accents: bool = False


_Stated = tuple[_Member, Statement]


@dataclass(frozen=True, slots=True)
class _Survivor:
    """What lives on: the rule, and who states it how; the first wording is shown."""

    rule: str
    stated: tuple[_Stated, ...]


def merge_records(members: Sequence[SourceRecord]) -> MergedRecord:
    """Merge the live source records of one cluster, at least one; their order does not matter."""
    alone = len(members) == 1
    ranked = _best_first([_read(member, alone) for member in members])
    leader = ranked[0].leader
    return MergedRecord(
        leader=leader,
        leader_provenance=_provenance("best record", (m for m in ranked if m.leader == leader)),
        fields=tuple(_fields(sorted(_survivors(ranked), key=_place))),
    )


# --- the members and their ranking --------------------------------------------------------------------


def _read(source: SourceRecord, alone: bool) -> _Member:
    """A member; one that is alone is compared with none, so what ranks it is left out."""
    title = None if alone else source.marc.first("245")
    wording = title.text("abnp") if title else ""
    return _Member(
        contributor=Contributor(source.isil, source.control_number, source.datestamp),
        rank=source.rank,
        leader=_plain_leader(source.marc.leader),
        title=_fold(wording),
        accented=accent_share(wording) > 0,
        lines=_lines(source),
    )


def _plain_leader(leader: str) -> str:
    """The leader without lengths (00-04, 12-16), with the constants of MARC 21 in UTF-8."""
    leader = leader.ljust(24)
    return f"00000{leader[5:9]}a2200000{leader[17:20]}4500"


def _lines(source: SourceRecord) -> Mapping[int, tuple[Statement, ...]]:
    number = DataField("035", "  ", (("a", f"({source.isil}){source.control_number}"),))
    own_number = Statement(number, (), len(source.marc.fields))
    lines: defaultdict[int, list[Statement]] = defaultdict(list)
    for statement in (*read_statements(source.marc), own_number):
        index = line_of(statement.field.tag)
        line = SURVIVORSHIP[index]
        if not isinstance(line, Drop) and (field := line.tidy(statement.field)):
            same = field is statement.field
            lines[index].append(statement if same else Statement(field, statement.scripts, statement.place))
    return {index: _once(statements) for index, statements in lines.items()}


def _once(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements of a member under one line, without repetitions of what MARC 21 has once."""
    if len(statements) == 1:
        return tuple(statements)
    return tuple(compress(statements, first_of_each(one.field.tag for one in statements)))


_LEVELS = " 1IL42K7MJE358uz"
"""Leader/17 from full to unknown, with the local codes of large catalogues between; others come last."""


def _best_first(members: Iterable[_Member]) -> list[_Member]:
    members = list(members)
    if len(members) == 1:
        return members
    votes = Counter(member.title for member in members)

    def standing(member: _Member) -> tuple[object, ...]:
        return (
            not member.title,
            not member.accented,
            (_LEVELS + member.leader[17]).index(member.leader[17]),
            -len(member.lines),
            -votes[member.title],
            member.rank,
            member.contributor,
        )

    ranked = sorted(members, key=standing)
    return [
        replace(member, standing=place, lost_accents=ranked[0].accented and not member.accented)
        for place, member in enumerate(ranked)
    ]


# --- the lines of the table ---------------------------------------------------------------------------


def _survivors(ranked: Sequence[_Member]) -> Iterator[_Survivor]:
    kept: dict[str, tuple[_Survivor, ...]] = {}
    for index in sorted({index for member in ranked for index in member.lines}):
        line = SURVIVORSHIP[index]
        if not isinstance(line, Drop):
            stating = [member for member in ranked if index in member.lines]
            besides = kept.get(line.besides, ()) if isinstance(line, Union) else ()
            kept[line.tags] = tuple(_follow(line, index, stating, besides))
            yield from kept[line.tags]


def _follow(
    line: Keep | Union, index: int, stating: Sequence[_Member], besides: Sequence[_Survivor]
) -> Iterable[_Survivor]:
    """What lives on by one line of the table."""
    first = stating[0].lines[index]
    if len(stating) == len(first) == 1 and not besides:  # most lines of most records: nothing to compare
        return [_Survivor(line.rule, ((stating[0], first[0]),))]
    if isinstance(line, Keep):
        return _keep(line, index, stating)
    return _unite(line, index, stating, besides)


def _keep(line: Keep, index: int, stating: Sequence[_Member]) -> Iterator[_Survivor]:
    """The fields of the chosen record; whoever says the same contributes too."""

    def preference(member: _Member) -> tuple[object, ...]:
        fields = [statement.field for statement in member.lines[index]]
        spoilt = member.lost_accents and isinstance(fields[0], DataField)
        return (spoilt, [-points for points in line.choose.score(fields)], member.standing)

    chosen = stating[0] if len(stating) == 1 else min(stating, key=preference)
    groups: dict[str, list[_Stated]] = {_fold(text_of(s.field)): [] for s in chosen.lines[index]}
    for member in (chosen, *(member for member in stating if member is not chosen)):
        for statement in member.lines[index]:
            if (key := _fold(text_of(statement.field))) in groups:
                groups[key].append((member, statement))
    for stated in groups.values():
        yield _Survivor(line.rule, tuple(stated))


def _unite(
    line: Union, index: int, stating: Sequence[_Member], besides: Iterable[_Survivor]
) -> Iterator[_Survivor]:
    """The fields of all, each once, shown in the fullest wording; not those that stand in `besides`."""
    groups: dict[str, list[_Stated]] = {}
    letters = _Letters(stating)
    for survivor in besides:
        text = line.same.text(survivor.stated[0][1].field)
        groups[letters.key(text, survivor.stated[0][0])] = []
    already = len(groups)
    for member in stating:
        for statement in member.lines[index]:
            text = line.same.text(statement.field)
            key = text if line.same.exact else letters.key(text, member)
            groups.setdefault(key, []).append((member, statement))
    for stated in list(groups.values())[already:]:
        yield _Survivor(line.rule, tuple(sorted(stated, key=_fullness)))


class _Letters:
    """Folds texts; where accents were lost it finds the accented text of the same letters, if it came before."""

    def __init__(self, members: Iterable[_Member]) -> None:
        self._needed = any(member.lost_accents for member in members)
        self._keys: dict[str, str] = {}

    def key(self, text: str, member: _Member) -> str:
        key = _fold(text)
        if not self._needed:
            return key
        first = self._keys.setdefault(plain(text) + _signs(text), key)
        return first if member.lost_accents else key


def _fullness(stated: _Stated) -> tuple[object, ...]:
    """The order of wordings: accents, another script, authority link ($0), dates ($d), the better record."""
    member, statement = stated
    field = statement.field
    codes = {code for code, _ in field.subfields} if isinstance(field, DataField) else set()
    return (
        member.lost_accents,
        not statement.scripts,
        "0" not in codes,
        "d" not in codes,
        member.standing,
        statement.place,
    )


@remembered
def _fold(text: str) -> str:
    return syllable_key(text) + _signs(text)


def _signs(text: str) -> str:
    """The signs that tell C, C++ and C# apart; all others only separate."""
    if "+" not in text and "#" not in text:
        return ""
    return "".join([sign for sign in text if sign in "+#"])


# --- the fields of the master record ------------------------------------------------------------------


def _place(survivor: _Survivor) -> tuple[str, int, int]:
    member, statement = survivor.stated[0]
    tag = statement.field.tag
    return (tag[0] if tag[0] in "567" else tag, member.standing, statement.place)


def _fields(survivors: Iterable[_Survivor]) -> Iterator[MergedField]:
    """The fields, then their forms in other scripts, with links numbered anew."""
    scripts: list[MergedField] = []
    number = 0
    for survivor in survivors:
        shown = survivor.stated[0][1]
        field = shown.field
        if isinstance(field, DataField) and shown.scripts:
            number += 1
            field = link(field, number)
            scripts += (_script(survivor, script, number) for script in shown.scripts)
        yield MergedField(field, _provenance(survivor.rule, (member for member, _ in survivor.stated)))
    yield from scripts


def _script(survivor: _Survivor, script: DataField, number: int) -> MergedField:
    stating = (m for m, statement in survivor.stated if text_of(script) in map(text_of, statement.scripts))
    return MergedField(relink(script, number), _provenance(survivor.rule, stating))


def _provenance(rule: str, members: Iterable[_Member]) -> Provenance:
    return Provenance(rule, tuple(dict.fromkeys([member.contributor for member in members])))
