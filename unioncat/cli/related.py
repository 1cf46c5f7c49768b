"""The command that tells what belongs to a master record."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson
from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import MasterId, parse_master_id
from unioncat.pipeline.ports import Catalogue
from unioncat.pipeline.related_port import RelatedView

commands = typer.Typer()


@commands.command()
def related(record: str, as_json: AsJson = False) -> None:
    """Print other editions, volumes and set, formats, translations, earlier and later titles of a master record."""
    typed = parse_master_id(record)

    async def run(application: Application) -> list[RelatedView]:
        catalogue = application.services.catalogue
        return list(await catalogue.related(await _live(catalogue, typed)))

    views = with_application(run)
    if as_json:
        print_json([_to_json(view) for view in views])
        return
    if not views:
        print(f"nothing belongs to {typed}")
    for kind, of_kind in groupby(views, key=lambda view: view.kind):
        print(kind)
        for view in of_kind:
            print(f"  {view.master_id}  {_said(view)}")


async def _live(catalogue: Catalogue, typed: MasterId) -> MasterId:
    """The live record of an identifier, which may have been merged away; raises UnknownEntry."""
    view = await catalogue.master(typed)
    if view is None:
        raise UnknownEntry(f"no record was ever called '{typed}'")
    if view.redirect is not None:
        return await _live(catalogue, view.redirect)
    if view.deleted:
        raise UnknownEntry(f"the last library that had '{typed}' has withdrawn its record")
    return typed


def _said(view: RelatedView) -> str:
    number = f"[{'.'.join(map(str, view.volume))}]" if view.volume else ""
    held = f"{view.libraries} {'library' if view.libraries == 1 else 'libraries'}"
    facts = [str(view.year or ""), view.edition or "", view.format, " ".join(view.languages), held]
    return f"{number} {view.title} ({', '.join(filter(None, facts))})".strip()


def _to_json(view: RelatedView) -> dict[str, Any]:
    return asdict(view) | {"volume": list(view.volume), "languages": list(view.languages)}
