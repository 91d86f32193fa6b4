"""What help changed: sessions that were helped at a step against those that were not.

This is no experiment. Who asks for help differs from who does not, and who stays longer has more time to be helped: the
difference says how the two went, not what help did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhike_analytics.path_steps import HELP

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from zhike_analytics.path_steps import Step


def helped(acts: ir.Table, held: ir.Table, steps: list[Step]) -> list[dict[str, Any]]:
    """For each step but the last and each kind of help: step, label, help (any, chat, faq, offer), with_all, with_on,
    without_all, without_on (sessions, and those that went on).

    held: :func:`reached`. Helped at a step means an act of help from the step's own on and before that of the next step
    (before the end of the session, where there was none). Sessions still open at the step are in neither group; for one
    kind of help those who had another kind only are in neither, too.
    """
    told = []
    marks = acts.filter(acts.mark.isin(HELP)).select(help_session="session_id", help_place="place", help_kind="mark")
    for number, step in enumerate(steps[:-1], 1):
        here, after = f"place_{number}", f"place_{number + 1}"
        at_step = held.filter(held[here].notnull() & (held[after].notnull() | ~held.is_open))
        joined = at_step.left_join(marks, at_step.session_id == marks.help_session)
        in_time = (joined.help_place >= joined[here]) & (joined[after].isnull() | (joined.help_place < joined[after]))
        in_time = in_time.fill_null(False)
        kinds = {kind: (in_time & (joined.help_kind == kind)).fill_null(False).ifelse(1, 0).max() for kind in HELP}
        of_session = joined.group_by("session_id").aggregate(
            went_on=joined[after].notnull().ifelse(1, 0).max(), **kinds
        )
        rows = of_session.group_by("went_on", *HELP).aggregate(sessions=of_session.count()).to_pyarrow().to_pylist()
        told += [_counted(rows, number, step.label, kind) for kind in ("any", *HELP)]
    return told


def _counted(rows: list[dict[str, Any]], number: int, label: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "step": number,
        "label": label,
        "help": kind,
        "with_all": 0,
        "with_on": 0,
        "without_all": 0,
        "without_on": 0,
    }
    for row in rows:
        was = any(row[one] for one in HELP) if kind == "any" else bool(row[kind])
        if not was and any(row[one] for one in HELP):
            continue
        side = "with" if was else "without"
        found[f"{side}_all"] += row["sessions"]
        found[f"{side}_on"] += row["sessions"] if row["went_on"] else 0
    return found
