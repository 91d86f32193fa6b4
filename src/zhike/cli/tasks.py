"""`zhike tasks`: look at the work that waits for people."""

import click

from zhike.cli.command import command, group
from zhike.cli.output import Output

tasks = group("tasks", "List the tasks that wait for people.")


@command("list", into=tasks)
@click.option("--kind", default="", help="Only tasks of this kind.")
@click.option("--queue", default="", help="Only tasks of this queue.")
@click.option("--due", type=click.Choice(["overdue", "today", "week", "none"]), help="Only tasks due then.")
@click.option(
    "--state", type=click.Choice(["put_off", "closed"]), help="Those put off, or closed, instead of those to do."
)
@click.option("--nobodys", is_flag=True, help="Only tasks nobody has taken.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
def list_tasks(
    out: Output, kind: str, queue: str, due: str | None, state: str | None, nobodys: bool, limit: int
) -> None:
    """List tasks by urgency and due day, with why they are there and whose they are."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from zhike.kit.installation import installation
    from zhike.secure import queries as secure
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.work import queries
    from zhike.work.records import TaskFilter

    wanted = TaskFilter("queue" if nobodys else "all", kind, queue, None, due or "", state or "")  # type: ignore[arg-type]
    with timezone.override(installation().time_zone):
        rows = queries.shown(LOCAL_OPERATOR, queries.tasks(LOCAL_OPERATOR, wanted, limit=limit).tasks)
    names = secure.staff_names([r.task.owner_staff_id for r in rows if r.task.owner_staff_id])
    table = [
        [r.task.public_id, r.label, r.why, f"{r.task.due_on or ''}", names.get(r.task.owner_staff_id or 0, "")]
        for r in rows
    ]
    out.table(["id", _("kind"), _("why"), _("due"), _("whose")], table)
    out.result(
        {
            "ok": True,
            "tasks": [
                {
                    "task": r.task.public_id,
                    "kind": r.task.kind,
                    "about_kind": r.task.about_kind,
                    "about": r.about.public_id if r.about else None,
                    "part": r.task.about_part,
                    "why": r.task.why_code,
                    "due_on": r.task.due_on.isoformat() if r.task.due_on else None,
                    "state": r.task.state,
                    "outcome": r.task.outcome,
                    "owner_staff_id": r.task.owner_staff_id,
                    "queue": r.task.queue,
                }
                for r in rows
            ],
        }
    )
