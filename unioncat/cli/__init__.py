"""The command line: `unioncat --help` lists the commands."""

import signal
import sys
from types import FrameType

import typer

from unioncat.cli import (
    alarms,
    curation,
    demo,
    evaluate,
    harvest,
    inspect,
    judge,
    libraries,
    locate,
    masters,
    placeholders,
    quality,
    related,
    rematch,
    running,
    serve,
    sources,
    stats,
    targets,
    worker,
)
from unioncat.core.errors import UnioncatError

app = typer.Typer(
    name="unioncat",
    help="A national union catalogue: harvest, match, merge and search the records of many libraries.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for commands in (
    demo.commands,
    serve.commands,
    worker.commands,
    harvest.commands,
    running.commands,
    libraries.commands,
    locate.commands,
    judge.commands,
    evaluate.commands,
    curation.commands,
    masters.commands,
    inspect.commands,
    related.commands,
    rematch.commands,
):
    app.add_typer(commands)
for commands in (running.source, quality.source, placeholders.source, targets.source):
    sources.source.add_typer(commands)
app.add_typer(sources.source, name="source")
app.add_typer(stats.stats, name="stats")
app.add_typer(alarms.alarms, name="alarms")
app.add_typer(curation.review, name="review")
app.add_typer(curation.curation, name="curation")
app.add_typer(masters.preview, name="preview")


def main() -> None:
    """Run one command; an error that people can mend is one sentence and exit status 1."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except UnioncatError as error:
        print(f"unioncat: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        sys.exit(0)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)
