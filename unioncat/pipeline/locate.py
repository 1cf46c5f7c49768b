"""Locate: for each line of a list the publications it means, and the libraries that have them, whom to ask first.

Every question goes to the store once for all lines. A list spreads its requests: a library that lines above would ask
first already counts as loaded.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.library import MemberLibrary
from unioncat.core.locate.distance import Origin, distance_to, place_of
from unioncat.core.locate.lines import AskedLine, Unreadable, read_line
from unioncat.core.locate.live import AvailabilityService, LiveStatus
from unioncat.core.locate.ranking import Membership, Offer, Ranked, rank, shared_group
from unioncat.core.locate.wording import Reason
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.statuses import Availability, availability_of, together
from unioncat.pipeline.availability import LiveAvailability
from unioncat.pipeline.locate_lines import Meaning, ask_citations, meanings
from unioncat.pipeline.locate_port import FoundTitle, HeldAt
from unioncat.pipeline.ports import SearchIndex
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

_EXACT = ("exact", "moved")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the lines as typed, by which library, from where (None: from that library), with other editions or
    not, and how many requests libraries have already."""

    lines: tuple[str, ...]
    day: date
    asking: Isil | None = None
    origin: Origin | None = None
    any_edition: bool = False
    load: Mapping[Isil, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatedStatus:
    """Whether a holding can be had, in the words of the library if it has any; who says so, and since when it holds."""

    availability: Availability
    said: str | None
    source: str
    at: datetime
    back: date | None = None


@dataclass(frozen=True, slots=True)
class LocatedHolding:
    """A holding; `edition` is set when it is of another edition than the one that was asked for."""

    control_number: ControlNumber
    holding: Holding
    status: StatedStatus
    edition: FoundTitle | None


@dataclass(frozen=True, slots=True)
class LocatedLibrary:
    """A library with its rank and what it has."""

    ranked: Ranked
    holdings: tuple[LocatedHolding, ...]


@dataclass(frozen=True, slots=True)
class LocatedRecord:
    """A publication that a line means, and who has it, whom to ask first."""

    title: FoundTitle
    libraries: tuple[LocatedLibrary, ...]


@dataclass(frozen=True, slots=True)
class LocatedLine:
    """The answer to one line: `state` is exact, several, nothing or unreadable."""

    typed: str
    asked: AskedLine
    state: str
    reason: Reason
    records: tuple[LocatedRecord, ...]


async def locate(
    question: Question, store: Store, search: SearchIndex, live: LiveAvailability | None = None
) -> Sequence[LocatedLine]:
    """Answer all lines in their order; raises NotRegistered for an unknown asking library, StoreUnavailable.

    With `live` libraries that have a service are asked what can be had now, all at once and within its limit.
    """
    asked = [read_line(typed) for typed in question.lines]
    cited = await ask_citations(asked, search)  # before a connection is taken: this may last
    async with store.work() as work:
        asker = (await work.libraries.get(question.asking)).library if question.asking else None
        meant = await meanings(asked, work.lookup, cited)
        facts = await _facts(work, question, asker, {master for one in meant for master in one.masters})
        isils = list({one.isil for held in facts.held.values() for one in held}) if live else []
        services = await work.availability_services.of(isils)
    if live and services:
        facts = replace(facts, live=await live.ask(services, _asked_of(facts)), services=services)
    desk = _Desk(facts, Counter({isil.lower(): count for isil, count in question.load.items()}))
    return [
        desk.answer(typed, line, meaning)
        for typed, line, meaning in zip(question.lines, asked, meant, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the store told for all lines."""

    question: Question
    asker: MemberLibrary | None
    titles: Mapping[MasterId, FoundTitle]
    editions: Mapping[MasterId, Sequence[MasterId]]
    held: Mapping[MasterId, Sequence[HeldAt]]
    libraries: Mapping[str, MemberLibrary]
    memberships: Mapping[Isil, Sequence[Membership]]
    live: Mapping[tuple[Isil, ControlNumber], LiveStatus] = field(default_factory=dict)
    services: Mapping[Isil, AvailabilityService] = field(default_factory=dict)

    def status(self, one: HeldAt) -> StatedStatus:
        """What the library's service told; else what the catalogue knows, as old as the record that says so."""
        if (told := self.live.get((one.isil, one.control_number))) and one.holding.copies:
            return StatedStatus(told.availability, None, self.services[one.isil].protocol, told.at, told.back)
        said = next((item.status for item in one.holding.items if item.status), None)
        return StatedStatus(availability_of(one.holding), said, "catalogue", one.received)


async def _facts(
    work: UnitOfWork, question: Question, asker: MemberLibrary | None, masters: Collection[MasterId]
) -> _Facts:
    editions = await work.lookup.other_editions(masters) if question.any_edition else {}
    everything = {*masters, *(other for group in editions.values() for other in group)}
    held = await work.lookup.held(everything)
    isils = {one.isil for holdings in held.values() for one in holdings}
    own = {asker.isil} if asker else set()
    return _Facts(
        question,
        asker,
        await work.lookup.titles(everything),
        editions,
        held,
        await work.libraries.known(isils),
        await work.lookup.memberships(isils | own if asker else ()),
    )


@dataclass(slots=True)
class _Desk:
    """Answers lines one after the other, and keeps count of whom they ask first."""

    facts: _Facts
    load: Counter[str]

    def answer(self, typed: str, asked: AskedLine, meaning: Meaning) -> LocatedLine:
        records = tuple(self._record(master) for master in meaning.masters if master in self.facts.titles)
        state = "several" if records else "nothing"
        if isinstance(asked, Unreadable):
            state = "unreadable"
        elif records and meaning.reason.code in _EXACT:
            state = "exact"
            self._count(records[0].libraries)
        return LocatedLine(typed, asked, state, meaning.reason, records)

    def _count(self, libraries: Sequence[LocatedLibrary]) -> None:
        """A request goes to the first library, unless the asking one has it itself."""
        if libraries and not libraries[0].ranked.offer.own:
            self.load[libraries[0].ranked.offer.library.isil.lower()] += 1

    def _record(self, master: MasterId) -> LocatedRecord:
        by_library: defaultdict[Isil, list[LocatedHolding]] = defaultdict(list)
        for edition in (master, *self.facts.editions.get(master, ())):
            for one in self.facts.held.get(edition, ()):
                other = self.facts.titles.get(edition) if edition != master else None
                by_library[one.isil].append(
                    LocatedHolding(one.control_number, one.holding, self.facts.status(one), other)
                )
        ranked = rank(self._offer(isil, held) for isil, held in by_library.items())
        libraries = (LocatedLibrary(one, tuple(by_library[one.offer.library.isil])) for one in ranked)
        return LocatedRecord(self.facts.titles[master], tuple(libraries))

    def _offer(self, isil: Isil, held: Sequence[LocatedHolding]) -> Offer:
        facts, asker = self.facts, self.facts.asker
        library = facts.libraries[isil.lower()]
        counted = [one for one in held if one.edition is None] or held
        memberships = facts.memberships
        return Offer(
            library,
            own=asker is not None and asker.isil == isil,
            shared=shared_group(memberships[asker.isil], memberships[isil], facts.question.day)
            if asker and asker.isil != isil
            else None,
            distance=distance_to(library, facts.question.origin or (place_of(asker) if asker else None)),
            availability=together([one.status.availability for one in counted]),
            copies=sum(one.holding.copies for one in counted),
            digital=any(one.holding.url for one in counted),
            other_edition=counted[0].edition is not None,
            load=self.load[isil.lower()],
        )


def _asked_of(facts: _Facts) -> Mapping[Isil, Collection[ControlNumber]]:
    """The records of each library, in the order of the lines that mean them."""
    asked: defaultdict[Isil, dict[ControlNumber, None]] = defaultdict(dict)
    for holdings in facts.held.values():
        for one in holdings:
            asked[one.isil][one.control_number] = None
    return asked
