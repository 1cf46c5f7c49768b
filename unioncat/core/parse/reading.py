"""What reading bytes comes to."""

from dataclasses import dataclass

from unioncat.core.marc import DEFAULT_LEADER, MarcRecord


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why bytes are not a record, in words for a librarian."""

    reason: str


@dataclass(frozen=True, slots=True)
class Readable:
    """A record, and what was mended in it."""

    marc: MarcRecord
    findings: tuple[str, ...] = ()


Reading = Readable | Unreadable


def mended_leader(leader: str) -> tuple[str, tuple[str, ...]]:
    """A leader of 24 characters, with a finding when it was not one."""
    if len(leader) == 24:
        return leader, ()
    if not leader.strip():
        return DEFAULT_LEADER, ("the leader is missing; a default one stands in its place",)
    return (leader + DEFAULT_LEADER[len(leader) :])[:24], ("the leader does not have 24 characters",)
