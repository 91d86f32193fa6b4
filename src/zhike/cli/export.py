"""`zhike export`: a file of customers or orders, masked as anywhere else; or everything, in the open."""

import os
from pathlib import Path

import click

from zhike.cli import everything
from zhike.cli.command import Conflict, Refused, command, group
from zhike.cli.output import Output

exports = group("export", "Write customers or orders to a file; or everything, in an open format.")


def _writing(what: str, text: str) -> None:
    @command(what, into=exports)
    @click.option(
        "--out", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
    )
    @click.option("--reason", required=True, help="What it is for; kept in the audit and in the file.")
    @click.option(
        "--filter",
        "query",
        default="",
        help="The filter as the page's address writes it, such as class=important_value.",
    )
    @click.option("--format", "form", type=click.Choice(["csv"]), default="csv", show_default=True)
    @click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
    def write(out: Output, target: Path, reason: str, query: str, form: str, overwrite: bool) -> None:
        _write(out, what, target, reason, query, overwrite)

    write.help = text


_writing("customers", "Write customers to a file. Sealed values leave as masks; every export is in the audit.")
_writing("orders", "Write orders to a file. Sealed values leave as masks; every export is in the audit.")
everything.add_export(exports)


def _write(out: Output, what: str, target: Path, reason: str, query: str, overwrite: bool) -> None:
    from zhike.desk.actions import ExportRefused
    from zhike.desk.actions.exports import export_to
    from zhike.secure.records import LOCAL_OPERATOR

    if target.exists() and not overwrite:
        raise Conflict(f"{target} exists; --overwrite replaces it", "exists")
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream, out.progress(what) as advance:
            rows = export_to(what, stream, reason=reason, query=query, by=LOCAL_OPERATOR, progress=advance)
        part.replace(target)
    except ExportRefused as refusal:
        raise Refused(f"nothing was exported: {refusal.code}", refusal.code) from None
    finally:
        part.unlink(missing_ok=True)
    out.result({"ok": True, "rows": rows, "file": str(target)}, f"{rows:,} rows in {target}")
