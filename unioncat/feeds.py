"""Feeds at work: which harvester a source needs, and what follows a harvest."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harvesters.access import FILE_LIMITS, FeedAccess
from harvesters.credentials import Credentials, credentials_from_json, credentials_to_json
from harvesters.delivered_file import DeliveredFile, file_mark, holds_a_list, rules_for
from harvesters.guard import AddressGuard
from harvesters.oai_identifiers import OaiIdentifierLister
from harvesters.oai_pmh import OaiPmhHarvester
from harvesters.pacing import Hosts
from harvesters.probes import probe_of
from harvesters.uploads import REFUSED, Upload, UploadSpool, sent_name, settled_files
from harvesters.web_file import fetch_file
from harvesters.z3950.errors import Unsupported
from harvesters.z3950.profile import TargetProfile
from unioncat.core.delivery import RejectedRecord
from unioncat.core.errors import Conflict, FileUnreadable, InvalidSource, StoreUnavailable
from unioncat.core.identifiers import SourceId
from unioncat.core.library import LibraryStatus
from unioncat.core.parse.columns import columns_from
from unioncat.core.registry import (
    NEW_SOURCE,
    Checkpoint,
    Deletions,
    HarvestCounts,
    HarvestSource,
    HarvestStatus,
    Protocol,
    SourceState,
)
from unioncat.pipeline.audit_identifiers import audit_identifiers
from unioncat.pipeline.check_source import Probe
from unioncat.pipeline.deletions import UNCONFIRMED, ConfirmGone, apply_held, discard_held
from unioncat.pipeline.ingest import Progress, check_accepted, check_profile, rehearse_harvest, run_harvest
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.pipeline.ports import Harvester
from unioncat.pipeline.quality_report import snapshot
from unioncat.pipeline.read_ahead import ReadPage
from unioncat.pipeline.reread import reread
from unioncat.pipeline.retry_rejected import retry_rejected
from unioncat.pipeline.unit_of_work import Store
from unioncat.settings import Settings
from unioncat.target_feed import TargetFeed, check_address
from unioncat.target_probe import TargetProbe
from unioncat.vault import Vault, open_vault

_A_PERSON_WAITS = replace(FILE_LIMITS, answer=45, tries=2, longest_wait=5)
_RUNS_AT_ONCE = 4  # a harvest, the audit after it, the deletions


def quiet(counts: HarvestCounts, total: int | None) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Harvests the sources of one store. `read` understands pages; `hosts` are shared by all harvests of this process."""

    store: Store
    settings: Settings
    read: ReadPage
    hosts: Hosts
    uploads: UploadSpool

    # --- register -----------------------------------------------------------------------------------

    async def get(self, source: SourceId) -> HarvestSource:
        """A registered source; raises NotRegistered."""
        async with self.store.work() as work:
            return await work.sources.get(source)

    async def save(self, source: HarvestSource) -> HarvestSource:
        """Add or change a feed; raises UnioncatError naming what cannot be used.

        No target says what is gone, so that a new one is audited. One at a new address is probed again.
        """
        check_profile(source.rules.profile)
        if source.protocol.is_target:
            check_address(source)
            if source.id == NEW_SOURCE and source.terms.deletions is Deletions.REPORTED:
                source = replace(source, terms=replace(source.terms, deletions=Deletions.AUDIT))
        if source.rules.columns:
            columns_from(source.rules)
        async with self.store.work() as work:
            library = await work.registry.library(source.isil)
            if library.status is LibraryStatus.CLOSED:
                raise Conflict(f"{source.isil} is closed; register the feed with its successor")
            former = None if source.id == NEW_SOURCE else await work.sources.get(source.id)
            saved = await work.sources.save(source)
            if former and former.address != saved.address:
                await work.targets.save_profile(saved.id, None)
            await work.commit()
        return saved

    async def save_secret(self, source: SourceId, credentials: Credentials | None) -> None:
        """Keep what the feed asks for at its door, encrypted."""
        locked = (
            None if credentials is None else self._vault().lock(credentials_to_json(credentials).encode())
        )
        async with self.store.work() as work:
            await work.sources.get(source)
            await work.sources.save_secret(source, locked)
            await work.commit()

    async def has_secret(self, source: SourceId) -> bool:
        """Whether a secret is kept for the feed."""
        async with self.store.work() as work:
            return await work.sources.secret(source) is not None

    async def propose(self, source: HarvestSource) -> HarvestSource:
        """Register what a library offers; raises UnioncatError when the feed is known, or is a folder of this machine."""
        if source.protocol is Protocol.FOLDER:
            raise InvalidSource("A folder of this machine is registered by its operator only")
        async with self.store.work() as work:
            known = await work.sources.all(source.isil)
        same = (source.protocol, source.address, source.set_spec)
        if found := [one for one in known if (one.protocol, one.address, one.set_spec) == same]:
            raise Conflict(f"This feed is registered already, as source {found[0].id}; change that one")
        return await self.save(source)

    async def access(self, source: HarvestSource) -> FeedAccess:
        """How the feed is asked: with its secret, at its pace, never at a private address that is not allowed."""
        async with self.store.work() as work:
            locked = await work.sources.secret(source.id)
        credentials = credentials_from_json(self._vault().unlock(locked).decode()) if locked else None
        guard = AddressGuard.of(self.settings.allowed_networks)
        return FeedAccess(guard, credentials, self.hosts.pace(source.terms.pause))

    # --- deliver and decide -------------------------------------------------------------------------

    async def upload(self, source: HarvestSource, name: str, chunks: AsyncIterator[bytes]) -> Upload:
        """Keep a file until the source is accepted and the worker delivers it; raises FileUnreadable."""
        if source.protocol is not Protocol.FILE or source.state is SourceState.CLOSED:
            raise FileUnreadable(
                f"Source {source.id} takes no uploads: it is {source.state}, and harvested from {source.address}"
            )
        return await self.uploads.receive(source.id, name, chunks)

    async def held(self, source: SourceId) -> tuple[int, Sequence[str]] | None:
        """The deletions that wait for a person: the run that found them, and the identifiers."""
        async with self.store.work() as work:
            await work.sources.get(source)
            return await work.harvests.held(source)

    async def decide_deletions(self, source: HarvestSource, *, delete: bool) -> int:
        """A person decides: returns how many records were deleted, or stay; raises UnioncatError when none waits."""
        if delete:
            return (await apply_held(self.store, source)).deleted
        return await discard_held(self.store, source)

    # --- harvest ------------------------------------------------------------------------------------

    async def harvest(
        self, source_id: SourceId, *, since: str | None = None, progress: Progress = quiet
    ) -> HarvestCounts:
        """Fetch what is new at a source; returns the counts.

        `since` (a date, or `all`) asks an OAI-PMH feed again for what it had; raises FeedError, FileUnreadable,
        UnioncatError.
        """
        source = await self.get(source_id)
        match source.protocol:
            case Protocol.OAI_PMH:
                return await self._harvest_oai(source, since, progress)
            case Protocol.WEB_FILE:
                return await self._harvest_web_file(source, since is not None, progress)
            case Protocol.FOLDER:
                return await self._harvest_folder(source, since is not None, progress)
            case Protocol.Z3950 | Protocol.SRU:
                return await self._harvest_target(await self._target(source), since, progress)
            case Protocol.FILE:
                return await self._harvest_uploads(source, progress)

    async def deliver(
        self, source: HarvestSource, path: Path, progress: Progress = quiet, name: str | None = None
    ) -> HarvestCounts:
        """Store what a file holds; a delivery that was cut off goes on where it stood."""
        source = await self._with_columns(source, path, name)
        file = DeliveredFile(path, source.rules, name)
        plan = await plan_harvest(self.store, source)
        resume = plan.resume if plan.resume and plan.resume[1].state.get("file") == file.mark else None
        return await self._run(source, file, progress, resume=resume)

    async def uploads_of(self, draft: HarvestSource, path: Path, *, dry_run: bool = False) -> HarvestSource:
        """The source of a library to which its operator imports files; lists have one of their own.

        It is registered with the first file; what is set for it stays unless the draft states something else.
        """
        draft = replace(draft, address="lists") if holds_a_list(path) else draft
        async with self.store.work() as work:
            await work.registry.library(draft.isil)
            known = [s for s in await work.sources.all(draft.isil) if s.protocol is Protocol.FILE]
        former = next((source for source in known if source.address == draft.address), None)
        source = _restated(former, draft) if former else draft
        source = replace(source, rules=rules_for(source.rules, path))
        return source if dry_run else await self.save(source)

    async def rehearse(
        self, source: HarvestSource, path: Path | None = None
    ) -> tuple[HarvestCounts, list[RejectedRecord]]:
        """What a harvest would do; nothing is stored. A source with a server, or a file for any source."""
        if path is not None:
            source = replace(source, rules=rules_for(source.rules, path))
            return await rehearse_harvest(
                self.store, source, DeliveredFile(path, source.rules), read=self.read
            )
        if source.protocol.is_target:
            return await self._rehearse_target(await self._target(source))
        if source.protocol is not Protocol.OAI_PMH:
            raise InvalidSource(f"Source {source.id} takes files: name the file to be tried")
        plan = await plan_harvest(self.store, source)
        return await rehearse_harvest(
            self.store, source, await self._oai(source, plan.window), read=self.read
        )

    async def audit(self, source_id: SourceId) -> HarvestCounts:
        """Compare the identifiers that a feed lists with what is stored; delete what is gone."""
        source = await self.get(source_id)
        check_accepted(source)
        former = await self._newest_run(source)
        try:
            if source.protocol.is_target:
                return await self._audit_target(await self._target(source))
            if source.protocol is not Protocol.OAI_PMH:
                raise InvalidSource(f"Source {source.id} is a feed of files, which lists no identifiers")
            access = await self.access(source)
            lister = OaiIdentifierLister(
                source.address, source.metadata_prefix, source.set_spec, access=access
            )
            return await audit_identifiers(self.store, source, lister)
        finally:
            await self._snapshot(source, former + 1)

    async def all(self) -> Sequence[HarvestSource]:
        """All sources."""
        async with self.store.work() as work:
            return await work.sources.all()

    async def retry(self, source_id: SourceId) -> HarvestCounts:
        """Read the rejected records of a source again."""
        source = await self.get(source_id)
        check_profile(source.rules.profile)
        counts = await retry_rejected(self.store, source, read=self.read)
        await self._snapshot(source, await self._newest_run(source))
        return counts

    async def reread(self, source_id: SourceId) -> HarvestCounts:
        """Read the live records of a source again, as it is read now."""
        source = await self.get(source_id)
        counts = await reread(self.store, source, read=self.read)
        await self._snapshot(source, await self._newest_run(source))
        return counts

    # --- look before -------------------------------------------------------------------------------

    async def probe(self, source: HarvestSource) -> Probe:
        """What looks at a source before it is accepted; raises FeedError, FileUnreadable."""
        access = await self.access(source)
        if source.protocol is Protocol.FOLDER:
            return probe_of(
                source, [(path, path.name) for path in settled_files(Path(source.address))], access
            )
        if source.protocol is Protocol.FILE:
            waiting = self.uploads.waiting(source.id)
            return probe_of(source, [(path, sent_name(path)) for path in waiting], access)
        if source.protocol is Protocol.OAI_PMH:
            return probe_of(source, (), access)
        if source.protocol.is_target:
            return TargetProbe(await self._target(source))
        fetched = await fetch_file(
            source.address, self._download(source, "check"), access=access, limits=_A_PERSON_WAITS
        )
        return probe_of(source, [(fetched.path, fetched.name)] if fetched else (), access)

    # --- one protocol each --------------------------------------------------------------------------

    async def _harvest_oai(
        self, source: HarvestSource, since: str | None, progress: Progress
    ) -> HarvestCounts:
        plan = await plan_harvest(self.store, source, since)
        harvester = await self._oai(source, plan.window)
        counts = await self._run(source, harvester, progress, resume=plan.resume, window=plan.window)
        if source.terms.deletions is Deletions.AUDIT and await self._is_complete(source):
            counts += await self.audit(source.id)
        return counts

    async def _oai(self, source: HarvestSource, window: tuple[str | None, str | None]) -> OaiPmhHarvester:
        access = await self.access(source)
        return OaiPmhHarvester(
            source.address, source.metadata_prefix, source.set_spec, *window, access=access
        )

    async def _harvest_web_file(
        self, source: HarvestSource, again: bool, progress: Progress
    ) -> HarvestCounts:
        async with self.store.work() as work:
            remembered = {} if again else dict(await work.sources.remembered(source.id))
        fetched = await fetch_file(
            source.address,
            self._download(source, "delivery"),
            access=await self.access(source),
            remembered=remembered,
        )
        if fetched is None:
            return HarvestCounts()
        counts = await self.deliver(source, fetched.path, progress, fetched.name)
        await self._remember(source, fetched.remember)
        fetched.path.unlink(missing_ok=True)
        return counts

    def _download(self, source: HarvestSource, purpose: str) -> Path:
        return self.settings.downloads_home / str(source.id) / purpose

    async def _harvest_folder(self, source: HarvestSource, again: bool, progress: Progress) -> HarvestCounts:
        """Deliver the files that are new or changed, the oldest first.

        Where each delivery is everything, only the newest counts.
        """
        async with self.store.work() as work:
            remembered = {} if again else dict(await work.sources.remembered(source.id))
        files = settled_files(Path(source.address))
        marks = {path.name: file_mark(path) for path in files}
        new = [path for path in files if remembered.get(path.name) != marks[path.name]]
        if source.terms.deletions is Deletions.REPLACE:
            new = [path for path in new if path == files[-1]]
        counts = HarvestCounts()
        for path in new:
            counts += await self.deliver(source, path, progress)
            remembered[path.name] = marks[path.name]
            await self._remember(source, remembered)
        return counts

    async def _harvest_uploads(self, source: HarvestSource, progress: Progress) -> HarvestCounts:
        """Deliver what was uploaded; a file stays until its delivery is complete, one that is refused is set aside."""
        check_accepted(source)
        counts = HarvestCounts()
        for path in self.uploads.waiting(source.id):
            try:
                counts += await self.deliver(source, path, progress, sent_name(path))
            except StoreUnavailable:
                raise
            except Exception:  # whatever is wrong with it, it would be tried again and again
                path.rename(path.with_name(path.name + REFUSED))
                raise
            if not await self._is_complete(source):
                return counts
            path.unlink()
        return counts

    async def _target(self, source: HarvestSource) -> TargetFeed:
        return await TargetFeed.open(self.store, source, await self.access(source), self.settings.zone)

    async def _harvest_target(self, feed: TargetFeed, since: str | None, progress: Progress) -> HarvestCounts:
        """Harvest by what is known of the target; once more when it turns out to be another than it was."""
        check_accepted(feed.source)
        feed.require_hours()
        profile = await feed.profile()
        try:
            if not await feed.surprises(profile):
                return await self._harvest_as_known(feed, profile, since, progress)
        except Unsupported:
            if feed.key((await feed.explore()).profile) == feed.key(profile):
                raise
        else:
            await feed.explore()
        return await self._harvest_as_known(feed, await feed.profile(), since, progress)

    async def _harvest_as_known(
        self, feed: TargetFeed, profile: TargetProfile, since: str | None, progress: Progress
    ) -> HarvestCounts:
        plan = await feed.plan(profile, since)
        line = feed.line()
        try:
            counts = await self._run(
                feed.as_replacing(plan.window),
                await feed.harvester(profile, plan, line),
                progress,
                resume=plan.resume,
                window=plan.window,
                confirm=feed.lookup(profile, line).is_gone if profile.id else None,
                doubtful=None if profile.id else UNCONFIRMED,
            )
        finally:
            await line.close()
        if await self._is_complete(feed.source):
            is_gone = await feed.settle(is_whole=plan.window == (None, None))
            if is_gone and feed.source.terms.deletions is not Deletions.REPORTED:
                counts += await self.audit(feed.source.id)
        return counts

    async def _rehearse_target(self, feed: TargetFeed) -> tuple[HarvestCounts, list[RejectedRecord]]:
        feed.require_hours()
        profile = await feed.profile()
        line = feed.line()
        try:
            harvester = await feed.harvester(profile, await feed.plan(profile, None), line)
            return await rehearse_harvest(self.store, feed.source, harvester, read=self.read)
        finally:
            await line.close()

    async def _audit_target(self, feed: TargetFeed) -> HarvestCounts:
        feed.require_hours()
        profile = await feed.profile()
        line = feed.line()
        try:
            doubtful = None if profile.id else UNCONFIRMED
            lister = feed.lister(profile, line)
            return await audit_identifiers(self.store, feed.source, lister, doubtful=doubtful)
        finally:
            await line.close()

    # --- what they share ----------------------------------------------------------------------------

    async def _run(
        self,
        source: HarvestSource,
        harvester: Harvester,
        progress: Progress,
        resume: tuple[int, Checkpoint] | None = None,
        window: tuple[str | None, str | None] = (None, None),
        confirm: ConfirmGone | None = None,
        doubtful: str | None = None,
    ) -> HarvestCounts:
        former = await self._newest_run(source)
        try:
            return await run_harvest(
                self.store,
                source,
                harvester,
                resume=resume,
                window=window,
                progress=progress,
                read=self.read,
                confirm=confirm,
                doubtful=doubtful,
            )
        finally:
            await self._snapshot(source, resume[0] if resume else former + 1)

    async def _newest_run(self, source: HarvestSource) -> int:
        async with self.store.work() as work:
            runs = await work.harvests.of(source.id, 1)
        return runs[0].id if runs else 0

    async def _snapshot(self, source: HarvestSource, first: int) -> None:
        """Keep the numbers of the source as they are now with its runs from `first` on."""
        async with self.store.work() as work:
            runs = await work.harvests.of(source.id, _RUNS_AT_ONCE)
        for run in runs:
            if run.id >= first:
                await snapshot(self.store, source, run.id)

    async def _is_complete(self, source: HarvestSource) -> bool:
        """Whether the newest harvest of the source came to its end: no person stopped it."""
        async with self.store.work() as work:
            newest = await work.harvests.newest(source.id)
        return newest is not None and newest[0].status is HarvestStatus.COMPLETE

    async def _with_columns(self, source: HarvestSource, path: Path, name: str | None) -> HarvestSource:
        """The source with the mapping of a list's columns: the remembered one, or a guess that is remembered now."""
        rules = rules_for(source.rules, path, name)
        return source if rules == source.rules else await self.save(replace(source, rules=rules))

    async def _remember(self, source: HarvestSource, values: Mapping[str, str]) -> None:
        async with self.store.work() as work:
            await work.sources.remember(source.id, values)
            await work.commit()

    def _vault(self) -> Vault:
        return open_vault(self.settings.secret_key, self.settings.home / "secret.key")


def _restated(former: HarvestSource, draft: HarvestSource) -> HarvestSource:
    """A known source with what an import states anew."""
    rules = replace(
        former.rules,
        profile=former.rules.profile if draft.rules.profile == "auto" else draft.rules.profile,
        encoding=draft.rules.encoding or former.rules.encoding,
        columns=draft.rules.columns or former.rules.columns,
    )
    stated = draft.terms.deletions is not Deletions.REPORTED
    terms = replace(former.terms, deletions=draft.terms.deletions) if stated else former.terms
    return replace(former, rules=rules, terms=terms)
