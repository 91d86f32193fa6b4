"""Contracts of the vault that the source itself must keep."""

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "zhike"
# Opened values leave through `.plain()`; only these may call it.
# (`zhike why --reveal` prints one value to the terminal of whoever runs it, audited like any reveal)
MAY_OPEN = re.compile(
    r"^(secure/|reach/|clean/match|\w+/views/reveal\.py|cli/why\.py|protect/everything/exporting\.py)"
)


def files() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "static_build" not in p.parts)


def test_opened_values_are_taken_out_only_where_they_may() -> None:
    wrong = [
        f"{relative}:{node.lineno}"
        for file in files()
        if not MAY_OPEN.match(relative := file.relative_to(SOURCE).as_posix())
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "plain"
    ]
    assert wrong == []


def test_seals_are_opened_only_inside_secure_and_by_the_drill() -> None:
    wrong = [
        p.relative_to(SOURCE).as_posix()
        for p in files()
        if re.search(r"\bunseal\b", p.read_text()) and not p.is_relative_to(SOURCE / "secure")
    ]
    assert wrong == ["protect/canaries.py"]


def test_no_file_of_the_product_pickles_anything() -> None:
    assert [
        p.name for p in files() if re.search(r"^\s*(import|from) (pickle|shelve|marshal)\b", p.read_text(), re.M)
    ] == []


def test_the_models_of_secure_point_at_nothing_above() -> None:
    from django.apps import apps

    for model in apps.get_app_config("secure").get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model is not None and not field.auto_created:
                assert field.related_model._meta.app_label == "secure", field
