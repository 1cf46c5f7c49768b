"""What the commands print: progress on a terminal, plain lines elsewhere; results as text or JSON."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from rich.console import Console
from rich.live import Live

from unioncat.bootstrap import Application, open_application
from unioncat.settings import load_settings

Result = TypeVar("Result")
_SECONDS_BETWEEN_LINES = 5.0


def with_application(action: Callable[[Application], Awaitable[Result]]) -> Result:
    """Run `action` on the unioncat of this home and stop what was started for it."""

    async def run() -> Result:
        async with open_application(load_settings()) as application:
            return await action(application)

    return asyncio.run(run())


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: Iterable[tuple[str, object]]) -> None:
    """Names and values in two columns; whole numbers with separators."""
    pairs = [(name, f"{value:,}" if isinstance(value, int) else str(value)) for name, value in rows]
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        print(f"{name:<{width}}  {value}")


class Progress:
    """A line that is rewritten on a terminal, and a line every few seconds elsewhere; on standard error."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, refresh_per_second=8, transient=True)
        self._last = time.monotonic()

    def __enter__(self) -> "Progress":
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, text: str) -> None:
        """Say how far the work is."""
        if self._console.is_terminal:
            self._live.update(text)
        elif time.monotonic() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.monotonic()
            print(text, file=sys.stderr, flush=True)
