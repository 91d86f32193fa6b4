"""`zhike upgrade`: bring both databases to the version of the program, after a copy of what is there."""

from zhike.cli.command import command
from zhike.cli.output import Output


@command("upgrade")
def upgrade(out: Output) -> None:
    """Bring the databases up to this version; the SQLite files are copied to before-upgrade/ first."""
    from django.utils.translation import gettext as _

    from zhike.cli.ground import collect_static, copy_databases, forget_key_copy, migrate
    from zhike.kit.signs import waiting_migrations

    waiting = waiting_migrations()
    copies = copy_databases() if waiting else []
    for copy in copies:
        out.say(_("Copied to %(file)s") % {"file": copy})
    if waiting:
        migrate()
        forget_key_copy()
    collect_static()
    text = _("Applied %(count)d changes.") % {"count": len(waiting)} if waiting else _("Already up to date.")
    out.result({"ok": True, "applied": waiting, "copies": [str(copy) for copy in copies]}, text)
