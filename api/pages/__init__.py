"""The web pages, made on the server; nothing in them needs a script or another site."""

from fastapi import APIRouter

from api.pages import docs, quality, record, registry, search

router = APIRouter()
for part in (search, record, registry, quality, docs):
    router.include_router(part.router)
