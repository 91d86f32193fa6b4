"""`zhike doctor`: look at everything that can be wrong with an installation."""

from zhike.cli.command import command
from zhike.cli.output import Output


@command("doctor")
def doctor(out: Output) -> None:
    """Check the health of this installation. Exit code 1 when something has failed."""
    from zhike.kit.checks import run_checks

    findings = run_checks()
    marks = {"ok": "✓", "warning": "!", "failed": "✗"}
    out.table(["", "", "", ""], [[marks[f.state], name, f.text, f.remedy] for name, f in findings.items()])
    has_failed = any(f.state == "failed" for f in findings.values())
    out.result(
        {
            "ok": not has_failed,
            "checks": {n: {"state": f.state, "text": f.text, "remedy": f.remedy} for n, f in findings.items()},
        }
    )
    if has_failed:
        raise SystemExit(1)
