"""What a target's attributes really do: asked, not believed (that no diagnostic comes proves nothing).

1. Everything: the query that finds most records. A round number of hits is a cap when its parts by years are more.
2. Form: the first syntax whose records can be read and keep their Vietnamese. A target that converts to MARC-8 loses
   letters for ever; such a form is named, and not taken.
3. Control numbers: looking up the 001 of sample records finds one record each, and it is that record.
4. Dates of change compare when a day in the future finds none, nothing is before the year 1, everything is after
   it, what is before and from a day in the middle on adds up, and the records of a day carry it in 005. They can be
   asked for by their beginnings when the years add up, and the records of a day carry it.
5. Years of publication in the same way, or by a scan whose counts add up.
6. What divides the whole catalogue is proven by its parts: they are no fewer than all. Where a target cannot be asked
   for what has no date, the dates still find what changed, and the whole is divided by years, or not at all.
7. The strategy is the first of the portfolio for which the proof holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from harvesters.z3950.delivery import delivered
from harvesters.z3950.divisions import REST, ByDigits, ByNumber
from harvesters.z3950.errors import Objection
from harvesters.z3950.messages import InitResponse, ScanRequest, TermCount
from harvesters.z3950.partition import Form, Line, count_hits
from harvesters.z3950.profile import Attributes, Strategy, TargetProfile, finding
from harvesters.z3950.query import Clause, Query, Relation, both
from harvesters.z3950.records import DUBLIN_CORE, Entry, Record, Syntax
from harvesters.z3950.strategy import whole as whole_division
from harvesters.z3950.stripped import is_stripped
from harvesters.z3950.vocabulary import BIB_1, Vocabulary
from unioncat.core.delivery import ParsedRecord
from unioncat.core.errors import FeedError
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.read import read_record
from unioncat.core.target import AskedSyntax

SAMPLE = 20
_ROUND = frozenset(count * 10**power for count in (1, 2, 5) for power in range(2, 7))
_SYNTAXES = {
    AskedSyntax.USMARC: Syntax.USMARC,
    AskedSyntax.UNIMARC: Syntax.UNIMARC,
    AskedSyntax.XML: Syntax.XML,
    AskedSyntax.OPAC: Syntax.OPAC,
}
EMPTY, NOT_WHOLE = "nothing found", "not whole"
GOOD, STRIPPED, UNREADABLE, NOT_GIVEN = "good", "stripped", "cannot be read", "not given"
_AS_NUMBERS = {4: 109}  # structure: numeric string
_FUTURE, _ANCIENT = "99990101", "00010101"
_SHOWN_IDS = 3
_YEAR = 4
_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """A question that was asked, and the answer in words."""

    question: str
    answer: str


@dataclass(slots=True)
class Explored:
    """What was found out. `forms`: those that were tried, with `good`, `stripped` or what was wrong with them.

    `terms` are those of the session; `connections`: how many may be open at a time, as far as two were tried.
    """

    profile: TargetProfile
    total: int | None
    sample: tuple[Record, ...] = ()
    forms: dict[str, str] = field(default_factory=dict)
    tried: list[Tried] = field(default_factory=list)
    terms: InitResponse = field(default_factory=lambda: InitResponse(False))
    connections: int = 1


class Explorer:
    """Asks one target; each question is written down."""

    def __init__(
        self,
        line: Line,
        databases: tuple[str, ...],
        today: date,
        vocabulary: Vocabulary = BIB_1,
        asked: AskedSyntax | None = None,
    ) -> None:
        self._line = line
        self._asked = asked
        self._databases = databases
        self._today = today
        self._words = vocabulary
        self._tried: list[Tried] = []
        self._forms: dict[str, str] = {}

    async def explore(self) -> Explored:
        """Raises FeedError when the target cannot be reached, or lets nobody in."""
        found = await self._everything()
        if found is None:
            profile = TargetProfile(Strategy.SNAPSHOT, probed=f"{self._today}", fault=EMPTY)
            return await self._explored(profile, None, ())
        everything, total, cap = found
        form, records = await self._form(everything, total)
        marcs = [marc for record in records if (marc := _read(record))]
        finds_all = everything in self._words.everything
        profile = TargetProfile(
            Strategy.SNAPSHOT,
            form.syntax,
            form.element_set,
            everything if finds_all else None,
            hit_cap=cap,
            probed=f"{self._today}",
            fault="" if self._forms[called(form)] == GOOD else self._forms[called(form)],
        )
        whole = total if finds_all and cap is None else None
        if not profile.fault:
            profile = await self._with_ids(profile, form, marcs)
            profile = await self._with_dates(profile, form, marcs, total)
            profile = await self._with_whole(profile, marcs, total, whole)
        return await self._explored(profile, whole, records)

    async def _explored(
        self, profile: TargetProfile, total: int | None, records: Sequence[Record]
    ) -> Explored:
        terms = (await self._line.session()).terms
        return Explored(
            _chosen(profile),
            total,
            tuple(records),
            self._forms,
            self._tried,
            terms,
            await self._line.try_another(),
        )

    # --- asking -------------------------------------------------------------------------------------

    async def _hits(self, query: Query) -> int | None:
        """None when the target objects."""
        try:
            hits = await count_hits(self._line, query)
        except Objection as error:
            self._tried.append(Tried(self._words.written(query), str(error)))
            return None
        self._tried.append(Tried(self._words.written(query), f"{hits} records"))
        return hits

    async def _records(self, query: Query, form: Form, count: int) -> list[Record]:
        """Records from the beginning, the middle and the end of a result set; none when the target objects."""
        entries: list[Entry] = []
        try:
            hits = await count_hits(self._line, query)
            share = min(count, hits) if hits <= count else max(1, count // 3)
            for start in sorted({1, (hits - share) // 2 + 1, hits - share + 1}) if share else ():
                session = await self._line.session()
                response = await session.present(start, share, form.syntax, form.element_set)
                entries += response.entries
        except Objection as error:
            self._tried.append(Tried(f"{self._words.written(query)} as {called(form)}", str(error)))
            return []
        return [entry for entry in entries if isinstance(entry, Record)]

    async def _scan(self, attributes: Attributes, start: str, count: int) -> list[TermCount]:
        try:
            session = await self._line.session()
            response = await session.scan(ScanRequest(self._databases, Clause(start, attributes), count))
        except Objection as error:
            self._tried.append(Tried(f"scan {self._words.written(Clause(start, attributes))}", str(error)))
            return []
        return [one for one in response.terms if isinstance(one, TermCount)]

    # --- the questions ------------------------------------------------------------------------------

    async def _everything(self) -> tuple[Clause, int, int | None] | None:
        """The broadest query, its hits, and the cap if they look like one."""
        counted = [(await self._hits(query) or 0, query) for query in self._words.everything]
        if not any(hits for hits, _ in counted):
            counted = [(await self._hits(query) or 0, query) for query in self._words.much]
        most = max((hits for hits, _ in counted), default=0)
        if not most:
            return None
        query = next(query for hits, query in counted if hits == most)
        return query, most, most if most in _ROUND and await self._is_cap(most) else None

    async def _is_cap(self, hits: int) -> bool:
        """Whether the years of publication are more than the whole; a part as large as the whole is divided again."""
        division = ByDigits(self._words.years[-1], _YEAR)
        waiting, counted = [*division.slices()], 0
        while waiting and counted <= hits:
            one = waiting.pop()
            found = await self._hits(one.query) or 0
            parts = division.split(one) if found == hits else ()
            waiting += parts
            counted += 0 if parts else found
        return counted > hits

    async def _form(self, query: Clause, total: int) -> tuple[Form, list[Record]]:
        """The form to ask for; one with holdings where the target tells any (a person may want another)."""
        wanted = _SYNTAXES[self._asked] if self._asked else None
        forms = [
            form for form in (*self._words.forms, *self._words.with_holdings) if form.syntax == wanted
        ] or self._words.forms
        best: tuple[Form, list[Record]] = (forms[0], [])
        for form in forms:
            records = await self._tried_form(query, form, total)
            if self._forms[called(form)] == GOOD:
                return await self._with_holdings(query, total, (form, records))
            if len(records) > len(best[1]):
                best = (form, records)
        return best

    async def _with_holdings(
        self, query: Clause, total: int, good: tuple[Form, list[Record]]
    ) -> tuple[Form, list[Record]]:
        """A form with holdings, if nobody wants another and the records have some there."""
        for form in self._words.with_holdings if self._asked is None else ():
            records = await self._tried_form(query, form, total)
            if self._forms[called(form)] == GOOD and any(
                one.holdings or one.marc_holdings for one in records
            ):
                return form, records
        return good

    async def _tried_form(self, query: Clause, form: Form, total: int) -> list[Record]:
        records = await self._records(query, form, min(SAMPLE, total))
        self._forms[called(form)] = _judged(records)
        return records

    async def _with_ids(
        self, profile: TargetProfile, form: Form, marcs: Sequence[MarcRecord]
    ) -> TargetProfile:
        numbers = [number for marc in marcs if (number := marc.control("001"))][:_SHOWN_IDS]
        for attributes in self._words.ids if numbers else ():
            if all([await self._is_found(attributes, number, form) for number in numbers]):
                first = await self._scan(attributes, numbers[0], 1)
                return replace(
                    profile,
                    id=attributes,
                    id_listed=bool(first) and first[0].term == numbers[0] and first[0].records == 1,
                )
        return profile

    async def _is_found(self, attributes: Attributes, number: str, form: Form) -> bool:
        """Whether exactly this record is found by its number."""
        query = finding(attributes, number)
        if await self._hits(query) != 1:
            return False
        marcs = [_read(record) for record in await self._records(query, form, 1)]
        return bool(marcs) and all(marc is not None and marc.control("001") == number for marc in marcs)

    async def _with_dates(
        self, profile: TargetProfile, form: Form, marcs: Sequence[MarcRecord], total: int
    ) -> TargetProfile:
        days = sorted({day for marc in marcs if (day := _day_of(marc))})
        if not days:
            return profile
        for attributes in self._words.dates:
            if await self._dates_compare(attributes, form, days, total):
                return replace(profile, date=attributes, strategy=Strategy.DATE_RANGE)
        for attributes in self._words.dates:
            if await self._dates_begin(attributes, form, days, total):
                return replace(profile, date=attributes, strategy=Strategy.DATE_PREFIX)
        return profile

    async def _dates_compare(
        self, attributes: Attributes, form: Form, days: Sequence[str], total: int
    ) -> bool:
        async def compared(term: str, relation: Relation) -> int | None:
            return await self._hits(finding(attributes, term, relation=relation))

        middle = days[len(days) // 2]
        if await compared(_FUTURE, Relation.GREATER_OR_EQUAL) != 0:
            return False
        if await compared(_ANCIENT, Relation.LESS_OR_EQUAL) != 0:
            return False
        known = await compared(_ANCIENT, Relation.GREATER_OR_EQUAL)
        later = await compared(middle, Relation.GREATER_OR_EQUAL)
        earlier = await compared(_day_before(middle), Relation.LESS_OR_EQUAL)
        if not known or later is None or earlier is None or later + earlier != known or known > total:
            return False
        one_day = both(
            finding(attributes, middle, relation=Relation.GREATER_OR_EQUAL),
            finding(attributes, middle, relation=Relation.LESS_OR_EQUAL),
        )
        return await self._carry(one_day, form, middle)

    async def _dates_begin(self, attributes: Attributes, form: Form, days: Sequence[str], total: int) -> bool:
        middle = days[len(days) // 2]
        if await self._hits(finding(attributes, "9999", truncation=1)) != 0:
            return False
        year = await self._hits(finding(attributes, middle[:4], truncation=1))
        months = [
            await self._hits(finding(attributes, f"{middle[:4]}{month:02d}", truncation=1))
            for month in range(1, 13)
        ]
        if not year or year > total or None in months or sum(filter(None, months)) != year:
            return False
        return await self._carry(finding(attributes, middle, truncation=1), form, middle)

    async def _carry(self, query: Query, form: Form, day: str) -> bool:
        """Whether the records that are found were changed on that day."""
        marcs = [_read(record) for record in await self._records(query, form, _WITHIN)]
        return bool(marcs) and all(marc is not None and _day_of(marc) == day for marc in marcs)

    async def _with_whole(
        self, profile: TargetProfile, marcs: Sequence[MarcRecord], total: int, whole: int | None
    ) -> TargetProfile:
        """Find what divides everything (rule 6)."""
        if profile.strategy is not Strategy.SNAPSHOT:
            if proven := await self._proven(profile, whole):
                return proven
            profile = replace(profile, whole_by=Strategy.SNAPSHOT)
        with_years = await self._with_years(profile, total)
        if with_years.year is not None and (proven := await self._proven(with_years, whole)):
            return proven
        with_numbers = await self._with_numbers(profile, marcs, total)
        if with_numbers.numbers is not None and (proven := await self._proven(with_numbers, whole)):
            return proven
        return profile

    async def _proven(self, profile: TargetProfile, whole: int | None) -> TargetProfile | None:
        """The profile, if its parts are the whole; without a rest where that cannot be asked for."""
        division = await whole_division(profile, self._line, self._databases)
        slices = division.slices() if division else ()
        counts = {one.name: await self._hits(one.query) for one in slices}
        refused = [name for name, hits in counts.items() if hits is None]
        if not counts or any(not name.endswith(REST) for name in refused):
            return None
        found = sum(filter(None, counts.values()))
        if whole is not None and found < whole:
            return None
        return replace(profile, rest=not refused)

    async def _with_numbers(
        self, profile: TargetProfile, marcs: Sequence[MarcRecord], total: int
    ) -> TargetProfile:
        """Control numbers that are numbers, where what is up to one and what is behind it add up to everything."""
        stated = sorted(marc.control("001") or "" for marc in marcs)
        if profile.id is None or not stated or not all(one.isdecimal() for one in stated):
            return profile
        last = 10 ** max(map(len, stated)) - 1
        bounds = [int(one) for one in (stated[0], stated[len(stated) // 2], stated[-1])]
        as_numbers = tuple(sorted({**dict(profile.id), **_AS_NUMBERS}.items()))
        is_bib_1 = isinstance(profile.id[0][1], int)
        for attributes in (profile.id, as_numbers) if is_bib_1 else (profile.id,):
            if all([await self._adds_up(attributes, bound, last, total) for bound in bounds]):
                by = Strategy.ID_RANGE
                strategy = by if profile.strategy is Strategy.SNAPSHOT else profile.strategy
                return replace(profile, strategy=strategy, whole_by=by, numbers=attributes, last_number=last)
        return profile

    async def _adds_up(self, attributes: Attributes, bound: int, last: int, total: int) -> bool:
        (whole,) = ByNumber(attributes, 0, last).slices()
        (below,) = ByNumber(attributes, 0, bound).slices()
        (above,) = ByNumber(attributes, bound + 1, last).slices()
        hits = [await self._hits(one.query) for one in (whole, below, above)]
        return hits[0] == total and bool(hits[1]) and (hits[1] or 0) + (hits[2] or 0) == total

    async def _with_years(self, profile: TargetProfile, total: int) -> TargetProfile:
        strategy = Strategy.PARTITION if profile.strategy is Strategy.SNAPSHOT else profile.strategy
        by_years = replace(profile, strategy=strategy, whole_by=Strategy.PARTITION)
        for attributes in self._words.years:
            beginnings = [await self._hits(finding(attributes, digit, truncation=1)) for digit in "12"]
            if any(beginnings) and sum(filter(None, beginnings)) <= total:
                return replace(by_years, year=attributes)
        terms = await self._scan(self._words.years[-1], "1", 500)
        counts = [one.records or 0 for one in terms]
        if terms and 0 < sum(counts) <= total:
            return replace(by_years, year=self._words.years[-1], years_listed=True)
        return profile


def _chosen(profile: TargetProfile) -> TargetProfile:
    """The strategy, with its reason in words."""
    by = profile.whole_by or profile.strategy
    fault = profile.fault or (NOT_WHOLE if by is Strategy.SNAPSHOT and not profile.everything else "")
    return replace(profile, reason=_REASONS[profile.strategy], fault=fault)


_REASONS = {
    Strategy.DATE_RANGE: "dates of change can be compared: what is new is asked for",
    Strategy.DATE_PREFIX: "dates of change can be asked for day by day: what is new is asked for",
    Strategy.ID_RANGE: "no date of change works: everything is fetched each time, by control numbers, and compared",
    Strategy.PARTITION: "no date of change works: everything is fetched each time, year by year, and compared",
    Strategy.SNAPSHOT: "nothing divides the catalogue: everything is fetched each time in one piece, and compared",
}


def _read(record: Record) -> MarcRecord | None:
    try:
        read = read_record(delivered(record, "sample"))
    except FeedError:  # no MARC
        return None
    return read.marc if isinstance(read, ParsedRecord) else None


def _judged(records: Sequence[Record]) -> str:
    if not records:
        return NOT_GIVEN
    marcs = [_read(record) for record in records]
    if None in marcs:
        return UNREADABLE
    return STRIPPED if is_stripped([marc for marc in marcs if marc]) else GOOD


def called(form: Form) -> str:
    """A form in words."""
    name = "DC" if form.syntax == DUBLIN_CORE else Syntax(form.syntax).name
    return f"{name} {form.element_set}" if form.element_set else name


def _day_of(marc: MarcRecord) -> str | None:
    changed = (marc.control("005") or "")[:8]
    return changed if len(changed) == 8 and changed.isdigit() else None


def _day_before(day: str) -> str:
    return f"{date(int(day[:4]), int(day[4:6]), int(day[6:])) - timedelta(days=1):%Y%m%d}"
