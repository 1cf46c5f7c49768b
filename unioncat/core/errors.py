"""Errors of a broken world. Bad data is never one of these: it is a value (`RejectedRecord`).

UnioncatError
├── InvalidIdentifier        an ISIL, master identifier or ISBN that is not one
├── InvalidQuery             a query, filter or cursor that cannot be used
│   └── CursorExpired
├── InvalidLibrary           a statement about a library that cannot be used
├── InvalidSource            a statement about a feed that cannot be used
├── InvalidDecision          a decision of a curator that cannot be used as it was stated
├── NotRegistered            an unknown library or source
│   └── UnknownEntry         … group, registration, invitation, key, record, pair or decision
├── Conflict                 it fits, but not with what is stored now
│   └── NotNow               a feed that may be asked at other hours only
├── FeedError
│   ├── SourceUnreachable    network, time-out, refused, too large
│   ├── NotAProvider         the answer is not what the protocol promises
│   └── ProtocolFault        the provider answered with an error of the protocol
├── FileUnreadable           a file that is missing, not ours to read, or of no known format
├── StoreUnavailable         PostgreSQL cannot be started, reached or migrated
└── IndexUnavailable         the search index is missing, locked or damaged
    └── IndexOutdated        it was built by another version of the schema

Every message names the thing, the place, and what to do.
"""


class UnioncatError(Exception):
    """Base of all errors that unioncat raises on purpose; its text is meant for people."""


class InvalidIdentifier(UnioncatError):
    """The text is not an identifier of the kind it should be."""


class InvalidQuery(UnioncatError):
    """The query, a filter, a sort or a cursor cannot be used."""


class CursorExpired(InvalidQuery):
    """The cursor was made by an index that is gone; ask again from the first page."""


class NotRegistered(UnioncatError):
    """No such library or source."""


class InvalidSource(UnioncatError):
    """A profile, schedule, column, secret or address of a feed cannot be used as it was stated."""


class InvalidLibrary(UnioncatError):
    """A name, place, kind, event or group of a library cannot be used as it was stated."""


class InvalidDecision(UnioncatError):
    """The reason, the records, the date or the correction of a curator cannot be used as it was stated."""


class Conflict(UnioncatError):
    """What was asked for does not fit what is stored now, such as a decision that was taken already."""


class NotNow(Conflict):
    """The feed may be asked, but not at this hour."""


class UnknownEntry(NotRegistered):
    """No such group, registration, invitation or access key."""


class FeedError(UnioncatError):
    """A feed could not be harvested to its end."""


class SourceUnreachable(FeedError):
    """The server of a feed does not answer, not in time, or with too much."""


class NotAProvider(FeedError):
    """The server answers, but not in the protocol it is registered for."""


class ProtocolFault(FeedError):
    """The provider answered with an error of its protocol, whose code is kept."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FileUnreadable(UnioncatError):
    """The file is missing, cannot be opened, or is of no format that is known."""


class StoreUnavailable(UnioncatError):
    """PostgreSQL cannot be started, reached, or migrated."""


class IndexUnavailable(UnioncatError):
    """The search index is missing, locked by another process, or damaged."""


class IndexOutdated(IndexUnavailable):
    """The search index was built for another version of its schema; rebuild it."""
