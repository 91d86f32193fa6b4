"""Methods of one's own over the API."""

import datetime as dt
from typing import Any

from pydantic import Field

from zhike.analyze import methods, queries
from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict
from zhike.secure import queries as secure

own = Routes("Own methods")


class OwnMethodOut(Strict):
    """A method of this installation."""

    code: str
    title: str
    about: str
    as_of: dt.date | None = Field(None, description="Day of its newest run.")


class OwnMethodList(Strict):
    """The methods there are."""

    items: list[OwnMethodOut]


class OwnColumnOut(Strict):
    """How a column lies over the customers: how many have each choice, or least, quarters, most and mean of its figures."""

    name: str
    title: str
    kind: str
    choices: dict[str, int] | None = None
    figures: dict[str, float | None] | None = None


class OwnFiguresOut(Strict):
    """The newest figures of a method, the columns the token's maker may see."""

    code: str
    run: str
    as_of: dt.date
    customers: int
    columns: list[OwnColumnOut]


@own.get("/methods", answer=OwnMethodList, scope="insight:read", needs="analyze.view")
def list_methods(request: ApiRequest) -> dict[str, Any]:
    """The analysis methods this house added itself."""
    items = []
    for code, method in methods.methods().items():
        run = queries.latest_run(method.kind)
        told = {"code": code, "title": methods.said(method.title), "about": methods.said(method.about)}
        items.append({**told, "as_of": run.as_of if run else None})
    return {"items": items}


@own.get("/methods/{method}", answer=OwnFiguresOut, scope="insight:read", needs="analyze.view")
def read_method(request: ApiRequest, method: str) -> dict[str, Any]:
    """What a method said in its newest run."""
    found = methods.methods().get(method[:20])
    run = queries.latest_run(found.kind) if found else None
    if found is None or run is None:
        raise Problem("not_found")
    columns = []
    for column in found.columns:
        if secure.sight(request.viewer, column.field) == "shown" and column.name in run.counts["columns"]:
            told = run.counts["columns"][column.name]
            part = {"choices": told["choices"]} if column.kind == "choice" else {"figures": told}
            columns.append({"name": column.name, "title": methods.said(column.title), "kind": column.kind, **part})
    return {
        "code": found.code,
        "run": run.public_id,
        "as_of": run.as_of,
        "customers": run.counts["customers"],
        "columns": columns,
    }
