"""Credentials of machines, such as the password of a mail server: sealed under a key of their own, opened only to be used."""

from zhike.secure.opened import Opened
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.secure.vault.keyring import file_key
from zhike.secure.vault.sealing import SealContext, seal, unseal


def seal_secret(place: str, text: str, *, permission: str, by: Viewer) -> bytes:
    """Seal a credential for one place (a code such as `reach.mail_password`). Raises Forbidden."""
    check(by, permission)
    name = f"secret:{place}"
    return seal(file_key(name, make=True), SealContext(place, 1, name), {"secret": text})


def open_secret(place: str, blob: bytes) -> Opened:
    """Open a credential for the machine that uses it; no page and no command asks for it. Raises the vault's refusals."""
    name = f"secret:{place}"
    return Opened(place, str(unseal(file_key(name, make=False), SealContext(place, 1, name), blob)["secret"]))
