"""What a preflight comes to: `good`, `look` or `bad`, with its reasons in Vietnamese and English (`reasons.toml`).

1. A feed that cannot be read, lacks the format or set that is asked for, or has no record, is bad.
2. Half of the sample rejected or without titles is bad; a twentieth rejected wants a look.
3. A better profile, an old encoding, missing or repeated control numbers, unreported deletions and guessed columns want
   a look: a person decides, and the feed works either way.
4. The verdict is that of the heaviest reason.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from unioncat.core.findings import FindingKind
from unioncat.core.quality.examine import Examination
from unioncat.core.quality.feed import FeedIdentity, TargetSeen, Terms
from unioncat.core.quality.sentences import LANGUAGES
from unioncat.core.registry import Deletions

_MANY = 0.05
_MOST = 0.5
_NAMED = 12


class Verdict(StrEnum):
    """Whether a feed may be accepted."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a verdict: its code, whether it is `note`, `look` or `bad`, and its sentence by language."""

    code: str
    weight: str
    vi: str
    en: str


def reason(code: str, **values: object) -> Reason:
    """A reason with its values filled in."""
    entry = _sentences()[code]
    vi, en = (entry[language].format(**values) for language in LANGUAGES)
    return Reason(code, entry["weight"], vi, en)


def verdict_of(reasons: tuple[Reason, ...]) -> Verdict:
    """Rule 4."""
    weights = {one.weight for one in reasons}
    return Verdict.BAD if "bad" in weights else Verdict.LOOK if "look" in weights else Verdict.GOOD


def proposed_deletions(identity: FeedIdentity) -> Deletions | None:
    """How deletions should become known: by audits unless the provider keeps them for ever; None: it has no policy."""
    if identity.formats is None:
        return None
    return Deletions.REPORTED if identity.deleted_record == "persistent" else Deletions.AUDIT


def judge_identity(identity: FeedIdentity, terms: Terms) -> Iterator[Reason]:
    """What speaks against a feed before any of its records is seen."""
    if terms.prefix and identity.formats and terms.prefix not in identity.formats:
        yield reason("no-format", asked=terms.prefix, offered=_enumerated(identity.formats))
    specs = tuple(spec for spec, _ in identity.sets or ())
    if terms.set_spec and identity.sets is not None and terms.set_spec not in specs:
        yield reason("no-set", asked=terms.set_spec, offered=_enumerated(specs))
    if proposed_deletions(identity) is Deletions.AUDIT and terms.deletions is Deletions.REPORTED:
        yield reason("deletions", policy=identity.deleted_record or "no")
    if identity.columns and not terms.columns_confirmed:
        yield reason("columns")
    if identity.target:
        yield from judge_target(identity.target)


def judge_target(seen: TargetSeen) -> Iterator[Reason]:
    """What was found out about a Z39.50 target: how it will be harvested, or why it cannot be."""
    if seen.fault:
        forms = "; ".join(f"{form}: {outcome}" for form, outcome in seen.forms)
        yield reason(f"target-{seen.fault.replace(' ', '-')}", forms=forms or "–")
        return
    yield reason(f"target-{seen.strategy}")
    yield reason("target-form", form=seen.syntax, size=seen.message_size, connections=seen.connections)
    if seen.holdings:
        yield reason("target-holdings")
    if stripped := [form for form, outcome in seen.forms if outcome == "stripped"]:
        yield reason("target-other-form", stripped=", ".join(stripped), form=seen.syntax)
    if seen.hit_cap is not None:
        yield reason("target-cap", cap=seen.hit_cap)
    if not seen.looks_up:
        yield reason("target-no-look-up")


def judge_sample(seen: Examination, deleted: int, *, counted: bool) -> Iterator[Reason]:
    """What a sample says; `deleted` is how many deletions it has, `counted` whether the feed told its total."""
    of = seen.read + seen.rejected
    if of == 0:
        yield reason("only-deletions", count=deleted) if deleted else reason("empty")
        return
    yield from _rejections(seen.rejected, of)
    if seen.read:
        yield from _contents(seen)
        yield from _holdings(seen)
    if not counted:
        yield reason("no-total")


def _rejections(rejected: int, of: int) -> Iterator[Reason]:
    if rejected:
        share = rejected / of
        code = "most-rejected" if share >= _MOST else "many-rejected" if share >= _MANY else "some-rejected"
        yield reason(code, count=rejected, of=of)


def _contents(seen: Examination) -> Iterator[Reason]:
    counts = {fault.kind: fault.count for fault in seen.faults}
    if (count := counts.get(FindingKind.NO_TITLE, 0)) >= _MOST * seen.read:
        yield reason("no-titles", count=count, of=seen.read)
    if seen.encoding:
        said = seen.encoding
        yield reason("encoding", encoding=said.encoding, before=said.before, after=said.after)
    if doubtful := counts.get(FindingKind.ENCODING_DOUBTFUL, 0):
        yield reason("doubtful-text", count=doubtful, of=seen.read)
    if seen.nameless >= _MANY * seen.read:
        yield reason("no-control-numbers", count=seen.nameless, of=seen.read)
    if seen.duplicates:
        yield reason("duplicates", count=len(seen.duplicates), example=seen.duplicates[0])
    wrong = counts.get(FindingKind.ISBN_RUNNING_NUMBER, 0) + counts.get(FindingKind.ISBN_PRICE, 0)
    if wrong >= _MANY * seen.read:
        yield reason("running-numbers", count=min(wrong, seen.read), of=seen.read)


def _holdings(seen: Examination) -> Iterator[Reason]:
    fit = seen.profile
    if fit.best_reads == 0:
        yield reason("no-holdings")
    elif fit.best != fit.stated and fit.stated_reads < (1 - _MANY) * fit.best_reads:
        yield reason(
            "better-profile",
            stated=fit.stated,
            stated_reads=fit.stated_reads,
            best=fit.best,
            best_reads=fit.best_reads,
            of=seen.read,
        )


def _enumerated(names: tuple[str, ...]) -> str:
    more = f" (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more if names else "–"


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("reasons.toml").read_text("utf-8"))
