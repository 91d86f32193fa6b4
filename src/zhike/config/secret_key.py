"""The key that signs sessions: made once, kept beside the data, never in it."""

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Read the installation's signing key, making it on first use (file mode 0600)."""
    if from_environment := os.environ.get("ZHIKE_SECRET_KEY"):
        return from_environment
    file = home / "keys" / "session.key"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()
