"""A target of Z39.50 or SRU, from what the step says to what goes out, and back."""

from dataclasses import asdict
from datetime import UTC

from schemas.targets import TargetDetail, TargetPartEntry, TargetTermsEntry
from unioncat.core.target import TargetTerms, read_hours
from unioncat.pipeline.target_desk import TargetView


def target_detail(view: TargetView) -> TargetDetail:
    """A target as it goes out."""
    terms = view.terms
    return TargetDetail(
        terms=TargetTermsEntry(
            syntax=terms.syntax,
            charset=terms.charset,
            timeout=terms.timeout,
            hours=str(terms.hours) if terms.hours else None,
            most_records=terms.most_records,
            whole_every=terms.whole_every,
            connections=terms.connections,
        ),
        probed=f"{view.probed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if view.probed else None,
        strategy=view.profile.get("strategy"),
        whole_by=view.profile.get("whole_by"),
        reason=view.profile.get("reason"),
        hit_cap=view.profile.get("hit_cap"),
        run=view.run,
        parts=[TargetPartEntry(**asdict(part), missing=part.missing) for part in view.parts],
    )


def terms_from(stated: TargetTermsEntry) -> TargetTerms:
    """The terms that were sent; raises InvalidSource."""
    return TargetTerms(
        stated.syntax,
        stated.charset,
        stated.timeout,
        read_hours(stated.hours) if stated.hours else None,
        stated.most_records,
        stated.whole_every,
        stated.connections,
    )
