"""The command that says where a library tells what can be had now."""

from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import with_application
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import parse_isil
from unioncat.core.locate.live import AvailabilityProtocol, AvailabilityService
from unioncat.pipeline.availability_services import remove_service, save_service, service_of

commands = typer.Typer()


@commands.command("availability")
def availability(
    isil: str,
    protocol: Annotated[AvailabilityProtocol | None, typer.Option(help="daia, koha or z39.50.")] = None,
    address: Annotated[str | None, typer.Option(help="Where it is asked; of a Koha the OPAC.")] = None,
    prefix: Annotated[str, typer.Option(help="What stands before control numbers in its identifiers.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Ask it no more.")] = False,
) -> None:
    """Show, say (--protocol and --address) or forget where a library tells what can be had now."""
    asked = parse_isil(isil)
    if (protocol is None) != (address is None) or (remove and protocol):
        raise UnioncatError(
            "Give --protocol and --address together, or --remove, or neither to see what is kept"
        )

    async def run(application: Application) -> str:
        if remove:
            removed = await remove_service(application.store, asked)
            return f"{asked} is not asked any more" if removed else f"{asked} has no service"
        if protocol and address:
            saved = await save_service(
                application.store, AvailabilityService(asked, protocol, address, prefix)
            )
            return f"{saved.isil} is asked by {saved.protocol} at {saved.address}"
        known = await service_of(application.store, asked)
        return (
            f"{known.isil} {known.protocol} {known.address} {known.prefix}".strip()
            if known
            else f"{asked} has no service"
        )

    print(with_application(run))
