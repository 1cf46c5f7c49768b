"""The page of figures: sections of gates and tables, in Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """A bar that the matcher must reach, and what it reaches: a share between 0 and 1, or a number of `out_of` cases."""

    name: str
    bar: float
    figure: float
    is_floor: bool
    out_of: int = 0
    remark: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure is good enough."""
        return self.figure >= self.bar if self.is_floor else self.figure <= self.bar

    def row(self) -> tuple[str, str, str, str]:
        """What the page says of it."""
        if isinstance(self.bar, float):
            bar = _shown(self.bar)
        else:
            bar = f"{self.bar} of {self.out_of}" if self.out_of else str(self.bar)
        limit = f"at {'least' if self.is_floor else 'most'} {bar}" if self.bar else "none"
        figure = f"{_cell(self.figure)} {self.remark}".strip()
        return self.name, limit, figure, "yes" if self.is_met else "**no**"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, with a sentence above them."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Section:
    """What one labelled set says about the matcher."""

    title: str
    text: str
    gates: tuple[Gate, ...]
    tables: tuple[Table, ...]


def at_least(name: str, figure: float, bar: float) -> Gate:
    """A gate for a figure that must not be below its bar."""
    return Gate(name, bar, figure, is_floor=True)


def at_most(name: str, figure: float, bar: float) -> Gate:
    """A gate for a figure that must not be above its bar."""
    return Gate(name, bar, figure, is_floor=False)


def render_section(section: Section) -> str:
    """One section, from its heading to its last table."""
    parts = [
        f"## {section.title}",
        section.text,
        _render_rows(("gate", "bar", "figure", "met"), [gate.row() for gate in section.gates]),
        *(f"{table.caption}\n\n{_render_rows(table.head, table.rows)}" for table in section.tables),
    ]
    return "\n\n".join(parts)


def render_page(introduction: str, sections: Iterable[Section]) -> str:
    """The whole page: how many gates are met, then the sections."""
    sections = tuple(sections)
    gates = [gate for section in sections for gate in section.gates]
    missed = [gate.name for gate in gates if not gate.is_met]
    summary = f"**{len(gates) - len(missed)} of {len(gates)} gates are met.**"
    if missed:
        summary += " Missed: " + "; ".join(missed) + "."
    return "\n\n".join([introduction, summary, *map(render_section, sections)]) + "\n"


def _render_rows(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table of Markdown; columns of numbers stand right."""
    columns = list(zip(*rows, strict=True)) or [()] * len(head)
    rule = ["---:" if all(isinstance(one, int | float) for one in column) else "---" for column in columns]
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in (head, rule, *rows))


def _cell(value: object) -> str:
    return _shown(value) if isinstance(value, float) else str(value).replace("|", "\\|")


def _shown(share: float) -> str:
    """Four decimals, cut and not rounded, so that what is just below a bar does not seem to reach it."""
    return f"{int(share * 10_000 + 1e-9) / 10_000:.4f}"
