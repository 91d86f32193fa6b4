"""Built-in templates, one YAML file each, and which of them fits a file's headers."""

from functools import cache
from pathlib import Path

from zhike.collect.mapping.binding import folded
from zhike.collect.mapping.parse import Mapping, load
from zhike.collect.reading import FileProblem

_FOLDER = Path(__file__).resolve().parents[1] / "templates_import"


@cache
def templates() -> dict[str, Mapping]:
    """Every built-in template by its code, in alphabetical order."""
    files = sorted(_FOLDER.glob("*.yaml"))
    return {file.stem: load(file.read_text(encoding="utf-8"), code=file.stem) for file in files}


def template(code: str) -> Mapping:
    """One template. Raises FileProblem template_unknown."""
    found = templates().get(code)
    if found is None:
        raise FileProblem("template_unknown", template=code[:60], known=", ".join(templates()))
    return found


def recognize(headers: tuple[str, ...], kind: str = "", known: dict[str, Mapping] | None = None) -> Mapping | None:
    """The template these headers belong to: all its telling headers are there, and it knows the most of the others.

    `known` are the templates to choose from; left out, the built-in ones.
    """
    present = {folded(header) for header in headers}
    offered = templates() if known is None else known
    fitting = [
        (len({folded(c) for c in found.columns} & present), code)
        for code, found in offered.items()
        if (not kind or found.kind == kind) and found.recognized_by and _all_there(found, present)
    ]
    # The alphabet breaks ties, so that the same headers always give the same template.
    return offered[max(fitting, key=lambda fit: (fit[0], fit[1]))[1]] if fitting else None


def _all_there(found: Mapping, present: set[str]) -> bool:
    return all(folded(header) in present for header in found.recognized_by)
