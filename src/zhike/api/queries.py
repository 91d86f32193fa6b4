"""Questions about tokens."""

import dataclasses
import hashlib
import ipaddress
from types import MappingProxyType

from django.db.models import QuerySet

from zhike.api import scopes
from zhike.api.models import Token
from zhike.api.records import Caller, TokenFacts
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_LONGEST = 100


def digest(text: str) -> str:
    """How a token is known to the database. Its 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def caller(text: str) -> Caller | None:
    """Who calls with this token; None when it is unknown, expired, revoked, or its maker is disabled."""
    if not text or len(text) > _LONGEST:
        return None
    token = alive(Token.objects.filter(digest=digest(text))).first()
    if token is None:
        return None
    viewer = secure.viewer_of_staff(token.staff_id)
    if viewer.staff_id is None or not viewer.permissions:
        return None
    facts = facts_of(token)
    return Caller(facts, narrowed(viewer, facts))


def narrowed(viewer: Viewer, token: TokenFacts) -> Viewer:
    """The maker's rights, cut down to the token's scopes. A token reveals nothing, whatever its maker may."""
    rules = {
        n: dataclasses.replace(right, reveal=False) if right.reveal else right for n, right in viewer.rules.items()
    }
    return dataclasses.replace(
        viewer,
        label=f"{viewer.label} · {token.name}"[:120],
        permissions=viewer.permissions & scopes.permissions_of(token.scopes),
        rules=MappingProxyType(rules),
        policy_fingerprint=f"{viewer.policy_fingerprint}:{','.join(token.scopes)}",
        reveals_per_hour=0,
    )


def may_come_from(token: TokenFacts, address: str) -> bool:
    """Whether the token may be used from an address."""
    if not token.networks:
        return True
    try:
        origin = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(origin in ipaddress.ip_network(network) for network in token.networks)


def alive(tokens: QuerySet[Token]) -> QuerySet[Token]:
    """Of some tokens those that work now."""
    return tokens.filter(revoked_at=None, expires_at__gt=clock.now())


def reachable(viewer: Viewer) -> QuerySet[Token]:
    """The tokens a viewer may see and end."""
    return Token.objects.all() if viewer.can("api.manage") else Token.objects.filter(staff_id=viewer.staff_id or 0)


def tokens(viewer: Viewer, *, limit: int = 200) -> list[TokenFacts]:
    """The viewer's tokens (everybody's with the right), those that work first, then the newest."""
    found = [facts_of(t) for t in reachable(viewer).order_by("revoked_at", "-created_at", "-id")[:limit]]
    return sorted(found, key=lambda t: not t.is_alive)


def facts_of(token: Token) -> TokenFacts:
    """A token as others see it."""
    return TokenFacts(
        id=token.pk,
        public_id=token.public_id,
        name=token.name,
        staff_id=token.staff_id,
        hint=token.hint,
        scopes=tuple(token.scopes),
        networks=tuple(token.networks),
        requests_a_minute=token.requests_a_minute,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
        is_alive=token.revoked_at is None and token.expires_at > clock.now(),
    )
