"""`zhike audit`: verify the audit, and write it out for the stand-alone checker."""

from pathlib import Path

import click

from zhike.cli.command import Refused, command, group
from zhike.cli.output import Output

audit = group("audit", "Verify the audit trail; export its chain.")


@command("verify", into=audit)
def verify(out: Output) -> None:
    """Check every event, seal and anchor. Exit code 1 when something was changed, deleted, inserted or cut off."""
    from django.utils.translation import gettext as _

    from zhike.secure import actions, audit_trail, sealing_audit
    from zhike.secure.records import LOCAL_OPERATOR

    problems = audit_trail.verify()
    head = sealing_audit.head()
    actions.record_audit(
        "audit.verified", by=LOCAL_OPERATOR, outcome="failed" if problems else "ok", detail={"problems": len(problems)}
    )
    for line in problems[:100]:
        out.say(line)
    if problems:
        message = _("The audit is not whole: %(count)d problems.") % {"count": len(problems)}
        raise Refused(message, "audit_not_whole", problems=problems[:100])
    last = head.last_id if head else 0
    values = {"ok": True, "last_event": last, "seals": head.seq if head else 0}
    out.result(
        values,
        _("The audit is whole: %(seals)d seals, up to event %(last)d.") % {"seals": values["seals"], "last": last},
    )


@command("export", into=audit)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(out: Output, file: Path) -> None:
    """Write the whole chain as JSON lines; check them elsewhere with verify_audit.py and a copy of audit.key."""
    import os

    from zhike.secure import actions, audit_trail
    from zhike.secure.records import LOCAL_OPERATOR

    actions.record_audit("audit.exported", by=LOCAL_OPERATOR, detail={"chain": True})
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as lines:
        count = audit_trail.export_chain(lines)
    out.result({"ok": True, "file": str(file), "lines": count}, f"{file}: {count}")
