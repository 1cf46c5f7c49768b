"""Placeholders of a feed, from what the step says to what goes out."""

from schemas.placeholders import AcceptedPlaceholder, PlaceholderList, SuspectedPlaceholder
from unioncat.pipeline.placeholders import SourcePlaceholders, shown


def placeholder_list(found: SourcePlaceholders) -> PlaceholderList:
    """What is suspected and accepted."""
    return PlaceholderList(
        suspected=[
            SuspectedPlaceholder(
                kind=one.placeholder.placed,
                value=one.placeholder.value,
                shown=shown(one.placeholder),
                records=one.records,
                titles=list(one.titles),
            )
            for one in found.suspected
        ],
        accepted=[
            AcceptedPlaceholder(
                kind=one.placeholder.placed,
                value=one.placeholder.value,
                shown=shown(one.placeholder),
                who=one.signed.who,
                why=one.signed.why,
                since=one.since,
            )
            for one in found.accepted
        ],
    )
