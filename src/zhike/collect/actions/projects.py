"""Moving out of a former system: a project of several imports, reconciled against typed-in figures and signed off."""

from collections.abc import Mapping

from django.db import transaction

from zhike.collect.actions.planning import ImportRefused
from zhike.collect.models import ImportRun, MigrationProject, TagSighting
from zhike.customers import queries as customers
from zhike.kit import chance, clock, jobs
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.shop import queries as shop

FIGURES = (
    "customers",
    "orders",
    "total_cents",
    "net_cents",
    "lines",
    "items",
    "products",
    "cases",
    "cases_cents",
    "tags",
    "rejected_rows",
)


def open_project(name: str, *, former_system: str = "", extracted: str = "", by: Viewer) -> str:
    """Begin a migration; returns its public id."""
    check(by, "collect.import")
    with transaction.atomic():
        project = MigrationProject.objects.create(
            public_id=chance.public_id(),
            name=name[:120],
            former_system=former_system[:120],
            extracted=extracted[:4000],
            by_staff_id=by.staff_id,
            created_at=clock.now(),
        )
        secure.record_audit("migration.opened", by=by, about=("migration", project.id))
    return project.public_id


def put_into_project(run_id: int, public_id: str, *, by: Viewer) -> None:
    """Count an import to a project. Raises ImportRefused project_unknown, project_signed."""
    check(by, "collect.import")
    with transaction.atomic():
        project = _open(public_id)
        ImportRun.objects.filter(id=run_id).update(project_id=project.id)


def expect_figures(public_id: str, expected: Mapping[str, int], *, by: Viewer) -> int:
    """Keep the figures the merchant read off the former system and count ours anew; returns the job's id."""
    check(by, "collect.import")
    with transaction.atomic():
        project = _open(public_id)
        project.expected = {name: int(expected[name]) for name in FIGURES if name in expected}
        project.save(update_fields=["expected"])
        return jobs.enqueue("collect.reconcile", unique_key=f"reconcile:{project.id}", by=by, project_id=project.id)


def reconcile(project_id: int) -> dict[str, int]:
    """Count what the project's imports brought and still stands. For jobs."""
    runs = list(ImportRun.objects.filter(project_id=project_id).exclude(state=ImportRun.UNDONE))
    ids = [run.id for run in runs]
    found = {
        **shop.said_by(ids),
        "customers": customers.customers_said_by(ids),
        "tags": TagSighting.objects.filter(run_id__in=ids).values("customer_id", "tag_id").distinct().count(),
        "rejected_rows": sum(int(run.counts.get("rejected_rows", 0)) for run in runs),
    }
    MigrationProject.objects.filter(id=project_id, state=MigrationProject.OPEN).update(
        found=found, counted_at=clock.now()
    )
    return found


def sign_off(public_id: str, *, note: str, by: Viewer) -> None:
    """Close a project with a signature. Raises ImportRefused: not_reconciled, imports_unfinished, difference_unexplained."""
    check(by, "collect.undo")
    with transaction.atomic():
        project = _open(public_id)
        runs = ImportRun.objects.filter(project_id=project.id, started_at__isnull=False)
        if runs.exclude(state__in=(ImportRun.DONE, ImportRun.UNDONE)).exists():
            raise ImportRefused("imports_unfinished")
        newest = max((at for run in runs for at in (run.finished_at, run.undone_at) if at), default=None)
        if project.counted_at is None or not project.expected or (newest and newest > project.counted_at):
            raise ImportRefused("not_reconciled")
        if differing(project.expected, project.found) and not note.strip():
            raise ImportRefused("difference_unexplained")
        project.state, project.signed_note = MigrationProject.SIGNED, note.strip()[:4000]
        project.signed_at, project.signed_by_staff_id = clock.now(), by.staff_id
        project.save()
        detail = {"differing": differing(project.expected, project.found), "files": runs.count()}
        secure.record_audit("migration.signed", by=by, about=("migration", project.id), detail=detail)


def differing(expected: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """The figures that were typed in and are not what was found."""
    return [name for name in FIGURES if name in expected and expected[name] != found.get(name, 0)]


def _open(public_id: str) -> MigrationProject:
    project = MigrationProject.objects.select_for_update().filter(public_id=public_id).first()
    if project is None:
        raise ImportRefused("project_unknown")
    if project.state != MigrationProject.OPEN:
        raise ImportRefused("project_signed")
    return project
