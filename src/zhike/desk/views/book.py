"""What the register's forms say of a book, and what all prints share."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from zhike.desk import export_columns, file_views
from zhike.secure.records import Viewer

_USUAL = ("number", "name", "phone", "city", "stage", "owner", "last_order", "net")


def book_options(request: HttpRequest) -> dict[str, str]:
    """How a book is to be: its title, its order, its columns."""
    given, viewer = request.POST, request.viewer  # type: ignore[attr-defined]
    return {
        "title": " ".join(given.get("title", "").split())[:60],
        "order": "name" if given.get("order") == "name" else "number",
        "columns": ",".join(given.getlist("book_column"))[:400],
        **look(viewer),
    }


def book_form(request: HttpRequest) -> str:
    """As what a register is printed: a bound PDF, or one table for Word or Excel."""
    form = request.POST.get("form", "pdf")
    return form if form in ("docx", "xlsx") else "pdf"


def book_columns(viewer: Viewer) -> list[tuple[Any, bool]]:
    """The columns a book may have for a viewer, with those it usually has."""
    return [(c, c.code in _USUAL) for c in export_columns.of("customers", viewer)]


def look(viewer: Viewer) -> dict[str, str]:
    """In which view and language somebody has things printed."""
    return {"view": file_views.view_for(viewer).code, "language": get_language() or "zh-hans"}
