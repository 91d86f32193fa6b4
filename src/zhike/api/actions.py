"""The verbs of the api module: making and ending tokens."""

import datetime as dt
import ipaddress
from collections.abc import Sequence

from django.db import transaction

from zhike.api import queries, scopes
from zhike.api.models import Token
from zhike.api.records import TokenFacts
from zhike.kit import chance, clock
from zhike.secure import actions as secure
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

PREFIX = "zk_"
DAYS = (7, 30, 90, 365)
PACES = (60, 600, 3000)
_MOST_TOKENS = 50


class TokenRefused(ValueError):
    """A token cannot be made as asked: `code` is name_missing, scope_missing, days_unknown, network_invalid or too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make_token(
    name: str,
    chosen: Sequence[str],
    *,
    by: Viewer,
    days: int = 90,
    networks: Sequence[str] = (),
    requests_a_minute: int = 600,
) -> tuple[TokenFacts, str]:
    """A new token of the viewer, and its text, which is shown now and never again."""
    check(by, "api.tokens")
    if by.staff_id is None:
        raise Forbidden("api.tokens")  # a token acts as a member of staff; machines have none
    calm = " ".join(name.split())[:60]
    known = {s.code for s in scopes.scopes()}
    if not calm:
        raise TokenRefused("name_missing")
    if not chosen or not set(chosen) <= known:
        raise TokenRefused("scope_missing")
    if days not in DAYS or requests_a_minute not in PACES:
        raise TokenRefused("days_unknown")
    text, now = PREFIX + chance.token(32), clock.now()
    with transaction.atomic():
        if queries.alive(Token.objects.filter(staff_id=by.staff_id)).count() >= _MOST_TOKENS:
            raise TokenRefused("too_many")
        token = Token.objects.create(
            public_id=chance.public_id(),
            name=calm,
            staff_id=by.staff_id,
            digest=queries.digest(text),
            hint=text[:8],
            scopes=sorted(set(chosen)),
            networks=[_network(n) for n in networks],
            requests_a_minute=requests_a_minute,
            created_at=now,
            expires_at=now + dt.timedelta(days=days),
        )
        detail = {"scopes": token.scopes, "days": days, "networks": len(token.networks)}
        secure.record_audit("api.token_made", by=by, about=("api_token", token.public_id), detail=detail)
    return queries.facts_of(token), text


def revoke_token(public_id: str, *, by: Viewer) -> None:
    """End a token at once: one's own, or anybody's with the right `api.manage`. Ending it twice changes nothing."""
    with transaction.atomic():
        token = queries.reachable(by).filter(public_id=public_id).select_for_update().first()
        if token is None:
            raise Forbidden("api.manage")
        if token.revoked_at is None:
            _end([token], by)


def end_tokens_of(staff_id: int, *, by: Viewer) -> int:
    """End every token of somebody who leaves; returns how many."""
    with transaction.atomic():
        open_ones = list(Token.objects.select_for_update().filter(staff_id=staff_id, revoked_at=None))
        _end(open_ones, by)
    return len(open_ones)


def _end(tokens: list[Token], by: Viewer) -> None:
    for token in tokens:
        token.revoked_at, token.revoked_by_id = clock.now(), by.staff_id
        token.save(update_fields=["revoked_at", "revoked_by_id"])
        detail = {"staff_id": token.staff_id}
        secure.record_audit("api.token_revoked", by=by, about=("api_token", token.public_id), detail=detail)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise TokenRefused("network_invalid") from None
