"""What can go wrong with a sealed value; none of these ever carries the value."""


class VaultError(Exception):
    """Base of all refusals of the vault; `code` is what pages translate and the audit records."""

    code = "vault_error"


class RootKeyMissing(VaultError):
    """A key file of the data folder is not there."""

    code = "root_key_missing"


class UnsafeKeyFile(VaultError):
    """A key file can be read by others."""

    code = "unsafe_key_file"


class KeyMissing(VaultError):
    """The keyring has no key for the record: the keyring is older than the data, or not the one of this data."""

    code = "key_missing"


class KeyDestroyed(VaultError):
    """The record's key was destroyed on purpose; its sealed values are gone for good."""

    code = "key_destroyed"


class SwappedValue(VaultError):
    """The bytes were sealed for another place: another row, column, record or installation."""

    code = "swapped_value"


class TamperedValue(VaultError):
    """The bytes were changed since they were sealed."""

    code = "tampered_value"
