"""`zhike restore`: bring back the keyring, then the data; or prove that it could be done."""

import os
import sys
from pathlib import Path

import click

from zhike.cli.command import Refused, command, set_up_django
from zhike.cli.output import Output

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@command("restore", django=False)
@click.argument("file", required=False, type=_FILE)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Data folder to restore into; ZHIKE_HOME without it.",
)
@click.option("--identity", "identity_file", type=_FILE, help="File with the age identity; keys/backup.key without it.")
@click.option("--keyring", "keyring_file", type=_FILE, help="Bring a keyring copy back (do this first).")
@click.option("--passphrase-stdin", is_flag=True, help="With --keyring: read the passphrase from standard input.")
@click.option(
    "--drill", is_flag=True, help="Restore the newest backup (or FILE) for trial, compare it, open a sample, remove it."
)
@click.option(
    "--turned-back",
    is_flag=True,
    help="The database was turned back to a moment by its own means: check that the keyring fits, erase again what was erased since.",
)
@click.option("--replace", is_flag=True, help="Overwrite what the data folder holds; the old database is kept beside.")
def restore(
    out: Output,
    file: Path | None,
    into: Path | None,
    identity_file: Path | None,
    keyring_file: Path | None,
    passphrase_stdin: bool,
    drill: bool,
    turned_back: bool,
    replace: bool,
) -> None:
    """Bring back a backup: first the keyring (--keyring FILE), then the data (FILE). Stop `zhike serve` before."""
    if into is not None:
        os.environ["ZHIKE_HOME"] = str(into.absolute())
    set_up_django()
    from zhike.kit.home import home
    from zhike.protect.faults import BackupFault

    identity = identity_file.read_text().strip() if identity_file else ""
    try:
        if keyring_file is not None:
            _keyring(out, keyring_file, home(), identity, passphrase_stdin, replace)
        if turned_back:
            _turned_back(out, home())
        elif drill:
            _drill(out, file, identity)
        elif file is not None:
            _data(out, file, home(), identity, replace)
        elif keyring_file is None:
            raise click.UsageError("FILE, --keyring, --drill or --turned-back")
    except BackupFault as fault:
        raise Refused(fault.words(), fault.code) from None


def _keyring(out: Output, file: Path, home: Path, identity: str, passphrase_stdin: bool, replace: bool) -> None:
    from django.utils.translation import gettext as _

    from zhike.protect import keyring_copies

    passphrase = "" if identity else _passphrase(passphrase_stdin)
    written = keyring_copies.unpack(file, home, passphrase=passphrase, identity=identity, replace=replace)
    if "keyring.dump" in written:
        out.warn(
            _("The keyring is a PostgreSQL dump: load %(file)s with pg_restore.") % {"file": home / "keyring.dump"}
        )
    out.result({"ok": True, "keyring": written}, _("Brought back: %(files)s") % {"files": ", ".join(written)})


def _data(out: Output, file: Path, home: Path, identity: str, replace: bool) -> None:
    from django.utils.translation import gettext as _

    from zhike.analyze.actions import forget_lake
    from zhike.cli.ground import migrate
    from zhike.protect import restores
    from zhike.secure import actions, subjects
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.secure.vault.errors import VaultError

    try:
        report = restores.restore(file, home, identity=identity, replace=replace)
    except VaultError as problem:
        raise Refused(str(problem), problem.code) from None
    migrate()
    forget_lake()  # its marks belong to the database that was replaced
    replayed, aside = subjects.replay(), actions.set_anchors_aside()
    actions.record_audit(
        "restored",
        by=LOCAL_OPERATOR,
        detail={"created_at": report["created_at"], "tombstones": replayed, "anchors_aside": aside},
    )
    text = _(
        "Restored as of %(at)s: %(rows)d rows in %(tables)d tables; %(n)d erasures replayed. Figures of the lake are made anew by the next analysis."
    )
    values = {"at": report["created_at"], "rows": report["rows"], "tables": report["tables"], "n": replayed}
    out.result({"ok": True, "tombstones": replayed, **report}, text % values)


def _turned_back(out: Output, home: Path) -> None:
    from django.utils.translation import gettext as _

    from zhike.analyze.actions import forget_lake
    from zhike.cli.ground import migrate
    from zhike.protect import restores
    from zhike.secure import actions, subjects
    from zhike.secure.records import LOCAL_OPERATOR

    migrate()
    opened = restores.turned_back(home)
    forget_lake()  # its marks are of days the database no longer knows
    replayed, aside = subjects.replay(), actions.set_anchors_aside()
    detail = {"turned_back": True, "tombstones": replayed, "anchors_aside": aside}
    actions.record_audit("restored", by=LOCAL_OPERATOR, detail=detail)
    text = _("The keyring fits: %(opened)d sealed values opened; %(n)d erasures replayed.")
    out.result({"ok": True, "tombstones": replayed, **opened}, text % {**opened, "n": replayed})


def _drill(out: Output, file: Path | None, identity: str) -> None:
    from django.utils.translation import gettext as _

    from zhike.protect import drills
    from zhike.secure.records import LOCAL_OPERATOR

    run = drills.drill(by=LOCAL_OPERATOR, file=file, identity=identity or None)
    text = _(
        "Proven in %(seconds).1f s: %(tables)d tables, %(rows)d rows as the manifest says, %(opened)d sealed values opened."
    )
    out.result(
        {"ok": True, "file": run.file, "seconds": round(run.seconds, 2), **run.detail},
        text % {"seconds": run.seconds, **run.detail},
    )


def _passphrase(from_stdin: bool) -> str:
    from django.utils.translation import gettext as _

    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused(_("Give the passphrase with --passphrase-stdin."), "no_passphrase")
    return str(click.prompt(_("Passphrase of the keyring copy"), hide_input=True))
