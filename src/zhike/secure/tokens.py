"""Secrets handed to people. Never from the simulation's seeded chance: these open accounts."""

import secrets


def secret_token() -> str:
    """256 unguessable bits, 43 url-safe characters."""
    return secrets.token_urlsafe(32)
