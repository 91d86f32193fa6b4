"""Why a backup or a restore was refused; `code` is worded by pages and the command line."""

from django.utils.translation import gettext_lazy as _


class BackupFault(Exception):
    """A backup, keyring copy, restore or drill that could not be; nothing was changed."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def words(self) -> str:
        """The fault in the language of the reader."""
        return str(WORDS[self.code]) % self.values


WORDS = {
    "not_a_backup": _("%(file)s is not a backup of Zhike, or it is damaged."),
    "wrong_identity": _("%(file)s was encrypted for another identity: give the right one with --identity."),
    "wrong_passphrase": _("The passphrase does not open %(file)s."),
    "manifest_forged": _("The manifest of %(file)s was changed or comes from another installation."),
    "content_damaged": _("The content of %(file)s is not what its manifest says."),
    "database_broken": _("The database in %(file)s fails its integrity check."),
    "digest_differs": _("Table %(table)s in %(file)s is not what the manifest says."),
    "keyring_missing": _(
        "There is no keyring in %(home)s: bring it back first with `zhike restore --keyring FILE --into %(home)s`."
    ),
    "keyring_other": _("The keyring in %(home)s belongs to another installation than %(file)s."),
    "keyring_old": _(
        "The keyring in %(home)s is older than the data: %(count)s sampled values have no key. Restore a newer keyring copy."
    ),
    "canary_silent": _("Today's keyring does not open the sealed values of %(file)s."),
    "home_in_use": _("%(home)s already holds data; move it away, or say --replace."),
    "keys_in_use": _("%(home)s already holds keys; say --replace to overwrite them."),
    "no_backup": _("There is no backup in %(folder)s yet."),
    "copy_failed": _("The copy could not be written into %(folder)s: %(reason)s."),
    "not_confirmed": _("Say that you keep the passphrase elsewhere."),
    "passphrases_differ": _("The two passphrases differ."),
    "no_folder": _("No folder for keyring copies is configured."),
    "no_passphrase": _("A passphrase of at least 12 characters is needed."),
    "bad_recipient": _("%(recipient)s is not an age recipient (age1…)."),
    "dump_failed": _("%(program)s failed: %(reason)s"),
    "other_database": _("%(file)s is a backup of %(kind)s, this installation uses another database."),
    "reason_missing": _("Say what it is for."),
    "folder_in_use": _("%(folder)s holds other files, or a finished export; give an empty folder."),
    "import_running": _("An import is running; wait until it has ended, or pause it."),
    "no_export": _("%(folder)s holds no finished export of everything."),
    "export_damaged": _("%(file)s is missing or is not what the manifest says."),
    "export_other": _(
        "This export was made with another version (%(difference)s). Bring both to the same version first."
    ),
    "not_empty": _("This installation already holds data; import into an empty data folder."),
    "disk_full": _("There is not enough room in %(folder)s."),
}
