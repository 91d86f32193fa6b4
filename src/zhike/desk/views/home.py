"""The first page: what to do today, how the house stands, what to set up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.customers import queries as customers
from zhike.desk import words
from zhike.desk.checklist import address, steps
from zhike.desk.figures import Figures, figures
from zhike.kit.installation import installation
from zhike.kit.jobs import reading
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.work import queries as work

SHOWN = 6
JOBS_SHOWN = 5
# What the clock does every hour or night: news only when it fails.
CHORES = frozenset(
    {"analyze.compact", "collect.forget_files", "desk.expire_exports", "kit.sweep", "protect.backup", "secure.sweep"}
)


@needs("")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Home by right: each part appears to those who may open what stands behind it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = figures(viewer)
    plan = steps(viewer, now)
    sees_all = viewer.can("customers.view") and viewer.scope == "all"
    context = {
        "figures": now,
        "steps": plan,
        "is_new": sees_all and not now.customer_count and not now.order_count,
        "sees_customers": viewer.can("customers.view"),
        "sees_lists": viewer.can("worklist.view"),
        "unfinished": any(not s["done"] for s in plan),
        "currency": installation().currency,
        "shop_name": installation().name,
        "lists": _lists(viewer, now),
        "lists_url": address("analyze:lists"),
        "import_url": address("collect:new") if viewer.can("collect.import") else "",
        "demo_url": address("desk:demo") if viewer.can("demo.manage") else "",
        "jobs": _news() if viewer.can("jobs.view") else [],
        "trend": _trend(now),
        "health": [(words.HEALTH[name], finding) for name, finding in now.health.items()],
        **{"classes": words.RFM_CLASSES, "list_kinds": words.LIST_KINDS},
    }
    return render(request, "desk/home.html", context)


def _news() -> list[reading.JobView]:
    """The newest jobs people care about."""
    newest = reading.newest(limit=12 * JOBS_SHOWN)
    return [job for job in newest if job.name not in CHORES or job.state == "failed"][:JOBS_SHOWN]


def _lists(viewer: Viewer, now: Figures) -> list[dict[str, Any]]:
    """The first entries of each list, with the customers they are about."""
    if not viewer.can("worklist.view"):
        return []
    pages = {kind: work.open_tasks(viewer, kind, limit=SHOWN).tasks for kind in sorted(now.task_counts)}
    ids = {task.about_id for tasks in pages.values() for task in tasks if task.about_kind == "customer"}
    rows = customers.lines(viewer, ids) if ids and viewer.can("customers.view") else {}
    shown = {kind: [(t, rows[t.about_id]) for t in tasks if t.about_id in rows] for kind, tasks in pages.items()}
    return [
        {
            "kind": kind,
            "label": words.LIST_KINDS.get(kind, kind),
            "count": now.task_counts[kind],
            "entries": entries,
        }
        for kind, entries in shown.items()
        if entries
    ]


def _trend(now: Figures) -> float | None:
    """Change of revenue against the thirty days before, in the main currency; None where it says nothing."""
    before = {t.currency: t.net_cents for t in now.takings_before}
    if not now.takings or before.get(now.takings[0].currency, 0) <= 0:
        return None
    return now.takings[0].net_cents / before[now.takings[0].currency] - 1
