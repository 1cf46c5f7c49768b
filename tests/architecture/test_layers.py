"""Rules of the project's shape that import-linter cannot see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("unioncat", "harvesters", "api", "schemas")
_MODULES = [path for package in _PACKAGES for path in sorted((_ROOT / package).rglob("*.py"))]
_SQL = re.compile(
    r"\s*(SELECT\s|INSERT INTO\s|UPDATE\s+\S+\s+SET\s|DELETE FROM\s|COPY\s|TRUNCATE\s|WITH\s.*\sSELECT\s"
    r"|(CREATE|ALTER|DROP) (TABLE|INDEX|DATABASE|SCHEMA|EXTENSION|FUNCTION)\s)",
    re.DOTALL,
)
_FORBIDDEN = {
    "unioncat/core": {"pydantic", "sqlalchemy", "asyncpg", "asyncio", "logging", "random", "secrets", "time"},
    "unioncat/pipeline": {"pydantic", "sqlalchemy", "asyncpg", "fastapi", "httpx", "tantivy"},
}


def sql_texts(source: str) -> list[str]:
    """The string literals that are SQL statements."""
    strings = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [text for text in strings if isinstance(text, str) and _SQL.match(text)]


def imported(source: str) -> Iterator[str]:
    """The top-level names of all imports, also those inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).split(".")[0]


def test_sql_is_written_in_the_store_only() -> None:
    inside = [path for path in _MODULES if path.is_relative_to(_ROOT / "unioncat" / "store")]
    assert any(sql_texts(path.read_text()) for path in inside)
    outside = {path: sql_texts(path.read_text()) for path in _MODULES if path not in inside}
    assert not {path: texts for path, texts in outside.items() if texts}


@pytest.mark.parametrize(("folder", "forbidden"), _FORBIDDEN.items())
def test_rules_and_steps_know_no_frameworks(folder: str, forbidden: set[str]) -> None:
    modules = [path for path in _MODULES if path.is_relative_to(_ROOT / folder)]
    assert modules
    found = {path: forbidden.intersection(imported(path.read_text())) for path in modules}
    assert not {path: names for path, names in found.items() if names}


def test_the_migrations_folder_does_not_hide_the_library_of_its_name() -> None:
    assert (_ROOT / "alembic" / "env.py").exists()
    assert not (_ROOT / "alembic" / "__init__.py").exists()


def test_every_public_module_says_what_it_knows() -> None:
    public = [path for path in _MODULES if not path.name.startswith("_") or path.name == "__init__.py"]
    assert not [path for path in public if not ast.get_docstring(ast.parse(path.read_text()))]
