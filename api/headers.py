"""The headers that every answer carries."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_STATIC_FRESH = "public, max-age=86400"
_MUST_ASK = "no-cache"


class CommonHeaders:
    """Adds security headers, and how long an answer stays fresh: files a day, the catalogue never."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its answer gets the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fresh = _STATIC_FRESH if scope["path"].startswith("/static/") else _MUST_ASK

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_COMMON)
                headers.setdefault("Cache-Control", fresh)
            await send(message)

        await self._app(scope, receive, send_with_headers)
