"""`zhike backup`: back the data up, or the keyring, or give the keyring a new key-encryption key."""

import sys
from pathlib import Path

import click

from zhike.cli.command import Refused, command
from zhike.cli.output import Output


@command("backup")
@click.option(
    "--to", "folders", multiple=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    help="Encrypt for this age recipient (age1…) instead of keys/backup.key.",
)
@click.option(
    "--keyring", is_flag=True, help="Copy the keyring instead of the data; give two folders outside this machine."
)
@click.option("--passphrase-stdin", is_flag=True, help="With --keyring: read the passphrase from standard input.")
@click.option(
    "--rotate-key", is_flag=True, help="Wrap every key of the keyring with a new key; goes on where it was interrupted."
)
def backup(
    out: Output,
    folders: tuple[Path, ...],
    recipients: tuple[str, ...],
    keyring: bool,
    passphrase_stdin: bool,
    rotate_key: bool,
) -> None:
    """Back up the data (never its keys), encrypted. With --keyring: the keys alone, encrypted by a passphrase."""
    from zhike.protect.faults import BackupFault

    try:
        if rotate_key:
            _rotate(out)
        elif keyring:
            _keyring(out, folders, recipients, passphrase_stdin)
        else:
            _data(out, folders, recipients)
    except BackupFault as fault:
        raise Refused(fault.words(), fault.code) from None


def _data(out: Output, folders: tuple[Path, ...], recipients: tuple[str, ...]) -> None:
    from zhike.protect import backups
    from zhike.secure.records import LOCAL_OPERATOR

    runs = [backups.make(by=LOCAL_OPERATOR, to=folder, recipients=recipients) for folder in folders or (None,)]
    if not folders:
        backups.prune()
    files = [{"file": r.file, "bytes": r.size_bytes, "seconds": round(r.seconds, 2), **r.detail} for r in runs]
    out.result({"ok": True, "backups": files}, "\n".join(r.file for r in runs))


def _keyring(out: Output, folders: tuple[Path, ...], recipients: tuple[str, ...], passphrase_stdin: bool) -> None:
    from django.utils.translation import gettext as _

    from zhike.protect import keyring_copies
    from zhike.secure.records import LOCAL_OPERATOR

    if not folders:
        raise Refused(_("Say where to: --to DIR, best twice, on media outside this machine."), "no_folder")
    passphrase = "" if recipients else _passphrase(passphrase_stdin)
    runs = keyring_copies.make(by=LOCAL_OPERATOR, to=folders, passphrase=passphrase, recipients=recipients)
    if len(folders) < 2:
        out.warn(_("Keep a second copy in another place."))
    out.result({"ok": True, "copies": [r.file for r in runs]}, "\n".join(r.file for r in runs))


def _rotate(out: Output) -> None:
    from django.utils.translation import gettext as _

    from zhike.secure import actions
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.secure.vault import roots, rotation

    # An interrupted rotation left keys under the older number: finish it before beginning another.
    count = rotation.finish() if rotation.left() else rotation.rotate()
    version = roots.current_kek_version()
    actions.record_audit("key.rotated", by=LOCAL_OPERATOR, detail={"version": version, "keys": count})
    out.result(
        {"ok": True, "version": version, "keys": count},
        _("Key %(version)d now wraps all keys (%(count)d wrapped anew). Copy the keyring again.")
        % {"version": version, "count": count},
    )


def _passphrase(from_stdin: bool) -> str:
    from django.utils.translation import gettext as _

    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused(_("Give the passphrase with --passphrase-stdin."), "no_passphrase")
    return str(click.prompt(_("Passphrase of the keyring copy"), hide_input=True, confirmation_prompt=True))
