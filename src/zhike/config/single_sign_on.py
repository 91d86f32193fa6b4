"""Sign-in through the house's own identity provider (OpenID Connect), from the environment; off without an issuer."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """The library's setting SOCIALACCOUNT_PROVIDERS: one provider, or none. Raises ImproperlyConfigured on half a set-up."""
    issuer = environment.get("ZHIKE_OIDC_ISSUER", "").strip()
    if not issuer:
        return {}
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOOPBACK):
        raise ImproperlyConfigured("ZHIKE_OIDC_ISSUER must begin with https://")
    client_id = environment.get("ZHIKE_OIDC_CLIENT_ID", "")
    if not client_id:
        raise ImproperlyConfigured("ZHIKE_OIDC_ISSUER is set, so ZHIKE_OIDC_CLIENT_ID is needed")
    app = {
        # Bound to the issuer: the same subject of another issuer is another person.
        "provider_id": "oidc-" + hashlib.sha256(issuer.rstrip("/").encode()).hexdigest()[:16],
        "name": environment.get("ZHIKE_OIDC_NAME", "") or address.hostname,
        "client_id": client_id,
        "secret": _secret(environment.get("ZHIKE_OIDC_SECRET_FILE", "")),
        "settings": {"server_url": issuer.rstrip("/"), "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def _secret(name: str) -> str:
    if not name:
        return ""  # a public client: the code is bound by PKCE alone
    file = Path(name)
    try:
        mode, secret = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise ImproperlyConfigured(f"ZHIKE_OIDC_SECRET_FILE cannot be read: {problem.strerror}") from None
    if mode & 0o077:
        raise ImproperlyConfigured(f"{file} can be read by others: run chmod 600 {file}")
    return secret
