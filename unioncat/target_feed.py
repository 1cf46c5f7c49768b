"""A feed behind a target of Z39.50 or SRU: what it is asked, by what was found out about it, within what a person set.

1. A target that nobody has looked at is probed before it is harvested, and again when it surprises: when it cannot do
   any more what it could, finds changes in the future, or a reading of everything did not bring everything.
2. What changed is asked for from the day before the last harvest began, for its clock and its day need not be ours.
   Everything is asked for when dates do not work, when that was long ago (`TargetTerms.whole_every`), or when records
   are missing here.
3. After everything was read, what was not seen is gone, once a look-up confirms it; where no look-up works a person
   decides. After a window it is looked for only when the target has fewer records than are here.
4. Outside its hours a target is left alone, and a run that reaches them, or takes as many records as it may, rests.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import cast

from harvesters.access import FeedAccess
from harvesters.credentials import CredentialKind, Credentials
from harvesters.sru.address import read_server
from harvesters.sru.cql import to_cql
from harvesters.sru.session import SruSession
from harvesters.sru.session import connect as connect_server
from harvesters.sru.vocabulary import vocabulary
from harvesters.z3950.address import read_address
from harvesters.z3950.client import Target, connect
from harvesters.z3950.errors import Unsupported
from harvesters.z3950.explore import Explored, Explorer
from harvesters.z3950.harvest import Order, Z3950Harvester
from harvesters.z3950.messages import Credentials as TargetCredentials
from harvesters.z3950.numbers import Lookup, NumberLister, RecordNumbers, ScannedNumbers
from harvesters.z3950.partition import Form, Line, Session, count_hits
from harvesters.z3950.profile import Strategy, TargetProfile, finding, profile_from_json, profile_to_json
from harvesters.z3950.query import to_pqf
from harvesters.z3950.strategy import changed_since, form_of, key_of, whole
from harvesters.z3950.vocabulary import BIB_1, Vocabulary
from unioncat.core.errors import FeedError, InvalidSource, NotNow
from unioncat.core.registry import (
    Checkpoint,
    Deletions,
    HarvestKind,
    HarvestSource,
    HarvestStatus,
    Protocol,
)
from unioncat.core.target import TargetTerms
from unioncat.pipeline.plan_harvest import HarvestPlan, plan_harvest
from unioncat.pipeline.ports import HarvestPage
from unioncat.pipeline.unit_of_work import Store

_RUNS = 500
_KNOWN = 3
_FUTURE = {
    Strategy.DATE_RANGE: ("99990101", {"relation": 4}),
    Strategy.DATE_PREFIX: ("9999", {"truncation": 1}),
}
_FAULTS = {
    "stripped": "it sends Vietnamese without its letters in every form, which nobody can restore",
    "cannot be read": "no record that it sends can be read",
    "not given": "it gives no record in any form that can be read",
    "nothing found": "no query finds anything in it",
    "not whole": "nothing that it can be asked finds all of it",
}

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class TargetFeed:
    """One source behind a target. `clock` tells the time of day where the operator is."""

    store: Store
    source: HarvestSource
    access: FeedAccess
    terms: TargetTerms
    clock: Clock

    @classmethod
    async def open(
        cls, store: Store, source: HarvestSource, access: FeedAccess, zone: tzinfo
    ) -> "TargetFeed":
        """The feed with its terms; raises InvalidSource."""
        async with store.work() as work:
            terms = await work.targets.terms(source.id)
        return cls(store, source, access, terms, lambda: datetime.now(zone))

    @property
    def databases(self) -> tuple[str, ...]:
        """Those that are asked together; an SRU server has its one behind its address."""
        return () if self._is_sru else read_address(self.source.address).databases

    @property
    def _is_sru(self) -> bool:
        return self.source.protocol is Protocol.SRU

    @property
    def _target(self) -> Target:
        address = read_address(self.source.address)
        return Target(
            address.host,
            address.port,
            address.databases,
            address.tls,
            _credentials(self.access.credentials),
            self.terms.charset,
            self.terms.timeout,
            pace=self.access.pace,
        )

    def line(self) -> Line:
        """A connection that is opened when it is needed; the caller closes it."""

        async def open_one() -> Session:
            if self._is_sru:
                return await connect_server(read_server(self.source.address), self.access)
            return await connect(self._target, self.access.guard)

        return Line(open_one)

    def require_hours(self) -> None:
        """Raises NotNow outside the hours of the target (rule 4)."""
        hours, now = self.terms.hours, self.clock()
        if hours and not hours.hold(now.time()):
            raise NotNow(
                f"Source {self.source.id} of {self.source.isil} may be harvested from {hours.first} to {hours.last} "
                f"o'clock only, and it is {now:%H:%M}"
            )

    # --- what is known about it ---------------------------------------------------------------------

    async def explore(self) -> Explored:
        """Look at the target and keep what was found out; raises FeedError."""
        line = self.line()
        try:
            words = await self._words(line)
            explorer = Explorer(line, self.databases, self._today, words, self.terms.syntax)
            explored = await explorer.explore()
        finally:
            await line.close()
        async with self.store.work() as work:
            await work.targets.save_profile(self.source.id, profile_to_json(explored.profile))
            await work.commit()
        await self.remember(probe=None)
        return explored

    async def _words(self, line: Line) -> Vocabulary:
        session = await line.session()
        return vocabulary(session.explained) if isinstance(session, SruSession) else BIB_1

    async def profile(self) -> TargetProfile:
        """What is known; found out now where nothing is, or it is in doubt (rule 1). Raises FeedError."""
        async with self.store.work() as work:
            known = await work.targets.profile(self.source.id)
            remembered = await work.sources.remembered(self.source.id)
        profile = _readable(known[1]) if known and "probe" not in remembered else None
        profile = profile or (await self.explore()).profile
        if profile.fault:
            raise FeedError(f"{self.source.address} cannot be harvested: {_FAULTS[profile.fault]}")
        return profile

    async def surprises(self, profile: TargetProfile) -> bool:
        """Whether the dates of the target do not mean any more what they meant."""
        if profile.date is None or profile.strategy not in _FUTURE:
            return False
        term, more = _FUTURE[profile.strategy]
        line = self.line()
        try:
            return await count_hits(line, finding(profile.date, term, **more)) > 0
        except Unsupported:
            return True
        except FeedError:  # the harvest will meet it, and say so
            return False
        finally:
            await line.close()

    async def remember(self, **values: str | None) -> None:
        """Keep what the next run wants to know; None forgets it."""
        async with self.store.work() as work:
            known = dict(await work.sources.remembered(self.source.id))
            known.update({name: value for name, value in values.items() if value is not None})
            kept = {name: said for name, said in known.items() if values.get(name, "") is not None}
            await work.sources.remember(self.source.id, kept)
            await work.commit()

    # --- what is asked ------------------------------------------------------------------------------

    async def plan(self, profile: TargetProfile, since: str | None) -> HarvestPlan:
        """Where the next harvest begins (rule 2)."""
        plan = await plan_harvest(self.store, self.source, since)
        if plan.resume:
            same = plan.resume[1].state.get("key") == self.key(profile)
            plan = plan if same else HarvestPlan(window=plan.window)
        elif since is None and plan.window[0]:
            first = date.fromisoformat(plan.window[0][:10]) - timedelta(days=1)
            plan = HarvestPlan() if await self._is_whole_due() else HarvestPlan(window=(f"{first}", None))
        asks_for_changes = plan.window[0] and changed_since(profile, self._today, self._today)
        return plan if plan.resume or asks_for_changes else HarvestPlan()

    async def harvester(self, profile: TargetProfile, plan: HarvestPlan, line: Line) -> "Resting":
        """What reads the window of a plan; raises FeedError."""
        since = plan.window[0]
        if since:
            division = changed_since(profile, date.fromisoformat(since[:10]), self._today)
        else:
            division = await whole(profile, line, self.databases)
        if division is None:
            raise FeedError(f"{self.source.address} cannot be harvested: {_FAULTS['not whole']}")
        order = Order(
            division,
            self._form(profile),
            profile.everything,
            hit_cap=profile.hit_cap,
            began=f"{self._today}",
            key=self.key(profile),
            written=to_cql if self._is_sru else to_pqf,
        )
        more = [self.line() for _ in range(self.terms.connections - 1)]
        return Resting(Z3950Harvester(self.source.address, line, order, more), self)

    def _form(self, profile: TargetProfile) -> Form:
        """How records are asked for; never more at once than one run may take."""
        form = form_of(profile)
        return replace(form, chunk=min(form.chunk, self.terms.most_records or form.chunk))

    def lister(self, profile: TargetProfile, line: Line) -> NumberLister:
        """The control numbers that it has, from an index, or else from all of its records."""
        lookup = self.lookup(profile, line)
        if profile.id_listed:
            return ScannedNumbers(self.source.address, line, self.databases, profile, lookup)
        return RecordNumbers(lambda: self.harvester(profile, HarvestPlan(), line), lookup)

    def lookup(self, profile: TargetProfile, line: Line) -> Lookup:
        """Asks for single records."""

        async def seen() -> tuple[str, ...]:
            async with self.store.work() as work:
                return tuple(await work.targets.seen(self.source.id, _KNOWN))

        return Lookup(self.source.address, line, profile, seen)

    def key(self, profile: TargetProfile) -> str:
        """A mark of how it is asked."""
        return key_of(replace(profile, probed="", reason=""), self.databases)

    def as_replacing(self, window: tuple[str | None, str | None]) -> HarvestSource:
        """The source for one run: where it reads everything, what it does not see is gone (rule 3)."""
        if window != (None, None) or self.source.terms.deletions is Deletions.REPORTED:
            return self.source
        return replace(self.source, terms=replace(self.source.terms, deletions=Deletions.REPLACE))

    # --- what came of it ----------------------------------------------------------------------------

    async def settle(self, *, is_whole: bool) -> bool:
        """Compare the target's count with ours after a complete run; returns whether records must be gone there."""
        async with self.store.work() as work:
            newest = await work.harvests.newest(self.source.id)
            live = await work.quality.live(self.source.id)
            rejected = sum(one.count for one in await work.quality.rejections(self.source.id))
            remembered: Mapping[str, str] = await work.sources.remembered(self.source.id)
        total = newest[0].total if newest else None
        if total is None:
            return not is_whole
        missing = total - live - rejected
        if is_whole:
            doubt = "1" if missing > 0 else None
            await self.remember(whole=None, missing=f"{max(0, missing)}", probe=doubt)
            return False
        if missing > int(remembered.get("missing", "0")):
            await self.remember(whole="1")
        return missing < 0

    async def _is_whole_due(self) -> bool:
        async with self.store.work() as work:
            if "whole" in await work.sources.remembered(self.source.id):
                return True
            runs = await work.harvests.of(self.source.id, _RUNS)
        whole_runs = [
            run.started
            for run in runs
            if run.kind is HarvestKind.HARVEST
            and run.status is HarvestStatus.COMPLETE
            and run.window_from is None
        ]
        return not whole_runs or self.clock() - max(whole_runs) >= timedelta(days=self.terms.whole_every)

    @property
    def _today(self) -> date:
        return self.clock().date()


class Resting:
    """A harvester that rests where the terms of its target want it to (rule 4); a `Harvester`."""

    def __init__(self, harvester: Z3950Harvester, feed: TargetFeed) -> None:
        self._harvester = harvester
        self._feed = feed

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """The pages until it rests or ends; raises FeedError."""
        taken = 0
        read = cast("AsyncGenerator[HarvestPage, None]", self._harvester.pages(resume))
        async with aclosing(read) as pages:
            async for page in pages:
                taken += len(page.records)
                why = self._why(taken) if page.records else None
                yield replace(page, rest=why) if why else page
                if why:
                    return

    def _why(self, taken: int) -> str | None:
        most, hours = self._feed.terms.most_records, self._feed.terms.hours
        if most is not None and taken >= most:
            return f"The run took {taken} records, as many as one may; the next run goes on"
        if hours and not hours.hold(self._feed.clock().time()):
            return f"It is {hours.last} o'clock, when the target is to be left alone; the next run goes on"
        return None


def check_address(source: HarvestSource) -> None:
    """Raises InvalidSource when a target cannot be at this address."""
    if source.protocol is Protocol.SRU:
        read_server(source.address)
    else:
        read_address(source.address)


def _credentials(kept: Credentials | None) -> TargetCredentials | None:
    """What is kept as user and password, or as an open string; `group/user` where a target wants a group."""
    if kept is None:
        return None
    if kept.kind is CredentialKind.BEARER:
        return TargetCredentials(kept.secret)
    if kept.kind is CredentialKind.BASIC:
        group, _, user = kept.name.rpartition("/")
        return TargetCredentials(user, kept.secret, group or None)
    raise InvalidSource("A Z39.50 target takes a user with a password, or a token, but no header")


def _readable(profile: str) -> TargetProfile | None:
    """A kept profile; None when it was kept by another version and cannot be read."""
    try:
        return profile_from_json(profile)
    except ValueError:
        return None
