"""The web pages, made on the server; nothing in them needs a script or another site."""

from api.pages import docs, quality, record, registry, search

ROUTERS = tuple(part.router for part in (search, record, registry, quality, docs))
