"""The first page: what to do today, how the house stands, what to set up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhike.customers import queries as customers
from zhike.desk import words
from zhike.desk.checklist import address, steps
from zhike.desk.figures import Figures, figures
from zhike.kit.installation import installation
from zhike.kit.jobs import reading
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.work import kinds
from zhike.work import queries as work
from zhike.work.records import About, TaskFacts

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
        "sees_tasks": viewer.can("work.view"),
        "unfinished": any(not s["done"] for s in plan),
        "currency": installation().currency,
        "shop_name": installation().name,
        "lists": _lists(viewer, now),
        "tasks_url": f"{reverse('work:tasks')}?{_tab(viewer).rstrip('&')}",
        "import_url": address("collect:new") if viewer.can("collect.import") else "",
        "demo_url": address("desk:demo") if viewer.can("demo.manage") else "",
        "jobs": _news() if viewer.can("jobs.view") else [],
        "trend": _trend(now),
        "health": [(words.HEALTH[name], finding) for name, finding in now.health.items()],
        "classes": words.RFM_CLASSES,
    }
    return render(request, "desk/home.html", context)


def _news() -> list[reading.JobView]:
    """The newest jobs people care about."""
    newest = reading.newest(limit=12 * JOBS_SHOWN)
    return [job for job in newest if job.name not in CHORES or job.state == "failed"][:JOBS_SHOWN]


def _lists(viewer: Viewer, now: Figures) -> list[dict[str, Any]]:
    """The first tasks of each kind, with what they are about."""
    tasks = [task for _, _, first in now.first_tasks for task in first]
    ids = {task.about_id for task in tasks if task.about_kind == "customer"}
    rows = customers.lines(viewer, ids) if ids and viewer.can("customers.view") else {}
    others = work.shown(viewer, [t for t in tasks if t.about_kind != "customer" or t.about_id not in rows])
    abouts = {s.task.id: s.about for s in others if s.about}
    panels = []
    for code, many, first in now.first_tasks:
        kind = kinds.kind(code)
        entries = [e for task in first if (e := _entry(viewer, kind, task, rows.get(task.about_id), abouts))]
        if entries:
            url = kind.list_url() if kind.list_url else f"{reverse('work:tasks')}?{_tab(viewer)}kind={code}"
            panels.append({"kind": code, "label": kind.label, "count": many, "entries": entries, "url": url})
    return panels


def _tab(viewer: Viewer) -> str:
    return "tab=all&" if viewer.can("work.assign") else ""


def _entry(viewer: Viewer, kind: kinds.Kind, task: TaskFacts, row: Any, abouts: dict[int, About]) -> dict[str, Any]:
    """One line of a panel: who, where it opens, and what it is or (on a list with a page of its own) how they buy."""
    why = "" if kind.list_url else kinds.why_words(viewer, task)
    if task.about_kind == "customer" and row is not None:
        return {"row": row, "name": row.name or row.number, "url": reverse("desk:file", args=[row.public_id]), "why": why, "task": task}  # fmt: skip
    about = abouts.get(task.id)
    return {"name": about.label, "url": about.url, "why": why, "task": task} if about else {}


def _trend(now: Figures) -> float | None:
    """Change of revenue against the thirty days before, in the main currency; None where it says nothing."""
    before = {t.currency: t.net_cents for t in now.takings_before}
    if not now.takings or before.get(now.takings[0].currency, 0) <= 0:
        return None
    return now.takings[0].net_cents / before[now.takings[0].currency] - 1
