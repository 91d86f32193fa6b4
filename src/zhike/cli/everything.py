"""`zhike export everything` and `zhike import everything`: the whole installation out in an open format, and in again."""

import sys
from pathlib import Path

import click

from zhike.cli.command import Conflict, Refused, command
from zhike.cli.output import Output

_CONFLICTS = ("folder_in_use", "not_empty", "import_running")


def add_export(exports: click.Group) -> None:
    """Put the command below `zhike export`."""

    @command("everything", into=exports)
    @click.option(
        "--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write."
    )
    @click.option("--reason", required=True, help="What it is for; kept in the manifest.")
    @click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
    @click.option(
        "--plainly", is_flag=True, help="Write without encryption. Personal values then lie open on the disk."
    )
    def everything(out: Output, folder: Path, reason: str, passphrase_stdin: bool, plainly: bool) -> None:
        """Write everything this installation holds in an open format (JSON Lines), encrypted by a passphrase."""
        from zhike.protect.everything.exporting import export_everything
        from zhike.protect.faults import BackupFault
        from zhike.secure.records import LOCAL_OPERATOR

        passphrase = "" if plainly else _passphrase(passphrase_stdin, twice=True)
        try:
            with out.progress("everything") as advance:
                manifest = export_everything(
                    folder, by=LOCAL_OPERATOR, reason=reason, passphrase=passphrase, plainly=plainly, progress=advance
                )
        except BackupFault as fault:
            raise _said(fault) from None
        rows = {told["table"]: told["rows"] for told in manifest["tables"]}
        values = {"ok": True, "folder": str(folder), "rows": sum(rows.values()), "tables": rows}
        out.result(
            {**values, "files": manifest["files"]["rows"], "not_opened": manifest["not_opened"]},
            f"{sum(rows.values()):,} rows of {len(rows)} tables in {folder}",
        )


def add_import(imports: click.Group) -> None:
    """Put the command below `zhike import`."""

    @command("everything", into=imports)
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")
    def everything(out: Output, folder: Path, passphrase_stdin: bool) -> None:
        """Bring an export of everything into an empty data folder. Safe to run again after an interruption."""
        from django.utils.translation import gettext as _

        from zhike.cli.ground import collect_static, migrate
        from zhike.protect.everything import importing
        from zhike.protect.faults import BackupFault
        from zhike.secure.records import LOCAL_OPERATOR

        is_open = (folder / "manifest.json").exists()
        try:
            pack, manifest = importing.read_manifest(folder, "" if is_open else _passphrase(passphrase_stdin))
            importing.take_keys(manifest)
            if not importing.is_under_way():
                migrate()
            with out.progress("everything") as advance:
                rows = importing.import_everything(pack, manifest, by=LOCAL_OPERATOR, progress=advance)
        except BackupFault as fault:
            raise _said(fault) from None
        collect_static()
        text = _(
            "%(rows)d rows of %(tables)d tables are here. Passwords did not travel: `zhike staff link EMAIL` lets each in."
        )
        out.result(
            {"ok": True, "rows": sum(rows.values()), "tables": rows},
            text % {"rows": sum(rows.values()), "tables": len(rows)},
        )


def _said(fault: "BackupFault") -> Refused:  # type: ignore[name-defined]  # noqa: F821
    kind = Conflict if fault.code in _CONFLICTS else Refused
    return kind(fault.words(), fault.code)


def _passphrase(from_stdin: bool, *, twice: bool = False) -> str:
    from django.utils.translation import gettext as _

    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused(_("Give the passphrase with --passphrase-stdin."), "no_passphrase")
    return str(click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=twice))
