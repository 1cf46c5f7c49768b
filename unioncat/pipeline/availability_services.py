"""Register where a library tells what can be had now."""

from dataclasses import replace

from unioncat.core.identifiers import Isil
from unioncat.core.locate.live import AvailabilityService, check_service
from unioncat.pipeline.unit_of_work import Store


async def save_service(store: Store, service: AvailabilityService) -> AvailabilityService:
    """Add or change the service of a registered library; raises NotRegistered, InvalidLibrary."""
    checked = check_service(service)
    async with store.work() as work:
        library = (await work.libraries.get(checked.isil)).library
        saved = replace(checked, isil=library.isil)
        await work.availability_services.save(saved)
        await work.commit()
    return saved


async def remove_service(store: Store, isil: Isil) -> bool:
    """Forget the service of a library; False when it has none. Raises NotRegistered."""
    async with store.work() as work:
        library = (await work.libraries.get(isil)).library
        removed = await work.availability_services.remove(library.isil)
        await work.commit()
    return removed


async def service_of(store: Store, isil: Isil) -> AvailabilityService | None:
    """The service of a library; None when it has none. Raises NotRegistered."""
    async with store.work() as work:
        library = (await work.libraries.get(isil)).library
        return (await work.availability_services.of([library.isil])).get(library.isil)
