"""The address of an SRU server: its HTTP(S) address, with what every request carries behind `?`.

1. A server that is called `sru` in its address is taken for one; any other is when a person says so.
2. A user name and password have no place in it: they are the secret of the source.
"""

from urllib.parse import parse_qsl, urlsplit, urlunsplit

from harvesters.guard import shown
from harvesters.sru.session import SruServer
from unioncat.core.errors import InvalidSource

_OURS = frozenset(("operation", "version", "query", "startrecord", "maximumrecords", "recordschema"))


def is_sru(address: str) -> bool:
    """Whether an address looks like that of an SRU server (rule 1)."""
    return "sru" in urlsplit(address).path.lower().split("/")


def read_server(text: str) -> SruServer:
    """The server; raises InvalidSource."""
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise _refused(text, str(error)) from error
    if not is_address:
        raise _refused(text, "write it as https://host/path")
    if parts.username is not None or parts.password is not None:
        raise _refused(text, "it has a user name or password in it; give them as the secret of the source")
    more = {name: value for name, value in parse_qsl(parts.query) if name.lower() not in _OURS}
    return SruServer(urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")), more=more)


def _refused(text: str, why: str) -> InvalidSource:
    return InvalidSource(f"{shown(text)} is no address of an SRU server: {why}")
