"""The product's source as these tests read it: files, imports, names."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
TESTS = ROOT / "tests"


def product_files() -> list[Path]:
    """Every Python file of the product, migrations left out."""
    return sorted(
        f for tree in ("zhike", "zhike_analytics") for f in (SOURCE / tree).rglob("*.py") if "migrations" not in f.parts
    )


@cache
def tree_of(file: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def dotted(file: Path) -> str:
    """`zhike.kit.ids` for src/zhike/kit/ids.py."""
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Each imported dotted name with its line; `from a.b import c` gives a.b.c."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(file: Path) -> Iterator[tuple[int, str, int]]:
    """Each call of a dotted name, with its line and its number of arguments."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, ast.unparse(node.func), len(node.args) + len(node.keywords)


def attributes(file: Path) -> Iterator[tuple[int, str]]:
    """Each dotted use such as `timezone.now` or `uuid.uuid4`, with its line."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, decorators and docstring not counted."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield node.name, (node.end_lineno or 0) - start.lineno + 1


def where(file: Path, line: int) -> str:
    """`src/zhike/kit/ids.py:12`."""
    return f"{file.relative_to(ROOT)}:{line}"
