"""Argon2, two at a time: each hash takes half a second and 100 MB, and a burst of sign-ins must not stop the house."""

import threading
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

_TURNS = threading.BoundedSemaphore(2)


class CappedArgon2(Argon2PasswordHasher):
    """Django's Argon2 (same stored form), waiting for a turn."""

    def encode(self, password: str, salt: str) -> Any:
        """Hash a new password."""
        with _TURNS:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Check a password."""
        with _TURNS:
            return super().verify(password, encoded)
